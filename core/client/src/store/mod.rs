//! What the phone holds: one SQLite database, the only truth. Everything else can be made again from it.
//!
//! One process opens it (a lock file says so), one connection writes, a few read. A write is one transaction, durable
//! when it returns (WAL, `synchronous=FULL`: one fsync a commit); the table `shown` is brought up to date inside it,
//! so that a list never shows a state that was not stored. No mmap: measured on phones, the first cold list was 14
//! times slower with it.

mod checksums;
mod cleanup;
mod columns;
mod connection;
mod drafts;
mod epoch;
mod eviction;
mod journal;
mod lock;
mod messages;
mod migrations;
mod newest;
mod notes;
mod order;
mod outbox;
mod people;
mod profile;
mod replay;
mod rows;
mod scopes;
mod search_index;
mod shown;
mod tables;
mod tally;
mod wipe;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use shopbell_domain::ids::{ConversationId, CustomerId};
use uuid::Uuid;

pub use crate::error::StoreError;
pub(crate) use checksums::checksum;
pub use cleanup::{SPOOL, spool_name};
pub(crate) use columns::{id, maybe_id};
pub(crate) use connection::Readers;
pub(crate) use drafts::{begun, draft, has_sent as has_sent_draft, is_spent, unsent as unsent_draft};
pub(crate) use epoch::owes_end;
pub(crate) use eviction::{KEPT_CONVERSATIONS, is_opening_news};
pub(crate) use journal::{
    Refused, SettledBy, accepted_reply, listed, not_sent, one as settled, one_listed, was_refused_here,
};
pub(crate) use messages::message;
pub(crate) use newest::next_due;
pub(crate) use order::{reply_before, sendable, unaccepted_replies};
pub(crate) use outbox::{
    Entry, StoredOperation, message_of, of_target, oldest, one as entry, reply, waiting,
};
pub(crate) use people::{is_staff, list as staff, me};
pub use profile::Profile;
pub(crate) use replay::{after, after_for_customer, holds_message, replay, replay_customer, revised};
pub(crate) use rows::Dropped;
pub use rows::Origin;
pub use scopes::{HeldScope, ScopeState};
pub(crate) use scopes::{all as scopes, one as scope};
pub(crate) use search_index::{Text, TextKind, is_whole as is_index_whole, text};
pub(crate) use tables::{channels, head, secret_kind, status_from_word, tags_from_json};
pub(crate) use tally::counts as tally;

/// The name of the database in its folder.
pub const DATABASE: &str = "shopbell.db";

/// The database of one profile.
#[derive(Debug)]
pub struct Store {
    // In the order in which they must go: the lock last, or a second process could open a database that is closing.
    writer: Connection,
    readers: Readers,
    folder: PathBuf,
    _lock: lock::FolderLock,
}

/// What a transaction changed, so that only that is shown anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Conversations whose head, messages, marker or outbox changed.
    pub conversations: BTreeSet<ConversationId>,
    /// Customers whose row, notes or outbox changed.
    pub customers: BTreeSet<CustomerId>,
    /// Names that any row may show changed: the shop, its people, its channels.
    pub names: bool,
}

impl Touched {
    /// Whether nothing changed that anybody sees.
    pub fn is_empty(&self) -> bool {
        self.conversations.is_empty() && self.customers.is_empty() && !self.names
    }

    /// Adds what another transaction changed.
    pub fn add(&mut self, other: Touched) {
        self.conversations.extend(other.conversations);
        self.customers.extend(other.customers);
        self.names |= other.names;
    }
}

/// A transaction that writes. What it touched is shown anew when it ends.
#[derive(Debug)]
pub struct Write<'a> {
    tx: Transaction<'a>,
    touched: Touched,
    texts: search_index::Changes,
    newest_ms: i64,
    folder: &'a Path,
    dropped: Dropped,
    heads: BTreeSet<ConversationId>,
    /// Something is left to be cleaned up once this is committed.
    wiped: bool,
}

