//! Where a reply is written.

use std::sync::Arc;

use shopbell_core::domain::text::{TEXT_LIMIT_CHARS, message_text};
use shopbell_core::{App, ConversationId};
use shopbell_l10n::Lang;

use crate::error::CoreError;
use crate::guard::guard;

/// A conversation's composer.
#[derive(uniffi::Object)]
pub struct Composer {
    app: App,
    lang: Lang,
    id: ConversationId,
}

impl Composer {
    pub(crate) fn new(app: App, lang: Lang, id: ConversationId) -> Arc<Self> {
        Arc::new(Self { app, lang, id })
    }
}

#[uniffi::export]
impl Composer {
    /// The longest text, in Unicode scalar values; to be said before somebody writes more.
    pub fn limit_chars(&self) -> u32 {
        u32::try_from(TEXT_LIMIT_CHARS).unwrap_or(u32::MAX)
    }

    /// Whether `text` could be sent as it is; the error says why not.
    pub fn check(&self, text: String) -> Result<(), CoreError> {
        guard(self.lang, || Ok(message_text(&text, TEXT_LIMIT_CHARS).map(|_| ())?))
    }

    /// What the person has begun to write here, on whichever device; empty when nothing is.
    pub fn draft(&self) -> Result<String, CoreError> {
        guard(self.lang, || self.app.draft(self.id))
    }

    /// Keeps what the person has begun to write: on disk when this returns, on their other devices a moment later. An
    /// empty text takes it away. To be called whenever they pause, and before the screen is left.
    pub fn set_draft(&self, text: String) -> Result<(), CoreError> {
        guard(self.lang, || self.app.set_draft(self.id, &text))
    }

    /// Takes the draft away, keeps the reply on disk, shows it, and sends it when there is a network. Answers the message's id.
    pub fn send(&self, text: String) -> Result<String, CoreError> {
        guard(self.lang, || self.app.send(self.id, &text).map(|id| id.to_string()))
    }
}
