//! The people who work for a shop and what each may do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::StaffId;

/// One switch of a person's permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// May be given conversations.
    Chat,
    /// Sees customers and their conversations, answers them, assigns, manages saved replies.
    Customers,
    /// Shares products.
    Products,
    /// Sees and shares discounts.
    Discounts,
    /// Sees and creates draft orders.
    DraftOrders,
    /// Connects chat apps.
    Apps,
    /// Manages staff and availability, and may do everything else.
    Full,
}

impl Permission {
    /// Every permission there is, in the order in which screens show them.
    pub const ALL: [Permission; 7] = [
        Permission::Chat,
        Permission::Customers,
        Permission::Products,
        Permission::Discounts,
        Permission::DraftOrders,
        Permission::Apps,
        Permission::Full,
    ];

    /// The word that stands for it in JSON, SQL and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Permission::Chat => "chat",
            Permission::Customers => "customers",
            Permission::Products => "products",
            Permission::Discounts => "discounts",
            Permission::DraftOrders => "draft_orders",
            Permission::Apps => "apps",
            Permission::Full => "full",
        }
    }

    /// The permission that `word` stands for.
    pub fn from_word(word: &str) -> Option<Permission> {
        Permission::ALL.into_iter().find(|permission| permission.as_str() == word)
    }
}

/// What a person may do. Words that this version does not know are dropped when read: they allow nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<Permission>")]
pub struct Permissions(BTreeSet<Permission>);

impl Permissions {
    /// These permissions and no others.
    pub fn of(permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self(permissions.into_iter().collect())
    }

    /// Whether `permission` is given, by itself or by `full`.
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.contains(&permission) || self.0.contains(&Permission::Full)
    }

    /// Whether all of `permissions` are given.
    pub fn allow_all(&self, permissions: &[Permission]) -> bool {
        permissions.iter().all(|permission| self.allow(*permission))
    }

    /// The switches that are on, in order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }
}

impl From<Vec<String>> for Permissions {
    fn from(words: Vec<String>) -> Self {
        Self(words.iter().filter_map(|word| Permission::from_word(word)).collect())
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        permissions.0.into_iter().collect()
    }
}

/// A row of the scope `shop`: a person who works for it. Nobody's password or session stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// What colleagues and customers know them by.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether the shop is theirs.
    pub owner: bool,
}

/// Who makes a change: the facts about a person that rules ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub staff: StaffId,
    /// What they may do now.
    pub permissions: Permissions,
}

/// What a person needs so that conversations may be assigned to them.
pub const ASSIGNEE_NEEDS: [Permission; 2] = [Permission::Chat, Permission::Customers];

#[cfg(test)]
#[path = "staff_tests.rs"]
mod tests;
