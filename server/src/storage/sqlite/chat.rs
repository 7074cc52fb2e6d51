//! The web chat's own tables: browsers' sessions and the events that each is shown.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shopbell_domain::ids::{ChannelId, MessageId, SessionId, ShopId, StaffId};
use shopbell_domain::message::Author;

use super::admin::origins;
use super::columns::{id, maybe_id, time};
use super::group::Tx;
use super::{messages, restored, secrets};
use crate::channel::chat_ids;
use crate::storage::{
    CHAT_EVENTS_LIMIT_ROWS, ChatCaller, ChatEvent, ChatEvents, ChatShop, Denied, NewChat, OperationError,
    Presence,
};

/// A browser's events after an `n`, oldest first.
pub(super) const EVENTS_SQL: &str = "SELECT chat_event.n, message.id, message.author, staff.name, message.text, \
         message.at, chat_event.place, message.revision_ver IS NOT NULL, message.deleted, secret.kind, secret.title, \
         secret.body \
     FROM chat_event \
     JOIN message ON message.shop = chat_event.shop AND message.id = chat_event.message \
     LEFT JOIN staff ON staff.shop = message.shop AND staff.id = message.author \
     LEFT JOIN secret ON secret.shop = message.shop AND secret.id = message.id \
     WHERE chat_event.shop = ?1 AND chat_event.session = ?2 AND chat_event.n > ?3 \
     ORDER BY chat_event.n LIMIT ?4";

pub(super) fn shop(conn: &Connection, public_key: &str) -> Result<ChatShop, OperationError> {
    let found = conn
        .prepare_cached(
            "SELECT shop.id, shop.name, channel.id FROM channel JOIN shop ON shop.id = channel.shop
             WHERE channel.public_key = ?1",
        )?
        .query_row(params![public_key], |row| Ok((id(row, 0, ShopId)?, row.get(1)?, id(row, 2, ChannelId)?)))
        .optional()?;
    let (shop, name, channel) = found.ok_or(Denied::NotFound)?;
    Ok(ChatShop { shop, name, channel, origins: origins(conn, shop)? })
}

pub(super) fn is_origin_known(conn: &Connection, origin: &str) -> Result<bool, OperationError> {
    Ok(conn.prepare_cached("SELECT 1 FROM shop_origin WHERE origin = ?1")?.exists(params![origin])?)
}

pub(super) fn begin(tx: &mut Tx<'_>, chat: &NewChat) -> Result<(), OperationError> {
    let page = chat.page.as_ref();
    tx.conn
        .prepare_cached(
            "INSERT INTO chat_session (shop, id, channel, token_hash, name, language, page_url, page_title,
                 created_at, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
        )?
        .execute(params![
            chat.shop.as_bytes(),
            chat.session.as_bytes(),
            chat.channel.as_bytes(),
            chat.token_hash,
            chat.name,
            chat.language,
            page.map(|page| &page.url),
            page.map(|page| &page.title),
            chat.now.millis()
        ])?;
    Ok(())
}

