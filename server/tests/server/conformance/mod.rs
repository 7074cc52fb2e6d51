//! What every back end must do, written against the `Storage` trait alone. A new one is a line in `Backend` and one in
//! `conformance!`.

mod admin;
mod inbound;
mod outgoing;
mod pull;
mod push;
mod sessions;
mod snapshot;
mod world;

use world::{Backend, World};

macro_rules! conformance {
    ($($area:ident: $($behaviour:ident),+;)+) => {
        conformance!(@on sqlite_threads = Backend::SqliteThreads; $($area: $($behaviour),+;)+);
        conformance!(@on sqlite_inline = Backend::SqliteInline; $($area: $($behaviour),+;)+);
    };
    (@on $name:ident = $backend:expr; $($area:ident: $($behaviour:ident),+;)+) => {
        mod $name {
            use super::*;
            $(mod $area {
                use super::*;
                $(#[tokio::test]
                async fn $behaviour() {
                    super::super::$area::$behaviour(World::open($backend).await).await;
                })+
            })+
        }
    };
}

conformance! {
    admin:
        an_address_belongs_to_one_person_a_shop,
        what_is_unknown_or_another_shops_is_not_found,
        a_scope_granted_again_has_another_number,
        a_removed_person_leaves_the_shops_rows;
    inbound:
        the_same_event_counts_once,
        a_message_id_is_one_message,
        a_message_reopens_and_is_counted,
        messages_are_numbered_without_a_hole;
    outgoing:
        replies_of_a_conversation_go_one_after_the_other,
        a_waiting_reply_holds_up_no_other_conversation,
        an_attempt_under_way_is_recovered_by_what_the_provider_does,
        only_the_present_attempt_is_settled,
        a_delivery_never_goes_back,
        a_browser_is_shown_a_message_once;
    pull:
        what_a_result_names_comes_along_beyond_the_limit,
        small_answers_add_up_to_the_whole,
        a_cursor_the_server_never_gave_is_another_history,
        scopes_that_are_not_granted_are_left_out;
    push:
        the_same_mutation_is_applied_once_and_answered_again,
        the_same_id_with_other_arguments_is_a_fault,
        somebody_elses_id_is_a_fault,
        a_message_id_is_sent_once_whatever_the_mutation,
        what_depends_on_a_refused_or_unknown_one_is_blocked_and_not_recorded,
        a_permission_taken_away_counts_at_once,
        an_unknown_conversation_and_another_shops_are_alike,
        changes_of_one_batch_see_each_other,
        an_unknown_or_unreadable_mutation_is_refused_and_the_rest_goes_on,
        a_result_names_what_it_is_about,
        another_epoch_is_told_the_present_one;
    sessions:
        a_device_is_one_persons,
        a_refresh_is_repeated_until_its_successor_is_shown,
        an_old_refresh_token_ends_the_session,
        a_new_password_ends_all_sessions,
        a_removed_device_hears_so_whatever_its_session,
        signing_in_again_replaces_the_devices_session;
    snapshot:
        pages_bring_whole_conversations_newest_first,
        old_closed_conversations_stay_behind_and_open_ones_never,
        a_conversation_that_moves_while_pages_are_read_comes_whole,
        small_scopes_leave_out_what_ended,
        somebody_elses_scope_is_refused,
        history_goes_back_page_by_page;
}
