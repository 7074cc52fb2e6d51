//! Group commit: operations that wait at the same time share one transaction and so one fsync.
//!
//! Each runs under a savepoint of its own: one that fails or panics takes back its own changes and no others'. Answers
//! are given only after the one commit; when that fails, every operation of the group has failed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::changes::Changes;
use super::publish::Publisher;
use super::revocations::Revocations;
use crate::storage::{CommitListener, Committed, OperationError, StorageError};

/// The most operations that share a commit. More would let the first wait for long.
pub(super) const GROUP_LIMIT: usize = 64;

/// What an operation works on.
pub(super) struct Tx<'c> {
    /// The connection, inside the transaction.
    pub(super) conn: &'c Connection,
    /// What it changed so far; `seq` is given out when it ends.
    pub(super) changes: Changes,
    /// Who is to be told when it is on disk.
    pub(super) committed: Committed,
    /// Where what is revoked is noted before the commit.
    pub(super) revocations: &'c Revocations,
}

/// An operation that waits for its turn.
pub(super) trait Job: Send {
    /// Runs it inside the transaction. Gives back why the database could not do it, if it could not.
    fn run(&mut self, conn: &Connection, revocations: &Revocations) -> Option<StorageError>;
    /// What it changed, if it did.
    fn changed(&self) -> Option<&Committed>;
    /// Gives its answer, now that the transaction has or has not been committed.
    fn settle(self: Box<Self>, commit: &Result<(), StorageError>, listener: &dyn CommitListener);
}

struct Waiting<T, F> {
    operation: Option<F>,
    outcome: Option<Result<(T, Committed), OperationError>>,
    answer: oneshot::Sender<Result<T, OperationError>>,
}

/// An operation as a job, and where its answer will arrive.
pub(super) fn job<T, F>(operation: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, OperationError>>)
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, OperationError> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    (Box::new(Waiting { operation: Some(operation), outcome: None, answer }), receiver)
}

impl<T, F> Job for Waiting<T, F>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, OperationError> + Send,
{
    fn run(&mut self, conn: &Connection, revocations: &Revocations) -> Option<StorageError> {
        let operation = self.operation.take()?;
        let outcome = guarded(conn, || {
            let committed = Committed::default();
            let mut tx = Tx { conn, changes: Changes::default(), committed, revocations };
            let answer = operation(&mut tx)?;
            let mut committed = tx.committed;
            tx.changes.write(conn, &mut committed)?;
            Ok((answer, committed))
        });
        let failure = match &outcome {
            Err(OperationError::Storage(error)) => Some(error.clone()),
            _ => None,
        };
        self.outcome = Some(outcome);
        failure
    }

    fn changed(&self) -> Option<&Committed> {
        match &self.outcome {
            Some(Ok((_, committed))) => Some(committed),
            _ => None,
        }
    }

    fn settle(self: Box<Self>, commit: &Result<(), StorageError>, listener: &dyn CommitListener) {
        let answer = match (self.outcome, commit) {
            (_, Err(error)) => Err(error.clone().into()),
            (Some(Ok((answer, committed))), Ok(())) => {
                listener.committed(&committed);
                Ok(answer)
            }
            (Some(Err(error)), Ok(())) => Err(error),
            (None, Ok(())) => Err(StorageError::Closed.into()),
        };
        // Whoever asked may be gone; the operation happened all the same.
        drop(self.answer.send(answer));
    }
}

/// Runs a group in one transaction and gives the answers. `next` brings one more job, if one waits.
pub(super) fn run_group(
    conn: &Connection,
    first: Box<dyn Job>,
    mut next: impl FnMut() -> Option<Box<dyn Job>>,
    publisher: &Publisher,
) {
    let mut group = vec![first];
    let begin = || conn.execute_batch("BEGIN IMMEDIATE").map_err(StorageError::from);
    let mut commit = publisher.settle().and_then(|()| begin());
    let mut at = 0;
    while commit.is_ok() && at < group.len() {
        let failure = group[at].run(conn, &publisher.revocations);
        at += 1;
        if conn.is_autocommit() {
            // SQLite gave up the whole transaction, as it does when the disk is full.
            let unknown = || StorageError::Unavailable("the transaction was given up".to_owned());
            commit = Err(failure.unwrap_or_else(unknown));
        } else if at == group.len() && at < GROUP_LIMIT {
            group.extend(next());
        }
    }
    if commit.is_ok() {
        commit = publisher.commit(conn, group.iter().filter_map(|job| job.changed()));
    }
    if !conn.is_autocommit() {
        drop(conn.execute_batch("ROLLBACK"));
    }
    if let Err(error) = &commit {
        tracing::error!(%error, operations = group.len(), "a commit failed");
    }
    for job in group {
        job.settle(&commit, &*publisher.listener);
    }
}

/// Runs `body` under a savepoint: all of it, or nothing of it when it fails or panics.
pub(super) fn guarded<T>(
    conn: &Connection,
    body: impl FnOnce() -> Result<T, OperationError>,
) -> Result<T, OperationError> {
    conn.execute_batch("SAVEPOINT operation")?;
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(StorageError::Panicked.into()));
    let end = match &outcome {
        Ok(_) => "RELEASE operation",
        Err(_) => "ROLLBACK TO operation; RELEASE operation",
    };
    match conn.execute_batch(end) {
        // The savepoint is gone with its transaction; what made it go is the better answer.
        Err(_) if outcome.is_err() => outcome,
        Err(error) => Err(error.into()),
        Ok(()) => outcome,
    }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
