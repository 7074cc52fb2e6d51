//! Long polls: an answer that waits for news.

use std::collections::BTreeSet;

use super::problem::Answer;
use crate::live::Topic;
use crate::state::AppState;

/// Reads until there is something new in `topics`, `wait_ms` milliseconds passed or the server stops. The hub is
/// joined before the first read, so that nothing falls between the two.
pub(super) async fn until_new<T, F>(
    state: &AppState,
    topics: BTreeSet<Topic>,
    wait_ms: u64,
    read: impl Fn() -> F,
) -> Answer<T>
where
    F: Future<Output = Answer<(T, bool)>>,
{
    if wait_ms == 0 {
        return read().await.map(|(answer, _)| answer);
    }
    let subscription = state.hub.subscribe(topics);
    let mut stopping = state.stopping();
    let timeout = state.env.sleep_ms(wait_ms);
    tokio::pin!(timeout);
    loop {
        let (answer, is_new) = read().await?;
        if is_new || *stopping.borrow_and_update() {
            return Ok(answer);
        }
        tokio::select! {
            _ = subscription.poked() => {}
            () = &mut timeout => return Ok(answer),
            _ = stopping.changed() => return Ok(answer),
        }
    }
}
