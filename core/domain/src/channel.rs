//! The ways that customers write by, and what each can carry.

use serde::{Deserialize, Serialize};

use crate::ids::InboxId;

/// What kind of service a channel is. A word, so that an older phone shows a kind that it does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelKind(String);

impl ChannelKind {
    /// The shop's own web chat.
    pub const WEB_CHAT: &'static str = "web_chat";

    /// The kind that `word` stands for, such as [`ChannelKind::WEB_CHAT`].
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    /// The word that stands for it in JSON and SQL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A row of the scope `shop`: one way that customers write by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// What kind of service it is.
    pub kind: ChannelKind,
    /// What the shop calls it.
    pub name: String,
    /// The inbox that its conversations go to.
    pub inbox: InboxId,
}

/// What a channel's provider can do; the outgoing queue and the composer obey it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The provider hands a message over once when it is given twice under our message id. Where it does not, a lost
    /// answer leaves the message as "may not have arrived" and nobody retries by themselves.
    pub dedupes: bool,
    /// It can change and take back what it has shown.
    pub revises: bool,
    /// The longest text, in Unicode scalar values.
    pub text_limit_chars: usize,
}
