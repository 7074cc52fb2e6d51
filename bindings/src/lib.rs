//! The core in Swift's, Kotlin's and Python's hands: few objects, many records.
//!
//! Rules of this face
//! - `subscribe(listener)` answers a [`Subscription`]; `cancel()` is the contract, dropping it the safety net. The first
//!   batch is a `Reset` with the present rows and is delivered before `subscribe` returns.
//! - Listeners are synchronous, are called in order, and never while a lock is held; they may call back into the core.
//! - A cancelled call of an async function leaves nothing half done: the work goes on and only its answer is dropped.
//! - A panic inside becomes [`CoreError::Other`] and a report, never the end of the process.
//! - [`CoreError`] has a variant only where an app would do something else; each comes with the words to show.
//! - No error has a field `message` and no object a method `close`: Kotlin has its own of these names.
//! - All that is exported stands in bindings/surface.txt (`scripts/bindings --surface`).
#![allow(unsafe_code, reason = "the code that uniffi generates hands pointers over")]

mod app;
mod composer;
mod conversation;
mod customer;
mod error;
mod guard;
mod inbox;
mod profiles;
mod records;
mod search;
mod shared;
mod subscription;

pub use app::{BulkAction, OpenOptions, ShopbellApp, StatusListener, simulate_panic};
pub use composer::Composer;
pub use conversation::{Conversation, ConversationListener};
pub use customer::{Customer, CustomerListener, CustomerView, NoteRow};
pub use error::CoreError;
pub use inbox::{
    ChannelCount, ChannelRow, CountsListener, InboxCounts, InboxFilter, InboxList, InboxListener, InboxQuery,
    InboxSort,
};
pub use profiles::{DraftRow, Notice, ProfileRow, Profiles, SignOut, Unsent};
pub use records::{
    Account, Author, ConversationHead, ConversationStatus, ConversationView, InboxDiff, InboxRow,
    MessageContent, MessageDiff, MessageRow, MessageState, OutboxRow, OutboxState, ShopChoice, StaffName,
    StaffRow, Status, SyncReport, SyncState,
};
pub use search::{ExcerptPart, SearchGroup, SearchHit, SearchHitKind, SearchQuery, SearchView, SearchedPage};
pub use shared::{Shared, SharedPart};
pub use subscription::Subscription;

uniffi::setup_scaffolding!();
