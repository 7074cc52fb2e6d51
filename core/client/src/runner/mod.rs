//! The thin part that touches the network: performs the engine's effects and hands back what came of them.
//!
//! It decides nothing and keeps nothing. It owns the runtime on which everything asynchronous of the core runs, so
//! that callers may use any executor or none; each task ends by itself or is aborted by `stop`.

mod http;
mod live;
mod tls;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::runtime::{Builder, Runtime};
use tokio::task::{AbortHandle, JoinHandle};

use shopbell_domain::env::Env;

pub(crate) use http::{Http, server_address};

use crate::env::wait_ms;
use crate::error::Error;
use crate::sync::{Effect, Event, Lane, Network, Request};

/// The engine's requests are few at a time; one thread writes to disk while the other one listens.
const WORKER_THREADS: usize = 2;

/// Whoever takes events.
pub(crate) trait Sink: Send + Sync {
    /// Takes one.
    fn take(&self, event: Event);
}

/// Performs effects.
pub(crate) struct Runner {
    runtime: Mutex<Option<Runtime>>,
    handle: tokio::runtime::Handle,
    http: Http,
    server: Mutex<String>,
    tasks: Mutex<Tasks>,
    sink: Weak<dyn Sink>,
    env: Arc<dyn Env>,
}

/// What is to be aborted when another takes its place.
#[derive(Default)]
struct Tasks {
    timers: BTreeMap<Lane, AbortHandle>,
    live: Option<AbortHandle>,
}

impl Runner {
    /// A runner that hands events to `sink` for as long as that lives.
    pub(crate) fn new(sink: Weak<dyn Sink>, env: Arc<dyn Env>) -> Result<Runner, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKER_THREADS)
            .thread_name("shopbell-runner")
            .enable_all()
            .build()
            .map_err(|error| Error::Other { reason: error.to_string() })?;
        Ok(Runner {
            handle: runtime.handle().clone(),
            runtime: Mutex::new(Some(runtime)),
            http: Http::new()?,
            server: Mutex::new(String::new()),
            tasks: Mutex::new(Tasks::default()),
            sink,
            env,
        })
    }

    pub(crate) fn http(&self) -> Http {
        self.http.clone()
    }

    /// Runs something on the core's own runtime.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.handle.spawn(work)
    }

    fn send(&self, request: Request) {
        let (http, server, sink) = (self.http.clone(), lock(&self.server).clone(), Weak::clone(&self.sink));
        self.spawn(async move {
            let result = http.call(&server, &request).await;
            hand(&sink, Event::Answered { id: request.id, result });
        });
    }

    fn replace_live(&self, task: Option<AbortHandle>) {
        if let Some(before) = std::mem::replace(&mut lock(&self.tasks).live, task) {
            before.abort();
        }
    }
}

impl Network for Runner {
    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Send(request) => self.send(request),
            Effect::OpenLive { number, token } => {
                let url = live::address(&lock(&self.server));
                let tls = self.http.tls();
                let sink = Weak::clone(&self.sink);
                let task = self.spawn(live::run(number, url, token, tls, sink));
                self.replace_live(Some(task.abort_handle()));
            }
            Effect::CloseLive => self.replace_live(None),
            Effect::SetTimer { id, at } => {
                let wait = u64::try_from(at.since_ms(self.env.now())).unwrap_or(0);
                let sink = Weak::clone(&self.sink);
                let task = self.spawn(async move {
                    wait_ms(wait).await;
                    hand(&sink, Event::TimerFired(id));
                });
                if let Some(before) = lock(&self.tasks).timers.insert(id, task.abort_handle()) {
                    before.abort();
                }
            }
            Effect::Changed(_) | Effect::HistoryDone { .. } | Effect::SearchDone { .. } => {} // not of the network
        }
    }

    fn set_server(&self, address: &str) {
        address.clone_into(&mut lock(&self.server));
    }

    /// May be called from anywhere, a task among them.
    fn stop(&self) {
        if let Some(runtime) = lock(&self.runtime).take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop();
    }
}

fn hand(sink: &Weak<dyn Sink>, event: Event) {
    if let Some(sink) = sink.upgrade() {
        sink.take(event);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
