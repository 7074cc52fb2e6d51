//! The outbox as a list: what was refused and needs somebody, then what waits.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::ids::ConversationId;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_l10n::Lang;

use super::{OutboxRow, OutboxState, refusal_words};
use crate::inbox::customer_name;
use crate::store::{self, Entry, StoreError};

/// The most rows of the outbox that are listed at once. More are still sent.
const LIST_LIMIT_ROWS: usize = 1_000;

/// Refused changes first, oldest first, then those that wait, in the order in which they are sent.
pub(crate) fn list(connection: &Connection, lang: Lang) -> Result<Vec<OutboxRow>, StoreError> {
    let mut rows = Vec::new();
    for refused in store::listed(connection, None)? {
        rows.push(OutboxRow {
            id: refused.mid,
            conversation: refused.conversation,
            customer: customer(connection, lang, refused.conversation)?,
            text: serde_json::from_str::<SendMessage>(&refused.args).ok().map(|send| send.text),
            at: refused.client_ts,
            state: OutboxState::NotSent {
                code: refused.refusal.code().to_owned(),
                reason: refusal_words(connection, lang, refused.conversation, &refused.refusal)?,
            },
            name: refused.name,
        });
    }
    for entry in store::oldest(connection, LIST_LIMIT_ROWS)? {
        rows.push(OutboxRow {
            id: entry.mutation.mid,
            conversation: entry.conversation,
            customer: customer(connection, lang, entry.conversation)?,
            text: match entry.mutation.operation() {
                Ok(Operation::SendMessage(send)) => Some(send.text),
                _ => None,
            },
            at: entry.mutation.client_ts,
            state: state(&entry),
            name: entry.mutation.name,
        });
    }
    Ok(rows)
}

fn state(entry: &Entry) -> OutboxState {
    if entry.set_aside { OutboxState::SetAside } else { OutboxState::Waiting }
}

fn customer(connection: &Connection, lang: Lang, conversation: ConversationId) -> Result<String, StoreError> {
    let found: Option<(Option<String>, Option<i64>)> = connection
        .prepare_cached("SELECT customer_name, customer_number FROM shown WHERE conversation = ?1")?
        .query_row([conversation.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(name, number)| customer_name(lang, name, number)).unwrap_or_default())
}
