//! What callers hear when something cannot be done: few kinds, one for each thing that a caller would do differently.
//!
//! The rich errors stay inside; they are turned into these in one place, and logged there when they are bugs.

use std::io;
use std::path::PathBuf;

use shopbell_domain::sync::problem::ShopChoice;
use shopbell_domain::text::TextError;
use shopbell_l10n::Lang;

/// Why something could not be done. [`Error::message`] says what happened, what was kept and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nobody has signed in on this profile.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// An unknown address or a wrong password.
    #[error("address and password do not belong together")]
    WrongPassword,
    /// The session ended; everything is kept.
    #[error("the session ended: sign in again")]
    SignInAgain,
    /// The address works in several shops: sign in with one of these.
    #[error("the address works in several shops")]
    ChooseShop {
        /// The shops.
        shops: Vec<ShopChoice>,
    },
    /// This profile belongs to somebody else.
    #[error("the profile belongs to {name}")]
    OtherAccount {
        /// Whose it is.
        name: String,
    },
    /// This is not the address of a server.
    #[error("{address} is not the address of a server")]
    BadAddress {
        /// What was given.
        address: String,
    },
    /// The server does not answer. Whatever was written is kept and sent later.
    #[error("{address} cannot be reached")]
    Unreachable {
        /// The address that was tried.
        address: String,
    },
    /// The server asks to try again in a moment.
    #[error("the server is busy")]
    Busy,
    /// Nothing visible in the text.
    #[error("the text is empty")]
    TextEmpty,
    /// The text is too long.
    #[error("the text is longer than {limit} characters")]
    TextTooLong {
        /// The limit, in Unicode scalar values.
        limit: usize,
    },
    /// The customer has as many tags as they can have.
    #[error("a customer carries at most {limit} tags")]
    TooManyTags {
        /// The limit.
        limit: usize,
    },
    /// There are as many notes about the customer as there can be.
    #[error("there are at most {limit} notes about a customer")]
    TooManyNotes {
        /// The limit.
        limit: usize,
    },
    /// More conversations at once than one change may be about.
    #[error("more than {limit} conversations at once")]
    TooManyAtOnce {
        /// The limit.
        limit: usize,
    },
    /// A reply that may be with the customer cannot be taken back.
    #[error("a reply cannot be undone")]
    CannotUndo,
    /// It was handed to the network: it can be changed once the server has answered.
    #[error("it is on its way")]
    OnItsWay,
    /// Somebody else's message, or one that was deleted, cannot be changed.
    #[error("this message cannot be changed")]
    CannotRevise,
    /// This person may not do this.
    #[error("no permission")]
    NoPermission,
    /// Nothing here has this id.
    #[error("nothing has the id {id}")]
    NotFound {
        /// The id.
        id: String,
    },
    /// The shop removed this device; everything was deleted.
    #[error("this device was removed")]
    Removed,
    /// The server is older than this app.
    #[error("the server is older than this app")]
    ServerTooOld,
    /// This app is older than the server.
    #[error("this app is older than the server")]
    AppTooOld,
    /// Another process has this profile open.
    #[error("another process has the database open")]
    InUse,
    /// A newer version wrote this database; it was not touched.
    #[error("the database has schema {found}, this version knows up to {known}")]
    NewerSchema {
        /// The schema that was found.
        found: i64,
        /// The newest that this version knows.
        known: i64,
    },
    /// Something was not sent yet, and would be deleted.
    #[error("{count} changes are not sent")]
    Unsent {
        /// How many changes, refused replies and drafts.
        count: u32,
    },
    /// The disk is full. What was saved before is kept.
    #[error("the disk is full")]
    DiskFull,
    /// The disk or the folder cannot be written. What was saved before is kept.
    #[error("the disk is read-only")]
    DiskReadOnly,
    /// The database was damaged. What could be read is saved, and a new one begun: once more, and it goes on.
    #[error("the database was damaged")]
    Damaged,
    /// The disk or the database fails.
    #[error("storage: {reason}")]
    Storage {
        /// What failed, for whoever helps.
        reason: String,
    },
    /// Anything else; nothing to do but show it.
    #[error("{reason}")]
    Other {
        /// What failed, for whoever helps.
        reason: String,
    },
}

impl From<TextError> for Error {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Error::TextEmpty,
            TextError::TooLong { limit } => Error::TextTooLong { limit },
        }
    }
}

