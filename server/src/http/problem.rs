//! How the server says no: every error is a problem document (RFC 9457), and nothing else leaves the house.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shopbell_domain::sync::problem::PROBLEM_CONTENT_TYPE;
use shopbell_domain::sync::{Problem, ProblemKind};

use super::language::Said;
use crate::storage::{Denied, OperationError, StorageError};

/// When a client that was told "busy" should try again, in milliseconds.
const BUSY_RETRY_MS: u64 = 1_000;

/// A problem as an answer.
#[derive(Debug)]
pub(crate) struct HttpProblem(pub(crate) Box<Problem>);

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, HttpProblem>;

impl HttpProblem {
    /// A problem of this kind.
    pub(crate) fn new(kind: ProblemKind) -> Self {
        Problem::new(kind).into()
    }

    /// A problem of this kind, with what happened.
    pub(crate) fn because(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Problem::new(kind).because(detail).into()
    }

    /// Too busy, for a moment.
    pub(crate) fn busy() -> Self {
        let mut problem = Problem::new(ProblemKind::Busy);
        problem.retry_after_ms = Some(BUSY_RETRY_MS);
        problem.into()
    }
}

impl From<Problem> for HttpProblem {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Denied> for HttpProblem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::new(ProblemKind::NotFound),
            Denied::NoPermission => Self::new(ProblemKind::NoPermission),
            Denied::EpochChanged(new) => {
                let mut problem = Problem::new(ProblemKind::EpochChanged);
                problem.epoch = Some(new.epoch);
                problem.survives = new.survives;
                problem.into()
            }
            Denied::DeviceRemoved => Self::new(ProblemKind::DeviceRemoved),
            Denied::SignInAgain => Self::new(ProblemKind::SignInAgain),
            Denied::IdTaken => {
                Self::because(ProblemKind::Malformed, "the id stands for another message; take a new one")
            }
            Denied::EmailTaken => Self::because(ProblemKind::Malformed, "the address is taken in this shop"),
        }
    }
}

impl From<StorageError> for HttpProblem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Busy | StorageError::Closed => Self::busy(),
            StorageError::Full => {
                tracing::error!("the disk is full");
                Self::because(ProblemKind::Internal, "the server's disk is full; nothing was accepted")
            }
            error => {
                tracing::error!(%error, "the storage failed");
                Self::new(ProblemKind::Internal)
            }
        }
    }
}

impl From<OperationError> for HttpProblem {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Denied(denied) => denied.into(),
            OperationError::Storage(error) => error.into(),
        }
    }
}

impl IntoResponse for HttpProblem {
    fn into_response(self) -> Response {
        let problem = Arc::<Problem>::from(self.0);
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&*problem).unwrap_or_default();
        let content_type = HeaderValue::from_static(PROBLEM_CONTENT_TYPE);
        let mut response = (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
        if let Some(millis) = problem.retry_after_ms {
            let seconds = HeaderValue::from(millis.div_ceil(1_000));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response.extensions_mut().insert(Said(problem));
        response
    }
}
