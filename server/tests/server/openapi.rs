//! The OpenAPI document says what the server does: it names each door, and every answer in these tests is held against
//! it (`support::Asked` hands all of them to [`hold`]), as is every request that the server took.
//!
//! Answers may have nothing that the document does not name; requests may, since unknown fields are ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{DeviceId, EpochId, MutationId, ShopId};
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::problem::{ShopChoice, Survives};
use shopbell_domain::sync::{Entity, LiveFromPhone, LiveFromServer, Problem, ProblemKind, Scope};
use shopbell_server::chat::LiveToBrowser;
use shopbell_server::doors;

use crate::support::{Answered, Asked, Juniper, sign_in, the_conversation};

/// What any door may answer.
const ANYWHERE: [&str; 4] = ["not-found", "method-not-allowed", "internal", "busy"];
/// Doors to WebSockets, which `live.rs` goes through.
const WEBSOCKETS: [&str; 2] = ["live", "chatLive"];

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap());
/// The document with objects that have nothing else than it names.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let mut document = DOCUMENT.clone();
    close(&mut document["components"]["schemas"]);
    document
});
static VALIDATORS: Mutex<BTreeMap<(bool, String), Arc<Validator>>> = Mutex::new(BTreeMap::new());

/// Fails unless the document says that this request may be answered so.
#[track_caller]
pub fn hold(method: &str, path_and_query: &str, request: &[u8], answered: &Answered) {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let Some(template) = template_of(path) else {
        return hold_problem("no door", &["not-found", "origin-not-allowed"], answered);
    };
    let operation = &DOCUMENT["paths"][template][method.to_lowercase()];
    if operation.is_null() {
        if method != "OPTIONS" {
            hold_problem(template, &["method-not-allowed", "origin-not-allowed"], answered);
        }
        return;
    }
    let name = operation["operationId"].as_str().unwrap();
    let response = &operation["responses"][answered.status.as_str()];
    if response.is_null() {
        let listed = operation["x-problems"].as_array().unwrap_or(&Vec::new()).clone();
        let kinds: Vec<&str> = listed.iter().filter_map(Value::as_str).chain(ANYWHERE).collect();
        return hold_problem(name, &kinds, answered);
    }
    hold_content(name, response, answered);
    hold_query(operation, query);
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if answered.status.is_success() && !body.is_null() {
        let sent: Value = serde_json::from_slice(request).unwrap();
        hold_value(&format!("what {name} was sent"), false, body, &sent);
        if name == "push" {
            sent["mutations"].as_array().unwrap().iter().for_each(hold_mutation);
        }
    }
}

/// The path of the document that a path is.
fn template_of(path: &str) -> Option<&'static str> {
    let fits = |template: &&String| {
        let mut parts = path.split('/');
        let fit = |part: &str| parts.next().is_some_and(|own| part.starts_with('{') || part == own);
        template.split('/').all(fit) && parts.next().is_none()
    };
    DOCUMENT["paths"].as_object().unwrap().keys().find(fits).map(String::as_str)
}

#[track_caller]
fn hold_content(name: &str, response: &Value, answered: &Answered) {
    let Some((media, content)) = response["content"].as_object().and_then(|content| content.iter().next())
    else {
        assert!(answered.body.is_empty(), "{name} answers {} with a body", answered.status);
        return;
    };
    let said = answered.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("");
    assert_eq!(said.split(';').next(), Some(media.as_str()), "{name}");
    if !content["schema"].is_null() {
        let body: Value = serde_json::from_slice(&answered.body).unwrap();
        hold_value(&format!("what {name} answered"), true, &content["schema"], &body);
    }
}

#[track_caller]
fn hold_query(operation: &Value, query: &str) {
    let known = operation["parameters"].as_array().cloned().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap();
        let is_known = known.iter().any(|one| one["in"] == "query" && one["name"] == name);
        assert!(is_known, "{} takes an undocumented {name}", operation["operationId"]);
    }
}

#[track_caller]
fn hold_problem(name: &str, kinds: &[&str], answered: &Answered) {
    let (_, kind) = answered.problem();
    assert!(kinds.contains(&kind.as_str()), "{name} answers {kind}, which the document does not say");
    let problem: Value = serde_json::from_slice(&answered.body).unwrap();
    hold_value(&format!("a problem of {name}"), true, &schema("Problem"), &problem);
}