impl Error {
    /// What happened, what was kept and what to do next, in words for a person.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Error::NotSignedIn => shopbell_l10n::error_not_signed_in(lang),
            Error::WrongPassword => shopbell_l10n::error_wrong_password(lang),
            Error::SignInAgain => shopbell_l10n::error_sign_in_again(lang),
            Error::ChooseShop { shops } => {
                let names: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
                shopbell_l10n::error_choose_shop(lang, names.join(", "))
            }
            Error::OtherAccount { name } => shopbell_l10n::error_other_account(lang, name.as_str()),
            Error::BadAddress { address } => shopbell_l10n::error_bad_address(lang, address.as_str()),
            Error::Unreachable { address } => shopbell_l10n::error_unreachable(lang, address.as_str()),
            Error::Busy => shopbell_l10n::error_server_busy(lang),
            Error::TextEmpty => shopbell_l10n::refusal_text_empty(lang),
            Error::TextTooLong { limit } => shopbell_l10n::refusal_text_too_long(lang, *limit),
            Error::TooManyTags { limit } => shopbell_l10n::refusal_too_many_tags(lang, *limit),
            Error::TooManyNotes { limit } => shopbell_l10n::refusal_too_many_notes(lang, *limit),
            Error::TooManyAtOnce { limit } => shopbell_l10n::error_too_many_at_once(lang, *limit),
            Error::CannotUndo => shopbell_l10n::error_cannot_undo(lang),
            Error::OnItsWay => shopbell_l10n::error_on_its_way(lang),
            Error::CannotRevise => shopbell_l10n::error_cannot_revise(lang),
            Error::NoPermission => shopbell_l10n::refusal_no_permission(lang),
            Error::NotFound { id } => shopbell_l10n::error_not_found(lang, id.as_str()),
            Error::Removed => shopbell_l10n::error_removed(lang),
            Error::ServerTooOld => shopbell_l10n::error_too_old(lang),
            Error::AppTooOld => shopbell_l10n::error_too_new(lang),
            Error::InUse => shopbell_l10n::error_database_in_use(lang),
            Error::NewerSchema { found, known } => shopbell_l10n::error_newer_schema(lang, *found, *known),
            Error::Unsent { count } => shopbell_l10n::error_unsent(lang, *count),
            Error::DiskFull => shopbell_l10n::error_disk_full(lang),
            Error::DiskReadOnly => shopbell_l10n::error_disk_read_only(lang),
            Error::Damaged => shopbell_l10n::error_damaged(lang),
            Error::Storage { reason } => shopbell_l10n::error_storage(lang, reason.as_str()),
            Error::Other { reason } => shopbell_l10n::error_other(lang, reason.as_str()),
        }
    }

    /// The word that stands for it in scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotSignedIn => "not_signed_in",
            Error::WrongPassword => "wrong_password",
            Error::SignInAgain => "sign_in_again",
            Error::ChooseShop { .. } => "choose_shop",
            Error::OtherAccount { .. } => "other_account",
            Error::BadAddress { .. } => "bad_address",
            Error::Unreachable { .. } => "unreachable",
            Error::Busy => "busy",
            Error::TextEmpty => "text_empty",
            Error::TextTooLong { .. } => "text_too_long",
            Error::TooManyTags { .. } => "too_many_tags",
            Error::TooManyNotes { .. } => "too_many_notes",
            Error::TooManyAtOnce { .. } => "too_many_at_once",
            Error::CannotUndo => "cannot_undo",
            Error::OnItsWay => "on_its_way",
            Error::CannotRevise => "cannot_revise",
            Error::NoPermission => "no_permission",
            Error::NotFound { .. } => "not_found",
            Error::Removed => "removed",
            Error::ServerTooOld => "server_too_old",
            Error::AppTooOld => "app_too_old",
            Error::InUse => "in_use",
            Error::NewerSchema { .. } => "newer_schema",
            Error::Unsent { .. } => "unsent",
            Error::DiskFull => "disk_full",
            Error::DiskReadOnly => "disk_read_only",
            Error::Damaged => "damaged",
            Error::Storage { .. } => "storage",
            Error::Other { .. } => "other",
        }
    }
}

/// What can go wrong with the database, its folder and the stored secrets.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says so.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The file system says so.
    #[error("{path}: {source}")]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// Another process has the folder locked.
    #[error("another process has the database open")]
    InUse,
    /// A newer version wrote it.
    #[error("schema {found} is newer than {known}")]
    NewerSchema {
        /// The schema that was found.
        found: i64,
        /// The newest that this version knows.
        known: i64,
    },
    /// A value that this version did not write.
    #[error("the stored {what} cannot be read")]
    Unreadable {
        /// Which value.
        what: &'static str,
    },
    /// What must not be lost cannot be read.
    #[error("the {what} is damaged")]
    Damaged {
        /// What of it.
        what: &'static str,
    },
    /// The database was closed while a call was under way.
    #[error("the database is closed")]
    Closed,
}

/// What a person would do about a disk that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    /// Make room.
    Full,
    /// Let it be written.
    ReadOnly,
    /// The database is damaged: a new one is begun with what can be read.
    Damaged,
    /// Ask somebody.
    Failing,
}

/// An error by which a damaged database is known.
pub trait Damage {
    /// Whether the database is damaged.
    fn is_damage(&self) -> bool;
}

impl Damage for StoreError {
    fn is_damage(&self) -> bool {
        self.disk() == Disk::Damaged
    }
}

impl Damage for Error {
    fn is_damage(&self) -> bool {
        *self == Error::Damaged
    }
}

impl StoreError {
    pub(crate) fn disk(&self) -> Disk {
        use rusqlite::ErrorCode;
        match self {
            StoreError::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => Disk::Full,
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Disk::ReadOnly,
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Disk::Damaged,
                _ => Disk::Failing,
            },
            StoreError::File { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Disk::Full,
                io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Disk::ReadOnly,
                _ => Disk::Failing,
            },
            StoreError::Damaged { .. } => Disk::Damaged,
            _ => Disk::Failing,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse => Error::InUse,
            StoreError::NewerSchema { found, known } => Error::NewerSchema { found, known },
            other => {
                tracing::warn!(error = %other, "storage failed");
                match other.disk() {
                    Disk::Full => Error::DiskFull,
                    Disk::ReadOnly => Error::DiskReadOnly,
                    Disk::Damaged => Error::Damaged,
                    Disk::Failing => Error::Storage { reason: other.to_string() },
                }
            }
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}
