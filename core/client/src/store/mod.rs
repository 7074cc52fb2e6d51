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
pub(crate) mod files;
mod journal;
mod lock;
mod messages;
mod migrations;
mod newest;
mod notes;
mod notices;
mod order;
mod outbox;
mod people;
mod profile;
mod replay;
mod rows;
mod salvage;
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
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

pub use crate::error::StoreError;
use crate::error::{Damage, Disk};
use crate::notice::Notice;
use crate::secrets::Secrets;
pub(crate) use checksums::checksum;
pub use cleanup::{SPOOL, spool_name};
pub(crate) use columns::{id, maybe_id};
pub(crate) use connection::Readers;
pub(crate) use drafts::{
    begun, draft, has_sent as has_sent_draft, is_spent, only_here as drafts_only_here, unsent as unsent_draft,
};
pub(crate) use epoch::owes_end;
pub(crate) use eviction::{KEPT_CONVERSATIONS, is_opening_news};
pub(crate) use journal::{
    Refused, SettledBy, accepted_reply, listed, not_sent, one as settled, one_listed, was_refused_here,
};
pub(crate) use lock::make_private;
pub(crate) use messages::message;
pub(crate) use newest::next_due;
pub(crate) use notices::are_there as has_notices;
pub(crate) use order::{reply_before, sendable, unaccepted_replies};
pub(crate) use outbox::{
    Entry, StoredOperation, message_of, of_target, oldest, one as entry, reply, waiting,
};
pub(crate) use people::{is_staff, list as staff, me};
pub use profile::Profile;
pub(crate) use replay::{
    after, after_for_customer, holds_message, is_of_before, replay, replay_customer, revised,
};
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
    vfs: Option<String>,
    /// The database's files could not be replaced, so that none is open: it is tried again.
    gone: bool,
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

