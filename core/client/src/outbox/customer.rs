//! Changes to a customer: tags and notes. What the rules would refuse at once (an empty note, a tag too many) is an
//! error at once; the rest is the server's to decide.

use shopbell_domain::conversation::Field;
use shopbell_domain::ids::{ConversationId, CustomerId, MutationId, NoteId};
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::mutation::{CustomerSubject, Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::time::Timestamp;

use crate::error::Error;
use crate::store::{self, Write};

/// What a person asked for, about a customer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CustomerIntent<'a> {
    /// The shop calls them this.
    AddTag(&'a str),
    /// Not any more.
    RemoveTag(&'a str),
    /// Something that colleagues should know.
    AddNote(NoteId, &'a str),
    /// The note says this now.
    EditNote(NoteId, &'a str),
    /// The note goes.
    DeleteNote(NoteId),
}

/// Puts what a person asked for about a conversation's customer at the end of the outbox. `None`: it changes nothing.
pub(crate) fn enqueue_for_customer(
    to: &mut Write<'_>,
    conversation: ConversationId,
    intent: CustomerIntent<'_>,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let not_found = || Error::NotFound { id: conversation.to_string() };
    let customer = store::head(to, conversation)?.ok_or_else(not_found)?.customer;
    change_customer(to, customer, intent, mid, now)
}

/// The same, about a customer in whatever conversation.
pub(super) fn change_customer(
    to: &mut Write<'_>,
    customer: CustomerId,
    intent: CustomerIntent<'_>,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let not_found = || Error::NotFound { id: customer.to_string() };
    let subject = store::replay_customer(to, customer)?.ok_or_else(not_found)?;
    let (operation, base) = match intent {
        CustomerIntent::AddTag(tag) => (Operation::AddTag(AddTag { customer, tag: tag.to_owned() }), None),
        CustomerIntent::RemoveTag(tag) => {
            (Operation::RemoveTag(RemoveTag { customer, tag: tag.to_owned() }), None)
        }
        CustomerIntent::AddNote(note, text) => {
            (Operation::AddNote(AddNote { customer, note, text: text.to_owned() }), None)
        }
        CustomerIntent::EditNote(note, text) => {
            let base = text_of(&subject, note)?.base();
            (Operation::EditNote(EditNote { customer, note, text: text.to_owned() }), Some(base))
        }
        CustomerIntent::DeleteNote(note) => {
            let base = text_of(&subject, note)?.base();
            (Operation::DeleteNote(DeleteNote { customer, note }), Some(base))
        }
    };
    let mutation = Mutation::new(mid, &operation, base, now);
    match store::after_for_customer(to, &subject, &mutation, &operation)? {
        Ok(after) if after == subject => return Ok(None),
        Ok(_) => {}
        Err(refusal) => check(&refusal)?,
    }
    to.append(&mutation, &operation, operation.inverse_for_customer(&subject, mid).as_ref())?;
    Ok(Some(mid))
}

fn text_of(subject: &CustomerSubject, note: NoteId) -> Result<&Field<String>, Error> {
    let found = subject.notes.get(&note).map(|note| &note.text);
    found.ok_or_else(|| Error::NotFound { id: note.to_string() })
}

/// What the person can mend at once.
fn check(refusal: &Refusal) -> Result<(), Error> {
    Err(match refusal {
        Refusal::TextEmpty => Error::TextEmpty,
        Refusal::TextTooLong { limit_chars } => Error::TextTooLong { limit: *limit_chars },
        Refusal::TooManyTags { limit } => Error::TooManyTags { limit: *limit },
        Refusal::TooManyNotes { limit } => Error::TooManyNotes { limit: *limit },
        _ => return Ok(()),
    })
}
