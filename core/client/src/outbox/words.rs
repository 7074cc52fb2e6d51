//! A refusal in words: results carry codes and ids, the words are made where they are shown.

use rusqlite::Connection;

use shopbell_domain::refusal::Refusal;
use shopbell_l10n::Lang;
use uuid::Uuid;

use crate::inbox::{customer_name, customer_of, staff_name_of};
use crate::store::StoreError;

/// Why a change of this conversation or customer was refused, and what to do, for a person.
pub(crate) fn refusal_words(
    connection: &Connection,
    lang: Lang,
    target: Uuid,
    refusal: &Refusal,
) -> Result<String, StoreError> {
    Ok(match refusal {
        Refusal::NoPermission { .. } => shopbell_l10n::refusal_no_permission(lang),
        Refusal::UnknownConversation => shopbell_l10n::refusal_unknown_conversation(lang),
        Refusal::UnknownCustomer => shopbell_l10n::refusal_unknown_customer(lang),
        Refusal::TooManyTags { limit } => shopbell_l10n::refusal_too_many_tags(lang, *limit),
        Refusal::TooManyNotes { limit } => shopbell_l10n::refusal_too_many_notes(lang, *limit),
        Refusal::CustomerWroteSince => {
            shopbell_l10n::refusal_customer_wrote_since(lang, customer(connection, lang, target)?)
        }
        Refusal::ChangedSince { by: Some(staff) } => {
            shopbell_l10n::refusal_changed_since(lang, staff_name_of(connection, lang, *staff)?)
        }
        Refusal::ChangedSince { by: None } => {
            shopbell_l10n::refusal_changed_since(lang, customer(connection, lang, target)?)
        }
        Refusal::TextEmpty => shopbell_l10n::refusal_text_empty(lang),
        Refusal::TextTooLong { limit_chars } => shopbell_l10n::refusal_text_too_long(lang, *limit_chars),
        Refusal::AssigneeMayNot { staff } => {
            shopbell_l10n::refusal_assignee_may_not(lang, staff_name_of(connection, lang, *staff)?)
        }
        Refusal::UnknownStaff => shopbell_l10n::refusal_unknown_staff(lang),
        Refusal::AlreadySent => shopbell_l10n::refusal_already_sent(lang),
        Refusal::UnknownMessage => shopbell_l10n::refusal_unknown_message(lang),
        Refusal::NotTheAuthor => shopbell_l10n::refusal_not_the_author(lang),
        Refusal::ChannelCannot => shopbell_l10n::refusal_channel_cannot(lang),
        Refusal::MessageDeleted => shopbell_l10n::refusal_message_deleted(lang),
        Refusal::UnknownMutation => shopbell_l10n::refusal_unknown_mutation(lang),
        Refusal::Unreadable => shopbell_l10n::refusal_unreadable(lang),
        Refusal::TooLarge => shopbell_l10n::refusal_too_large(lang),
        Refusal::Internal => shopbell_l10n::refusal_internal(lang),
        Refusal::Other => shopbell_l10n::refusal_other(lang, refusal.code()),
    })
}

/// Why a channel's provider refused a message, by its code.
pub(crate) fn channel_refusal_words(lang: Lang, code: &str) -> String {
    shopbell_l10n::refusal_channel(lang, code)
}

fn customer(connection: &Connection, lang: Lang, target: Uuid) -> Result<String, StoreError> {
    Ok(customer_of(connection, lang, target)?.unwrap_or_else(|| customer_name(lang, None, None)))
}
