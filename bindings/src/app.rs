//! The app: one person's inbox on this device.

use std::sync::Arc;

use shopbell_core::{App, Error, ShopId};
use shopbell_l10n::Lang;

use crate::conversation::Conversation;
use crate::error::CoreError;
use crate::guard::{call_listener, guard, guard_async};
use crate::inbox::{
    ChannelRow, CountsListener, CountsRelay, InboxCounts, InboxFilter, InboxList, InboxQuery,
};
use crate::profiles::core_options;
use crate::records::{
    Account, OutboxRow, StaffRow, Status, SyncReport, conversation_id, ids, mutation_id, not_found, staff_id,
};
use crate::subscription::Subscription;

/// Where this person's inbox lives and how it speaks.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OpenOptions {
    /// A folder of its own, under the platform's file encryption and outside device backups.
    pub folder: String,
    /// What the person calls this device.
    pub device_name: String,
    /// `ios`, `android`, `desktop` ….
    pub platform: String,
    /// The person's language as a BCP 47 tag.
    pub language: String,
    /// Never touch the network.
    pub offline: bool,
}

/// What may be done with several conversations at once.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum BulkAction {
    /// They are done.
    Close,
    /// They are not.
    Reopen,
    /// To follow up.
    Star,
    /// Not any more.
    Unstar,
    /// They were read.
    MarkRead,
    /// The person wants to come back to them.
    MarkUnread,
    /// This person answers them.
    Assign {
        /// The person's id.
        staff: String,
    },
    /// Nobody in particular does.
    Unassign,
    /// Their customers get this tag.
    AddTag {
        /// The tag.
        tag: String,
    },
}

impl BulkAction {
    fn to_core(&self) -> Result<shopbell_core::BulkAction, Error> {
        use shopbell_core::BulkAction as Core;
        Ok(match self {
            BulkAction::Close => Core::Close,
            BulkAction::Reopen => Core::Reopen,
            BulkAction::Star => Core::Star,
            BulkAction::Unstar => Core::Unstar,
            BulkAction::MarkRead => Core::MarkRead,
            BulkAction::MarkUnread => Core::MarkUnread,
            BulkAction::Assign { staff } => Core::Assign(staff_id(staff)?),
            BulkAction::Unassign => Core::Unassign,
            BulkAction::AddTag { tag } => Core::AddTag(tag.clone()),
        })
    }
}

/// Hears whether the server is reached and how much waits.
#[uniffi::export(foreign)]
pub trait StatusListener: Send + Sync {
    /// The present status.
    fn on_status(&self, status: Status);
}

/// One person's inbox on this device. Every call may be made from any thread.
#[derive(uniffi::Object)]
pub struct ShopbellApp {
    pub(crate) app: App,
    pub(crate) lang: Lang,
}

#[uniffi::export]
impl ShopbellApp {
    /// Opens what is stored; no network is touched, and the first list can be shown at once.
    #[uniffi::constructor]
    pub fn open(options: OpenOptions) -> Result<Arc<Self>, CoreError> {
        let lang = Lang::from_tag(&options.language);
        guard(lang, || {
            let app = App::open(core_options(options))?;
            Ok(Arc::new(Self { app, lang }))
        })
    }

    /// Who is signed in, if somebody is.
    pub fn account(&self) -> Option<Account> {
        self.app.account().map(Account::from)
    }

    /// Begins to sync; stored data needs no start.
    pub fn start(&self) {
        call_listener(|| self.app.start());
    }

    /// Settles what is under way and closes the books, before the system suspends the process. Takes at most 3 s.
    pub fn pause(&self) {
        call_listener(|| self.app.pause());
    }

    /// Goes on after `pause`.
    pub fn resume(&self) {
        call_listener(|| self.app.resume());
    }

    /// The system says that the network came or went.
    pub fn network_changed(&self, up: bool) {
        call_listener(|| self.app.network_changed(up));
    }

    /// A list of at most `limit` conversations, in the filter's usual order.
    pub fn inbox(&self, filter: InboxFilter, limit: u32) -> Arc<InboxList> {
        self.inbox_with(InboxQuery::of(filter, limit))
    }

    /// A list that is narrowed and sorted otherwise.
    pub fn inbox_with(&self, query: InboxQuery) -> Arc<InboxList> {
        InboxList::new(self.app.clone(), self.lang, query)
    }

    /// How many conversations each filter lists.
    pub fn counts(&self) -> Result<InboxCounts, CoreError> {
        guard(self.lang, || Ok(self.app.counts()?.into()))
    }

