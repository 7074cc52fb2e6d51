//! One conversation, ready to show: its newest messages, the holes between them, and the replies that are on their
//! way, each exactly once.
//!
//! The server's row of a message and the outbox's are the same row by the message's id: when the server's comes, the
//! row changes and perhaps moves, but never disappears (docs/sync.md 9).

mod rows;

#[cfg(test)]
pub(crate) use rows::MESSAGES;
pub(crate) use rows::{Earlier, earlier, rows};

use std::fmt;

use shopbell_domain::ids::MessageId;
use shopbell_domain::secret::SecretKind;
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use crate::diff::{Diff, Keyed};
use crate::inbox::InboxRow;

/// How many messages of a conversation are shown at first, and how many more each time earlier ones are asked for.
pub const PAGE_ROWS: usize = 50;
/// The most messages of one conversation that are shown at once.
pub const WINDOW_LIMIT_ROWS: usize = 5_000;

/// A conversation on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationView {
    /// What the list shows of it.
    pub head: InboxRow,
    /// Its newest messages, oldest first; replies that are on their way stand at the end.
    pub rows: Vec<MessageRow>,
}

/// What a row stays the same by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowId {
    /// A message.
    Message(MessageId),
    /// The hole before the message with this `mseq`.
    Gap {
        /// The `mseq` of the message after the hole.
        before: i64,
    },
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowId::Message(id) => id.fmt(f),
            RowId::Gap { before } => write!(f, "gap:{before}"),
        }
    }
}

/// One row of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// What it stays the same by.
    pub id: RowId,
    /// A message or a hole.
    pub kind: MessageKind,
}

/// What a row of a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// A message.
    Message {
        /// Who wrote it.
        author: Author,
        /// Their name.
        author_name: String,
        /// What it says.
        text: String,
        /// When the server stored it; until then, when it was written by this device's clock.
        at: Timestamp,
        /// How far it has come; `None` for the customer's.
        state: Option<MessageState>,
        /// What is shared in it, if anything is.
        shared: Option<Shared>,
        /// It was changed after it was sent.
        edited: bool,
        /// It was deleted: it says nothing any more, but its place is kept.
        deleted: bool,
        /// Whose phone brought it back to a server that had lost it.
        brought_by: Option<String>,
    },
    /// Messages that are not held here: `App::load_earlier` brings them.
    Gap {
        /// How many.
        missing: u64,
    },
}

/// What is shared in a message: everybody who sees the message sees the kind, only some see more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// What it is.
    pub kind: SecretKind,
    /// Its title and, perhaps empty, what else is said of it; `None` when this person may not see it, or it has not come.
    pub words: Option<SharedWords>,
}

/// The secret part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedWords {
    /// One line: a code, a number.
    pub title: String,
    /// What else there is to say.
    pub body: String,
}

impl Shared {
    /// One line for it: its title, or what everybody may see.
    pub fn line(&self, lang: Lang) -> String {
        shared_line(lang, self.kind, self.words.as_ref().map(|words| words.title.clone()))
    }
}

/// One line for what is shared: its title, or what everybody may see.
pub(crate) fn shared_line(lang: Lang, kind: SecretKind, title: Option<String>) -> String {
    title.unwrap_or_else(|| match kind {
        SecretKind::Discount => shopbell_l10n::shared_discount(lang),
        SecretKind::DraftOrder => shopbell_l10n::shared_draft_order(lang),
    })
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The customer.
    Customer,
    /// The person who is signed in.
    Me,
    /// Somebody else of the shop.
    Colleague,
}

/// How far a message to the customer has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// On disk here; the server has not said that it has it. It is sent by itself.
    Waiting,
    /// It is being taken back. Whether that comes in time only the server knows.
    Cancelling,
    /// The server has it; the channel's provider has not said so yet.
    Sending,
    /// The channel's provider has it.
    Sent,
    /// It was sent before the server was restored, which had lost it.
    SentBeforeRestore,
    /// May not have arrived. Nobody retries by themselves.
    Unknown,
    /// Refused. The text is kept.
    NotSent {
        /// Why, as a word for scripts.
        code: String,
        /// Why, and what to do, in words for a person.
        reason: String,
    },
}

impl Keyed for MessageRow {
    type Key = RowId;
    fn key(&self) -> RowId {
        self.id
    }
}

/// Hears how a conversation's rows changed.
pub trait ConversationListener: Send + Sync {
    /// The steps since the last call, in order; the first call is one `Reset`. Called one after the other, never while
    /// a lock of the core is held.
    fn on_diffs(&self, diffs: Vec<Diff<MessageRow>>);
}
