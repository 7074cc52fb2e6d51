//! `shopbell admin restore`: a backup takes the place of a data folder's database, while no server runs there.

use std::path::{Path, PathBuf};

use shopbell_domain::ids::EpochId;
use shopbell_l10n::{self as l10n, Lang};

use crate::env::ServerEnv;
use crate::serve::{self, StartError};
use crate::storage::RestoreError;
use crate::storage::sqlite::REVOCATIONS_FILE;
use crate::storage::sqlite::restore::{Restore, restore as restore_database};

/// Why nothing was restored. The database is as it was.
#[derive(Debug)]
pub enum NotRestored {
    /// The data folder cannot be taken: a server runs there.
    Folder(StartError),
    /// The backup or the database will not do.
    Restore(RestoreError),
}

impl NotRestored {
    /// What whoever asked for it is told.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            NotRestored::Folder(error) => error.words(lang),
            NotRestored::Restore(RestoreError::Foreign { file, reason }) => {
                l10n::server_not_a_backup(lang, file.display().to_string(), reason.as_str())
            }
            NotRestored::Restore(RestoreError::File { file, source }) => {
                l10n::server_restore_file(lang, file.display().to_string(), source.to_string())
            }
            NotRestored::Restore(RestoreError::Storage(error)) => error.words(lang),
        }
    }
}

impl std::fmt::Display for NotRestored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl std::error::Error for NotRestored {}

/// Puts a backup in the place of the database of a data folder; a new epoch begins. Answers with where the database
/// from before is kept, if there was one.
///
/// # Errors
/// When a server runs on the folder, when the file is no backup or a damaged one, or when the disk will not take it.
/// Nothing was touched then.
pub fn restore(data_dir: &Path, backup: &Path, env: &dyn ServerEnv) -> Result<Option<PathBuf>, NotRestored> {
    let taken = serve::take_data_folder(data_dir).map_err(NotRestored::Folder)?;
    let kept = restore_database(&Restore {
        backup,
        database: &data_dir.join(serve::DATABASE_FILE),
        revocations: &data_dir.join(REVOCATIONS_FILE),
        new_epoch: EpochId::new(env),
        now: env.now(),
    });
    drop(taken);
    kept.map_err(NotRestored::Restore)
}
