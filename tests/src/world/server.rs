//! The real server without a socket: its HTTP as a service, its queue a step at a time, its files in a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use shopbell_core::sync::{Answer, Call, Method, RequestError};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ChannelId, ConversationId, DeviceId, StaffId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{DeviceInfo, Problem, SignIn, SignedIn};
use shopbell_server::outgoing::Step;
use shopbell_server::storage::Storage;
use shopbell_server::storage::sqlite::Mode;
use shopbell_server::{
    Admin, AppState, Config, CreatedShop, ManualEnv, PasswordCost, Rate, RateLimits, StaffToCreate, app,
};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::{Person, Provider, Way};

/// The web origin of the shop's pages.
pub(super) const ORIGIN: &str = "https://juniper.example";
const PASSWORD: &str = "a long enough password";
const DATABASE: &str = "shopbell.db";
/// What a database file may have beside it.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// How a backup takes the place of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By the command for it.
    Command,
    /// The file is copied, and nobody tells the server.
    ByHand,
}

/// A server, and what outlives it: its folder, its providers, its backups.
pub struct Server {
    runtime: Runtime,
    env: Arc<ManualEnv>,
    folder: PathBuf,
    /// The providers that only record.
    pub providers: Vec<Arc<Provider>>,
    running: Option<Running>,
    shop: Option<CreatedShop>,
    channels: BTreeMap<Way, ChannelId>,
    staff: BTreeMap<Person, StaffId>,
    backups: usize,
}

struct Running {
    state: AppState,
    router: Router,
}

