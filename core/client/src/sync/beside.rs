//! Rows that come beside the log: older messages and what a search on the server found. Their answers carry scope,
//! grant number and the `seq` at which they were read, and whether they are taken in is decided here alone
//! (docs/sync.md 5).

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::{Row, Scope};

use super::engine::Engine;
use crate::store::{self, Origin, Profile, ScopeState, Store, StoreError};

/// An answer with rows that are not from the log.
pub(super) struct BesideAnswer<'a> {
    pub(super) epoch: EpochId,
    pub(super) scope: Scope,
    pub(super) grant: i64,
    /// The scope's `seq` at which they were read.
    pub(super) seq: i64,
    pub(super) rows: &'a [Row],
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The rows are stored.
    In,
    /// It is of another grant or epoch: dropped for good.
    Dropped,
    /// It was read before the present cursor. What ended since was passed over, as it was not held, and would come back
    /// for good: to be asked for again.
    TooOld,
}

impl Engine {
    pub(super) fn take_beside(
        &mut self,
        store: &mut Store,
        answer: &BesideAnswer<'_>,
    ) -> Result<Taken, StoreError> {
        let epoch = store.read(Profile::read)?.and_then(|profile| profile.epoch);
        let held = store.read(|from| store::scope(from, answer.scope))?;
        let cursor = match held {
            Some(held) if held.grant == answer.grant && epoch == Some(answer.epoch) => match held.state {
                ScopeState::Held(cursor) => cursor,
                ScopeState::Loading { .. } => 0,
            },
            _ => return Ok(Taken::Dropped),
        };
        if answer.seq < cursor {
            return Ok(Taken::TooOld);
        }
        let ((), touched) = store.write(|to| {
            answer.rows.iter().try_for_each(|row| to.merge(answer.scope, row, answer.epoch, Origin::Beside))
        })?;
        self.touched.add(touched);
        Ok(Taken::In)
    }
}
