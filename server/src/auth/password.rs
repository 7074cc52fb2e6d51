//! Passwords: argon2id, expensive on purpose, so at most a few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use shopbell_domain::env::Env;
use tokio::sync::Semaphore;

/// The shortest password, in Unicode scalar values.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// The longest password, in bytes.
const PASSWORD_MAX_BYTES: usize = 1_024;
/// Checks at the same time: each takes 19 MiB and about 20 ms of a core.
const RUNNING_LIMIT: usize = 4;
/// Checks that run or wait; more are told that the server is busy.
const WAITING_LIMIT: usize = 32;
const SALT_BYTES: usize = 16;

/// How expensive a password is to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCost {
    /// For people: 19 MiB, two passes, one lane (OWASP's first recommendation for argon2id).
    Production,
    /// For tests: cheap, and so good for nothing else.
    Test,
}

impl PasswordCost {
    fn params(self) -> Params {
        let (memory_kib, passes) = match self {
            PasswordCost::Production => (19 * 1_024, 2),
            PasswordCost::Test => (8, 1),
        };
        Params::new(memory_kib, passes, 1, None).expect("these parameters are in argon2's range")
    }
}

/// Why a password was not checked or hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many at once.
    #[error("too many passwords are being checked")]
    Busy,
    /// Too short or too long.
    #[error("a password has at least {PASSWORD_MIN_CHARS} characters and at most {PASSWORD_MAX_BYTES} bytes")]
    Length,
    /// Argon2 failed: out of memory.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    cost: PasswordCost,
    /// Checked when nobody has the address, so that both take the same time.
    nobody: Arc<str>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    /// At this cost.
    pub fn new(cost: PasswordCost) -> Self {
        let nobody = hash(cost, b"nobody's password", &[0; SALT_BYTES]).unwrap_or_default();
        Self {
            cost,
            nobody: nobody.into(),
            running: Arc::new(Semaphore::new(RUNNING_LIMIT)),
            waiting: Arc::new(Semaphore::new(WAITING_LIMIT)),
        }
    }

    /// The hash to store for a new password, a PHC string.
    ///
    /// # Errors
    /// When the password is too short or long, or too many are hashed already.
    pub async fn hash(&self, password: &str, env: &(impl Env + ?Sized)) -> Result<String, PasswordError> {
        if password.chars().count() < PASSWORD_MIN_CHARS || password.len() > PASSWORD_MAX_BYTES {
            return Err(PasswordError::Length);
        }
        let mut salt = [0; SALT_BYTES];
        env.fill_random(&mut salt);
        let (cost, password) = (self.cost, password.to_owned());
        self.run(move || hash(cost, password.as_bytes(), &salt).ok_or(PasswordError::Failed)).await?
    }

    /// Whether `password` belongs to each of `hashes`. Without any it takes as long as with one.
    ///
    /// # Errors
    /// When too many are checked already.
    pub async fn check(&self, password: &str, hashes: Vec<String>) -> Result<Vec<bool>, PasswordError> {
        if password.len() > PASSWORD_MAX_BYTES {
            return Ok(vec![false; hashes.len()]);
        }
        let (password, nobody) = (password.to_owned(), self.nobody.clone());
        self.run(move || {
            if hashes.is_empty() {
                is_right(password.as_bytes(), &nobody);
            }
            hashes.iter().map(|hash| is_right(password.as_bytes(), hash)).collect()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = self.waiting.try_acquire().map_err(|_| PasswordError::Busy)?;
        let _turn = self.running.acquire().await.map_err(|_| PasswordError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Failed)
    }
}

fn hash(cost: PasswordCost, password: &[u8], salt: &[u8]) -> Option<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params());
    let hash: PasswordHash = argon2.hash_password_with_salt(password, salt).ok()?;
    Some(hash.to_string())
}

/// The parameters are those of the stored hash; its output is compared in constant time.
fn is_right(password: &[u8], stored: &str) -> bool {
    Argon2::default().verify_password(password, stored).is_ok()
}
