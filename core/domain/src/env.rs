//! What the outside world gives: the time and randomness.
//!
//! The rules take `now` and ids as arguments; engines and handlers take an `Env`. The real one is implemented at the
//! two edges (`server/src/env.rs`, `core/client/src/env.rs`), a seeded one in tests: a run is a function of its seed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};

use crate::time::Timestamp;

/// Time and randomness. Waiting is the runner's: what must happen later is a timer that the engine asks for.
pub trait Env: Send + Sync {
    /// The present time by this machine's clock. It may jump; it orders nothing.
    fn now(&self) -> Timestamp;
    /// Fills `bytes` with unpredictable ones, good enough for tokens.
    fn fill_random(&self, bytes: &mut [u8]);
}

/// An `Env` for tests and simulations: a clock that stands until it is moved, and bytes that follow from a seed.
#[derive(Debug)]
pub struct FixedEnv {
    now: AtomicI64,
    stream: Mutex<(u64, u64)>,
}

impl FixedEnv {
    /// Starts at 2026-03-02T09:00:00Z, a Monday, with the bytes of `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self { now: AtomicI64::new(1_772_442_000_000), stream: Mutex::new((seed, 0)) }
    }

    /// Moves the clock; a negative number moves it back, as people's phones do.
    pub fn advance_ms(&self, millis: i64) {
        self.now.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Env for FixedEnv {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        let mut stream = self.stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(stream.0.to_be_bytes());
            hash.update(stream.1.to_be_bytes());
            stream.1 += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}