    /// Hears the present numbers before this returns, then every change.
    pub fn subscribe_counts(
        &self,
        listener: Arc<dyn CountsListener>,
    ) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            Ok(Subscription::new(self.app.subscribe_counts(Arc::new(CountsRelay(listener)))?))
        })
    }

    /// The shop's channels, in the order of their tabs.
    pub fn channels(&self) -> Result<Vec<ChannelRow>, CoreError> {
        guard(self.lang, || Ok(self.app.channels()?.into_iter().map(ChannelRow::from).collect()))
    }

    /// Does the same with several conversations: with all of them or, on an error, with none. Answers the ids of the
    /// changes, to be undone together; those that needed no change have none.
    pub fn bulk(&self, conversations: Vec<String>, action: BulkAction) -> Result<Vec<String>, CoreError> {
        guard(self.lang, || {
            let known = conversations.iter().map(|id| conversation_id(id)).collect::<Result<Vec<_>, _>>()?;
            Ok(ids(&self.app.bulk(&known, &action.to_core()?)?))
        })
    }

    /// Takes changes back, the last one first, but for what a colleague has changed since. Answers the ids of the changes
    /// that this made.
    pub fn undo(&self, changes: Vec<String>) -> Result<Vec<String>, CoreError> {
        guard(self.lang, || {
            let known = changes.iter().map(|id| mutation_id(id)).collect::<Result<Vec<_>, _>>()?;
            Ok(ids(&self.app.undo(&known)?))
        })
    }

    /// One conversation, by id.
    pub fn conversation(&self, id: String) -> Result<Arc<Conversation>, CoreError> {
        guard(self.lang, || {
            let known = conversation_id(&id)?;
            let held = self.app.holds(known)?;
            held.then(|| Conversation::new(self.app.clone(), self.lang, known)).ok_or_else(|| not_found(&id))
        })
    }

    /// The shop's staff.
    pub fn staff(&self) -> Result<Vec<StaffRow>, CoreError> {
        guard(self.lang, || Ok(self.app.staff()?.into_iter().map(StaffRow::from).collect()))
    }

    /// What waits to be sent, and what was not sent with the reason.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, CoreError> {
        guard(self.lang, || Ok(self.app.outbox()?.into_iter().map(OutboxRow::from).collect()))
    }

    /// Sends something that stands under "Not sent" again, by its id in the outbox.
    pub fn retry(&self, id: String) -> Result<(), CoreError> {
        guard(self.lang, || self.app.retry(mutation_id(&id)?))
    }

    /// The same with another text; also of a reply that waits and never left.
    pub fn edit_unsent(&self, id: String, text: String) -> Result<(), CoreError> {
        guard(self.lang, || self.app.edit_unsent(mutation_id(&id)?, &text))
    }

    /// Takes something off "Not sent", or a reply that waits back.
    pub fn delete_unsent(&self, id: String) -> Result<(), CoreError> {
        guard(self.lang, || self.app.delete_unsent(mutation_id(&id)?))
    }

    /// Whether the server is reached and how much waits.
    pub fn status(&self) -> Status {
        Status::of(&self.app.status(), self.lang)
    }

    /// Hears the present status before this returns, then every change.
    pub fn subscribe_status(
        &self,
        listener: Arc<dyn StatusListener>,
    ) -> Result<Arc<Subscription>, CoreError> {
        guard(self.lang, || {
            let relay = Arc::new(Relay { listener, lang: self.lang });
            Ok(Subscription::new(self.app.subscribe_status(relay)?))
        })
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl ShopbellApp {
    /// Signs in and begins to sync. `shop` only after `CoreError::ChooseShop`.
    pub async fn sign_in(
        &self,
        server: String,
        email: String,
        password: String,
        shop: Option<String>,
    ) -> Result<Account, CoreError> {
        let app = self.app.clone();
        guard_async(self.lang, async move {
            let shop = shop.map(|id| id.parse::<ShopId>().map_err(|_| not_found(&id))).transpose()?;
            app.sign_in(&server, &email, &password, shop).await.map(Account::from)
        })
        .await
    }

    /// Sends what waits and fetches what is new, once, and says how that went.
    pub async fn sync(&self) -> Result<SyncReport, CoreError> {
        let app = self.app.clone();
        guard_async(self.lang, async move { app.sync().await.map(SyncReport::from) }).await
    }
}

/// Panics inside the core and answers what an app gets then: for a shell to check its crash reporting.
#[uniffi::export]
#[expect(clippy::panic, reason = "this is what it is for")]
pub fn simulate_panic() -> Result<(), CoreError> {
    guard(Lang::En, || panic!("a panic was asked for"))
}

struct Relay {
    listener: Arc<dyn StatusListener>,
    lang: Lang,
}

impl shopbell_core::StatusListener for Relay {
    fn on_status(&self, status: shopbell_core::SyncStatus) {
        call_listener(|| self.listener.on_status(Status::of(&status, self.lang)));
    }
}
