//! Who asks: the bearer token of a request, looked up anew each time, so that a removed device, a new password or a
//! permission taken away counts at once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use shopbell_domain::sync::ProblemKind;
use shopbell_domain::time::Timestamp;

use super::problem::HttpProblem;
use crate::auth::AccessToken;
use crate::state::AppState;
use crate::storage::Caller;

/// A person of a shop, on one of their devices.
pub(super) struct Staff(pub(super) Caller);

impl FromRequestParts<AppState> for Staff {
    type Rejection = HttpProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpProblem> {
        let token = bearer(&parts.headers).ok_or(HttpProblem::new(ProblemKind::SignInAgain))?;
        let (caller, _) = identify(state, token).await?;
        let span = tracing::Span::current();
        span.record("shop", tracing::field::display(caller.shop));
        span.record("staff", tracing::field::display(caller.staff));
        Ok(Self(caller))
    }
}

/// Who shows this access token, and when it ends.
pub(crate) async fn identify(state: &AppState, token: &str) -> Result<(Caller, Timestamp), HttpProblem> {
    let token = AccessToken::open(&state.key, token).ok_or(HttpProblem::new(ProblemKind::SignInAgain))?;
    // Before its end is looked at: a removed device hears so whenever it comes back.
    let caller = state.storage.identify(token.credential()).await?;
    if token.expires_at <= state.env.now() {
        return Err(HttpProblem::new(ProblemKind::SignInAgain));
    }
    Ok((caller, token.expires_at))
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
