//! Brings what is revoked into a database that is opened, and what an older server had noted there into the store.
//! After a restore this is what keeps a removed device out and a permission away (docs/sync.md 20.1).

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::ids::{ShopId, StaffId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::Scope;
use uuid::Uuid;

use super::changes::Changed;
use super::columns::{id, json, to_json};
use super::group::Tx;
use super::revocations::Revocations;
use crate::storage::{OperationError, StorageError};

/// Whether a device or a person of a shop was removed.
pub(super) fn is_removed(conn: &Connection, shop: ShopId, ids: [Uuid; 2]) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM removed WHERE shop = ?1 AND id IN (?2, ?3)")?.exists(params![
        shop.as_bytes(),
        ids[0].as_bytes(),
        ids[1].as_bytes()
    ])
}

/// Notes in the database that a device or a person was removed; the store knows already.
pub(super) fn note_removed(conn: &Connection, shop: ShopId, removed: Uuid) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO removed (shop, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![shop.as_bytes(), removed.as_bytes()])?;
    Ok(())
}

/// The permissions that somebody loses who could do `before` and may do `after`.
pub(super) fn lost(before: &Permissions, after: &Permissions) -> Vec<Permission> {
    let allowed = Permission::ALL.into_iter().filter(|permission| before.allow(*permission));
    allowed.filter(|permission| !after.allow(*permission)).collect()
}

/// What a server from before the store had revoked, into the store.
pub(super) fn collect(conn: &Connection, store: &Revocations) -> Result<(), StorageError> {
    let known = store.all()?;
    let removed: Vec<(ShopId, Uuid)> = conn
        .prepare("SELECT shop, id FROM removed")?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, id(row, 1, |id| id)?)))?
        .collect::<Result<_, _>>()?;
    for (shop, removed) in removed.into_iter().filter(|removed| !known.removed.contains(removed)) {
        store.remove(shop, removed)?;
    }
    let passwords: Vec<(ShopId, StaffId, i64, String)> = conn
        .prepare("SELECT shop, id, token_generation, password_hash FROM staff WHERE token_generation > 1")?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, id(row, 1, StaffId)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for (shop, staff, generation, hash) in passwords {
        let is_known = |known: &(ShopId, StaffId, i64, String)| {
            (known.0, known.1) == (shop, staff) && known.2 >= generation
        };
        if !known.passwords.iter().any(is_known) {
            store.set_password(shop, staff, generation, &hash)?;
        }
    }
    Ok(())
}

/// Brings everything that is revoked into the database.
pub(super) fn apply(tx: &mut Tx<'_>) -> Result<(), OperationError> {
    let revoked = tx.revocations.all()?;
    for (shop, removed) in revoked.removed {
        remove(tx, shop, removed)?;
    }
    for (shop, staff, permission) in revoked.permissions {
        take(tx, shop, staff, permission)?;
    }
    for (shop, staff, scope, number) in revoked.grants {
        raise_grant(tx.conn, shop, staff, scope, number)?;
    }
    for (shop, staff, generation, hash) in revoked.passwords {
        tx.conn
            .prepare_cached(
                "UPDATE staff SET token_generation = ?3, password_hash = ?4
                 WHERE shop = ?1 AND id = ?2 AND token_generation < ?3",
            )?
            .execute(params![shop.as_bytes(), staff.as_bytes(), generation, hash])?;
    }
    for session in revoked.sessions {
        tx.conn
            .prepare_cached("UPDATE session SET ended_at = 0 WHERE id = ?1 AND ended_at IS NULL")?
            .execute(params![session.as_bytes()])?;
    }
    Ok(())
}

fn remove(tx: &mut Tx<'_>, shop: ShopId, removed: Uuid) -> Result<(), OperationError> {
    note_removed(tx.conn, shop, removed)?;
    let key = params![shop.as_bytes(), removed.as_bytes()];
    // The time is that of the restore at best, and nobody asks for it: what counts is that there is one.
    tx.conn
        .prepare_cached(
            "UPDATE device SET removed_at = 0 WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL",
        )?
        .execute(key)?;
    let changed = tx
        .conn
        .prepare_cached("UPDATE staff SET removed_at = 0 WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL")?
        .execute(key)?;
    if changed > 0 {
        tx.changes.end(shop, Changed::Staff(StaffId(removed)));
    }
    Ok(())
}

fn take(tx: &mut Tx<'_>, shop: ShopId, staff: StaffId, taken: Permission) -> Result<(), OperationError> {
    let key = params![shop.as_bytes(), staff.as_bytes()];
    let before: Option<Permissions> = tx
        .conn
        .prepare_cached("SELECT permissions FROM staff WHERE shop = ?1 AND id = ?2")?
        .query_row(key, |row| json(row, 0))
        .optional()?;
    let Some(before) = before.filter(|before| before.allow(taken)) else { return Ok(()) };
    // "Full" stands for all; without one of them what is left are the others, one by one.
    let left = Permission::ALL.into_iter().filter(|permission| {
        before.allow(*permission) && *permission != taken && *permission != Permission::Full
    });
    let left = Permissions::of(left);
    tx.conn
        .prepare_cached("UPDATE staff SET permissions = ?3 WHERE shop = ?1 AND id = ?2")?
        .execute(params![shop.as_bytes(), staff.as_bytes(), to_json(&left)?])?;
    tx.changes.touch(shop, Changed::Staff(staff));
    Ok(())
}

fn raise_grant(
    conn: &Connection,
    shop: ShopId,
    staff: StaffId,
    scope: Scope,
    number: i64,
) -> Result<(), OperationError> {
    // A person whom the restore has lost has no grants.
    conn.prepare_cached(
        "INSERT INTO grants (shop, staff, scope, number)
         SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM staff WHERE shop = ?1 AND id = ?2)
         ON CONFLICT (shop, staff, scope) DO UPDATE SET number = max(number, excluded.number)",
    )?
    .execute(params![shop.as_bytes(), staff.as_bytes(), scope.to_string(), number])?;
    Ok(())
}
