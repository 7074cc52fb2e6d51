//! Names for things: one newtype an entity, so that a customer's id never stands where a staff id is meant.
//!
//! Ids that a device, a browser or the server makes are UUIDv7 from `Env`, so they sort by time and a run is a
//! function of its seed. Ids that must come out the same twice are UUIDv8 of a hash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::env::Env;

/// A new UUIDv7 at `env`'s time.
pub fn new_uuid(env: &(impl Env + ?Sized)) -> Uuid {
    let mut random = [0; 10];
    env.fill_random(&mut random);
    let millis = u64::try_from(env.now().millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A UUIDv8 of the parts: the same parts give the same id, on every machine and in every version.
///
/// Each part is preceded by its length, so `["ab", "c"]` and `["a", "bc"]` differ.
pub fn hashed_uuid(parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id at `env`'s time.
            pub fn new(env: &(impl Env + ?Sized)) -> Self {
                Self(new_uuid(env))
            }

            /// The 16 bytes, as they are stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From 16 stored bytes.
            ///
            /// # Errors
            /// When there are not 16 of them.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAnId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

ids! {
    /// A shop: the partition of everything.
    ShopId,
    /// A person who works for a shop.
    StaffId,
    /// One database on one phone, for one person; made once, kept across signing in again.
    DeviceId,
    /// A list of conversations that is granted as a whole.
    InboxId,
    /// A way that customers write by: one web chat, one page, one mailbox.
    ChannelId,
    /// A person who writes to a shop.
    CustomerId,
    /// All that one customer and the shop said to each other on one channel.
    ConversationId,
    /// One message; chosen by whoever wrote it.
    MessageId,
    /// One note about a customer, chosen on the device.
    NoteId,
    /// One mutation (`mid`), chosen on the device.
    MutationId,
    /// A staff session's token family, or a web-chat session's public id.
    SessionId,
    /// One history of a server; a restore begins a new one.
    EpochId,
    /// One attempt to hand a message to a provider.
    AttemptId,
}

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
