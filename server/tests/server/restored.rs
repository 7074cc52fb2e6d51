//! A shop that is backed up and restored, with a provider that dedupes and one that does not; both remember what
//! arrived, as customers do.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::Request;
use futures_util::FutureExt as _;
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ChannelId, ConversationId, CustomerId, EpochId, MessageId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::mutation::{Mutation, Origin, Replay};
use shopbell_domain::sync::Entity;
use shopbell_server::channel::{Channel, Delivered, Incoming, receive};
use shopbell_server::outgoing::Step;
use shopbell_server::storage::Outgoing;
use shopbell_server::{AppState, app};
use tower::ServiceExt as _;

use crate::support::{Juniper, Phone, config, of};

/// A provider that takes everything.
pub struct Provider {
    kind: &'static str,
    dedupes: bool,
    /// Takes the message and never answers.
    pub hangs: AtomicBool,
    arrived: Mutex<Vec<(MessageId, String)>>,
}

impl Provider {
    fn new(kind: &'static str, dedupes: bool) -> Arc<Self> {
        Arc::new(Self { kind, dedupes, hangs: AtomicBool::new(false), arrived: Mutex::default() })
    }

    /// What arrived, in order.
    pub fn arrived(&self) -> Vec<String> {
        self.arrived.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }
}

#[async_trait]
impl Channel for Provider {
    fn kind(&self) -> ChannelKind {
        ChannelKind::new(self.kind)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { dedupes: self.dedupes, revises: false, text_limit_chars: 1_000 }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> Delivered {
        {
            let mut arrived = self.arrived.lock().unwrap();
            let is_known = arrived.iter().any(|(message, _)| *message == outgoing.message);
            if !(self.dedupes && is_known) {
                arrived.push((outgoing.message, outgoing.text.clone()));
            }
        }
        if self.hangs.load(Ordering::Relaxed) { std::future::pending().await } else { Delivered::Accepted }
    }
}

/// The way to whatever server runs, for phones that outlive one.
type Line = Arc<Mutex<Option<Router>>>;

fn router(line: &Line) -> Router {
    let line = line.clone();
    Router::new().fallback(move |request: Request| {
        let server = line.lock().unwrap().clone().unwrap();
        async move { server.oneshot(request).await }
    })
}

/// Juniper & Clay with the two providers' channels.
pub struct Shop {
    line: Line,
    pub juniper: Juniper,
    pub dedupes: Arc<Provider>,
    pub forgets: Arc<Provider>,
}

impl Shop {
    pub async fn open() -> Self {
        let (dedupes, forgets) = (Provider::new("dedupes", true), Provider::new("forgets", false));
        let extra: Vec<Arc<dyn Channel>> = vec![dedupes.clone(), forgets.clone()];
        let mut juniper = Juniper::open_with(1, |config| config.extra_channels = extra).await;
        let line: Line = Arc::new(Mutex::new(Some(juniper.router)));
        juniper.router = router(&line);
        let admin = juniper.admin();
        for kind in ["dedupes", "forgets"] {
            admin.create_channel(juniper.shop.shop, juniper.shop.inbox, kind, kind).await.unwrap();
        }
        Self { line, juniper, dedupes, forgets }
    }

    pub fn provider(&self, kind: &str) -> &Arc<Provider> {
        if kind == "dedupes" { &self.dedupes } else { &self.forgets }
    }

    pub async fn channel(&self, kind: &str) -> ChannelId {
        let shop = self.juniper.state.storage.shops().await.unwrap().remove(0);
        shop.channels.iter().find(|channel| channel.kind.as_str() == kind).unwrap().id
    }

    /// A customer writes by a channel. Answers the message.
    pub async fn hears(&self, kind: &str, customer: &str, text: &str) -> MessageId {
        let incoming = Incoming {
            channel: self.channel(kind).await,
            event: format!("{customer}: {text}"),
            customer: customer.to_owned(),
            name: Some(customer.to_owned()),
            text: text.to_owned(),
        };
        receive(&*self.juniper.state.storage, &*self.juniper.env, incoming).await.unwrap()
    }

