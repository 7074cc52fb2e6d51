//! Bringing the database to the schema that this server knows: numbered files, each in one transaction.

use rusqlite::Connection;

use crate::storage::StorageError;

/// The migrations in order; the schema's number is how many of them were run (`PRAGMA user_version`).
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_spine.sql"),
    include_str!("../../../migrations/0002_lists.sql"),
    include_str!("../../../migrations/0003_search.sql"),
    include_str!("../../../migrations/0004_chat_keys.sql"),
    include_str!("../../../migrations/0005_secrets.sql"),
    include_str!("../../../migrations/0006_restore.sql"),
];

/// The newest schema that this server knows.
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// Runs what is missing. A database of a newer server is refused before anything is written.
pub(super) fn migrate(connection: &Connection) -> Result<(), StorageError> {
    run(connection, MIGRATIONS)
}

/// Runs what is missing of `migrations`.
pub(super) fn run(connection: &Connection, migrations: &[&str]) -> Result<(), StorageError> {
    let found = schema(connection, migrations)?;
    for (done, migration) in (1u32..).zip(migrations).skip(found as usize) {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", done)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Refuses the database of a newer server.
pub(super) fn require_not_newer(connection: &Connection) -> Result<(), StorageError> {
    schema(connection, MIGRATIONS).map(|_| ())
}

/// Refuses another schema than the known one; for programs that share the folder with a running server.
pub(super) fn require_known(connection: &Connection) -> Result<(), StorageError> {
    match schema(connection, MIGRATIONS)? {
        found if found < KNOWN => Err(StorageError::OlderSchema { found, known: KNOWN }),
        _ => Ok(()),
    }
}

/// Which of `migrations` were run.
pub(super) fn schema(connection: &Connection, migrations: &[&str]) -> Result<u32, StorageError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = migrations.len() as u32;
    if found > known {
        return Err(StorageError::NewerSchema { found, known });
    }
    Ok(found)
}
