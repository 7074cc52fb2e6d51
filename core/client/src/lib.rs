//! The phone's engine: what is stored, what is not sent yet, what is on the screen, and how they keep up with the
//! server.
//!
//! [`App`] is the door for shells, scripts and bindings. Behind it stand a [`store`] (SQLite, the only truth), an
//! [`outbox`] (changes that are not settled), a sans-I/O [`sync`] engine (events in, effects out, no clock and no
//! socket) and a thin runner that performs the effects. Nothing that a person wrote is ever dropped to get out of
//! trouble: docs/sync.md says what must hold.

mod account;
mod app;
mod channel;
pub mod conversation;
pub mod customer;
pub mod diff;
pub mod env;
mod error;
pub mod inbox;
mod notice;
pub mod outbox;
mod profiles;
mod runner;
pub mod search;
pub mod secrets;
pub mod status;
pub mod store;
mod subscription;
pub mod sync;
mod unsent;

pub use account::{Account, AccountShop, StaffName, StaffRow};
pub use app::{App, AppOptions, BULK_LIMIT, BulkAction, SignOut, SyncReport};
pub use channel::ChannelRow;
pub use conversation::{
    Author, ConversationListener, ConversationView, MessageKind, MessageRow, MessageState, RowId, Shared,
    SharedWords,
};
pub use customer::{CustomerListener, CustomerView, NoteRow};
pub use diff::Diff;
pub use env::SystemEnv;
pub use error::Error;
pub use inbox::{
    ChannelCount, CountsListener, InboxCounts, InboxFilter, InboxListener, InboxQuery, InboxRow, InboxSort,
};
pub use notice::Notice;
pub use outbox::{OutboxRow, OutboxState};
pub use profiles::{ProfileRow, Profiles};
pub use search::{ExcerptPart, SearchGroup, SearchHit, SearchHitKind, SearchQuery, SearchView};
pub use shopbell_domain as domain;
pub use shopbell_domain::conversation::Status;
pub use shopbell_domain::env::Env;
pub use shopbell_domain::ids::{
    ChannelId, ConversationId, CustomerId, DeviceId, MessageId, MutationId, NoteId, ShopId, StaffId,
};
pub use shopbell_domain::sync::problem::ShopChoice;
pub use shopbell_domain::tag::Tag;
pub use shopbell_domain::time::Timestamp;
pub use shopbell_l10n::Lang;
pub use status::{StatusListener, SyncState, SyncStatus};
pub use subscription::Subscription;
pub use sync::SearchedPage;
pub use unsent::{DraftRow, Unsent};
