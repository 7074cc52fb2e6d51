//! "Delete note". A text that a colleague has changed meanwhile is not deleted: nobody has seen it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::subject::Facts;
use crate::ids::{CustomerId, NoteId};
use crate::note::Note;
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
    pub(super) fn apply(&self, facts: &Facts, notes: &mut BTreeMap<NoteId, Note>) -> Result<(), Refusal> {
        let Some(note) = notes.get(&self.note) else { return Ok(()) };
        let base = facts.base.ok_or(Refusal::Unreadable)?;
        if !note.text.follows(&base) {
            return Err(Refusal::ChangedSince { by: note.text.by });
        }
        notes.remove(&self.note);
        Ok(())
    }
}
