//! What every handler and worker shares.

use std::fs::File;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use crate::auth::{Passwords, ServerKey};
use crate::channel::Channels;
use crate::config::Config;
use crate::env::ServerEnv;
use crate::http::Limiter;
use crate::live::Hub;
use crate::outgoing::OutgoingWorker;
use crate::serve::{self, StartError};
use crate::storage::{Kinds, Storage};

/// The most WebSockets at the same time.
const SOCKETS_LIMIT: usize = 20_000;

/// What every handler and worker shares. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of an [`AppState`].
pub struct Parts {
    /// What whoever runs the server decided.
    pub config: Config,
    /// The time, randomness and waiting.
    pub env: Arc<dyn ServerEnv>,
    /// What the server remembers.
    pub storage: Arc<dyn Storage>,
    /// The channels.
    pub channels: Channels,
    /// Who waits for news.
    pub hub: Arc<Hub>,
    pub(crate) kinds: Arc<Kinds>,
    pub(crate) key: ServerKey,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Limiter,
    pub(crate) sockets: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
    /// Held as long as this process serves from the data folder.
    _data_folder: File,
}

impl std::ops::Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl AppState {
    /// Takes the data folder, opens what is in it and recovers deliveries that were under way when it was last used.
    ///
    /// # Errors
    /// When the folder is in use, cannot be used, or was written by a newer server.
    pub async fn open(config: Config, env: Arc<dyn ServerEnv>) -> Result<Self, StartError> {
        let data_folder = serve::take_data_folder(&config.data_dir)?;
        let key = serve::load_key(&config.data_dir, &*env)?;
        let hub = Arc::new(Hub::default());
        let storage = serve::open_storage(&config, &*env, hub.clone(), false)?;
        let channels = Channels::new(&storage, &config.extra_channels);
        storage.recover_outgoing(channels.deduping(), env.now()).await.map_err(StartError::from)?;
        Ok(Self(Arc::new(Parts {
            kinds: Arc::new(channels.kinds()),
            passwords: Passwords::new(config.password_cost),
            limiter: Limiter::default(),
            sockets: Arc::new(Semaphore::new(SOCKETS_LIMIT)),
            stopping: watch::Sender::new(false),
            _data_folder: data_folder,
            config,
            env,
            storage,
            channels,
            hub,
            key,
        })))
    }

    /// The worker that hands messages to the channels.
    pub fn outgoing_worker(&self) -> OutgoingWorker {
        let due = self.hub.outgoing_due();
        OutgoingWorker::new(self.storage.clone(), self.channels.clone(), self.env.clone(), due)
    }

    /// Asks everything that waits to come to an end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Returns when no WebSocket is open any more.
    pub(crate) async fn sockets_closed(&self) {
        drop(self.sockets.acquire_many(SOCKETS_LIMIT as u32).await);
    }

    /// Turns true when the server stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}
