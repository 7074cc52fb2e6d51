//! Staff sessions: who may sign in, families of refresh tokens, who shows a credential (docs/sync.md 25).

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::ids::{DeviceId, SessionId, ShopId, StaffId};
use shopbell_domain::time::Timestamp;

use super::columns::id;
use super::group::Tx;
use super::{revoked, standing};
use crate::storage::{
    Caller, Credential, Denied, NewSession, OperationError, RefreshedSession, ShownRefreshToken,
    SignInCandidate,
};

/// Shops that one address works in, as far as signing in looks: each costs a password check.
const CANDIDATES_LIMIT: i64 = 16;

/// What an address is looked up by: case and white space around it do not matter.
pub(super) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(super) fn candidates(conn: &Connection, email: &str) -> Result<Vec<SignInCandidate>, OperationError> {
    let found = conn
        .prepare_cached(
            "SELECT shop.id, shop.name, staff.id, staff.name, staff.password_hash, staff.token_generation
             FROM staff JOIN shop ON shop.id = staff.shop
             WHERE staff.email_key = ?1 AND staff.removed_at IS NULL ORDER BY shop.id LIMIT ?2",
        )?
        .query_map(params![email_key(email), CANDIDATES_LIMIT], |row| {
            Ok(SignInCandidate {
                shop: id(row, 0, ShopId)?,
                shop_name: row.get(1)?,
                staff: id(row, 2, StaffId)?,
                staff_name: row.get(3)?,
                password_hash: row.get(4)?,
                generation: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

pub(super) fn record(tx: &mut Tx<'_>, session: &NewSession) -> Result<(), OperationError> {
    let device = &session.device;
    if revoked::is_removed(tx.conn, session.shop, [session.staff.0, device.id.0])? {
        return Err(Denied::DeviceRemoved.into());
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO device (shop, id, staff, name, platform, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (shop, id) DO UPDATE SET name = excluded.name, platform = excluded.platform
             WHERE staff = excluded.staff AND removed_at IS NULL",
        )?
        .execute(params![
            session.shop.as_bytes(),
            device.id.as_bytes(),
            session.staff.as_bytes(),
            device.name,
            device.platform,
            session.now.millis()
        ])?;
    let standing = match standing::standing(tx.conn, session.shop, session.staff, device.id) {
        Err(OperationError::Denied(Denied::SignInAgain)) => return Err(Denied::NoPermission.into()),
        standing => standing?,
    };
    if standing.generation != session.generation {
        return Err(Denied::SignInAgain.into());
    }
    // One session a device: a new one replaces what a lost or copied database still holds.
    let ended = tx
        .conn
        .prepare_cached(
            "UPDATE session SET ended_at = ?3 WHERE shop = ?1 AND device = ?2 AND ended_at IS NULL RETURNING id",
        )?
        .query_map(params![session.shop.as_bytes(), device.id.as_bytes(), session.now.millis()], |row| {
            id(row, 0, SessionId)
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for ended in ended {
        tx.revocations.end_session(ended)?;
    }
    tx.conn
        .prepare_cached(
            "INSERT INTO session (id, shop, staff, device, generation, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            session.id.as_bytes(),
            session.shop.as_bytes(),
            session.staff.as_bytes(),
            device.id.as_bytes(),
            session.generation,
            session.now.millis()
        ])?;
    Ok(())
}

/// A session as it is stored.
struct Stored {
    credential: Credential,
    acked: i64,
    ended: bool,
}

fn load(conn: &Connection, session: SessionId) -> rusqlite::Result<Option<Stored>> {
    conn.prepare_cached(
        "SELECT shop, staff, device, generation, acked, ended_at IS NOT NULL FROM session WHERE id = ?1",
    )?
    .query_row(params![session.as_bytes()], |row| {
        Ok(Stored {
            credential: Credential {
                shop: id(row, 0, ShopId)?,
                staff: id(row, 1, StaffId)?,
                device: id(row, 2, DeviceId)?,
                session,
                generation: row.get(3)?,
            },
            acked: row.get(4)?,
            ended: row.get(5)?,
        })
    })
    .optional()
}

pub(super) fn refresh(
    tx: &mut Tx<'_>,
    shown: &ShownRefreshToken,
) -> Result<RefreshedSession, OperationError> {
    let stored = load(tx.conn, shown.session)?.ok_or(Denied::SignInAgain)?;
    check(tx.conn, &stored)?;
    if shown.counter < stored.acked {
        // Whoever holds the newest token threw this one away: there are two holders.
        end(tx, shown.session, shown.now)?;
        return Ok(RefreshedSession::Revoked);
    }
    if shown.counter > stored.acked {
        tx.conn
            .prepare_cached("UPDATE session SET acked = ?2 WHERE id = ?1")?
            .execute(params![shown.session.as_bytes(), shown.counter])?;
    }
    Ok(RefreshedSession::Successor { credential: stored.credential, counter: shown.counter + 1 })
}

pub(super) fn end(tx: &mut Tx<'_>, session: SessionId, now: Timestamp) -> Result<(), OperationError> {
    tx.revocations.end_session(session)?;
    tx.conn
        .prepare_cached("UPDATE session SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL")?
        .execute(params![session.as_bytes(), now.millis()])?;
    Ok(())
}

pub(super) fn identify(conn: &Connection, credential: &Credential) -> Result<Caller, OperationError> {
    // Before the session is looked for: a restore may have lost it, and the device with it.
    if revoked::is_removed(conn, credential.shop, [credential.staff.0, credential.device.0])? {
        return Err(Denied::DeviceRemoved.into());
    }
    let stored = load(conn, credential.session)?.ok_or(Denied::SignInAgain)?;
    let standing = check(conn, &stored)?;
    if stored.credential != *credential {
        return Err(Denied::SignInAgain.into());
    }
    Ok(Caller {
        shop: credential.shop,
        staff: credential.staff,
        device: credential.device,
        session: credential.session,
        permissions: standing.permissions,
    })
}

/// What the person of a session may do now. That a device or a person was removed is said before anything else: the
/// device must delete everything.
fn check(conn: &Connection, stored: &Stored) -> Result<standing::Standing, OperationError> {
    let of = &stored.credential;
    let standing = standing::standing(conn, of.shop, of.staff, of.device)?;
    if stored.ended || standing.generation != of.generation {
        return Err(Denied::SignInAgain.into());
    }
    Ok(standing)
}
