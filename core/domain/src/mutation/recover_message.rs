//! "Recover message": a customer's message that a phone holds and a restored server has lost. No person asks for it;
//! the phone does when it takes a new epoch (docs/sync.md 19).

use serde::{Deserialize, Serialize};

use super::subject::{Facts, NewMessage};
use crate::conversation::Conversation;
use crate::ids::{ConversationId, MessageId};
use crate::message::{Author, Preview};
use crate::refusal::Refusal;
use crate::text::{self, TEXT_LIMIT_CHARS, message_text};
use crate::time::Timestamp;

/// The arguments of `recover_message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverMessage {
    /// Where it stood.
    pub conversation: ConversationId,
    /// Its id, the customer's own: a message that is there already is not recorded again.
    pub message: MessageId,
    /// What it says.
    pub text: String,
    /// When the server had stored it.
    pub at: Timestamp,
}

impl RecoverMessage {
    /// Counts and reopens as any message of the customer's.
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<NewMessage, Refusal> {
        let text = message_text(&self.text, TEXT_LIMIT_CHARS)?;
        let preview = Preview::of(self.message, Author::Customer, text::preview(&text));
        head.record_inbound(preview, facts.now);
        Ok(NewMessage { id: self.message, author: Author::Customer, text, secret: None })
    }
}
