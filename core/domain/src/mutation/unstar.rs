//! "Unstar": the conversation was followed up.

use serde::{Deserialize, Serialize};

use crate::conversation::Conversation;
use crate::ids::ConversationId;

/// The arguments of `unstar`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unstar {
    /// Which one.
    pub conversation: ConversationId,
}

impl Unstar {
    pub(super) fn apply(&self, head: &mut Conversation) {
        head.starred = false;
    }
}
