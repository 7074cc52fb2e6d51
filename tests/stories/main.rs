//! Stories of one shop: Mina owns it, Theo answers, Ana buys.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod fresh_device;
mod search;
mod shop;
mod web_chats;
