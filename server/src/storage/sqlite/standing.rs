//! What a person may do and see at this moment, read in the transaction that depends on it.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::ids::{ConversationId, DeviceId, EpochId, InboxId, ShopId, StaffId};
use shopbell_domain::staff::Permissions;
use shopbell_domain::sync::{Grant, Scope};

use super::columns::{id, json};
use super::{heads, revoked};
use crate::storage::{Caller, Denied, OperationError};

/// What a person may do now.
pub(super) struct Standing {
    /// Their permissions.
    pub(super) permissions: Permissions,
    /// Their token generation.
    pub(super) generation: i64,
}

/// The standing of a person and their device. `DeviceRemoved` when either was removed, also one that a restore has lost;
/// `SignInAgain` when the device is not theirs.
pub(super) fn standing(
    conn: &Connection,
    shop: ShopId,
    staff: StaffId,
    device: DeviceId,
) -> Result<Standing, OperationError> {
    if revoked::is_removed(conn, shop, [staff.0, device.0])? {
        return Err(Denied::DeviceRemoved.into());
    }
    let found = conn
        .prepare_cached(
            "SELECT staff.permissions, staff.token_generation
             FROM device JOIN staff ON staff.shop = device.shop AND staff.id = device.staff
             WHERE device.shop = ?1 AND device.id = ?2 AND device.staff = ?3",
        )?
        .query_row(params![shop.as_bytes(), device.as_bytes(), staff.as_bytes()], |row| {
            Ok(Standing { permissions: json(row, 0)?, generation: row.get(1)? })
        })
        .optional()?;
    found.ok_or(Denied::SignInAgain.into())
}

/// The scopes that a caller is granted now, with their grant numbers, in order.
pub(super) fn granted(conn: &Connection, caller: &Caller) -> Result<Vec<Grant>, OperationError> {
    let standing = standing(conn, caller.shop, caller.staff, caller.device)?;
    let inboxes = inboxes(conn, caller.shop)?;
    let scopes = Scope::granted(caller.staff, &standing.permissions, caller.device, &inboxes);
    let mut number =
        conn.prepare_cached("SELECT number FROM grants WHERE shop = ?1 AND staff = ?2 AND scope = ?3")?;
    let mut granted = Vec::new();
    for scope in scopes {
        let key = params![caller.shop.as_bytes(), caller.staff.as_bytes(), scope.to_string()];
        let grant = number.query_row(key, |row| row.get(0)).optional()?.unwrap_or(1);
        granted.push(Grant { scope, grant });
    }
    Ok(granted)
}

/// The grant under which a caller sees a conversation. `NotFound` when they do not.
pub(super) fn grant_of(
    conn: &Connection,
    caller: &Caller,
    conversation: ConversationId,
) -> Result<Grant, OperationError> {
    let granted = granted(conn, caller)?;
    let stored = heads::load(conn, caller.shop, conversation)?.ok_or(Denied::NotFound)?;
    let grant = granted.into_iter().find(|grant| grant.scope == Scope::Inbox(stored.inbox));
    Ok(grant.ok_or(Denied::NotFound)?)
}

/// Counts the scopes that a person loses, so that the next grant of each has another number: which it is.
pub(super) fn count_lost(
    conn: &Connection,
    shop: ShopId,
    staff: StaffId,
    before: &Permissions,
    after: &Permissions,
) -> Result<Vec<(Scope, i64)>, OperationError> {
    let inboxes = inboxes(conn, shop)?;
    // A device's own scope is never lost without the device.
    let device = DeviceId(staff.0);
    let kept = Scope::granted(staff, after, device, &inboxes);
    let lost = Scope::granted(staff, before, device, &inboxes);
    let mut counted = Vec::new();
    for scope in lost.into_iter().filter(|scope| !kept.contains(scope)) {
        let number = conn
            .prepare_cached(
                "INSERT INTO grants (shop, staff, scope, number) VALUES (?1, ?2, ?3, 2)
                 ON CONFLICT (shop, staff, scope) DO UPDATE SET number = number + 1 RETURNING number",
            )?
            .query_row(params![shop.as_bytes(), staff.as_bytes(), scope.to_string()], |row| row.get(0))?;
        counted.push((scope, number));
    }
    Ok(counted)
}

/// The inboxes of a shop, in order.
pub(super) fn inboxes(conn: &Connection, shop: ShopId) -> rusqlite::Result<Vec<InboxId>> {
    conn.prepare_cached("SELECT id FROM inbox WHERE shop = ?1 ORDER BY id")?
        .query_map(params![shop.as_bytes()], |row| id(row, 0, InboxId))?
        .collect()
}

/// The highest `seq` of a shop's log.
pub(super) fn shop_seq(conn: &Connection, shop: ShopId) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT seq FROM shop WHERE id = ?1")?
        .query_row(params![shop.as_bytes()], |row| row.get(0))
}

/// The `seq` up to which a backup holds everything; `None`: there is no backup.
pub(super) fn backed_up(conn: &Connection, shop: ShopId) -> rusqlite::Result<Option<i64>> {
    let seq: i64 = conn
        .prepare_cached("SELECT backed_up FROM shop WHERE id = ?1")?
        .query_row(params![shop.as_bytes()], |row| row.get(0))?;
    Ok((seq > 0).then_some(seq))
}

/// This server's epoch.
pub(super) fn epoch(conn: &Connection) -> rusqlite::Result<EpochId> {
    conn.prepare_cached("SELECT epoch FROM server")?.query_row([], |row| id(row, 0, EpochId))
}
