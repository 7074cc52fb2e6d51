//! The methods of an app that wait for the server. Each spawns its work on the core's own runtime and awaits it: a
//! caller who gives up (a cancelled coroutine drops the future) stops waiting, not the work. The work never keeps the
//! app open; when that is closed meanwhile, it says so.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::oneshot;

use shopbell_domain::ids::{ConversationId, ShopId};
use shopbell_domain::sync::{DeviceInfo, ProblemKind, SignIn};

use super::core::{Shared, ensure_device};
use super::{App, SyncReport};
use crate::account::Account;
use crate::conversation::{self, Earlier};
use crate::error::{Error, StoreError};
use crate::runner::{Runner, server_address};
use crate::status::SyncState;
use crate::store;
use crate::sync::{Event, Failure, RequestError};

pub(super) async fn sign_in(
    app: &App,
    server: &str,
    email: &str,
    password: &str,
    shop: Option<ShopId>,
) -> Result<Account, Error> {
    let server = server_address(server).ok_or_else(|| Error::BadAddress { address: server.to_owned() })?;
    let shared = Arc::clone(app.shared());
    let device =
        shared.with_store(|store| ensure_device(store, shared.secrets.as_ref(), shared.env.as_ref()))?;
    let options = &app.handle.options;
    let ask = SignIn {
        email: email.to_owned(),
        password: password.to_owned(),
        shop,
        device: DeviceInfo {
            id: device,
            name: options.device_name.clone(),
            platform: options.platform.clone(),
        },
    };
    let Some(runner) = &app.handle.runner else {
        return Err(Error::Unreachable { address: server });
    };
    let http = runner.http();
    on_runtime(app, runner, async move {
        let answer = match http.sign_in(&server, &ask).await {
            Ok(answer) => answer,
            Err(error) => return Err(error_of(&shared, &error, server)),
        };
        let who = (answer.shop.id, answer.staff.id);
        if let Some(before) = shared.account()
            && (before.shop.id, before.staff.id) != who
        {
            return Err(Error::OtherAccount { name: before.staff.name });
        }
        shared.set_server(&server);
        shared.dispatch(Event::SignedIn { server, answer: Box::new(answer) });
        shared.dispatch(Event::Started);
        // Not there only when the disk refused it; the status says why. Another one when somebody was quicker.
        match (shared.account(), shared.status().state) {
            (Some(account), _) if (account.shop.id, account.staff.id) != who => {
                Err(Error::OtherAccount { name: account.staff.name })
            }
            (Some(account), _) => Ok(account),
            (None, SyncState::Trouble { reason }) => Err(Error::Storage { reason }),
            (None, _) => Err(closed(&shared)),
        }
    })
    .await
}

pub(super) async fn load_earlier(app: &App, id: ConversationId) -> Result<(), Error> {
    let shared = app.shared();
    let answered = {
        let mut core = shared.lock();
        let core = &mut *core;
        let store = core.store.as_ref().ok_or(StoreError::Closed)?;
        let window = core.views.window(id);
        if store.read(|from| store::head(from, id))?.is_none() {
            return Err(Error::NotFound { id: id.to_string() });
        }
        match store.read(|from| conversation::earlier(from, id, window))? {
            Earlier::None => return Ok(()),
            Earlier::Held => {
                core.views.grow(store, id);
                return Ok(());
            }
            Earlier::Ask { before } => {
                let (answer, answered) = oneshot::channel();
                core.waiting_for_history.entry(id).or_default().push(answer);
                shared.dispatch_in(core, Event::LoadEarlier { conversation: id, before });
                answered
            }
        }
    };
    answer_of(shared, answered).await
}

/// Waits for the answer to a question that the engine asks.
pub(super) async fn answer_of<T>(
    shared: &Shared,
    answered: oneshot::Receiver<Result<T, RequestError>>,
) -> Result<T, Error> {
    match answered.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            ready(shared)?;
            Err(error_of(shared, &error, address(shared)))
        }
        Err(_) => Err(closed(shared)),
    }
}

pub(super) async fn sync(app: &App) -> Result<SyncReport, Error> {
    ready(app.shared())?;
    let Some(runner) = &app.handle.runner else {
        return Err(Error::Unreachable { address: address(app.shared()) });
    };
    let shared = Arc::clone(app.shared());
    on_runtime(app, runner, async move {
        let was_running = shared.lock().engine.is_running();
        let outcome = sync_once(&shared, was_running).await;
        if !was_running {
            shared.dispatch(Event::Stopped);
        }
        outcome
    })
    .await
}

async fn sync_once(shared: &Shared, was_running: bool) -> Result<SyncReport, Error> {
    let mut progress = shared.progress();
    let begun = progress.borrow_and_update().clone();
    shared.dispatch(if was_running { Event::SyncNow } else { Event::Started });
    loop {
        let now = progress.borrow_and_update().clone();
        ready(shared)?;
        if now.failures > begun.failures {
            let failure = now.last_failure.unwrap_or(Failure::Unreachable);
            return Err(error_of_failure(shared, failure, address(shared)));
        }
        // A pull that was under way before may have been answered without the newest change.
        if now.complete_pull > begun.newest_request && now.idle {
            return Ok(SyncReport {
                accepted: now.accepted - begun.accepted,
                refused: now.refused - begun.refused,
                waiting: shared.status().waiting,
            });
        }
        if progress.changed().await.is_err() {
            return Err(closed(shared));
        }
    }
}

/// Whether anything can be asked at all.
pub(super) fn ready(shared: &Shared) -> Result<(), Error> {
    if shared.is_closed() {
        return Err(closed(shared));
    }
    match shared.status().state {
        SyncState::NotSignedIn => Err(Error::NotSignedIn),
        SyncState::SignInAgain => Err(Error::SignInAgain),
        SyncState::Removed => Err(Error::Removed),
        _ => Ok(()),
    }
}

/// Why a question had no answer, as far as a caller does something different.
fn error_of(shared: &Shared, error: &RequestError, address: String) -> Error {
    if let RequestError::Problem(problem) = error {
        match problem.kind() {
            Some(ProblemKind::WrongPassword) => return Error::WrongPassword,
            Some(ProblemKind::ChooseShop) => return Error::ChooseShop { shops: problem.shops.clone() },
            Some(ProblemKind::SignInAgain) => return Error::SignInAgain,
            Some(ProblemKind::DeviceRemoved) => return Error::Removed,
            _ => {}
        }
    }
    error_of_failure(shared, Failure::of(error), address)
}

fn error_of_failure(shared: &Shared, failure: Failure, address: String) -> Error {
    match failure {
        Failure::Unreachable => Error::Unreachable { address },
        Failure::ServerTooOld => Error::ServerTooOld,
        Failure::AppTooOld => Error::AppTooOld,
        Failure::Busy => Error::Busy,
        Failure::DiskFull => Error::DiskFull,
        Failure::DiskReadOnly => Error::DiskReadOnly,
        Failure::Storage { said } => Error::Storage { reason: said },
        other => Error::Other { reason: other.words(shared.lang) },
    }
}

fn closed(shared: &Shared) -> Error {
    Error::Other { reason: shopbell_l10n::trouble_closed(shared.lang) }
}

fn address(shared: &Shared) -> String {
    shared.account().map(|account| account.server).unwrap_or_default()
}

pub(super) async fn on_runtime<T: Send + 'static>(
    app: &App,
    runner: &Runner,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let broken_off = || Error::Other { reason: shopbell_l10n::trouble_broken_off(app.shared().lang) };
    runner.spawn(work).await.unwrap_or_else(|_| Err(broken_off()))
}
