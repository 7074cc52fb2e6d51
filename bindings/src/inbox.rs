//! The inbox list, and the tabs, filters and numbers around it.

use std::sync::Arc;

use shopbell_core::{App, Diff, Error, Tag, Timestamp};
use shopbell_l10n::Lang;

use crate::error::CoreError;
use crate::guard::{call_listener, guard};
use crate::records::{InboxDiff, InboxRow, channel_id, staff_id};
use crate::subscription::Subscription;

/// Which conversations a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum InboxFilter {
    /// All that are open.
    All,
    /// Open and assigned to me.
    Mine,
    /// Open and assigned to nobody.
    Unassigned,
    /// To follow up, open or closed.
    Starred,
    /// Closed.
    Closed,
    /// With a reply that was refused, open or closed.
    NotSent,
}

impl From<InboxFilter> for shopbell_core::InboxFilter {
    fn from(filter: InboxFilter) -> Self {
        match filter {
            InboxFilter::All => Self::All,
            InboxFilter::Mine => Self::Mine,
            InboxFilter::Unassigned => Self::Unassigned,
            InboxFilter::Starred => Self::Starred,
            InboxFilter::Closed => Self::Closed,
            InboxFilter::NotSent => Self::NotSent,
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum InboxSort {
    /// Unread ones first, each part newest activity first.
    UnreadFirst,
    /// Newest activity first.
    Newest,
    /// Oldest activity first.
    Oldest,
}

impl From<InboxSort> for shopbell_core::InboxSort {
    fn from(sort: InboxSort) -> Self {
        match sort {
            InboxSort::UnreadFirst => Self::UnreadFirst,
            InboxSort::Newest => Self::Newest,
            InboxSort::Oldest => Self::Oldest,
        }
    }
}

/// A window on the list, narrowed by whatever is given.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct InboxQuery {
    /// Which conversations.
    pub filter: InboxFilter,
    /// In which order; none for the filter's usual one.
    #[uniffi(default = None)]
    pub sort: Option<InboxSort>,
    /// Only those of this channel, by id.
    #[uniffi(default = None)]
    pub channel: Option<String>,
    /// Only those of customers with this tag, whatever its case.
    #[uniffi(default = None)]
    pub tag: Option<String>,
    /// Only those that are assigned to this person, by id.
    #[uniffi(default = None)]
    pub agent: Option<String>,
    /// Only those whose newest message came at this time or later, in ms since 1970-01-01 UTC.
    #[uniffi(default = None)]
    pub from_ms: Option<i64>,
    /// Only those whose newest message came before this time, in ms since 1970-01-01 UTC.
    #[uniffi(default = None)]
    pub to_ms: Option<i64>,
    /// The most rows; more than 500 means 500.
    #[uniffi(default = 50)]
    pub limit: u32,
}

impl InboxQuery {
    /// A filter in its usual order.
    pub(crate) fn of(filter: InboxFilter, limit: u32) -> InboxQuery {
        InboxQuery {
            filter,
            sort: None,
            channel: None,
            tag: None,
            agent: None,
            from_ms: None,
            to_ms: None,
            limit,
        }
    }

    pub(crate) fn to_core(&self) -> Result<shopbell_core::InboxQuery, Error> {
        let usual = shopbell_core::InboxQuery::of(self.filter.into());
        Ok(shopbell_core::InboxQuery {
            filter: usual.filter,
            sort: self.sort.map_or(usual.sort, Into::into),
            channel: self.channel.as_deref().map(channel_id).transpose()?,
            tag: self.tag.as_deref().map(Tag::new).transpose()?,
            agent: self.agent.as_deref().map(staff_id).transpose()?,
            from: self.from_ms.map(Timestamp::from_millis),
            to: self.to_ms.map(Timestamp::from_millis),
            limit: self.limit as usize,
        })
    }
}

/// A channel: a tab above the list, where there are several.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChannelRow {
    /// Its id.
    pub id: String,
    /// What it is: `web_chat` ….
    pub kind: String,
    /// What the shop calls it.
    pub name: String,
}

impl From<shopbell_core::ChannelRow> for ChannelRow {
    fn from(row: shopbell_core::ChannelRow) -> Self {
        Self { id: row.id.to_string(), kind: row.kind, name: row.name }
    }
}

/// How many conversations each filter lists.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct InboxCounts {
    /// All that are open.
    pub all: u64,
    /// Open and unread: the number on the app's icon.
    pub unread: u64,
    /// Open and assigned to me.
    pub mine: u64,
    /// Open and assigned to nobody.
    pub unassigned: u64,
    /// To follow up, open or closed.
    pub starred: u64,
    /// Closed.
    pub closed: u64,
    /// With a reply that was refused, open or closed.
    pub not_sent: u64,
    /// Each channel, in the order of their tabs.
    pub channels: Vec<ChannelCount>,
}

