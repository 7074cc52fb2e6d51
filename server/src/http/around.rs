//! What happens around every request: the protocol's version, the log line, headers that keep browsers careful, and a
//! panic that becomes a problem document.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use shopbell_domain::sync::{PROTOCOL, PROTOCOL_HEADER, Problem, ProblemKind};
use tracing::Instrument as _;

use super::problem::HttpProblem;
use crate::state::AppState;

/// Logs a request by its route, never by what stands in it, and turns a panic into a problem.
pub(super) async fn log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = state.env.now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("unknown", MatchedPath::as_str);
    let span = tracing::info_span!(
        "request",
        %method,
        path,
        shop = tracing::field::Empty,
        staff = tracing::field::Empty
    );
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let response = answered.unwrap_or_else(|_| {
        tracing::error!(parent: &span, "a handler panicked");
        HttpProblem::new(ProblemKind::Internal).into_response()
    });
    let (status, ms) = (response.status().as_u16(), state.env.now().since_ms(begun));
    if path == "/healthz" {
        tracing::debug!(parent: &span, status, ms, "answered");
    } else {
        tracing::info!(parent: &span, status, ms, "answered");
    }
    response
}

/// Headers for every answer. One that a handler set stays.
pub(super) async fn careful(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses a phone that speaks a newer protocol, before anything that it sends is read as an older one.
pub(super) async fn protocol(request: Request, next: Next) -> Response {
    let spoken = request.headers().get(PROTOCOL_HEADER);
    let spoken = spoken.map(|value| value.to_str().ok().and_then(|text| text.trim().parse::<u32>().ok()));
    match spoken {
        Some(None) => {
            let detail = "Shopbell-Protocol is not a number";
            HttpProblem::because(ProblemKind::Malformed, detail).into_response()
        }
        Some(Some(spoken)) if spoken > PROTOCOL => {
            let mut problem = Problem::new(ProblemKind::ProtocolTooNew);
            problem.supported = Some(PROTOCOL);
            HttpProblem::from(problem).into_response()
        }
        _ => next.run(request).await,
    }
}