impl Store {
    /// Opens the database in `folder`, making both when they are not there. `vfs` names SQLite's virtual file system;
    /// `None` is the system's own.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it, [`StoreError::NewerSchema`] when a newer version wrote it
    /// (nothing is touched then).
    pub fn open(folder: &Path, vfs: Option<&str>) -> Result<Store, StoreError> {
        let lock = lock::FolderLock::take(folder)?;
        let database = folder.join(DATABASE);
        let mut writer = connection::open_writer(&database, vfs)?;
        migrations::check(&writer)?;
        connection::set_up_writer(&writer)?;
        migrations::run(&mut writer)?;
        let readers = Readers::new(database, vfs);
        let mut store = Store { writer, readers, folder: folder.to_owned(), _lock: lock };
        store.clean_up();
        store.make_shown_again_if_stale()?;
        for _ in 0..search_index::STEPS_AT_OPEN {
            store.index_more()?;
        }
        Ok(store)
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or nothing.
    ///
    /// # Errors
    /// Whatever `work` or the disk says; then nothing changed.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, E>,
    ) -> Result<(T, Touched), E> {
        let tx = self
            .writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let mut write = Write {
            tx,
            touched: Touched::default(),
            texts: search_index::Changes::new(),
            newest_ms: 0,
            folder: &self.folder,
            dropped: Dropped::default(),
            heads: BTreeSet::new(),
            wiped: false,
        };
        let value = work(&mut write)?;
        let wiped = write.wiped;
        let touched = write.commit()?;
        if wiped {
            self.clean_up();
        }
        Ok((value, touched))
    }

    fn make_shown_again_if_stale(&mut self) -> Result<(), StoreError> {
        if self.read(Profile::shown_is_stale)? {
            self.write(|to| to.recompute_everything())?;
        }
        Ok(())
    }

    /// Reads the newest committed state on the writer's connection.
    ///
    /// # Errors
    /// Whatever `work` or the disk says.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self.writer.unchecked_transaction()?;
        work(&tx)
    }

    /// Read-only connections for whoever asks once, beside the writer.
    pub(crate) fn readers(&self) -> Readers {
        self.readers.clone()
    }

    /// Moves everything from the write-ahead log into the database and empties the log; answers whether it is empty now.
    ///
    /// # Errors
    /// When the disk says so. A reader that is still at work is none: the log is then emptied at the next time.
    pub fn checkpoint(&self) -> Result<bool, StoreError> {
        connection::checkpoint(&self.writer)
    }
}

impl Drop for Store {
    /// No reader may outlive the lock.
    fn drop(&mut self) {
        self.readers.close();
    }
}

impl Write<'_> {
    fn touch(&mut self, conversation: ConversationId) {
        self.touched.conversations.insert(conversation);
    }

    /// What a mutation is about: a conversation or a customer. Ids are unique over all kinds, so both are touched.
    fn touch_target(&mut self, target: Uuid) {
        self.touched.conversations.insert(ConversationId(target));
        self.touched.customers.insert(CustomerId(target));
    }

    /// What this transaction has not taken in, or let go.
    pub(crate) fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    /// Brings the index up to date with what has changed so far, for a transaction that changes very much.
    fn index_what_changed(&mut self) -> Result<(), StoreError> {
        search_index::apply(&self.tx, &std::mem::take(&mut self.texts))
    }

    fn commit(mut self) -> Result<Touched, StoreError> {
        self.note_newest_due()?;
        if self.newest_ms > 0 {
            self.tx
                .prepare_cached("UPDATE profile SET seen_at = max(seen_at, ?1)")?
                .execute([self.newest_ms])?;
        }
        for customer in &self.touched.customers {
            self.touched.conversations.extend(tables::conversations_of(&self.tx, *customer)?);
        }
        for conversation in &self.touched.conversations {
            shown::recompute(&self.tx, *conversation)?;
        }
        search_index::apply(&self.tx, &self.texts)?;
        self.tx.commit()?;
        Ok(self.touched)
    }
}

impl std::ops::Deref for Write<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.tx
    }
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
