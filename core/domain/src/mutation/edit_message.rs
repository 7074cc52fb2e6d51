//! "Edit message": a message that was sent says something else now, where its channel can change what it has shown.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, Subject, own_message};
use crate::ids::{ConversationId, MessageId};
use crate::message::Revision;
use crate::refusal::Refusal;
use crate::text::{self, message_text};

/// The arguments of `edit_message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditMessage {
    /// Where it stands.
    pub conversation: ConversationId,
    /// Which message, of the person's own.
    pub message: MessageId,
    /// What it says now, as it was written.
    pub text: String,
}

impl EditMessage {
    /// By compare-and-set on the text: no base means that the person saw it as it was sent.
    pub(super) fn apply(&self, facts: &Facts, subject: &mut Subject) -> Result<(), Refusal> {
        let text = message_text(&self.text, facts.text_limit_chars)?;
        let message = own_message(facts, &mut subject.message)?;
        if message.deleted {
            return Err(Refusal::MessageDeleted);
        }
        if message.text == text {
            return Ok(());
        }
        let is_next = match (&message.revision, &facts.base) {
            (None, None) => true,
            (Some(revision), Some(base)) => revision.follows(base),
            _ => false,
        };
        if !is_next {
            return Err(Refusal::ChangedSince { by: Some(facts.actor.staff) });
        }
        message.text = text;
        message.revision = Some(Revision::made(facts.mid, facts.now));
        if let Some(preview) = subject.head.preview.as_mut().filter(|preview| preview.message == self.message)
        {
            preview.text = text::preview(&message.text);
        }
        Ok(())
    }
}
