//! The revocation store: who was removed, what was taken away, and how far the server's history had come
//! (docs/sync.md 20). A second database, because a restore puts an older one in the place of the first: what was
//! revoked after the backup must stay revoked, and a database that is older than what was told of it must be seen as one.
//!
//! A revocation is written here before the main commit, so that no crash forgets it; what gives a permission back is
//! written after it. Nothing is ever read from here while serving: [`apply`](super::revoked::apply) brings it into the
//! database when that is opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shopbell_domain::ids::{EpochId, SessionId, ShopId, StaffId};
use shopbell_domain::staff::Permission;
use shopbell_domain::sync::Scope;
use uuid::Uuid;

use super::columns::{id, word};
use super::connection::{open_reader, open_writer};
use super::migrations;
use super::writer::lock;
use crate::storage::StorageError;

const MIGRATIONS: &[&str] = &[include_str!("../../../migrations/revocations/0001_first.sql")];

/// The revocation store, open.
pub(super) struct Revocations(Mutex<Connection>);

/// How far a history had come, a shop each.
pub(super) type Given = BTreeMap<ShopId, i64>;

/// Everything that is revoked.
#[derive(Debug, Default)]
pub(super) struct Revoked {
    /// Devices and people.
    pub(super) removed: Vec<(ShopId, Uuid)>,
    /// Permissions.
    pub(super) permissions: Vec<(ShopId, StaffId, Permission)>,
    /// The numbers that grants have reached.
    pub(super) grants: Vec<(ShopId, StaffId, Scope, i64)>,
    /// Passwords: the generation and the hash that count now.
    pub(super) passwords: Vec<(ShopId, StaffId, i64, String)>,
    /// Sessions that ended.
    pub(super) sessions: Vec<SessionId>,
}

impl Revocations {
    /// Opens the store, or makes it.
    pub(super) fn open(path: &Path, vfs: Option<&str>) -> Result<Self, StorageError> {
        if path.exists() {
            migrations::schema(&open_reader(path, vfs)?, MIGRATIONS)?;
        }
        let connection = open_writer(path, vfs)?;
        migrations::run(&connection, MIGRATIONS)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// One that is gone with the process.
    #[cfg(test)]
    pub(super) fn in_memory() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        migrations::run(&connection, MIGRATIONS).unwrap();
        Self(Mutex::new(connection))
    }

    /// The history that it knows, with how far that had come. `None` for a new store.
    pub(super) fn history(&self) -> Result<Option<(EpochId, Given)>, StorageError> {
        let conn = lock(&self.0);
        let epoch = conn.query_row("SELECT epoch FROM history", [], |row| id(row, 0, EpochId)).optional()?;
        let Some(epoch) = epoch else { return Ok(None) };
        let given = all(&conn, "SELECT shop, seq FROM given", |row| Ok((id(row, 0, ShopId)?, row.get(1)?)))?;
        Ok(Some((epoch, given.into_iter().collect())))
    }

    /// Follows this history from now on.
    pub(super) fn follow(&self, epoch: EpochId, given: &Given) -> Result<(), StorageError> {
        self.transaction(|conn| {
            conn.execute(
                "INSERT INTO history (one, epoch) VALUES (1, ?1) ON CONFLICT DO UPDATE SET epoch = excluded.epoch",
                params![epoch.as_bytes()],
            )?;
            conn.execute("DELETE FROM given", [])?;
            give(conn, given)
        })
    }

    /// After a commit: how far the history has come, and what was given back in it.
    pub(super) fn committed(
        &self,
        given: &Given,
        granted: &[(ShopId, StaffId, Permission)],
    ) -> Result<(), StorageError> {
        if given.is_empty() && granted.is_empty() {
            return Ok(());
        }
        self.transaction(|conn| {
            for (shop, staff, permission) in granted {
                conn.prepare_cached(
                    "DELETE FROM taken_permission WHERE shop = ?1 AND staff = ?2 AND permission = ?3",
                )?
                .execute(params![shop.as_bytes(), staff.as_bytes(), permission.as_str()])?;
            }
            give(conn, given)
        })
    }

