//! What operations look at and what they change.

use std::collections::BTreeMap;

use crate::conversation::{Base, Conversation, Field, ReadMarker, Ver};
use crate::customer::Customer;
use crate::ids::{MessageId, MutationId, NoteId};
use crate::message::{Author, Message, Preview};
use crate::note::Note;
use crate::refusal::Refusal;
use crate::secret::SecretPart;
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
    /// Whether that channel can change and take back what it has shown (`channel::Capabilities`).
    pub channel_revises: bool,
}

/// What a change may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The conversation's head.
    pub head: Conversation,
    /// The actor's own marker in it.
    pub marker: ReadMarker,
    /// The message that [`own_message`](super::Operation::own_message) names, if it stands in this conversation.
    pub message: Option<Message>,
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
    /// Its id, chosen by whoever wrote it.
    pub id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// What it says, as it is stored.
    pub text: String,
    /// What is shared in it and only some may see, as it is stored.
    pub secret: Option<SecretPart>,
}

/// A preview of a message, for everybody's list.
pub(super) fn preview_of(message: &NewMessage) -> Preview {
    let shared = message.secret.as_ref().map(|secret| secret.kind);
    Preview { shared, ..Preview::of(message.id, message.author, text::preview(&message.text)) }
}

/// The message that a change names, if the actor wrote it and its channel lets it be changed.
pub(super) fn own_message<'m>(
    facts: &Facts,
    message: &'m mut Option<Message>,
) -> Result<&'m mut Message, Refusal> {
    let message = message.as_mut().ok_or(Refusal::UnknownMessage)?;
    if message.author != Author::Staff(facts.actor.staff) {
        return Err(Refusal::NotTheAuthor);
    }
    if !facts.channel_revises {
        return Err(Refusal::ChannelCannot);
    }
    Ok(message)
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
