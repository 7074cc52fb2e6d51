//! The words and the rules of Shopbell: what a conversation is, what people may change in it, and what servers and
//! phones tell each other about it.
//!
//! Everything here is a pure function of its arguments, the time among them: no I/O, no clock, no async, no unordered
//! map. A rule that the server and the phone both need stands here once; the server decides by it and the phone
//! replays by it, so that both come to the same result.

pub mod channel;
pub mod conversation;
pub mod customer;
pub mod draft;
pub mod env;
pub mod ids;
pub mod message;
pub mod mutation;
pub mod note;
pub mod refusal;
pub mod search;
pub mod secret;
pub mod shop;
pub mod staff;
pub mod sync;
pub mod tag;
pub mod text;
pub mod time;
