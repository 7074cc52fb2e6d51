//! The outside world: the time, randomness and waiting. The only place of the server that asks the machine for them
//! (docs/sync.md 24); everything else gets them from here, so that a run is a function of its seed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use shopbell_domain::env::{Env, FixedEnv};
use shopbell_domain::time::Timestamp;
use tokio::sync::oneshot;

/// Waiting.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns after `millis` milliseconds, or a little later.
    async fn sleep_ms(&self, millis: u64);
}

/// What handlers and workers get of the outside world.
pub trait ServerEnv: Env + Timer {}

impl<T: Env + Timer> ServerEnv for T {}

/// The machine's own clock, randomness and timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnv;

impl Env for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "the edge where the wall clock comes in")]
    fn now(&self) -> Timestamp {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since_1970.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_millis(millis)
    }

    #[expect(clippy::disallowed_methods, reason = "the edge where randomness comes in")]
    fn fill_random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("without the system's randomness no token can be made");
    }
}

#[async_trait]
impl Timer for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "the edge where timers come in")]
    async fn sleep_ms(&self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

/// An environment for tests and simulations: a clock that stands until it is moved, timers that end when it passes
/// them, and bytes that follow from a seed.
pub struct ManualEnv {
    fixed: FixedEnv,
    sleepers: Mutex<BTreeMap<(i64, u64), oneshot::Sender<()>>>,
    next: Mutex<u64>,
}

impl ManualEnv {
    /// Starts at 2026-03-02T09:00:00Z with the bytes of `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self { fixed: FixedEnv::seeded(seed), sleepers: Mutex::default(), next: Mutex::default() }
    }

    /// Moves the clock and ends the timers that it passes, in their order.
    pub fn advance_ms(&self, millis: i64) {
        self.fixed.advance_ms(millis);
        let now = self.fixed.now().millis();
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        let later = sleepers.split_off(&(now.saturating_add(1), 0));
        for (_, sleeper) in std::mem::replace(&mut *sleepers, later) {
            let _ = sleeper.send(());
        }
    }

    /// How many timers somebody waits for.
    pub fn sleeping(&self) -> usize {
        let sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.values().filter(|sleeper| !sleeper.is_closed()).count()
    }
}

impl Env for ManualEnv {
    fn now(&self) -> Timestamp {
        self.fixed.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.fixed.fill_random(bytes);
    }
}

#[async_trait]
impl Timer for ManualEnv {
    async fn sleep_ms(&self, millis: u64) {
        if millis == 0 {
            return;
        }
        let (sender, ended) = oneshot::channel();
        let at = self.now().plus_ms(i64::try_from(millis).unwrap_or(i64::MAX)).millis();
        let number = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            *next += 1;
            *next
        };
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner).insert((at, number), sender);
        // An error means that the environment is gone: nobody can move its clock any more.
        drop(ended.await);
    }
}
