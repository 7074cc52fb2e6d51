//! One WebSocket, whoever is at its other end: the hello, the pings, the deadlines.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shopbell_domain::sync::ProblemKind;
use shopbell_domain::time::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Subscription, Topic};
use crate::env::ServerEnv;
use crate::http::{Answer, HttpProblem};
use crate::state::AppState;

/// The largest frame that is read, in bytes: a hello with a token.
const FRAME_LIMIT_BYTES: usize = 4 * 1_024;
/// How long the hello may take, in milliseconds.
const HELLO_TIMEOUT_MS: u64 = 10_000;
/// How often the other end is asked whether it is there, in milliseconds. It must answer before the next time.
const PING_EVERY_MS: u64 = 30_000;
/// How long a frame may take to be taken by the network, in milliseconds.
const SEND_TIMEOUT_MS: u64 = 10_000;
/// The server stops.
const CLOSE_GOING_AWAY: u16 = 1_001;
/// The other end did not keep to the protocol.
const CLOSE_PROTOCOL: u16 = 1_002;

/// Takes a request to become a WebSocket, and serves it by `serve`.
pub(super) fn upgrade<F>(
    state: &AppState,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    serve: impl FnOnce(Socket) -> F + Send + 'static,
) -> Answer<Response>
where
    F: Future<Output = ()> + Send + 'static,
{
    let not_asked = |_| HttpProblem::because(ProblemKind::Malformed, "this path takes WebSockets only");
    let upgrade = upgrade.map_err(not_asked)?;
    let place = state.sockets.clone().try_acquire_owned().map_err(|_| HttpProblem::busy())?;
    let (env, stopping) = (state.env.clone(), state.stopping());
    let upgrade = upgrade.max_message_size(FRAME_LIMIT_BYTES).max_frame_size(FRAME_LIMIT_BYTES);
    Ok(upgrade
        .on_upgrade(move |socket| serve(Socket { socket, env, stopping, is_there: true, _place: place })))
}

/// A WebSocket that was taken.
pub(super) struct Socket {
    socket: WebSocket,
    env: Arc<dyn ServerEnv>,
    stopping: watch::Receiver<bool>,
    /// Whether anything came since the last ping.
    is_there: bool,
    _place: OwnedSemaphorePermit,
}

/// What a socket waited for.
pub(super) enum Next {
    /// These topics were poked.
    Poked(BTreeSet<Topic>),
    /// The time came that the socket was to be open for.
    Ended,
    /// The other end is gone, or the server stops.
    Gone,
}

impl Socket {
    /// The first frame. `None` when none came in time or it was another one; the socket is then closed.
    pub(super) async fn hello<T: DeserializeOwned>(&mut self) -> Option<T> {
        let frame = tokio::select! {
            frame = self.socket.recv() => frame,
            () = self.env.sleep_ms(HELLO_TIMEOUT_MS) => None,
            () = stopped(&mut self.stopping) => None,
        };
        let hello = match frame {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).ok(),
            _ => None,
        };
        if hello.is_none() {
            self.close(CLOSE_PROTOCOL).await;
        }
        hello
    }

    /// Sends a frame. `false` when the other end is gone.
    pub(super) async fn send(&mut self, frame: &impl Serialize) -> bool {
        let Ok(text) = serde_json::to_string(frame) else { return false };
        self.send_message(Message::text(text)).await
    }

    async fn send_message(&mut self, message: Message) -> bool {
        tokio::select! {
            sent = self.socket.send(message) => sent.is_ok(),
            () = self.env.sleep_ms(SEND_TIMEOUT_MS) => false,
        }
    }

    /// Says goodbye.
    pub(super) async fn close(&mut self, code: u16) {
        self.send_message(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
    }

    /// Waits for pokes, until `open_until` if there is such a time.
    pub(super) async fn next(&mut self, pokes: &Subscription, open_until: Option<Timestamp>) -> Next {
        loop {
            let left_ms = open_until.map(|end| u64::try_from(end.since_ms(self.env.now())).unwrap_or(0));
            if left_ms == Some(0) {
                return Next::Ended;
            }
            let wait_ms = left_ms.unwrap_or(u64::MAX).min(PING_EVERY_MS);
            tokio::select! {
                poked = pokes.poked() => return Next::Poked(poked),
                frame = self.socket.recv() => match frame {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Next::Gone,
                    Some(Ok(_)) => self.is_there = true,
                },
                () = self.env.sleep_ms(wait_ms) => {
                    if wait_ms == PING_EVERY_MS && !self.ping().await {
                        return Next::Gone;
                    }
                }
                () = stopped(&mut self.stopping) => {
                    self.close(CLOSE_GOING_AWAY).await;
                    return Next::Gone;
                }
            }
        }
    }

    /// Asks whether the other end is there. `false` when it did not answer the last time.
    async fn ping(&mut self) -> bool {
        std::mem::take(&mut self.is_there) && self.send_message(Message::Ping(Vec::new().into())).await
    }
}

/// Returns when the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stopping| *stopping).await);
}
