//! The list of conversations and what stands around it: tabs, filters, numbers.

use std::sync::Arc;

use super::App;
use crate::channel::ChannelRow;
use crate::error::{Error, StoreError};
use crate::inbox::{self, CountsListener, InboxCounts, InboxListener, InboxQuery, InboxRow};
use crate::store;
use crate::subscription::Subscription;

impl App {
    /// A window on the list of conversations.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
        Ok(self.handle.readers.read(|from| inbox::query(from, query, self.lang()))?)
    }

    /// The conversations, open or closed, whose id ends so, the newest begun first: what a person types of an id. At most
    /// `limit` and [`inbox::WINDOW_LIMIT_ROWS`]; none for what is no ending of an id.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn conversations_ending_in(&self, ending: &str, limit: usize) -> Result<Vec<InboxRow>, Error> {
        Ok(self.handle.readers.read(|from| inbox::ending_in(from, ending, limit, self.lang()))?)
    }

    /// Listens to a window on the list. The first call, one `Reset`, comes before this returns.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn subscribe_inbox(
        &self,
        query: InboxQuery,
        listener: Arc<dyn InboxListener>,
    ) -> Result<Subscription, Error> {
        let delivery = {
            let mut core = self.shared().lock();
            let core = &mut *core;
            core.views.add_inbox(core.store.as_ref().ok_or(StoreError::Closed)?, query)?
        };
        delivery.start(move |diffs| listener.on_diffs(diffs))
    }

    /// How many conversations each filter lists.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn counts(&self) -> Result<InboxCounts, Error> {
        Ok(self.handle.readers.read(inbox::counts)?)
    }

    /// Listens to how many there are. The first call comes before this returns.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn subscribe_counts(&self, listener: Arc<dyn CountsListener>) -> Result<Subscription, Error> {
        let delivery = {
            let mut core = self.shared().lock();
            let core = &mut *core;
            core.views.add_counts(core.store.as_ref().ok_or(StoreError::Closed)?)?
        };
        delivery.start(move |counts| listener.on_counts(counts))
    }

    /// The shop's channels, in the order of their tabs.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn channels(&self) -> Result<Vec<ChannelRow>, Error> {
        Ok(self.handle.readers.read(store::channels)?)
    }
}
