//! A backup: the database as it is at one moment, in a file of its own, while the server goes on writing
//! (docs/sync.md, "Words": a phone keeps what it was told until a backup holds it).
//!
//! The file appears under its name only when it is whole, checked and on disk; a full disk leaves nothing behind.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::connection::open_reader;
use super::revocations::Given;
use super::{epochs, standing};
use crate::storage::{BackupError, StorageError};

/// What a file is called that is not whole yet: its later name and this.
const UNFINISHED: &str = ".part";

/// Writes what `database` holds at this moment to `to`. Answers with how far each shop had come then.
pub(super) fn backup(database: &Path, vfs: Option<&str>, to: &Path) -> Result<Given, BackupError> {
    require_free(database, to)?;
    let unfinished = with_suffix(to, UNFINISHED);
    let copied = copy(database, vfs, &unfinished).map_err(|error| match error {
        error @ (StorageError::Full | StorageError::Unavailable(_)) => {
            BackupError::File { file: to.to_owned(), source: std::io::Error::other(error) }
        }
        error => BackupError::Storage(error),
    });
    let written = copied.and_then(|given| {
        sync(&unfinished)
            .and_then(|()| std::fs::rename(&unfinished, to))
            .and_then(|()| sync_folder(to))
            .map_err(|source| BackupError::File { file: to.to_owned(), source })?;
        Ok(given)
    });
    if written.is_err() {
        // A failure that has a better name already.
        drop(std::fs::remove_file(&unfinished));
    }
    written
}

/// Notes in the database that a backup holds everything up to here.
pub(super) fn note(conn: &Connection, given: &Given) -> rusqlite::Result<()> {
    let mut statement =
        conn.prepare_cached("UPDATE shop SET backed_up = max(backed_up, ?2) WHERE id = ?1")?;
    for (shop, seq) in given {
        statement.execute(params![shop.as_bytes(), seq])?;
    }
    Ok(())
}

/// Copies a database into a new file of its own and reads it whole, to see that it is one.
pub(super) fn copy(database: &Path, vfs: Option<&str>, to: &Path) -> Result<Given, StorageError> {
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StorageError::Unavailable(format!("{}: {error}", to.display())));
        }
        _ => {}
    }
    let name =
        to.to_str().ok_or_else(|| StorageError::Unavailable(format!("{} is no name", to.display())))?;
    let source = open_reader(database, vfs)?;
    source.execute("VACUUM INTO ?1", params![name])?;
    let copied = open_reader(to, vfs)?;
    require_whole(&copied)?;
    Ok(epochs::seqs(&copied)?)
}

/// Refuses a damaged database.
pub(super) fn require_whole(conn: &Connection) -> Result<(), StorageError> {
    let found: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StorageError::Corrupt(found)) }
}

/// A backup replaces a backup and nothing else.
fn require_free(database: &Path, to: &Path) -> Result<(), BackupError> {
    let taken = || BackupError::Taken { file: to.to_owned() };
    let failed = |source| BackupError::File { file: to.to_owned(), source };
    let found = match std::fs::metadata(to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(failed)?,
    };
    if !found.is_file() || !is_ours(to) {
        return Err(taken());
    }
    let folder = database.parent().and_then(|folder| folder.canonicalize().ok());
    let is_of_server =
        to.canonicalize().map_err(failed)?.parent() == folder.as_deref() && is_live(to, database);
    if is_of_server { Err(taken()) } else { Ok(()) }
}

/// Whether a file in the data folder is one that the server uses: it holds the database and the revocation store.
fn is_live(file: &Path, database: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    name == database.file_name().unwrap_or_default() || name == super::REVOCATIONS_FILE
}

/// Whether a file is a database of a server's: another program's is not to be replaced.
fn is_ours(file: &Path) -> bool {
    open_reader(file, None).is_ok_and(|conn| standing::epoch(&conn).is_ok())
}

pub(super) fn sync(file: &Path) -> std::io::Result<()> {
    File::options().read(true).write(true).open(file)?.sync_all()
}

/// Makes sure that a name in a folder is on disk.
pub(super) fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
