//! The outbox as a list: what was refused and needs somebody, then what waits.

use rusqlite::Connection;

use shopbell_domain::ids::ConversationId;
use shopbell_domain::mutation::{Operation, Target};
use shopbell_l10n::Lang;

use super::{OutboxRow, OutboxState, refusal_words};
use crate::inbox::customer_of;
use crate::store::{self, Entry, StoreError};

/// The most rows of the outbox that are listed at once. More are still sent.
const LIST_LIMIT_ROWS: usize = 1_000;

/// Refused changes first, oldest first, then those that wait, in the order in which they are sent.
pub(crate) fn list(connection: &Connection, lang: Lang) -> Result<Vec<OutboxRow>, StoreError> {
    list_at_most(connection, lang, LIST_LIMIT_ROWS)
}

/// The same, with so many that wait.
pub(crate) fn list_at_most(
    connection: &Connection,
    lang: Lang,
    limit: usize,
) -> Result<Vec<OutboxRow>, StoreError> {
    let mut rows = Vec::new();
    for refused in store::listed(connection, None)? {
        let operation = refused.asked.operation();
        rows.push(OutboxRow {
            id: refused.mid,
            conversation: operation.as_ref().and_then(conversation),
            customer: customer_of(connection, lang, refused.target)?.unwrap_or_default(),
            text: match operation {
                Some(Operation::Cancel(args)) => {
                    store::message(connection, args.message)?.map(|message| message.text)
                }
                operation => operation.and_then(text),
            },
            at: refused.client_ts,
            state: OutboxState::NotSent {
                code: refused.refusal.code().to_owned(),
                reason: refusal_words(connection, lang, refused.target, &refused.refusal)?,
            },
            name: refused.asked.name,
        });
    }
    for entry in store::oldest(connection, limit)? {
        let operation = entry.mutation.operation().ok();
        if !is_listed(&entry, operation.as_ref()) {
            continue;
        }
        rows.push(OutboxRow {
            id: entry.mutation.mid,
            conversation: operation.as_ref().and_then(conversation),
            customer: customer_of(connection, lang, entry.target)?.unwrap_or_default(),
            text: operation.and_then(text),
            at: entry.mutation.client_ts,
            state: state(&entry),
            name: entry.mutation.name,
        });
    }
    Ok(rows)
}

fn state(entry: &Entry) -> OutboxState {
    match entry.cancelled_by {
        _ if entry.set_aside => OutboxState::SetAside,
        Some(_) => OutboxState::Cancelling,
        None => OutboxState::Waiting,
    }
}

/// What a person made and that waits: neither what is only brought back to a restored server, nor a cancel, which shows
/// at what it takes back.
fn is_listed(entry: &Entry, operation: Option<&Operation>) -> bool {
    let own = !matches!(operation, Some(Operation::RecoverMessage(_) | Operation::Cancel(_)));
    own && entry.mutation.replay.is_none()
}

fn conversation(operation: &Operation) -> Option<ConversationId> {
    match operation.target() {
        Target::Conversation(conversation) => Some(conversation),
        Target::Customer(_) => None,
    }
}

/// What the person wrote.
fn text(operation: Operation) -> Option<String> {
    match operation {
        Operation::SendMessage(args) => Some(match args.secret {
            Some(secret) => secret.told(&args.text),
            None => args.text,
        }),
        Operation::EditMessage(args) => Some(args.text),
        Operation::AddNote(args) => Some(args.text),
        Operation::EditNote(args) => Some(args.text),
        Operation::AddTag(args) => Some(args.tag),
        Operation::RemoveTag(args) => Some(args.tag),
        _ => None,
    }
}
