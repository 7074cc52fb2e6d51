//! What a person does with a change that is not accepted: send it again, say something else, take it back.
//!
//! A new try is another mutation under the same message id, at the same place in the order; what waited for the one
//! before waits for it, all in one transaction. What was handed to the network can only be taken back by a cancel, which
//! is sent instead of it (docs/sync.md 11, 13).

use shopbell_domain::ids::{ConversationId, MessageId, MutationId};
use shopbell_domain::message::Delivery;
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::text::{TEXT_LIMIT_CHARS, message_text};
use shopbell_domain::time::Timestamp;

use super::customer::{CustomerIntent, change_customer};
use super::enqueue::{Intent, enqueue};
use super::revise::{delete_message, edit_message};
use crate::error::Error;
use crate::store::{self, Entry, Profile, Refused, StoreError, Write};

/// Sends a refused change again, `mid` its new id: a reply at its place in the order, anything else as a change that is
/// made now.
pub(crate) fn retry(
    to: &mut Write<'_>,
    refused: MutationId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    let listed = listed(to, refused)?;
    let operation = listed.asked.operation().ok_or_else(|| not_found(refused))?;
    try_again(to, &listed, operation, mid, now)
}

/// The same with another text; also of a reply that waits and has not left.
pub(crate) fn edit_unsent(
    to: &mut Write<'_>,
    unsent: MutationId,
    text: &str,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(entry) = store::entry(to, unsent)? {
        return say_otherwise(to, &entry, text, mid, now);
    }
    let listed = listed(to, unsent)?;
    let operation = listed.asked.operation().and_then(|operation| with_text(operation, text));
    try_again(to, &listed, operation.ok_or_else(|| not_found(unsent))?, mid, now)
}

/// Takes a refused change off the list, or a reply that waits back. `mid` is the cancel's, where it takes one.
pub(crate) fn delete_unsent(
    to: &mut Write<'_>,
    unsent: MutationId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(entry) = store::entry(to, unsent)? {
        let reply = reply(&entry).ok_or_else(|| not_found(unsent))?;
        take_back(to, &entry, &reply, mid, now)?;
        return Ok(to.take_draft_under(reply.conversation, reply.message)?);
    }
    let listed = listed(to, unsent)?;
    to.unlist(unsent)?;
    to.take_draft_of(unsent)?;
    // Whatever waited for it waits for what stands before it: nothing overtakes.
    let before = before(to, &listed)?;
    Ok(to.repoint(listed.target, unsent, before.as_slice())?)
}

/// Undo of a reply that was just sent: while it waits, or while the server says that it has not been handed to the
/// channel.
pub(crate) fn take_reply_back(
    to: &mut Write<'_>,
    message: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(entry) = store::reply(to, message)? {
        let reply = reply(&entry).ok_or_else(|| Error::NotFound { id: message.to_string() })?;
        return take_back(to, &entry, &reply, mid, now);
    }
    match store::accepted_reply(to, message)? {
        Some(accepted) => take_accepted_back(to, accepted, message, mid, now),
        None => Err(Error::NotFound { id: message.to_string() }),
    }
}

/// Takes a reply back that is not settled.
pub(super) fn take_back(
    to: &mut Write<'_>,
    entry: &Entry,
    reply: &SendMessage,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    if entry.mutation.replay.is_some() {
        return Err(Error::CannotUndo);
    }
    let present = Profile::read(to)?.and_then(|profile| profile.epoch);
    match entry.left_epoch {
        // Whatever waited for it waits for what it waited for itself: nothing overtakes.
        _ if entry.set_aside => {}
        None => {}
        Some(_) if entry.cancelled_by.is_some() => return Ok(()),
        left if left == present => {
            send_cancel(to, reply.conversation, entry.mutation.mid, reply.message, mid, now)?;
            return Ok(to.hold(entry, mid)?);
        }
        Some(_) => return Err(Error::CannotUndo), // under another history: it may be with the customer
    }
    to.remove_from_outbox(entry)?;
    Ok(to.repoint(entry.target, entry.mutation.mid, &entry.mutation.depends_on)?)
}

/// The reply that an entry is.
pub(super) fn reply(entry: &Entry) -> Option<SendMessage> {
    match entry.mutation.operation() {
        Ok(Operation::SendMessage(args)) => Some(args),
        _ => None,
    }
}

/// Takes a reply back that the server has, while it has not been handed to the channel.
pub(super) fn take_accepted_back(
    to: &mut Write<'_>,
    accepted: MutationId,
    message: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    let present = Profile::read(to)?.and_then(|profile| profile.epoch);
    let of = store::settled(to, accepted)?.map(|settled| settled.epoch);
    let held = store::message(to, message)?;
    match held {
        Some(held) if held.delivery == Some(Delivery::Queued) && of == present => {
            if !is_being_taken_back(to, held.conversation, accepted)? {
                send_cancel(to, held.conversation, accepted, message, mid, now)?;
            }
            Ok(())
        }
        _ => Err(Error::CannotUndo),
    }
}

fn is_being_taken_back(to: &Write<'_>, conversation: ConversationId, mid: MutationId) -> Result<bool, Error> {
    Ok(store::of_target(to, conversation.0)?.iter().any(
        |entry| matches!(entry.mutation.operation(), Ok(Operation::Cancel(cancel)) if cancel.mutation == mid),
    ))
}

/// Before what else waits: the sooner it comes, the more likely it comes in time.
fn send_cancel(
    to: &mut Write<'_>,
    conversation: ConversationId,
    mutation: MutationId,
    message: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    let operation = Operation::Cancel(Cancel { conversation, mutation, message });
    Ok(to.put_cancel(&Mutation::new(mid, &operation, None, now), &operation)?)
}

