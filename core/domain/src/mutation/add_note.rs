//! "Add note": something about a customer that colleagues should know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::subject::Facts;
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
    pub(super) fn apply(&self, facts: &Facts, notes: &mut BTreeMap<NoteId, Note>) -> Result<(), Refusal> {
        let text = message_text(&self.text, NOTE_LIMIT_CHARS)?;
        if notes.contains_key(&self.note) {
            return Err(Refusal::AlreadySent);
        }
        if notes.len() >= NOTES_LIMIT {
            return Err(Refusal::TooManyNotes { limit: NOTES_LIMIT });
        }
        notes.insert(self.note, new_note(facts, self.customer, text));
        Ok(())
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
