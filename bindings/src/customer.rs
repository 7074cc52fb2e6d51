//! A conversation's customer.

use std::sync::Arc;

use shopbell_core::{App, ConversationId};
use shopbell_l10n::Lang;

use crate::error::CoreError;
use crate::guard::{call_listener, guard};
use crate::records::{InboxRow, note_id, tags};
use crate::subscription::Subscription;

/// A customer as they are now.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CustomerView {
    /// The customer's id.
    pub id: String,
    /// What to call them.
    pub name: String,
    /// Their number within the shop.
    pub number: i64,
    /// What the shop calls them.
    pub tags: Vec<String>,
    /// What colleagues wrote down about them, newest first.
    pub notes: Vec<NoteRow>,
    /// Their other conversations, newest activity first.
    pub conversations: Vec<InboxRow>,
}

impl From<shopbell_core::CustomerView> for CustomerView {
    fn from(view: shopbell_core::CustomerView) -> Self {
        Self {
            id: view.id.to_string(),
            name: view.name,
            number: view.number,
            tags: tags(&view.tags),
            notes: view.notes.into_iter().map(NoteRow::from).collect(),
            conversations: view.conversations.into_iter().map(InboxRow::from).collect(),
        }
    }
}

/// A note about a customer.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct NoteRow {
    /// The note's id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// The name of who began it.
    pub author: String,
    /// When, in ms since 1970-01-01 UTC.
    pub at_ms: i64,
    /// When its text was last changed, in ms since 1970-01-01 UTC.
    pub edited_at_ms: Option<i64>,
    /// The id of the note that a colleague changed while this edit of it was made: both are kept.
    pub conflicts_with: Option<String>,
    /// Whether a change of it waits here to be sent.
    pub waiting: bool,
}

impl From<shopbell_core::NoteRow> for NoteRow {
    fn from(row: shopbell_core::NoteRow) -> Self {
        Self {
            id: row.id.to_string(),
            text: row.text,
            author: row.author,
            at_ms: row.at.millis(),
            edited_at_ms: row.edited_at.map(|at| at.millis()),
            conflicts_with: row.conflicts_with.map(|id| id.to_string()),
            waiting: row.waiting,
        }
    }
}

/// Hears how a customer changed. Synchronous, in order, never called while a lock is held.
#[uniffi::export(foreign)]
pub trait CustomerListener: Send + Sync {
    /// The customer as they are now.
    fn on_customer(&self, customer: CustomerView);
}

/// A conversation's customer: what staff know about them, and what a person can write down. Each change is on disk when
/// its call returns and is sent when there is a network; its id can be undone. None: it changes nothing.
#[derive(uniffi::Object)]
pub struct Customer {
    app: App,
    lang: Lang,
    conversation: ConversationId,
}

impl Customer {
    pub(crate) fn new(app: App, lang: Lang, conversation: ConversationId) -> Arc<Self> {
        Arc::new(Self { app, lang, conversation })
    }
}

#[uniffi::export]
impl Customer {
    /// The customer as they are now.
    pub fn view(&self) -> Result<CustomerView, CoreError> {
        guard(self.lang, || Ok(self.app.customer(self.conversation)?.into()))
    }

    /// Hears the present customer before this returns, then every change.
    pub fn subscribe(&self, listener: Arc<dyn CustomerListener>) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            let relay = Arc::new(Relay(listener));
            Ok(Subscription::new(self.app.subscribe_customer(self.conversation, relay)?))
        })
    }

    /// Gives the customer a tag.
    pub fn add_tag(&self, tag: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.add_tag(self.conversation, &tag)?.map(|mid| mid.to_string())))
    }

    /// Takes a tag from the customer, whatever its case.
    pub fn remove_tag(&self, tag: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.remove_tag(self.conversation, &tag)?.map(|mid| mid.to_string())))
    }

    /// Writes something about the customer down. Answers the note's id.
    pub fn add_note(&self, text: String) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.add_note(self.conversation, &text)?.to_string()))
    }

    /// Changes what a note says. When a colleague changes it at the same time, both texts are kept.
    pub fn edit_note(&self, note: String, text: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || {
            let changed = self.app.edit_note(self.conversation, note_id(&note)?, &text)?;
            Ok(changed.map(|mid| mid.to_string()))
        })
    }

    /// Deletes a note, unless a colleague changes it at the same time.
    pub fn delete_note(&self, note: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || {
            let deleted = self.app.delete_note(self.conversation, note_id(&note)?)?;
            Ok(deleted.map(|mid| mid.to_string()))
        })
    }
}

struct Relay(Arc<dyn CustomerListener>);

impl shopbell_core::CustomerListener for Relay {
    fn on_customer(&self, customer: shopbell_core::CustomerView) {
        call_listener(|| self.0.on_customer(customer.into()));
    }
}
