//! Juniper & Clay, a shop: Mina owns it, Theo answers, Pia packs parcels and sees no customers, Ana buys.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ConversationId, DeviceId, MessageId, MutationId, ShopId, StaffId, new_uuid};
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{
    Entity, MutationResult, Outcome, PullAnswer, PushAnswer, Row, Scope, ScopeCursor, SignedIn, SnapshotPage,
};
use shopbell_server::storage::sqlite::Mode;
use shopbell_server::{Admin, AppState, Config, CreatedShop, ManualEnv, PasswordCost, StaffToCreate, app};
use tower::ServiceExt as _;

use crate::openapi;

pub const PASSWORD: &str = "a long enough password";
pub const ORIGIN: &str = "https://juniper.example";

/// A shop on a server without a socket.
pub struct Juniper {
    pub env: Arc<ManualEnv>,
    pub state: AppState,
    pub router: Router,
    pub shop: CreatedShop,
    pub mina: StaffId,
    pub theo: StaffId,
    pub pia: StaffId,
    pub dir: tempfile::TempDir,
}

pub fn config(dir: &Path) -> Config {
    let mut config = Config::new(dir, ([127, 0, 0, 1], 0).into());
    config.password_cost = PasswordCost::Test;
    config.storage_mode = Mode::Inline;
    config
}

impl Juniper {
    pub async fn open() -> Self {
        Self::open_with(1, |_| {}).await
    }

    pub async fn open_with(seed: u64, adjust: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let env = Arc::new(ManualEnv::seeded(seed));
        let mut config = config(dir.path());
        adjust(&mut config);
        let state = AppState::open(config, env.clone()).await.unwrap();
        let admin = Admin::of(&state);
        let shop = admin.create_shop("Juniper & Clay", &[ORIGIN.to_owned()]).await.unwrap();
        let mina = hire(&admin, shop.shop, "Mina", &[], true).await;
        let theo = hire(&admin, shop.shop, "Theo", &[Permission::Chat, Permission::Customers], false).await;
        let pia = hire(&admin, shop.shop, "Pia", &[Permission::Products], false).await;
        let router = app(state.clone());
        Self { env, state, router, shop, mina, theo, pia, dir }
    }

    pub fn admin(&self) -> Admin {
        Admin::of(&self.state)
    }

    pub async fn ask(&self, request: Asked) -> Answered {
        request.of(&self.router).await
    }

    /// A phone of one of the staff, signed in.
    pub async fn phone(&self, name: &str) -> Phone {
        let device = DeviceId::new(&*self.env);
        let answer = self.ask(Asked::post("/v1/sessions").json(sign_in(name, device))).await;
        let signed_in: SignedIn = answer.expect(201);
        Phone { router: self.router.clone(), env: self.env.clone(), device, signed_in }
    }

    /// Ana's browser, with the chat opened.
    pub async fn browser(&self) -> Browser {
        self.browser_at(&self.shop.public_key, "Ana").await
    }

    /// A browser with the chat opened that has this public key.
    pub async fn browser_at(&self, key: &str, name: &str) -> Browser {
        let begin = json!({ "key": key, "name": name });
        let begun: Value = self.ask(Asked::post("/chat/v1/sessions").json(begin)).await.expect(201);
        Browser {
            router: self.router.clone(),
            env: self.env.clone(),
            token: begun["token"].as_str().unwrap().to_owned(),
            session: begun["session"].as_str().unwrap().to_owned(),
        }
    }

    /// Hands over everything that is due.
    pub async fn deliver(&self) {
        while self.state.outgoing_worker().step().await.unwrap() == shopbell_server::outgoing::Step::Handed {}
    }

    pub fn inbox(&self) -> Scope {
        Scope::Inbox(self.shop.inbox)
    }
}

pub async fn hire(
    admin: &Admin,
    shop: ShopId,
    name: &str,
    permissions: &[Permission],
    owner: bool,
) -> StaffId {
    let staff = StaffToCreate {
        shop,
        name: name.to_owned(),
        email: email(name),
        password: PASSWORD.to_owned(),
        permissions: Permissions::of(permissions.iter().copied()),
        owner,
    };
    admin.create_staff(staff).await.unwrap()
}

