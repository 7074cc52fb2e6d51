//! Signing in, staying signed in, signing out (docs/sync.md 25).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shopbell_domain::ids::SessionId;
use shopbell_domain::sync::problem::ShopChoice;
use shopbell_domain::sync::{
    DeviceInfo, Problem, ProblemKind, Refresh, Refreshed, SignIn, SignedIn, SignedInShop, SignedInStaff,
};
use shopbell_domain::text;

use super::body::JsonBody;
use super::caller::Staff;
use super::problem::{Answer, HttpProblem};
use super::rate::{Address, Bucket};
use crate::auth::{AccessToken, PasswordError, RefreshToken};
use crate::state::AppState;
use crate::storage::{Credential, NewSession, RefreshedSession, ShownRefreshToken, SignInCandidate};

/// `POST /v1/sessions`
pub(super) async fn sign_in(
    State(state): State<AppState>,
    Address(address): Address,
    JsonBody(request): JsonBody<SignIn>,
) -> Answer<(StatusCode, Json<SignedIn>)> {
    let now = state.env.now();
    state.limiter.take(Bucket::SignIn(address), state.config.rate_limits.sign_in, now)?;
    let person = right_person(&state, &request).await?;
    let device = DeviceInfo {
        id: request.device.id,
        name: text::name(&request.device.name).unwrap_or_default(),
        platform: text::name(&request.device.platform).unwrap_or_default(),
    };
    let credential = Credential {
        shop: person.shop,
        staff: person.staff,
        device: device.id,
        session: SessionId::new(&*state.env),
        generation: person.generation,
    };
    let session = NewSession {
        id: credential.session,
        shop: person.shop,
        staff: person.staff,
        generation: person.generation,
        device,
        now,
    };
    state.storage.record_session(session).await?;
    tracing::info!(shop = %person.shop, staff = %person.staff, device = %credential.device, "signed in");
    let answer = SignedIn {
        shop: SignedInShop { id: person.shop, name: person.shop_name },
        staff: SignedInStaff { id: person.staff, name: person.staff_name },
        session: tokens(&state, &credential, 0),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Whose address and password these are.
async fn right_person(state: &AppState, request: &SignIn) -> Answer<SignInCandidate> {
    let mut candidates = state.storage.sign_in_candidates(request.email.clone()).await?;
    if let Some(shop) = request.shop {
        candidates.retain(|candidate| candidate.shop == shop);
    }
    let hashes = candidates.iter().map(|candidate| candidate.password_hash.clone()).collect();
    let right = state.passwords.check(&request.password, hashes).await.map_err(|error| match error {
        PasswordError::Busy => HttpProblem::busy(),
        PasswordError::Length | PasswordError::Failed => HttpProblem::new(ProblemKind::Internal),
    })?;
    let mut right = right.iter();
    candidates.retain(|_| right.next() == Some(&true));
    match candidates.len() {
        0 => Err(HttpProblem::new(ProblemKind::WrongPassword)),
        1 => Ok(candidates.remove(0)),
        _ => {
            let mut problem = Problem::new(ProblemKind::ChooseShop);
            let choice =
                |candidate: SignInCandidate| ShopChoice { shop: candidate.shop, name: candidate.shop_name };
            problem.shops = candidates.into_iter().map(choice).collect();
            Err(problem.into())
        }
    }
}

/// `POST /v1/sessions/refresh`
pub(super) async fn refresh(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<Refresh>,
) -> Answer<Json<Refreshed>> {
    let again = || HttpProblem::new(ProblemKind::SignInAgain);
    let token = RefreshToken::open(&state.key, &request.refresh_token).ok_or_else(again)?;
    let shown = ShownRefreshToken { session: token.session, counter: token.counter, now: state.env.now() };
    match state.storage.refresh_session(shown).await? {
        RefreshedSession::Successor { credential, counter } => Ok(Json(tokens(&state, &credential, counter))),
        RefreshedSession::Revoked => {
            tracing::warn!(session = %token.session, "an old refresh token was shown; the session has ended");
            Err(again())
        }
    }
}

/// `DELETE /v1/sessions/current`
pub(super) async fn sign_out(State(state): State<AppState>, Staff(caller): Staff) -> Answer<StatusCode> {
    state.storage.end_session(caller.session, state.env.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tokens(state: &AppState, credential: &Credential, counter: i64) -> Refreshed {
    let access = AccessToken::new(credential, state.env.now());
    Refreshed {
        epoch: state.storage.epoch(),
        access_token: access.seal(&state.key),
        access_expires_at: access.expires_at,
        refresh_token: RefreshToken { session: credential.session, counter }.seal(&state.key),
    }
}