/// What became of a database that could not be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mended {
    /// A new one has what could be read of it.
    Salvaged,
    /// Everything was being deleted, and is.
    Erased,
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
        if files::is_erasing(folder) {
            files::erase(folder)?;
        }
        if salvage::is_unfinished(folder) {
            return Err(StoreError::Damaged { what: "database" });
        }
        let readers = Readers::new(folder.join(DATABASE), vfs);
        let vfs = vfs.map(str::to_owned);
        let writer = open_whole(folder, vfs.as_deref())?;
        let folder = folder.to_owned();
        let mut store = Store { writer, readers, folder, vfs, gone: false, _lock: lock };
        store.prepare()?;
        Ok(store)
    }

    /// The same; but a database that is damaged is set aside, and one begun anew with what could be read of what was not
    /// sent. `secrets` say whose it was.
    ///
    /// # Errors
    /// As [`Store::open`], and where the disk fails meanwhile: it is gone on with at the next time.
    pub(crate) fn open_or_salvage(
        folder: &Path,
        vfs: Option<&str>,
        secrets: Option<&Secrets>,
        now: Timestamp,
    ) -> Result<Store, StoreError> {
        let is_empty = |path: PathBuf| path.metadata().is_ok_and(|file| file.len() == 0);
        let opened = match secrets {
            // SQLite would begin a new one in its place without a word.
            Some(Secrets { account: Some(_), .. })
                if is_empty(folder.join(DATABASE)) && !files::is_erasing(folder) =>
            {
                Err(StoreError::Damaged { what: "database" })
            }
            _ => Store::open(folder, vfs),
        };
        match opened {
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "the database is damaged");
                let lock = lock::FolderLock::take(folder)?;
                salvage::salvage(folder, vfs, secrets, now)?;
                drop(lock);
                Store::open(folder, vfs)
            }
            opened => opened,
        }
    }

    /// Begins a new database in the place of one that was found damaged, or goes on with deleting everything.
    pub(crate) fn salvage(
        &mut self,
        secrets: Option<&Secrets>,
        now: Timestamp,
    ) -> Result<Mended, StoreError> {
        let mended = if files::is_erasing(&self.folder) { Mended::Erased } else { Mended::Salvaged };
        self.replace(|folder, vfs| match mended {
            Mended::Erased => files::erase(folder),
            Mended::Salvaged => salvage::salvage(folder, vfs, secrets, now),
        })?;
        Ok(mended)
    }

    /// Whether a damaged page was met since it was opened.
    pub(crate) fn is_damaged(&self) -> bool {
        self.gone || self.readers.is_damaged()
    }

    fn check_open(&self) -> Result<(), StoreError> {
        if self.gone { Err(StoreError::Damaged { what: "database" }) } else { Ok(()) }
    }

    /// Deletes everything that is in the folder, the outbox and the secrets too, and begins anew. When this fails on the
    /// way, it is gone on with at the next open, before anything else.
    pub(crate) fn erase(&mut self, notices: &[Notice]) -> Result<(), StoreError> {
        files::begin_erasing(&self.folder, &notices::bytes(notices))?;
        self.replace(|folder, _| files::erase(folder))
    }

    /// The same where nothing can be written down, as on a full disk. When this fails on the way, only the next contact
    /// with the server goes on with it.
    pub(crate) fn erase_unnoted(&mut self) -> Result<(), StoreError> {
        self.replace(|folder, _| files::erase(folder))
    }

    /// Closes the database, lets `work` change its files, and opens what is there then.
    fn replace(
        &mut self,
        work: impl FnOnce(&Path, Option<&str>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let readers = self.readers.clone();
        let _paused = readers.pause(); // who reads for too long reads the file that was
        readers.renew();
        self.gone = true;
        self.writer = Connection::open_in_memory()?;
        work(&self.folder, self.vfs.as_deref())?;
        self.writer = open_whole(&self.folder, self.vfs.as_deref())?;
        self.gone = false;
        self.prepare()
    }

    /// What follows from other tables is made again where it has to be. A full disk can wait for that.
    fn prepare(&mut self) -> Result<(), StoreError> {
        self.clean_up();
        self.make_shown_again_if_stale()?;
        for _ in 0..search_index::STEPS_AT_OPEN {
            match self.index_more() {
                Ok(_) => {}
                Err(error) if matches!(error.disk(), Disk::Full | Disk::ReadOnly) => {
                    tracing::warn!(%error, "the search index waits");
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or nothing.
    ///
    /// # Errors
    /// Whatever `work` or the disk says; then nothing changed.
    pub fn write<T, E: From<StoreError> + Damage>(
        &mut self,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, E>,
    ) -> Result<(T, Touched), E> {
        self.check_open()?;
        let Store { writer, readers, folder, .. } = self;
        let (value, touched, wiped) = readers.noting_damage(|| {
            let tx =
                writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
            let mut write = Write {
                tx,
                touched: Touched::default(),
                texts: search_index::Changes::new(),
                newest_ms: 0,
                folder,
                dropped: Dropped::default(),
                heads: BTreeSet::new(),
                wiped: false,
            };
            let value = work(&mut write)?;
            let wiped = write.wiped;
            Ok::<_, E>((value, write.commit()?, wiped))
        })?;
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
        self.check_open()?;
        self.readers.noting_damage(|| {
            let tx = self.writer.unchecked_transaction()?;
            work(&tx)
        })
    }

    /// A setting of the connection that writes, by which a test makes a disk full or read-only.
    #[cfg(test)]
    pub(crate) fn set_for_test(&self, pragma: &str, value: i64) -> Result<(), StoreError> {
        Ok(self.writer.pragma_update(None, pragma, value)?)
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

/// Deletes a profile's folder and everything that this crate made in it. What else lies there stays.
pub(crate) fn discard(folder: &Path) -> Result<(), StoreError> {
    let lock = lock::FolderLock::take(folder)?;
    files::erase(folder)?;
    drop(lock);
    files::remove_folder(folder)
}

/// Opens the database, brings it up to date and reads what must not be lost: it is damaged when that cannot be read.
fn open_whole(folder: &Path, vfs: Option<&str>) -> Result<Connection, StoreError> {
    connection::check_header(&folder.join(DATABASE))?;
    let mut writer = connection::open_writer(&folder.join(DATABASE), vfs)?;
    migrations::check(&writer)?;
    connection::set_up_writer(&writer)?;
    migrations::run(&mut writer)?;
    salvage::check(&writer)?;
    Ok(writer)
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
