//! "Edit note". An edit of a text that a colleague has changed or deleted meanwhile becomes a note of its own: both
//! are kept, and the people sort it out. Up to a limit: beyond it the edit is refused, and kept by the phone.

use serde::{Deserialize, Serialize};

use super::add_note::new_note;
use super::subject::{CustomerSubject, Facts, compare_and_set};
use crate::ids::{CustomerId, NoteId};
use crate::note::{NOTE_LIMIT_CHARS, NOTES_WITH_CONFLICTS_LIMIT, Note, conflict_id};
use crate::refusal::Refusal;
use crate::text::message_text;

/// The arguments of `edit_note`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditNote {
    /// About whom.
    pub customer: CustomerId,
    /// Which note.
    pub note: NoteId,
    /// What it says now, as it was written.
    pub text: String,
}

impl EditNote {
    pub(super) fn apply(&self, facts: &Facts, subject: &mut CustomerSubject) -> Result<(), Refusal> {
        let text = message_text(&self.text, NOTE_LIMIT_CHARS)?;
        let changed_since = match subject.notes.get_mut(&self.note) {
            Some(note) if note.text.value == text => return Ok(()),
            Some(note) => match compare_and_set(&mut note.text, text.clone(), facts) {
                Ok(()) => {
                    note.edited_at = Some(facts.now);
                    false
                }
                Err(Refusal::ChangedSince { .. }) => true,
                Err(refusal) => return Err(refusal),
            },
            None => true,
        };
        if changed_since {
            let kept = Note { conflicts_with: Some(self.note), ..new_note(facts, self.customer, text) };
            subject.add_note(conflict_id(facts.mid), kept, NOTES_WITH_CONFLICTS_LIMIT)?;
        }
        Ok(())
    }
}
