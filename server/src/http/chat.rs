//! The web chat's endpoints: what a browser on a shop's page asks.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use shopbell_domain::ids::{SessionId, ShopId};
use shopbell_domain::sync::{Problem, ProblemKind, Scope};
use shopbell_domain::text::{self, TEXT_LIMIT_CHARS};

use super::body::{JsonBody, Params, in_range};
use super::caller::bearer;
use super::cors;
use super::problem::{Answer, HttpProblem};
use super::rate::{Address, Bucket};
use super::wait;
use crate::auth::{chat_token, hash_token, is_chat_token};
use crate::channel::from_browser;
use crate::chat::{
    BeginSession, CHAT_WAIT_LIMIT_MS, EventsAnswer, EventsQuery, Limits, MessagePosted, PageInfo,
    PostMessage, PresenceSign, PresenceState, SessionBegun, ShopAnswer,
};
use crate::live::Topic;
use crate::state::AppState;
use crate::storage::{ChatCaller, ChatShop, Denied, NewChat, OperationError, Page, Presence};

/// The longest address of a page that is kept, in Unicode scalar values.
const URL_LIMIT_CHARS: usize = 2_000;
/// The longest title of a page that is kept, in Unicode scalar values.
const TITLE_LIMIT_CHARS: usize = 200;
/// The longest language tag that is kept, in Unicode scalar values.
const LANGUAGE_LIMIT_CHARS: usize = 35;

/// A browser that showed its session's secret, on one of the shop's pages, within its rate.
pub(super) struct Browser(ChatCaller);

impl FromRequestParts<AppState> for Browser {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpProblem> {
        let (now, limits) = (state.env.now(), &state.config.rate_limits);
        let Ok(Address(address)) = Address::from_request_parts(parts, state).await;
        state.limiter.take(Bucket::ChatAddress(address), limits.chat_address, now)?;
        let token = bearer(&parts.headers).ok_or(HttpProblem::new(ProblemKind::SessionExpired))?;
        let caller = identify(state, &parts.headers, token).await?;
        state.limiter.take(Bucket::ChatSession(caller.session), limits.chat_session, now)?;
        tracing::Span::current().record("shop", tracing::field::display(caller.shop));
        Ok(Self(caller))
    }
}

/// Who shows this secret.
pub(crate) async fn identify(
    state: &AppState,
    headers: &HeaderMap,
    token: &str,
) -> Result<ChatCaller, HttpProblem> {
    let caller = state.storage.identify_chat(hash_token(token)).await.map_err(|error| match error {
        OperationError::Denied(Denied::NotFound) => HttpProblem::new(ProblemKind::SessionExpired),
        error => error.into(),
    })?;
    cors::require_own(state, headers, &caller.origins)?;
    Ok(caller)
}

/// The query of the shop.
#[derive(Deserialize)]
pub(super) struct ShopQuery {
    key: String,
}

/// `GET /chat/v1/shop`
pub(super) async fn shop(
    State(state): State<AppState>,
    Address(address): Address,
    headers: HeaderMap,
    Params(query): Params<ShopQuery>,
) -> Answer<Json<ShopAnswer>> {
    let limits = &state.config.rate_limits;
    state.limiter.take(Bucket::ChatAddress(address), limits.chat_address, state.env.now())?;
    let shop = shop_of(&state, &headers, query.key).await?;
    Ok(Json(ShopAnswer {
        online: is_somebody_there(&state, shop.shop),
        name: shop.name,
        epoch: state.storage.epoch(),
        limits: Limits::default(),
    }))
}

async fn shop_of(state: &AppState, headers: &HeaderMap, key: String) -> Answer<ChatShop> {
    let shop = state.storage.chat_shop(key).await.map_err(|error| match error {
        OperationError::Denied(Denied::NotFound) => HttpProblem::new(ProblemKind::UnknownShopKey),
        error => error.into(),
    })?;
    cors::require_own(state, headers, &shop.origins)?;
    Ok(shop)
}

/// Whether a device of the shop's staff waits for news at this moment.
fn is_somebody_there(state: &AppState, shop: ShopId) -> bool {
    state.hub.waiting_for(Topic::Scope(shop, Scope::Shop)) > 0
}

