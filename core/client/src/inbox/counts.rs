//! The numbers beside the list: each is how many rows its filter would list without a limit.

use rusqlite::Connection;

use shopbell_domain::ids::ChannelId;

use super::me;
use crate::store::{self, StoreError};

/// How many conversations each filter lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// All open ones.
    pub all: u64,
    /// Open ones that are unread: the number on the app's icon.
    pub unread: u64,
    /// Open ones that are assigned to the person who is signed in.
    pub mine: u64,
    /// Open ones that nobody is assigned to.
    pub unassigned: u64,
    /// Those to follow up, open or closed.
    pub starred: u64,
    /// Closed ones.
    pub closed: u64,
    /// Those in which a reply was refused, open or closed.
    pub not_sent: u64,
    /// Each channel, in the order of their tabs.
    pub channels: Vec<ChannelCount>,
}

/// How many conversations of a channel are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// Which channel.
    pub channel: ChannelId,
    /// Open ones.
    pub open: u64,
    /// Open ones that are unread.
    pub unread: u64,
}

/// Hears how many there are.
pub trait CountsListener: Send + Sync {
    /// The numbers are now these. Called one after the other, never while a lock of the core is held.
    fn on_counts(&self, counts: InboxCounts);
}

/// How many there are.
pub(crate) fn counts(connection: &Connection) -> Result<InboxCounts, StoreError> {
    store::tally(connection, me(connection)?)
}
