//! Search: what matches in an inbox, page by page.

use axum::Json;
use axum::extract::State;
use shopbell_domain::sync::{ProblemKind, SEARCH_LIMIT_CONVERSATIONS, Scope, SearchAnswer, SearchRequest};

use super::body::{JsonBody, in_range};
use super::caller::Staff;
use super::problem::{Answer, HttpProblem};
use crate::auth::{SearchToken, hash_token};
use crate::state::AppState;
use crate::storage::Search;

/// `POST /v1/search`
pub(super) async fn search(
    State(state): State<AppState>,
    Staff(caller): Staff,
    JsonBody(request): JsonBody<SearchRequest>,
) -> Answer<Json<SearchAnswer>> {
    let limit = in_range("limit", request.limit, 1..=SEARCH_LIMIT_CONVERSATIONS)?;
    let Scope::Inbox(inbox) = request.scope else {
        return Err(HttpProblem::because(ProblemKind::Malformed, "only an inbox is searched"));
    };
    let token =
        SearchToken { staff: caller.staff, inbox, query: hash_token(&request.query), before: i64::MAX };
    let before = match request.page {
        Some(page) => {
            let page = SearchToken::open(&state.key, &page)
                .filter(|page| SearchToken { before: token.before, ..*page } == token);
            let page = page.ok_or_else(|| {
                HttpProblem::because(ProblemKind::Malformed, "this page token was not given for this search")
            })?;
            Some(page.before)
        }
        None => None,
    };
    let search = Search { caller, epoch: request.epoch, inbox, query: request.query, before, limit };
    let read = state.storage.search(search).await?;
    Ok(Json(SearchAnswer {
        epoch: state.storage.epoch(),
        scope: request.scope,
        grant: read.grant,
        seq: read.seq,
        rows: read.rows,
        also: read.also,
        next: read.next.map(|before| SearchToken { before, ..token }.seal(&state.key)),
    }))
}
