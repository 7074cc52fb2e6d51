//! Channels that only record: what a provider was given, and what its customers have by it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::ids::MessageId;
use shopbell_server::channel::{Channel, Delivered};
use shopbell_server::storage::Outgoing;
use tokio::sync::Notify;

/// The longest text that a provider takes unless a step says otherwise, in Unicode scalar values.
const TEXT_LIMIT_CHARS: usize = 1_000;

/// By which way a customer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The shop's own web chat.
    WebChat,
    /// A provider that dedupes by our message id.
    Dedupes,
    /// A provider that does not: what is given twice arrives twice.
    Forgets,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::WebChat, Way::Dedupes, Way::Forgets];

    /// The kind of its channel.
    pub fn kind(self) -> &'static str {
        match self {
            Way::WebChat => ChannelKind::WEB_CHAT,
            Way::Dedupes => "dedupes",
            Way::Forgets => "forgets",
        }
    }
}

/// A provider and its channel.
pub struct Provider {
    way: Way,
    state: Mutex<State>,
    /// The server is to die now.
    dies: Notify,
}

struct State {
    text_limit_chars: usize,
    /// Whether the server dies at the next delivery, and whether the provider has the message then.
    dying: Option<bool>,
    arrived: Vec<(String, MessageId)>,
}

impl Provider {
    pub(super) fn new(way: Way) -> Provider {
        let state = State { text_limit_chars: TEXT_LIMIT_CHARS, dying: None, arrived: Vec::new() };
        Provider { way, state: Mutex::new(state), dies: Notify::new() }
    }

    /// By which way.
    pub fn way(&self) -> Way {
        self.way
    }

    /// What a customer has, in order.
    pub fn arrived(&self, customer: &str) -> Vec<MessageId> {
        let arrived = &self.lock().arrived;
        arrived.iter().filter(|(to, _)| to == customer).map(|(_, message)| *message).collect()
    }

    /// From the next start of the server on.
    pub(super) fn limit_texts(&self, chars: usize) {
        self.lock().text_limit_chars = chars;
    }

    /// Whether the server dies at the next delivery, and whether the provider has the message then.
    pub(super) fn die_next(&self, reached: Option<bool>) {
        self.lock().dying = reached;
    }

    /// Returns when the server is to die.
    pub(super) async fn died(&self) {
        self.dies.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an answer is given.
    fn take(&self, outgoing: &Outgoing) -> bool {
        let mut state = self.lock();
        let dying = state.dying.take();
        let known = state.arrived.iter().any(|(_, message)| *message == outgoing.message);
        if dying != Some(false) && !(known && self.way == Way::Dedupes) {
            state.arrived.push((outgoing.address.clone(), outgoing.message));
        }
        dying.is_none()
    }
}

#[async_trait]
impl Channel for Provider {
    fn kind(&self) -> ChannelKind {
        ChannelKind::new(self.way.kind())
    }

    fn capabilities(&self) -> Capabilities {
        let text_limit_chars = self.lock().text_limit_chars;
        Capabilities { dedupes: self.way == Way::Dedupes, revises: true, text_limit_chars }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> Delivered {
        if !self.take(outgoing) {
            self.dies.notify_one();
            std::future::pending::<()>().await;
        }
        Delivered::Accepted
    }
}
