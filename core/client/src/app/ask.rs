//! The methods of an app that wait for the server. Each spawns its work on the core's own runtime and awaits it: a
//! caller who gives up (a cancelled coroutine drops the future) stops waiting, not the work.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::oneshot;

use shopbell_domain::ids::{ConversationId, ShopId};
use shopbell_domain::sync::{DeviceInfo, Problem, ProblemKind, SignIn};

use super::core::ensure_device;
use super::{App, SyncReport};
use crate::account::Account;
use crate::conversation::{self, Earlier};
use crate::error::Error;
use crate::runner::{Runner, server_address};
use crate::status::SyncState;
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
    let before = app.account();
    let Some(runner) = &app.handle.runner else {
        return Err(Error::Unreachable { address: server });
    };
    let http = runner.http();
    on_runtime(runner, async move {
        let answer = http.sign_in(&server, &ask).await.map_err(|error| sign_in_error(error, &server))?;
        if let Some(before) = before
            && (before.shop.id, before.staff.id) != (answer.shop.id, answer.staff.id)
        {
            return Err(Error::OtherAccount { name: before.staff.name });
        }
        shared.set_server(&server);
        shared.dispatch(Event::SignedIn { server, answer: Box::new(answer) });
        shared.dispatch(Event::Started);
        Ok(())
    })
    .await?;
    app.account().ok_or_else(|| Error::Storage { reason: "the account could not be stored.".to_owned() })
}

pub(super) async fn load_earlier(app: &App, id: ConversationId) -> Result<(), Error> {
    let answered = {
        let mut core = app.shared().lock();
        let core = &mut *core;
        let store = core.store.as_ref().ok_or(crate::error::StoreError::Closed)?;
        let window = core.views.window(id);
        let (held, earlier) = store.read(|from| {
            let held = crate::store::head(from, id)?.is_some();
            Ok((held, conversation::earlier(from, id, window)?))
        })?;
        if !held {
            return Err(Error::NotFound { id: id.to_string() });
        }
        match earlier {
            Earlier::None => return Ok(()),
            Earlier::Held => {
                core.views.grow(store, id);
                return Ok(());
            }
            Earlier::Ask { before } => {
                let (answer, answered) = oneshot::channel();
                core.waiting_for_history.entry(id).or_default().push(answer);
                app.shared().dispatch_in(core, Event::LoadEarlier { conversation: id, before });
                answered
            }
        }
    };
    match answered.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(no_answer(app, error)),
        Err(_) => Err(Error::Other { reason: "the app was closed.".to_owned() }),
    }
}

pub(super) async fn sync(app: &App) -> Result<SyncReport, Error> {
    ready(app)?;
    let Some(runner) = &app.handle.runner else {
        return Err(no_answer(app, RequestError::Unreachable));
    };
    let app = app.clone();
    on_runtime(runner, async move {
        let mut progress = app.shared().progress();
        let (was_running, begun) = {
            let mut core = app.shared().lock();
            let was_running = core.engine.is_running();
            let begun = progress.borrow_and_update().clone();
            app.shared().dispatch_in(&mut core, if was_running { Event::SyncNow } else { Event::Started });
            (was_running, begun)
        };
        let outcome = loop {
            let now = progress.borrow_and_update().clone();
            if now.failures > begun.failures {
                break Err(failed(&app, now.last_failure));
            }
            if let Err(error) = ready(&app) {
                break Err(error);
            }
            // A pull that was under way before may have been answered without the newest change.
            if now.complete_pull > begun.newest_request && now.idle {
                break Ok(SyncReport {
                    accepted: now.accepted - begun.accepted,
                    refused: now.refused - begun.refused,
                    waiting: app.status().waiting,
                });
            }
            if progress.changed().await.is_err() {
                break Err(Error::Other { reason: "the app was closed.".to_owned() });
            }
        };
        if !was_running {
            app.stop();
        }
        outcome
    })
    .await
}

/// Whether anything can be asked at all.
fn ready(app: &App) -> Result<(), Error> {
    match app.status().state {
        SyncState::NotSignedIn => Err(Error::NotSignedIn),
        SyncState::SignInAgain => Err(Error::SignInAgain),
        SyncState::Removed => Err(Error::Removed),
        _ => Ok(()),
    }
}

fn no_answer(app: &App, error: RequestError) -> Error {
    if let Err(error) = ready(app) {
        return error;
    }
    let address = address(app);
    match error {
        RequestError::Unreachable => Error::Unreachable { address },
        RequestError::Problem(problem) => problem_error(&problem),
        RequestError::Garbled => unreadable(),
    }
}

fn failed(app: &App, failure: Option<Failure>) -> Error {
    match failure {
        Some(Failure::ServerTooOld) => Error::ServerTooOld,
        Some(Failure::AppTooOld) => Error::AppTooOld,
        Some(Failure::Busy) => Error::Busy,
        Some(Failure::Other(reason)) => Error::Other { reason },
        Some(Failure::Unreachable) | None => Error::Unreachable { address: address(app) },
    }
}

fn sign_in_error(error: RequestError, server: &str) -> Error {
    match error {
        RequestError::Unreachable => Error::Unreachable { address: server.to_owned() },
        RequestError::Problem(problem) => problem_error(&problem),
        RequestError::Garbled => unreadable(),
    }
}

fn problem_error(problem: &Problem) -> Error {
    match problem.kind() {
        Some(ProblemKind::WrongPassword) => Error::WrongPassword,
        Some(ProblemKind::ChooseShop) => Error::ChooseShop { shops: problem.shops.clone() },
        Some(ProblemKind::SignInAgain) => Error::SignInAgain,
        Some(ProblemKind::DeviceRemoved) => Error::Removed,
        Some(ProblemKind::ProtocolTooNew) => Error::ServerTooOld,
        Some(ProblemKind::SlowDown | ProblemKind::Busy) => Error::Busy,
        Some(kind) => Error::Other { reason: format!("{}.", kind.title()) },
        None if problem.is_ours() => Error::AppTooOld,
        None => Error::Other { reason: format!("the server answered {} {}.", problem.status, problem.title) },
    }
}

fn unreadable() -> Error {
    Error::Other { reason: "what answered there is no Shopbell server.".to_owned() }
}

fn address(app: &App) -> String {
    app.account().map(|account| account.server).unwrap_or_default()
}

async fn on_runtime<T: Send + 'static>(
    runner: &Runner,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    match runner.spawn(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Error::Other { reason: format!("it was broken off: {error}.") }),
    }
}