/// The document and the rules read the same operations.
#[track_caller]
fn hold_mutation(sent: &Value) {
    let mutation: Mutation = serde_json::from_value(sent.clone()).unwrap();
    let is_documented = validator(false, &schema("Operation")).is_valid(sent);
    assert_eq!(mutation.operation().is_ok(), is_documented, "{sent:#}");
}

#[track_caller]
fn hold_value(what: &str, is_closed: bool, schema: &Value, value: &Value) {
    if let Err(error) = validator(is_closed, schema).validate(value) {
        panic!("{what} is not what docs/openapi.json says: {error}\nat {}\n{value:#}", error.instance_path());
    }
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn validator(is_closed: bool, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let made = validators.entry((is_closed, schema.to_string())).or_insert_with(|| {
        let document = if is_closed { &CLOSED } else { &DOCUMENT };
        let mut whole = schema.clone();
        whole["components"] = document["components"].clone();
        Arc::new(jsonschema::validator_for(&whole).unwrap())
    });
    made.clone()
}

/// Adds to each object that it has nothing else.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.contains_key("properties") && object.get("type") == Some(&json!("object")) {
                object.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn operations() -> Vec<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.values().filter_map(Value::as_object).flat_map(Map::values).collect()
}

/// The constants that stand at `pointer` in the alternatives of a schema.
fn constants(schema: &str, pointer: &str) -> Vec<String> {
    let alternatives = DOCUMENT["components"]["schemas"][schema]["oneOf"].as_array().unwrap();
    let constant = |one: &Value| one.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    alternatives.iter().filter_map(constant).collect()
}

#[test]
fn the_document_names_each_door_and_no_other() {
    let documented: BTreeSet<(String, String)> = DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
        })
        .collect();
    let open = doors().into_iter().map(|(method, path)| (method.to_owned(), path)).collect();
    assert_eq!(documented, open);
}

#[test]
fn the_document_names_each_kind_of_problem_with_its_status_and_members() {
    let alternatives = DOCUMENT["components"]["schemas"]["Problem"]["oneOf"].as_array().unwrap();
    assert_eq!(alternatives.len(), ProblemKind::ALL.len());
    let shop = ShopChoice { shop: ShopId(uuid::Uuid::nil()), name: "Juniper & Clay".to_owned() };
    for kind in ProblemKind::ALL {
        let mut problem = Problem::new(*kind).because("for this test");
        match kind {
            ProblemKind::EpochChanged => {
                problem.epoch = Some(EpochId(uuid::Uuid::nil()));
                problem.survives = vec![Survives { epoch: EpochId(uuid::Uuid::max()), seq: 7 }];
            }
            ProblemKind::ChooseShop => problem.shops = vec![shop.clone(), shop.clone()],
            ProblemKind::TooLarge => problem.limit_bytes = Some(1),
            ProblemKind::TextInvalid => problem.limit_chars = Some(1),
            ProblemKind::ProtocolTooNew => problem.supported = Some(1),
            ProblemKind::SlowDown | ProblemKind::Busy => problem.retry_after_ms = Some(1),
            _ => {}
        }
        hold_value("a problem", true, &schema("Problem"), &json!(problem));
    }
    let known = ProblemKind::ALL.iter().map(|kind| kind.as_str()).collect::<BTreeSet<_>>();
    for operation in operations() {
        for kind in operation["x-problems"].as_array().into_iter().flatten() {
            assert!(known.contains(kind.as_str().unwrap()), "{kind}");
        }
    }
}

