//! Who somebody is: passwords, the server's key, and the tokens that it signs.

mod key;
mod password;
mod tokens;

pub use key::ServerKey;
pub use password::{PASSWORD_MIN_CHARS, PasswordCost, PasswordError, Passwords};
pub use tokens::{ACCESS_LIFETIME_MS, AccessToken, RefreshToken};
pub(crate) use tokens::{PageToken, SearchToken, chat_token, hash_token, is_chat_token};
