//! "Delete note". A text that a colleague has changed meanwhile is not deleted: nobody has seen it.

use serde::{Deserialize, Serialize};

use super::subject::{CustomerSubject, Facts};
use crate::ids::{CustomerId, NoteId};
use crate::refusal::Refusal;

/// The arguments of `delete_note`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteNote {
    /// About whom.
    pub customer: CustomerId,
    /// Which note.
    pub note: NoteId,
}

impl DeleteNote {
    /// A note that is not there is deleted already.
    pub(super) fn apply(&self, facts: &Facts, subject: &mut CustomerSubject) -> Result<(), Refusal> {
        let Some(note) = subject.notes.get(&self.note) else { return Ok(()) };
        let base = facts.base.ok_or(Refusal::Unreadable)?;
        if !note.text.follows(&base) {
            return Err(Refusal::ChangedSince { by: note.text.by });
        }
        subject.notes.remove(&self.note);
        subject.notes_count = subject.notes_count.saturating_sub(1);
        Ok(())
    }
}
