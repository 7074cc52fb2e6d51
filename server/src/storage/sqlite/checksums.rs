//! What a scope adds up to, so that a phone can tell whether it holds the same (docs/sync.md 8). Read in the transaction
//! of the pull that it goes with.

use rusqlite::{Connection, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::{InboxId, ShopId};
use shopbell_domain::sync::{Checksum, Entity, Scope};

use super::columns::{id, word};

/// The open heads of an inbox.
pub(super) const OPEN_HEADS_SQL: &str =
    "SELECT id, ver FROM conversation WHERE shop = ?1 AND inbox = ?2 AND status = 'open'";
/// All rows of a small scope: a row's version is the `seq` of its entry in the log.
pub(super) const ROWS_SQL: &str =
    "SELECT entity, id, seq FROM log WHERE shop = ?1 AND scope = ?2 AND ended = 0";

/// What a scope adds up to. `None` for a device's results: it holds none of them once they are settled.
pub(super) fn checksum(conn: &Connection, shop: ShopId, scope: Scope) -> rusqlite::Result<Option<Checksum>> {
    match scope {
        Scope::Device(_) => Ok(None),
        Scope::Inbox(inbox) => of_open_heads(conn, shop, inbox).map(Some),
        _ => of_rows(conn, shop, scope).map(Some),
    }
}

fn of_open_heads(conn: &Connection, shop: ShopId, inbox: InboxId) -> rusqlite::Result<Checksum> {
    let mut checksum = Checksum::default();
    let mut statement = conn.prepare_cached(OPEN_HEADS_SQL)?;
    let mut rows = statement.query(params![shop.as_bytes(), inbox.as_bytes()])?;
    while let Some(row) = rows.next()? {
        checksum.add(Entity::Conversation, id(row, 0, |id| id)?, Ver(row.get(1)?));
    }
    Ok(checksum)
}

fn of_rows(conn: &Connection, shop: ShopId, scope: Scope) -> rusqlite::Result<Checksum> {
    let mut checksum = Checksum::default();
    let mut statement = conn.prepare_cached(ROWS_SQL)?;
    let mut rows = statement.query(params![shop.as_bytes(), scope.to_string()])?;
    while let Some(row) = rows.next()? {
        let entity = word(row, 0, |word| Some(Entity::from_word(word)))?;
        checksum.add(entity, id(row, 1, |id| id)?, Ver(row.get(2)?));
    }
    Ok(checksum)
}
