//! A screen: applies what it hears, as a shell does.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use shopbell_core::{
    ConversationListener, CountsListener, Diff, InboxCounts, InboxListener, InboxRow, MessageRow,
    Subscription,
};

/// How long a test waits for a listener before it fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A screen: applies what it hears, as a shell does.
pub struct Screen<T> {
    shown: Mutex<Shown<T>>,
    changed: Condvar,
}

struct Shown<T> {
    rows: Vec<T>,
    steps: Vec<String>,
    cancelled: bool,
    broken: Option<String>,
}

impl<T: Clone + PartialEq + std::fmt::Debug> Screen<T> {
    pub fn new() -> Arc<Self> {
        let shown = Shown { rows: Vec::new(), steps: Vec::new(), cancelled: false, broken: None };
        Arc::new(Screen { shown: Mutex::new(shown), changed: Condvar::new() })
    }

    fn hear(&self, diffs: Vec<Diff<T>>) {
        let mut shown = self.shown.lock().unwrap();
        if shown.cancelled {
            shown.broken = Some("called after it was cancelled".to_owned());
        }
        for diff in diffs {
            if !fits(shown.rows.len(), &diff) {
                shown.broken = Some(format!("{diff:?} does not fit {:?}", shown.rows));
                break;
            }
            shown.steps.push(step_name(&diff));
            shopbell_core::diff::apply(&mut shown.rows, &diff);
        }
        self.changed.notify_all();
    }

    /// Waits until these rows are shown.
    pub fn comes_to(&self, rows: &[T]) -> Result<(), String> {
        self.comes_to_be(|shown| shown == rows).map_err(|shows| format!("{shows}\ninstead of {rows:?}"))
    }

    /// Waits until such rows are shown.
    pub fn comes_to_be(&self, hoped: impl Fn(&[T]) -> bool) -> Result<(), String> {
        let (shown, waited) = self
            .changed
            .wait_timeout_while(self.shown.lock().unwrap(), PATIENCE, |shown| {
                shown.broken.is_none() && !hoped(&shown.rows)
            })
            .unwrap();
        match &shown.broken {
            Some(broken) => Err(broken.clone()),
            None if waited.timed_out() => Err(format!("shows {:?}", shown.rows)),
            None => Ok(()),
        }
    }

    pub fn rows(&self) -> Vec<T> {
        self.shown.lock().unwrap().rows.clone()
    }

    /// The steps since the last time, by name.
    pub fn steps(&self) -> Vec<String> {
        std::mem::take(&mut self.shown.lock().unwrap().steps)
    }

    pub fn cancel(&self, subscription: &Subscription) {
        subscription.cancel();
        self.shown.lock().unwrap().cancelled = true;
    }
}

fn fits<T>(length: usize, diff: &Diff<T>) -> bool {
    match diff {
        Diff::Reset { .. } => true,
        Diff::Insert { index, .. } => *index <= length,
        Diff::Set { index, .. } | Diff::Remove { index } => *index < length,
        Diff::Move { from, to } => *from < length && *to < length,
    }
}

fn step_name<T>(diff: &Diff<T>) -> String {
    match diff {
        Diff::Reset { rows } => format!("Reset {}", rows.len()),
        Diff::Insert { index, .. } => format!("Insert {index}"),
        Diff::Set { index, .. } => format!("Set {index}"),
        Diff::Remove { index } => format!("Remove {index}"),
        Diff::Move { from, to } => format!("Move {from} {to}"),
    }
}

impl InboxListener for Screen<InboxRow> {
    fn on_diffs(&self, diffs: Vec<Diff<InboxRow>>) {
        self.hear(diffs);
    }
}

impl ConversationListener for Screen<MessageRow> {
    fn on_diffs(&self, diffs: Vec<Diff<MessageRow>>) {
        self.hear(diffs);
    }
}

/// The numbers beside the list, as they were told last.
impl CountsListener for Screen<InboxCounts> {
    fn on_counts(&self, counts: InboxCounts) {
        self.hear(vec![Diff::Reset { rows: vec![counts] }]);
    }
}
