//! The server's row of a message, read back as what it came as.

use rusqlite::{Connection, OptionalExtension, Row};

use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::{MessageId, MutationId, StaffId};
use shopbell_domain::message::{Author, Delivery, Message, Revision};
use shopbell_domain::secret::SecretKind;
use shopbell_domain::time::Timestamp;

use super::StoreError;
use super::columns::{id, maybe_id};

/// A message that is held.
pub(crate) fn message(connection: &Connection, message: MessageId) -> Result<Option<Message>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT conversation, mseq, author, text, at, inbound_number, delivery, refused_by_channel, shared,
                 revision_ver, revision_mutation, revision_at, deleted, brought_by
             FROM message WHERE id = ?1",
        )?
        .query_row([message.as_bytes()], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    let author: Option<StaffId> = maybe_id(row, "author")?;
    let (delivery, shared): (Option<String>, Option<String>) = (row.get("delivery")?, row.get("shared")?);
    Ok(Message {
        conversation: id(row, "conversation")?,
        mseq: row.get("mseq")?,
        author: author.map_or(Author::Customer, Author::Staff),
        text: row.get("text")?,
        at: Timestamp::from_millis(row.get("at")?),
        inbound_number: row.get("inbound_number")?,
        delivery: delivery.as_deref().and_then(Delivery::from_word),
        refused_by_channel: row.get("refused_by_channel")?,
        shared: shared.as_deref().and_then(SecretKind::from_word),
        revision: revision(row)?,
        deleted: row.get("deleted")?,
        brought_by: maybe_id(row, "brought_by")?,
    })
}

fn revision(row: &Row<'_>) -> rusqlite::Result<Option<Revision>> {
    let ver: Option<i64> = row.get("revision_ver")?;
    let mutation: Option<MutationId> = maybe_id(row, "revision_mutation")?;
    let at: Option<i64> = row.get("revision_at")?;
    Ok(match (ver, mutation, at) {
        (Some(ver), Some(mutation), Some(at)) => {
            Some(Revision { ver: Ver(ver), mutation, at: Timestamp::from_millis(at) })
        }
        _ => None,
    })
}
