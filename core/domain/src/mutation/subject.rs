//! What operations look at and what they change.

use std::collections::BTreeMap;

use crate::conversation::{Base, Conversation, Field, ReadMarker, Ver};
use crate::customer::Customer;
use crate::ids::{MessageId, MutationId, NoteId, StaffId};
use crate::message::{Author, Preview};
use crate::note::Note;
use crate::refusal::Refusal;
use crate::staff::{Actor, Staff};
use crate::text;
use crate::time::Timestamp;

/// What a decision needs to know beside the conversation; whoever decides looks it up first.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who makes the change, with what they may do now.
    pub actor: Actor,
    /// The mutation.
    pub mid: MutationId,
    /// What the person was looking at.
    pub base: Option<Base>,
    /// The time: the server's there, the time of writing on a phone.
    pub now: Timestamp,
    /// The person whom [`named_staff`](super::Operation::named_staff) names, if they are of this shop.
    pub named_staff: Option<Staff>,
    /// The `inbound_number` of the message that [`seen_message`](super::Operation::seen_message) names, if it is in this conversation.
    pub seen_number: Option<i64>,
    /// The longest text that the conversation's channel takes, in Unicode scalar values.
    pub text_limit_chars: usize,
}

/// What a change may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The conversation's head.
    pub head: Conversation,
    /// The actor's own marker in it.
    pub marker: ReadMarker,
}

/// What a change to a customer may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSubject {
    /// The customer.
    pub customer: Customer,
    /// The notes about them that the change looks at, or all. A change adds, replaces or removes one.
    pub notes: BTreeMap<NoteId, Note>,
    /// How many notes there are about them, also those that are not in `notes`.
    pub notes_count: usize,
}

impl CustomerSubject {
    /// A customer with all notes about them.
    pub fn new(customer: Customer, notes: BTreeMap<NoteId, Note>) -> Self {
        Self { customer, notes_count: notes.len(), notes }
    }

    /// Adds a note, of which there may be so many with it.
    pub(super) fn add_note(&mut self, id: NoteId, note: Note, limit: usize) -> Result<(), Refusal> {
        if self.notes_count >= limit {
            return Err(Refusal::TooManyNotes { limit });
        }
        self.notes.insert(id, note);
        self.notes_count += 1;
        Ok(())
    }
}

/// A message that a change adds to the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id, chosen on the device.
    pub id: MessageId,
    /// What it says, as it is stored.
    pub text: String,
}

/// A preview of a message of this author, for the list.
pub(super) fn preview_of(message: &NewMessage, author: StaffId) -> Preview {
    Preview { message: message.id, author: Author::Staff(author), text: text::preview(&message.text) }
}

/// Sets `field` by compare-and-set: nothing happens when it already has the value; a change made by somebody who was
/// looking at something else is refused.
pub(super) fn compare_and_set<T: PartialEq>(
    field: &mut Field<T>,
    value: T,
    facts: &Facts,
) -> Result<(), Refusal> {
    if field.value == value {
        return Ok(());
    }
    let base = facts.base.ok_or(Refusal::Unreadable)?;
    if !field.follows(&base) {
        return Err(Refusal::ChangedSince { by: field.by });
    }
    *field = Field { value, ver: Ver::PENDING, by: Some(facts.actor.staff), mutation: Some(facts.mid) };
    Ok(())
}
