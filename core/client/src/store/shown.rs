//! What is shown of a conversation = the server's rows + a replay of the outbox, by the rules of the domain.
//!
//! The table `shown` follows from the other tables. It is not a cache that may be late: each transaction that touches
//! a conversation brings its row up to date, and a test makes all of them again and compares.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::conversation::{ReadMarker, unread};
use shopbell_domain::ids::{ConversationId, MessageId, StaffId};
use shopbell_domain::mutation::{Facts, Operation, Subject};
use shopbell_domain::text::TEXT_LIMIT_CHARS;

use super::{StoreError, Write, outbox, people, tables};

/// A conversation with its outbox applied; `None` when its head is not held. What the rules would refuse is left out:
/// the server decides, and says so in a result.
pub(crate) fn replay(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Subject>, StoreError> {
    let Some(head) = tables::head(connection, conversation)? else {
        return Ok(None);
    };
    let count = connection
        .prepare_cached("SELECT count FROM read_marker WHERE id = ?1")?
        .query_row([conversation.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut subject = Subject { head, marker: ReadMarker { conversation, count: count.unwrap_or(0) } };
    let Some(actor) = people::me(connection)? else {
        return Ok(Some(subject));
    };
    for entry in outbox::of_conversation(connection, conversation)? {
        let Ok(operation) = entry.mutation.operation() else {
            continue; // of a newer version of this app; the server will know it
        };
        if entry.set_aside {
            continue;
        }
        if let Some(message) = outbox::message_of(&operation)
            && holds_message(connection, message)?
        {
            continue;
        }
        let facts = Facts {
            actor: actor.clone(),
            mid: entry.mutation.mid,
            base: entry.mutation.base,
            now: entry.shown_at,
            named_staff: match operation.named_staff() {
                Some(staff) => people::person(connection, staff)?,
                None => None,
            },
            seen_number: seen_number(connection, &operation, &subject)?,
            text_limit_chars: TEXT_LIMIT_CHARS,
        };
        let _refused_here = operation.apply(&facts, &mut subject);
    }
    Ok(Some(subject))
}

/// Brings one conversation's row up to date.
pub(super) fn recompute(connection: &Connection, conversation: ConversationId) -> Result<(), StoreError> {
    let Some(subject) = replay(connection, conversation)? else {
        connection
            .prepare_cached("DELETE FROM shown WHERE conversation = ?1")?
            .execute([conversation.as_bytes()])?;
        return Ok(());
    };
    let head = &subject.head;
    let preview = head.preview.as_ref();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO shown (conversation, customer_name, customer_number, channel, status, assignee,
                 activity_at, unread, waiting, not_sent, preview_message, preview_author, preview_text)
             VALUES (?1, (SELECT name FROM customer WHERE id = ?2), (SELECT number FROM customer WHERE id = ?2),
                 ?3, ?4, ?5, ?6, ?7,
                 (SELECT count(*) FROM outbox WHERE conversation = ?1 AND message IS NOT NULL AND fault IS NULL),
                 (SELECT count(*) FROM journal
                  WHERE listed = 1 AND conversation = ?1 AND message IS NOT NULL),
                 ?8, ?9, ?10)",
        )?
        .execute((
            conversation.as_bytes(),
            head.customer.as_bytes(),
            head.channel.as_bytes(),
            tables::status_word(head.status.value),
            head.assignee.value.as_ref().map(StaffId::as_bytes),
            head.activity_at.millis(),
            unread(head, Some(&subject.marker)),
            preview.map(|preview| preview.message.as_bytes()),
            preview.and_then(|preview| tables::author_column(preview.author)).as_ref().map(StaffId::as_bytes),
            preview.map_or("", |preview| preview.text.as_str()),
        ))?;
    Ok(())
}

impl Write<'_> {
    /// Makes the whole table again, as a check of what was kept up to date.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn recompute_everything(&mut self) -> Result<(), StoreError> {
        self.execute("DELETE FROM shown", [])?;
        let all: Vec<ConversationId> = self
            .prepare("SELECT id FROM conversation ORDER BY id")?
            .query_map([], |row| super::columns::id(row, "id"))?
            .collect::<Result<_, _>>()?;
        self.touched.conversations.extend(all);
        Ok(())
    }
}

/// Whether the server's row of this message is held: then it is shown, not the replay.
pub(crate) fn holds_message(connection: &Connection, message: MessageId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM message WHERE id = ?1")?.exists([message.as_bytes()])?)
}

/// The number of the customer's message that the operation names. The newest one's number is known from the head even
/// when the message itself is not held.
fn seen_number(
    connection: &Connection,
    operation: &Operation,
    subject: &Subject,
) -> Result<Option<i64>, StoreError> {
    let Some(message) = operation.seen_message() else {
        return Ok(None);
    };
    let held: Option<Option<i64>> = connection
        .prepare_cached("SELECT inbound_number FROM message WHERE id = ?1 AND conversation = ?2")?
        .query_row((message.as_bytes(), operation.conversation().as_bytes()), |row| row.get(0))
        .optional()?;
    let newest = (subject.head.last_inbound == Some(message)).then_some(subject.head.inbound_count);
    Ok(held.flatten().or(newest))
}