pub fn email(name: &str) -> String {
    format!("{}@juniper.example", name.to_lowercase())
}

pub fn sign_in(name: &str, device: DeviceId) -> Value {
    let device = json!({ "id": device, "name": format!("{name}'s phone"), "platform": "cli" });
    json!({ "email": email(name), "password": PASSWORD, "device": device })
}

/// A request.
pub struct Asked {
    method: &'static str,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Asked {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: HeaderMap::new(), body: Vec::new() }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub fn put(path: impl Into<String>) -> Self {
        Self::new("PUT", path)
    }

    pub fn json(self, body: impl serde::Serialize) -> Self {
        self.bytes(serde_json::to_vec(&body).unwrap())
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.parse().unwrap());
        self
    }

    pub async fn of(self, router: &Router) -> Answered {
        let body = Body::from(self.body.clone());
        let mut request = Request::builder().method(self.method).uri(&self.path).body(body).unwrap();
        *request.headers_mut() = self.headers;
        let answer = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let answered = Answered { status: parts.status, headers: parts.headers, body: body.to_vec() };
        openapi::hold(self.method, &self.path, &self.body, &answered);
        answered
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answered {
    #[track_caller]
    pub fn expect<T: serde::de::DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The kind of problem that it is.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{text}");
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status.as_u16());
        let kind = problem["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (self.status.as_u16(), kind)
    }

    #[track_caller]
    pub fn member(&self, name: &str) -> Value {
        serde_json::from_slice::<Value>(&self.body).unwrap()[name].clone()
    }
}

/// A phone that only speaks the protocol: it holds no state but its tokens.
#[derive(Clone)]
pub struct Phone {
    pub router: Router,
    pub env: Arc<ManualEnv>,
    pub device: DeviceId,
    pub signed_in: SignedIn,
}

impl Phone {
    pub fn token(&self) -> &str {
        &self.signed_in.session.access_token
    }

    pub fn me(&self) -> StaffId {
        self.signed_in.staff.id
    }

    pub async fn ask(&self, request: Asked) -> Answered {
        request.token(self.token()).of(&self.router).await
    }

    pub fn push_body(&self, mutations: &[Mutation]) -> Value {
        json!({ "epoch": self.signed_in.session.epoch, "device": self.device, "mutations": mutations })
    }

    pub async fn push(&self, mutations: &[Mutation]) -> PushAnswer {
        self.ask(Asked::post("/v1/push").json(self.push_body(mutations))).await.expect(200)
    }

    pub fn pull_body(&self, scopes: &[ScopeCursor], limit: usize) -> Value {
        json!({ "epoch": self.signed_in.session.epoch, "scopes": scopes, "limit": limit })
    }

    pub async fn pull(&self, scopes: &[ScopeCursor], limit: usize) -> PullAnswer {
        self.ask(Asked::post("/v1/pull").json(self.pull_body(scopes, limit))).await.expect(200)
    }

    /// Everything in a scope.
    pub async fn all(&self, scope: Scope) -> Vec<Row> {
        let answer = self.pull(&[ScopeCursor { scope, cursor: 0 }], 1_000).await;
        assert!(answer.scopes.iter().all(|scope| !scope.more));
        answer.scopes.into_iter().flat_map(|scope| scope.rows).collect()
    }

    pub async fn snapshot(&self, scope: Scope, page: Option<&str>) -> Answered {
        let scope = scope.to_string().replace(':', "%3A").replace('/', "%2F");
        let page = page.map(|page| format!("?page={page}")).unwrap_or_default();
        self.ask(Asked::get(format!("/v1/scopes/{scope}/snapshot{page}"))).await
    }

    /// All pages of a snapshot: the noted `seq` and the rows.
    pub async fn whole_snapshot(&self, scope: Scope) -> (i64, Vec<Row>) {
        let (mut rows, mut next) = (Vec::new(), None::<String>);
        loop {
            let page: SnapshotPage = self.snapshot(scope, next.as_deref()).await.expect(200);
            rows.extend(page.rows);
            match page.next {
                Some(page) => next = Some(page),
                None => return (page.noted, rows),
            }
        }
    }

    /// What became of a mutation.
    pub async fn outcome(&self, mutation: &Mutation) -> Option<Outcome> {
        self.result(mutation).await.map(|result| result.outcome)
    }

