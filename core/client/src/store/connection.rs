//! How connections are opened and set up, and the small pool of those that only read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::StoreError;

/// How many idle readers are kept warm. More may be at work at once; they are closed afterwards.
const READERS_IDLE_LIMIT: usize = 3;
/// How long a connection waits for another one of this process, in milliseconds.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// Opens the one connection that writes, without touching the file yet.
pub(super) fn open_writer(database: &Path, vfs: Option<&str>) -> Result<Connection, StoreError> {
    open(database, vfs, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

/// WAL, one fsync a commit, no mmap. `fullfsync` makes Apple's fsync reach the medium; elsewhere it means nothing.
pub(super) fn set_up_writer(writer: &Connection) -> Result<(), StoreError> {
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.pragma_update(None, "fullfsync", 1)?;
    writer.pragma_update(None, "checkpoint_fullfsync", 1)?;
    Ok(())
}

fn open(database: &Path, vfs: Option<&str>, flags: OpenFlags) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(database, flags, vfs)?,
        None => Connection::open_with_flags(database, flags)?,
    };
    connection.pragma_update(None, "busy_timeout", BUSY_TIMEOUT_MS)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    // A plan that depended on what is bound would be made anew at each call: that was a fifth of a keystroke of search.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Connections that only read, for whoever asks once. Cheap to clone; all clones share the idle ones.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    database: PathBuf,
    vfs: Option<String>,
    /// `None` once the store is closed.
    idle: Arc<Mutex<Option<Vec<Connection>>>>,
}

impl Readers {
    pub(super) fn new(database: PathBuf, vfs: Option<&str>) -> Readers {
        Readers { database, vfs: vfs.map(str::to_owned), idle: Arc::new(Mutex::new(Some(Vec::new()))) }
    }

    /// Reads one committed state: everything `work` sees is of the same moment.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let warm = self.idle().as_mut().ok_or(StoreError::Closed)?.pop();
        let reader = match warm {
            Some(reader) => reader,
            None => open(&self.database, self.vfs.as_deref(), OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let value = work(&*reader.unchecked_transaction()?);
        if let Some(idle) = self.idle().as_mut()
            && idle.len() < READERS_IDLE_LIMIT
        {
            idle.push(reader);
        }
        value
    }

    pub(super) fn close(&self) {
        self.idle().take();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
