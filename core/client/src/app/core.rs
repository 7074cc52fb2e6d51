//! The inside of an app: one lock around the store, the engine and the lists, so that what is stored, what is sent and
//! what is shown change together and in one order.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{oneshot, watch};

use shopbell_domain::env::Env;
use shopbell_domain::ids::{ConversationId, DeviceId};
use shopbell_l10n::Lang;

use super::views::Views;
use crate::account::Account;
use crate::error::{Error, StoreError};
use crate::runner::Sink;
use crate::secrets::{SecretStore, Secrets};
use crate::status::{SyncState, SyncStatus};
use crate::store::{Mended, Profile, Store, Touched, Write};
use crate::sync::{Effect, Engine, Event, Failure, Network, Progress, RequestError, SearchedPage};

/// What all clones of an app share.
pub(super) struct Shared {
    core: Mutex<Core>,
    /// Something was dispatched.
    moved: Condvar,
    progress: watch::Sender<Progress>,
    network: OnceLock<Arc<dyn Network>>,
    pub(super) env: Arc<dyn Env>,
    pub(super) secrets: Arc<dyn SecretStore>,
    pub(super) lang: Lang,
}

/// What one lock protects.
pub(super) struct Core {
    /// `None` once the app is closed.
    pub(super) store: Option<Store>,
    pub(super) engine: Engine,
    pub(super) views: Views,
    pub(super) waiting_for_history: BTreeMap<ConversationId, Vec<oneshot::Sender<Result<(), RequestError>>>>,
    pub(super) waiting_for_search: BTreeMap<u64, oneshot::Sender<Result<SearchedPage, RequestError>>>,
    /// The number of the newest search on the server.
    pub(super) newest_search: u64,
}

impl Shared {
    pub(super) fn new(core: Core, env: Arc<dyn Env>, secrets: Arc<dyn SecretStore>, lang: Lang) -> Shared {
        Shared {
            core: Mutex::new(core),
            moved: Condvar::new(),
            progress: watch::Sender::new(Progress::default()),
            network: OnceLock::new(),
            env,
            secrets,
            lang,
        }
    }

    pub(super) fn set_network(&self, network: Arc<dyn Network>) {
        let _only_once = self.network.set(network);
    }

