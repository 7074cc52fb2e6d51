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

const STAFF: &str = "/v1";
const WEB_CHAT: &str = "/chat/v1";

/// A router and the list of what it opens, so that no door is open that is not on the list.
macro_rules! doors {
    ($router:ident, $list:ident: $($method:ident $path:literal => $handler:path),+ $(,)?) => {
        fn $router() -> Router<AppState> {
            Router::new()$(.route($path, $method($handler)))+
        }

        const $list: &[(&str, &str)] = &[$((stringify!($method), $path)),+];
    };
}

doors! { staff, STAFF_DOORS:
    get "/openapi.json" => pages::openapi,
    post "/sessions" => sessions::sign_in,
    post "/sessions/refresh" => sessions::refresh,
    delete "/sessions/current" => sessions::sign_out,
    post "/push" => sync::push,
    post "/pull" => sync::pull,
    post "/search" => search::search,
    put "/drafts/{conversation}" => drafts::put,
    get "/scopes/{scope}/snapshot" => sync::snapshot,
    get "/conversations/{id}/messages" => sync::history,
    get "/live" => live::staff,
}

doors! { web_chat, WEB_CHAT_DOORS:
    get "/shop" => chat::shop,
    post "/sessions" => chat::begin,
    get "/events" => chat::events,
    post "/messages" => chat::post,
    post "/presence" => chat::presence,
    get "/live" => live::chat,
}

doors! { other, OTHER_DOORS:
    get "/healthz" => health,
    get "/widget.js" => pages::widget,
    get "/widget/{file}" => pages::words,
    get "/favicon.ico" => pages::icon,
    get "/shop/" => pages::shop,
    get "/shop/kettle" => pages::kettle,
    get "/shop/shop.css" => pages::style,
}

/// Every door: its method in lower case, and its path with `{}` around what varies.
pub fn doors() -> Vec<(&'static str, String)> {
    [(STAFF, STAFF_DOORS), (WEB_CHAT, WEB_CHAT_DOORS), ("", OTHER_DOORS)]
        .into_iter()
        .flat_map(|(root, doors)| doors.iter().map(move |(method, path)| (*method, format!("{root}{path}"))))
        .collect()
}

/// The whole server as a service that needs no socket.
pub fn app(state: AppState) -> Router {
    let web_chat = web_chat()
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), cors::web_chat));
    Router::new()
        .nest(STAFF, staff().layer(from_fn(around::protocol)))
        .nest(WEB_CHAT, web_chat)
        .merge(other())
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
