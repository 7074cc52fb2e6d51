//! The server's doors over HTTP: `/v1` for staff's phones, `/chat/v1` for the web chat, and what a browser loads.
//!
//! A handler reads what it was sent, asks one storage operation and answers; what may be is decided in the domain and
//! in the operation's transaction. `docs/protocol.md` is the page for others.

mod around;
mod body;
mod caller;
mod chat;
mod cors;
mod drafts;
mod language;
mod pages;
mod problem;
mod rate;
mod search;
mod sessions;
mod sync;
mod wait;

use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post, put};
use shopbell_domain::sync::ProblemKind;

pub(crate) use caller::identify;
pub(crate) use chat::identify as identify_chat;
pub(crate) use problem::{Answer, HttpProblem};
pub(crate) use rate::Limiter;

use crate::live;
use crate::state::AppState;

/// The whole server as a service that needs no socket.
pub fn app(state: AppState) -> Router {
    let staff = Router::new()
        .route("/sessions", post(sessions::sign_in))
        .route("/sessions/refresh", post(sessions::refresh))
        .route("/sessions/current", delete(sessions::sign_out))
        .route("/push", post(sync::push))
        .route("/pull", post(sync::pull))
        .route("/search", post(search::search))
        .route("/drafts/{conversation}", put(drafts::put))
        .route("/scopes/{scope}/snapshot", get(sync::snapshot))
        .route("/conversations/{id}/messages", get(sync::history))
        .route("/live", get(live::staff))
        .layer(from_fn(around::protocol));
    let web_chat = Router::new()
        .route("/shop", get(chat::shop))
        .route("/sessions", post(chat::begin))
        .route("/events", get(chat::events))
        .route("/messages", post(chat::post))
        .route("/presence", post(chat::presence))
        .route("/live", get(live::chat))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), cors::web_chat));
    Router::new()
        .nest("/v1", staff)
        .nest("/chat/v1", web_chat)
        .route("/healthz", get(health))
        .route("/widget.js", get(pages::widget))
        .route("/widget/{file}", get(pages::words))
        .route("/favicon.ico", get(pages::icon))
        .route("/shop/", get(pages::shop))
        .route("/shop/kettle", get(pages::kettle))
        .route("/shop/shop.css", get(pages::style))
        .fallback(async || HttpProblem::new(ProblemKind::NotFound))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(around::careful))
        .layer(from_fn_with_state(state.clone(), around::log))
        .layer(from_fn(language::speak))
        .with_state(state)
}

async fn method_not_allowed() -> HttpProblem {
    HttpProblem::new(ProblemKind::MethodNotAllowed)
}

/// `GET /healthz`: whether the database answers.
async fn health(State(state): State<AppState>) -> Answer<&'static str> {
    state.storage.check().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        HttpProblem::busy()
    })?;
    Ok("ok\n")
}
