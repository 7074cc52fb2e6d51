//! How a change that a person makes gets into the outbox: with what they were looking at, with what takes it back,
//! under ids chosen here. Whatever is an error here was not written.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::conversation::{Base, unread};
use shopbell_domain::ids::{ConversationId, MessageId, MutationId, StaffId};
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unassign::Unassign;
use shopbell_domain::mutation::unstar::Unstar;
use shopbell_domain::mutation::{Mutation, Operation, Subject};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::SecretPart;
use shopbell_domain::text::{TEXT_LIMIT_CHARS, message_text};
use shopbell_domain::time::Timestamp;

use crate::error::Error;
use crate::store::{self, StoreError, Write};

/// What a person asked for, about a conversation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Intent {
    /// It is done.
    Close,
    /// It is not.
    Reopen,
    /// Everything that is on the screen was read.
    MarkRead,
    /// The person wants to come back to it.
    MarkUnread,
    /// This person answers it.
    Assign(StaffId),
    /// Nobody in particular does.
    Unassign,
    /// To follow up.
    Star,
    /// Not any more.
    Unstar,
}

/// Puts a reply at the end of the outbox and takes the draft that it was away. `fresh` is its message id, unless the
/// draft has one.
pub(crate) fn send(
    to: &mut Write<'_>,
    conversation: ConversationId,
    text: &str,
    fresh: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<MessageId, Error> {
    check_held(to, conversation)?;
    message_text(text, TEXT_LIMIT_CHARS)?;
    let message = match store::begun(to, conversation)? {
        Some(draft) if !store::is_spent(to, draft.message)? => draft.message,
        _ => fresh,
    };
    to.take_draft(conversation)?;
    append_reply(to, SendMessage { conversation, message, text: text.to_owned(), secret: None }, mid, now)?;
    Ok(message)
}

/// The same with something that only some may see; the draft, which is another message, stays.
pub(crate) fn share(
    to: &mut Write<'_>,
    conversation: ConversationId,
    text: &str,
    secret: &SecretPart,
    message: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<(), Error> {
    check_held(to, conversation)?;
    let secret = secret.storable().map_err(|refusal| refused(&refusal))?;
    if !text.trim().is_empty() {
        message_text(text, TEXT_LIMIT_CHARS)?;
    }
    if secret.told(text).chars().count() > TEXT_LIMIT_CHARS {
        return Err(Error::TextTooLong { limit: TEXT_LIMIT_CHARS });
    }
    let args = SendMessage { conversation, message, text: text.to_owned(), secret: Some(secret) };
    if let Some(me) = store::me(to)? {
        let asked = Operation::SendMessage(args.clone());
        asked.check_permissions(&me.permissions).map_err(|refusal| refused(&refusal))?;
    }
    append_reply(to, args, mid, now)
}

fn append_reply(to: &mut Write<'_>, args: SendMessage, mid: MutationId, now: Timestamp) -> Result<(), Error> {
    let before = store::reply_before(to, args.conversation, None)?;
    let operation = Operation::SendMessage(args);
    let mutation =
        Mutation { depends_on: before.into_iter().collect(), ..Mutation::new(mid, &operation, None, now) };
    Ok(to.append(&mutation, &operation, None)?)
}

fn check_held(from: &Connection, conversation: ConversationId) -> Result<(), Error> {
    match store::head(from, conversation)? {
        Some(_) => Ok(()),
        None => Err(Error::NotFound { id: conversation.to_string() }),
    }
}

/// What can be said at once.
fn refused(refusal: &Refusal) -> Error {
    match refusal {
        Refusal::TextEmpty => Error::TextEmpty,
        Refusal::TextTooLong { limit_chars } => Error::TextTooLong { limit: *limit_chars },
        _ => Error::NoPermission,
    }
}

/// Puts what a person asked for at the end of the outbox, also when it changes nothing now: the server decides. `None`:
/// there was nothing to say.
pub(crate) fn enqueue(
    to: &mut Write<'_>,
    conversation: ConversationId,
    intent: Intent,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let Some(made) = made(to, conversation, intent, mid, now)? else {
        return Ok(None);
    };
    made.append(to).map(Some)
}

/// The same, but only when it changes something that is shown.
pub(crate) fn enqueue_change(
    to: &mut Write<'_>,
    conversation: ConversationId,
    intent: Intent,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let Some(made) = made(to, conversation, intent, mid, now)? else {
        return Ok(None);
    };
    let after = store::after(to, &made.subject, &made.mutation, &made.operation)?;
    if after.is_ok_and(|after| after == made.subject) {
        return Ok(None);
    }
    made.append(to).map(Some)
}

/// A change that is not in the outbox yet.
struct Made {
    /// The conversation as it is shown before.
    subject: Subject,
    operation: Operation,
    mutation: Mutation,
}

impl Made {
    fn append(&self, to: &mut Write<'_>) -> Result<MutationId, Error> {
        let inverse = self.operation.inverse(&self.subject);
        to.append(&self.mutation, &self.operation, inverse.as_ref())?;
        Ok(self.mutation.mid)
    }
}

/// `None` when there is nothing to say.
fn made(
    from: &Connection,
    conversation: ConversationId,
    intent: Intent,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<Made>, Error> {
    let subject = subject(from, conversation)?;
    let Some((operation, base)) = operation(from, conversation, &subject, intent)? else {
        return Ok(None);
    };
    let mut mutation = Mutation::new(mid, &operation, base, now);
    if let Operation::Close(_) = operation {
        mutation.depends_on = store::unaccepted_replies(from, conversation)?;
    }
    Ok(Some(Made { subject, operation, mutation }))
}

fn subject(connection: &Connection, conversation: ConversationId) -> Result<Subject, Error> {
    store::replay(connection, conversation)?.ok_or_else(|| Error::NotFound { id: conversation.to_string() })
}

/// The operation and what the person was looking at; `None` when there is nothing to say.
fn operation(
    to: &Connection,
    conversation: ConversationId,
    subject: &Subject,
    intent: Intent,
) -> Result<Option<(Operation, Option<Base>)>, Error> {
    let head = &subject.head;
    Ok(Some(match intent {
        Intent::Close => {
            let seen = newest_on_screen(to, conversation)?;
            (Operation::Close(Close { conversation, seen }), Some(head.status.base()))
        }
        Intent::Reopen => (Operation::Reopen(Reopen { conversation }), Some(head.status.base())),
        Intent::MarkRead => {
            if unread(head, Some(&subject.marker)) == 0 && !subject.marker.marked_unread {
                return Ok(None);
            }
            let Some(message) = newest_on_screen(to, conversation)?.or(head.last_inbound) else {
                return Ok(None);
            };
            (Operation::MarkRead(MarkRead { conversation, message }), None)
        }
        Intent::MarkUnread => (Operation::MarkUnread(MarkUnread { conversation }), None),
        Intent::Assign(assignee) => {
            if !store::is_staff(to, assignee)? {
                return Err(Error::NotFound { id: assignee.to_string() });
            }
            (Operation::Assign(Assign { conversation, assignee }), Some(head.assignee.base()))
        }
        Intent::Unassign => (Operation::Unassign(Unassign { conversation }), Some(head.assignee.base())),
        Intent::Star => (Operation::Star(Star { conversation }), None),
        Intent::Unstar => (Operation::Unstar(Unstar { conversation }), None),
    }))
}

/// The newest of the customer's messages that the person can have seen: the newest that is held. The head may be
/// ahead of it; what it counts was not on the screen.
fn newest_on_screen(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<MessageId>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT id FROM message WHERE conversation = ?1 AND author IS NULL ORDER BY mseq DESC LIMIT 1",
        )?
        .query_row([conversation.as_bytes()], |row| store::id(row, "id"))
        .optional()?)
}
