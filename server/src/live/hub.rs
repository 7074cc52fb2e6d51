//! Who waits for news: long polls and WebSockets. A poke says *that* something changed, never what; a lost one costs
//! nothing but time.
//!
//! Each waiter has one set of topics that were poked since it last looked: a thousand pokes of a topic are one, so
//! nothing queues up for a slow connection.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shopbell_domain::ids::{SessionId, ShopId};
use shopbell_domain::sync::Scope;
use tokio::sync::Notify;

use crate::storage::{CommitListener, Committed};

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A change in a scope of a shop.
    Scope(ShopId, Scope),
    /// An event for a browser.
    Chat(SessionId),
}

/// Who waits for what.
#[derive(Default)]
pub struct Hub {
    waiters: Mutex<Waiters>,
    due: Arc<Notify>,
}

#[derive(Default)]
struct Waiters {
    next: u64,
    by_topic: BTreeMap<Topic, BTreeMap<u64, Arc<Waiter>>>,
}

#[derive(Default)]
struct Waiter {
    poked: Mutex<BTreeSet<Topic>>,
    wake: Notify,
}

impl Hub {
    /// Notified when something may be due in the outgoing queue.
    pub fn outgoing_due(&self) -> Arc<Notify> {
        self.due.clone()
    }

    /// Waits for these topics from now on, until the subscription is dropped.
    pub fn subscribe(self: &Arc<Self>, topics: BTreeSet<Topic>) -> Subscription {
        let waiter = Arc::new(Waiter::default());
        let mut waiters = lock(&self.waiters);
        waiters.next += 1;
        let number = waiters.next;
        for topic in &topics {
            waiters.by_topic.entry(*topic).or_default().insert(number, waiter.clone());
        }
        Subscription { hub: self.clone(), number, topics, waiter }
    }

    /// How many wait for a topic.
    pub fn waiting_for(&self, topic: Topic) -> usize {
        lock(&self.waiters).by_topic.get(&topic).map_or(0, BTreeMap::len)
    }

    /// Pokes everybody who waits for some of these, each once: what one commit changed is told at once.
    fn poke(&self, topics: impl Iterator<Item = Topic>) {
        let waiters = lock(&self.waiters);
        let mut poked: BTreeMap<u64, (&Arc<Waiter>, Vec<Topic>)> = BTreeMap::new();
        for topic in topics {
            for (number, waiter) in waiters.by_topic.get(&topic).into_iter().flatten() {
                poked.entry(*number).or_insert((waiter, Vec::new())).1.push(topic);
            }
        }
        for (waiter, topics) in poked.into_values() {
            lock(&waiter.poked).extend(topics);
            waiter.wake.notify_one();
        }
    }
}

impl CommitListener for Hub {
    fn committed(&self, committed: &Committed) {
        let scopes = committed.scopes.iter().map(|(shop, scope)| Topic::Scope(*shop, *scope));
        self.poke(scopes.chain(committed.chats.iter().map(|session| Topic::Chat(*session))));
        if committed.outgoing {
            self.due.notify_one();
        }
    }
}

/// A place in the hub; dropping it gives it up.
pub struct Subscription {
    hub: Arc<Hub>,
    number: u64,
    topics: BTreeSet<Topic>,
    waiter: Arc<Waiter>,
}

impl Subscription {
    /// Waits until a topic was poked, and gives all that were since it last returned.
    pub async fn poked(&self) -> BTreeSet<Topic> {
        loop {
            let poked = self.poked_by_now();
            if !poked.is_empty() {
                return poked;
            }
            self.waiter.wake.notified().await;
        }
    }

    /// The topics that were poked since the last time, if any; without waiting.
    pub fn poked_by_now(&self) -> BTreeSet<Topic> {
        std::mem::take(&mut *lock(&self.waiter.poked))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut waiters = lock(&self.hub.waiters);
        for topic in &self.topics {
            if let Some(waiting) = waiters.by_topic.get_mut(topic) {
                waiting.remove(&self.number);
                if waiting.is_empty() {
                    waiters.by_topic.remove(topic);
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