#[test]
fn the_document_names_each_operation_entity_and_refusal() {
    let operations = constants("Operation", "/properties/name/const");
    assert_eq!(operations, Operation::NAMES);
    let entities = constants("Row", "/properties/entity/const");
    assert_eq!(entities.len(), 11);
    for entity in entities {
        assert_ne!(Entity::from_word(&entity), Entity::Other, "{entity}");
    }
    let alternatives = DOCUMENT["components"]["schemas"]["Refusal"]["oneOf"].as_array().unwrap();
    for code in alternatives.iter().flat_map(|one| {
        let code = &one["properties"]["code"];
        code["enum"].as_array().cloned().unwrap_or_else(|| vec![code["const"].clone()])
    }) {
        let id = DeviceId(uuid::Uuid::nil());
        let told = json!({ "code": code, "needs": "chat", "limit_chars": 1, "limit": 1, "staff": id });
        let refusal: Refusal = serde_json::from_value(told).unwrap();
        assert_ne!(refusal, Refusal::Other, "{code}");
        assert_eq!(code, refusal.code());
        hold_value("a refusal", true, &schema("Refusal"), &json!(refusal));
    }
}

#[test]
fn the_document_shows_the_frames_of_the_live_connections() {
    let hello = json!(LiveFromPhone::Hello { token: "t".to_owned() });
    hold_value("a hello", true, &schema("LiveHello"), &hello);
    for frame in [LiveFromServer::Ready, LiveFromServer::Poke { scopes: vec![Scope::Shop] }] {
        hold_value("a frame", true, &schema("LiveToPhone"), &json!(frame));
    }
    for frame in [LiveToBrowser::Ready, LiveToBrowser::Poke] {
        hold_value("a frame", true, &schema("LiveToBrowser"), &json!(frame));
    }
}

/// The page's examples stand in blocks that name their schema: "```json PullAnswer".
#[test]
fn the_examples_in_the_protocols_page_are_what_the_document_says() {
    let page = include_str!("../../../docs/protocol.md");
    let mut schemas = BTreeSet::new();
    for block in page.split("```json ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let example = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
        hold_value(&format!("the example of {name}"), true, &schema(name), &example);
        schemas.insert(name);
    }
    let story =
        ["ChatBegun", "PostChat", "PullRequest", "PullAnswer", "PushRequest", "PushAnswer", "ChatEvents"];
    assert!(story.iter().all(|name| schemas.contains(name)), "{schemas:?}");
}

/// What `hold` makes of a request and a made-up answer.
fn is_held(method: &str, path: &str, status: u16, body: &Value) -> bool {
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("content-type", "application/json".parse().unwrap());
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    let answered = Answered { status, headers, body: serde_json::to_vec(body).unwrap() };
    let sent = serde_json::to_vec(&json!({ "refresh_token": "t" })).unwrap();
    std::panic::catch_unwind(|| hold(method, path, &sent, &answered)).is_ok()
}

#[test]
fn an_answer_that_the_document_does_not_say_is_noticed() {
    let id = uuid::Uuid::nil();
    let right = json!({ "epoch": id, "access_token": "a", "access_expires_at": 1, "refresh_token": "r" });
    let (refresh, changed) = ("/v1/sessions/refresh", |name: &str, value: Value| {
        let mut body = right.clone();
        body[name] = value;
        body
    });
    assert!(is_held("POST", refresh, 200, &right));
    for (method, path, status, body) in [
        ("POST", refresh, 200, changed("surplus", json!(1))),
        ("POST", refresh, 200, changed("access_expires_at", json!("tomorrow"))),
        ("POST", refresh, 200, json!({ "epoch": id })),
        ("POST", refresh, 202, right.clone()),
        ("PATCH", refresh, 200, right.clone()),
        ("POST", "/v1/sessions/renew", 200, right.clone()),
        ("POST", "/v1/sessions/refresh?fast=1", 200, right.clone()),
        ("POST", "/v1/pull", 200, right.clone()),
    ] {
        assert!(!is_held(method, path, status, &body), "{method} {path} {status} {body}");
    }
}

