//! The shop's own web chat. Its "provider" is our own storage: a delivered message is an event of the browser's
//! session, once however often it is delivered.

use std::sync::Arc;

use async_trait::async_trait;
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::text::TEXT_LIMIT_CHARS;

use super::{Channel, Delivered};
use crate::storage::{Denied, OperationError, Outgoing, Storage};

/// Why the web chat refuses: no browser has this conversation.
const NO_SESSION: &str = "no_session";

/// The shop's own web chat.
pub(super) struct WebChat {
    storage: Arc<dyn Storage>,
}

impl WebChat {
    /// A web chat whose events are stored here.
    pub(super) fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }
}

#[async_trait]
impl Channel for WebChat {
    fn kind(&self) -> ChannelKind {
        ChannelKind::new(ChannelKind::WEB_CHAT)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { dedupes: true, revises: true, text_limit_chars: TEXT_LIMIT_CHARS }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> Delivered {
        match self.storage.deliver_to_chat(outgoing.shop, outgoing.message).await {
            Ok(()) => Delivered::Accepted,
            Err(OperationError::Denied(Denied::NotFound)) => {
                Delivered::Refused { code: NO_SESSION.to_owned() }
            }
            Err(error) => {
                tracing::warn!(%error, message_id = %outgoing.message, "the web chat could not store an event");
                Delivered::Retry { after_ms: None }
            }
        }
    }
}
