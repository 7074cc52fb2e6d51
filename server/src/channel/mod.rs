//! Channels: the ways that customers write by. One file each; adding one touches its file and one line of
//! `Channels::built_in`.
//!
//! A channel hands a message to its provider and says what it heard. It never decides whether to try again: that is
//! the outgoing queue's, which knows whether the provider dedupes.

mod receive;
mod web_chat;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use shopbell_domain::channel::{Capabilities, ChannelKind};

pub use receive::{Incoming, ReceiveError, chat_ids, from_browser, receive};

use crate::storage::{Kinds, Outgoing, Storage};
use web_chat::WebChat;

/// A kind of service that customers write by.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Its kind; no two channels have the same.
    fn kind(&self) -> ChannelKind;
    /// What its provider can do.
    fn capabilities(&self) -> Capabilities;
    /// Hands a message to the provider, under its id as the key where the provider dedupes.
    async fn deliver(&self, outgoing: &Outgoing) -> Delivered;
}

/// What a channel heard of its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The provider has it, now or from an earlier attempt.
    Accepted,
    /// The provider will never have it.
    Refused {
        /// Why, as a code for the message's row.
        code: String,
    },
    /// The provider does not have it, but may later.
    Retry {
        /// When the provider wants to be asked again, in milliseconds from now.
        after_ms: Option<u64>,
    },
    /// No answer came: the provider may have it or not.
    Lost,
}

/// All channels by their kind.
#[derive(Clone)]
pub struct Channels(BTreeMap<ChannelKind, Arc<dyn Channel>>);

impl Channels {
    /// The built-in channels and these; one of `extra` replaces a built-in one of the same kind.
    pub fn new(storage: &Arc<dyn Storage>, extra: &[Arc<dyn Channel>]) -> Self {
        let all = Self::built_in(storage).into_iter().chain(extra.iter().cloned());
        Self(all.map(|channel| (channel.kind(), channel)).collect())
    }

    fn built_in(storage: &Arc<dyn Storage>) -> Vec<Arc<dyn Channel>> {
        vec![Arc::new(WebChat::new(storage.clone()))]
    }

    /// The channel of this kind.
    pub fn get(&self, kind: &ChannelKind) -> Option<&Arc<dyn Channel>> {
        self.0.get(kind)
    }

    /// What each kind can do.
    pub fn kinds(&self) -> Kinds {
        self.0.iter().map(|(kind, channel)| (kind.clone(), channel.capabilities())).collect()
    }

    /// The kinds whose providers dedupe by our message id.
    pub fn deduping(&self) -> Vec<ChannelKind> {
        let kinds = self.kinds().into_iter();
        kinds.filter(|(_, capable)| capable.dedupes).map(|(kind, _)| kind).collect()
    }
}
