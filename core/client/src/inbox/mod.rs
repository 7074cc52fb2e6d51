//! The list of conversations, ready to show: filtered, sorted, cut to a window, worded.
//!
//! Rows come from the table `shown`, which already has the outbox in it; nothing here decides anything, and nothing
//! here writes.

mod list;

#[cfg(test)]
pub(crate) use list::sql;
pub(crate) use list::{customer_name, query, row, staff_name};

use shopbell_domain::conversation::Status;
use shopbell_domain::ids::ConversationId;
use shopbell_domain::time::Timestamp;

use crate::account::StaffName;
use crate::diff::{Diff, Keyed};

/// The most rows that a window holds.
pub const WINDOW_LIMIT_ROWS: usize = 500;

/// Which conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxFilter {
    /// All open ones.
    All,
    /// Open ones that are assigned to the person who is signed in.
    Mine,
    /// Open ones that nobody is assigned to.
    Unassigned,
    /// Closed ones.
    Closed,
}

/// A window on the list: newest activity first, ties by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxQuery {
    /// Which conversations.
    pub filter: InboxFilter,
    /// The most rows; more than [`WINDOW_LIMIT_ROWS`] means that many.
    pub limit: usize,
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
    /// The last line, with who wrote it when it was not the customer. Empty when there is none.
    pub preview: String,
    /// When the newest message came.
    pub at: Timestamp,
    /// How many of the customer's messages this person has not read.
    pub unread: u32,
    /// Open or closed, with what is in the outbox applied.
    pub status: Status,
    /// Who answers it, with what is in the outbox applied.
    pub assignee: Option<StaffName>,
    /// How many replies in it are not settled yet.
    pub waiting: u32,
    /// How many replies in it were refused.
    pub not_sent: u32,
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
