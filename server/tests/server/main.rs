//! The server through its public doors: HTTP without a socket, the storage trait, a listening server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod support;

mod bad_input;
mod chat;
mod conformance;
mod convergence;
mod determinism;
mod outgoing;
mod permissions;
mod refresh;
mod sessions;
mod story;
