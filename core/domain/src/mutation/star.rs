//! "Star": the conversation is to be followed up. Everybody sees it.

use serde::{Deserialize, Serialize};

use crate::conversation::Conversation;
use crate::ids::ConversationId;

/// The arguments of `star`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Star {
    /// Which one.
    pub conversation: ConversationId,
}

impl Star {
    /// Shared and without a base: the last one stands.
    pub(super) fn apply(&self, head: &mut Conversation) {
        head.starred = true;
    }
}