/// What was answered, in bytes.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Server {
    /// A new server with one shop, its owner not yet hired.
    pub(super) fn open(folder: &Path, env: &Arc<ManualEnv>) -> Server {
        let providers = [Way::Dedupes, Way::Forgets].map(|way| Arc::new(Provider::new(way)));
        let mut server = Server {
            runtime: tokio::runtime::Builder::new_current_thread().build().unwrap(),
            env: Arc::clone(env),
            folder: folder.to_owned(),
            providers: providers.into(),
            running: None,
            shop: None,
            channels: BTreeMap::new(),
            staff: BTreeMap::new(),
            backups: 0,
        };
        server.start();
        let admin = server.admin();
        let shop = server.run(admin.create_shop("Juniper & Clay", &[ORIGIN.to_owned()])).unwrap();
        server.channels.insert(Way::WebChat, shop.web_chat);
        for way in [Way::Dedupes, Way::Forgets] {
            let created = server.run(admin.create_channel(shop.shop, shop.inbox, way.kind(), way.kind()));
            server.channels.insert(way, created.unwrap().id);
        }
        server.shop = Some(shop);
        server
    }

    /// Somebody begins to work for the shop; answers what they may do.
    pub(super) fn hire(&mut self, person: Person) -> BTreeSet<Permission> {
        let permissions: BTreeSet<_> = match person {
            Person::Mina => BTreeSet::from([Permission::Full]),
            _ => BTreeSet::from([Permission::Chat, Permission::Customers, Permission::Discounts]),
        };
        let staff = StaffToCreate {
            shop: self.shop().shop,
            name: person.name().to_owned(),
            email: person.email(),
            password: PASSWORD.to_owned(),
            permissions: Permissions::of(permissions.iter().copied()),
            owner: person == Person::Mina,
        };
        let id = self.run(self.admin().create_staff(staff)).unwrap();
        self.staff.insert(person, id);
        permissions
    }

    /// Sets what a person may do.
    pub(super) fn permit(&self, person: Person, permissions: BTreeSet<Permission>) {
        let permissions = Permissions::of(permissions);
        self.run(self.admin().set_permissions(self.shop().shop, self.staff(person), permissions)).unwrap();
    }

    /// Removes a device.
    pub(super) fn remove_device(&self, device: DeviceId) {
        self.run(self.storage().remove_device(self.shop().shop, device, self.env.now())).unwrap();
    }

    /// The shop as it was created.
    pub fn shop(&self) -> &CreatedShop {
        self.shop.as_ref().expect("it is created when the server is opened")
    }

    /// A person's id.
    pub fn staff(&self, person: Person) -> StaffId {
        self.staff[&person]
    }

    /// A channel's id.
    pub(super) fn channel(&self, way: Way) -> ChannelId {
        self.channels[&way]
    }

    /// What the server remembers.
    pub fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.state().storage)
    }

    /// Waits for something of the server's. Nothing of it waits for anything but itself.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// A phone signs in.
    pub(super) fn sign_in(&self, person: Person, device: DeviceInfo) -> SignedIn {
        let ask = SignIn { email: person.email(), password: PASSWORD.to_owned(), shop: None, device };
        let body = serde_json::to_string(&ask).unwrap();
        let answered = self.ask(Method::Post, "/v1/sessions", &[], Some(body));
        assert_eq!(answered.status, 201, "{}", String::from_utf8_lossy(&answered.body));
        serde_json::from_slice(&answered.body).unwrap()
    }

    /// Answers a phone's request as its core would read the answer.
    pub(super) fn answer(
        &self,
        request: &shopbell_core::sync::Request,
        pull_rows: Option<usize>,
    ) -> Result<Answer, RequestError> {
        let mut call = request.call.clone();
        if let (Call::Pull(pull), Some(rows)) = (&mut call, pull_rows) {
            pull.limit = pull.limit.min(rows);
        }
        let bearer = request.token.as_ref().map(|token| format!("Bearer {}", token.0));
        let headers: Vec<_> =
            bearer.iter().map(|bearer| (header::AUTHORIZATION.as_str(), bearer.as_str())).collect();
        let answered = self.ask(call.method(), &call.path(), &headers, call.body());
        if (200..300).contains(&answered.status) {
            return call.read(&answered.body);
        }
        Err(match serde_json::from_slice::<Problem>(&answered.body) {
            Ok(problem) => RequestError::Problem(Box::new(problem)),
            Err(_) => RequestError::Garbled,
        })
    }

    pub(super) fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answered {
        let method = match method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        let router = self.running().router.clone();
        self.run(async {
            let answer = router.oneshot(request).await.unwrap();
            let status = answer.status().as_u16();
            Answered { status, body: to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec() }
        })
    }

    /// Hands the reply over whose turn it is. Answers whether there was one.
    pub(super) fn hand_over(&self) -> bool {
        self.run(self.state().outgoing_worker().step()).unwrap() == Step::Handed
    }

    /// Dies while it hands a reply to a provider, before or after the provider has it, and starts again. What is done
    /// `meanwhile` happens while the provider has not answered. Answers whether a provider was given anything.
    pub(super) fn die_handing_over(&mut self, reached: bool, meanwhile: impl FnOnce(&Server)) -> bool {
        for provider in &self.providers {
            provider.die_next(Some(reached));
        }
        let worker = self.state().outgoing_worker();
        let mut step = Box::pin(async move { worker.step().await });
        let died = self.run(async {
            let [one, other] = [&self.providers[0], &self.providers[1]];
            tokio::select! {
                biased;
                step = &mut step => step.map(|_| false).unwrap(),
                () = one.died() => true,
                () = other.died() => true,
            }
        });
        for provider in &self.providers {
            provider.die_next(None);
        }
        if died {
            meanwhile(self);
            drop(step);
            self.crash();
        }
        died
    }

    /// Dies and starts again. What was not on disk is gone.
    pub(super) fn crash(&mut self) {
        self.running = None;
        self.start();
    }

    /// The providers take only texts up to so many characters.
    pub(super) fn limit_texts(&mut self, chars: usize) {
        for provider in &self.providers {
            provider.limit_texts(chars);
        }
        self.crash(); // what a channel can do is asked at the start
    }

    /// Makes a backup while the server runs; its number.
    pub(super) fn back_up(&mut self) -> usize {
        self.write_backup(self.backups);
        self.backups += 1;
        self.backups - 1
    }

    /// How many backups there are.
    pub fn backups(&self) -> usize {
        self.backups
    }

    /// Makes a backup while a reply is on its way to a provider, who gets it; then the server dies and starts again.
    pub(super) fn back_up_handing_over(&mut self) -> usize {
        let number = self.backups;
        assert!(self.die_handing_over(true, |server| server.write_backup(number)), "nothing was handed over");
        self.backups += 1;
        number
    }

    fn write_backup(&self, number: usize) {
        self.run(self.admin().backup(&self.backup(number))).unwrap();
    }

    /// Puts a backup in the place of the database.
    pub(super) fn restore(&mut self, backup: usize, how: How) {
        assert!(backup < self.backups, "there is no backup {backup}");
        let from = self.backup(backup);
        self.run(self.storage().close()).unwrap();
        self.running = None;
        match how {
            How::Command => {
                shopbell_server::restore(&self.folder, &from, &*self.env).unwrap();
            }
            How::ByHand => {
                for beside in BESIDE {
                    let _absent = std::fs::remove_file(self.folder.join(format!("{DATABASE}{beside}")));
                }
                std::fs::copy(from, self.folder.join(DATABASE)).unwrap();
            }
        }
        self.start();
    }

    /// Whether the database has a conversation.
    pub(super) fn knows(&self, conversation: ConversationId) -> bool {
        let database = rusqlite::Connection::open(self.folder.join(DATABASE)).unwrap();
        let mut found = database.prepare("SELECT 1 FROM conversation WHERE id = ?1").unwrap();
        found.exists([conversation.as_bytes()]).unwrap()
    }

    fn backup(&self, number: usize) -> PathBuf {
        self.folder.join(format!("backup-{number}.db"))
    }

    fn start(&mut self) {
        let mut config = Config::new(&self.folder, ([127, 0, 0, 1], 0).into());
        config.password_cost = PasswordCost::Test;
        config.storage_mode = Mode::Inline;
        config.extra_channels = self.providers.iter().map(|provider| Arc::clone(provider) as _).collect();
        config.rate_limits = without_limits();
        let state = self.run(AppState::open(config, Arc::clone(&self.env) as _)).unwrap();
        let router = app(state.clone());
        self.running = Some(Running { state, router });
    }

    fn admin(&self) -> Admin {
        Admin::of(self.state())
    }

    fn state(&self) -> &AppState {
        &self.running().state
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs but for a moment")
    }
}

/// In a world a hundred people share one address and a clock that hardly moves.
fn without_limits() -> RateLimits {
    let rate = Rate { burst: u32::MAX, per_second: 1e6 };
    RateLimits { sign_in: rate, chat_begin: rate, chat_address: rate, chat_session: rate, chat_message: rate }
}
