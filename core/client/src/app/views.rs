//! Who listens to what. After each commit the lists that it touched are asked for again and compared with what was
//! told last, under the same lock that the commit was made under.

use std::collections::BTreeMap;

use rusqlite::Connection;

use shopbell_domain::ids::ConversationId;
use shopbell_l10n::Lang;

use crate::conversation::{self, MessageRow, PAGE_ROWS};
use crate::customer::{self, CustomerView};
use crate::diff::Diff;
use crate::error::StoreError;
use crate::inbox::{self, InboxCounts, InboxQuery, InboxRow};
use crate::status::SyncStatus;
use crate::store::{Store, Touched};
use crate::subscription::{Delivery, ListFeed, ValueFeed};

/// All subscriptions of an app, and how much of each conversation is shown.
pub(super) struct Views {
    lang: Lang,
    inboxes: Vec<(InboxQuery, ListFeed<InboxRow>)>,
    conversations: Vec<(ConversationId, ListFeed<MessageRow>)>,
    customers: Vec<(ConversationId, ValueFeed<CustomerView>)>,
    counts: Vec<ValueFeed<InboxCounts>>,
    statuses: Vec<ValueFeed<SyncStatus>>,
    /// How many rows of a conversation are shown, where it is more than at first.
    windows: BTreeMap<ConversationId, usize>,
}

impl Views {
    pub(super) fn new(lang: Lang) -> Views {
        Views {
            lang,
            inboxes: Vec::new(),
            conversations: Vec::new(),
            customers: Vec::new(),
            counts: Vec::new(),
            statuses: Vec::new(),
            windows: BTreeMap::new(),
        }
    }

    pub(super) fn add_inbox(
        &mut self,
        store: &Store,
        query: InboxQuery,
    ) -> Result<Delivery<Vec<Diff<InboxRow>>>, StoreError> {
        let feed = ListFeed::new(store.read(|from| inbox::query(from, &query, self.lang))?);
        let delivery = feed.delivery();
        self.inboxes.push((query, feed));
        Ok(delivery)
    }

    /// `None` when the conversation is not held.
    pub(super) fn add_conversation(
        &mut self,
        store: &Store,
        id: ConversationId,
    ) -> Result<Option<Delivery<Vec<Diff<MessageRow>>>>, StoreError> {
        if !store.read(|from| inbox::holds(from, id))? {
            return Ok(None);
        }
        let feed = ListFeed::new(store.read(|from| self.rows(from, id))?);
        let delivery = feed.delivery();
        self.conversations.push((id, feed));
        Ok(Some(delivery))
    }

    /// `None` when the conversation or its customer is not held.
    pub(super) fn add_customer(
        &mut self,
        store: &Store,
        id: ConversationId,
    ) -> Result<Option<Delivery<CustomerView>>, StoreError> {
        let Some(view) = store.read(|from| customer::view(from, id, self.lang))? else {
            return Ok(None);
        };
        let feed = ValueFeed::new(view);
        let delivery = feed.delivery();
        self.customers.push((id, feed));
        Ok(Some(delivery))
    }

    pub(super) fn add_counts(&mut self, store: &Store) -> Result<Delivery<InboxCounts>, StoreError> {
        let feed = ValueFeed::new(store.read(inbox::counts)?);
        let delivery = feed.delivery();
        self.counts.push(feed);
        Ok(delivery)
    }

    pub(super) fn add_status(&mut self, status: SyncStatus) -> Delivery<SyncStatus> {
        let feed = ValueFeed::new(status);
        let delivery = feed.delivery();
        self.statuses.push(feed);
        delivery
    }

    /// Shows anew what a commit touched.
    pub(super) fn refresh(&mut self, store: &Store, touched: &Touched) {
        self.forget_cancelled();
        if touched.is_empty() {
            return;
        }
        if let Err(error) = store.read(|from| self.ask_again(from, touched)) {
            // The lists stay as they were told last; the next commit compares with that.
            tracing::warn!(%error, "a list could not be read");
        }
    }

    fn ask_again(&mut self, from: &Connection, touched: &Touched) -> Result<(), StoreError> {
        for (query, feed) in &mut self.inboxes {
            feed.update(inbox::query(from, query, self.lang)?);
        }
        for (id, feed) in &mut self.customers {
            // Once they are not held any more, nothing of them is shown.
            let view = customer::view(from, *id, self.lang)?;
            let view = view.unwrap_or_else(|| CustomerView::unknown(feed.value().id, self.lang));
            feed.update(view);
        }
        if !self.counts.is_empty() {
            let counts = inbox::counts(from)?;
            self.counts.iter_mut().for_each(|feed| feed.update(counts.clone()));
        }
        for index in 0..self.conversations.len() {
            let id = self.conversations[index].0;
            if touched.names || touched.conversations.contains(&id) {
                let rows = self.rows(from, id)?;
                self.conversations[index].1.update(rows);
            }
        }
        Ok(())
    }

    /// Tells those who listen to the status, when it is another one.
    pub(super) fn tell_status(&mut self, status: SyncStatus) {
        self.statuses.iter_mut().for_each(|feed| feed.update(status.clone()));
    }

    /// Shows a page more of a conversation.
    pub(super) fn grow(&mut self, store: &Store, id: ConversationId) {
        let larger = (self.window(id) + PAGE_ROWS).min(conversation::WINDOW_LIMIT_ROWS);
        self.windows.insert(id, larger);
        self.refresh(store, &Touched { conversations: [id].into(), ..Touched::default() });
    }

    /// How many rows of a conversation are shown.
    pub(super) fn window(&self, id: ConversationId) -> usize {
        self.windows.get(&id).copied().unwrap_or(PAGE_ROWS)
    }

    /// Ends all subscriptions.
    pub(super) fn end(&mut self) {
        self.inboxes.clear();
        self.conversations.clear();
        self.customers.clear();
        self.counts.clear();
        self.statuses.clear();
    }

    fn rows(&self, from: &Connection, id: ConversationId) -> Result<Vec<MessageRow>, StoreError> {
        conversation::rows(from, id, self.window(id), self.lang)
    }

    fn forget_cancelled(&mut self) {
        self.inboxes.retain(|(_, feed)| !feed.is_cancelled());
        self.conversations.retain(|(_, feed)| !feed.is_cancelled());
        self.customers.retain(|(_, feed)| !feed.is_cancelled());
        self.counts.retain(|feed| !feed.is_cancelled());
        self.statuses.retain(|feed| !feed.is_cancelled());
    }
}
