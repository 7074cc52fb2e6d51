//! How changes reach whoever listens: one queue and one thread a subscription.
//!
//! The queue is filled under the same lock that changes the list, so its order is the order of the changes. Its first
//! item is delivered before `subscribe` returns, on the caller's own thread; all others by the subscription's thread,
//! one after the other, never while a lock is held. A listener that is too slow loses no state: what it has not heard
//! becomes one item that says everything anew.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::diff::{Diff, Keyed, diff};
use crate::error::Error;

/// How many batches a listener may be behind before they become one.
const QUEUE_LIMIT_BATCHES: usize = 64;

thread_local! {
    /// Whether this thread is in a listener now.
    static IN_LISTENER: Cell<bool> = const { Cell::new(false) };
}

/// A listener that is being called. [`Subscription::cancel`] ends it; dropping it does too.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription {
    queue: Arc<dyn Cancel>,
}

impl Subscription {
    /// Ends it. Once this returns, no further call begins. It waits for a call that is under way, so never call it
    /// holding what the listener waits for; from inside a listener it does not wait.
    pub fn cancel(&self) {
        self.queue.cancel(!IN_LISTENER.get());
    }
}

impl Drop for Subscription {
    /// The safety net: ends it without waiting.
    fn drop(&mut self) {
        self.queue.cancel(false);
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

trait Cancel: Send + Sync {
    fn cancel(&self, wait: bool);
}

/// The filling end of a subscription's queue.
pub(crate) struct Feed<T> {
    queue: Arc<Queue<T>>,
}

struct Queue<T> {
    state: Mutex<QueueState<T>>,
    changed: Condvar,
}

struct QueueState<T> {
    items: VecDeque<T>,
    cancelled: bool,
    calling: bool,
}

impl<T: Send + 'static> Feed<T> {
    /// A queue whose first item is `first`. [`start`](Feed::start) delivers it.
    pub(crate) fn new(first: T) -> Feed<T> {
        let state = QueueState { items: VecDeque::from([first]), cancelled: false, calling: false };
        Feed { queue: Arc::new(Queue { state: Mutex::new(state), changed: Condvar::new() }) }
    }

    /// What delivers it, to be taken out of the lock.
    pub(crate) fn delivery(&self) -> Delivery<T> {
        Delivery { queue: Arc::clone(&self.queue) }
    }

    /// Adds an item. When the listener is too far behind, `everything` takes the place of all that it has not heard.
    pub(crate) fn push(&self, item: T, everything: impl FnOnce() -> T) {
        let mut state = self.queue.lock();
        if state.cancelled {
            return;
        }
        if state.items.len() >= QUEUE_LIMIT_BATCHES {
            state.items.clear();
            state.items.push_back(everything());
        } else {
            state.items.push_back(item);
        }
        self.queue.changed.notify_all();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.queue.lock().cancelled
    }
}

impl<T> Drop for Feed<T> {
    /// Nothing more will come: the thread ends.
    fn drop(&mut self) {
        self.queue.end();
    }
}

/// The delivering end of a subscription's queue.
pub(crate) struct Delivery<T> {
    queue: Arc<Queue<T>>,
}

impl<T: Send + 'static> Delivery<T> {
    /// Delivers the first item on this thread, then the rest on a thread of its own.
    pub(crate) fn start(self, listener: impl Fn(T) + Send + 'static) -> Result<Subscription, Error> {
        let first = self.queue.lock().items.pop_front();
        if let Some(first) = first {
            call(&listener, first);
        }
        let queue = Arc::clone(&self.queue);
        let spawned = thread::Builder::new().name("shopbell-listener".to_owned()).spawn(move || {
            while let Some(item) = queue.next() {
                call(&listener, item);
                queue.called();
            }
        });
        if let Err(error) = spawned {
            self.queue.end();
            return Err(Error::Other { reason: error.to_string() });
        }
        Ok(Subscription { queue: self.queue })
    }
}

impl<T> Queue<T> {
    /// Waits for the next item; `None` once it is cancelled.
    fn next(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.cancelled {
                return None;
            }
            if let Some(item) = state.items.pop_front() {
                state.calling = true;
                return Some(item);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn called(&self) {
        self.lock().calling = false;
        self.changed.notify_all();
    }

    fn end(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        state.items.clear();
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, QueueState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send> Cancel for Queue<T> {
    fn cancel(&self, wait: bool) {
        self.end();
        if wait {
            let state = self.lock();
            let _ended =
                self.changed.wait_while(state, |state| state.calling).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Calls a listener. Its panic is its own: the subscription goes on.
fn call<T>(listener: &impl Fn(T), item: T) {
    let was = IN_LISTENER.replace(true);
    if catch_unwind(AssertUnwindSafe(|| listener(item))).is_err() {
        tracing::error!("a listener panicked");
    }
    IN_LISTENER.set(was);
}

/// A value that somebody listens to: as it was told last, and the queue of what it was since.
pub(crate) struct ValueFeed<T> {
    value: T,
    feed: Feed<T>,
}

impl<T: Clone + PartialEq + Send + 'static> ValueFeed<T> {
    pub(crate) fn new(value: T) -> ValueFeed<T> {
        ValueFeed { feed: Feed::new(value.clone()), value }
    }

    pub(crate) fn delivery(&self) -> Delivery<T> {
        self.feed.delivery()
    }

    /// What was told last.
    pub(crate) fn value(&self) -> &T {
        &self.value
    }

    /// It is now this.
    pub(crate) fn update(&mut self, value: T) {
        if self.value != value {
            self.feed.push(value.clone(), || value.clone());
            self.value = value;
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.feed.is_cancelled()
    }
}

/// A list that somebody listens to: the rows as they were told last, and the queue of what changed since.
pub(crate) struct ListFeed<T> {
    rows: Vec<T>,
    feed: Feed<Vec<Diff<T>>>,
}

impl<T: Keyed + Clone + PartialEq + Send + 'static> ListFeed<T> {
    pub(crate) fn new(rows: Vec<T>) -> ListFeed<T> {
        let feed = Feed::new(vec![Diff::Reset { rows: rows.clone() }]);
        ListFeed { rows, feed }
    }

    pub(crate) fn delivery(&self) -> Delivery<Vec<Diff<T>>> {
        self.feed.delivery()
    }

    /// The list is now these rows.
    pub(crate) fn update(&mut self, rows: Vec<T>) {
        let steps = diff(&self.rows, &rows);
        self.rows = rows;
        if !steps.is_empty() {
            self.feed.push(steps, || vec![Diff::Reset { rows: self.rows.clone() }]);
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.feed.is_cancelled()
    }
}

#[cfg(test)]
#[path = "subscription_tests.rs"]
mod tests;
