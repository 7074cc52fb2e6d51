//! The inbox list.

use std::sync::Arc;

use shopbell_core::{App, Diff, InboxQuery};
use shopbell_l10n::Lang;

use crate::error::CoreError;
use crate::guard::{call_listener, guard};
use crate::records::{InboxDiff, InboxFilter, InboxRow};
use crate::subscription::Subscription;

/// Hears about changes of a list. Synchronous, in order, never called while a lock is held.
#[uniffi::export(foreign)]
pub trait InboxListener: Send + Sync {
    /// Apply these, in order.
    fn on_diffs(&self, diffs: Vec<InboxDiff>);
}

/// A list of conversations: a filter and a window of the newest rows.
#[derive(uniffi::Object)]
pub struct InboxList {
    app: App,
    lang: Lang,
    filter: InboxFilter,
    limit: u32,
}

impl InboxList {
    pub(crate) fn new(app: App, lang: Lang, filter: InboxFilter, limit: u32) -> Arc<Self> {
        Arc::new(Self { app, lang, filter, limit })
    }

    fn query(&self) -> InboxQuery {
        InboxQuery { filter: self.filter.into(), limit: self.limit as usize }
    }
}

#[uniffi::export]
impl InboxList {
    /// The rows as they are now.
    pub fn rows(&self) -> Result<Vec<InboxRow>, CoreError> {
        guard(self.lang, || Ok(self.app.inbox(&self.query())?.into_iter().map(InboxRow::from).collect()))
    }

    /// Hears the present rows before this returns, then every change.
    pub fn subscribe(&self, listener: Arc<dyn InboxListener>) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            let relay = Arc::new(Relay(listener));
            Ok(Subscription::new(self.app.subscribe_inbox(self.query(), relay)?))
        })
    }
}

struct Relay(Arc<dyn InboxListener>);

impl shopbell_core::InboxListener for Relay {
    fn on_diffs(&self, diffs: Vec<Diff<shopbell_core::InboxRow>>) {
        call_listener(|| self.0.on_diffs(diffs.into_iter().map(InboxDiff::from).collect()));
    }
}
