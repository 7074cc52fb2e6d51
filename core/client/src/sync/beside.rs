//! Rows that come beside the log: older messages and what a search on the server found. Their answers carry scope,
//! grant number and the `seq` at which they were read, and whether they are taken in is decided here alone
//! (docs/sync.md 5).

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::{AlsoRows, Row, Scope};

use super::engine::Engine;
use crate::store::{self, Dropped, Origin, Profile, ScopeState, Store, StoreError, Write};

/// An answer with rows that are not from the log.
pub(super) struct BesideAnswer<'a> {
    pub(super) epoch: EpochId,
    pub(super) scope: Scope,
    pub(super) grant: i64,
    /// The shop's `seq` at which they were read.
    pub(super) seq: i64,
    pub(super) rows: &'a [Row],
    /// Rows of other scopes, each taken in only under its own grant.
    pub(super) also: &'a [AlsoRows],
    /// Something that it may contain was dropped here since it was asked for.
    pub(super) missed: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// The rows are stored.
    In,
    /// It is of another grant or epoch: dropped for good.
    Dropped,
    /// It was read before something changed that was dropped here, since it was not held, and would bring back for good
    /// what that change has replaced: to be asked for again.
    TooOld,
}

impl Engine {
    pub(super) fn take_beside(
        &mut self,
        store: &mut Store,
        answer: &BesideAnswer<'_>,
    ) -> Result<Taken, StoreError> {
        let epoch = store.read(Profile::read)?.and_then(|profile| profile.epoch);
        if epoch != Some(answer.epoch) {
            return Ok(Taken::Dropped);
        }
        let (taken, touched) = store.write(|to| -> Result<Taken, StoreError> {
            let taken = fits(to, answer, answer.scope, answer.grant)?;
            if taken != Taken::In {
                return Ok(taken);
            }
            for row in answer.rows {
                to.merge(answer.scope, row, answer.epoch, Origin::Beside)?;
            }
            for part in answer.also {
                if fits(to, answer, part.scope, part.grant)? == Taken::In {
                    for row in &part.rows {
                        to.merge(part.scope, row, answer.epoch, Origin::Beside)?;
                    }
                }
            }
            Ok(Taken::In)
        })?;
        self.touched.add(touched);
        Ok(taken)
    }

    /// Notes what a transaction dropped: answers that are under way may have been read before that.
    pub(super) fn note_dropped(&mut self, dropped: &Dropped) {
        for (conversation, history) in &mut self.histories {
            history.missed |= dropped.all || dropped.conversations.contains(conversation);
        }
        for search in self.searches.values_mut() {
            search.missed |= dropped.all || !dropped.conversations.is_empty();
        }
    }
}

fn fits(from: &Write<'_>, answer: &BesideAnswer<'_>, scope: Scope, grant: i64) -> Result<Taken, StoreError> {
    let held = store::scope(from, scope)?.filter(|held| held.grant == grant);
    let too_old = match held.map(|held| held.state) {
        None => return Ok(Taken::Dropped),
        Some(ScopeState::Held(cursor)) => answer.seq < cursor && answer.missed,
        // What ended before the first page is in no page and will be in no pull. Before that page is in, the marks of
        // what the pages bring decide.
        Some(ScopeState::Loading { noted, .. }) => noted.is_some_and(|noted| answer.seq < noted),
    };
    Ok(if too_old { Taken::TooOld } else { Taken::In })
}
