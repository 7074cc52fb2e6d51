//! History: older messages than the phone holds.

use rusqlite::{Connection, params};
use shopbell_domain::ids::{ConversationId, ShopId};
use shopbell_domain::sync::{HistoryAnswer, Row};

use super::rows::{self, MESSAGE_COLUMNS};
use super::standing;
use crate::storage::{History, OperationError};

/// The messages of a conversation below an `mseq`, newest first.
pub(super) fn messages_sql() -> String {
    format!(
        "SELECT {MESSAGE_COLUMNS} FROM message WHERE shop = ?1 AND conversation = ?2 AND mseq < ?3 \
         ORDER BY mseq DESC LIMIT ?4"
    )
}

pub(super) fn history(conn: &Connection, asked: &History) -> Result<HistoryAnswer, OperationError> {
    let shop = asked.caller.shop;
    let grant = standing::grant_of(conn, &asked.caller, asked.conversation)?;
    let before = asked.before.unwrap_or(i64::MAX);
    let mut rows = messages(conn, shop, asked.conversation, before, asked.limit + 1)?;
    let more = rows.len() > asked.limit;
    rows.truncate(asked.limit);
    Ok(HistoryAnswer {
        also: Vec::new(),
        epoch: standing::epoch(conn)?,
        scope: grant.scope,
        grant: grant.grant,
        seq: standing::shop_seq(conn, shop)?,
        rows,
        more,
    })
}

/// Messages of a conversation with an `mseq` below `before`, newest first.
pub(super) fn messages(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    before: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Row>> {
    conn.prepare_cached(&messages_sql())?
        .query_map(params![shop.as_bytes(), conversation.as_bytes(), before, limit as i64], |row| {
            rows::message(row, 0)
        })?
        .collect()
}
