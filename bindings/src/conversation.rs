//! One conversation.

use std::sync::Arc;

use shopbell_core::{App, ConversationId, Diff};
use shopbell_l10n::Lang;

use crate::composer::Composer;
use crate::customer::Customer;
use crate::error::CoreError;
use crate::guard::{call_listener, guard, guard_async};
use crate::records::{ConversationView, MessageDiff, message_id, staff_id};
use crate::shared::SharedPart;
use crate::subscription::Subscription;

/// Hears about changes of a conversation's messages. Synchronous, in order, never called while a lock is held.
#[uniffi::export(foreign)]
pub trait ConversationListener: Send + Sync {
    /// Apply these, in order.
    fn on_diffs(&self, diffs: Vec<MessageDiff>);
}

/// One conversation: its messages, and what a person can do with it. Each change is on disk when its call returns, is
/// sent when there is a network, and answers the id that it can be undone by.
#[derive(uniffi::Object)]
pub struct Conversation {
    app: App,
    lang: Lang,
    id: ConversationId,
}

impl Conversation {
    pub(crate) fn new(app: App, lang: Lang, id: ConversationId) -> Arc<Self> {
        Arc::new(Self { app, lang, id })
    }
}

#[uniffi::export]
impl Conversation {
    /// Its id.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// The head and the messages as they are now.
    pub fn view(&self) -> Result<ConversationView, CoreError> {
        guard(self.lang, || Ok(self.app.conversation(self.id)?.into()))
    }

    /// Hears the present messages before this returns, then every change.
    pub fn subscribe(&self, listener: Arc<dyn ConversationListener>) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            let relay = Arc::new(Relay(listener));
            Ok(Subscription::new(self.app.subscribe_conversation(self.id, relay)?))
        })
    }

    /// Where replies are written.
    pub fn composer(&self) -> Arc<Composer> {
        Composer::new(self.app.clone(), self.lang, self.id)
    }

    /// Sends a reply that shares something that only some of the staff may see; `text` may be empty. Answers the
    /// message's id.
    pub fn share(&self, text: String, part: SharedPart) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.share(self.id, &text, &part.to_core()?)?.to_string()))
    }

    /// Changes what an own message says that was sent, where the channel can. None: it says so already.
    pub fn edit_message(&self, message: String, text: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || {
            let edited = self.app.edit_message(self.id, message_id(&message)?, &text)?;
            Ok(edited.map(|mid| mid.to_string()))
        })
    }

    /// Takes the words of an own message away that was sent, where the channel can. None: it has none any more.
    pub fn delete_message(&self, message: String) -> Result<Option<String>, CoreError> {
        guard(self.lang, || {
            let deleted = self.app.delete_message(self.id, message_id(&message)?)?;
            Ok(deleted.map(|mid| mid.to_string()))
        })
    }

    /// Takes a reply back that was just sent, if the customer does not have it yet.
    pub fn take_back(&self, message: String) -> Result<(), CoreError> {
        guard(self.lang, || self.app.take_back(message_id(&message)?))
    }

    /// Who wrote it.
    pub fn customer(&self) -> Arc<Customer> {
        Customer::new(self.app.clone(), self.lang, self.id)
    }

    /// Closes it, unless the customer has written what was not seen.
    pub fn mark_closed(&self) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.close(self.id)?.to_string()))
    }

    /// Reopens it.
    pub fn reopen(&self) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.reopen(self.id)?.to_string()))
    }

    /// Marks what is here as read. None: nothing was unread.
    pub fn mark_read(&self) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.mark_read(self.id)?.map(|mid| mid.to_string())))
    }

    /// Marks it as unread, for this person only. None: it was marked already.
    pub fn mark_unread(&self) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.mark_unread(self.id)?.map(|mid| mid.to_string())))
    }

    /// Marks it as one to follow up, for everybody. None: it was starred already.
    pub fn star(&self) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.star(self.id)?.map(|mid| mid.to_string())))
    }

    /// It needs no following up any more. None: it was not starred.
    pub fn unstar(&self) -> Result<Option<String>, CoreError> {
        guard(self.lang, || Ok(self.app.unstar(self.id)?.map(|mid| mid.to_string())))
    }

    /// Assigns it to a colleague.
    pub fn assign(&self, staff: String) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.assign(self.id, staff_id(&staff)?)?.to_string()))
    }

    /// Assigns it to the person who is signed in.
    pub fn join(&self) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.join(self.id)?.to_string()))
    }

    /// Takes the assignment away.
    pub fn unassign(&self) -> Result<String, CoreError> {
        guard(self.lang, || Ok(self.app.unassign(self.id)?.to_string()))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Conversation {
    /// Loads older messages; they arrive as diffs.
    pub async fn load_earlier(&self) -> Result<(), CoreError> {
        let (app, id) = (self.app.clone(), self.id);
        guard_async(self.lang, async move { app.load_earlier(id).await }).await
    }
}

struct Relay(Arc<dyn ConversationListener>);

impl shopbell_core::ConversationListener for Relay {
    fn on_diffs(&self, diffs: Vec<Diff<shopbell_core::MessageRow>>) {
        call_listener(|| self.0.on_diffs(diffs.into_iter().map(MessageDiff::from).collect()));
    }
}
