//! What a browser and the server tell each other in the web chat. The page that explains it to others is
//! `docs/protocol.md`.

use std::fmt;

use serde::{Deserialize, Serialize};
use shopbell_domain::ids::{EpochId, MessageId, SessionId};
use shopbell_domain::message::Author;
use shopbell_domain::text::TEXT_LIMIT_CHARS;
use shopbell_domain::time::Timestamp;

use crate::storage::ChatEvent;

/// The longest that a request for events may wait, in milliseconds.
pub const CHAT_WAIT_LIMIT_MS: u64 = 25_000;

/// The answer to `GET /chat/v1/shop?key=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopAnswer {
    /// The shop's name.
    pub name: String,
    /// The server's epoch.
    pub epoch: EpochId,
    /// Whether somebody is there to answer.
    pub online: bool,
    /// What a message may be.
    pub limits: Limits,
}

/// What a message may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest text, in Unicode scalar values.
    pub text_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text_chars: TEXT_LIMIT_CHARS }
    }
}

/// `POST /chat/v1/sessions`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BeginSession {
    /// The shop's public key.
    pub key: String,
    /// What the page calls the customer; nobody has checked it.
    #[serde(default)]
    pub name: Option<String>,
    /// The browser's language, a BCP 47 tag.
    #[serde(default)]
    pub language: Option<String>,
    /// The page.
    #[serde(default)]
    pub page: Option<PageInfo>,
    /// The session that the browser had, if a restored server has lost it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
}

/// A session that a restored server has lost.
#[derive(Clone, Serialize, Deserialize)]
pub struct Again {
    /// Its public id.
    pub session: SessionId,
    /// Its secret.
    pub token: String,
}

impl fmt::Debug for Again {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Again").field("session", &self.session).finish_non_exhaustive()
    }
}

/// A page of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Its address.
    pub url: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
}

/// The answer to `POST /chat/v1/sessions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionBegun {
    /// The session's public id.
    pub session: SessionId,
    /// Its secret.
    pub token: String,
    /// The server's epoch.
    pub epoch: EpochId,
}

impl fmt::Debug for SessionBegun {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBegun").field("session", &self.session).finish_non_exhaustive()
    }
}

/// The query of `GET /chat/v1/events`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EventsQuery {
    /// The `n` of the newest event that the browser has; 0 for none.
    pub after: i64,
    /// How long to wait when there is nothing new, in milliseconds.
    #[serde(default)]
    pub wait_ms: u64,
}

/// The answer to `GET /chat/v1/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsAnswer {
    /// The server's epoch.
    pub epoch: EpochId,
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// What to ask after next time.
    pub next: i64,
    /// Whether there are more now.
    pub more: bool,
}

/// Something that a browser is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the session, rising. A message that changes comes again under a new one.
    pub n: i64,
    /// The `n` that its message had first: what is shown is sorted by it.
    pub place: i64,
    /// The message.
    pub message: EventMessage,
}

/// A message as a browser is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMessage {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub from: EventAuthor,
    /// The name of the person of the shop who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it says.
    pub text: String,
    /// When the server stored it.
    pub at: Timestamp,
    /// Whether it said something else before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// Whether it was deleted: it says nothing any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventAuthor {
    /// The customer in front of this browser.
    Customer,
    /// A person of the shop.
    Staff,
    /// The shop by itself.
    Shop,
}

impl From<ChatEvent> for Event {
    fn from(event: ChatEvent) -> Self {
        let from = match event.author {
            Author::Customer => EventAuthor::Customer,
            Author::Staff(_) => EventAuthor::Staff,
        };
        let message = EventMessage {
            id: event.message,
            from,
            name: event.name,
            text: event.text,
            at: event.at,
            edited: event.edited,
            deleted: event.deleted,
        };
        Event { n: event.n, place: event.place, message }
    }
}

/// `POST /chat/v1/messages`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostMessage {
    /// The browser's own id of the message: the same one again is the same message.
    pub id: MessageId,
    /// What the customer wrote.
    pub text: String,
    /// When, by the browser's clock. It orders nothing.
    #[serde(default)]
    pub client_ts: Timestamp,
}

/// The answer to `POST /chat/v1/messages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePosted {
    /// Its id.
    pub id: MessageId,
    /// Its place among the browser's events.
    pub n: i64,
}

/// `POST /chat/v1/presence`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceSign {
    /// Whether the page is looked at.
    pub state: PresenceState,
    /// The page.
    #[serde(default)]
    pub page: Option<PageInfo>,
}

/// Whether a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// It is.
    Here,
    /// It was left.
    Left,
}

/// A frame from a browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveFromBrowser {
    /// The first frame: who it is.
    Hello {
        /// The session's secret.
        token: String,
    },
}

impl fmt::Debug for LiveFromBrowser {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hello")
    }
}

/// A frame to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveToBrowser {
    /// The token was good; pokes follow.
    Ready,
    /// There is a new event.
    Poke,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
