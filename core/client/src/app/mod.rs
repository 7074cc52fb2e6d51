//! [`App`]: what a shell, a script or a binding may ask of the core.
//!
//! Every method may be called from any thread; none of them calls a listener while it holds a lock. Reads answer from
//! the database and never wait for the network. What a person does is durable when the method returns, with or without
//! a network. Here stands what concerns the app as a whole; the other files each add what concerns one thing.

mod ask;
mod bulk;
mod conversation;
mod core;
mod customer;
mod draft;
mod list;
mod search;
mod sign_out;
mod views;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use shopbell_domain::env::Env;
use shopbell_domain::ids::{MutationId, ShopId};
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use self::core::{Core, Shared, ensure_device};
use self::views::Views;
pub use bulk::{BULK_LIMIT, BulkAction};
pub use sign_out::SignOut;

use crate::account::{Account, StaffRow};
use crate::error::{Error, StoreError};
use crate::outbox::{self, OutboxRow};
use crate::runner::{Runner, Sink};
use crate::secrets::{FileSecrets, SecretStore};
use crate::status::{StatusListener, SyncStatus};
use crate::store::{self, Profile, Readers, Store};
use crate::subscription::Subscription;
use crate::sync::{Engine, Event, Network, Progress};

/// How long `pause` waits for what is in flight. Systems give a few seconds before they suspend a process.
const PAUSE_DEADLINE: Duration = Duration::from_secs(3);

/// How an app is opened.
#[derive(Clone)]
pub struct AppOptions {
    /// The profile's folder: the database, its lock and the secrets. Made when it is not there.
    pub folder: PathBuf,
    /// What the person calls this device; colleagues may see it.
    pub device_name: String,
    /// What it runs: `ios`, `android`, `cli` ….
    pub platform: String,
    /// The language of all words.
    pub lang: Lang,
    /// Never touch the network.
    pub offline: bool,
    /// Time and randomness.
    pub env: Arc<dyn Env>,
}

/// The core of one profile. Clones are the same app; when the last one is dropped, the database is closed.
#[derive(Clone)]
pub struct App {
    handle: Arc<Handle>,
}

/// Closes the app with its last clone.
struct Handle {
    shared: Arc<Shared>,
    readers: Readers,
    options: AppOptions,
    /// Not there when the app is never to touch the network, or when somebody else performs the effects.
    runner: Option<Arc<Runner>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.close();
    }
}

/// What `sync` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// How many changes were accepted.
    pub accepted: u32,
    /// How many were refused; they stand under "Not sent".
    pub refused: u32,
    /// How many replies still wait, for one that was refused.
    pub waiting: u32,
}

impl App {
    /// Opens a profile: locks its folder, brings the database up to date. Touches no network. A database that is damaged
    /// is begun anew with what can be read of what was not sent; [`App::notices`] says so.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::NewerSchema`] (nothing is touched then), [`Error::Storage`].
    pub fn open(options: AppOptions) -> Result<App, Error> {
        let shared = open_shared(&options, None)?;
        let sink: Weak<dyn Sink> = Arc::downgrade(&shared) as Weak<Shared>;
        let runner = match options.offline {
            true => None,
            false => Some(Arc::new(Runner::new(sink, Arc::clone(&options.env))?)),
        };
        let network = runner.clone().map(|runner| runner as Arc<dyn Network>);
        search::index_in_background(&shared)?;
        App::assemble(shared, options, runner, network)
    }

