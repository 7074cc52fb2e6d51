//! `WS /chat/v1/live`: a browser is poked when it has a new event.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use shopbell_domain::sync::live::CLOSE_TOKEN_ENDED;

use super::Topic;
use super::socket::{self, Next, Socket};
use crate::chat::{LiveFromBrowser, LiveToBrowser};
use crate::http::{Answer, identify_chat};
use crate::state::AppState;

/// `WS /chat/v1/live`
pub(crate) async fn chat(
    State(state): State<AppState>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let serving = state.clone();
    socket::upgrade(&state, upgrade, |socket| serve(serving, headers, socket))
}

async fn serve(state: AppState, headers: HeaderMap, mut socket: Socket) {
    let Some(LiveFromBrowser::Hello { token }) = socket.hello().await else { return };
    let Ok(caller) = identify_chat(&state, &headers, &token).await else {
        return socket.close(CLOSE_TOKEN_ENDED).await;
    };
    let pokes = state.hub.subscribe(BTreeSet::from([Topic::Chat(caller.session)]));
    let mut goes_on = socket.send(&LiveToBrowser::Ready).await;
    while goes_on {
        goes_on = match socket.next(&pokes, None).await {
            Next::Poked(_) => socket.send(&LiveToBrowser::Poke).await,
            Next::Ended | Next::Gone => false,
        };
    }
}
