//! "Mark read": the person has seen the customer's messages up to this one.

use serde::{Deserialize, Serialize};

use super::Facts;
use crate::conversation::ReadMarker;
use crate::ids::{ConversationId, MessageId};

/// The arguments of `mark_read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    /// Which one.
    pub conversation: ConversationId,
    /// The newest customer's message that the person has seen.
    pub message: MessageId,
}

impl MarkRead {
    /// The marker takes the maximum and "marked unread" ends; an unknown message changes nothing.
    pub(super) fn apply(&self, facts: &Facts, marker: &mut ReadMarker) {
        if let Some(number) = facts.seen_number {
            marker.count = marker.count.max(number);
            marker.marked_unread = false;
        }
    }
}
