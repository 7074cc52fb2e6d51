//! One conversation: what is read of it, and what a person does with it.

use std::sync::Arc;

use shopbell_domain::ids::{ConversationId, MessageId, MutationId, StaffId};
use shopbell_domain::secret::SecretPart;

use super::{App, ask};
use crate::conversation::{self, ConversationListener, ConversationView};
use crate::error::{Error, StoreError};
use crate::inbox;
use crate::outbox::{self, Intent};
use crate::store;
use crate::subscription::Subscription;

impl App {
    /// A conversation with its newest messages.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Storage`].
    pub fn conversation(&self, id: ConversationId) -> Result<ConversationView, Error> {
        let window = self.shared().lock().views.window(id);
        self.note_opened(id);
        self.handle
            .readers
            .read(|from| {
                let head = inbox::row(from, id, self.lang())?;
                let rows = conversation::rows(from, id, window, self.lang())?;
                Ok(head.map(|head| ConversationView { head, rows }))
            })?
            .ok_or_else(|| Error::NotFound { id: id.to_string() })
    }

    /// Whether a conversation is held here.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn holds(&self, id: ConversationId) -> Result<bool, Error> {
        Ok(self.handle.readers.read(|from| inbox::holds(from, id))?)
    }

    /// Listens to a conversation's rows. The first call, one `Reset`, comes before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Storage`].
    pub fn subscribe_conversation(
        &self,
        id: ConversationId,
        listener: Arc<dyn ConversationListener>,
    ) -> Result<Subscription, Error> {
        self.note_opened(id);
        let delivery = {
            let mut core = self.shared().lock();
            let core = &mut *core;
            core.views.add_conversation(core.store.as_ref().ok_or(StoreError::Closed)?, id)?
        };
        let delivery = delivery.ok_or_else(|| Error::NotFound { id: id.to_string() })?;
        delivery.start(move |diffs| listener.on_diffs(diffs))
    }

    /// What a person looks at is kept for a while. That it is not noted is no reason not to show it.
    fn note_opened(&self, id: ConversationId) {
        let now = self.now();
        let noted = self.shared().with_store(|store| {
            if store.read(|from| store::is_opening_news(from, id, now))? {
                store.write(|to| to.note_opened(id, now))?;
            }
            Ok(())
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "that a conversation was opened is not noted");
        }
    }

    /// Shows a page more of a conversation, and asks the server for what is not held.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unreachable`], [`Error::SignInAgain`].
    pub async fn load_earlier(&self, id: ConversationId) -> Result<(), Error> {
        ask::load_earlier(self, id).await
    }

    /// Sends a reply, and takes the draft that it was away. It is on disk and shown as waiting when this returns.
    ///
    /// # Errors
    /// [`Error::TextEmpty`], [`Error::TextTooLong`], [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn send(&self, id: ConversationId, text: &str) -> Result<MessageId, Error> {
        self.check_signed_in()?;
        let (fresh, mid, now) = (self.new_message(), self.new_mutation(), self.now());
        self.shared().change(|to| outbox::send(to, id, text, fresh, mid, now))
    }

    /// Sends a reply that shares something that only some of the staff may see; `text` may be empty. The draft stays.
    ///
    /// # Errors
    /// [`Error::NoPermission`], [`Error::TextEmpty`] without a title, [`Error::TextTooLong`], [`Error::NotFound`],
    /// [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn share(&self, id: ConversationId, text: &str, secret: &SecretPart) -> Result<MessageId, Error> {
        self.check_signed_in()?;
        let (message, mid, now) = (self.new_message(), self.new_mutation(), self.now());
        self.shared().change(|to| outbox::share(to, id, text, secret, message, mid, now))?;
        Ok(message)
    }

    /// Changes what an own message says that was sent. `None`: it says so already.
    ///
    /// # Errors
    /// [`Error::OnItsWay`] until the server has answered for the message, [`Error::CannotRevise`], [`Error::TextEmpty`],
    /// [`Error::TextTooLong`], [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn edit_message(
        &self,
        id: ConversationId,
        message: MessageId,
        text: &str,
    ) -> Result<Option<MutationId>, Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::edit_message(to, id, message, text, mid, now))
    }

    /// Takes the words of an own message away that was sent; its place stays. `None`: it has none any more.
    ///
    /// # Errors
    /// As [`App::edit_message`].
    pub fn delete_message(
        &self,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Option<MutationId>, Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::delete_message(to, id, message, mid, now))
    }

    /// Takes a reply back that was just sent: at once if it never left, otherwise when the server says that it came in
    /// time. Until then it stands there as being taken back.
    ///
    /// # Errors
    /// [`Error::CannotUndo`] when it may be with the customer, [`Error::NotFound`], [`Error::NotSignedIn`],
    /// [`Error::Storage`].
    pub fn take_back(&self, message: MessageId) -> Result<(), Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::take_reply_back(to, message, mid, now))
    }

    /// Closes a conversation.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn close(&self, id: ConversationId) -> Result<MutationId, Error> {
        self.enqueue(id, Intent::Close)
    }

    /// Opens a conversation again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn reopen(&self, id: ConversationId) -> Result<MutationId, Error> {
        self.enqueue(id, Intent::Reopen)
    }

    /// Gives a conversation to a person.
    ///
    /// # Errors
    /// [`Error::NotFound`] for either, [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn assign(&self, id: ConversationId, staff: StaffId) -> Result<MutationId, Error> {
        self.enqueue(id, Intent::Assign(staff))
    }

    /// Gives a conversation to nobody in particular.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn unassign(&self, id: ConversationId) -> Result<MutationId, Error> {
        self.enqueue(id, Intent::Unassign)
    }

    /// Gives a conversation to the person who is signed in.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn join(&self, id: ConversationId) -> Result<MutationId, Error> {
        let me = self.account().ok_or(Error::NotSignedIn)?.staff.id;
        self.enqueue(id, Intent::Assign(me))
    }

    /// The person has read what is on the screen. `None`: nothing was unread.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn mark_read(&self, id: ConversationId) -> Result<Option<MutationId>, Error> {
        self.enqueue_change(id, Intent::MarkRead)
    }

    /// The person wants to come back to a conversation; nobody else sees it. `None`: it was marked already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn mark_unread(&self, id: ConversationId) -> Result<Option<MutationId>, Error> {
        self.enqueue_change(id, Intent::MarkUnread)
    }

    /// A conversation is to be followed up; everybody sees it. `None`: it was starred already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn star(&self, id: ConversationId) -> Result<Option<MutationId>, Error> {
        self.enqueue_change(id, Intent::Star)
    }

    /// A conversation needs no following up any more. `None`: it was not starred.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn unstar(&self, id: ConversationId) -> Result<Option<MutationId>, Error> {
        self.enqueue_change(id, Intent::Unstar)
    }

    fn enqueue(&self, id: ConversationId, intent: Intent) -> Result<MutationId, Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::enqueue(to, id, intent, mid, now))?;
        Ok(mid)
    }

    fn enqueue_change(&self, id: ConversationId, intent: Intent) -> Result<Option<MutationId>, Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::enqueue_change(to, id, intent, mid, now))
    }

    pub(super) fn new_message(&self) -> MessageId {
        MessageId::new(self.handle.options.env.as_ref())
    }
}
