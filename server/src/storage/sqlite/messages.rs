//! Messages as they enter their table, whoever wrote them.

use rusqlite::{Connection, params};
use shopbell_domain::ids::{MessageId, ShopId};
use shopbell_domain::message::{Author, Message};
use shopbell_domain::sync::Entity;

use super::search_index;

/// Stores a new message.
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
        "INSERT INTO message (shop, id, conversation, mseq, author, text, at, inbound_number, delivery)
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
        message.delivery.map(|delivery| delivery.as_str()),
    ])?;
    search_index::update(conn, shop, Entity::Message, id.0)
}

/// Whether a message of the shop has this id: ids are unique in a shop, so that a reply cannot be sent twice under
/// two mutations.
pub(super) fn is_known(conn: &Connection, shop: ShopId, id: MessageId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM message WHERE shop = ?1 AND id = ?2")?
        .exists(params![shop.as_bytes(), id.as_bytes()])
}
