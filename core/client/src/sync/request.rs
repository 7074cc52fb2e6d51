//! The requests that the engine makes, as data, and what may come of them. The page that explains them to others is
//! docs/protocol.md.

use std::fmt;

use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::{
    HistoryAnswer, Problem, PullAnswer, PullRequest, PushAnswer, PushRequest, PutDraft, Refresh, Refreshed,
    Scope, SearchAnswer, SearchRequest, SnapshotPage,
};

use super::lane::Lane;

/// Which request; rising, never used twice by one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// An access token. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    /// Without it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// A request to the server.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which one.
    pub id: RequestId,
    /// What it asks for.
    pub call: Call,
    /// What it carries in `Authorization: Bearer`; none for a refresh.
    pub token: Option<Token>,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub enum Call {
    /// What is new.
    Pull(PullRequest),
    /// Here is the outbox.
    Push(PushRequest),
    /// A page of a scope.
    Snapshot {
        /// Which scope.
        scope: Scope,
        /// Which page; `None` for the first.
        page: Option<String>,
    },
    /// Older messages.
    History {
        /// Of which conversation.
        conversation: ConversationId,
        /// Before which `mseq`.
        before: i64,
        /// How many.
        limit: usize,
    },
    /// What matches.
    Search {
        /// The number of the search.
        number: u64,
        /// What is looked for.
        request: SearchRequest,
    },
    /// New tokens.
    Refresh(Refresh),
    /// Here is what is in a composer.
    Draft {
        /// Of which conversation.
        conversation: ConversationId,
        /// What is in it.
        put: PutDraft,
    },
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// POST, with a JSON body.
    Post,
    /// PUT, with a JSON body.
    Put,
}

impl Call {
    /// The lane that it keeps to; history and search have none, since a person waits for them.
    pub fn lane(&self) -> Option<Lane> {
        match self {
            Call::Pull(_) => Some(Lane::Pull),
            Call::Push(_) => Some(Lane::Push),
            Call::Snapshot { .. } => Some(Lane::Snapshot),
            Call::Refresh(_) => Some(Lane::Refresh),
            Call::Draft { .. } => Some(Lane::Draft),
            Call::History { .. } | Call::Search { .. } => None,
        }
    }

    /// How it is made.
    pub fn method(&self) -> Method {
        match self {
            Call::Pull(_) | Call::Push(_) | Call::Search { .. } | Call::Refresh(_) => Method::Post,
            Call::Draft { .. } => Method::Put,
            Call::Snapshot { .. } | Call::History { .. } => Method::Get,
        }
    }

    /// The path and query, after the server's address.
    pub fn path(&self) -> String {
        match self {
            Call::Pull(_) => "/v1/pull".to_owned(),
            Call::Push(_) => "/v1/push".to_owned(),
            Call::Search { .. } => "/v1/search".to_owned(),
            Call::Refresh(_) => "/v1/sessions/refresh".to_owned(),
            Call::Draft { conversation, .. } => format!("/v1/drafts/{conversation}"),
            Call::Snapshot { scope, page } => {
                let scope = percent_encoded(&scope.to_string());
                match page {
                    Some(page) => format!("/v1/scopes/{scope}/snapshot?page={}", percent_encoded(page)),
                    None => format!("/v1/scopes/{scope}/snapshot"),
                }
            }
            Call::History { conversation, before, limit } => {
                format!("/v1/conversations/{conversation}/messages?before={before}&limit={limit}")
            }
        }
    }

    /// The JSON body, where there is one.
    pub fn body(&self) -> Option<String> {
        let body = match self {
            Call::Pull(pull) => serde_json::to_string(pull),
            Call::Push(push) => serde_json::to_string(push),
            Call::Search { request, .. } => serde_json::to_string(request),
            Call::Refresh(refresh) => serde_json::to_string(refresh),
            Call::Draft { put, .. } => serde_json::to_string(put),
            Call::Snapshot { .. } | Call::History { .. } => return None,
        };
        Some(body.expect("requests are structs of strings and numbers"))
    }

    /// The answer of a 2xx response with this body.
    ///
    /// # Errors
    /// [`RequestError::Garbled`] when it is not what was asked for.
    pub fn read(&self, body: &[u8]) -> Result<Answer, RequestError> {
        match self {
            Call::Pull(_) => serde_json::from_slice(body).map(Answer::Pull),
            Call::Push(_) => serde_json::from_slice(body).map(Answer::Push),
            Call::Snapshot { .. } => serde_json::from_slice(body).map(Answer::Snapshot),
            Call::History { .. } => serde_json::from_slice(body).map(Answer::History),
            Call::Search { .. } => serde_json::from_slice(body).map(Answer::Searched),
            Call::Refresh(_) => serde_json::from_slice(body).map(Answer::Refreshed),
            Call::Draft { .. } => Ok(Answer::DraftStored),
        }
        .map_err(|_| RequestError::Garbled)
    }
}

/// What a server answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To a pull.
    Pull(PullAnswer),
    /// To a push.
    Push(PushAnswer),
    /// To a snapshot.
    Snapshot(SnapshotPage),
    /// To a question for older messages.
    History(HistoryAnswer),
    /// To a search.
    Searched(SearchAnswer),
    /// To a refresh.
    Refreshed(Refreshed),
    /// To a draft.
    DraftStored,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// Nobody answered. Whether the request arrived is not known.
    Unreachable,
    /// The server said no.
    Problem(Box<Problem>),
    /// Somebody answered, but not in words that this version knows.
    Garbled,
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
