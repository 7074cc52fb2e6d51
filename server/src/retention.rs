//! Forgetting what is old enough, now and then, as long as the server runs (docs/sync.md 7, 10).

use tokio::sync::watch;

use crate::state::AppState;

/// How long the server waits between two sweeps, in milliseconds: an hour.
const SWEEP_INTERVAL_MS: u64 = 3_600 * 1_000;

/// Sweeps until `stopping` turns true.
pub(crate) async fn run(state: AppState, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let wait_ms = match state.storage.sweep(state.env.now()).await {
            Ok(true) => 0,
            Ok(false) => SWEEP_INTERVAL_MS,
            Err(error) => {
                tracing::warn!(%error, "what is old could not be forgotten");
                SWEEP_INTERVAL_MS
            }
        };
        tokio::select! {
            () = state.env.sleep_ms(wait_ms) => {}
            _ = stopping.changed() => {}
        }
    }
}
