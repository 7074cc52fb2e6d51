//! The widget, the OpenAPI document and, for a demo, the pages of a made-up shop that embeds the widget. All are part of
//! the binary.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use shopbell_domain::sync::ProblemKind;
use shopbell_l10n::Lang;

use super::problem::HttpProblem;
use crate::state::AppState;

const WIDGET: &str = include_str!("../../widget/dist/widget.js");
const OPENAPI: &str = include_str!("../../../docs/openapi.json");
const SHOP_PAGE: &str = include_str!("../../widget/demo/index.html");
const KETTLE_PAGE: &str = include_str!("../../widget/demo/kettle.html");
const SHOP_STYLE: &str = include_str!("../../widget/demo/shop.css");
const ICON: &str = include_str!("../../widget/demo/icon.svg");
/// Where a demo page wants the shop's public key.
const KEY_PLACE: &str = "{{key}}";
/// What the demo's pages may load: everything from here and nothing from elsewhere.
const DEMO_CSP: &str = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

/// What the widget's build made of `l10n/<language>/widget.ftl`. English is part of the script.
fn widget_words(lang: Lang) -> Option<&'static str> {
    match lang {
        Lang::En => None,
        Lang::Fr => Some(include_str!("../../widget/dist/words/fr.json")),
        Lang::Pl => Some(include_str!("../../widget/dist/words/pl.json")),
        Lang::ZhHant => Some(include_str!("../../widget/dist/words/zh-Hant.json")),
    }
}

/// `GET /widget.js`
pub(super) async fn widget(headers: HeaderMap) -> Response {
    for_any_page(&headers, "text/javascript; charset=utf-8", WIDGET)
}

/// `GET /widget/{language}.json`: the widget's words in one of the other languages.
pub(super) async fn words(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let named = |lang: &Lang| file.strip_suffix(".json") == Some(lang.tag());
    match Lang::all().into_iter().find(named).and_then(widget_words) {
        Some(words) => for_any_page(&headers, "application/json", words),
        None => HttpProblem::new(ProblemKind::NotFound).into_response(),
    }
}

/// `GET /v1/openapi.json`: the shapes of what this server is told and answers. The tests hold every answer against it.
pub(super) async fn openapi(headers: HeaderMap) -> Response {
    for_any_page(&headers, "application/json", OPENAPI)
}

/// What every page may load; kept by browsers until it changes.
fn for_any_page(headers: &HeaderMap, content_type: &'static str, text: &'static str) -> Response {
    let etag = etag(text);
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    let is_known = known.any(|tag| tag == etag || tag == "*");
    let shared = [
        (header::ETAG, etag.as_str()),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, shared).into_response();
    }
    (shared, [(header::CONTENT_TYPE, content_type)], text).into_response()
}

fn etag(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// `GET /favicon.ico`: browsers ask for it unasked, and each miss would be a line on the page's console.
pub(super) async fn icon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, ICON).into_response()
}

/// `GET /shop/`
pub(super) async fn shop(state: State<AppState>) -> Response {
    demo_page(state, SHOP_PAGE, "text/html; charset=utf-8")
}

/// `GET /shop/kettle`
pub(super) async fn kettle(state: State<AppState>) -> Response {
    demo_page(state, KETTLE_PAGE, "text/html; charset=utf-8")
}

/// `GET /shop/shop.css`
pub(super) async fn style(state: State<AppState>) -> Response {
    demo_page(state, SHOP_STYLE, "text/css; charset=utf-8")
}

fn demo_page(State(state): State<AppState>, page: &str, content_type: &str) -> Response {
    let Some(key) = &state.config.demo_shop else {
        return HttpProblem::new(ProblemKind::NotFound).into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, DEMO_CSP),
        // Not `no-store`: that would keep the page out of the browser's back-forward cache.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, page.replace(KEY_PLACE, key)).into_response()
}
