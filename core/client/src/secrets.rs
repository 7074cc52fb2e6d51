//! What must not stand in the database: the session's tokens, and a second copy of the device's id.
//!
//! On phones this is the Keychain or the Keystore; here it is a file that only its owner may read. A new refresh token
//! is in it before it is used, so that a process that dies in between is not signed out.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use shopbell_domain::ids::DeviceId;

const FILE: &str = "secrets.json";

/// What is kept beside the database.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The database's id. It survives the loss of the database.
    pub device: DeviceId,
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
    fn load(&self) -> io::Result<Option<Secrets>> {
        match fs::read(self.folder.join(FILE)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, secrets: &Secrets) -> io::Result<()> {
        // Written beside and renamed: whoever reads sees the old ones or the new ones, never half.
        let beside = self.folder.join("secrets.json.new");
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(&serde_json::to_vec(secrets)?)?;
        file.sync_all()?;
        fs::rename(&beside, self.folder.join(FILE))?;
        sync_folder(&self.folder)
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_file(self.folder.join(FILE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => sync_folder(&self.folder),
        }
    }
}

/// A rename is durable only once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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
