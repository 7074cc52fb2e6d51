//! A conversation's customer: tags, and notes that staff write down for each other.

use std::sync::Arc;

use shopbell_domain::ids::{ConversationId, MutationId, NoteId};

use super::App;
use crate::customer::{self, CustomerListener, CustomerView};
use crate::error::{Error, StoreError};
use crate::outbox::{self, CustomerIntent};
use crate::subscription::Subscription;

impl App {
    /// A conversation's customer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Storage`].
    pub fn customer(&self, id: ConversationId) -> Result<CustomerView, Error> {
        let found = self.handle.readers.read(|from| customer::view(from, id, self.lang()))?;
        found.ok_or_else(|| Error::NotFound { id: id.to_string() })
    }

    /// Listens to a conversation's customer. The first call comes before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Storage`].
    pub fn subscribe_customer(
        &self,
        id: ConversationId,
        listener: Arc<dyn CustomerListener>,
    ) -> Result<Subscription, Error> {
        let delivery = {
            let mut core = self.shared().lock();
            let core = &mut *core;
            core.views.add_customer(core.store.as_ref().ok_or(StoreError::Closed)?, id)?
        };
        let delivery = delivery.ok_or_else(|| Error::NotFound { id: id.to_string() })?;
        delivery.start(move |view| listener.on_customer(view))
    }

    /// Gives the customer a tag. `None`: they have it.
    ///
    /// # Errors
    /// [`Error::TextEmpty`], [`Error::TextTooLong`], [`Error::TooManyTags`], [`Error::NotFound`],
    /// [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn add_tag(&self, id: ConversationId, tag: &str) -> Result<Option<MutationId>, Error> {
        self.enqueue_for_customer(id, CustomerIntent::AddTag(tag))
    }

    /// Takes a tag from the customer, whatever its case. `None`: they do not have it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn remove_tag(&self, id: ConversationId, tag: &str) -> Result<Option<MutationId>, Error> {
        self.enqueue_for_customer(id, CustomerIntent::RemoveTag(tag))
    }

    /// Writes something about the customer down; they never see it.
    ///
    /// # Errors
    /// [`Error::TextEmpty`], [`Error::TextTooLong`], [`Error::TooManyNotes`], [`Error::NotFound`],
    /// [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn add_note(&self, id: ConversationId, text: &str) -> Result<NoteId, Error> {
        let note = NoteId::new(self.handle.options.env.as_ref());
        self.enqueue_for_customer(id, CustomerIntent::AddNote(note, text))?;
        Ok(note)
    }

    /// Changes what a note says. When a colleague changes it at the same time, both texts are kept. `None`: it says so.
    ///
    /// # Errors
    /// [`Error::TextEmpty`], [`Error::TextTooLong`], [`Error::NotFound`] for either, [`Error::NotSignedIn`],
    /// [`Error::Storage`].
    pub fn edit_note(
        &self,
        id: ConversationId,
        note: NoteId,
        text: &str,
    ) -> Result<Option<MutationId>, Error> {
        self.enqueue_for_customer(id, CustomerIntent::EditNote(note, text))
    }

    /// Deletes a note, unless a colleague changes it at the same time.
    ///
    /// # Errors
    /// [`Error::NotFound`] for either, [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn delete_note(&self, id: ConversationId, note: NoteId) -> Result<Option<MutationId>, Error> {
        self.enqueue_for_customer(id, CustomerIntent::DeleteNote(note))
    }

    fn enqueue_for_customer(
        &self,
        id: ConversationId,
        intent: CustomerIntent<'_>,
    ) -> Result<Option<MutationId>, Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::enqueue_for_customer(to, id, intent, mid, now))
    }
}
