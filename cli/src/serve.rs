//! `shopbell serve`: the server, until it is told to stop.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::ArgMatches;
use shopbell_l10n::{self as words, Lang};
use shopbell_server::storage::StorageError;
use shopbell_server::{Config, Server, SystemEnv};

use crate::failure::{FAILED, Failure, Told, told};
use crate::terminal::Terminal;

/// Serves until the process gets SIGINT or SIGTERM, then finishes what it accepted.
pub async fn run(terminal: &Terminal, args: &ArgMatches) -> Result<(), Failure> {
    let data = args.get_one::<PathBuf>("data").cloned().unwrap_or_default();
    let listen = listen_address(args);
    let mut config = Config::new(data, listen);
    config.public_url = args.get_one::<String>("public-url").cloned();
    config.trusted_proxies =
        args.get_many::<IpAddr>("trusted-proxy").into_iter().flatten().copied().collect();
    config.demo_shop = args.get_one::<String>("demo-shop").cloned();
    log_to_stderr(args.get_flag("log-json"));
    let server = start(terminal, config).await?;
    terminal.line(&words::serve_listening(terminal.lang, url(&server)));
    stop_signal().await;
    server.stop().await.map_err(told(terminal))
}

/// Starts a server, or says why it does not start.
pub async fn start(terminal: &Terminal, config: Config) -> Result<Server, Failure> {
    Server::start(config, Arc::new(SystemEnv)).await.map_err(told(terminal))
}

impl Told for StorageError {
    fn failure(&self, lang: Lang) -> Failure {
        Failure::new(FAILED, self.words(lang))
    }
}

/// Where a server on this machine is reached.
pub fn url(server: &Server) -> String {
    format!("http://{}", server.address())
}

/// The address that `--listen` names.
pub fn listen_address(args: &ArgMatches) -> SocketAddr {
    args.get_one::<SocketAddr>("listen").copied().unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
}

/// Logs go to standard error: ids and durations, never customers' words.
pub fn log_to_stderr(as_json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SHOPBELL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if as_json { builder.json().try_init() } else { builder.try_init() };
}

/// Waits for SIGINT or SIGTERM.
pub async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
