//! Why a change was refused, as codes and ids: a result row never carries words. The words for people are made where
//! they are shown, in their language.

use serde::{Deserialize, Serialize};

use crate::ids::StaffId;
use crate::staff::Permission;
use crate::text::TextError;

/// Why a mutation was refused. A code that this version does not know becomes [`Refusal::Other`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The person lacks this permission now, whatever they had when they made the change.
    NoPermission {
        /// The first permission that is missing.
        needs: Permission,
    },
    /// The conversation is unknown, in another shop, or not in a list that this person may see.
    UnknownConversation,
    /// The customer is unknown, in another shop, or not in a list that this person may see.
    UnknownCustomer,
    /// The customer wrote after what the person had seen.
    CustomerWroteSince,
    /// A colleague changed the same thing first.
    ChangedSince {
        /// Who did; `None` when it was the customer's doing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
    },
    /// Nothing visible in the text.
    TextEmpty,
    /// The text is over the channel's limit.
    TextTooLong {
        /// The limit, in Unicode scalar values.
        limit_chars: usize,
    },
    /// The assignee may not be given conversations.
    AssigneeMayNot {
        /// The assignee.
        staff: StaffId,
    },
    /// The assignee is not of this shop's staff (any more).
    UnknownStaff,
    /// The customer has as many tags as they can have.
    TooManyTags {
        /// The limit.
        limit: usize,
    },
    /// There are as many notes about the customer as there can be.
    TooManyNotes {
        /// The limit.
        limit: usize,
    },
    /// The message id stands for a message already; of a cancel: what it cancels was handed to the channel before.
    AlreadySent,
    /// The message is unknown, or in another conversation.
    UnknownMessage,
    /// The message is not this person's own.
    NotTheAuthor,
    /// The channel cannot change or take back what it has shown.
    ChannelCannot,
    /// The message was deleted.
    MessageDeleted,
    /// The server does not know this mutation, or not this version of it.
    UnknownMutation,
    /// The arguments are not what this mutation takes.
    Unreadable,
    /// The mutation alone is over the size limit of a request. Only phones refuse so.
    TooLarge,
    /// The server failed at it three times.
    Internal,
    /// From a newer server.
    #[serde(other)]
    Other,
}

impl Refusal {
    /// The word that stands for it in JSON and in scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NoPermission { .. } => "no_permission",
            Refusal::UnknownConversation => "unknown_conversation",
            Refusal::UnknownCustomer => "unknown_customer",
            Refusal::TooManyTags { .. } => "too_many_tags",
            Refusal::TooManyNotes { .. } => "too_many_notes",
            Refusal::CustomerWroteSince => "customer_wrote_since",
            Refusal::ChangedSince { .. } => "changed_since",
            Refusal::TextEmpty => "text_empty",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::AssigneeMayNot { .. } => "assignee_may_not",
            Refusal::UnknownStaff => "unknown_staff",
            Refusal::AlreadySent => "already_sent",
            Refusal::UnknownMessage => "unknown_message",
            Refusal::NotTheAuthor => "not_the_author",
            Refusal::ChannelCannot => "channel_cannot",
            Refusal::MessageDeleted => "message_deleted",
            Refusal::UnknownMutation => "unknown_mutation",
            Refusal::Unreadable => "unreadable",
            Refusal::TooLarge => "too_large",
            Refusal::Internal => "internal",
            Refusal::Other => "other",
        }
    }
}

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Refusal::TextEmpty,
            TextError::TooLong { limit } => Refusal::TextTooLong { limit_chars: limit },
        }
    }
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
