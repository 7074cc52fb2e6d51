//! Who runs the operations: a thread of its own for a server, the caller itself for runs that must be a function of
//! their seed.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::group::{Job, Tx, job, run_group};
use super::publish::Publisher;
use crate::storage::{OperationError, StorageError};

/// The most operations that wait for the writer; more are told that the server is busy.
pub(super) const QUEUE_LIMIT: usize = 1_024;

/// Runs operations that write, one group after the other.
pub(super) enum Writer {
    /// By a thread; operations that wait share a commit.
    Thread {
        /// Where operations wait. `None` once closed.
        queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
        /// Ends when the queue is closed and empty.
        thread: Mutex<Option<JoinHandle<()>>>,
    },
    /// At once, by the caller.
    Inline {
        /// `None` once closed.
        connection: Arc<Mutex<Option<Connection>>>,
        /// How a group is committed.
        publisher: Publisher,
    },
}

impl Writer {
    /// A writer with a thread.
    pub(super) fn thread(connection: Connection, publisher: Publisher) -> Result<Writer, StorageError> {
        let (queue, mut waiting) = mpsc::channel::<Box<dyn Job>>(QUEUE_LIMIT);
        let work = move || {
            while let Some(first) = waiting.blocking_recv() {
                run_group(&connection, first, || waiting.try_recv().ok(), &publisher);
            }
            if let Err(error) = checkpoint(&connection) {
                tracing::warn!(%error, "the last checkpoint failed; the next start takes the log in");
            }
        };
        let thread = std::thread::Builder::new()
            .name("shopbell-writer".to_owned())
            .spawn(work)
            .map_err(StorageError::other)?;
        Ok(Writer::Thread { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Runs an operation and gives its answer once it is on disk.
    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, OperationError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, OperationError> + Send + 'static,
    {
        let (job, answer) = job(operation);
        match self {
            Writer::Thread { queue, .. } => {
                let queue = lock(queue).clone().ok_or(StorageError::Closed)?;
                queue.try_send(job).map_err(|error| match error {
                    mpsc::error::TrySendError::Full(_) => StorageError::Busy,
                    mpsc::error::TrySendError::Closed(_) => StorageError::Closed,
                })?;
            }
            Writer::Inline { connection, publisher } => {
                let connection = lock(connection);
                let connection = connection.as_ref().ok_or(StorageError::Closed)?;
                run_group(connection, job, || None, publisher);
            }
        }
        answer.await.unwrap_or(Err(StorageError::Closed.into()))
    }

    /// Finishes what was accepted and moves the write-ahead log into the file. Further operations fail.
    pub(super) async fn close(&self) -> Result<(), StorageError> {
        match self {
            Writer::Thread { queue, thread } => {
                drop(lock(queue).take());
                let Some(thread) = lock(thread).take() else { return Ok(()) };
                let joined = tokio::task::spawn_blocking(move || thread.join());
                joined.await.map_err(StorageError::other)?.map_err(|_| StorageError::Panicked)
            }
            Writer::Inline { connection, .. } => {
                lock(connection).take().map_or(Ok(()), |connection| checkpoint(&connection))
            }
        }
    }
}

/// Moves the write-ahead log into the main file, so that the file alone is the database.
fn checkpoint(connection: &Connection) -> Result<(), StorageError> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(StorageError::Busy) } else { Ok(()) }
}

/// A panic of an operation is caught inside, so what a mutex guards is whole even when it is marked as poisoned.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
