//! What the server remembers, as the operations of its protocol: one method an operation, its transaction inside.
//!
//! Handlers never see a row, a statement or a transaction, so that a second back end needs nothing but this trait and
//! passes the same conformance suite (`tests/conformance`). An operation happens wholly or not at all, and its answer
//! is given only when it is on disk.

mod error;
mod operations;
pub mod sqlite;

use std::path::PathBuf;

use async_trait::async_trait;
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::draft::Draft;
use shopbell_domain::ids::{AttemptId, DeviceId, EpochId, MessageId, SessionId, ShopId, StaffId};
use shopbell_domain::staff::Permissions;
use shopbell_domain::sync::{HistoryAnswer, PullAnswer, PushAnswer};
use shopbell_domain::time::Timestamp;

pub use error::{BackupError, Denied, NewEpoch, OperationError, RestoreError, StorageError};
pub use operations::{
    AttemptOutcome, Caller, ChannelRecord, ChatCaller, ChatEvent, ChatEvents, ChatShop, Claimed, Committed,
    Credential, DeviceRecord, History, Inbound, InboundRecorded, Kinds, NewChannel, NewChat, NewSession,
    NewShop, NewStaff, Outgoing, Page, Presence, Pull, Push, RefreshedSession, Search, SearchRead, Settled,
    ShopRecord, ShownRefreshToken, SignInCandidate, Snapshot, SnapshotNext, SnapshotPosition, SnapshotRead,
    StaffRecord,
};

/// Who is told what a commit changed, once it is on disk: pokes and the outgoing worker.
pub trait CommitListener: Send + Sync {
    /// Called after each commit, from whatever thread made it. Must not block.
    fn committed(&self, committed: &Committed);
}

/// The most messages that one page of a browser's events brings.
pub const CHAT_EVENTS_LIMIT_ROWS: usize = 100;

/// What the server remembers.
///
/// # Errors
/// Every operation fails with [`OperationError::Storage`] when the database could not do it: nothing of it was kept.
/// It fails with [`OperationError::Denied`] as its own documentation says.
#[async_trait]
pub trait Storage: Send + Sync {
    /// This server's history.
    fn epoch(&self) -> EpochId;
    /// Reads something, to see whether the database answers.
    async fn check(&self) -> Result<(), StorageError>;
    /// Finishes what was accepted, writes everything to the main file and lets go of it.
    async fn close(&self) -> Result<(), StorageError>;

    /// Creates a shop with its first inbox.
    async fn create_shop(&self, shop: NewShop) -> Result<(), OperationError>;
    /// Creates a channel. `NotFound` when the shop or the inbox is unknown.
    async fn create_channel(&self, channel: NewChannel) -> Result<(), OperationError>;
    /// Adds a person. `NotFound` when the shop is unknown, `EmailTaken` when the address is taken there.
    async fn create_staff(&self, staff: NewStaff) -> Result<(), OperationError>;
    /// Sets what a person may do. `NotFound` when they are not of the shop's staff.
    async fn set_permissions(
        &self,
        shop: ShopId,
        staff: StaffId,
        permissions: Permissions,
    ) -> Result<(), OperationError>;
    /// Sets a password; all sessions of the person end. `NotFound` as above.
    async fn set_password(
        &self,
        shop: ShopId,
        staff: StaffId,
        password_hash: String,
    ) -> Result<(), OperationError>;
    /// Removes a person: their devices delete everything. `NotFound` as above.
    async fn remove_staff(&self, shop: ShopId, staff: StaffId, now: Timestamp) -> Result<(), OperationError>;
    /// Removes a device: it deletes everything. `NotFound` when the shop has no such device.
    async fn remove_device(
        &self,
        shop: ShopId,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), OperationError>;
    /// The devices of a shop that were not removed, in order of their ids. `NotFound` when the shop is unknown.
    async fn devices(&self, shop: ShopId) -> Result<Vec<DeviceRecord>, OperationError>;
    /// Writes everything that is committed at this moment to a file of its own, whole or not at all, while others go on
    /// writing. What stands there is replaced, if it is a file.
    async fn backup(&self, to: PathBuf) -> Result<(), BackupError>;
    /// Forgets what is old enough (docs/sync.md 7, 10). Whether there is more.
    async fn sweep(&self, now: Timestamp) -> Result<bool, OperationError>;
    /// All shops, in order of their ids.
    async fn shops(&self) -> Result<Vec<ShopRecord>, OperationError>;
    /// The staff of a shop, in order of their ids. `NotFound` when the shop is unknown.
    async fn staff(&self, shop: ShopId) -> Result<Vec<StaffRecord>, OperationError>;

