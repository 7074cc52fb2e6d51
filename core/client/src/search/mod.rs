//! Search: names, tags, notes and messages that are held here, as a person types; the newest first, by conversation.
//!
//! What is found is what `domain::search::Query::matches` says of the texts as they are stored, and of what still waits
//! in the outbox. The index only proposes, and is asked for little at a time, so that a keystroke stays cheap among a
//! million messages. What only the server has is asked for by `App::search_older` and then found here.

mod excerpt;
mod find;

pub use excerpt::ExcerptPart;
#[cfg(test)]
pub(crate) use find::PROPOSED_SQL;
pub(crate) use find::find;

use shopbell_domain::ids::{ChannelId, MessageId, NoteId};
use shopbell_domain::time::Timestamp;

use crate::inbox::InboxRow;

/// The most hits of names, and of texts, that one search shows.
pub const SEARCH_LIMIT_HITS: usize = 200;

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// As it was typed. All words must be in a text; the last one may still be being typed, unless a space follows it.
    pub text: String,
    /// Only in conversations of this channel.
    pub channel: Option<ChannelId>,
    /// The most hits of names and tags, and the most of messages and notes; more than [`SEARCH_LIMIT_HITS`] means that
    /// many.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchView {
    /// The conversations, the one with the newest hit first.
    pub groups: Vec<SearchGroup>,
    /// There are more hits here: a larger limit shows them.
    pub more: bool,
    /// Everything that is held was searched. Not yet so right after an update, while it is being prepared.
    pub complete: bool,
}

/// A conversation with what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchGroup {
    /// The conversation, as the list shows it.
    pub conversation: InboxRow,
    /// What was found, newest first.
    pub hits: Vec<SearchHit>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchHitKind,
    /// The line to show, in parts of which some are marked. One after the other they are the whole line.
    pub excerpt: Vec<ExcerptPart>,
    /// When it was stored; of names and tags, when the newest message of the conversation came.
    pub at: Timestamp,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchHitKind {
    /// The customer's name, or their number where they gave none.
    Name,
    /// One of the customer's tags.
    Tag,
    /// A note about the customer.
    Note(NoteId),
    /// A message.
    Message(MessageId),
}
