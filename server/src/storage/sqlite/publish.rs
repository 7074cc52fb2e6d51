//! The commit of a group, and what has to be on disk before anybody may hear of it: how far the history has come
//! (docs/sync.md 20.2). Until that is noted no answer, poke or provider call may depend on the commit, so readers that
//! end in between wait.
//!
//! Why it is a second write and not a number reserved ahead: docs/decisions/0006-revocation-store.md.

use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;

use super::revocations::{Given, Revocations};
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
}

impl Publisher {
    /// Commits what these operations changed.
    ///
    /// # Errors
    /// When it was not committed. Or when it was and could not be noted: then nobody may hear of it yet. Whoever asks
    /// again gets the same answer, as after an answer that was lost; the next commit notes both.
    pub(super) fn commit<'c>(
        &self,
        conn: &Connection,
        changed: impl Iterator<Item = &'c Committed>,
    ) -> Result<(), StorageError> {
        let (mut given, mut granted) = (Given::new(), Vec::new());
        for committed in changed {
            for (shop, seq) in &committed.seqs {
                let known = given.entry(*shop).or_insert(*seq);
                *known = (*known).max(*seq);
            }
            granted.extend(&committed.granted);
        }
        let _closed = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        conn.execute_batch("COMMIT")?;
        self.revocations.committed(&given, &granted)
    }
}

/// Returns when everything that was committed before is noted.
pub(super) fn wait(gate: &Gate) {
    drop(gate.read().unwrap_or_else(PoisonError::into_inner));
}
