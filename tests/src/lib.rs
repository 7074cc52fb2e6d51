//! What crosses crates: the real core and the real server, in one process, over the network of this machine.
//!
//! Stories stand in `stories/`, the browser and `kill -9` in `browser/`.