    pub async fn result(&self, mutation: &Mutation) -> Option<MutationResult> {
        let rows = self.all(Scope::Device(self.device)).await;
        let row = rows.into_iter().find(|row| row.id == mutation.mid.0)?;
        Some(row.read().unwrap())
    }

    pub fn mutation(&self, operation: &Operation, base: Option<Base>) -> Mutation {
        Mutation::new(MutationId::new(&*self.env), operation, base, self.env.now())
    }

    pub fn reply(&self, conversation: ConversationId, text: &str) -> Mutation {
        let message = MessageId::new(&*self.env);
        self.mutation(
            &Operation::SendMessage(SendMessage {
                conversation,
                message,
                text: text.to_owned(),
                secret: None,
            }),
            None,
        )
    }

    /// Puts a draft under a new message id.
    pub async fn put_draft(&self, conversation: ConversationId, text: &str) -> Answered {
        let draft = json!({ "message": MessageId::new(&*self.env), "text": text });
        self.ask(Asked::put(format!("/v1/drafts/{conversation}")).json(draft)).await
    }

    /// A page of a search: at most two conversations.
    pub async fn search(&self, scope: Scope, query: &str, page: Option<&str>) -> Answered {
        let epoch = self.signed_in.session.epoch;
        let body = json!({ "epoch": epoch, "scope": scope, "query": query, "page": page, "limit": 2 });
        self.ask(Asked::post("/v1/search").json(body)).await
    }

    pub fn close(&self, (conversation, head): &(ConversationId, Conversation)) -> Mutation {
        let close = Close { conversation: *conversation, seen: head.last_inbound };
        self.mutation(&Operation::Close(close), Some(head.status.base()))
    }

    pub fn assign(&self, (conversation, head): &(ConversationId, Conversation), to: StaffId) -> Mutation {
        let assign = Assign { conversation: *conversation, assignee: to };
        self.mutation(&Operation::Assign(assign), Some(head.assignee.base()))
    }

    pub fn mark_read(&self, (conversation, head): &(ConversationId, Conversation)) -> Mutation {
        let message = head.last_inbound.unwrap();
        self.mutation(&Operation::MarkRead(MarkRead { conversation: *conversation, message }), None)
    }
}

/// The rows of an entity, read.
pub fn of<T: for<'a> serde::Deserialize<'a>>(rows: &[Row], entity: Entity) -> Vec<(uuid::Uuid, T)> {
    rows.iter()
        .filter(|row| row.entity == entity && !row.ended)
        .map(|row| (row.id, row.read().unwrap()))
        .collect()
}

/// The only conversation among these rows.
#[track_caller]
pub fn the_conversation(rows: &[Row]) -> (ConversationId, Conversation) {
    let mut heads = of::<Conversation>(rows, Entity::Conversation);
    assert_eq!(heads.len(), 1);
    let (id, head) = heads.remove(0);
    (ConversationId(id), head)
}

/// A browser on one of the shop's pages.
pub struct Browser {
    pub router: Router,
    pub env: Arc<ManualEnv>,
    pub token: String,
    pub session: String,
}

impl Browser {
    pub async fn ask(&self, request: Asked) -> Answered {
        request.token(&self.token).header("origin", ORIGIN).of(&self.router).await
    }

    pub async fn write(&self, text: &str) -> String {
        let id = new_uuid(&*self.env).to_string();
        self.write_as(&id, text).await.expect::<Value>(200);
        id
    }

    pub async fn write_as(&self, id: &str, text: &str) -> Answered {
        let body = json!({ "id": id, "text": text, "client_ts": self.env.now() });
        self.ask(Asked::post("/chat/v1/messages").json(body)).await
    }

    /// What is shown, as `(n, from, name, text)`.
    pub async fn shown(&self) -> Vec<(i64, String, Option<String>, String)> {
        let answer: Value = self.ask(Asked::get("/chat/v1/events?after=0")).await.expect(200);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let event = |event: &Value| {
            let message = &event["message"];
            let from = text(&message["from"]).unwrap();
            (event["n"].as_i64().unwrap(), from, text(&message["name"]), text(&message["text"]).unwrap())
        };
        answer["events"].as_array().unwrap().iter().map(event).collect()
    }
}
