//! How long the queue waits before it asks a provider again, and when it gives up.

use shopbell_domain::env::Env;
use shopbell_domain::time::Timestamp;

/// The wait after the first attempt, in milliseconds; it doubles with each.
pub(super) const FIRST_WAIT_MS: u64 = 1_000;
/// The longest wait, in milliseconds; also the longest that a provider may ask for.
pub(super) const LONGEST_WAIT_MS: u64 = 10 * 60 * 1_000;
/// A message is tried for this long, in milliseconds: two days. An answer that comes later helps nobody.
pub(super) const GIVE_UP_AFTER_MS: i64 = 2 * 24 * 3_600 * 1_000;
/// Why the queue itself refuses a message: its provider never took it in [`GIVE_UP_AFTER_MS`].
pub(super) const GAVE_UP: &str = "gave_up";

/// Whether a message that was queued then is tried no more.
pub(super) fn is_over(queued_at: Timestamp, now: Timestamp) -> bool {
    now.since_ms(queued_at) >= GIVE_UP_AFTER_MS
}

/// How long to wait after this many attempts, in milliseconds: what the provider asked for, or a doubling wait whose
/// second half is random, so that messages that failed together do not come back together.
pub(super) fn wait_ms(env: &(impl Env + ?Sized), attempts: u32, asked_ms: Option<u64>) -> u64 {
    if let Some(asked_ms) = asked_ms {
        return asked_ms.clamp(1, LONGEST_WAIT_MS);
    }
    let doublings = attempts.saturating_sub(1).min(20);
    let whole = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
    let mut random = [0; 4];
    env.fill_random(&mut random);
    let half = whole / 2;
    half + u64::from(u32::from_be_bytes(random)) * half / u64::from(u32::MAX)
}
