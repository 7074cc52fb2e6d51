//! How an older database becomes the present one: numbered files, each in one transaction, never undone.
//!
//! `user_version` says which was the last. A database of a newer version is refused before anything is written to it.
//! No migration may delete from the outbox or the journal. One that changes what follows from other tables says so in
//! `profile.shown_stale`: it is made again by the present version's rules, not by those of the migration.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// All of them, in order; the first is number 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_lists.sql"),
    include_str!("../../migrations/0003_search.sql"),
    include_str!("../../migrations/0004_scopes.sql"),
    include_str!("../../migrations/0005_not_sent.sql"),
];

/// No version will ever have a higher number: one that has is damaged.
const PLAUSIBLE_LIMIT: i64 = 10_000;

/// Refuses a database of a newer version. Reads only.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, newest());
    if !(0..=PLAUSIBLE_LIMIT).contains(&found) {
        return Err(StoreError::Damaged { what: "header" });
    }
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    Ok(())
}

/// Runs those that have not run yet.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let done = version(connection)?;
    for (number, migration) in (1_i64..).zip(MIGRATIONS).filter(|(number, _)| *number > done) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        tx.execute_batch(migration).map_err(of_its_schema)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

/// A database whose schema is not what its version says, so that a migration cannot read it, is damaged.
fn of_its_schema(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::Unknown | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
            tracing::error!(%error, "a migration does not fit the database");
            StoreError::Damaged { what: "schema" }
        }
        _ => error.into(),
    }
}

fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
