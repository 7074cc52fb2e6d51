//! The live connection: pokes, never data. A poke that is lost changes nothing, since phones pull every minute anyway.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::scope::Scope;

/// A frame from a phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveFromPhone {
    /// The first frame: who it is. The token stands here, never in the URL.
    Hello {
        /// The access token.
        token: String,
    },
}

impl fmt::Debug for LiveFromPhone {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hello")
    }
}

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveFromServer {
    /// The token was good; pokes follow.
    Ready,
    /// Something changed in these scopes: pull.
    Poke {
        /// Those of this device's scopes that changed.
        scopes: Vec<Scope>,
    },
    /// From a newer server; passed over.
    #[serde(other)]
    Other,
}

/// The WebSocket close code when the token ended: refresh it and connect again.
pub const CLOSE_TOKEN_ENDED: u16 = 4401;
