//! The real time and randomness of a phone. The one place of this crate that reads the wall clock or waits; everything
//! else takes an `Env` or asks for a timer, so that a run is a function of its seed (docs/sync.md 24).

use std::time::Duration;
#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
mod clock {
    use std::time::{SystemTime, UNIX_EPOCH};

    pub(super) fn now_ms() -> i64 {
        // A clock before 1970 is a broken clock: device clocks order nothing, so 0 does no harm.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    pub(super) async fn sleep(duration: std::time::Duration) {
        tokio::time::sleep(duration).await;
    }

    pub(super) fn fill(bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every system that Shopbell runs on has a random number generator");
    }
}

use shopbell_domain::env::Env;
use shopbell_domain::time::Timestamp;

/// The machine's clock and random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnv;

impl Env for SystemEnv {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(clock::now_ms())
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        clock::fill(bytes);
    }
}

/// Waits for so long; the runner's timers end here.
pub(crate) async fn wait_ms(millis: u64) {
    clock::sleep(Duration::from_millis(millis)).await;
}

/// A number below `limit` (at least 1) from `env`.
pub(crate) fn random_below(env: &dyn Env, limit: u64) -> u64 {
    let mut bytes = [0; 8];
    env.fill_random(&mut bytes);
    u64::from_be_bytes(bytes) % limit.max(1)
}