/// How many conversations of a channel are open.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChannelCount {
    /// The channel's id.
    pub channel: String,
    /// Open ones.
    pub open: u64,
    /// Open ones that are unread.
    pub unread: u64,
}

impl From<shopbell_core::InboxCounts> for InboxCounts {
    fn from(counts: shopbell_core::InboxCounts) -> Self {
        let channel = |count: shopbell_core::ChannelCount| ChannelCount {
            channel: count.channel.to_string(),
            open: count.open,
            unread: count.unread,
        };
        Self {
            all: counts.all,
            unread: counts.unread,
            mine: counts.mine,
            unassigned: counts.unassigned,
            starred: counts.starred,
            closed: counts.closed,
            not_sent: counts.not_sent,
            channels: counts.channels.into_iter().map(channel).collect(),
        }
    }
}

/// Hears about changes of a list. Synchronous, in order, never called while a lock is held.
#[uniffi::export(foreign)]
pub trait InboxListener: Send + Sync {
    /// Apply these, in order.
    fn on_diffs(&self, diffs: Vec<InboxDiff>);
}

/// Hears how many conversations each filter lists. Synchronous, in order, never called while a lock is held.
#[uniffi::export(foreign)]
pub trait CountsListener: Send + Sync {
    /// The present numbers.
    fn on_counts(&self, counts: InboxCounts);
}

/// A list of conversations: a window on those that its query names.
#[derive(uniffi::Object)]
pub struct InboxList {
    app: App,
    lang: Lang,
    query: InboxQuery,
}

impl InboxList {
    pub(crate) fn new(app: App, lang: Lang, query: InboxQuery) -> Arc<Self> {
        Arc::new(Self { app, lang, query })
    }
}

#[uniffi::export]
impl InboxList {
    /// The rows as they are now.
    pub fn rows(&self) -> Result<Vec<InboxRow>, CoreError> {
        guard(self.lang, || {
            let rows = self.app.inbox(&self.query.to_core()?)?;
            Ok(rows.into_iter().map(InboxRow::from).collect())
        })
    }

    /// Hears the present rows before this returns, then every change.
    pub fn subscribe(&self, listener: Arc<dyn InboxListener>) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            let relay = Arc::new(Relay(listener));
            Ok(Subscription::new(self.app.subscribe_inbox(self.query.to_core()?, relay)?))
        })
    }
}

struct Relay(Arc<dyn InboxListener>);

impl shopbell_core::InboxListener for Relay {
    fn on_diffs(&self, diffs: Vec<Diff<shopbell_core::InboxRow>>) {
        call_listener(|| self.0.on_diffs(diffs.into_iter().map(InboxDiff::from).collect()));
    }
}

/// Hands numbers on.
pub(crate) struct CountsRelay(pub(crate) Arc<dyn CountsListener>);

impl shopbell_core::CountsListener for CountsRelay {
    fn on_counts(&self, counts: shopbell_core::InboxCounts) {
        call_listener(|| self.0.on_counts(counts.into()));
    }
}