    /// Everybody who signs in with this address, whatever their shop. The address is compared trimmed and in lower
    /// case.
    async fn sign_in_candidates(&self, email: String) -> Result<Vec<SignInCandidate>, OperationError>;
    /// Begins a session. `DeviceRemoved` when the device was removed, `NoPermission` when it is another person's,
    /// `SignInAgain` when the password changed meanwhile.
    async fn record_session(&self, session: NewSession) -> Result<(), OperationError>;
    /// Gives the successor of a refresh token (docs/sync.md 25). `DeviceRemoved`, or `SignInAgain` when the session
    /// ended or the password changed.
    async fn refresh_session(&self, shown: ShownRefreshToken) -> Result<RefreshedSession, OperationError>;
    /// Ends a session. Ending it twice is no error.
    async fn end_session(&self, session: SessionId, now: Timestamp) -> Result<(), OperationError>;
    /// Who shows this credential, and what they may do now. `DeviceRemoved` or `SignInAgain`.
    async fn identify(&self, credential: Credential) -> Result<Caller, OperationError>;

    /// Applies a device's mutations in order (docs/sync.md 10 to 12). `EpochChanged`, or as `identify`.
    async fn push(&self, push: Push) -> Result<PushAnswer, OperationError>;
    /// Keeps what a person has begun to write; the last one stands, an empty text takes it away. One whose message was
    /// sent already changes nothing. `NotFound` for a conversation that this person cannot see, or as `identify`.
    async fn put_draft(&self, caller: Caller, draft: Draft) -> Result<(), OperationError>;
    /// What changed since the cursors, read in one transaction. `EpochChanged`, or as `identify`.
    async fn pull(&self, pull: Pull) -> Result<PullAnswer, OperationError>;
    /// One page of a scope. `NotFound` for a scope that is not there or another shop's, `NoPermission` for one that
    /// is not granted, or as `identify`.
    async fn snapshot(&self, snapshot: Snapshot) -> Result<SnapshotRead, OperationError>;
    /// Older messages. `NotFound` for a conversation that this person cannot see, or as `identify`.
    async fn history(&self, history: History) -> Result<HistoryAnswer, OperationError>;

    /// What matches in an inbox, the newest matches first. `NotFound` for an inbox that is not there or another shop's,
    /// `NoPermission` for one that is not granted, `EpochChanged`, or as `identify`.
    async fn search(&self, search: Search) -> Result<SearchRead, OperationError>;

    /// The shop whose pages embed this key, with its web chat. `NotFound` when there is none.
    async fn chat_shop(&self, public_key: String) -> Result<ChatShop, OperationError>;
    /// Whether any shop's pages have this web origin.
    async fn is_origin_known(&self, origin: String) -> Result<bool, OperationError>;
    /// Begins a web-chat session.
    async fn begin_chat(&self, chat: NewChat) -> Result<(), OperationError>;
    /// Begins a web-chat session under the id that it had before a restore lost it. Whether the session is this one
    /// now: not when another has the id.
    async fn begin_chat_again(&self, chat: NewChat) -> Result<bool, OperationError>;
    /// Who shows a token with this SHA-256. `NotFound` when nobody has it.
    async fn identify_chat(&self, token_hash: [u8; 32]) -> Result<ChatCaller, OperationError>;
    /// The events of a browser after `after`.
    async fn chat_events(&self, caller: ChatCaller, after: i64) -> Result<ChatEvents, OperationError>;
    /// Records a sign of life.
    async fn record_presence(&self, presence: Presence) -> Result<(), OperationError>;
    /// Shows a message to the browser whose conversation it stands in; twice shows it once. `NotFound` when no
    /// browser has this conversation.
    async fn deliver_to_chat(&self, shop: ShopId, message: MessageId) -> Result<(), OperationError>;

    /// Records a customer's message: stored, counted, the conversation reopened. The same event again gives the same
    /// answer. `NotFound` when the channel is unknown, `IdTaken` when the message's id is another one's.
    async fn record_inbound(&self, inbound: Inbound) -> Result<InboundRecorded, OperationError>;

    /// Takes the message whose turn it is, oldest first a conversation. Its attempt is on disk when this returns. The same
    /// attempt again takes the same message: whoever did not hear the answer asks once more.
    async fn claim_outgoing(&self, attempt: AttemptId, now: Timestamp) -> Result<Claimed, OperationError>;
    /// Records what came of an attempt. Of an attempt that is not the present one nothing is recorded.
    async fn settle_outgoing(&self, settled: Settled) -> Result<(), OperationError>;
    /// After a start: attempts that were under way when the server ended go back to the queue where the provider
    /// dedupes; elsewhere their messages "may not have arrived".
    async fn recover_outgoing(
        &self,
        deduping: Vec<ChannelKind>,
        now: Timestamp,
    ) -> Result<(), OperationError>;
}
