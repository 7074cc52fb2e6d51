//! "Add note": something about a customer that colleagues should know.

use serde::{Deserialize, Serialize};

use super::subject::{CustomerSubject, Facts};
use crate::conversation::Field;
use crate::ids::{CustomerId, NoteId};
use crate::note::{NOTE_LIMIT_CHARS, NOTES_LIMIT, Note};
use crate::refusal::Refusal;
use crate::text::message_text;

/// The arguments of `add_note`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddNote {
    /// About whom.
    pub customer: CustomerId,
    /// The note's id, unique in the shop.
    pub note: NoteId,
    /// What it says, as it was written.
    pub text: String,
}

impl AddNote {
    pub(super) fn apply(&self, facts: &Facts, subject: &mut CustomerSubject) -> Result<(), Refusal> {
        let text = message_text(&self.text, NOTE_LIMIT_CHARS)?;
        if subject.notes.contains_key(&self.note) {
            return Err(Refusal::AlreadySent);
        }
        subject.add_note(self.note, new_note(facts, self.customer, text), NOTES_LIMIT)
    }
}

/// A note that this person begins now.
pub(super) fn new_note(facts: &Facts, customer: CustomerId, text: String) -> Note {
    Note {
        customer,
        text: Field { by: Some(facts.actor.staff), mutation: Some(facts.mid), ..Field::new(text) },
        author: facts.actor.staff,
        at: facts.now,
        edited_at: None,
        conflicts_with: None,
    }
}
