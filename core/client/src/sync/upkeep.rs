//! What a phone does for what it holds once a pull is complete: it compares what that adds up to with what the server
//! says, asks for what is missing, and lets go of what need not be kept.

use shopbell_domain::ids::ConversationId;
use shopbell_domain::time::Timestamp;

use super::engine::Engine;
use super::history::History;
use super::request::RequestError;
use crate::store::{self, KEPT_CONVERSATIONS, Store, StoreError};

/// How long after they were compared checksums are asked for again: 6 hours, in milliseconds.
pub(super) const CHECKSUMS_INTERVAL_MS: i64 = 6 * 60 * 60 * 1_000;
/// How long after everything that may go is gone it is looked for again: a day, in milliseconds.
const EVICTION_INTERVAL_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is due.
#[derive(Debug, Default)]
pub(super) struct Upkeep {
    /// The next pull asks for checksums.
    pub(super) checksums_due: bool,
    /// When it is to; `None` at the start.
    checksums_at: Option<Timestamp>,
    evict_at: Option<Timestamp>,
    /// Where asking for the newest messages of conversations goes on; `None`: not before the next complete pull.
    newest: Option<Newest>,
}

/// The conversations whose newest messages are missing are asked one after the other.
#[derive(Clone, Copy, Debug)]
struct Newest {
    after: Option<ConversationId>,
    is_under_way: bool,
}

impl Newest {
    fn asks(self, conversation: ConversationId) -> bool {
        self.is_under_way && self.after == Some(conversation)
    }
}

impl Upkeep {
    pub(super) fn look_at(&mut self, now: Timestamp) {
        self.checksums_due = is_due(self.checksums_at, CHECKSUMS_INTERVAL_MS, now);
    }
}

impl Engine {
    /// A pull had nothing more to bring.
    pub(super) fn keep_up(
        &mut self,
        store: &mut Store,
        with_checksums: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if with_checksums {
            self.upkeep.checksums_at = Some(now.plus_ms(CHECKSUMS_INTERVAL_MS));
        }
        store.clean_up_what_is_left()?;
        if self.upkeep.newest.is_none() {
            self.upkeep.newest = Some(Newest { after: None, is_under_way: false });
        }
        if is_due(self.upkeep.evict_at, EVICTION_INTERVAL_MS, now) {
            let ((more, dropped), touched) = store.write(|to| -> Result<_, StoreError> {
                let more = to.evict(KEPT_CONVERSATIONS, now)?;
                Ok((more, to.dropped().clone()))
            })?;
            self.touched.add(touched);
            self.note_dropped(&dropped);
            self.upkeep.evict_at = (!more).then(|| now.plus_ms(EVICTION_INTERVAL_MS));
        }
        Ok(())
    }

    /// Asks for the newest messages of the next conversation that misses them.
    pub(super) fn want_newest(&mut self, store: &Store) -> Result<(), StoreError> {
        let Some(Newest { after, is_under_way: false }) = self.upkeep.newest else {
            return Ok(());
        };
        self.upkeep.newest = match store.read(|from| store::next_due(from, after))? {
            Some((conversation, before)) => {
                self.histories.entry(conversation).or_insert_with(|| History::new(before, false));
                Some(Newest { after: Some(conversation), is_under_way: true })
            }
            None => None,
        };
        Ok(())
    }

    /// Messages of a conversation came: they are not missing any more, or the server has no more of them.
    pub(super) fn newest_came(
        &mut self,
        store: &mut Store,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        if self.upkeep.newest.is_some_and(|newest| newest.asks(conversation)) {
            store.write(|to| to.forget_newest_due(conversation))?;
        }
        Ok(())
    }

    /// A question has ended. Where nobody answered, the rest is asked for after the next complete pull.
    pub(super) fn newest_ended(&mut self, conversation: ConversationId, error: Option<&RequestError>) {
        if let Some(newest) = self.upkeep.newest.filter(|newest| newest.asks(conversation)) {
            let goes_on = error != Some(&RequestError::Unreachable);
            self.upkeep.newest = goes_on.then_some(Newest { is_under_way: false, ..newest });
        }
    }
}

/// Also when it is farther away than it can be: the clock was set back meanwhile.
fn is_due(at: Option<Timestamp>, interval_ms: i64, now: Timestamp) -> bool {
    at.is_none_or(|at| at <= now || at.since_ms(now) > interval_ms)
}