/// Each request is held against the document on its way; here, that none was forgotten.
#[tokio::test]
async fn every_door_is_gone_through() {
    let juniper = Juniper::open_with(1, |config| config.demo_shop = Some("pk_demo".to_owned())).await;
    let mut gone_through = BTreeSet::new();
    let mut went = |method: &str, path: &str, answered: &Answered| {
        assert!(answered.status.is_success(), "{method} {path}: {}", answered.status);
        let operation = &DOCUMENT["paths"][template_of(path.split('?').next().unwrap()).unwrap()][method];
        gone_through.insert(operation["operationId"].as_str().unwrap());
    };
    let device = DeviceId::new(&*juniper.env);
    let signed_in = juniper.ask(Asked::post("/v1/sessions").json(sign_in("Mina", device))).await;
    went("post", "/v1/sessions", &signed_in);

    let ana = juniper.browser().await;
    let theo = juniper.phone("Theo").await;
    ana.write("Do you gift-wrap?").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    theo.push(&[theo.reply(conversation, "We do")]).await;
    juniper.deliver().await;

    let key = &juniper.shop.public_key;
    let (id, epoch) = (MutationId::new(&*juniper.env), theo.signed_in.session.epoch);
    let page = json!({ "url": "https://juniper.example/kettle", "title": "The quiet kettle" });
    let begin = json!({ "key": key, "name": "Ana", "language": "en", "page": page });
    let (shop, events) = (format!("/chat/v1/shop?key={key}"), "/chat/v1/events?after=0&wait_ms=0");
    went("get", &shop, &ana.ask(Asked::get(&shop)).await);
    went("post", "/chat/v1/sessions", &ana.ask(Asked::post("/chat/v1/sessions").json(begin)).await);
    went("get", events, &ana.ask(Asked::get(events)).await);
    let posted = json!({ "id": id, "text": "Thank you", "client_ts": juniper.env.now() });
    went("post", "/chat/v1/messages", &ana.ask(Asked::post("/chat/v1/messages").json(posted)).await);
    let sign = Asked::post("/chat/v1/presence").json(json!({ "state": "here", "page": page }));
    went("post", "/chat/v1/presence", &ana.ask(sign).await);

    let draft = json!({ "message": id, "text": "And ribbons" });
    let search = json!({ "epoch": epoch, "scope": juniper.inbox(), "query": "gift", "limit": 10 });
    let refresh = json!({ "refresh_token": theo.signed_in.session.refresh_token });
    let scopes = json!([{ "scope": juniper.inbox(), "cursor": 0 }]);
    let pull = json!({ "epoch": epoch, "scopes": scopes, "limit": 100, "checksums": true });
    for (method, path, body) in [
        ("put", format!("/v1/drafts/{conversation}"), draft),
        ("get", format!("/v1/conversations/{conversation}/messages?limit=10&before=9"), Value::Null),
        ("get", "/v1/scopes/shop/snapshot".to_owned(), Value::Null),
        ("post", "/v1/search".to_owned(), search),
        ("post", "/v1/pull".to_owned(), pull),
        ("post", "/v1/push".to_owned(), theo.push_body(&[])),
        ("post", "/v1/sessions/refresh".to_owned(), refresh),
        ("delete", "/v1/sessions/current".to_owned(), Value::Null),
    ] {
        let asked = Asked::new(upper(method), &path);
        let asked = if body.is_null() { asked } else { asked.json(body) };
        went(method, &path, &theo.ask(asked).await);
    }
    for path in [
        "/v1/openapi.json",
        "/healthz",
        "/widget.js",
        "/widget/fr.json",
        "/favicon.ico",
        "/shop/",
        "/shop/kettle",
        "/shop/shop.css",
    ] {
        went("get", path, &juniper.ask(Asked::get(path)).await);
    }
    let documented = operations().into_iter().map(|one| one["operationId"].as_str().unwrap());
    let documented: BTreeSet<&str> = documented.filter(|name| !WEBSOCKETS.contains(name)).collect();
    assert_eq!(gone_through, documented);
}

fn upper(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "put" => "PUT",
        "delete" => "DELETE",
        _ => "POST",
    }
}

#[tokio::test]
async fn the_document_is_served_to_everyone_and_kept_until_it_changes() {
    let juniper = Juniper::open().await;
    let served = juniper.ask(Asked::get("/v1/openapi.json")).await;
    assert_eq!(served.expect::<Value>(200), *DOCUMENT);
    assert_eq!(DOCUMENT["openapi"], "3.1.0");
    assert_eq!(served.headers["access-control-allow-origin"], "*");
    let etag = served.headers["etag"].to_str().unwrap();
    let again = juniper.ask(Asked::get("/v1/openapi.json").header("if-none-match", etag)).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}
