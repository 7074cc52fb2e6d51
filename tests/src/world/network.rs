//! What is under way between phones and the server: requests and answers, until a step delivers or loses them.

use std::fmt;

use shopbell_core::sync::{Answer, Call, Request, RequestError};

/// The kinds of requests that steps name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What is new.
    Pull,
    /// The outbox.
    Push,
    /// A page of a scope.
    Snapshot,
    /// Older messages.
    History,
    /// Searches, drafts and new tokens.
    Other,
}

impl Kind {
    /// The kind of a request.
    pub fn of(call: &Call) -> Kind {
        match call {
            Call::Pull(_) => Kind::Pull,
            Call::Push(_) => Kind::Push,
            Call::Snapshot { .. } => Kind::Snapshot,
            Call::History { .. } => Kind::History,
            _ => Kind::Other,
        }
    }
}

/// Which of several packets that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one that has been under way for longest.
    Oldest,
    /// The one that left last.
    Newest,
}

/// A request under way, or its answer.
#[derive(Clone)]
pub struct Packet {
    /// Whose.
    pub phone: usize,
    /// Which start of its process: an answer to one that has died is nobody's.
    pub(super) process: u32,
    /// What was asked.
    pub(super) request: Request,
    /// What was answered; `None` while it is on its way to the server.
    pub(super) answer: Option<Result<Answer, RequestError>>,
}

impl Packet {
    /// What kind it is.
    pub fn kind(&self) -> Kind {
        Kind::of(&self.request.call)
    }
}

impl fmt::Debug for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.answer.is_some() { "to" } else { "from" };
        write!(f, "{way} {}: {}", self.phone, words(&self.request))
    }
}

/// A request in bytes, for the trace.
pub(super) fn words(request: &Request) -> String {
    let token = request.token.as_ref().map_or("", |token| token.0.as_str());
    format!("{} {token} {}", request.call.path(), request.call.body().unwrap_or_default())
}
