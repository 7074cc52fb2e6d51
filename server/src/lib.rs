//! The sync server of Shopbell: staff's phones, a shop's web chat and channels meet here.
//!
//! The way in: [`Server::start`] for a listening server, [`app`] for its HTTP as a service without a socket,
//! [`Admin`] to set up shops and staff, [`storage::Storage`] for what is remembered.
//!
//! Who may ask whom: `http` and `live` read requests and ask one operation of `storage`; `outgoing` takes messages
//! from `storage` and hands them to a `channel`; what may be is decided by the rules of `shopbell-domain` inside the
//! operation's transaction. Time and randomness come from `env`, so that a run is a function of its seed.

pub mod admin;
pub mod auth;
pub mod channel;
pub mod chat;
pub mod config;
pub mod env;
mod http;
pub mod live;
pub mod outgoing;
mod restore;
mod retention;
mod serve;
mod state;
pub mod storage;

pub use admin::{Admin, AdminError, CreatedChannel, CreatedShop, StaffToCreate};
pub use auth::PasswordCost;
pub use config::{Config, Rate, RateLimits};
pub use env::{ManualEnv, ServerEnv, SystemEnv, Timer};
pub use http::{app, doors};
pub use restore::{NotRestored, restore};
pub use serve::{Server, StartError};
pub use state::{AppState, Parts};
