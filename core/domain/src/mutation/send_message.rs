//! "Send message": a reply to the customer, under an id that the device chose.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, NewMessage, preview_of};
use crate::conversation::Conversation;
use crate::ids::{ConversationId, MessageId};
use crate::refusal::Refusal;
use crate::text::message_text;

/// The arguments of `send_message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// Where to.
    pub conversation: ConversationId,
    /// The message's id, unique in the shop.
    pub message: MessageId,
    /// What it says, as it was written.
    pub text: String,
}

impl SendMessage {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<NewMessage, Refusal> {
        let text = message_text(&self.text, facts.text_limit_chars)?;
        let message = NewMessage { id: self.message, text };
        head.record_outbound(preview_of(&message, facts.actor.staff), facts.now);
        Ok(message)
    }
}
