//! Push, pull, snapshot and history: what phones and the server tell each other about rows.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::{
    HISTORY_LIMIT_ROWS, HistoryAnswer, PULL_LIMIT_ROWS, PULL_WAIT_LIMIT_MS, PUSH_LIMIT_MUTATIONS,
    ProblemKind, PullAnswer, PullRequest, PushAnswer, PushRequest, SYNC_BODY_LIMIT_BYTES, Scope,
    SnapshotPage,
};

use super::body::{JsonBody, Params, Segment, in_range};
use super::caller::Staff;
use super::problem::{Answer, HttpProblem};
use super::wait;
use crate::auth::PageToken;
use crate::live::Topic;
use crate::state::AppState;
use crate::storage::{History, Pull, Push, Snapshot};

/// Messages a page of history when the phone does not say.
const HISTORY_DEFAULT_ROWS: usize = 50;

/// `POST /v1/push`
pub(super) async fn push(
    State(state): State<AppState>,
    Staff(caller): Staff,
    JsonBody(request): JsonBody<PushRequest, SYNC_BODY_LIMIT_BYTES>,
) -> Answer<Json<PushAnswer>> {
    if request.device != caller.device {
        return Err(HttpProblem::because(ProblemKind::NoPermission, "the token is of another device"));
    }
    in_range("the number of mutations", request.mutations.len(), 0..=PUSH_LIMIT_MUTATIONS)?;
    let push = Push {
        caller,
        epoch: request.epoch,
        mutations: request.mutations,
        kinds: state.kinds.clone(),
        now: state.env.now(),
    };
    Ok(Json(state.storage.push(push).await?))
}

/// `POST /v1/pull`
pub(super) async fn pull(
    State(state): State<AppState>,
    Staff(caller): Staff,
    JsonBody(request): JsonBody<PullRequest, SYNC_BODY_LIMIT_BYTES>,
) -> Answer<Json<PullAnswer>> {
    in_range("limit", request.limit, 1..=PULL_LIMIT_ROWS)?;
    in_range("wait_ms", request.wait_ms, 0..=PULL_WAIT_LIMIT_MS)?;
    for asked in &request.scopes {
        in_range("cursor", asked.cursor, 0..=i64::MAX)?;
    }
    let wait_ms = request.wait_ms;
    let shop = caller.shop;
    let topics: BTreeSet<Topic> =
        request.scopes.iter().map(|asked| Topic::Scope(shop, asked.scope)).collect();
    let pull = Pull { caller, request };
    let read = || async {
        let answer = state.storage.pull(pull.clone()).await?;
        let has_rows = answer.scopes.iter().any(|scope| !scope.rows.is_empty());
        let is_new = has_rows || !answer.reload.is_empty();
        Ok((answer, is_new))
    };
    wait::until_new(&state, topics, wait_ms, read).await.map(Json)
}

/// The query of a snapshot.
#[derive(Deserialize)]
pub(super) struct SnapshotQuery {
    page: Option<String>,
}

/// `GET /v1/scopes/{scope}/snapshot`
pub(super) async fn snapshot(
    State(state): State<AppState>,
    Staff(caller): Staff,
    Segment(scope): Segment<Scope>,
    Params(query): Params<SnapshotQuery>,
) -> Answer<Json<SnapshotPage>> {
    let position = match query.page {
        Some(page) => {
            let page = PageToken::open(&state.key, &page)
                .filter(|page| (page.staff, page.scope) == (caller.staff, scope));
            let page = page.ok_or_else(|| {
                HttpProblem::because(ProblemKind::Malformed, "this page token was not given for this scope")
            })?;
            Some(page.position)
        }
        None => None,
    };
    let staff = caller.staff;
    let read = state.storage.snapshot(Snapshot { caller, scope, position, now: state.env.now() }).await?;
    let next = read.next.map(|position| PageToken { staff, scope, position }.seal(&state.key));
    Ok(Json(SnapshotPage {
        epoch: state.storage.epoch(),
        scope,
        grant: read.grant,
        noted: read.noted,
        rows: read.rows,
        next,
    }))
}

/// The query of a history.
#[derive(Deserialize)]
pub(super) struct HistoryQuery {
    before: Option<i64>,
    limit: Option<usize>,
}

/// `GET /v1/conversations/{id}/messages`
pub(super) async fn history(
    State(state): State<AppState>,
    Staff(caller): Staff,
    Segment(conversation): Segment<ConversationId>,
    Params(query): Params<HistoryQuery>,
) -> Answer<Json<HistoryAnswer>> {
    let limit = in_range("limit", query.limit.unwrap_or(HISTORY_DEFAULT_ROWS), 1..=HISTORY_LIMIT_ROWS)?;
    let history = History { caller, conversation, before: query.before, limit };
    Ok(Json(state.storage.history(history).await?))
}
