//! What the server signs and is shown again: access tokens, refresh tokens, pages of a snapshot. All can be verified
//! without storage, so a forged one costs nothing; whether a genuine one still counts is in the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shopbell_domain::env::Env;
use shopbell_domain::ids::{DeviceId, InboxId, SessionId, ShopId, StaffId};
use shopbell_domain::sync::Scope;
use shopbell_domain::time::Timestamp;

use super::key::{SIGNATURE_BYTES, ServerKey};
use crate::storage::{Credential, SnapshotPosition};

/// How long an access token lives, in milliseconds: 15 minutes.
pub const ACCESS_LIFETIME_MS: i64 = 15 * 60 * 1_000;
/// The longest token that is looked at, in bytes.
const TOKEN_LIMIT_BYTES: usize = 1_024;
const CHAT_TOKEN_BYTES: usize = 32;

/// What an access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    shop: ShopId,
    staff: StaffId,
    device: DeviceId,
    session: SessionId,
    generation: i64,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl AccessToken {
    /// For this credential, from now on.
    pub fn new(credential: &Credential, now: Timestamp) -> Self {
        Self {
            shop: credential.shop,
            staff: credential.staff,
            device: credential.device,
            session: credential.session,
            generation: credential.generation,
            expires_at: now.plus_ms(ACCESS_LIFETIME_MS),
        }
    }

    /// Who it is for.
    pub fn credential(&self) -> Credential {
        Credential {
            shop: self.shop,
            staff: self.staff,
            device: self.device,
            session: self.session,
            generation: self.generation,
        }
    }

    /// As it travels.
    pub fn seal(&self, key: &ServerKey) -> String {
        seal(key, "access", self)
    }

    /// A genuine token, ended or not; `None` for a forged one.
    pub fn open(key: &ServerKey, token: &str) -> Option<Self> {
        open(key, "access", token)
    }
}

/// A refresh token: a place in its session's family. The next one follows from it by the server's key, so a retry
/// after a lost answer gives the same one, with nothing stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// The session, which is the family.
    pub session: SessionId,
    /// Its place: 0 when signing in, then 1, 2, 3 ….
    pub counter: i64,
}

impl RefreshToken {
    /// As it travels.
    pub fn seal(&self, key: &ServerKey) -> String {
        seal(key, "refresh", self)
    }

    /// A genuine token; `None` for a forged one.
    pub fn open(key: &ServerKey, token: &str) -> Option<Self> {
        open(key, "refresh", token).filter(|token: &Self| token.counter >= 0)
    }
}

/// Where a snapshot goes on, for the one person and scope that it was begun for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PageToken {
    /// The person.
    pub(crate) staff: StaffId,
    /// The scope.
    pub(crate) scope: Scope,
    /// The place.
    pub(crate) position: SnapshotPosition,
}

impl PageToken {
    /// As it travels.
    pub(crate) fn seal(&self, key: &ServerKey) -> String {
        seal(key, "page", self)
    }

    /// A genuine token; `None` for a forged one.
    pub(crate) fn open(key: &ServerKey, token: &str) -> Option<Self> {
        open(key, "page", token)
    }
}

/// Where a search goes on, for the one person, inbox and query that it was begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SearchToken {
    /// The person.
    pub(crate) staff: StaffId,
    /// The inbox.
    pub(crate) inbox: InboxId,
    /// SHA-256 of the query.
    pub(crate) query: [u8; 32],
    /// The place in the index before which the next page begins.
    pub(crate) before: i64,
}

impl SearchToken {
    /// As it travels.
    pub(crate) fn seal(&self, key: &ServerKey) -> String {
        seal(key, "search", self)
    }

    /// A genuine token; `None` for a forged one.
    pub(crate) fn open(key: &ServerKey, token: &str) -> Option<Self> {
        open(key, "search", token)
    }
}

/// A new secret for a browser's session, signed: a server that a restore has made forget the session knows it again.
pub(crate) fn chat_token(key: &ServerKey, session: SessionId, env: &(impl Env + ?Sized)) -> String {
    let mut bytes = vec![0; CHAT_TOKEN_BYTES];
    env.fill_random(&mut bytes);
    let signature = key.sign("chat", &[session.as_bytes(), &bytes]);
    bytes.extend(signature);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a secret is one that was made for this session.
pub(crate) fn is_chat_token(key: &ServerKey, session: SessionId, token: &str) -> bool {
    if token.len() > TOKEN_LIMIT_BYTES {
        return false;
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
    bytes
        .split_at_checked(CHAT_TOKEN_BYTES)
        .is_some_and(|(random, signature)| key.is_signed("chat", &[session.as_bytes(), random], signature))
}

/// SHA-256: what is stored of a browser's secret. It is long and random, so a plain hash hides it and nothing is to be learnt
/// from how long a look-up by it takes.
pub(crate) fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn seal(key: &ServerKey, purpose: &str, content: &impl Serialize) -> String {
    let mut bytes = serde_json::to_vec(content).expect("tokens are structs of strings and numbers");
    let signature = key.sign(purpose, &[&bytes]);
    bytes.extend(signature);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn open<T: DeserializeOwned>(key: &ServerKey, purpose: &str, token: &str) -> Option<T> {
    if token.len() > TOKEN_LIMIT_BYTES {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (content, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE_BYTES)?)?;
    if !key.is_signed(purpose, &[content], signature) {
        return None;
    }
    serde_json::from_slice(content).ok()
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
