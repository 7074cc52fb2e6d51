//! How a phone keeps up with the server, as a machine without I/O: events go in, effects come out.
//!
//! [`Engine`] knows no socket, no clock and no thread. Whoever runs it (`runner`, a test, a simulation) performs the
//! effects and hands in what came of them, in any order, late, twice or never: an answer counts only if it answers the
//! newest request of its kind, and it is applied in one transaction or not at all. All that must survive is in the
//! store; the engine's own memory is only what is under way, so a crash is an empty engine over the same store.

mod beside;
mod draft;
mod engine;
mod failure;
mod history;
mod lane;
mod problem;
mod pull;
mod push;
mod request;
mod search;
mod session;
mod snapshot;
mod upkeep;

pub use draft::{LATEST_MS, QUIET_MS};
pub use engine::{Engine, Progress};
pub use failure::Failure;
pub use lane::Lane;
pub use request::{Answer, Call, Method, Request, RequestError, RequestId, Token};
pub use search::SearchedPage;

use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::SignedIn;
use shopbell_domain::time::Timestamp;

use crate::store::Touched;

/// Whoever performs the effects that concern the network. What comes of them is handed back as events.
pub trait Network: Send + Sync {
    /// Begins to do what an effect says; never waits, and never hands an event back before it returns.
    fn perform(&self, effect: Effect);
    /// The server that requests go to from now on.
    fn set_server(&self, address: &str);
    /// Ends everything that is under way.
    fn stop(&self);
}

/// Something happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Syncing is to begin.
    Started,
    /// Syncing is to end; whatever is under way is given up.
    Stopped,
    /// Somebody signed in at this server.
    SignedIn {
        /// The server's address.
        server: String,
        /// Its answer.
        answer: Box<SignedIn>,
    },
    /// The system says that there is a network (again).
    NetworkUp,
    /// The system says that there is none.
    NetworkDown,
    /// The outbox changed.
    LocalChange,
    /// What is in a composer changed.
    DraftChanged,
    /// A person asked to sync now: no waiting between tries.
    SyncNow,
    /// A person asked for a conversation's messages before this `mseq`.
    LoadEarlier {
        /// The conversation.
        conversation: ConversationId,
        /// The `mseq` of the message after the hole.
        before: i64,
    },
    /// A person asked for what the server has and matches.
    SearchOlder {
        /// A number for the answer.
        number: u64,
        /// What they typed.
        query: String,
        /// The page; `None` for the first.
        page: Option<String>,
    },
    /// A request was answered, or will not be.
    Answered {
        /// Which request.
        id: RequestId,
        /// What came of it.
        result: Result<Answer, RequestError>,
    },
    /// The live connection with this number stands.
    LiveReady(u64),
    /// The live connection with this number says that something changed.
    LivePoked(u64),
    /// The live connection with this number is gone, or never came up.
    LiveClosed {
        /// Which one.
        number: u64,
        /// The server said that the token ended.
        token_ended: bool,
    },
    /// The timer went off.
    TimerFired(Lane),
    /// The system is about to suspend the process: nothing new is begun, but for drafts that were not sent.
    Paused,
    /// Whatever is still under way is given up.
    GaveUp,
    /// The process is awake again.
    Resumed,
}

/// Something to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send this request; answer with [`Event::Answered`], whatever comes of it.
    Send(Request),
    /// Open the live connection, instead of one that is open.
    OpenLive {
        /// Its number, for the events about it.
        number: u64,
        /// The access token, for its first frame.
        token: Token,
    },
    /// Close the live connection.
    CloseLive,
    /// Set this lane's timer, instead of one that is set.
    SetTimer {
        /// Which timer.
        id: Lane,
        /// When, by the clock that `handle` was given.
        at: Timestamp,
    },
    /// These were changed by a commit; show them anew.
    Changed(Touched),
    /// A search on the server ended.
    SearchDone {
        /// Its number.
        number: u64,
        /// What it brought.
        outcome: Result<SearchedPage, RequestError>,
    },
    /// A request for earlier messages ended.
    HistoryDone {
        /// The conversation.
        conversation: ConversationId,
        /// Whether they are stored now.
        outcome: Result<(), RequestError>,
    },
}
