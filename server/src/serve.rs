//! A running server: taking the data folder, listening, and stopping without losing what was accepted.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shopbell_domain::env::Env;
use shopbell_domain::ids::EpochId;
use shopbell_l10n::{self as l10n, Lang};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::admin::Admin;
use crate::auth::ServerKey;
use crate::config::Config;
use crate::env::ServerEnv;
use crate::http::app;
use crate::retention;
use crate::state::AppState;
use crate::storage::sqlite::{REVOCATIONS_FILE, SqliteOptions, SqliteStorage};
use crate::storage::{CommitListener, OperationError, Storage, StorageError};

pub(crate) const DATABASE_FILE: &str = "shopbell.db";
const LOCK_FILE: &str = "shopbell.lock";
/// How long requests and deliveries that are under way may take to end, in milliseconds.
const STOP_TIMEOUT_MS: u64 = 10_000;

/// Why a server does not start. Its text says what to do.
#[derive(Debug)]
pub enum StartError {
    /// Another process listens on this address.
    PortInUse {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Another server uses the data folder.
    DataFolderInUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The data folder cannot be made, read or written.
    DataFolder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be used; a newer schema is one reason.
    Storage(StorageError),
}

impl StartError {
    /// What whoever started the server is told.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            StartError::PortInUse { address } => l10n::server_port_in_use(lang, address.to_string()),
            StartError::Listen { address, source } => {
                l10n::server_cannot_listen(lang, address.to_string(), source.to_string())
            }
            StartError::DataFolderInUse { folder } => {
                l10n::server_data_folder_in_use(lang, folder.display().to_string())
            }
            StartError::DataFolder { folder, source } => {
                l10n::server_data_folder(lang, folder.display().to_string(), source.to_string())
            }
            StartError::Storage(error) => error.words(lang),
        }
    }
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Listen { source, .. } | StartError::DataFolder { source, .. } => Some(source),
            StartError::Storage(error) => Some(error),
            StartError::PortInUse { .. } | StartError::DataFolderInUse { .. } => None,
        }
    }
}

impl From<OperationError> for StartError {
    fn from(error: OperationError) -> Self {
        StartError::Storage(match error {
            OperationError::Storage(error) => error,
            OperationError::Denied(error) => StorageError::other(error),
        })
    }
}

/// A server that listens. Dropping it ends it without waiting for what is under way; nothing that was answered is
/// lost by it.
pub struct Server {
    state: AppState,
    address: SocketAddr,
    /// Listening and delivering.
    tasks: JoinSet<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop();
    }
}

impl Server {
    /// Opens the data folder and begins to listen and to deliver.
    ///
    /// # Errors
    /// When the port or the folder is in use, or the database cannot be used.
    pub async fn start(config: Config, env: Arc<dyn ServerEnv>) -> Result<Server, StartError> {
        let listen = config.listen;
        // The folder first: two servers must not both believe that they recover what was under way.
        let state = AppState::open(config, env).await?;
        let listener = TcpListener::bind(listen).await.map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => StartError::PortInUse { address: listen },
            _ => StartError::Listen { address: listen, source },
        })?;
        let address =
            listener.local_addr().map_err(|source| StartError::Listen { address: listen, source })?;
        let service = app(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let mut stopping = state.stopping();
        let until_stopped = async move {
            drop(stopping.wait_for(|stopping| *stopping).await);
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let served = axum::serve(listener, service).with_graceful_shutdown(until_stopped).await;
            if let Err(error) = served {
                tracing::error!(%error, "the server stopped listening");
            }
        });
        tasks.spawn(state.outgoing_worker().run(state.stopping()));
        tasks.spawn(retention::run(state.clone(), state.stopping()));
        tracing::info!(%address, "listening");
        Ok(Server { state, address, tasks })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the server remembers.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.state.storage
    }

    /// What every handler and worker shares.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Sets up shops and staff in the running server.
    pub fn admin(&self) -> Admin {
        Admin::of(&self.state)
    }

    /// Stops: takes no new connections, finishes the requests and deliveries that are under way within ten seconds,
    /// writes everything to the main file.
    ///
    /// # Errors
    /// When the database could not be closed in order. Nothing that was answered is lost by it.
    pub async fn stop(mut self) -> Result<(), StorageError> {
        tracing::info!("stopping");
        let state = self.state.clone();
        state.stop();
        let under_way = async {
            while self.tasks.join_next().await.is_some() {}
            state.sockets_closed().await;
        };
        tokio::select! {
            () = under_way => {}
            () = state.env.sleep_ms(STOP_TIMEOUT_MS) => tracing::warn!("something under way did not end in time"),
        }
        self.tasks.abort_all();
        let closed = state.storage.close().await;
        tracing::info!("stopped");
        closed
    }
}

/// Makes the data folder and marks it as in use by this process, until the answer is dropped.
pub(crate) fn take_data_folder(folder: &Path) -> Result<File, StartError> {
    let failed = |source| StartError::DataFolder { folder: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    let file = options.open(folder.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::DataFolderInUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

pub(crate) fn load_key(folder: &Path, env: &(impl Env + ?Sized)) -> Result<ServerKey, StartError> {
    ServerKey::load_or_create(folder, env)
        .map_err(|source| StartError::DataFolder { folder: folder.to_owned(), source })
}

/// Opens the database of a data folder; `is_shared` when a running server may have it open.
pub(crate) fn open_storage(
    config: &Config,
    env: &(impl Env + ?Sized),
    listener: Arc<dyn CommitListener>,
    is_shared: bool,
) -> Result<Arc<dyn Storage>, StartError> {
    let storage = SqliteStorage::open(SqliteOptions {
        path: config.data_dir.join(DATABASE_FILE),
        revocations: config.data_dir.join(REVOCATIONS_FILE),
        limit_pages: config.database_limit_pages,
        vfs: config.vfs.clone(),
        mode: config.storage_mode,
        is_shared,
        new_epoch: EpochId::new(env),
        listener,
    });
    Ok(Arc::new(storage.map_err(StartError::Storage)?))
}
