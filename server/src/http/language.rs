//! The language of an answer: what people may read in a problem document is said in the language that they accept
//! (RFC 9457 section 3.1.3). Its kind, status and members are for programs and stay as they are; so does `detail`,
//! which tells a developer what happened this time.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use shopbell_domain::sync::{Problem, ProblemKind};
use shopbell_l10n::Lang;

/// What a problem's answer carries, so that it can be said again in another language.
#[derive(Clone, Debug)]
pub(super) struct Said(pub(super) Arc<Problem>);

/// Gives a problem its title in the language that the request accepts.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = Lang::accepted(accepted.unwrap_or_default());
    let mut response = next.run(request).await;
    if let Some(Said(problem)) = response.extensions_mut().remove::<Said>() {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Language"));
        response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        if let Some(kind) = problem.kind().filter(|_| lang != Lang::En) {
            *response.body_mut() = translated(&problem, kind, lang);
        }
    }
    response
}

fn translated(problem: &Problem, kind: ProblemKind, lang: Lang) -> Body {
    let said = Problem { title: kind.title(lang), ..problem.clone() };
    Body::from(serde_json::to_vec(&said).unwrap_or_default())
}
