//! What crosses crates: the real core and the real server.
//!
//! Stories in one process stand in `stories/`, the browser and `kill -9` in `browser/`, a server with recording
//! channels for the latter in `src/bin/`. [`world`] is a whole shop in one thread, as a function of its seed;
//! `scenarios/` plays in it.

pub mod world;
