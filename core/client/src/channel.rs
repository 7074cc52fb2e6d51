//! The shop's channels, as tabs above the list show them.

use shopbell_domain::ids::ChannelId;

/// A channel that conversations come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Its id.
    pub id: ChannelId,
    /// What it is: `web_chat` ….
    pub kind: String,
    /// What the shop calls it.
    pub name: String,
}
