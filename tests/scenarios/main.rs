//! Scenarios of one shop, each a list of steps in a seeded world: Mina owns it, Theo and Pia answer, Ana and Ben buy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod first_load;
mod pairs;
mod restores;
mod script;
mod smoke;
mod traces;
mod walk;
