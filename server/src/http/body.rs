//! Reading what was sent: bodies within their limits, queries, and a clear problem for what cannot be read.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use shopbell_domain::sync::{BODY_LIMIT_BYTES, Problem, ProblemKind};

use super::problem::HttpProblem;
use crate::state::AppState;

/// How long a body may take to arrive, in milliseconds.
const BODY_TIMEOUT_MS: u64 = 30_000;

/// A JSON body of at most `LIMIT` bytes.
pub(super) struct JsonBody<T, const LIMIT: usize = BODY_LIMIT_BYTES>(pub(super) T);

impl<T: DeserializeOwned, const LIMIT: usize> FromRequest<AppState> for JsonBody<T, LIMIT> {
    type Rejection = HttpProblem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, HttpProblem> {
        let declared = request.headers().get(header::CONTENT_LENGTH);
        let declared = declared.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|length| length > LIMIT) {
            return Err(too_large(LIMIT));
        }
        let body = tokio::select! {
            body = axum::body::to_bytes(request.into_body(), LIMIT) => body.map_err(|_| too_large(LIMIT))?,
            () = state.env.sleep_ms(BODY_TIMEOUT_MS) => {
                return Err(HttpProblem::because(ProblemKind::Malformed, "the body did not arrive in time"));
            }
        };
        serde_json::from_slice(&body).map(Self).map_err(|error| malformed(&error))
    }
}

fn too_large(limit_bytes: usize) -> HttpProblem {
    let mut problem = Problem::new(ProblemKind::TooLarge);
    problem.limit_bytes = Some(limit_bytes);
    problem.into()
}

/// Says where it cannot be read, never what stands there.
fn malformed(error: &serde_json::Error) -> HttpProblem {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a field is missing or of a wrong type",
        serde_json::error::Category::Eof => "the JSON ends too early",
        _ => "this is not JSON, or a character in it is none",
    };
    let place = format!("{what} (line {}, column {})", error.line(), error.column());
    HttpProblem::because(ProblemKind::Malformed, place)
}

/// The parameters of a query.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpProblem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(HttpProblem::because(
                ProblemKind::Malformed,
                "a parameter of the query is missing or of a wrong type",
            )),
        }
    }
}

/// The variable part of a path. One that cannot be read is the id of nothing.
pub(super) struct Segment<T>(pub(super) T);

impl<T: std::str::FromStr> FromRequestParts<AppState> for Segment<T> {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpProblem> {
        let path = Path::<String>::from_request_parts(parts, state).await.ok();
        let value = path.and_then(|Path(text)| text.parse().ok());
        value.map(Self).ok_or(HttpProblem::new(ProblemKind::NotFound))
    }
}

/// A number that must be in a range.
pub(super) fn in_range<T: PartialOrd + std::fmt::Display>(
    name: &str,
    value: T,
    range: std::ops::RangeInclusive<T>,
) -> Result<T, HttpProblem> {
    if range.contains(&value) {
        return Ok(value);
    }
    let detail = format!("{name} must be from {} to {}", range.start(), range.end());
    Err(HttpProblem::because(ProblemKind::Malformed, detail))
}
