//! What must not stand in the database alone: the session's tokens, and second copies of the device's id and of whose
//! this is, by which a damaged database is begun anew.
//!
//! On phones this is the Keychain or the Keystore; here it is a file that only its owner may read. A new refresh token
//! is in it before it is used, so that a process that dies in between is not signed out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use shopbell_domain::ids::DeviceId;

use crate::account::Account;
use crate::store::files::{self, SECRETS};

/// What is kept beside the database.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The database's id. It survives the loss of the database.
    pub device: DeviceId,
    /// Whose the database is; `None` before the first sign-in.
    #[serde(default)]
    pub account: Option<Account>,
    /// The session; `None` when nobody is signed in.
    #[serde(default)]
    pub tokens: Option<Tokens>,
}

impl std::fmt::Debug for Secrets {
    /// Without the tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("device", &self.device).finish_non_exhaustive()
    }
}

/// A session's tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// For requests.
    pub access: String,
    /// For the next pair of tokens.
    pub refresh: String,
}

impl std::fmt::Debug for Tokens {
    /// Without them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// Where secrets are kept.
pub trait SecretStore: Send + Sync {
    /// What is kept; `None` when nothing ever was.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self) -> io::Result<Option<Secrets>>;
    /// Keeps `secrets` instead of what was kept. Durable when it returns.
    ///
    /// # Errors
    /// When it cannot be written; what was kept is still there.
    fn save(&self, secrets: &Secrets) -> io::Result<()>;
    /// Keeps nothing.
    ///
    /// # Errors
    /// When it cannot be deleted.
    fn clear(&self) -> io::Result<()>;
}

/// A file of mode 0600 in the profile's folder.
#[derive(Debug)]
pub struct FileSecrets {
    folder: PathBuf,
}

impl FileSecrets {
    /// The file in this folder.
    pub fn new(folder: &Path) -> FileSecrets {
        FileSecrets { folder: folder.to_owned() }
    }
}

impl SecretStore for FileSecrets {
    /// A file that is damaged is none: the database has the device's id, and the person signs in again.
    fn load(&self) -> io::Result<Option<Secrets>> {
        let Some(bytes) = files::read(&self.folder, SECRETS)? else {
            return Ok(None);
        };
        let secrets = serde_json::from_slice(&bytes);
        if let Err(error) = &secrets {
            tracing::warn!(%error, "the secrets cannot be read");
        }
        Ok(secrets.ok())
    }

    fn save(&self, secrets: &Secrets) -> io::Result<()> {
        files::write(&self.folder, SECRETS, &serde_json::to_vec(secrets)?)
    }

    fn clear(&self) -> io::Result<()> {
        files::remove(&self.folder, SECRETS)
    }
}

/// Secrets in memory, for tests and simulations.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<Option<Secrets>>);

impl SecretStore for MemorySecrets {
    fn load(&self) -> io::Result<Option<Secrets>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, secrets: &Secrets) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(secrets.clone());
        Ok(())
    }

    fn clear(&self) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}
