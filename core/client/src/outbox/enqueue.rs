//! How a change that a person makes gets into the outbox: with what they were looking at, under ids chosen here.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::conversation::unread;
use shopbell_domain::ids::{ConversationId, MessageId, MutationId, StaffId};
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::unassign::Unassign;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::text::{TEXT_LIMIT_CHARS, message_text};
use shopbell_domain::time::Timestamp;

use crate::error::Error;
use crate::store::{self, StoreError, Write};

/// What a person asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Intent<'a> {
    /// This reply, under this id.
    Send(MessageId, &'a str),
    /// The conversation is done.
    Close,
    /// It is not.
    Reopen,
    /// Everything that is on the screen was read.
    MarkRead,
    /// This person answers it.
    Assign(StaffId),
    /// Nobody in particular does.
    Unassign,
}

/// Puts what a person asked for at the end of the outbox. `None`: there was nothing to do.
///
/// The outer error is the disk's, the inner one the caller's: then nothing was written.
pub(crate) fn enqueue(
    to: &mut Write<'_>,
    conversation: ConversationId,
    intent: Intent<'_>,
    mid: MutationId,
    now: Timestamp,
) -> Result<Result<Option<MutationId>, Error>, StoreError> {
    let Some(subject) = store::replay(to, conversation)? else {
        return Ok(Err(Error::NotFound { id: conversation.to_string() }));
    };
    let head = &subject.head;
    let (operation, base) = match intent {
        Intent::Send(message, text) => {
            if let Err(error) = message_text(text, TEXT_LIMIT_CHARS) {
                return Ok(Err(error.into()));
            }
            (Operation::SendMessage(SendMessage { conversation, message, text: text.to_owned() }), None)
        }
        Intent::Close => {
            let seen = newest_on_screen(to, conversation)?;
            (Operation::Close(Close { conversation, seen }), Some(head.status.base()))
        }
        Intent::Reopen => (Operation::Reopen(Reopen { conversation }), Some(head.status.base())),
        Intent::MarkRead => {
            if unread(head, Some(&subject.marker)) == 0 {
                return Ok(Ok(None));
            }
            let Some(message) = newest_on_screen(to, conversation)?.or(head.last_inbound) else {
                return Ok(Ok(None));
            };
            (Operation::MarkRead(MarkRead { conversation, message }), None)
        }
        Intent::Assign(assignee) => {
            if !store::is_staff(to, assignee)? {
                return Ok(Err(Error::NotFound { id: assignee.to_string() }));
            }
            (Operation::Assign(Assign { conversation, assignee }), Some(head.assignee.base()))
        }
        Intent::Unassign => (Operation::Unassign(Unassign { conversation }), Some(head.assignee.base())),
    };
    let message = store::message_of(&operation);
    to.append(&Mutation::new(mid, &operation, base, now), conversation, message)?;
    Ok(Ok(Some(mid)))
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
