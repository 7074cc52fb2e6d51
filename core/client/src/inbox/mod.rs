//! The list of conversations, ready to show: filtered, sorted, cut to a window, worded; and the numbers beside it.
//!
//! Rows come from the table `shown`, which already has the outbox in it; nothing here decides anything, and nothing
//! here writes.

mod counts;
mod list;
mod names;
mod sql;

pub(crate) use counts::counts;
pub(crate) use list::{ending_in, holds, of_customer, query, row};
pub(crate) use names::{customer_name, customer_of, me, staff_name, staff_name_of};
#[cfg(test)]
pub(crate) use sql::{ENDING_IN, OF_CUSTOMER, window};

pub use counts::{ChannelCount, CountsListener, InboxCounts};

use shopbell_domain::conversation::Status;
use shopbell_domain::customer::Tags;
use shopbell_domain::ids::{ChannelId, ConversationId, StaffId};
use shopbell_domain::tag::Tag;
use shopbell_domain::time::Timestamp;

use crate::account::StaffName;
use crate::diff::{Diff, Keyed};

/// The most rows that a window holds.
pub const WINDOW_LIMIT_ROWS: usize = 500;
/// How many rows a window holds unless it says otherwise.
pub const WINDOW_ROWS: usize = 50;

/// Which conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InboxFilter {
    /// All open ones.
    All,
    /// Open ones that are assigned to the person who is signed in.
    Mine,
    /// Open ones that nobody is assigned to.
    Unassigned,
    /// Those to follow up, open or closed.
    Starred,
    /// Closed ones.
    Closed,
    /// Those in which a reply was refused, open or closed.
    NotSent,
}

impl InboxFilter {
    /// All of them, in the order in which screens show them.
    pub const ALL: [InboxFilter; 6] = [
        InboxFilter::All,
        InboxFilter::Mine,
        InboxFilter::Unassigned,
        InboxFilter::Starred,
        InboxFilter::Closed,
        InboxFilter::NotSent,
    ];
}

/// In which order. Conversations of the same moment stand in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InboxSort {
    /// Unread ones first, each part newest activity first.
    UnreadFirst,
    /// Newest activity first.
    Newest,
    /// Oldest activity first.
    Oldest,
}

impl InboxSort {
    /// All of them, in the order in which screens show them.
    pub const ALL: [InboxSort; 3] = [InboxSort::UnreadFirst, InboxSort::Newest, InboxSort::Oldest];

    /// The order of a filter for which the person chose none.
    pub const fn usual(filter: InboxFilter) -> InboxSort {
        match filter {
            InboxFilter::All => InboxSort::UnreadFirst,
            _ => InboxSort::Newest,
        }
    }
}

/// A window on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxQuery {
    /// Which conversations.
    pub filter: InboxFilter,
    /// In which order.
    pub sort: InboxSort,
    /// Only those of this channel.
    pub channel: Option<ChannelId>,
    /// Only those of customers with this tag, whatever its case.
    pub tag: Option<Tag>,
    /// Only those that are assigned to this person.
    pub agent: Option<StaffId>,
    /// Only those whose newest message came at this time or later.
    pub from: Option<Timestamp>,
    /// Only those whose newest message came before this time.
    pub to: Option<Timestamp>,
    /// The most rows; more than [`WINDOW_LIMIT_ROWS`] means that many.
    pub limit: usize,
}

impl InboxQuery {
    /// A filter in its usual order, without anything else.
    pub const fn of(filter: InboxFilter) -> InboxQuery {
        InboxQuery {
            filter,
            sort: InboxSort::usual(filter),
            channel: None,
            tag: None,
            agent: None,
            from: None,
            to: None,
            limit: WINDOW_ROWS,
        }
    }
}

/// One conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// Which one.
    pub id: ConversationId,
    /// What to call the customer.
    pub name: String,
    /// What the shop calls the channel; empty until that has come.
    pub channel: String,
    /// The last line, with who wrote it when it was not the customer; or what this person has begun to write. Empty when
    /// there is none.
    pub preview: String,
    /// Whether `preview` is what this person has begun to write.
    pub draft: bool,
    /// When the newest message came.
    pub at: Timestamp,
    /// How many of the customer's messages this person has not read.
    pub unread: u32,
    /// The person wants to come back to it. It counts as unread, whatever was read.
    pub marked_unread: bool,
    /// Open or closed, with what is in the outbox applied.
    pub status: Status,
    /// Who answers it, with what is in the outbox applied.
    pub assignee: Option<StaffName>,
    /// To follow up, with what is in the outbox applied.
    pub starred: bool,
    /// The customer's tags, with what is in the outbox applied.
    pub tags: Tags,
    /// How many replies in it are not settled yet.
    pub waiting: u32,
    /// How many replies in it were refused.
    pub not_sent: u32,
}

impl InboxRow {
    /// Whether it counts as unread.
    pub fn is_unread(&self) -> bool {
        self.unread > 0 || self.marked_unread
    }
}

impl Keyed for InboxRow {
    type Key = ConversationId;
    fn key(&self) -> ConversationId {
        self.id
    }
}

/// Hears how a list changed.
pub trait InboxListener: Send + Sync {
    /// The steps since the last call, in order; the first call is one `Reset`. Called one after the other, never while
    /// a lock of the core is held.
    fn on_diffs(&self, diffs: Vec<Diff<InboxRow>>);
}
