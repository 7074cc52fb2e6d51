//! Editing and deleting a message that was sent. It begins once the server has answered for the message: until then there
//! is nothing to change, only something to take back (docs/sync.md 13).

use shopbell_domain::ids::{ConversationId, MessageId, MutationId};
use shopbell_domain::message::{Message, Revision};
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::{Mutation, Operation, Subject};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::time::Timestamp;

use crate::error::Error;
use crate::store::{self, Write};

/// The message says this now. `None`: it says so already.
pub(crate) fn edit_message(
    to: &mut Write<'_>,
    conversation: ConversationId,
    message: MessageId,
    text: &str,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let shown = shown(to, conversation, message)?;
    let base = shown.revision.as_ref().map(Revision::base);
    let operation = Operation::EditMessage(EditMessage { conversation, message, text: text.to_owned() });
    revise(to, conversation, shown, Mutation::new(mid, &operation, base, now), &operation)
}

/// The message loses its words. `None`: it has none any more.
pub(crate) fn delete_message(
    to: &mut Write<'_>,
    conversation: ConversationId,
    message: MessageId,
    mid: MutationId,
    now: Timestamp,
) -> Result<Option<MutationId>, Error> {
    let shown = shown(to, conversation, message)?;
    let operation = Operation::DeleteMessage(DeleteMessage { conversation, message });
    revise(to, conversation, shown, Mutation::new(mid, &operation, None, now), &operation)
}

fn revise(
    to: &mut Write<'_>,
    conversation: ConversationId,
    shown: Message,
    mutation: Mutation,
    operation: &Operation,
) -> Result<Option<MutationId>, Error> {
    let subject = store::replay(to, conversation)?;
    let subject = subject.ok_or_else(|| Error::NotFound { id: conversation.to_string() })?;
    let before = Subject { message: Some(shown), ..subject };
    match store::after(to, &before, &mutation, operation)? {
        Ok(after) if after.message == before.message => return Ok(None),
        Ok(_) => {}
        Err(refusal) => check(&refusal, &mutation)?,
    }
    to.append(&mutation, operation, None)?;
    Ok(Some(mutation.mid))
}

/// The message as it is shown, with earlier edits that wait.
fn shown(to: &Write<'_>, conversation: ConversationId, message: MessageId) -> Result<Message, Error> {
    if store::reply(to, message)?.is_some() {
        return Err(Error::OnItsWay);
    }
    let held = match store::revised(to, conversation)?.remove(&message) {
        Some(revised) => Some(revised),
        None => store::message(to, message)?,
    };
    held.filter(|held| held.conversation == conversation)
        .ok_or_else(|| Error::NotFound { id: message.to_string() })
}

/// What is clear at once; the rest is the server's to decide.
fn check(refusal: &Refusal, mutation: &Mutation) -> Result<(), Error> {
    Err(match refusal {
        Refusal::TextEmpty => Error::TextEmpty,
        Refusal::TextTooLong { limit_chars } => Error::TextTooLong { limit: *limit_chars },
        Refusal::NotTheAuthor | Refusal::MessageDeleted => Error::CannotRevise,
        Refusal::NoPermission { .. } => Error::NoPermission,
        _ => {
            tracing::debug!(mid = %mutation.mid, code = refusal.code(), "the server decides");
            return Ok(());
        }
    })
}