/// Begins a session that a restore has lost, under its old id. One that is there is not touched: it is this one if it
/// has the same secret. What phones brought back of its conversation waits for it no more.
pub(super) fn begin_again(tx: &mut Tx<'_>, chat: &NewChat) -> Result<bool, OperationError> {
    let known: Option<bool> = tx
        .conn
        .prepare_cached(
            "SELECT shop = ?2 AND channel = ?3 AND token_hash = ?4 FROM chat_session WHERE id = ?1",
        )?
        .query_row(
            params![chat.session.as_bytes(), chat.shop.as_bytes(), chat.channel.as_bytes(), chat.token_hash],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(is_this) = known {
        return Ok(is_this);
    }
    begin(tx, chat)?;
    let (_, conversation) = chat_ids(chat.session);
    restored::note_address(tx, chat.shop, conversation, &chat.session.to_string(), chat.now)?;
    Ok(true)
}

pub(super) fn identify(conn: &Connection, token_hash: &[u8; 32]) -> Result<ChatCaller, OperationError> {
    let found = conn
        .prepare_cached("SELECT shop, id, channel, name FROM chat_session WHERE token_hash = ?1")?
        .query_row(params![token_hash], |row| {
            Ok(ChatCaller {
                shop: id(row, 0, ShopId)?,
                session: id(row, 1, SessionId)?,
                channel: id(row, 2, ChannelId)?,
                name: row.get(3)?,
                origins: Vec::new(),
            })
        })
        .optional()?;
    let mut caller = found.ok_or(Denied::NotFound)?;
    caller.origins = origins(conn, caller.shop)?;
    Ok(caller)
}

pub(super) fn events(
    conn: &Connection,
    caller: &ChatCaller,
    after: i64,
) -> Result<ChatEvents, OperationError> {
    let limit = CHAT_EVENTS_LIMIT_ROWS as i64 + 1;
    let mut events = conn
        .prepare_cached(EVENTS_SQL)?
        .query_map(params![caller.shop.as_bytes(), caller.session.as_bytes(), after, limit], event)?
        .collect::<Result<Vec<_>, _>>()?;
    let more = events.len() > CHAT_EVENTS_LIMIT_ROWS;
    events.truncate(CHAT_EVENTS_LIMIT_ROWS);
    Ok(ChatEvents { events, more })
}

fn event(row: &Row<'_>) -> rusqlite::Result<ChatEvent> {
    let author = messages::author(maybe_id(row, 2, StaffId)?);
    let deleted: bool = row.get(8)?;
    Ok(ChatEvent {
        n: row.get(0)?,
        place: row.get(6)?,
        message: id(row, 1, MessageId)?,
        author,
        name: if author == Author::Customer { None } else { row.get(3)? },
        text: secrets::told(row, 9, row.get(4)?)?,
        at: time(row, 5)?,
        edited: row.get::<_, bool>(7)? && !deleted,
        deleted,
    })
}

pub(super) fn record_presence(tx: &mut Tx<'_>, presence: &Presence) -> Result<(), OperationError> {
    let page = presence.page.as_ref();
    tx.conn
        .prepare_cached(
            "UPDATE chat_session SET seen_at = ?3, here = ?4, page_url = COALESCE(?5, page_url),
                 page_title = COALESCE(?6, page_title)
             WHERE shop = ?1 AND id = ?2",
        )?
        .execute(params![
            presence.caller.shop.as_bytes(),
            presence.caller.session.as_bytes(),
            presence.now.millis(),
            presence.here,
            page.map(|page| &page.url),
            page.map(|page| &page.title)
        ])?;
    Ok(())
}

pub(super) fn deliver(tx: &mut Tx<'_>, shop: ShopId, message: MessageId) -> Result<(), OperationError> {
    if event_number(tx.conn, shop, message)?.is_some() {
        return Ok(());
    }
    let found: Option<(String, bool)> = tx
        .conn
        .prepare_cached(
            "SELECT conversation.address, message.deleted
             FROM message
             JOIN conversation ON conversation.shop = message.shop AND conversation.id = message.conversation
             WHERE message.shop = ?1 AND message.id = ?2",
        )?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (address, deleted) = found.ok_or(Denied::NotFound)?;
    let session = address.parse().map_err(|_| Denied::NotFound)?;
    // Deleted while it was on its way: there is nothing to show, and nothing to take back.
    if !deleted {
        add_event(tx, shop, session, message)?;
    }
    Ok(())
}

/// Adds an event to a browser's sequence and gives its `n`. `NotFound` when there is no such browser.
pub(super) fn add_event(
    tx: &mut Tx<'_>,
    shop: ShopId,
    session: SessionId,
    message: MessageId,
) -> Result<i64, OperationError> {
    let n = next_number(tx, shop, session)?;
    tx.conn
        .prepare_cached(
            "INSERT INTO chat_event (shop, session, n, message, place) VALUES (?1, ?2, ?3, ?4, ?3)",
        )?
        .execute(params![shop.as_bytes(), session.as_bytes(), n, message.as_bytes()])?;
    Ok(n)
}

/// Shows a message that changed once more to the browser that was shown it, under a new `n` and at its old place. One
/// that was not shown yet will be as it is then.
pub(super) fn show_again(tx: &mut Tx<'_>, shop: ShopId, message: MessageId) -> Result<(), OperationError> {
    let session = tx
        .conn
        .prepare_cached("SELECT session FROM chat_event WHERE shop = ?1 AND message = ?2")?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| id(row, 0, SessionId))
        .optional()?;
    if let Some(session) = session {
        let n = next_number(tx, shop, session)?;
        tx.conn
            .prepare_cached("UPDATE chat_event SET n = ?3 WHERE shop = ?1 AND message = ?2")?
            .execute(params![shop.as_bytes(), message.as_bytes(), n])?;
    }
    Ok(())
}

/// Counts one more event of a browser and gives its `n`.
fn next_number(tx: &mut Tx<'_>, shop: ShopId, session: SessionId) -> Result<i64, OperationError> {
    let n: Option<i64> = tx
        .conn
        .prepare_cached(
            "UPDATE chat_session SET events = events + 1 WHERE shop = ?1 AND id = ?2 RETURNING events",
        )?
        .query_row(params![shop.as_bytes(), session.as_bytes()], |row| row.get(0))
        .optional()?;
    tx.committed.chats.insert(session);
    Ok(n.ok_or(Denied::NotFound)?)
}

/// A message's `n` among the events of the browser that is shown it.
pub(super) fn event_number(
    conn: &Connection,
    shop: ShopId,
    message: MessageId,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT n FROM chat_event WHERE shop = ?1 AND message = ?2")?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| row.get(0))
        .optional()
}
