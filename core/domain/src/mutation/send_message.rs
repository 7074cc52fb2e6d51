//! "Send message": a reply to the customer, under an id that the device chose.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, NewMessage, preview_of};
use crate::conversation::Conversation;
use crate::ids::{ConversationId, MessageId};
use crate::message::Author;
use crate::refusal::Refusal;
use crate::secret::SecretPart;
use crate::text::message_text;

/// The arguments of `send_message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// Where to.
    pub conversation: ConversationId,
    /// The message's id, unique in the shop.
    pub message: MessageId,
    /// What it says, as it was written. May be empty where something is shared.
    pub text: String,
    /// What is shared in it and only some may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretPart>,
}

impl SendMessage {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<NewMessage, Refusal> {
        let secret = self.secret.as_ref().map(SecretPart::storable).transpose()?;
        let text = match &secret {
            Some(_) if self.text.trim().is_empty() => String::new(),
            _ => message_text(&self.text, facts.text_limit_chars)?,
        };
        if let Some(secret) = &secret
            && secret.told(&text).chars().count() > facts.text_limit_chars
        {
            return Err(Refusal::TextTooLong { limit_chars: facts.text_limit_chars });
        }
        let author = Author::Staff(facts.actor.staff);
        let message = NewMessage { id: self.message, author, text, secret };
        head.record_outbound(preview_of(&message), facts.now);
        Ok(message)
    }
}
