//! The server through its public doors: HTTP without a socket, the storage trait, a listening server.

mod support;

mod bad_input;
mod conformance;
mod permissions;
mod refresh;
mod sessions;
mod story;
