//! Scopes: sets of rows that are granted or not as a whole.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, InboxId, NotAnId, StaffId};
use crate::staff::{Permission, Permissions};

/// A set of rows that a device holds wholly or not at all. Written `shop`, `inbox:<id>`, `inbox:<id>/discounts` ….
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Scope {
    /// Shop, staff, channels: everyone who is signed in.
    Shop,
    /// Saved replies.
    Replies,
    /// Conversation heads, messages, customers.
    Inbox(InboxId),
    /// The secret parts of messages that share a discount.
    InboxDiscounts(InboxId),
    /// The secret parts of messages that share a draft order.
    InboxDraftOrders(InboxId),
    /// A person's own profile, read markers and drafts.
    User(StaffId),
    /// The results of one device's mutations.
    Device(DeviceId),
}

impl Scope {
    /// The scopes that a person's device is granted, in order.
    pub fn granted(
        staff: StaffId,
        permissions: &Permissions,
        device: DeviceId,
        inboxes: &[InboxId],
    ) -> Vec<Scope> {
        let mut scopes = vec![Scope::Shop];
        if permissions.allow(Permission::Customers) {
            scopes.push(Scope::Replies);
            for inbox in inboxes {
                scopes.push(Scope::Inbox(*inbox));
                if permissions.allow(Permission::Discounts) {
                    scopes.push(Scope::InboxDiscounts(*inbox));
                }
                if permissions.allow(Permission::DraftOrders) {
                    scopes.push(Scope::InboxDraftOrders(*inbox));
                }
            }
        }
        scopes.extend([Scope::User(staff), Scope::Device(device)]);
        scopes.sort();
        scopes
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Shop => f.write_str("shop"),
            Scope::Replies => f.write_str("replies"),
            Scope::Inbox(id) => write!(f, "inbox:{id}"),
            Scope::InboxDiscounts(id) => write!(f, "inbox:{id}/discounts"),
            Scope::InboxDraftOrders(id) => write!(f, "inbox:{id}/draft_orders"),
            Scope::User(id) => write!(f, "user:{id}"),
            Scope::Device(id) => write!(f, "device:{id}"),
        }
    }
}

/// The text is not a scope that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct NotAScope;

impl From<NotAnId> for NotAScope {
    fn from(_: NotAnId) -> Self {
        NotAScope
    }
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let (head, part) = match text.split_once('/') {
            Some((head, part)) => (head, Some(part)),
            None => (text, None),
        };
        Ok(match (head.split_once(':'), part) {
            (None, None) if head == "shop" => Scope::Shop,
            (None, None) if head == "replies" => Scope::Replies,
            (Some(("inbox", id)), None) => Scope::Inbox(id.parse()?),
            (Some(("inbox", id)), Some("discounts")) => Scope::InboxDiscounts(id.parse()?),
            (Some(("inbox", id)), Some("draft_orders")) => Scope::InboxDraftOrders(id.parse()?),
            (Some(("user", id)), None) => Scope::User(id.parse()?),
            (Some(("device", id)), None) => Scope::Device(id.parse()?),
            _ => return Err(NotAScope),
        })
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl TryFrom<String> for Scope {
    type Error = NotAScope;
    fn try_from(text: String) -> Result<Self, NotAScope> {
        text.parse()
    }
}

#[cfg(test)]
#[path = "scope_tests.rs"]
mod tests;
