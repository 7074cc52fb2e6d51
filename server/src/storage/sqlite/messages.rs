//! Messages as they stand in their table, whoever wrote them.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::{ConversationId, MessageId, MutationId, ShopId, StaffId};
use shopbell_domain::message::{Author, Delivery, Message, Revision};
use shopbell_domain::secret::SecretKind;
use shopbell_domain::sync::{Entity, Row};

use super::columns::{id, maybe_id, time};
use super::search_index;

/// The columns of a message, in the order in which [`read`] reads them from `first` on.
pub(super) const COLUMNS: &str = "message.id, message.ver, message.conversation, message.mseq, message.author, \
     message.text, message.at, message.inbound_number, message.delivery, message.refused_by_channel, message.shared, \
     message.revision_ver, message.revision_mutation, message.revised_at, message.deleted, message.brought_by";

/// A message with its row's version.
pub(super) struct StoredMessage {
    /// Its id.
    pub(super) id: MessageId,
    /// The row's version.
    pub(super) ver: Ver,
    /// The message.
    pub(super) message: Message,
}

impl StoredMessage {
    /// As a row of its inbox.
    pub(super) fn row(&self) -> Row {
        Row::live(Entity::Message, self.id.0, self.ver, &self.message)
    }
}

/// One message.
pub(super) fn one_sql() -> String {
    format!("SELECT {COLUMNS} FROM message WHERE shop = ?1 AND id = ?2")
}

/// A message of this shop.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    message: MessageId,
) -> rusqlite::Result<Option<StoredMessage>> {
    conn.prepare_cached(&one_sql())?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| read(row, 0))
        .optional()
}

/// The message in [`COLUMNS`] from column `first` on.
pub(super) fn read(row: &SqlRow<'_>, first: usize) -> rusqlite::Result<StoredMessage> {
    let (conversation, mseq) = (id(row, first + 2, ConversationId)?, row.get(first + 3)?);
    let author = author(maybe_id(row, first + 4, StaffId)?);
    let revision = match row.get::<_, Option<i64>>(first + 11)? {
        Some(ver) => Some(Revision {
            ver: Ver(ver),
            mutation: id(row, first + 12, MutationId)?,
            at: time(row, first + 13)?,
        }),
        None => None,
    };
    let message = Message {
        inbound_number: row.get(first + 7)?,
        delivery: row.get::<_, Option<String>>(first + 8)?.and_then(|word| Delivery::from_word(&word)),
        refused_by_channel: row.get(first + 9)?,
        shared: row.get::<_, Option<String>>(first + 10)?.and_then(|word| SecretKind::from_word(&word)),
        revision,
        deleted: row.get(first + 14)?,
        brought_by: maybe_id(row, first + 15, StaffId)?,
        ..Message::new(conversation, mseq, author, row.get(first + 5)?, time(row, first + 6)?)
    };
    Ok(StoredMessage { id: id(row, first, MessageId)?, ver: Ver(row.get(first + 1)?), message })
}

/// Who wrote a message, from its column.
pub(super) fn author(staff: Option<StaffId>) -> Author {
    staff.map_or(Author::Customer, Author::Staff)
}

/// Stores a new message. Its row's version follows by [`stamp`].
pub(super) fn insert(
    conn: &Connection,
    shop: ShopId,
    id: MessageId,
    message: &Message,
) -> rusqlite::Result<()> {
    let author = match message.author {
        Author::Staff(staff) => Some(*staff.as_bytes()),
        Author::Customer => None,
    };
    conn.prepare_cached(
        "INSERT INTO message (shop, id, conversation, mseq, author, text, at, inbound_number, brought_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        shop.as_bytes(),
        id.as_bytes(),
        message.conversation.as_bytes(),
        message.mseq,
        author,
        message.text,
        message.at.millis(),
        message.inbound_number,
        message.brought_by.map(|staff| *staff.as_bytes()),
    ])?;
    update(conn, shop, id, message)
}

/// Stores what can change of a message.
pub(super) fn update(
    conn: &Connection,
    shop: ShopId,
    id: MessageId,
    message: &Message,
) -> rusqlite::Result<()> {
    let revision = message.revision.as_ref();
    conn.prepare_cached(
        "UPDATE message SET text = ?3, delivery = ?4, shared = ?5, revision_ver = ?6, revision_mutation = ?7,
             revised_at = ?8, deleted = ?9
         WHERE shop = ?1 AND id = ?2",
    )?
    .execute(params![
        shop.as_bytes(),
        id.as_bytes(),
        message.text,
        message.delivery.map(Delivery::as_str),
        message.shared.map(SecretKind::as_str),
        revision.map(|revision| revision.ver.0),
        revision.map(|revision| *revision.mutation.as_bytes()),
        revision.map(|revision| revision.at.millis()),
        message.deleted,
    ])?;
    search_index::update(conn, shop, Entity::Message, id.0)
}

/// Takes a message away that went nowhere and leaves no trace under its id.
pub(super) fn delete(conn: &Connection, shop: ShopId, id: MessageId) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM message WHERE shop = ?1 AND id = ?2")?
        .execute(params![shop.as_bytes(), id.as_bytes()])?;
    search_index::update(conn, shop, Entity::Message, id.0)
}

/// Gives a message that changed the version of its change, and its edit if that is what changed.
pub(super) fn stamp(conn: &Connection, shop: ShopId, id: MessageId, ver: Ver) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE message SET ver = ?3, revision_ver = CASE revision_ver WHEN ?4 THEN ?3 ELSE revision_ver END
         WHERE shop = ?1 AND id = ?2",
    )?
    .execute(params![shop.as_bytes(), id.as_bytes(), ver.0, Ver::PENDING.0])?;
    Ok(())
}

/// Whether a message of the shop has this id: ids are unique in a shop, so that a reply cannot be sent twice under
/// two mutations.
pub(super) fn is_known(conn: &Connection, shop: ShopId, id: MessageId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM message WHERE shop = ?1 AND id = ?2")?
        .exists(params![shop.as_bytes(), id.as_bytes()])
}