    /// Opens a profile for somebody who performs the effects themselves: a simulation or a test. `vfs` names SQLite's
    /// virtual file system. The methods that wait for the server by themselves (`sign_in`, `sync`) say that it cannot
    /// be reached.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_with(
        options: AppOptions,
        vfs: Option<&str>,
        network: Arc<dyn Network>,
    ) -> Result<App, Error> {
        let shared = open_shared(&options, vfs)?;
        while !shared.with_store(Store::index_more)? {}
        App::assemble(shared, options, None, Some(network))
    }

    /// Hands in what came of an effect. Only for whoever opened the app with their own [`Network`].
    pub fn take(&self, event: Event) {
        self.shared().dispatch(event);
    }

    fn assemble(
        shared: Arc<Shared>,
        options: AppOptions,
        runner: Option<Arc<Runner>>,
        network: Option<Arc<dyn Network>>,
    ) -> Result<App, Error> {
        let readers = shared.with_store(|store| Ok(store.readers()))?;
        let online = network.is_some();
        if let Some(network) = network {
            shared.set_network(network);
        }
        let app = App { handle: Arc::new(Handle { shared, readers, options, runner }) };
        if let Some(account) = app.account() {
            app.shared().set_server(&account.server);
        }
        if !online {
            app.shared().dispatch(Event::NetworkDown);
        }
        Ok(app)
    }

    /// Signs in and starts syncing. `shop` says which one, when the address works in several.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], [`Error::ChooseShop`], [`Error::OtherAccount`], [`Error::BadAddress`],
    /// [`Error::Unreachable`], [`Error::Busy`], [`Error::ServerTooOld`], [`Error::Removed`]; nothing changed then.
    pub async fn sign_in(
        &self,
        server: &str,
        email: &str,
        password: &str,
        shop: Option<ShopId>,
    ) -> Result<Account, Error> {
        ask::sign_in(self, server, email, password, shop).await
    }

    /// Who is signed in on this profile. Stays when the session has ended.
    pub fn account(&self) -> Option<Account> {
        self.read_account().ok().flatten()
    }

    /// The same, for whoever must not take a database that cannot be read for one that is nobody's.
    pub(crate) fn read_account(&self) -> Result<Option<Account>, Error> {
        Ok(self.handle.readers.read(Profile::read)?.and_then(|profile| profile.account))
    }

    /// Begins syncing, when somebody is signed in.
    pub fn start(&self) {
        self.shared().dispatch(Event::Started);
    }

    /// Before the system suspends the process: begins nothing new, waits at most three seconds for what is in flight,
    /// and empties the write-ahead log.
    pub fn pause(&self) {
        self.shared().dispatch(Event::Paused);
        if !self.shared().wait_until_settled(PAUSE_DEADLINE) {
            self.shared().dispatch(Event::GaveUp);
        }
        if let Err(error) = self.shared().with_store(|store| store.checkpoint()) {
            tracing::warn!(%error, "the log could not be emptied");
        }
    }

    /// Goes on after `pause`.
    pub fn resume(&self) {
        self.shared().dispatch(Event::Resumed);
    }

    /// Ends syncing. Reading and writing here goes on.
    pub fn stop(&self) {
        self.shared().dispatch(Event::Stopped);
    }

    /// The system says whether there is a network. Only a hint: what is reachable is found out by trying.
    pub fn network_changed(&self, up: bool) {
        if !self.handle.options.offline {
            self.shared().dispatch(if up { Event::NetworkUp } else { Event::NetworkDown });
        }
    }

    /// Sends a refused change again: a reply at its place before those that wait for it, anything else as a change that is
    /// made now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not under "Not sent", or for a conversation that is not held any more;
    /// [`Error::NotSignedIn`], [`Error::Storage`]. Nothing changed then.
    pub fn retry(&self, id: MutationId) -> Result<(), Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::retry(to, id, mid, now))
    }

    /// The same with another text; also of a reply that waits and never left.
    ///
    /// # Errors
    /// [`Error::OnItsWay`] when it was handed to the network: it is taken back, or edited once it was sent.
    /// [`Error::TextEmpty`], [`Error::TextTooLong`], and as [`App::retry`].
    pub fn edit_unsent(&self, id: MutationId, text: &str) -> Result<(), Error> {
        self.check_signed_in()?;
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::edit_unsent(to, id, text, mid, now))
    }

    /// Takes a refused change off the "Not sent" list, or a reply that waits back; the draft that a reply was goes with
    /// it, on all devices. What waited for it waits no more.
    ///
    /// # Errors
    /// [`Error::CannotUndo`] for a reply that may be with the customer, [`Error::NotFound`], [`Error::Storage`].
    pub fn delete_unsent(&self, id: MutationId) -> Result<(), Error> {
        let (mid, now) = (self.new_mutation(), self.now());
        self.shared().change(|to| outbox::delete_unsent(to, id, mid, now))
    }

    /// The people of the shop, by name.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn staff(&self) -> Result<Vec<StaffRow>, Error> {
        Ok(self.handle.readers.read(store::staff)?)
    }

    /// What was refused, then what waits, each oldest first.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, Error> {
        Ok(self.handle.readers.read(|from| outbox::list(from, self.lang()))?)
    }

    /// How syncing goes.
    pub fn status(&self) -> SyncStatus {
        self.shared().status()
    }

    /// How far syncing has come, and what went wrong on the way, for whoever helps.
    pub fn progress(&self) -> Progress {
        self.shared().progress().borrow().clone()
    }

    /// Listens to how syncing goes. The first call comes before this returns.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn subscribe_status(&self, listener: Arc<dyn StatusListener>) -> Result<Subscription, Error> {
        let delivery = {
            let mut core = self.shared().lock();
            let status = self.shared().status_in(&core);
            core.views.add_status(status)
        };
        delivery.start(move |status| listener.on_status(status))
    }

    /// Syncs until the outbox is settled and a pull has nothing more to bring.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::SignInAgain`], [`Error::NotSignedIn`], [`Error::Removed`] …; everything that
    /// was written is kept.
    pub async fn sync(&self) -> Result<SyncReport, Error> {
        ask::sync(self).await
    }

    /// A new id for what is made here.
    fn new_mutation(&self) -> MutationId {
        MutationId::new(self.handle.options.env.as_ref())
    }

    /// Fails unless somebody has signed in: there would be nobody to make the change.
    fn check_signed_in(&self) -> Result<(), Error> {
        if self.account().is_some() { Ok(()) } else { Err(Error::NotSignedIn) }
    }

    fn now(&self) -> Timestamp {
        self.handle.options.env.now()
    }

    fn lang(&self) -> Lang {
        self.handle.options.lang
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}

fn open_shared(options: &AppOptions, vfs: Option<&str>) -> Result<Arc<Shared>, Error> {
    let secrets: Arc<dyn SecretStore> = Arc::new(FileSecrets::new(&options.folder));
    let unreadable = |source| StoreError::File { path: options.folder.clone(), source };
    let kept = secrets.load().map_err(unreadable)?;
    let mut store = Store::open_or_salvage(&options.folder, vfs, kept.as_ref(), options.env.now())?;
    let engine = Engine::new(Arc::clone(&options.env), Arc::clone(&secrets)).map_err(unreadable)?;
    ensure_device(&mut store, secrets.as_ref(), options.env.as_ref())?;
    let views = Views::new(options.lang);
    let core = Core {
        store: Some(store),
        engine,
        views,
        waiting_for_history: BTreeMap::new(),
        waiting_for_search: BTreeMap::new(),
        newest_search: 0,
    };
    Ok(Arc::new(Shared::new(core, Arc::clone(&options.env), secrets, options.lang)))
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("folder", &self.handle.options.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod disk_tests;
