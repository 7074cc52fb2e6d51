//! A lane: requests of one kind, one in flight, with a growing wait between failed tries.
//!
//! Lanes do not wait for each other; a push that fails for hours never holds a pull back (docs/sync.md 14).

use shopbell_domain::env::Env;

use super::request::RequestId;
use crate::env::random_below;

/// The wait after the first failure, in milliseconds.
pub(super) const RETRY_BASE_MS: u64 = 500;
/// The longest wait that grows by failures, in milliseconds: the app is in front of a person.
pub(super) const RETRY_LIMIT_MS: u64 = 15_000;
/// The longest wait that a server can ask for, in milliseconds.
pub(super) const RETRY_AFTER_LIMIT_MS: u64 = 10 * 60 * 1_000;

/// The kinds of requests, each with its own pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// What is new.
    Pull,
    /// The outbox.
    Push,
    /// Loading a scope.
    Snapshot,
    /// New tokens.
    Refresh,
    /// The live connection.
    Live,
    /// What is in the composers.
    Draft,
}

impl Lane {
    pub(super) const ALL: [Lane; 6] =
        [Lane::Pull, Lane::Push, Lane::Snapshot, Lane::Refresh, Lane::Live, Lane::Draft];
}

/// How a lane is doing.
#[derive(Clone, Debug, Default)]
pub(super) struct LaneState {
    /// The request that is in flight.
    pub(super) in_flight: Option<RequestId>,
    /// There is something to ask for.
    pub(super) wanted: bool,
    /// A timer stands before the next try.
    pub(super) waiting: bool,
    /// The last try failed because nobody answered.
    pub(super) unreachable: bool,
    failures: u32,
}

impl LaneState {
    /// Whether a request may leave now.
    pub(super) fn ready(&self) -> bool {
        self.wanted && !self.waiting && self.in_flight.is_none()
    }

    /// A request left.
    pub(super) fn sent(&mut self, id: RequestId) {
        self.in_flight = Some(id);
        self.wanted = false;
    }

    /// It worked: the next failure is the first again.
    pub(super) fn worked(&mut self) {
        self.failures = 0;
        self.waiting = false;
        self.unreachable = false;
    }

    /// It failed and must be tried again after the milliseconds that this answers: twice as long each time, at least
    /// what the server asks for, and never the same for two phones.
    pub(super) fn failed(&mut self, env: &dyn Env, unreachable: bool, at_least_ms: u64) -> i64 {
        let longest = RETRY_BASE_MS.saturating_mul(1 << self.failures.min(16)).min(RETRY_LIMIT_MS);
        let wait =
            (longest / 2 + random_below(env, longest / 2 + 1)).max(at_least_ms.min(RETRY_AFTER_LIMIT_MS));
        self.failures = self.failures.saturating_add(1);
        self.wanted = true;
        self.waiting = true;
        self.unreachable = unreachable;
        i64::try_from(wait).unwrap_or(i64::MAX)
    }

    /// The token had ended: tried again at once with the next one, but only once in a row.
    pub(super) fn token_ended(&mut self) -> bool {
        self.wanted = true;
        self.failures = self.failures.saturating_add(1);
        self.failures == 1
    }

    /// Whatever is in flight will not be waited for.
    pub(super) fn give_up(&mut self) {
        if self.in_flight.take().is_some() {
            self.wanted = true;
        }
    }

    /// Tries again without waiting.
    pub(super) fn hurry(&mut self) {
        self.waiting = false;
        self.failures = 0;
    }
}

#[cfg(test)]
#[path = "lane_tests.rs"]
mod tests;