    /// Before the commit that removes a device or a person.
    pub(super) fn remove(&self, shop: ShopId, removed: Uuid) -> Result<(), StorageError> {
        self.transaction(|conn| {
            conn.prepare_cached("INSERT INTO removed (shop, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute(params![shop.as_bytes(), removed.as_bytes()])?;
            Ok(())
        })
    }

    /// Before the commit that takes permissions away from a person, and with them scopes: those get these numbers.
    pub(super) fn take(
        &self,
        shop: ShopId,
        staff: StaffId,
        permissions: &[Permission],
        scopes: &[(Scope, i64)],
    ) -> Result<(), StorageError> {
        if permissions.is_empty() && scopes.is_empty() {
            return Ok(());
        }
        self.transaction(|conn| {
            for permission in permissions {
                conn.prepare_cached(
                    "INSERT INTO taken_permission (shop, staff, permission) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![shop.as_bytes(), staff.as_bytes(), permission.as_str()])?;
            }
            for (scope, number) in scopes {
                conn.prepare_cached(
                    "INSERT INTO grant_number (shop, staff, scope, number) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET number = max(number, excluded.number)",
                )?
                .execute(params![
                    shop.as_bytes(),
                    staff.as_bytes(),
                    scope.to_string(),
                    number
                ])?;
            }
            Ok(())
        })
    }

    /// Before the commit that gives a person another password. The hash stands here too: the one before must not open
    /// anything again, and the person must not be locked out.
    pub(super) fn set_password(
        &self,
        shop: ShopId,
        staff: StaffId,
        generation: i64,
        hash: &str,
    ) -> Result<(), StorageError> {
        self.transaction(|conn| {
            conn.prepare_cached(
                "INSERT INTO password (shop, staff, generation, hash) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET generation = excluded.generation, hash = excluded.hash
                 WHERE excluded.generation >= generation",
            )?
            .execute(params![shop.as_bytes(), staff.as_bytes(), generation, hash])?;
            Ok(())
        })
    }

    /// Before the commit that ends a session.
    pub(super) fn end_session(&self, session: SessionId) -> Result<(), StorageError> {
        self.transaction(|conn| {
            conn.prepare_cached("INSERT INTO ended_session (id) VALUES (?1) ON CONFLICT DO NOTHING")?
                .execute(params![session.as_bytes()])?;
            Ok(())
        })
    }

    /// Everything that is revoked.
    pub(super) fn all(&self) -> Result<Revoked, StorageError> {
        let conn = lock(&self.0);
        let permission = |row: &Row<'_>| word(row, 2, Permission::from_word);
        let scope = |row: &Row<'_>| word(row, 2, |word| word.parse::<Scope>().ok());
        let who = |row: &Row<'_>| -> rusqlite::Result<_> { Ok((id(row, 0, ShopId)?, id(row, 1, StaffId)?)) };
        Ok(Revoked {
            removed: all(&conn, "SELECT shop, id FROM removed", |row| {
                Ok((id(row, 0, ShopId)?, id(row, 1, |id| id)?))
            })?,
            permissions: all(&conn, "SELECT shop, staff, permission FROM taken_permission", |row| {
                let (shop, staff) = who(row)?;
                Ok((shop, staff, permission(row)?))
            })?,
            grants: all(&conn, "SELECT shop, staff, scope, number FROM grant_number", |row| {
                let (shop, staff) = who(row)?;
                Ok((shop, staff, scope(row)?, row.get(3)?))
            })?,
            passwords: all(&conn, "SELECT shop, staff, generation, hash FROM password", |row| {
                let (shop, staff) = who(row)?;
                Ok((shop, staff, row.get(2)?, row.get(3)?))
            })?,
            sessions: all(&conn, "SELECT id FROM ended_session", |row| id(row, 0, SessionId))?,
        })
    }

    fn transaction(
        &self,
        body: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), StorageError> {
        let conn = lock(&self.0);
        let transaction = conn.unchecked_transaction()?;
        body(&transaction)?;
        transaction.commit()?;
        Ok(())
    }
}

fn give(conn: &Connection, given: &Given) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO given (shop, seq) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
    )?;
    for (shop, seq) in given {
        statement.execute(params![shop.as_bytes(), seq])?;
    }
    Ok(())
}

fn all<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare(sql)?.query_map([], read)?.collect()
}
