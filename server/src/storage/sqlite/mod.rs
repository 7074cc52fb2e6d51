//! The SQLite back end: one file, one writer, a few readers (docs/sync.md 21, 23).
//!
//! SQL stands beside the Rust that runs it, a file an operation group. Every statement is bounded by its shop, by an
//! index and by a limit; `plans_tests.rs` holds the plans of the hot ones.

mod admin;
mod backup;
mod changes;
mod chat;
mod checksums;
mod columns;
mod connection;
mod customers;
mod drafts;
mod epochs;
mod group;
mod heads;
mod history;
mod inbound;
mod messages;
mod migrations;
mod notes;
mod outgoing;
mod publish;
mod pull;
mod push;
mod readers;
pub(crate) mod restore;
mod restored;
mod retention;
mod revocations;
mod revoked;
mod rows;
mod search;
mod search_index;
mod secrets;
mod sessions;
mod snapshot;
mod standing;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::draft::Draft;
use shopbell_domain::ids::{AttemptId, DeviceId, EpochId, MessageId, SessionId, ShopId, StaffId};
use shopbell_domain::staff::Permissions;
use shopbell_domain::sync::{HistoryAnswer, PullAnswer, PushAnswer};
use shopbell_domain::time::Timestamp;

use rusqlite::Connection;

use self::group::{Tx, job, run_group};
use self::publish::Publisher;
use self::readers::Readers;
use self::revocations::Revocations;
use self::writer::Writer;
use super::{
    BackupError, Caller, ChatCaller, ChatEvents, ChatShop, Claimed, CommitListener, Credential, DeviceRecord,
    History, Inbound, InboundRecorded, NewChannel, NewChat, NewSession, NewShop, NewStaff, OperationError,
    Presence, Pull, Push, RefreshedSession, Search, SearchRead, Settled, ShopRecord, ShownRefreshToken,
    SignInCandidate, Snapshot, SnapshotRead, StaffRecord, Storage, StorageError,
};

/// The revocation store's name in the data folder.
pub(crate) const REVOCATIONS_FILE: &str = "revocations.db";

/// Where and how to open the database.
pub struct SqliteOptions {
    /// The file; made when it is not there.
    pub path: PathBuf,
    /// The revocation store: a file of its own, which no restore replaces; made when it is not there.
    pub revocations: PathBuf,
    /// The most pages of 4 KiB that the database may have; `None`: as many as the disk takes.
    pub limit_pages: Option<u32>,
    /// SQLite's name of the VFS to open it by; `None` for the system's own.
    pub vfs: Option<String>,
    /// Who runs the operations.
    pub mode: Mode,
    /// Whether another process may be serving from the same file. Then its schema is left as it is.
    pub is_shared: bool,
    /// The epoch that a new database begins.
    pub new_epoch: EpochId,
    /// Who is told of commits.
    pub listener: Arc<dyn CommitListener>,
}

/// Who runs the operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A thread that writes and a few that read; operations that wait share a commit. For servers.
    Threads,
    /// The caller, at once, one after the other. For runs that are a function of their seed.
    Inline,
}

/// A [`Storage`] in one SQLite file.
pub struct SqliteStorage {
    epoch: EpochId,
    path: PathBuf,
    vfs: Option<String>,
    writer: Writer,
    readers: Readers,
}

impl SqliteStorage {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// `NewerSchema` when a newer server wrote it: nothing was touched. `OlderSchema` when it is shared and older.
    pub fn open(options: SqliteOptions) -> Result<Self, StorageError> {
        let vfs = options.vfs.as_deref();
        if options.path.exists() {
            // Looked at before anything is written, the settings of the file among it.
            migrations::require_not_newer(&connection::open_reader(&options.path, vfs)?)?;
        }
        let connection = connection::open_writer(&options.path, vfs)?;
        if options.is_shared {
            migrations::require_known(&connection)?;
        } else {
            migrations::migrate(&connection)?;
        }
        let revocations = Revocations::open(&options.revocations, vfs)?;
        let epoch = match options.is_shared {
            true => standing::epoch(&connection)?,
            false => epochs::open(&connection, &revocations, options.new_epoch)?,
        };
        if let Some(pages) = options.limit_pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        let publisher = Publisher::new(Arc::new(revocations), options.listener);
        if !options.is_shared {
            revoked::collect(&connection, &publisher.revocations)?;
            run_now(&connection, &publisher, revoked::apply)?;
            search_index::bring_up_to_date(&connection)?;
        }
        let (writer, readers) = match options.mode {
            Mode::Threads => {
                let readers = Readers::open(&options.path, vfs, publisher.gate.clone())?;
                (Writer::thread(connection, publisher)?, readers)
            }
            Mode::Inline => {
                let connection = Arc::new(Mutex::new(Some(connection)));
                let writer = Writer::Inline { connection: connection.clone(), publisher };
                (writer, Readers::Inline(connection))
            }
        };
        Ok(Self { epoch, path: options.path, vfs: options.vfs, writer, readers })
    }
}

