//! What whoever runs the server decides.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::auth::PasswordCost;
use crate::channel::Channel;
use crate::storage::sqlite::Mode;

/// What whoever runs the server decides.
#[derive(Clone)]
pub struct Config {
    /// The folder that holds the database and the server's key.
    pub data_dir: PathBuf,
    /// The address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How customers and staff reach the server from outside, such as `https://chat.example.com`; its origin may
    /// embed the chat while the demo pages are on.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Serves the demo shop's pages (`/shop/`) with this public key.
    pub demo_shop: Option<String>,
    /// How expensive passwords are to guess.
    pub password_cost: PasswordCost,
    /// Channels beside the built-in ones.
    pub extra_channels: Vec<Arc<dyn Channel>>,
    /// How often one browser or address may ask.
    pub rate_limits: RateLimits,
    /// Who runs the storage's operations.
    pub storage_mode: Mode,
    /// The most pages of 4 KiB that the database may have; `None`: as many as the disk takes.
    pub database_limit_pages: Option<u32>,
    /// SQLite's name of the VFS to open the database by; `None` for the system's own.
    pub vfs: Option<String>,
}

impl Config {
    /// A server for this data folder and address, everything else as usual.
    pub fn new(data_dir: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data_dir: data_dir.into(),
            listen,
            public_url: None,
            trusted_proxies: Vec::new(),
            demo_shop: None,
            password_cost: PasswordCost::Production,
            extra_channels: Vec::new(),
            rate_limits: RateLimits::default(),
            storage_mode: Mode::Threads,
            database_limit_pages: None,
            vfs: None,
        }
    }
}

/// How often one browser or address may ask: each a bucket that holds `burst` requests and gains `per_second`.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Tries to sign in, an address.
    pub sign_in: Rate,
    /// Web-chat sessions begun, an address: a shop's visitors may share one.
    pub chat_begin: Rate,
    /// All web-chat requests, an address.
    pub chat_address: Rate,
    /// All requests of one web-chat session.
    pub chat_session: Rate,
    /// Messages of one web-chat session.
    pub chat_message: Rate,
}

/// A bucket of requests.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Requests at once.
    pub burst: u32,
    /// Requests a second in the long run.
    pub per_second: f64,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            sign_in: Rate { burst: 20, per_second: 0.2 },
            chat_begin: Rate { burst: 60, per_second: 1.0 },
            chat_address: Rate { burst: 600, per_second: 50.0 },
            chat_session: Rate { burst: 120, per_second: 4.0 },
            chat_message: Rate { burst: 30, per_second: 1.0 },
        }
    }
}
