//! Putting a backup in the place of the database (docs/sync.md 18), while no server runs. The backup is looked at whole
//! before anything of the present database is touched, and that one is kept beside it under another name.
//!
//! The new database is made complete under a name of its own, its epoch begun, and then takes the place by one rename:
//! after a crash either database is there whole. What was revoked since the backup is applied when it is opened.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use shopbell_domain::ids::EpochId;
use shopbell_domain::time::Timestamp;

use super::backup::{copy, require_whole, sync, sync_folder, with_suffix};
use super::connection::{open_reader, open_writer};
use super::revocations::Revocations;
use super::{epochs, migrations, standing};
use crate::storage::{RestoreError, StorageError};

const UNFINISHED: &str = ".restoring";

/// What to restore into.
pub(crate) struct Restore<'a> {
    /// The backup.
    pub(crate) backup: &'a Path,
    /// The database that it takes the place of.
    pub(crate) database: &'a Path,
    /// The revocation store, which stays.
    pub(crate) revocations: &'a Path,
    /// The epoch that begins.
    pub(crate) new_epoch: EpochId,
    /// The time.
    pub(crate) now: Timestamp,
}

/// Puts the backup in the place of the database. Answers with where the one before is kept, if there was one.
pub(crate) fn restore(restore: &Restore<'_>) -> Result<Option<PathBuf>, RestoreError> {
    check(restore)?;
    // Before anything is moved: without it the restored database could not be served.
    let revocations = Revocations::open(restore.revocations, None)?;
    let unfinished = with_suffix(restore.database, UNFINISHED);
    let restored = prepare(restore, &unfinished).and_then(|()| take_place(restore, &unfinished));
    if restored.is_err() {
        drop(std::fs::remove_file(&unfinished));
    }
    let kept = restored?;
    // A crash before this: the next start sees that the store's epoch is an ancestor of the database's.
    let followed = open_reader(restore.database, None).and_then(|database| {
        let seqs = epochs::seqs(&database)?;
        revocations.follow(restore.new_epoch, &seqs)
    });
    if let Err(error) = followed {
        tracing::warn!(%error, "the revocation store was not told of the restore; the next start sees it");
    }
    Ok(kept)
}

/// Refuses what is not a backup of ours, before anything is touched.
fn check(restore: &Restore<'_>) -> Result<(), RestoreError> {
    let foreign = |reason: String| RestoreError::Foreign { file: restore.backup.to_owned(), reason };
    let failed = |source| RestoreError::File { file: restore.backup.to_owned(), source };
    let file = restore.backup.canonicalize().map_err(failed)?;
    if !file.is_file() {
        return Err(foreign("it is not a file".to_owned()));
    }
    if restore.database.canonicalize().is_ok_and(|database| database == file) {
        return Err(foreign("it is the server's database itself".to_owned()));
    }
    let looked_at = open_reader(&file, None).and_then(|conn| {
        migrations::require_not_newer(&conn)?;
        standing::epoch(&conn)?;
        require_whole(&conn)
    });
    match looked_at {
        Err(error @ (StorageError::Corrupt(_) | StorageError::Other(_))) => Err(foreign(error.to_string())),
        looked_at => Ok(looked_at?),
    }
}

/// Makes the new database complete under a name of its own.
fn prepare(restore: &Restore<'_>, unfinished: &Path) -> Result<(), RestoreError> {
    copy(restore.backup, None, unfinished)?;
    let conn = open_writer(unfinished, None)?;
    migrations::migrate(&conn)?;
    epochs::begin(&conn, restore.new_epoch)?;
    // The backup is there: it holds everything that is here now.
    conn.execute("UPDATE shop SET backed_up = seq", []).map_err(StorageError::from)?;
    conn.execute("UPDATE server SET has_revocations = 1", []).map_err(StorageError::from)?;
    finish(conn)?;
    sync(unfinished).map_err(|source| RestoreError::File { file: unfinished.to_owned(), source })
}

/// Moves everything into the one file: a log beside it would not be renamed with it.
fn finish(conn: Connection) -> Result<(), StorageError> {
    conn.pragma_update(None, "journal_mode", "DELETE")?;
    conn.close().map_err(|(_, error)| error.into())
}

fn take_place(restore: &Restore<'_>, unfinished: &Path) -> Result<Option<PathBuf>, RestoreError> {
    let failed = |source| RestoreError::File { file: restore.database.to_owned(), source };
    let kept = if restore.database.exists() { Some(keep(restore).map_err(failed)?) } else { None };
    std::fs::rename(unfinished, restore.database)
        .and_then(|()| sync_folder(restore.database))
        .map_err(failed)?;
    Ok(kept)
}

/// Gives the present database another name beside its own. Its log goes with it: left behind, it would be taken for
/// that of the new one.
fn keep(restore: &Restore<'_>) -> std::io::Result<PathBuf> {
    let database = restore.database;
    // A damaged one cannot be opened; then its log is kept beside it.
    if let Ok(conn) = open_writer(database, None) {
        drop(finish(conn));
    }
    let kept = with_suffix(database, &format!(".before-{}", restore.now.millis()));
    if std::fs::hard_link(database, &kept).is_err() {
        // A file system without links.
        std::fs::rename(database, &kept)?;
    }
    for log in ["-wal", "-shm"] {
        let log_of = with_suffix(database, log);
        if log_of.exists() {
            std::fs::rename(log_of, with_suffix(&kept, log))?;
        }
    }
    sync_folder(database)?;
    Ok(kept)
}
