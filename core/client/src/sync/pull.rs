//! Pull: one transaction an answer, and in it the cursor, the rows it covers and the changes that they settle.

use shopbell_domain::ids::{DeviceId, EpochId};
use shopbell_domain::sync::{
    Entity, MutationResult, PullAnswer, PullRequest, Row, Scope, ScopeCursor, ScopeRows,
};
use shopbell_domain::time::Timestamp;

use super::Effect;
use super::engine::Engine;
use super::failure::Failure;
use super::lane::Lane;
use super::request::{Call, RequestError, RequestId};
use crate::outbox::{self, Settled};
use crate::store::{self, Dropped, Origin, Profile, ScopeState, Store, StoreError, Write};

/// How many rows a pull asks for.
const PULL_ROWS: usize = 500;
/// How long after a pull the next one comes, even without a poke, in milliseconds.
pub(super) const PULL_INTERVAL_MS: i64 = 60_000;

/// What an answer did.
#[derive(Debug, Default)]
struct Pulled {
    /// A scope has more rows after its new cursor, or was just granted.
    more: bool,
    /// The results are in up to now.
    results_complete: bool,
    /// This person's own rows are in up to now.
    own_rows_complete: bool,
    /// Part of the answer did not fit the cursors here.
    misfit: bool,
    accepted: u32,
    refused: u32,
    /// How many scopes did not add up to what the server says.
    mismatches: u64,
    dropped: Dropped,
}

impl Engine {
    pub(super) fn send_pull(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some(profile) = store.read(Profile::read)? else {
            return Ok(());
        };
        let Some(epoch) = profile.epoch else {
            return Ok(());
        };
        let scopes = store.read(store::scopes)?.into_iter().filter_map(|held| match held.state {
            ScopeState::Held(cursor) => Some(ScopeCursor { scope: held.scope, cursor }),
            ScopeState::Loading { .. } => None,
        });
        let request = PullRequest {
            epoch,
            scopes: scopes.collect(),
            limit: PULL_ROWS,
            wait_ms: 0,
            checksums: self.upkeep.checksums_due,
        };
        self.send(Call::Pull(request), Some(epoch));
        Ok(())
    }

    pub(super) fn pulled(
        &mut self,
        store: &mut Store,
        id: RequestId,
        request: &PullRequest,
        answer: PullAnswer,
        now: Timestamp,
    ) -> Result<Option<RequestError>, StoreError> {
        let Some(profile) = store.read(Profile::read)? else {
            return Ok(None);
        };
        if profile.epoch != Some(answer.epoch) {
            return Ok(Some(RequestError::Garbled)); // of another history: the server should have said so
        }
        let (pulled, touched) = store.write(|to| apply(to, &answer, profile.device))?;
        self.touched.add(touched);
        self.note_dropped(&pulled.dropped);
        self.progress.mismatches += pulled.mismatches;
        self.progress.accepted += pulled.accepted;
        self.progress.refused += pulled.refused;
        if pulled.accepted + pulled.refused > 0 {
            self.blocked.clear();
            self.want(Lane::Push);
        }
        if pulled.results_complete {
            self.forget_unanswered(store, id, now)?;
        }
        if pulled.own_rows_complete {
            self.release_drafts(store, id)?;
        }
        if pulled.misfit {
            tracing::error!("a pull answer does not start at the cursor that it was asked with");
            return Ok(Some(RequestError::Garbled));
        }
        self.want(Lane::Snapshot);
        if pulled.more {
            self.want(Lane::Pull);
        } else {
            self.progress.complete_pull = id.0;
            self.effects.push(Effect::SetTimer { id: Lane::Pull, at: now.plus_ms(PULL_INTERVAL_MS) });
            self.keep_up(store, request.checksums, now)?;
        }
        Ok(None)
    }

    /// What a push handed over must have a result by now. What has none is handed over again, after a wait: the server
    /// answers the same mutation with the same result.
    fn forget_unanswered(&mut self, store: &Store, id: RequestId, now: Timestamp) -> Result<(), StoreError> {
        let mut unanswered = false;
        let due: Vec<_> =
            self.awaiting.iter().filter(|(_, pull)| **pull <= id).map(|(mid, _)| *mid).collect();
        for mid in due {
            self.awaiting.remove(&mid);
            unanswered |= store.read(|from| store::entry(from, mid))?.is_some();
        }
        if unanswered {
            tracing::warn!("the server took changes in and gave no result for them");
            self.trouble(Lane::Push, Failure::NoResult);
            self.wait(Lane::Push, false, 0, now);
        }
        Ok(())
    }
}

