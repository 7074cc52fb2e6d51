//! The live connection: says who it is in its first frame, then turns pokes into events. It carries no data, so losing
//! it loses nothing: the engine pulls every minute anyway.

use std::sync::{Arc, Weak};

use futures_util::{SinkExt, StreamExt};
use rustls::ClientConfig;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, connect_async_tls_with_config};

use shopbell_domain::sync::live::CLOSE_TOKEN_ENDED;
use shopbell_domain::sync::{BODY_LIMIT_BYTES, LiveFromPhone, LiveFromServer};

use super::{Sink, hand};
use crate::env::wait_ms;
use crate::sync::{Event, Token};

/// How long the connection may take to come up, in milliseconds.
const CONNECT_LIMIT_MS: u64 = 10_000;
/// After so much silence the server is asked for a sign of life; after as much again the connection is given up. In
/// milliseconds. Networks drop idle connections without a word.
const SILENCE_LIMIT_MS: u64 = 30_000;

/// The live connection's address at this server.
pub(super) fn address(server: &str) -> String {
    // `http` becomes `ws`, `https` becomes `wss`.
    format!("{}/v1/live", server.replacen("http", "ws", 1))
}

/// Holds a connection until it ends, and says so.
pub(super) async fn run(
    number: u64,
    url: String,
    token: Token,
    tls: Arc<ClientConfig>,
    sink: Weak<dyn Sink>,
) {
    let token_ended = hold(number, &url, token, tls, &sink).await == Ended::TokenEnded;
    hand(&sink, Event::LiveClosed { number, token_ended });
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    TokenEnded,
    Lost,
}

async fn hold(number: u64, url: &str, token: Token, tls: Arc<ClientConfig>, sink: &Weak<dyn Sink>) -> Ended {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(BODY_LIMIT_BYTES))
        .max_frame_size(Some(BODY_LIMIT_BYTES));
    let connecting = connect_async_tls_with_config(url, Some(limits), true, Some(Connector::Rustls(tls)));
    let mut socket = tokio::select! {
        connected = connecting => match connected {
            Ok((socket, _)) => socket,
            Err(_) => return Ended::Lost,
        },
        () = wait_ms(CONNECT_LIMIT_MS) => return Ended::Lost,
    };
    let hello = serde_json::to_string(&LiveFromPhone::Hello { token: token.0 })
        .expect("a frame is a struct of strings");
    if socket.send(Message::text(hello)).await.is_err() {
        return Ended::Lost;
    }
    let mut asked_for_life = false;
    loop {
        let frame = tokio::select! {
            frame = socket.next() => frame,
            () = wait_ms(SILENCE_LIMIT_MS) => {
                if asked_for_life || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return Ended::Lost;
                }
                asked_for_life = true;
                continue;
            }
        };
        asked_for_life = false;
        match frame {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(LiveFromServer::Ready) => hand(sink, Event::LiveReady(number)),
                Ok(LiveFromServer::Poke { .. }) => hand(sink, Event::LivePoked(number)),
                // A scope or a frame that only a newer server knows: something changed, so ask.
                Ok(LiveFromServer::Other) | Err(_) => hand(sink, Event::LivePoked(number)),
            },
            Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) == CLOSE_TOKEN_ENDED => {
                return Ended::TokenEnded;
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ended::Lost,
            Some(Ok(_)) => {}
        }
    }
}
