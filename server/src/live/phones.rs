//! `WS /v1/live`: a phone is poked for the scopes that it is granted.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use shopbell_domain::sync::live::CLOSE_TOKEN_ENDED;
use shopbell_domain::sync::{LiveFromPhone, LiveFromServer, PullRequest, Scope};
use shopbell_domain::time::Timestamp;

use super::socket::{self, Next, Socket};
use super::{Subscription, Topic};
use crate::http::{Answer, identify};
use crate::state::AppState;
use crate::storage::Pull;

/// `WS /v1/live`
pub(crate) async fn staff(
    State(state): State<AppState>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let serving = state.clone();
    socket::upgrade(&state, upgrade, |socket| serve(serving, socket))
}

async fn serve(state: AppState, mut socket: Socket) {
    let Some(LiveFromPhone::Hello { token }) = socket.hello().await else { return };
    let Some((mut pokes, ends_at)) = join(&state, &token).await else {
        return socket.close(CLOSE_TOKEN_ENDED).await;
    };
    if !socket.send(&LiveFromServer::Ready).await {
        return;
    }
    loop {
        let mut poked = match socket.next(&pokes, Some(ends_at)).await {
            Next::Poked(poked) => poked,
            Next::Ended => return socket.close(CLOSE_TOKEN_ENDED).await,
            Next::Gone => return,
        };
        if poked.iter().any(is_about_the_person) {
            let Some((again, _)) = join(&state, &token).await else {
                return socket.close(CLOSE_TOKEN_ENDED).await;
            };
            poked.extend(std::mem::replace(&mut pokes, again).poked_by_now());
        }
        if !socket.send(&LiveFromServer::Poke { scopes: scopes(&poked) }).await {
            return;
        }
    }
}

/// Waits for the scopes that the owner of this token is granted now. `None` when the token ended.
async fn join(state: &AppState, token: &str) -> Option<(Subscription, Timestamp)> {
    let (caller, ends_at) = identify(state, token).await.ok()?;
    let shop = caller.shop;
    let request = PullRequest {
        epoch: state.storage.epoch(),
        scopes: Vec::new(),
        limit: 1,
        wait_ms: 0,
        checksums: false,
    };
    let answer = state.storage.pull(Pull { caller, request }).await.ok()?;
    let topics = answer.granted.iter().map(|grant| Topic::Scope(shop, grant.scope)).collect();
    Some((state.hub.subscribe(topics), ends_at))
}

/// Whether permissions may have changed, the session ended, the device or the person gone.
fn is_about_the_person(topic: &Topic) -> bool {
    matches!(topic, Topic::Scope(_, Scope::Shop | Scope::User(_) | Scope::Device(_)))
}

fn scopes(poked: &BTreeSet<Topic>) -> Vec<Scope> {
    let scope = |topic: &Topic| match topic {
        Topic::Scope(_, scope) => Some(*scope),
        Topic::Chat(_) => None,
    };
    poked.iter().filter_map(scope).collect()
}
