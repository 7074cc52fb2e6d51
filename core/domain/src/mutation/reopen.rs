//! "Reopen": somebody should look at the conversation again.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, compare_and_set};
use crate::conversation::{Conversation, Status};
use crate::ids::ConversationId;
use crate::refusal::Refusal;

/// The arguments of `reopen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopen {
    /// Which one.
    pub conversation: ConversationId,
}

impl Reopen {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<(), Refusal> {
        compare_and_set(&mut head.status, Status::Open, facts)
    }
}
