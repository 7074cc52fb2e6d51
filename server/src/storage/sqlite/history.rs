//! History: older messages than the phone holds.

use rusqlite::{Connection, params};
use shopbell_domain::ids::{ConversationId, ShopId};
use shopbell_domain::sync::{AlsoRows, Entity, HistoryAnswer, Row, Scope};

use super::messages::{self, COLUMNS, StoredMessage};
use super::{heads, notes, rows, secrets, standing};
use crate::storage::{Denied, History, OperationError};

/// The messages of a conversation below an `mseq`, newest first.
pub(super) fn messages_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM message WHERE shop = ?1 AND conversation = ?2 AND mseq < ?3 \
         ORDER BY mseq DESC LIMIT ?4"
    )
}

pub(super) fn history(conn: &Connection, asked: &History) -> Result<HistoryAnswer, OperationError> {
    let shop = asked.caller.shop;
    let granted = standing::granted(conn, &asked.caller)?;
    let stored = heads::load(conn, shop, asked.conversation)?.ok_or(Denied::NotFound)?;
    let grant =
        granted.iter().find(|grant| grant.scope == Scope::Inbox(stored.inbox)).ok_or(Denied::NotFound)?;
    let before = asked.before.unwrap_or(i64::MAX);
    let mut found = newest(conn, shop, asked.conversation, before, asked.limit + 1)?;
    let more = found.len() > asked.limit;
    found.truncate(asked.limit);
    let mut also = Vec::new();
    if before > stored.head.last_mseq {
        // A phone asks for the newest when a conversation comes back to it that it does not hold: whoever writes there
        // and what is noted about them has not changed, so the log does not say it.
        let customer = stored.head.customer;
        let mut rows = Vec::from_iter(rows::load(conn, shop, grant.scope, Entity::Customer, customer.0)?);
        for (note, stored) in notes::about(conn, shop, customer)? {
            rows.push(Row::live(Entity::Note, note.0, stored.ver, &stored.note));
        }
        also.push(AlsoRows { scope: grant.scope, grant: grant.grant, rows });
    }
    let sharing = found.iter().filter(|stored| stored.message.shared.is_some()).map(|stored| stored.id);
    also.extend(secrets::also(conn, shop, stored.inbox, &granted, sharing)?);
    Ok(HistoryAnswer {
        also,
        epoch: standing::epoch(conn)?,
        scope: grant.scope,
        grant: grant.grant,
        seq: standing::shop_seq(conn, shop)?,
        rows: found.iter().map(StoredMessage::row).collect(),
        more,
    })
}

/// Messages of a conversation with an `mseq` below `before`, newest first.
pub(super) fn newest(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    before: i64,
    limit: usize,
) -> rusqlite::Result<Vec<StoredMessage>> {
    conn.prepare_cached(&messages_sql())?
        .query_map(params![shop.as_bytes(), conversation.as_bytes(), before, limit as i64], |row| {
            messages::read(row, 0)
        })?
        .collect()
}
