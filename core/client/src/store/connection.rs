//! How connections are opened and set up, and the small pool of those that only read.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use crate::error::Damage;

/// How many idle readers are kept warm. More may be at work at once; they are closed afterwards.
const READERS_IDLE_LIMIT: usize = 3;
/// How long scrubbing waits for those who read. A read takes milliseconds.
const READERS_WAIT: Duration = Duration::from_secs(1);
/// How long a connection waits for another one of this process, in milliseconds.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// How long the header of a database is, in bytes.
const HEADER_BYTES: u64 = 100;
/// Where the header says who may write: 1 without a write-ahead log, 2 with one. SQLite only reads what says more.
const WRITE_VERSION: usize = 18;

/// Opens the one connection that writes, without touching the file yet.
pub(super) fn open_writer(database: &Path, vfs: Option<&str>) -> Result<Connection, StoreError> {
    open(database, vfs, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

/// Fails for a header by which SQLite would open the database read-only without a word. Nothing may have it open: closing
/// a file gives up every lock that this process has on it.
pub(super) fn check_header(database: &Path) -> Result<(), StoreError> {
    let mut header = Vec::new();
    let read = File::open(database).and_then(|file| file.take(HEADER_BYTES).read_to_end(&mut header));
    match read {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StoreError::File { path: database.to_owned(), source: error })
        }
        _ if header.get(WRITE_VERSION).is_some_and(|version| !(1..=2).contains(version)) => {
            Err(StoreError::Damaged { what: "header" })
        }
        _ => Ok(()),
    }
}

/// Opens what was set aside, only to read it; as it lies there, its log included, or without the log.
pub(super) fn open_set_aside(database: &Path, with_log: bool) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if with_log {
        Connection::open_with_flags(database, flags)?
    } else {
        let uri = format!("file:{}?immutable=1", uri_path(database));
        Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
    };
    connection.pragma_update(None, "cell_size_check", 1)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    Ok(connection)
}

/// A path in a URI: what means something there is escaped.
fn uri_path(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

/// Moves the log into the database and empties it; answers whether it is empty. Does not wait for who reads.
pub(super) fn checkpoint(writer: &Connection) -> Result<bool, StoreError> {
    writer.pragma_update(None, "busy_timeout", 0)?;
    let busy = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    writer.pragma_update(None, "busy_timeout", BUSY_TIMEOUT_MS)?;
    Ok(!busy?)
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
    shared: Arc<SharedReaders>,
}

#[derive(Debug, Default)]
struct SharedReaders {
    state: Mutex<ReadersState>,
    moved: Condvar,
    /// Somebody found the database damaged.
    damaged: AtomicBool,
}

#[derive(Debug, Default)]
struct ReadersState {
    idle: Vec<Connection>,
    /// How many are at work.
    at_work: usize,
    paused: bool,
    closed: bool,
    /// Which file they read: it rises when another one takes its place.
    file: u64,
}

impl Readers {
    pub(super) fn new(database: PathBuf, vfs: Option<&str>) -> Readers {
        Readers { database, vfs: vfs.map(str::to_owned), shared: Arc::default() }
    }

    /// Reads one committed state: everything `work` sees is of the same moment. Waits while the database is scrubbed.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (file, warm, _at_work) = self.begin()?;
        let (value, reader) = self.noting_damage(|| {
            let reader = match warm {
                Some(reader) => reader,
                None => open(&self.database, self.vfs.as_deref(), OpenFlags::SQLITE_OPEN_READ_ONLY)?,
            };
            let value = work(&*reader.unchecked_transaction()?)?;
            Ok::<_, StoreError>((value, reader))
        })?;
        let mut state = self.state();
        if !state.closed && !state.paused && state.file == file && state.idle.len() < READERS_IDLE_LIMIT {
            state.idle.push(reader);
        }
        drop(state);
        Ok(value)
    }

    /// Runs something that reads or writes the database, and remembers when it turns out to be damaged.
    pub(super) fn noting_damage<T, E: Damage>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let value = work();
        if value.as_ref().is_err_and(Damage::is_damage) {
            self.shared.damaged.store(true, Ordering::Release);
        }
        value
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.shared.damaged.load(Ordering::Acquire)
    }

    /// Another file takes the place of the database: who is still at work is closed afterwards, later ones read that one.
    pub(super) fn renew(&self) {
        let mut state = self.state();
        state.file += 1;
        state.idle.clear();
        self.shared.damaged.store(false, Ordering::Release);
    }

    /// Closes all readers and lets nobody read until what this answers is dropped; `None` when somebody reads for too
    /// long.
    pub(super) fn pause(&self) -> Option<PausedReaders<'_>> {
        let mut state = self.state();
        state.paused = true;
        state.idle.clear();
        let paused = PausedReaders(self);
        let (state, waited) = self
            .shared
            .moved
            .wait_timeout_while(state, READERS_WAIT, |state| state.at_work > 0)
            .unwrap_or_else(PoisonError::into_inner);
        drop(state);
        (!waited.timed_out()).then_some(paused)
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
    }

    fn begin(&self) -> Result<(u64, Option<Connection>, AtWork<'_>), StoreError> {
        let state = self.state();
        let mut state =
            self.shared.moved.wait_while(state, |state| state.paused).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(StoreError::Closed);
        }
        state.at_work += 1;
        Ok((state.file, state.idle.pop(), AtWork(self)))
    }

    fn state(&self) -> MutexGuard<'_, ReadersState> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody reads while this lives.
pub(super) struct PausedReaders<'a>(&'a Readers);

impl Drop for PausedReaders<'_> {
    fn drop(&mut self) {
        self.0.state().paused = false;
        self.0.shared.moved.notify_all();
    }
}

/// Somebody reads while this lives.
struct AtWork<'a>(&'a Readers);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.state().at_work -= 1;
        self.0.shared.moved.notify_all();
    }
}
