//! Records: rows that are ready to show, immutable, with ids as text and times in milliseconds since 1970-01-01 UTC.

use shopbell_core::domain::customer::Tags;
use shopbell_core::{
    ChannelId, ConversationId, Diff, Error, MessageId, MessageKind, MutationId, NoteId, StaffId,
};
use shopbell_l10n::Lang;

use crate::shared::Shared;

/// Who is signed in, where.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Account {
    /// The server's address.
    pub server: String,
    /// The shop's id.
    pub shop: String,
    /// The shop's name.
    pub shop_name: String,
    /// The person's id.
    pub staff: String,
    /// The person's name.
    pub staff_name: String,
}

impl From<shopbell_core::Account> for Account {
    fn from(account: shopbell_core::Account) -> Self {
        Self {
            server: account.server,
            shop: account.shop.id.to_string(),
            shop_name: account.shop.name,
            staff: account.staff.id.to_string(),
            staff_name: account.staff.name,
        }
    }
}

/// A shop to choose when signing in.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ShopChoice {
    /// Its id.
    pub shop: String,
    /// Its name.
    pub name: String,
}

impl From<&shopbell_core::ShopChoice> for ShopChoice {
    fn from(choice: &shopbell_core::ShopChoice) -> Self {
        Self { shop: choice.shop.to_string(), name: choice.name.clone() }
    }
}

/// A colleague's name with their id.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StaffName {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
}

impl From<shopbell_core::StaffName> for StaffName {
    fn from(staff: shopbell_core::StaffName) -> Self {
        Self { id: staff.id.to_string(), name: staff.name }
    }
}

/// A person of the shop's staff.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StaffRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Whether it is the person who is signed in here.
    pub me: bool,
    /// Whether conversations may be assigned to them.
    pub assignable: bool,
}

impl From<shopbell_core::StaffRow> for StaffRow {
    fn from(row: shopbell_core::StaffRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            me: row.me,
            assignable: row.assignable,
        }
    }
}

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ConversationStatus {
    /// Somebody should look at it.
    Open,
    /// Done, until the customer writes again.
    Closed,
}

/// A row of the inbox list.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct InboxRow {
    /// The conversation's id.
    pub id: String,
    /// The customer's name.
    pub name: String,
    /// The channel's name.
    pub channel: String,
    /// The last line, worded ("You: …", "Draft: …").
    pub preview: String,
    /// Whether `preview` is what this person has begun to write.
    pub draft: bool,
    /// When the newest message came, in ms since 1970-01-01 UTC.
    pub at_ms: i64,
    /// How many of the customer's messages this person has not read.
    pub unread: u32,
    /// The person wants to come back to it: it counts as unread, whatever was read.
    pub marked_unread: bool,
    /// Open or closed.
    pub status: ConversationStatus,
    /// Who answers it.
    pub assignee: Option<StaffName>,
    /// To follow up.
    pub starred: bool,
    /// The customer's tags.
    pub tags: Vec<String>,
    /// How many changes wait here to be sent.
    pub waiting: u32,
    /// How many replies were not sent.
    pub not_sent: u32,
}

/// The conversation's head is a row of the list.
pub type ConversationHead = InboxRow;

impl From<shopbell_core::InboxRow> for InboxRow {
    fn from(row: shopbell_core::InboxRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            channel: row.channel,
            preview: row.preview,
            draft: row.draft,
            at_ms: row.at.millis(),
            unread: row.unread,
            marked_unread: row.marked_unread,
            status: match row.status {
                shopbell_core::Status::Open => ConversationStatus::Open,
                shopbell_core::Status::Closed => ConversationStatus::Closed,
            },
            assignee: row.assignee.map(StaffName::from),
            starred: row.starred,
            tags: tags(&row.tags),
            waiting: row.waiting,
            not_sent: row.not_sent,
        }
    }
}

/// Who wrote a message, seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Author {
    /// The customer.
    Customer,
    /// The person who is signed in here.
    Me,
    /// Somebody else of the shop.
    Colleague,
}

/// How far a reply has come.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum MessageState {
    /// On this device; goes out when there is a network.
    Waiting,
    /// Being taken back; the server says whether it came in time.
    Cancelling,
    /// At the server, on its way to the channel.
    Sending,
    /// Accepted by the channel.
    Sent,
    /// Sent before the server was restored, which had lost it.
    SentBeforeRestore,
    /// The channel's answer was lost: "may not have arrived". Never retried by itself.
    Unknown,
    /// Refused; the text is kept.
    NotSent {
        /// Why, as a word for programs.
        code: String,
        /// Why, in words.
        reason: String,
    },
}

