//! "Delete message": a message that was sent loses its words, where its channel can take back what it has shown. It
//! stays in the sequence, so that nobody looks for a hole.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, Subject, own_message};
use crate::ids::{ConversationId, MessageId};
use crate::message::Revision;
use crate::refusal::Refusal;

/// The arguments of `delete_message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteMessage {
    /// Where it stands.
    pub conversation: ConversationId,
    /// Which message, of the person's own.
    pub message: MessageId,
}

impl DeleteMessage {
    /// Whatever it says by now: the author wants it gone.
    pub(super) fn apply(&self, facts: &Facts, subject: &mut Subject) -> Result<(), Refusal> {
        let message = own_message(facts, &mut subject.message)?;
        if message.deleted {
            return Ok(());
        }
        message.text.clear();
        message.shared = None;
        message.deleted = true;
        message.revision = Some(Revision::made(facts.mid, facts.now));
        if let Some(preview) = subject.head.preview.as_mut().filter(|preview| preview.message == self.message)
        {
            preview.text.clear();
            preview.shared = None;
            preview.deleted = true;
        }
        Ok(())
    }
}
