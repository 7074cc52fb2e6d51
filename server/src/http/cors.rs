//! Which pages may use the web chat: those of the shop itself, by the `Origin` that a browser sends and no page can
//! forge. A request without one comes from no other site's page, and is let through.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use shopbell_domain::sync::ProblemKind;

use super::problem::HttpProblem;
use crate::state::AppState;

/// How long a browser may remember that it may ask, in seconds.
const PREFLIGHT_SECONDS: &str = "600";

/// Turns away pages that are no shop's, answers preflights, and lets the shops' pages read the answers.
///
/// A preflight names no shop, so here the page of *any* shop passes; each handler then holds the page against its own
/// shop by [`require_own`].
pub(super) async fn web_chat(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    match is_any_shops(&state, request.headers(), &origin).await {
        Ok(true) => {}
        Ok(false) => return HttpProblem::new(ProblemKind::OriginNotAllowed).into_response(),
        Err(problem) => return problem.into_response(),
    }
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn is_any_shops(
    state: &AppState,
    headers: &HeaderMap,
    origin: &HeaderValue,
) -> Result<bool, HttpProblem> {
    let Ok(origin) = origin.to_str() else { return Ok(false) };
    Ok(is_servers_own(state, headers, origin) || state.storage.is_origin_known(origin.to_owned()).await?)
}

/// Refuses a page that is not one of this shop's.
pub(crate) fn require_own(
    state: &AppState,
    headers: &HeaderMap,
    origins: &[String],
) -> Result<(), HttpProblem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let is_own = origin.to_str().is_ok_and(|origin| {
        origins.iter().any(|known| known == origin) || is_servers_own(state, headers, origin)
    });
    if is_own { Ok(()) } else { Err(HttpProblem::new(ProblemKind::OriginNotAllowed)) }
}

/// Whether it is the server's own page, which there is only while it shows the demo shop.
fn is_servers_own(state: &AppState, headers: &HeaderMap, origin: &str) -> bool {
    if state.config.demo_shop.is_none() {
        return false;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_this_host =
        host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, origin)| origin == host));
    let public = state.config.public_url.as_deref().and_then(crate::admin::web_origin);
    is_this_host || public.as_deref() == Some(origin)
}
