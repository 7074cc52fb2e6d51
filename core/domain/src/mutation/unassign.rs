//! "Unassign": nobody in particular answers the conversation.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, compare_and_set};
use crate::conversation::Conversation;
use crate::ids::ConversationId;
use crate::refusal::Refusal;

/// The arguments of `unassign`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unassign {
    /// Which one.
    pub conversation: ConversationId,
}

impl Unassign {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<(), Refusal> {
        compare_and_set(&mut head.assignee, None, facts)
    }
}
