//! How an operation fails: the database could not do it, or the caller may not have it.

use std::sync::Arc;

use shopbell_domain::ids::EpochId;
use shopbell_l10n::{self as l10n, Lang};

/// The database could not do it. Nothing of the operation was kept.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// Too many operations wait, or another process holds the database. Trying again helps.
    #[error("the database is busy")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The disk or the memory failed. Nothing is known to be wrong with the database.
    #[error("the disk or the memory failed: {0}")]
    Unavailable(String),
    /// The file is damaged, or not a database of ours.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// A newer version of the server wrote it. It was not touched.
    #[error("the database has schema {found}, this server knows {known}")]
    NewerSchema {
        /// The schema that it has.
        found: u32,
        /// The newest schema that this server knows.
        known: u32,
    },
    /// An older version wrote it and a running server holds it, so it cannot be brought up to date now.
    #[error("the database has schema {found}, this program needs {known}")]
    OlderSchema {
        /// The schema that it has.
        found: u32,
        /// The schema that this program needs.
        known: u32,
    },
    /// Another process has the data folder.
    #[error("another process uses the data folder")]
    InUse,
    /// The storage was closed.
    #[error("the storage is closed")]
    Closed,
    /// The operation panicked: a bug.
    #[error("the operation panicked")]
    Panicked,
    /// Anything else: a bug.
    #[error("the database failed: {0}")]
    Other(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl StorageError {
    /// An error of a kind that has no name of its own.
    pub fn other(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        StorageError::Other(Arc::new(error))
    }

    /// What whoever runs the server is told.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            StorageError::NewerSchema { found, known } => l10n::server_newer_schema(lang, *found, *known),
            StorageError::OlderSchema { found, known } => l10n::server_older_schema(lang, *found, *known),
            StorageError::Full => l10n::server_disk_full(lang),
            error => l10n::server_storage(lang, error.to_string()),
        }
    }
}

/// The caller may not have it, or asks for what is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Unknown, another shop's, or out of this person's sight.
    #[error("there is no such thing in this shop")]
    NotFound,
    /// There, but this person may not use it.
    #[error("this person may not use it")]
    NoPermission,
    /// The request is of another epoch, or knows a later `seq` than the server ever gave.
    #[error("the server's history is another one")]
    EpochChanged(EpochId),
    /// The device or the person was removed.
    #[error("the device or the person was removed")]
    DeviceRemoved,
    /// The session ended.
    #[error("the session ended")]
    SignInAgain,
    /// The id stands for something else already.
    #[error("the id stands for something else already")]
    IdTaken,
    /// Somebody in this shop signs in with this address already.
    #[error("the address is taken in this shop")]
    EmailTaken,
}

/// Why an operation gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OperationError {
    /// The caller may not have it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database could not do it.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
