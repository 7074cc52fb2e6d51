//! "Mark unread": the person wants to come back to the conversation. Nobody else sees it.

use serde::{Deserialize, Serialize};

use crate::conversation::ReadMarker;
use crate::ids::ConversationId;

/// The arguments of `mark_unread`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkUnread {
    /// Which one.
    pub conversation: ConversationId,
}

impl MarkUnread {
    /// What was read stays read: the next "mark read" ends it.
    pub(super) fn apply(&self, marker: &mut ReadMarker) {
        marker.marked_unread = true;
    }
}
