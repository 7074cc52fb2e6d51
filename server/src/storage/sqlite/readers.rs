//! Operations that only read: a few connections of their own beside the writer, or the writer's own when everything
//! runs in one place.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection::open_reader;
use super::publish::{self, Gate};
use super::writer::lock;
use crate::storage::{OperationError, StorageError};

/// Connections that read at the same time.
const READERS: usize = 4;
/// The most reads that wait for a connection; more are told that the server is busy.
const QUEUE_LIMIT: usize = 1_024;

/// Runs operations that read.
pub(super) enum Readers {
    /// Each on a thread that may block, with a connection of the pool.
    Pool {
        /// The connections that nobody uses now.
        idle: Arc<Mutex<Vec<Connection>>>,
        /// One permit a connection.
        permits: Arc<Semaphore>,
        /// One permit a read that runs or waits.
        places: Arc<Semaphore>,
        /// Passed before an answer is given.
        gate: Gate,
    },
    /// At once, by the caller, on the writer's connection.
    Inline(Arc<Mutex<Option<Connection>>>),
}

impl Readers {
    /// Opens the pool.
    pub(super) fn open(path: &Path, vfs: Option<&str>, gate: Gate) -> Result<Readers, StorageError> {
        let idle = (0..READERS).map(|_| open_reader(path, vfs)).collect::<Result<Vec<_>, _>>()?;
        Ok(Readers::Pool {
            idle: Arc::new(Mutex::new(idle)),
            permits: Arc::new(Semaphore::new(READERS)),
            places: Arc::new(Semaphore::new(QUEUE_LIMIT)),
            gate,
        })
    }

    /// Runs an operation in one read transaction: all that it sees is of one moment.
    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, OperationError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, OperationError> + Send + 'static,
    {
        match self {
            Readers::Pool { idle, permits, places, gate } => {
                let place = places.clone().try_acquire_owned().map_err(|_| StorageError::Busy)?;
                let permit = permits.clone().acquire_owned().await.map_err(|_| StorageError::Closed)?;
                let (idle, gate) = (idle.clone(), gate.clone());
                let read = move || {
                    let connection = lock(&idle).pop().ok_or(StorageError::Closed)?;
                    let answer = in_transaction(&connection, operation);
                    lock(&idle).push(connection);
                    drop((permit, place));
                    publish::wait(&gate);
                    answer
                };
                tokio::task::spawn_blocking(read).await.map_err(StorageError::other)?
            }
            Readers::Inline(connection) => {
                let connection = lock(connection);
                in_transaction(connection.as_ref().ok_or(StorageError::Closed)?, operation)
            }
        }
    }

    /// Waits for the reads that run, then closes the connections.
    pub(super) async fn close(&self) {
        if let Readers::Pool { idle, permits, .. } = self
            && let Ok(all) = permits.acquire_many(READERS as u32).await
        {
            lock(idle).clear();
            permits.close();
            drop(all);
        }
    }
}

fn in_transaction<T>(
    connection: &Connection,
    operation: impl FnOnce(&Connection) -> Result<T, OperationError>,
) -> Result<T, OperationError> {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    connection.execute_batch("BEGIN")?;
    let answer = catch_unwind(AssertUnwindSafe(|| operation(connection)));
    connection.execute_batch("COMMIT")?;
    answer.unwrap_or(Err(StorageError::Panicked.into()))
}
