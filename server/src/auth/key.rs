//! The server's own secret: 32 bytes in the data folder, with which it signs what it will be shown again. Whoever has
//! it can sign in as anybody; it is readable by its owner only and never leaves this module.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use shopbell_domain::env::Env;

const KEY_FILE: &str = "server.key";
const KEY_BYTES: usize = 32;
/// Bytes of a signature.
pub(super) const SIGNATURE_BYTES: usize = 32;

/// The server's own secret.
#[derive(Clone)]
pub struct ServerKey([u8; KEY_BYTES]);

impl ServerKey {
    /// Reads the key from the data folder, or makes it there.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is not a key.
    pub fn load_or_create(data_dir: &Path, env: &(impl Env + ?Sized)) -> std::io::Result<Self> {
        match Self::load(data_dir) {
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(data_dir, env),
            loaded => loaded,
        }
    }

    fn load(data_dir: &Path) -> std::io::Result<Self> {
        let mut bytes = Vec::with_capacity(KEY_BYTES + 1);
        File::open(data_dir.join(KEY_FILE))?.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let key = bytes.try_into().map_err(|_| {
            std::io::Error::new(ErrorKind::InvalidData, format!("{KEY_FILE} does not hold {KEY_BYTES} bytes"))
        })?;
        Ok(Self(key))
    }

    /// Writes a whole file under another name first: a half-written key would end all sessions.
    fn create(data_dir: &Path, env: &(impl Env + ?Sized)) -> std::io::Result<Self> {
        let mut key = [0; KEY_BYTES];
        env.fill_random(&mut key);
        let unfinished = data_dir.join(format!("{KEY_FILE}.new"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(&key)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, data_dir.join(KEY_FILE))?;
        File::open(data_dir)?.sync_all()?;
        Ok(Self(key))
    }

    /// Signs `parts` for one purpose; a signature for another purpose never fits.
    pub(super) fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; SIGNATURE_BYTES] {
        self.mac(purpose, parts).finalize().into_bytes().into()
    }

    /// Whether `signature` is ours, in a time that tells nothing about where it differs.
    pub(super) fn is_signed(&self, purpose: &str, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.mac(purpose, parts).verify_slice(signature).is_ok()
    }

    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}