/// `POST /chat/v1/sessions`
pub(super) async fn begin(
    State(state): State<AppState>,
    Address(address): Address,
    headers: HeaderMap,
    JsonBody(request): JsonBody<BeginSession>,
) -> Answer<(StatusCode, Json<SessionBegun>)> {
    let now = state.env.now();
    state.limiter.take(Bucket::ChatBegin(address), state.config.rate_limits.chat_begin, now)?;
    let shop = shop_of(&state, &headers, request.key).await?;
    let chat = |session, token: &str| NewChat {
        session,
        token_hash: hash_token(token),
        shop: shop.shop,
        channel: shop.channel,
        name: request.name.as_deref().and_then(text::name),
        language: request.language.as_deref().map(|tag| cut(tag, LANGUAGE_LIMIT_CHARS)),
        page: request.page.clone().map(page),
        now,
    };
    // Only a secret of our own making opens a session again: nobody can take the place of one that is lost.
    let again = request.again.as_ref();
    if let Some(again) = again.filter(|again| is_chat_token(&state.key, again.session, &again.token))
        && state.storage.begin_chat_again(chat(again.session, &again.token)).await?
    {
        let (session, token) = (again.session, again.token.clone());
        return Ok((
            StatusCode::CREATED,
            Json(SessionBegun { session, token, epoch: state.storage.epoch() }),
        ));
    }
    let session = SessionId::new(&*state.env);
    let token = chat_token(&state.key, session, &*state.env);
    state.storage.begin_chat(chat(session, &token)).await?;
    let begun = SessionBegun { session, token, epoch: state.storage.epoch() };
    Ok((StatusCode::CREATED, Json(begun)))
}

/// `GET /chat/v1/events`
pub(super) async fn events(
    State(state): State<AppState>,
    Browser(caller): Browser,
    Params(query): Params<EventsQuery>,
) -> Answer<Json<EventsAnswer>> {
    let after = in_range("after", query.after, 0..=i64::MAX)?;
    in_range("wait_ms", query.wait_ms, 0..=CHAT_WAIT_LIMIT_MS)?;
    let topics = BTreeSet::from([Topic::Chat(caller.session)]);
    let read = || async {
        let found = state.storage.chat_events(caller.clone(), after).await?;
        let next = found.events.last().map_or(after, |event| event.n);
        let is_new = !found.events.is_empty();
        let events = found.events.into_iter().map(Into::into).collect();
        Ok((EventsAnswer { epoch: state.storage.epoch(), events, next, more: found.more }, is_new))
    };
    wait::until_new(&state, topics, query.wait_ms, read).await.map(Json)
}

/// `POST /chat/v1/messages`
pub(super) async fn post(
    State(state): State<AppState>,
    Browser(caller): Browser,
    JsonBody(request): JsonBody<PostMessage>,
) -> Answer<Json<MessagePosted>> {
    let (now, limits) = (state.env.now(), &state.config.rate_limits);
    state.limiter.take(Bucket::ChatMessage(caller.session), limits.chat_message, now)?;
    let text = text::message_text(&request.text, TEXT_LIMIT_CHARS).map_err(|error| {
        let mut problem = Problem::new(ProblemKind::TextInvalid).because(error.to_string());
        problem.limit_chars = Some(TEXT_LIMIT_CHARS);
        HttpProblem::from(problem)
    })?;
    let inbound = from_browser(caller.channel, caller.session, caller.name, request.id, text, now);
    let recorded = state.storage.record_inbound(inbound).await?;
    Ok(Json(MessagePosted { id: recorded.message, n: recorded.n.unwrap_or(0) }))
}

/// `POST /chat/v1/presence`
pub(super) async fn presence(
    State(state): State<AppState>,
    Browser(caller): Browser,
    JsonBody(sign): JsonBody<PresenceSign>,
) -> Answer<StatusCode> {
    let here = sign.state == PresenceState::Here;
    let presence = Presence { caller, here, page: sign.page.map(page), now: state.env.now() };
    state.storage.record_presence(presence).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn page(page: PageInfo) -> Page {
    Page { url: cut(&page.url, URL_LIMIT_CHARS), title: cut(&page.title, TITLE_LIMIT_CHARS) }
}

/// What a page says of itself is only shown, so it is cut rather than refused.
fn cut(text: &str, limit_chars: usize) -> String {
    text.chars().filter(|c| !c.is_control() && !text::is_bidi_control(*c)).take(limit_chars).collect()
}
