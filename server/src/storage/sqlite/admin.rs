//! What those who run the server do: shops, channels, staff, permissions, passwords.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::ids::{ChannelId, DeviceId, ShopId, StaffId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::Scope;
use shopbell_domain::time::Timestamp;

use super::changes::Changed;
use super::columns::{id, json, to_json};
use super::group::Tx;
use super::{revoked, rows, sessions, standing};
use crate::storage::{
    ChannelRecord, Denied, DeviceRecord, NewChannel, NewShop, NewStaff, OperationError, ShopRecord,
    StaffRecord,
};

pub(super) fn create_shop(tx: &mut Tx<'_>, shop: &NewShop) -> Result<(), OperationError> {
    tx.conn
        .prepare_cached("INSERT INTO shop (id, name, public_key, created_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![shop.id.as_bytes(), shop.name, shop.public_key, shop.now.millis()])?;
    for origin in &shop.origins {
        tx.conn
            .prepare_cached("INSERT INTO shop_origin (shop, origin) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![shop.id.as_bytes(), origin])?;
    }
    tx.conn
        .prepare_cached("INSERT INTO inbox (shop, id) VALUES (?1, ?2)")?
        .execute(params![shop.id.as_bytes(), shop.inbox.as_bytes()])?;
    tx.changes.touch(shop.id, Changed::Shop(shop.id));
    Ok(())
}

pub(super) fn create_channel(tx: &mut Tx<'_>, channel: &NewChannel) -> Result<(), OperationError> {
    if !standing::inboxes(tx.conn, channel.shop)?.contains(&channel.inbox) {
        return Err(Denied::NotFound.into());
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO channel (shop, id, kind, name, inbox, public_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            channel.shop.as_bytes(),
            channel.id.as_bytes(),
            channel.kind.as_str(),
            channel.name,
            channel.inbox.as_bytes(),
            channel.public_key
        ])?;
    tx.changes.touch(channel.shop, Changed::Channel(channel.id));
    Ok(())
}

pub(super) fn create_staff(tx: &mut Tx<'_>, staff: &NewStaff) -> Result<(), OperationError> {
    require_shop(tx.conn, staff.shop)?;
    let email_key = sessions::email_key(&staff.email);
    let is_taken = tx
        .conn
        .prepare_cached("SELECT 1 FROM staff WHERE shop = ?1 AND email_key = ?2 AND removed_at IS NULL")?
        .exists(params![staff.shop.as_bytes(), email_key])?;
    if is_taken {
        return Err(Denied::EmailTaken.into());
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO staff (shop, id, name, email, email_key, permissions, owner, password_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            staff.shop.as_bytes(),
            staff.id.as_bytes(),
            staff.name,
            staff.email.trim(),
            email_key,
            to_json(&staff.permissions)?,
            staff.owner,
            staff.password_hash
        ])?;
    tx.changes.touch(staff.shop, Changed::Staff(staff.id));
    Ok(())
}

pub(super) fn set_permissions(
    tx: &mut Tx<'_>,
    shop: ShopId,
    staff: StaffId,
    permissions: &Permissions,
) -> Result<(), OperationError> {
    let before: Option<Permissions> = tx
        .conn
        .prepare_cached("SELECT permissions FROM staff WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL")?
        .query_row(params![shop.as_bytes(), staff.as_bytes()], |row| json(row, 0))
        .optional()?;
    let before = before.ok_or(Denied::NotFound)?;
    let scopes = standing::count_lost(tx.conn, shop, staff, &before, permissions)?;
    tx.revocations.take(shop, staff, &revoked::lost(&before, permissions), &scopes)?;
    let granted = Permission::ALL.into_iter().filter(|permission| permissions.allow(*permission));
    tx.committed.granted.extend(granted.map(|permission| (shop, staff, permission)));
    tx.conn
        .prepare_cached("UPDATE staff SET permissions = ?3 WHERE shop = ?1 AND id = ?2")?
        .execute(params![shop.as_bytes(), staff.as_bytes(), to_json(permissions)?])?;
    tx.changes.touch(shop, Changed::Staff(staff));
    Ok(())
}

pub(super) fn set_password(
    tx: &mut Tx<'_>,
    shop: ShopId,
    staff: StaffId,
    password_hash: &str,
) -> Result<(), OperationError> {
    let generation: Option<i64> = tx
        .conn
        .prepare_cached(
            "UPDATE staff SET password_hash = ?3, token_generation = token_generation + 1
             WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL RETURNING token_generation",
        )?
        .query_row(params![shop.as_bytes(), staff.as_bytes(), password_hash], |row| row.get(0))
        .optional()?;
    tx.revocations.set_password(shop, staff, generation.ok_or(Denied::NotFound)?, password_hash)?;
    // Nothing of the person's rows changed, but whoever waits with an ended session should look.
    tx.committed.scopes.insert((shop, Scope::User(staff)));
    Ok(())
}

pub(super) fn remove_staff(
    tx: &mut Tx<'_>,
    shop: ShopId,
    staff: StaffId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let changed = tx
        .conn
        .prepare_cached(
            "UPDATE staff SET removed_at = ?3 WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL",
        )?
        .execute(params![shop.as_bytes(), staff.as_bytes(), now.millis()])?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    tx.revocations.remove(shop, staff.0)?;
    revoked::note_removed(tx.conn, shop, staff.0)?;
    tx.changes.end(shop, Changed::Staff(staff));
    Ok(())
}

pub(super) fn remove_device(
    tx: &mut Tx<'_>,
    shop: ShopId,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let changed = tx
        .conn
        .prepare_cached(
            "UPDATE device SET removed_at = ?3 WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL",
        )?
        .execute(params![shop.as_bytes(), device.as_bytes(), now.millis()])?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    tx.revocations.remove(shop, device.0)?;
    revoked::note_removed(tx.conn, shop, device.0)?;
    tx.committed.scopes.insert((shop, Scope::Device(device)));
    Ok(())
}

pub(super) fn devices(conn: &Connection, shop: ShopId) -> Result<Vec<DeviceRecord>, OperationError> {
    require_shop(conn, shop)?;
    let found = conn
        .prepare_cached(
            "SELECT device.id, device.staff, staff.name, device.name, device.platform
             FROM device JOIN staff ON staff.shop = device.shop AND staff.id = device.staff
             WHERE device.shop = ?1 AND device.removed_at IS NULL AND staff.removed_at IS NULL ORDER BY device.id",
        )?
        .query_map(params![shop.as_bytes()], |row| {
            Ok(DeviceRecord {
                id: id(row, 0, DeviceId)?,
                staff: id(row, 1, StaffId)?,
                staff_name: row.get(2)?,
                name: row.get(3)?,
                platform: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

pub(super) fn shops(conn: &Connection) -> Result<Vec<ShopRecord>, OperationError> {
    let found = conn
        .prepare_cached("SELECT id, name, public_key FROM shop ORDER BY id")?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut shops = Vec::new();
    for (shop, name, public_key) in found {
        let channels = conn
            .prepare_cached("SELECT id, kind, name, public_key FROM channel WHERE shop = ?1 ORDER BY id")?
            .query_map(params![shop.as_bytes()], |row| {
                Ok(ChannelRecord {
                    id: id(row, 0, ChannelId)?,
                    kind: ChannelKind::new(row.get::<_, String>(1)?),
                    name: row.get(2)?,
                    public_key: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        let (origins, inboxes) = (origins(conn, shop)?, standing::inboxes(conn, shop)?);
        shops.push(ShopRecord { id: shop, name, public_key, origins, inboxes, channels });
    }
    Ok(shops)
}

pub(super) fn staff(conn: &Connection, shop: ShopId) -> Result<Vec<StaffRecord>, OperationError> {
    require_shop(conn, shop)?;
    let found = conn
        .prepare_cached(
            "SELECT id, name, email, permissions, owner FROM staff
             WHERE shop = ?1 AND removed_at IS NULL ORDER BY id",
        )?
        .query_map(params![shop.as_bytes()], |row| {
            let staff = rows::staff(row, 1)?;
            Ok(StaffRecord {
                id: id(row, 0, StaffId)?,
                name: staff.name,
                email: staff.email,
                permissions: staff.permissions,
                owner: staff.owner,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

/// The web origins that may embed a shop's chat, in order.
pub(super) fn origins(conn: &Connection, shop: ShopId) -> rusqlite::Result<Vec<String>> {
    conn.prepare_cached("SELECT origin FROM shop_origin WHERE shop = ?1 ORDER BY origin")?
        .query_map(params![shop.as_bytes()], |row| row.get(0))?
        .collect()
}

fn require_shop(conn: &Connection, shop: ShopId) -> Result<(), OperationError> {
    match conn.prepare_cached("SELECT 1 FROM shop WHERE id = ?1")?.exists(params![shop.as_bytes()])? {
        true => Ok(()),
        false => Err(Denied::NotFound.into()),
    }
}