/// Everything of an answer, in the caller's transaction.
fn apply(to: &mut Write<'_>, answer: &PullAnswer, device: DeviceId) -> Result<Pulled, StoreError> {
    let mut pulled = Pulled::default();
    if let Some(seq) = answer.backed_up {
        to.note_backup(seq)?;
    }
    take_grants(to, answer, &mut pulled)?;
    let mut results = Vec::new();
    for part in &answer.scopes {
        let fits = store::scope(to, part.scope)?.is_some_and(|held| {
            held.grant == part.grant && held.state == ScopeState::Held(part.from) && part.cursor >= part.from
        });
        if !fits {
            // A scope that was granted anew while the request was under way is loaded; anything else is a fault.
            pulled.misfit |= store::scope(to, part.scope)?.is_some_and(|held| {
                held.grant == part.grant && matches!(held.state, ScopeState::Held(at) if at > 0)
            });
            continue;
        }
        let own_results = part.scope == Scope::Device(device);
        for row in &part.rows {
            if row.entity != Entity::Result {
                to.merge(part.scope, row, answer.epoch, Origin::Log)?;
            } else if own_results {
                results.push(row);
            }
        }
        to.hold_scope(part.scope, part.cursor)?;
        pulled.more |= part.more;
        pulled.results_complete |= own_results && !part.more;
        pulled.own_rows_complete |= matches!(part.scope, Scope::User(_)) && !part.more;
    }
    for part in answer.scopes.iter().filter(|part| !part.more) {
        check(to, part, &mut pulled)?;
    }
    for scope in &answer.reload {
        tracing::info!(%scope, "it is loaded again: its cursor was older than what the server remembers");
        to.load_scope_again(*scope)?;
    }
    for part in &answer.also {
        if store::scope(to, part.scope)?.is_some_and(|held| held.grant == part.grant) {
            for row in &part.rows {
                to.merge(part.scope, row, answer.epoch, Origin::Beside)?;
            }
        }
    }
    // Last: what a result settles leaves the outbox when the rows that it became are already there.
    for row in results {
        settle(to, row, answer.epoch, &mut pulled)?;
    }
    pulled.dropped = to.dropped().clone();
    Ok(pulled)
}

/// A scope that is in up to now must add up to what the server says; otherwise it is loaded again.
fn check(to: &mut Write<'_>, part: &ScopeRows, pulled: &mut Pulled) -> Result<(), StoreError> {
    let present = store::scope(to, part.scope)?
        .is_some_and(|held| held.grant == part.grant && held.state == ScopeState::Held(part.cursor));
    let Some(theirs) = part.checksum.as_ref().filter(|_| present) else {
        return Ok(());
    };
    let ours = store::checksum(to, part.scope)?;
    if ours != *theirs {
        tracing::error!(
            scope = %part.scope,
            rows = ours.rows(),
            rows_there = theirs.rows(),
            "what is held is not what the server has: it is loaded again"
        );
        pulled.mismatches += 1;
        to.distrust_scope(part.scope)?;
        to.load_scope_again(part.scope)?;
    }
    Ok(())
}

/// Scopes that are granted no more go with their rows; those that are new, or were granted anew, begin.
fn take_grants(to: &mut Write<'_>, answer: &PullAnswer, pulled: &mut Pulled) -> Result<(), StoreError> {
    let before = store::scopes(to)?;
    for held in &before {
        let same = answer.granted.iter().any(|grant| grant.scope == held.scope && grant.grant == held.grant);
        if !same {
            to.end_scope(held.scope)?;
        }
    }
    for grant in &answer.granted {
        if !before.iter().any(|held| held.scope == grant.scope && held.grant == grant.grant) {
            to.begin_scope(grant.scope, grant.grant)?;
            pulled.more |=
                store::scope(to, grant.scope)?.is_some_and(|held| matches!(held.state, ScopeState::Held(_)));
        }
    }
    Ok(())
}

fn settle(to: &mut Write<'_>, row: &Row, epoch: EpochId, pulled: &mut Pulled) -> Result<(), StoreError> {
    if row.ended {
        return Ok(()); // the server has forgotten it; so long ago nothing waits for it
    }
    let Ok(result) = row.read::<MutationResult>() else {
        tracing::error!(id = %row.id, "a result cannot be read");
        return Ok(());
    };
    match outbox::settle(to, &result, row.ver.0, epoch)? {
        Settled::Accepted => pulled.accepted += 1,
        Settled::Refused => pulled.refused += 1,
        Settled::Before => {}
    }
    Ok(())
}
