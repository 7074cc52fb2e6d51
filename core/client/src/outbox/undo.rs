//! Undo: what never left this phone is dropped, and that is the only way out of the outbox besides a result; the rest
//! is taken back by the operation that was stored with it, with "mine" as its base, so that it changes nothing that
//! somebody changed since.

use shopbell_domain::conversation::Base;
use shopbell_domain::ids::{MutationId, NoteId};
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::{Mutation, Operation, Target};
use shopbell_domain::tag::Tag;
use shopbell_domain::time::Timestamp;

use super::unsent::{reply, take_accepted_back, take_back as take_reply_back};
use crate::error::Error;
use crate::store::{self, Entry, StoreError, StoredOperation, Write};

/// Takes changes back, the last one first. A deleted note that comes back is another note: what was done to the one before
/// stays with that. `fresh` makes ids. Answers the mutations that it took; what was dropped needs
/// none, nor does what was refused or changed since.
///
/// # Errors
/// [`Error::NotFound`] for a mutation that is not remembered, [`Error::CannotUndo`] for a reply that may be with the
/// customer already.
pub(crate) fn undo(
    to: &mut Write<'_>,
    mids: &[MutationId],
    fresh: impl Fn() -> MutationId,
    now: Timestamp,
) -> Result<Vec<MutationId>, Error> {
    let mut taken = Vec::new();
    for mid in mids.iter().rev() {
        let inverse = if let Some(entry) = store::entry(to, *mid)? {
            if let Some(reply) = reply(&entry) {
                take_reply_back(to, &entry, &reply, fresh(), now)?;
                continue;
            }
            if may_be_dropped(to, &entry)? {
                to.remove_from_outbox(&entry)?;
                continue;
            }
            entry.inverse.filter(|_| !entry.set_aside)
        } else if let Some(settled) = store::settled(to, *mid)? {
            if let Some(message) = settled.message {
                if !settled.refused && !settled.cancelled {
                    take_accepted_back(to, *mid, message, fresh(), now)?;
                }
                continue;
            }
            settled.inverse.filter(|_| !settled.refused)
        } else {
            return Err(Error::NotFound { id: mid.to_string() });
        };
        if let Some(inverse) = inverse {
            taken.extend(take_back(to, *mid, &taken, &inverse, fresh(), now)?);
        }
    }
    Ok(taken)
}

/// What never left may go, unless something in the outbox was built on it: a later change of the same field, or one that
/// names it.
fn may_be_dropped(to: &Write<'_>, entry: &Entry) -> Result<bool, StoreError> {
    let Ok(operation) = entry.mutation.operation() else {
        return Ok(false);
    };
    if entry.left_epoch.is_some() || entry.set_aside || entry.mutation.replay.is_some() {
        return Ok(false);
    }
    let mid = entry.mutation.mid;
    let later = store::of_target(to, entry.target)?.into_iter().skip_while(|other| other.mutation.mid != mid);
    Ok(later.skip(1).all(|other| {
        let names_it =
            other.mutation.base == Some(Base::Mutation(mid)) || other.mutation.depends_on.contains(&mid);
        let same_field =
            other.mutation.operation().map_or(true, |other| Field::of(&other) == Field::of(&operation));
        !names_it && !same_field
    }))
}

/// What an operation changes.
#[derive(Debug, PartialEq, Eq)]
enum Field {
    Messages,
    Status,
    Assignee,
    Star,
    Marker,
    Tag(Option<String>),
    Note(NoteId),
}

impl Field {
    fn of(operation: &Operation) -> Field {
        let tag = |written: &str| Field::Tag(Tag::new(written).ok().map(|tag| tag.key()));
        match operation {
            Operation::SendMessage(_)
            | Operation::EditMessage(_)
            | Operation::DeleteMessage(_)
            | Operation::RecoverMessage(_)
            | Operation::Cancel(_) => Field::Messages,
            Operation::Close(_) | Operation::Reopen(_) => Field::Status,
            Operation::Assign(_) | Operation::Unassign(_) => Field::Assignee,
            Operation::Star(_) | Operation::Unstar(_) => Field::Star,
            Operation::MarkRead(_) | Operation::MarkUnread(_) => Field::Marker,
            Operation::AddTag(args) => tag(&args.tag),
            Operation::RemoveTag(args) => tag(&args.tag),
            Operation::AddNote(args) => Field::Note(args.note),
            Operation::EditNote(args) => Field::Note(args.note),
            Operation::DeleteNote(args) => Field::Note(args.note),
        }
    }
}

/// Sends what takes a change back, unless that changes nothing, or not what it changed.
fn take_back(
    to: &mut Write<'_>,
    undone: MutationId,
    taken: &[MutationId],
    inverse: &StoredOperation,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, StoreError> {
    let Some(operation) = inverse.operation() else {
        return Ok(None);
    };
    // What was undone just now left the field as this change had left it.
    let base = |last_change: Option<MutationId>| {
        Base::Mutation(last_change.filter(|last| taken.contains(last)).unwrap_or(undone))
    };
    let mut mutation = Mutation::new(mid, &operation, None, now);
    let inverse = match operation.target() {
        Target::Conversation(conversation) => {
            let Some(subject) = store::replay(to, conversation)? else {
                return Ok(None);
            };
            if let Operation::Close(_) = operation {
                mutation.depends_on = store::unaccepted_replies(to, conversation)?;
            }
            mutation.base = match Field::of(&operation) {
                Field::Status => Some(base(subject.head.status.mutation)),
                Field::Assignee => Some(base(subject.head.assignee.mutation)),
                _ => None,
            };
            match store::after(to, &subject, &mutation, &operation)? {
                Ok(after) if after != subject => operation.inverse(&subject),
                _ => return Ok(None),
            }
        }
        Target::Customer(customer) => {
            let Some(subject) = store::replay_customer(to, customer)? else {
                return Ok(None);
            };
            if let Operation::EditNote(EditNote { note, .. })
            | Operation::DeleteNote(DeleteNote { note, .. }) = &operation
            {
                let Some(text) = subject.notes.get(note).map(|note| &note.text) else {
                    return Ok(None);
                };
                let base = base(text.mutation);
                // An edit of a text that is another one by now would be kept beside it: that takes nothing back.
                if !text.follows(&base) {
                    return Ok(None);
                }
                mutation.base = Some(base);
            }
            match store::after_for_customer(to, &subject, &mutation, &operation)? {
                Ok(after) if after != subject => operation.inverse_for_customer(&subject, mid),
                _ => return Ok(None),
            }
        }
    };
    to.append(&mutation, &operation, inverse.as_ref())?;
    Ok(Some(mid))
}
