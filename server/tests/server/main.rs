//! The server through its public doors: HTTP without a socket, the storage trait, a listening server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod support;

mod admin;
mod backups;
mod bad_input;
mod chat;
mod conformance;
mod convergence;
mod determinism;
mod doors;
mod failures;
mod language;
mod live;
mod logs;
mod migrations;
mod openapi;
mod outgoing;
mod pages;
mod permission_table;
mod permissions;
mod refresh;
mod replays;
mod restore;
mod restored;
mod retention;
mod revocations;
mod serve;
mod sessions;
mod story;