    pub(super) fn set_server(&self, address: &str) {
        if let Some(network) = self.network.get() {
            network.set_server(address);
        }
    }

    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Core> {
        // A panic under the lock left the store as its last commit left it; the engine's memory is only a hint.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an event to the engine and does what it says.
    pub(super) fn dispatch(&self, event: Event) {
        self.dispatch_in(&mut self.lock(), event);
    }

    /// The same, by whoever holds the lock.
    pub(super) fn dispatch_in(&self, core: &mut Core, event: Event) {
        let Some(store) = &mut core.store else {
            return;
        };
        for effect in core.engine.handle(store, event, self.env.now()) {
            match effect {
                Effect::Changed(touched) => core.views.refresh(store, &touched),
                Effect::HistoryDone { conversation, outcome } => {
                    if outcome.is_ok() {
                        core.views.grow(store, conversation);
                    }
                    for waiting in core.waiting_for_history.remove(&conversation).unwrap_or_default() {
                        let _gone = waiting.send(outcome.clone());
                    }
                }
                Effect::SearchDone { number, outcome } => {
                    if let Some(waiting) = core.waiting_for_search.remove(&number) {
                        let _gone = waiting.send(outcome);
                    }
                }
                effect => {
                    if let Some(network) = self.network.get() {
                        network.perform(effect);
                    }
                }
            }
        }
        self.mend(core);
        self.publish(core);
    }

    /// Where a damaged page was met, a new database is begun with what could be read (docs/sync.md 17).
    fn mend(&self, core: &mut Core) {
        let Some(store) = core.store.as_mut().filter(|store| store.is_damaged()) else {
            return;
        };
        let secrets = self.secrets.load().ok().flatten();
        match store.salvage(secrets.as_ref(), self.env.now()) {
            Ok(Mended::Salvaged) => core.engine.begin_anew(),
            // The session went with everything else; that the server hears of it was up to whoever began.
            Ok(Mended::Erased) => _ = core.engine.signed_out(),
            Err(error) => {
                tracing::error!(%error, "it is tried again");
                return;
            }
        }
        core.views.refresh(store, &Touched { names: true, ..Touched::default() });
    }

    /// Makes a change on the device: durable, shown, then on its way.
    pub(super) fn change<T>(
        &self,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.change_and(Event::LocalChange, work)
    }

    /// The same, with what the engine is told about it.
    pub(super) fn change_and<T>(
        &self,
        event: Event,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut core = self.lock();
        let core = &mut *core;
        let store = core.store.as_mut().ok_or(StoreError::Closed)?;
        let written = store.write(work).inspect_err(|_: &Error| self.mend(core));
        let (value, touched) = written?;
        if let Some(store) = &core.store {
            core.views.refresh(store, &touched);
        }
        self.dispatch_in(core, event);
        Ok(value)
    }

    /// Reads the newest committed state.
    pub(super) fn with_store<T>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, Error> {
        let mut core = self.lock();
        let core = &mut *core;
        let read = work(core.store.as_mut().ok_or(StoreError::Closed)?);
        Ok(read.inspect_err(|_| self.mend(core))?)
    }

    /// Who is signed in.
    pub(super) fn account(&self) -> Option<Account> {
        let profile = self.with_store(|store| store.read(Profile::read));
        profile.ok().flatten().and_then(|profile| profile.account)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().store.is_none()
    }

    /// Waits until nothing is in flight, for at most so long.
    pub(super) fn wait_until_settled(&self, at_most: std::time::Duration) -> bool {
        let core = self.lock();
        let (core, _) = self
            .moved
            .wait_timeout_while(core, at_most, |core| core.store.is_some() && core.engine.is_busy())
            .unwrap_or_else(PoisonError::into_inner);
        !core.engine.is_busy()
    }

    /// Ends everything and closes the database: once this returns another process may open it.
    pub(super) fn close(&self) {
        let mut core = self.lock();
        self.dispatch_in(&mut core, Event::Stopped); // which also mends what readers found damaged
        core.views.end();
        core.store = None;
        core.waiting_for_history.clear();
        core.waiting_for_search.clear();
        drop(core);
        self.moved.notify_all();
        self.progress.send_modify(|_| {}); // whoever waits for progress hears that there will be none
        if let Some(network) = self.network.get() {
            network.stop();
        }
    }

    pub(super) fn status(&self) -> SyncStatus {
        self.status_in(&self.lock())
    }

    pub(super) fn status_in(&self, core: &Core) -> SyncStatus {
        let status = match &core.store {
            Some(store) => core.engine.status(store, self.lang),
            None => Err(StoreError::Closed),
        };
        status.unwrap_or_else(|error| SyncStatus {
            state: SyncState::Trouble { reason: Failure::from(&error).words(self.lang) },
            waiting: 0,
            not_sent: 0,
        })
    }

    fn publish(&self, core: &mut Core) {
        self.moved.notify_all();
        let Some(store) = &core.store else {
            return;
        };
        self.progress.send_replace(core.engine.progress(store));
        let status = self.status_in(core);
        core.views.tell_status(status);
    }
}

impl Sink for Shared {
    fn take(&self, event: Event) {
        self.dispatch(event);
    }
}

/// Gives the database its id, before anybody signs in. The secrets' copy survives the loss of the database.
pub(super) fn ensure_device(
    store: &mut Store,
    secrets: &dyn SecretStore,
    env: &dyn Env,
) -> Result<DeviceId, StoreError> {
    let failed = |source| StoreError::File { path: "secrets".into(), source };
    let profile = store.read(Profile::read)?;
    let kept = secrets.load().map_err(failed)?;
    let device = match (&profile, &kept) {
        (Some(profile), _) => profile.device,
        (None, Some(kept)) => kept.device,
        (None, None) => DeviceId::new(env),
    };
    if kept.is_none_or(|kept| kept.device != device) {
        let account = profile.as_ref().and_then(|profile| profile.account.clone());
        secrets.save(&Secrets { device, account, tokens: None }).map_err(failed)?;
    }
    if profile.is_none() {
        store.write(|to| to.begin_profile(device))?;
    }
    Ok(device)
}
