//! How an operation fails: the database could not do it, or the caller may not have it.

use std::path::PathBuf;
use std::sync::Arc;

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::Survives;
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

/// Why there is no backup now. Nothing is left of what was begun.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something else has this name: a folder, a device, a file that is no backup, or the server's own.
    #[error("{} is not a backup", file.display())]
    Taken {
        /// The name.
        file: PathBuf,
    },
    /// The file cannot be written.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be read, or the copy cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a backup did not take the place of the database. That is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is no backup of ours, or a damaged one.
    #[error("{} is not a backup: {reason}", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be written, or a newer server wrote the backup.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The server's present history, for whoever believes in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEpoch {
    /// The present epoch.
    pub epoch: EpochId,
    /// What is left of each earlier history of the caller's shop, oldest first.
    pub survives: Vec<Survives>,
}

/// The caller may not have it, or asks for what is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Unknown, another shop's, or out of this person's sight.
    #[error("there is no such thing in this shop")]
    NotFound,
    /// There, but this person may not use it.
    #[error("this person may not use it")]
    NoPermission,
    /// The request is of another epoch, or knows a later `seq` than the server ever gave.
    #[error("the server's history is another one")]
    EpochChanged(NewEpoch),
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
