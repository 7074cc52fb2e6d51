//! The commit of a group, and what has to be on disk before anybody may hear of it: how far the history has come
//! (docs/sync.md 20.2). Until that is noted no answer, poke or provider call may depend on the commit, so readers that
//! end in between wait.
//!
//! Why it is a second write and not a number reserved ahead: docs/decisions/0006-revocation-store.md.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rusqlite::Connection;
use shopbell_domain::ids::{ShopId, StaffId};
use shopbell_domain::staff::Permission;

use super::revocations::{Given, Revocations};
use super::writer::lock;
use crate::storage::{CommitListener, Committed, StorageError};

/// Held by the writer while a commit is there but not yet noted.
pub(super) type Gate = Arc<RwLock<()>>;

/// Commits, notes, tells.
pub(super) struct Publisher {
    /// Where it is noted.
    pub(super) revocations: Arc<Revocations>,
    /// Who is told.
    pub(super) listener: Arc<dyn CommitListener>,
    /// Who waits.
    pub(super) gate: Gate,
    /// What was committed and could not be noted yet.
    owed: Mutex<Owed>,
}

/// What is to be noted after a commit.
#[derive(Default)]
struct Owed {
    given: Given,
    granted: Vec<(ShopId, StaffId, Permission)>,
    /// Who waits for it has not been told either.
    untold: Vec<Committed>,
}

impl Publisher {
    /// A publisher that owes nothing.
    pub(super) fn new(revocations: Arc<Revocations>, listener: Arc<dyn CommitListener>) -> Self {
        Self { revocations, listener, gate: Gate::default(), owed: Mutex::default() }
    }

    /// Before a group: what an earlier one could not note.
    ///
    /// # Errors
    /// When it still cannot be noted: nothing more may be committed on top of it.
    pub(super) fn settle(&self) -> Result<(), StorageError> {
        let mut owed = lock(&self.owed);
        self.revocations.committed(&owed.given, &owed.granted)?;
        let noted = std::mem::take(&mut *owed);
        drop(owed);
        noted.untold.iter().for_each(|committed| self.listener.committed(committed));
        Ok(())
    }

    /// Commits what these operations changed.
    ///
    /// # Errors
    /// When it was not committed. Or when it was and could not be noted: then nobody may hear of it yet. Whoever asks
    /// again gets the same answer, as after an answer that was lost.
    pub(super) fn commit<'c>(
        &self,
        conn: &Connection,
        changed: impl Iterator<Item = &'c Committed>,
    ) -> Result<(), StorageError> {
        let changed: Vec<&Committed> = changed.collect();
        let _closed = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        conn.execute_batch("COMMIT")?;
        {
            let mut owed = lock(&self.owed);
            for committed in &changed {
                for (shop, seq) in &committed.seqs {
                    let known = owed.given.entry(*shop).or_insert(*seq);
                    *known = (*known).max(*seq);
                }
                owed.granted.extend(&committed.granted);
            }
        }
        // Those who asked hear an error and ask again; those who wait are told once it is noted.
        self.settle().inspect_err(|_| lock(&self.owed).untold.extend(changed.into_iter().cloned()))
    }
}

/// Returns when everything that was committed before is noted.
pub(super) fn wait(gate: &Gate) {
    drop(gate.read().unwrap_or_else(PoisonError::into_inner));
}
