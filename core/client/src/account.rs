//! Who is signed in here, and the shop's people as screens name them.

use serde::{Deserialize, Serialize};

use shopbell_domain::ids::{DeviceId, ShopId, StaffId};

/// Who is signed in on this profile. One profile belongs to one person of one shop for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The server's address, such as `https://inbox.juniper.example`.
    pub server: String,
    /// The shop.
    pub shop: AccountShop,
    /// The person.
    pub staff: StaffName,
    /// This database; made once, kept when the person signs in again.
    pub device: DeviceId,
}

impl Account {
    /// Whether both are the same person of the same shop. Their ids say so: a server's address may change.
    pub(crate) fn is_of(&self, other: &Account) -> bool {
        (self.shop.id, self.staff.id) == (other.shop.id, other.staff.id)
    }
}

/// The shop of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountShop {
    /// Its id.
    pub id: ShopId,
    /// What customers know it by.
    pub name: String,
}

/// A person of the shop, as a row names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffName {
    /// Their id.
    pub id: StaffId,
    /// What colleagues know them by.
    pub name: String,
}

/// A person of the shop, as a list of people shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// Their id.
    pub id: StaffId,
    /// What colleagues know them by.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// Whether this is the person who is signed in here.
    pub me: bool,
    /// Whether the shop is theirs.
    pub owner: bool,
    /// Whether conversations may be assigned to them.
    pub assignable: bool,
}