    /// The conversation that a message stands in.
    pub async fn conversation_of(&self, phone: &Phone, message: MessageId) -> ConversationId {
        let messages = of::<Message>(&phone.all(self.juniper.inbox()).await, Entity::Message);
        messages.into_iter().find(|(id, _)| *id == message.0).unwrap().1.conversation
    }

    /// Hands over everything that is due.
    pub async fn work(&self) {
        while self.juniper.state.outgoing_worker().step().await.unwrap() == Step::Handed {}
    }

    /// The next message reaches its provider, and the server ends before the answer.
    pub fn work_until_cut(&self, kind: &str) {
        self.provider(kind).hangs.store(true, Ordering::Relaxed);
        assert!(Box::pin(self.juniper.state.outgoing_worker().step()).as_mut().now_or_never().is_none());
        self.provider(kind).hangs.store(false, Ordering::Relaxed);
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.juniper.dir.path().join(name)
    }

    pub async fn backup(&self) -> PathBuf {
        let file = self.file("a-backup");
        self.juniper.admin().backup(&file).await.unwrap();
        file
    }

    /// The server is stopped, a backup restored, and the server started.
    pub async fn restore(self, backup: &Path) -> Self {
        self.juniper.state.storage.close().await.unwrap();
        let this = self.closed();
        shopbell_server::restore(this.dir.path(), backup, &*this.env).unwrap();
        this.start().await
    }

    /// The server is stopped and its files are ours.
    pub fn closed(self) -> Closed {
        let Shop { line, juniper, dedupes, forgets } = self;
        line.lock().unwrap().take();
        let Juniper { env, state, router, shop, mina, theo, pia, dir } = juniper;
        drop((state, router));
        Closed { line, env, shop, staff: [mina, theo, pia], dir, dedupes, forgets }
    }

    /// The same phone, on the server as it is now and in its epoch.
    pub fn again(&self, phone: &Phone) -> Phone {
        let mut phone = phone.clone();
        phone.signed_in.session.epoch = self.juniper.state.storage.epoch();
        phone
    }

    /// The replies in the inbox with how far each has come, by their texts.
    pub async fn deliveries(&self, phone: &Phone) -> Vec<(String, Delivery)> {
        let messages = of::<Message>(&phone.all(self.juniper.inbox()).await, Entity::Message);
        let replies = messages.into_iter().filter_map(|(_, message)| Some((message.text, message.delivery?)));
        let mut replies: Vec<_> = replies.collect();
        replies.sort();
        replies
    }
}

/// A shop whose server does not run.
pub struct Closed {
    line: Line,
    pub env: Arc<shopbell_server::ManualEnv>,
    pub dir: tempfile::TempDir,
    shop: shopbell_server::CreatedShop,
    staff: [shopbell_domain::ids::StaffId; 3],
    dedupes: Arc<Provider>,
    forgets: Arc<Provider>,
}

impl Closed {
    pub async fn start(self) -> Shop {
        let Closed { line, env, shop, staff: [mina, theo, pia], dir, dedupes, forgets } = self;
        let mut config = config(dir.path());
        config.extra_channels = vec![dedupes.clone(), forgets.clone()];
        let state = AppState::open(config, env.clone()).await.unwrap();
        *line.lock().unwrap() = Some(app(state.clone()));
        let router = router(&line);
        Shop { line, juniper: Juniper { env, state, router, shop, mina, theo, pia, dir }, dedupes, forgets }
    }
}

/// A mutation as a phone brings it back that had seen its result.
pub async fn replay(phone: &Phone, mutation: &Mutation, seen_sent: bool) -> Mutation {
    let rows = phone.all(shopbell_domain::sync::Scope::Device(phone.device)).await;
    let seq = rows.iter().find(|row| row.id == mutation.mid.0).unwrap().ver.0;
    replay_at(phone.signed_in.session.epoch, mutation, seq, seen_sent)
}

pub fn replay_at(epoch: EpochId, mutation: &Mutation, seq: i64, seen_sent: bool) -> Mutation {
    Mutation { replay: Some(Replay { epoch, seq, seen_sent }), ..mutation.clone() }
}

/// Where a conversation came from, as a phone says.
pub fn origin(shop: &Shop, customer: CustomerId, channel: ChannelId) -> Origin {
    Origin { customer, name: Some("Ana".to_owned()), channel, started_at: shop.juniper.env.now() }
}
