//! Drafts: what a person has begun to write, for their other devices.

use axum::extract::State;
use axum::http::StatusCode;
use shopbell_domain::draft::{DRAFT_LIMIT_CHARS, Draft};
use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::{DRAFT_BODY_LIMIT_BYTES, Problem, ProblemKind, PutDraft};

use super::body::{JsonBody, Segment};
use super::caller::Staff;
use super::problem::Answer;
use crate::state::AppState;

/// `PUT /v1/drafts/{conversation}`
pub(super) async fn put(
    State(state): State<AppState>,
    Staff(caller): Staff,
    Segment(conversation): Segment<ConversationId>,
    JsonBody(PutDraft { message, text }): JsonBody<PutDraft, DRAFT_BODY_LIMIT_BYTES>,
) -> Answer<StatusCode> {
    if text.chars().count() > DRAFT_LIMIT_CHARS {
        let mut problem = Problem::new(ProblemKind::TextInvalid);
        problem.limit_chars = Some(DRAFT_LIMIT_CHARS);
        return Err(problem.into());
    }
    state.storage.put_draft(caller, Draft { conversation, message, text }).await?;
    Ok(StatusCode::NO_CONTENT)
}
