//! Live connections: pokes for phones and browsers, never data. Whoever is poked asks by the usual doors, where
//! permission is checked.

mod browsers;
mod hub;
mod phones;
mod socket;

pub(crate) use browsers::chat;
pub use hub::{Hub, Subscription, Topic};
pub(crate) use phones::staff;