/// A reply that waits says something else.
fn say_otherwise(
    to: &mut Write<'_>,
    entry: &Entry,
    text: &str,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    let args = reply(entry).ok_or_else(|| not_found(entry.mutation.mid))?;
    if entry.left_epoch.is_some() || entry.set_aside || entry.mutation.replay.is_some() {
        return Err(Error::OnItsWay);
    }
    let operation = Operation::SendMessage(SendMessage { text: text.to_owned(), ..args });
    check_text(&operation)?;
    let mutation = Mutation {
        depends_on: entry.mutation.depends_on.clone(),
        ..Mutation::new(mid, &operation, None, now)
    };
    to.remove_from_outbox(entry)?;
    to.put_at(Some(entry.place), &mutation, &operation, None)?;
    Ok(to.repoint(entry.target, entry.mutation.mid, &[mid])?)
}

/// A refused change once more, as this operation.
fn try_again(
    to: &mut Write<'_>,
    listed: &Refused,
    operation: Operation,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    to.unlist(listed.mid)?;
    match operation {
        Operation::SendMessage(args) => send_again(to, listed, args, mid, now),
        Operation::EditMessage(args) => {
            edit_message(to, args.conversation, args.message, &args.text, mid, now).map(drop)
        }
        Operation::DeleteMessage(args) => {
            delete_message(to, args.conversation, args.message, mid, now).map(drop)
        }
        Operation::Close(args) => enqueue(to, args.conversation, Intent::Close, mid, now).map(drop),
        Operation::Reopen(args) => enqueue(to, args.conversation, Intent::Reopen, mid, now).map(drop),
        Operation::MarkRead(args) => enqueue(to, args.conversation, Intent::MarkRead, mid, now).map(drop),
        Operation::MarkUnread(args) => enqueue(to, args.conversation, Intent::MarkUnread, mid, now).map(drop),
        Operation::Assign(args) => {
            enqueue(to, args.conversation, Intent::Assign(args.assignee), mid, now).map(drop)
        }
        Operation::Unassign(args) => enqueue(to, args.conversation, Intent::Unassign, mid, now).map(drop),
        Operation::Star(args) => enqueue(to, args.conversation, Intent::Star, mid, now).map(drop),
        Operation::Unstar(args) => enqueue(to, args.conversation, Intent::Unstar, mid, now).map(drop),
        Operation::AddTag(args) => {
            change_customer(to, args.customer, CustomerIntent::AddTag(&args.tag), mid, now).map(drop)
        }
        Operation::RemoveTag(args) => {
            change_customer(to, args.customer, CustomerIntent::RemoveTag(&args.tag), mid, now).map(drop)
        }
        Operation::AddNote(args) => {
            change_customer(to, args.customer, CustomerIntent::AddNote(args.note, &args.text), mid, now)
                .map(drop)
        }
        Operation::EditNote(args) => {
            change_customer(to, args.customer, CustomerIntent::EditNote(args.note, &args.text), mid, now)
                .map(drop)
        }
        Operation::DeleteNote(args) => {
            change_customer(to, args.customer, CustomerIntent::DeleteNote(args.note), mid, now).map(drop)
        }
        // What came too late stays too late.
        Operation::Cancel(_) | Operation::RecoverMessage(_) => Err(Error::CannotUndo),
    }
}

fn send_again(
    to: &mut Write<'_>,
    listed: &Refused,
    args: SendMessage,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    let conversation = args.conversation;
    if store::head(to, conversation)?.is_none() {
        return Err(Error::NotFound { id: conversation.to_string() });
    }
    let operation = Operation::SendMessage(args);
    check_text(&operation)?;
    let before = before(to, listed)?;
    let mutation =
        Mutation { depends_on: before.into_iter().collect(), ..Mutation::new(mid, &operation, None, now) };
    to.put_at(listed.place, &mutation, &operation, None)?;
    Ok(to.repoint(listed.target, listed.mid, &[mid])?)
}

/// The last reply before a refused one that is not accepted. What an older version refused has no place: it is older
/// than all that waits, and so waits for none of it.
pub(super) fn before(to: &Write<'_>, listed: &Refused) -> Result<Option<MutationId>, StoreError> {
    store::reply_before(to, ConversationId(listed.target), Some(listed.place.unwrap_or(0)))
}

/// What the person can mend at once.
fn check_text(operation: &Operation) -> Result<(), Error> {
    match operation {
        Operation::SendMessage(SendMessage { secret: Some(_), text, .. }) if text.trim().is_empty() => Ok(()),
        Operation::SendMessage(args) => Ok(message_text(&args.text, TEXT_LIMIT_CHARS).map(drop)?),
        _ => Ok(()),
    }
}

/// The operation that says this instead; `None` where there is no text.
fn with_text(mut operation: Operation, text: &str) -> Option<Operation> {
    match &mut operation {
        Operation::SendMessage(args) => text.clone_into(&mut args.text),
        Operation::EditMessage(args) => text.clone_into(&mut args.text),
        Operation::AddNote(args) => text.clone_into(&mut args.text),
        Operation::EditNote(args) => text.clone_into(&mut args.text),
        _ => return None,
    }
    Some(operation)
}

fn listed(to: &Write<'_>, mid: MutationId) -> Result<Refused, Error> {
    store::one_listed(to, mid)?.ok_or_else(|| not_found(mid))
}

fn not_found(mid: MutationId) -> Error {
    Error::NotFound { id: mid.to_string() }
}