/// Runs an operation before there is a writer.
fn run_now(
    connection: &Connection,
    publisher: &Publisher,
    operation: impl FnOnce(&mut Tx<'_>) -> Result<(), OperationError> + Send + 'static,
) -> Result<(), StorageError> {
    let (job, mut answer) = job(operation);
    run_group(connection, job, || None, publisher);
    match answer.try_recv().unwrap_or(Err(StorageError::Closed.into())) {
        Ok(()) => Ok(()),
        Err(OperationError::Storage(error)) => Err(error),
        Err(OperationError::Denied(error)) => Err(StorageError::other(error)),
    }
}

#[async_trait]
impl Storage for SqliteStorage {
    fn epoch(&self) -> EpochId {
        self.epoch
    }

    async fn check(&self) -> Result<(), StorageError> {
        match self.readers.run(|conn| Ok(standing::epoch(conn)?)).await {
            Ok(_) => Ok(()),
            Err(OperationError::Storage(error)) => Err(error),
            Err(OperationError::Denied(error)) => Err(StorageError::other(error)),
        }
    }

    async fn close(&self) -> Result<(), StorageError> {
        self.readers.close().await;
        self.writer.close().await
    }

    async fn create_shop(&self, shop: NewShop) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::create_shop(tx, &shop)).await
    }

    async fn create_channel(&self, channel: NewChannel) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::create_channel(tx, &channel)).await
    }

    async fn create_staff(&self, staff: NewStaff) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::create_staff(tx, &staff)).await
    }

    async fn set_permissions(
        &self,
        shop: ShopId,
        staff: StaffId,
        permissions: Permissions,
    ) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::set_permissions(tx, shop, staff, &permissions)).await
    }

    async fn set_password(
        &self,
        shop: ShopId,
        staff: StaffId,
        password_hash: String,
    ) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::set_password(tx, shop, staff, &password_hash)).await
    }

    async fn remove_staff(&self, shop: ShopId, staff: StaffId, now: Timestamp) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::remove_staff(tx, shop, staff, now)).await
    }

    async fn remove_device(
        &self,
        shop: ShopId,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), OperationError> {
        self.writer.run(move |tx| admin::remove_device(tx, shop, device, now)).await
    }

    async fn devices(&self, shop: ShopId) -> Result<Vec<DeviceRecord>, OperationError> {
        self.readers.run(move |conn| admin::devices(conn, shop)).await
    }

    async fn backup(&self, to: PathBuf) -> Result<(), BackupError> {
        let (path, vfs) = (self.path.clone(), self.vfs.clone());
        let copy = move || backup::backup(&path, vfs.as_deref(), &to);
        let given = tokio::task::spawn_blocking(copy).await.map_err(StorageError::other)??;
        let noted = self.writer.run(move |tx| Ok(backup::note(tx.conn, &given)?)).await;
        noted.map_err(|error| match error {
            OperationError::Storage(error) => BackupError::Storage(error),
            OperationError::Denied(error) => BackupError::Storage(StorageError::other(error)),
        })
    }

    async fn sweep(&self, now: Timestamp) -> Result<bool, OperationError> {
        self.writer.run(move |tx| retention::sweep(tx, now)).await
    }

    async fn shops(&self) -> Result<Vec<ShopRecord>, OperationError> {
        self.readers.run(admin::shops).await
    }

    async fn staff(&self, shop: ShopId) -> Result<Vec<StaffRecord>, OperationError> {
        self.readers.run(move |conn| admin::staff(conn, shop)).await
    }

    async fn sign_in_candidates(&self, email: String) -> Result<Vec<SignInCandidate>, OperationError> {
        self.readers.run(move |conn| sessions::candidates(conn, &email)).await
    }

    async fn record_session(&self, session: NewSession) -> Result<(), OperationError> {
        self.writer.run(move |tx| sessions::record(tx, &session)).await
    }

    async fn refresh_session(&self, shown: ShownRefreshToken) -> Result<RefreshedSession, OperationError> {
        self.writer.run(move |tx| sessions::refresh(tx, &shown)).await
    }

    async fn end_session(&self, session: SessionId, now: Timestamp) -> Result<(), OperationError> {
        self.writer.run(move |tx| sessions::end(tx, session, now)).await
    }

    async fn identify(&self, credential: Credential) -> Result<Caller, OperationError> {
        self.readers.run(move |conn| sessions::identify(conn, &credential)).await
    }

    async fn push(&self, push: Push) -> Result<PushAnswer, OperationError> {
        self.writer.run(move |tx| push::push(tx, &push)).await
    }

    async fn put_draft(&self, caller: Caller, draft: Draft) -> Result<(), OperationError> {
        self.writer.run(move |tx| drafts::put(tx, &caller, &draft)).await
    }

    async fn pull(&self, pull: Pull) -> Result<PullAnswer, OperationError> {
        self.readers.run(move |conn| pull::pull(conn, &pull)).await
    }

    async fn snapshot(&self, snapshot: Snapshot) -> Result<SnapshotRead, OperationError> {
        self.readers.run(move |conn| snapshot::snapshot(conn, &snapshot)).await
    }

    async fn history(&self, history: History) -> Result<HistoryAnswer, OperationError> {
        self.readers.run(move |conn| history::history(conn, &history)).await
    }

    async fn search(&self, search: Search) -> Result<SearchRead, OperationError> {
        self.readers.run(move |conn| search::search(conn, &search)).await
    }

    async fn chat_shop(&self, public_key: String) -> Result<ChatShop, OperationError> {
        self.readers.run(move |conn| chat::shop(conn, &public_key)).await
    }

    async fn is_origin_known(&self, origin: String) -> Result<bool, OperationError> {
        self.readers.run(move |conn| chat::is_origin_known(conn, &origin)).await
    }

    async fn begin_chat(&self, chat: NewChat) -> Result<(), OperationError> {
        self.writer.run(move |tx| chat::begin(tx, &chat)).await
    }

    async fn begin_chat_again(&self, chat: NewChat) -> Result<bool, OperationError> {
        self.writer.run(move |tx| chat::begin_again(tx, &chat)).await
    }

    async fn identify_chat(&self, token_hash: [u8; 32]) -> Result<ChatCaller, OperationError> {
        self.readers.run(move |conn| chat::identify(conn, &token_hash)).await
    }

    async fn chat_events(&self, caller: ChatCaller, after: i64) -> Result<ChatEvents, OperationError> {
        self.readers.run(move |conn| chat::events(conn, &caller, after)).await
    }

    async fn record_presence(&self, presence: Presence) -> Result<(), OperationError> {
        self.writer.run(move |tx| chat::record_presence(tx, &presence)).await
    }

    async fn deliver_to_chat(&self, shop: ShopId, message: MessageId) -> Result<(), OperationError> {
        self.writer.run(move |tx| chat::deliver(tx, shop, message)).await
    }

    async fn record_inbound(&self, inbound: Inbound) -> Result<InboundRecorded, OperationError> {
        self.writer.run(move |tx| inbound::record_inbound(tx, &inbound)).await
    }

    async fn claim_outgoing(&self, attempt: AttemptId, now: Timestamp) -> Result<Claimed, OperationError> {
        self.writer.run(move |tx| outgoing::claim(tx, attempt, now)).await
    }

    async fn settle_outgoing(&self, settled: Settled) -> Result<(), OperationError> {
        self.writer.run(move |tx| outgoing::settle(tx, &settled)).await
    }

    async fn recover_outgoing(
        &self,
        deduping: Vec<ChannelKind>,
        now: Timestamp,
    ) -> Result<(), OperationError> {
        self.writer.run(move |tx| outgoing::recover(tx, &deduping, now)).await
    }
}

#[cfg(test)]
#[path = "plans_tests.rs"]
mod plans_tests;
