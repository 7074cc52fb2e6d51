//! "Close": the conversation is done, unless the customer wrote something that the person had not seen.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, compare_and_set};
use crate::conversation::{Conversation, Status};
use crate::ids::{ConversationId, MessageId};
use crate::refusal::Refusal;

/// The arguments of `close`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// Which one.
    pub conversation: ConversationId,
    /// The newest customer's message that the person had seen; none when there was none. It names the message, not a
    /// count: after a restore a count can mean a message that nobody saw.
    #[serde(default)]
    pub seen: Option<MessageId>,
}

impl Close {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<(), Refusal> {
        if head.status.value == Status::Open && head.last_inbound != self.seen {
            return Err(Refusal::CustomerWroteSince);
        }
        compare_and_set(&mut head.status, Status::Closed, facts)
    }
}
