//! What the server forgets, and when: that rows ended, after 30 days; what became of mutations, after 60, which is 30
//! longer than any phone keeps them (docs/sync.md 7, 10). A phone whose cursor is older than what was forgotten loads
//! the scope again.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::ids::ShopId;
use shopbell_domain::sync::{Entity, ScopeCursor};
use shopbell_domain::time::Timestamp;

use super::columns::{id, word};
use super::epochs;
use super::group::Tx;
use crate::storage::OperationError;

const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How long it is kept that a row ended, in milliseconds.
pub(super) const ENDED_KEPT_MS: i64 = 30 * DAY_MS;
/// How long it is kept what became of a mutation, in milliseconds.
pub(super) const MUTATIONS_KEPT_MS: i64 = 60 * DAY_MS;
/// The most of each that are forgotten at once, a shop: others wait for the writer meanwhile.
pub(super) const SWEEP_LIMIT_ROWS: usize = 500;

/// Those that ended since the last sweep. The index has them; SQLite would not use it by itself to change it.
pub(super) const STAMP_ENDED_SQL: &str = "UPDATE log INDEXED BY log_ended SET ended_at = ?2 \
     WHERE shop = ?1 AND ended = 1 AND ended_at IS NULL";
/// Those that ended so long ago.
pub(super) const ENDED_SQL: &str = "SELECT scope, entity, id, seq FROM log \
     WHERE shop = ?1 AND ended = 1 AND ended_at <= ?2 ORDER BY ended_at LIMIT ?3";
/// Mutations that were decided so long ago.
pub(super) const OLD_MUTATIONS_SQL: &str =
    "SELECT mid, device FROM mutation WHERE shop = ?1 AND at <= ?2 ORDER BY at LIMIT ?3";

/// Whether a phone may have missed that rows of a scope ended. One that holds nothing has missed nothing.
pub(super) fn is_too_old(conn: &Connection, shop: ShopId, asked: ScopeCursor) -> rusqlite::Result<bool> {
    let min_cursor: Option<i64> = conn
        .prepare_cached("SELECT seq FROM min_cursor WHERE shop = ?1 AND scope = ?2")?
        .query_row(params![shop.as_bytes(), asked.scope.to_string()], |row| row.get(0))
        .optional()?;
    Ok(asked.cursor > 0 && min_cursor.is_some_and(|min_cursor| asked.cursor < min_cursor))
}

/// Forgets what is old enough. Whether there is more.
pub(super) fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, OperationError> {
    let mut more = false;
    for shop in epochs::seqs(tx.conn)?.into_keys() {
        more |= sweep_ended(tx.conn, shop, now)?;
        more |= sweep_mutations(tx.conn, shop, now)?;
    }
    Ok(more)
}

fn sweep_ended(conn: &Connection, shop: ShopId, now: Timestamp) -> Result<bool, OperationError> {
    // An entry does not know when it ended: its time counts from the first sweep that sees it.
    conn.prepare_cached(STAMP_ENDED_SQL)?.execute(params![shop.as_bytes(), now.millis()])?;
    let before = now.plus_ms(-ENDED_KEPT_MS).millis();
    let found: Vec<(String, Entity, [u8; 16], i64)> = conn
        .prepare_cached(ENDED_SQL)?
        .query_map(params![shop.as_bytes(), before, SWEEP_LIMIT_ROWS as i64], |row| {
            let entity = word(row, 1, |word| Some(Entity::from_word(word)))?;
            Ok((row.get(0)?, entity, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    for (scope, entity, row_id, seq) in &found {
        forget(conn, shop, scope, *entity, row_id, *seq)?;
    }
    Ok(found.len() == SWEEP_LIMIT_ROWS)
}

fn sweep_mutations(conn: &Connection, shop: ShopId, now: Timestamp) -> Result<bool, OperationError> {
    let before = now.plus_ms(-MUTATIONS_KEPT_MS).millis();
    let found: Vec<([u8; 16], uuid::Uuid)> = conn
        .prepare_cached(OLD_MUTATIONS_SQL)?
        .query_map(params![shop.as_bytes(), before, SWEEP_LIMIT_ROWS as i64], |row| {
            Ok((row.get(0)?, id(row, 1, |id| id)?))
        })?
        .collect::<Result<_, _>>()?;
    for (mid, device) in &found {
        let scope = format!("device:{device}");
        let key = params![shop.as_bytes(), mid];
        let seq = conn
            .prepare_cached("DELETE FROM mutation WHERE shop = ?1 AND mid = ?2 RETURNING ver")?
            .query_row(key, |row| row.get(0))?;
        conn.prepare_cached("DELETE FROM mutation_failure WHERE shop = ?1 AND mid = ?2")?.execute(key)?;
        forget(conn, shop, &scope, Entity::Result, mid, seq)?;
    }
    Ok(found.len() == SWEEP_LIMIT_ROWS)
}

/// Takes an entry out of the log of a scope: cursors from before it are too old from now on.
fn forget(
    conn: &Connection,
    shop: ShopId,
    scope: &str,
    entity: Entity,
    row_id: &[u8; 16],
    seq: i64,
) -> Result<(), OperationError> {
    conn.prepare_cached("DELETE FROM log WHERE shop = ?1 AND scope = ?2 AND entity = ?3 AND id = ?4")?
        .execute(params![shop.as_bytes(), scope, entity.as_str(), row_id])?;
    conn.prepare_cached(
        "INSERT INTO min_cursor (shop, scope, seq) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
    )?
    .execute(params![shop.as_bytes(), scope, seq])?;
    Ok(())
}