impl From<shopbell_core::MessageState> for MessageState {
    fn from(state: shopbell_core::MessageState) -> Self {
        match state {
            shopbell_core::MessageState::Waiting => Self::Waiting,
            shopbell_core::MessageState::Cancelling => Self::Cancelling,
            shopbell_core::MessageState::Sending => Self::Sending,
            shopbell_core::MessageState::Sent => Self::Sent,
            shopbell_core::MessageState::SentBeforeRestore => Self::SentBeforeRestore,
            shopbell_core::MessageState::Unknown => Self::Unknown,
            shopbell_core::MessageState::NotSent { code, reason } => Self::NotSent { code, reason },
        }
    }
}

/// What a row of a conversation is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum MessageContent {
    /// A message.
    Message {
        /// Who wrote it.
        author: Author,
        /// What to call them.
        author_name: String,
        /// What it says.
        text: String,
        /// When, in ms since 1970-01-01 UTC.
        at_ms: i64,
        /// For a reply: how far it has come.
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
    /// A hole in what is loaded.
    Gap {
        /// How many messages are missing.
        missing: u64,
    },
}

/// A row of a conversation. Its id stays while a reply goes from waiting to sent.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MessageRow {
    /// The message's id, or one for the gap.
    pub id: String,
    /// What it is.
    pub content: MessageContent,
}

impl From<shopbell_core::MessageRow> for MessageRow {
    fn from(row: shopbell_core::MessageRow) -> Self {
        let content = match row.kind {
            MessageKind::Gap { missing } => MessageContent::Gap { missing },
            MessageKind::Message {
                author,
                author_name,
                text,
                at,
                state,
                shared,
                edited,
                deleted,
                brought_by,
            } => MessageContent::Message {
                author: match author {
                    shopbell_core::Author::Customer => Author::Customer,
                    shopbell_core::Author::Me => Author::Me,
                    shopbell_core::Author::Colleague => Author::Colleague,
                },
                author_name,
                text,
                at_ms: at.millis(),
                state: state.map(MessageState::from),
                shared: shared.map(Shared::from),
                edited,
                deleted,
                brought_by,
            },
        };
        Self { id: row.id.to_string(), content }
    }
}

/// A conversation as it is now.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ConversationView {
    /// Its row in the list.
    pub head: InboxRow,
    /// Its messages, oldest first, with gaps where something is not loaded.
    pub rows: Vec<MessageRow>,
}

impl From<shopbell_core::ConversationView> for ConversationView {
    fn from(view: shopbell_core::ConversationView) -> Self {
        Self { head: view.head.into(), rows: view.rows.into_iter().map(MessageRow::from).collect() }
    }
}

macro_rules! diffs {
    ($(#[$doc:meta])* $name:ident of $row:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            /// Forget what was shown: these are the rows.
            Reset {
                /// All rows.
                rows: Vec<$row>,
            },
            /// A row appears at `index`.
            Insert {
                /// Where.
                index: u32,
                /// The row.
                row: $row,
            },
            /// The row at `index` changed.
            Set {
                /// Where.
                index: u32,
                /// The row as it is now.
                row: $row,
            },
            /// The row at `index` goes.
            Remove {
                /// Where.
                index: u32,
            },
            /// The row at `from` is taken out, then put in at `to`.
            Move {
                /// From where.
                from: u32,
                /// To where, counted after it was taken out.
                to: u32,
            },
        }

        impl From<Diff<shopbell_core::$row>> for $name {
            fn from(diff: Diff<shopbell_core::$row>) -> Self {
                match diff {
                    Diff::Reset { rows } => Self::Reset { rows: rows.into_iter().map($row::from).collect() },
                    Diff::Insert { index, row } => Self::Insert { index: place(index), row: row.into() },
                    Diff::Set { index, row } => Self::Set { index: place(index), row: row.into() },
                    Diff::Remove { index } => Self::Remove { index: place(index) },
                    Diff::Move { from, to } => Self::Move { from: place(from), to: place(to) },
                }
            }
        }
    };
}

diffs! {
    /// A change of a list of conversations.
    InboxDiff of InboxRow
}

diffs! {
    /// A change of a conversation's messages.
    MessageDiff of MessageRow
}

