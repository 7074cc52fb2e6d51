//! Signing in and staying signed in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, EpochId, ShopId, StaffId};
use crate::time::Timestamp;

/// `POST /v1/sessions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The address that the person signs in with; case and surrounding white space do not matter.
    pub email: String,
    /// Their password.
    pub password: String,
    /// Which shop, when the address works in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// The phone's database.
    pub device: DeviceInfo,
}

impl fmt::Debug for SignIn {
    /// Without the password and the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("shop", &self.shop)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

/// A phone's database as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Made once a database, kept across signing in again.
    pub id: DeviceId,
    /// What the person calls the device.
    pub name: String,
    /// What it runs: `ios`, `android`, `cli` ….
    pub platform: String,
}

/// The answer to signing in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The shop.
    pub shop: SignedInShop,
    /// The person.
    pub staff: SignedInStaff,
    /// The session.
    #[serde(flatten)]
    pub session: Refreshed,
}

impl fmt::Debug for SignedIn {
    /// Without the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("shop", &self.shop)
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

/// The shop that a person signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInShop {
    /// Its id.
    pub id: ShopId,
    /// Its name.
    pub name: String,
}

/// The person who signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInStaff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
}

/// `POST /v1/sessions/refresh`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refresh {
    /// The newest refresh token that the device has on disk.
    pub refresh_token: String,
}

/// A session's present tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refreshed {
    /// The server's epoch.
    pub epoch: EpochId,
    /// For `Authorization: Bearer`; lives 15 minutes.
    pub access_token: String,
    /// When the access token ends, by the server's clock.
    pub access_expires_at: Timestamp,
    /// For the next refresh. The one it replaces stays good until this one is first used.
    pub refresh_token: String,
}

impl fmt::Debug for Refresh {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresh").finish_non_exhaustive()
    }
}

impl fmt::Debug for Refreshed {
    /// Without the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refreshed").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
