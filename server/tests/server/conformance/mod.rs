//! What every back end must do, written against the `Storage` trait alone. A new one is a line in `Backend` and one in
//! `conformance!`.

mod admin;
mod cancel;
mod drafts;
mod inbound;
mod marks;
mod notes;
mod outgoing;
mod pull;
mod push;
mod revisions;
mod search;
mod secrets;
mod sessions;
mod snapshot;
mod tags;
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
        a_public_key_leads_to_one_web_chat,
        a_scope_granted_again_has_another_number,
        a_removed_person_leaves_the_shops_rows;
    cancel:
        a_mutation_that_never_came_is_spent,
        a_reply_that_waits_is_taken_back_and_its_place_kept,
        what_was_handed_over_is_already_sent,
        a_refused_reply_can_be_taken_off_the_list,
        only_its_own_device_cancels_a_reply,
        what_names_a_cancelled_one_goes_on;
    drafts:
        the_last_value_stands_for_its_person_only,
        an_empty_text_takes_it_away,
        sending_takes_it_away_and_a_late_one_brings_nothing_back,
        a_conversation_out_of_sight_takes_no_draft;
    inbound:
        the_same_event_counts_once,
        a_message_id_is_one_message,
        a_message_reopens_and_is_counted,
        messages_are_numbered_without_a_hole;
    marks:
        a_star_is_everybodys,
        unread_is_ones_own_until_the_next_read;
    notes:
        a_note_is_added_edited_and_deleted,
        two_who_edit_at_once_are_both_kept,
        a_delete_does_not_take_what_nobody_saw,
        an_edit_of_a_deleted_note_is_kept,
        a_note_id_is_one_note,
        a_text_that_will_not_do_is_refused,
        a_customer_has_so_many_notes,
        the_same_note_again_is_no_other_note,
        who_may_not_see_a_customer_may_not_note;
    outgoing:
        replies_of_a_conversation_go_one_after_the_other,
        a_waiting_reply_holds_up_no_other_conversation,
        a_claim_that_nobody_heard_of_is_claimed_again,
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
        a_chain_waits_for_its_first_and_goes_in_order,
        mutations_are_remembered_longer_than_any_journal,
        a_permission_taken_away_counts_at_once,
        an_unknown_conversation_and_another_shops_are_alike,
        changes_of_one_batch_see_each_other,
        an_unknown_or_unreadable_mutation_is_refused_and_the_rest_goes_on,
        a_result_names_what_it_is_about,
        another_epoch_is_told_the_present_one;
    revisions:
        edits_follow_each_other_or_are_refused,
        only_ones_own_and_only_where_the_channel_can,
        a_deleted_message_keeps_its_place_without_its_words,
        what_waits_goes_out_as_it_says_now_and_not_at_all_when_deleted,
        what_was_deleted_on_its_way_is_not_tried_again,
        a_browser_is_shown_a_change_where_the_message_stands;
    search:
        what_was_written_comes_with_its_conversation,
        names_tags_and_notes_are_found_as_they_are_now,
        pages_bring_the_newest_first_and_nothing_twice,
        what_was_said_in_one_shop_stays_there,
        what_was_refused_leaves_nothing_to_find,
        what_stood_before_a_crash_is_found_after_it;
    secrets:
        a_message_carries_a_stub_and_its_part_is_a_row_of_its_own,
        the_customer_reads_all_of_it,
        a_snapshot_and_pulls_bring_every_part,
        history_and_search_bring_parts_beside_their_messages_by_grant,
        a_part_is_found_by_those_who_may_see_it_and_nobody_else,
        sharing_takes_its_permission_and_leaves_nothing_when_refused,
        parts_of_one_shop_stay_there,
        the_longest_part_and_no_longer;
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
        history_goes_back_page_by_page,
        customers_come_with_all_that_is_noted_about_them,
        a_person_loads_their_markers_and_drafts;
    tags:
        tags_of_two_people_do_not_disturb_each_other,
        a_tag_is_one_whatever_its_case,
        so_many_tags_and_no_more,
        the_same_tag_again_is_no_other_change,
        another_shops_customer_is_unknown;
}