/// A place in a list; windows are far smaller than this type.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What became of a change that has not gone through.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum OutboxState {
    /// Goes out when there is a network.
    Waiting,
    /// Being taken back; the server says whether it came in time.
    Cancelling,
    /// Set aside after a fault of the program, which was reported.
    SetAside,
    /// Refused; the text is kept.
    NotSent {
        /// Why, as a word for programs.
        code: String,
        /// Why, in words.
        reason: String,
    },
}

/// A change that has not gone through.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OutboxRow {
    /// The mutation's id.
    pub id: String,
    /// Which operation.
    pub name: String,
    /// The conversation it is about; none when it is about the customer.
    pub conversation: Option<String>,
    /// The customer's name.
    pub customer: String,
    /// A reply's or a note's text; a tag.
    pub text: Option<String>,
    /// What became of it.
    pub state: OutboxState,
}

impl From<shopbell_core::OutboxRow> for OutboxRow {
    fn from(row: shopbell_core::OutboxRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            conversation: row.conversation.map(|id| id.to_string()),
            customer: row.customer,
            text: row.text,
            state: match row.state {
                shopbell_core::OutboxState::Waiting => OutboxState::Waiting,
                shopbell_core::OutboxState::Cancelling => OutboxState::Cancelling,
                shopbell_core::OutboxState::SetAside => OutboxState::SetAside,
                shopbell_core::OutboxState::NotSent { code, reason } => OutboxState::NotSent { code, reason },
            },
        }
    }
}

/// Where syncing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncState {
    /// Nobody is signed in.
    NotSignedIn,
    /// Not started, or paused.
    Stopped,
    /// Reaching for the server.
    Connecting,
    /// Loading for the first time, or again.
    Loading,
    /// Everything here is as the server has it.
    UpToDate,
    /// The server cannot be reached.
    Offline,
    /// The session ended: ask the person to sign in again.
    SignInAgain,
    /// This device was removed, and everything was deleted.
    Removed,
    /// The server must be updated.
    ServerTooOld,
    /// The app must be updated.
    AppTooOld,
    /// Something else; `Status.message` says what.
    Trouble,
}

/// Where syncing stands, and how much waits.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Status {
    /// Where syncing stands.
    pub state: SyncState,
    /// How many changes wait.
    pub waiting: u32,
    /// How many replies were not sent.
    pub not_sent: u32,
    /// What to tell the person, if anything.
    pub message: Option<String>,
}

impl Status {
    pub(crate) fn of(status: &shopbell_core::SyncStatus, lang: Lang) -> Self {
        use shopbell_core::SyncState as Core;
        let state = match &status.state {
            Core::NotSignedIn => SyncState::NotSignedIn,
            Core::Stopped => SyncState::Stopped,
            Core::Connecting => SyncState::Connecting,
            Core::Loading => SyncState::Loading,
            Core::UpToDate => SyncState::UpToDate,
            Core::Offline => SyncState::Offline,
            Core::SignInAgain => SyncState::SignInAgain,
            Core::Removed => SyncState::Removed,
            Core::ServerTooOld => SyncState::ServerTooOld,
            Core::AppTooOld => SyncState::AppTooOld,
            Core::Trouble { .. } => SyncState::Trouble,
        };
        Self { state, waiting: status.waiting, not_sent: status.not_sent, message: status.message(lang) }
    }
}

/// What one call of `sync` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// How many changes the server accepted.
    pub accepted: u32,
    /// How many it refused.
    pub refused: u32,
    /// How many still wait.
    pub waiting: u32,
}

impl From<shopbell_core::SyncReport> for SyncReport {
    fn from(report: shopbell_core::SyncReport) -> Self {
        Self { accepted: report.accepted, refused: report.refused, waiting: report.waiting }
    }
}

pub(crate) fn conversation_id(text: &str) -> Result<ConversationId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn channel_id(text: &str) -> Result<ChannelId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn note_id(text: &str) -> Result<NoteId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn mutation_id(text: &str) -> Result<MutationId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn message_id(text: &str) -> Result<MessageId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn staff_id(text: &str) -> Result<StaffId, Error> {
    text.parse().map_err(|_| not_found(text))
}

pub(crate) fn tags(tags: &Tags) -> Vec<String> {
    tags.iter().map(|tag| tag.as_str().to_owned()).collect()
}

/// The changes as their ids.
pub(crate) fn ids(changes: &[MutationId]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

pub(crate) fn not_found(id: &str) -> Error {
    Error::NotFound { id: id.to_owned() }
}
