//! Hands queued messages to the channels' providers (docs/sync.md 15).
//!
//! Claim, hand over, settle: the claim is on disk before the provider hears of the message, so that after a crash it
//! is known that it *may* have arrived. Whether it is tried again then depends on the provider: one that dedupes by
//! our message id is asked again, another never.

mod backoff;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use shopbell_domain::ids::AttemptId;
use shopbell_domain::time::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::channel::{Channels, Delivered};
use crate::env::ServerEnv;
use crate::storage::{AttemptOutcome, Claimed, OperationError, Outgoing, Settled, Storage, StorageError};

/// Messages that are handed over at the same time, each of another conversation.
pub const DELIVERIES_LIMIT: usize = 16;
/// How long a provider may take to answer before the answer counts as lost, in milliseconds.
pub const DELIVERY_TIMEOUT_MS: u64 = 30_000;
/// How long to wait when the database cannot be asked, in milliseconds.
const STORAGE_RETRY_MS: u64 = 1_000;
/// How often a settlement is tried; after that the next start recovers the attempt.
const SETTLE_TRIES: u32 = 10;

/// What a step of the worker did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It handed a message over and recorded what came of it.
    Handed,
    /// Nothing is due before this time; `None`: nothing waits at all.
    Idle(Option<Timestamp>),
}

/// Hands queued messages to the channels' providers.
#[derive(Clone)]
pub struct OutgoingWorker {
    storage: Arc<dyn Storage>,
    channels: Channels,
    env: Arc<dyn ServerEnv>,
    due: Arc<Notify>,
    /// The attempt whose claim was asked for and not answered: asked for again it is the same claim, which may be on disk.
    claiming: Arc<Mutex<Option<AttemptId>>>,
}

impl OutgoingWorker {
    /// A worker that looks whenever `due` is notified and when the queue's next message is due.
    pub fn new(
        storage: Arc<dyn Storage>,
        channels: Channels,
        env: Arc<dyn ServerEnv>,
        due: Arc<Notify>,
    ) -> Self {
        Self { storage, channels, env, due, claiming: Arc::default() }
    }

    /// Claims the message whose turn it is, hands it over and records what came of it.
    ///
    /// # Errors
    /// When the database could not be asked.
    pub async fn step(&self) -> Result<Step, StorageError> {
        match self.claim().await? {
            Claimed::Nothing(at) => Ok(Step::Idle(at)),
            Claimed::Message(outgoing) => {
                self.hand_over(*outgoing).await;
                Ok(Step::Handed)
            }
        }
    }

    /// Works until `stopping` turns true, then lets the deliveries that are under way settle.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stopping.borrow() {
            let wait_ms = match self.fill(&mut under_way).await {
                Ok(Some(at)) => u64::try_from(at.since_ms(self.env.now())).unwrap_or(0),
                Ok(None) => u64::MAX,
                Err(error) => {
                    tracing::warn!(%error, "the outgoing queue cannot be read");
                    STORAGE_RETRY_MS
                }
            };
            tokio::select! {
                () = self.due.notified() => {}
                () = self.env.sleep_ms(wait_ms), if wait_ms < u64::MAX => {}
                Some(_) = under_way.join_next() => {}
                _ = stopping.changed() => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Begins deliveries while any is due and there is room. Gives the time at which the next is due.
    async fn fill(&self, under_way: &mut JoinSet<()>) -> Result<Option<Timestamp>, StorageError> {
        while under_way.len() < DELIVERIES_LIMIT {
            match self.claim().await? {
                Claimed::Nothing(at) => return Ok(at),
                Claimed::Message(outgoing) => {
                    let worker = self.clone();
                    under_way.spawn(async move { worker.hand_over(*outgoing).await });
                }
            }
        }
        Ok(None)
    }

    async fn claim(&self) -> Result<Claimed, StorageError> {
        let attempt = {
            let mut claiming = self.claiming.lock().unwrap_or_else(PoisonError::into_inner);
            *claiming.get_or_insert_with(|| AttemptId::new(&*self.env))
        };
        let claimed = self.storage.claim_outgoing(attempt, self.env.now()).await;
        if claimed.is_ok() {
            *self.claiming.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        claimed.map_err(|error| match error {
            OperationError::Storage(error) => error,
            OperationError::Denied(error) => StorageError::other(error),
        })
    }

    async fn hand_over(&self, outgoing: Outgoing) {
        let channel = self.channels.get(&outgoing.kind);
        let dedupes = channel.is_some_and(|channel| channel.capabilities().dedupes);
        let delivered = match channel {
            Some(channel) => tokio::select! {
                // A channel that panicked may have handed it over before.
                delivered = AssertUnwindSafe(channel.deliver(&outgoing)).catch_unwind() => {
                    delivered.unwrap_or(Delivered::Lost)
                }
                () = self.env.sleep_ms(DELIVERY_TIMEOUT_MS) => Delivered::Lost,
            },
            None => {
                tracing::error!(kind = outgoing.kind.as_str(), "no channel of this kind is built in");
                Delivered::Retry { after_ms: None }
            }
        };
        let outcome = outcome(&*self.env, &outgoing, dedupes, delivered);
        tracing::info!(
            shop = %outgoing.shop, message_id = %outgoing.message, kind = outgoing.kind.as_str(),
            attempt = outgoing.attempts, outcome = outcome.word(), "handed a message over"
        );
        self.settle(&outgoing, outcome).await;
    }

    /// Records an outcome, however busy the database is: an unrecorded one would leave the message as "sending".
    async fn settle(&self, outgoing: &Outgoing, outcome: AttemptOutcome) {
        for _ in 0..SETTLE_TRIES {
            let settled = Settled {
                shop: outgoing.shop,
                message: outgoing.message,
                attempt: outgoing.attempt,
                outcome: outcome.clone(),
            };
            match self.storage.settle_outgoing(settled).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(%error, message_id = %outgoing.message, "an outcome was not recorded")
                }
            }
            self.env.sleep_ms(STORAGE_RETRY_MS).await;
        }
    }
}

/// What follows from what a channel heard.
fn outcome(env: &dyn ServerEnv, outgoing: &Outgoing, dedupes: bool, delivered: Delivered) -> AttemptOutcome {
    let now = env.now();
    let (after_ms, answer_lost) = match delivered {
        Delivered::Accepted => return AttemptOutcome::Sent,
        Delivered::Refused { code } => return AttemptOutcome::Refused { code },
        Delivered::Lost if !dedupes => return AttemptOutcome::Unknown,
        Delivered::Lost => (None, true),
        Delivered::Retry { after_ms } => (after_ms, false),
    };
    if backoff::is_over(outgoing.queued_at, now) {
        return match outgoing.answer_lost || answer_lost {
            true => AttemptOutcome::Unknown,
            false => AttemptOutcome::Refused { code: backoff::GAVE_UP.to_owned() },
        };
    }
    let wait_ms = backoff::wait_ms(env, outgoing.attempts, after_ms);
    AttemptOutcome::Later { at: now.plus_ms(i64::try_from(wait_ms).unwrap_or(i64::MAX)), answer_lost }
}

impl AttemptOutcome {
    /// For the log.
    fn word(&self) -> &'static str {
        match self {
            AttemptOutcome::Sent => "sent",
            AttemptOutcome::Refused { .. } => "refused",
            AttemptOutcome::Unknown => "unknown",
            AttemptOutcome::Later { .. } => "later",
        }
    }
}
