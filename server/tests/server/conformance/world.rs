//! Juniper & Clay at the level of storage: Mina owns it, Theo answers, Pia sees no customers, Ana and Bo buy. A second
//! shop, Kettle & Co, has Noor.

use std::sync::Arc;

use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::env::{Env as _, FixedEnv};
use shopbell_domain::ids::{
    AttemptId, ChannelId, ConversationId, CustomerId, DeviceId, EpochId, InboxId, MessageId, MutationId,
    SessionId, ShopId, StaffId, hashed_uuid,
};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{
    DeviceInfo, Entity, MutationResult, Outcome, PULL_LIMIT_ROWS, PullAnswer, PullRequest, PushAnswer, Row,
    RowRef, Scope, ScopeCursor,
};
use shopbell_server::storage::sqlite::{Mode, SqliteOptions, SqliteStorage};
use shopbell_server::storage::{
    Caller, Claimed, CommitListener, Committed, Denied, Inbound, InboundRecorded, Kinds, NewChannel, NewChat,
    NewEpoch, NewSession, NewShop, NewStaff, OperationError, Outgoing, Pull, Push, Storage,
};

/// A channel that dedupes by our key, one that does not.
pub const DEDUPES: &str = "dedupes";
pub const FORGETS: &str = "forgets";

#[derive(Clone, Copy)]
pub enum Backend {
    SqliteThreads,
    SqliteInline,
}

struct Nobody;

impl CommitListener for Nobody {
    fn committed(&self, _committed: &Committed) {}
}

fn open(backend: Backend, dir: &tempfile::TempDir, env: &FixedEnv) -> Arc<dyn Storage> {
    let mode = match backend {
        Backend::SqliteThreads => Mode::Threads,
        Backend::SqliteInline => Mode::Inline,
    };
    let storage = SqliteStorage::open(SqliteOptions {
        path: dir.path().join("shopbell.db"),
        revocations: dir.path().join("revocations.db"),
        limit_pages: None,
        vfs: None,
        mode,
        is_shared: false,
        new_epoch: EpochId::new(env),
        listener: Arc::new(Nobody),
    });
    Arc::new(storage.unwrap())
}

pub struct World {
    pub storage: Arc<dyn Storage>,
    pub env: FixedEnv,
    pub shop: ShopId,
    pub inbox: InboxId,
    /// One channel a kind: `web_chat`, `dedupes`, `forgets`.
    pub channels: [ChannelId; 3],
    pub mina: Caller,
    pub theo: Caller,
    pub pia: Caller,
    pub noor: Caller,
    kettle: (InboxId, ChannelId),
    backend: Backend,
    dir: tempfile::TempDir,
}

impl World {
    pub async fn open(backend: Backend) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let env = FixedEnv::seeded(5);
        let storage = open(backend, &dir, &env);
        let (shop, inbox, channels) = create_shop(&*storage, &env, "Juniper & Clay").await;
        let (kettle, kettle_inbox, kettle_channels) = create_shop(&*storage, &env, "Kettle & Co").await;
        let answers = [Permission::Chat, Permission::Customers];
        let mina = hire(&*storage, &env, shop, "mina", &[Permission::Full]).await;
        let theo = hire(&*storage, &env, shop, "theo", &answers).await;
        let pia = hire(&*storage, &env, shop, "pia", &[Permission::Chat, Permission::Products]).await;
        let noor = hire(&*storage, &env, kettle, "noor", &answers).await;
        Self {
            storage,
            env,
            shop,
            inbox,
            channels,
            mina,
            theo,
            pia,
            noor,
            kettle: (kettle_inbox, kettle_channels[1]),
            backend,
            dir,
        }
    }

    /// The process ends at this moment and another one opens what is on disk.
    pub fn crash(&mut self) {
        self.storage = open(self.backend, &self.dir, &self.env);
    }

    /// What a request of another epoch is told: this server was never restored.
    pub fn epoch_changed(&self) -> Denied {
        Denied::EpochChanged(NewEpoch { epoch: self.storage.epoch(), survives: Vec::new() })
    }

    pub fn inbox_scope(&self) -> Scope {
        Scope::Inbox(self.inbox)
    }

    /// A customer's message by the channel that dedupes.
    pub async fn writes(&self, customer: &str, text: &str) -> InboundRecorded {
        self.writes_by(1, customer, text).await
    }

    /// Ana writes to the other shop. Answers its inbox.
    pub async fn kettle_writes(&self, text: &str) -> InboxId {
        let inbound = Inbound { channel: self.kettle.1, ..self.inbound(1, "ana", text) };
        self.storage.record_inbound(inbound).await.unwrap();
        self.kettle.0
    }

    pub async fn writes_by(&self, channel: usize, customer: &str, text: &str) -> InboundRecorded {
        self.storage.record_inbound(self.inbound(channel, customer, text)).await.unwrap()
    }

    pub fn inbound(&self, channel: usize, customer: &str, text: &str) -> Inbound {
        let message = MessageId::new(&self.env);
        self.env.advance_ms(1);
        Inbound {
            channel: self.channels[channel],
            event: message.to_string(),
            address: customer.to_owned(),
            name: Some(customer.to_owned()),
            message,
            text: text.to_owned(),
            customer: self::customer(customer),
            conversation: conversation(customer),
            chat: None,
            now: self.env.now(),
        }
    }

    /// A browser with an open web chat.
    pub async fn browser(&self) -> SessionId {
        let session = SessionId::new(&self.env);
        let mut token_hash = [0; 32];
        self.env.fill_random(&mut token_hash);
        let chat = NewChat {
            session,
            token_hash,
            shop: self.shop,
            channel: self.channels[0],
            name: None,
            language: None,
            page: None,
            now: self.env.now(),
        };
        self.storage.begin_chat(chat).await.unwrap();
        session
    }

    pub fn mutation(&self, operation: &Operation, base: Option<Base>) -> Mutation {
        Mutation::new(MutationId::new(&self.env), operation, base, self.env.now())
    }

    pub fn reply(&self, customer: &str, text: &str) -> Mutation {
        let (conversation, message) = (conversation(customer), MessageId::new(&self.env));
        let send = SendMessage { conversation, message, text: text.to_owned(), secret: None };
        self.mutation(&Operation::SendMessage(send), None)
    }

    /// A reply in which something is shared.
    pub fn shares(&self, customer: &str, text: &str, kind: SecretKind, title: &str) -> Mutation {
        let (conversation, message) = (conversation(customer), MessageId::new(&self.env));
        let secret = Some(SecretPart { kind, title: title.to_owned(), body: "Until Sunday.".to_owned() });
        let send = SendMessage { conversation, message, text: text.to_owned(), secret };
        self.mutation(&Operation::SendMessage(send), None)
    }

    pub async fn set_permissions(&self, caller: &Caller, permissions: &[Permission]) {
        let permissions = Permissions::of(permissions.iter().copied());
        self.storage.set_permissions(self.shop, caller.staff, permissions).await.unwrap();
    }

    /// The messages of the inbox as Mina sees them, with their ids, as they stand in their conversations.
    pub async fn messages(&self) -> Vec<(MessageId, Message)> {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let rows = rows.iter().filter(|row| row.entity == Entity::Message && !row.ended);
        let mut messages: Vec<(MessageId, Message)> =
            rows.map(|row| (MessageId(row.id), row.read().unwrap())).collect();
        messages.sort_by_key(|(_, message)| (message.conversation, message.mseq));
        messages
    }

    pub async fn push(&self, caller: &Caller, mutations: &[Mutation]) -> PushAnswer {
        self.try_push(caller, mutations).await.unwrap()
    }

    pub async fn try_push(
        &self,
        caller: &Caller,
        mutations: &[Mutation],
    ) -> Result<PushAnswer, OperationError> {
        self.env.advance_ms(1);
        let push = Push {
            caller: caller.clone(),
            epoch: self.storage.epoch(),
            mutations: mutations.to_vec(),
            kinds: Arc::new(kinds()),
            now: self.env.now(),
        };
        self.storage.push(push).await
    }

    pub async fn try_pull(
        &self,
        caller: &Caller,
        scopes: &[(Scope, i64)],
        limit: usize,
    ) -> Result<PullAnswer, OperationError> {
        let scopes = scopes.iter().map(|(scope, cursor)| ScopeCursor { scope: *scope, cursor: *cursor });
        let request = PullRequest {
            epoch: self.storage.epoch(),
            scopes: scopes.collect(),
            limit,
            wait_ms: 0,
            checksums: false,
        };
        self.storage.pull(Pull { caller: caller.clone(), request }).await
    }

    pub async fn pull(&self, caller: &Caller, scopes: &[(Scope, i64)], limit: usize) -> PullAnswer {
        self.try_pull(caller, scopes, limit).await.unwrap()
    }

    /// Everything in a scope.
    pub async fn all(&self, caller: &Caller, scope: Scope) -> Vec<Row> {
        let (mut rows, mut cursor) = (Vec::new(), 0);
        loop {
            let answer = self.pull(caller, &[(scope, cursor)], PULL_LIMIT_ROWS).await;
            let Some(part) = answer.scopes.into_iter().next() else { return rows };
            rows.extend(part.rows);
            cursor = part.cursor;
            if !part.more {
                return rows;
            }
        }
    }

    pub async fn result(&self, caller: &Caller, mutation: &Mutation) -> Option<MutationResult> {
        let rows = self.all(caller, Scope::Device(caller.device)).await;
        let row = rows.into_iter().find(|row| row.id == mutation.mid.0)?;
        Some(row.read().unwrap())
    }

    pub async fn outcome(&self, caller: &Caller, mutation: &Mutation) -> Option<Outcome> {
        self.result(caller, mutation).await.map(|result| result.outcome)
    }

    /// The row that a person sees, if it is there for them.
    pub async fn row(&self, caller: &Caller, row: RowRef) -> Option<Row> {
        let rows = self.all(caller, row.scope).await;
        rows.into_iter().find(|found| (found.entity, found.id) == (row.entity, row.id))
    }

    /// Pushes one mutation and says what became of it.
    pub async fn does(&self, caller: &Caller, mutation: &Mutation) -> Outcome {
        self.push(caller, std::slice::from_ref(mutation)).await;
        self.outcome(caller, mutation).await.unwrap()
    }

    pub async fn head(&self, customer: &str) -> Conversation {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let row =
            rows.iter().find(|row| row.entity == Entity::Conversation && row.id == conversation(customer).0);
        row.unwrap().read().unwrap()
    }

    /// The message whose turn it is.
    pub async fn claim(&self) -> Option<Outgoing> {
        match self.storage.claim_outgoing(AttemptId::new(&self.env), self.env.now()).await.unwrap() {
            Claimed::Message(outgoing) => Some(*outgoing),
            Claimed::Nothing(_) => None,
        }
    }
}

/// The message that a mutation sends.
pub fn sent(mutation: &Mutation) -> MessageId {
    match mutation.operation() {
        Ok(Operation::SendMessage(args)) => args.message,
        other => panic!("{other:?} sends nothing"),
    }
}

/// Rows as they travel, byte by byte.
pub fn shown(rows: &impl serde::Serialize) -> String {
    serde_json::to_string(rows).unwrap()
}

/// The customer who has this name.
pub fn customer(name: &str) -> CustomerId {
    CustomerId(hashed_uuid(&[b"customer", name.as_bytes()]))
}

/// The conversation that a customer has by whatever channel.
pub fn conversation(customer: &str) -> ConversationId {
    ConversationId(hashed_uuid(&[b"conversation", customer.as_bytes()]))
}

pub fn kinds() -> Kinds {
    [(ChannelKind::WEB_CHAT, true), (DEDUPES, true), (FORGETS, false)]
        .map(|(kind, dedupes)| {
            (ChannelKind::new(kind), Capabilities { dedupes, revises: dedupes, text_limit_chars: 200 })
        })
        .into()
}

async fn create_shop(storage: &dyn Storage, env: &FixedEnv, name: &str) -> (ShopId, InboxId, [ChannelId; 3]) {
    let (id, inbox) = (ShopId::new(env), InboxId::new(env));
    let public_key = format!("pk_{id}");
    let key = Some(public_key.clone());
    let shop = NewShop { id, name: name.to_owned(), public_key, origins: Vec::new(), inbox, now: env.now() };
    storage.create_shop(shop).await.unwrap();
    let mut channels = [ChannelId::new(env); 3];
    for (channel, kind) in channels.iter_mut().zip([ChannelKind::WEB_CHAT, DEDUPES, FORGETS]) {
        *channel = ChannelId::new(env);
        let kind = ChannelKind::new(kind);
        let public_key = key.clone().filter(|_| kind.as_str() == ChannelKind::WEB_CHAT);
        let new = NewChannel { shop: id, id: *channel, kind, name: name.to_owned(), inbox, public_key };
        storage.create_channel(new).await.unwrap();
    }
    (id, inbox, channels)
}

pub fn new_staff(env: &FixedEnv, shop: ShopId, name: &str, permissions: &[Permission]) -> NewStaff {
    NewStaff {
        shop,
        id: StaffId::new(env),
        name: name.to_owned(),
        email: format!("{name}@shops.example"),
        password_hash: "not checked here".to_owned(),
        permissions: Permissions::of(permissions.iter().copied()),
        owner: false,
    }
}

async fn hire(
    storage: &dyn Storage,
    env: &FixedEnv,
    shop: ShopId,
    name: &str,
    permissions: &[Permission],
) -> Caller {
    let staff = new_staff(env, shop, name, permissions);
    let id = staff.id;
    storage.create_staff(staff).await.unwrap();
    let session = new_session(env, shop, id, DeviceId::new(env));
    storage.record_session(session.clone()).await.unwrap();
    Caller {
        shop,
        staff: id,
        device: session.device.id,
        session: session.id,
        permissions: Permissions::of(permissions.iter().copied()),
    }
}

pub fn new_session(env: &FixedEnv, shop: ShopId, staff: StaffId, device: DeviceId) -> NewSession {
    let device = DeviceInfo { id: device, name: "phone".to_owned(), platform: "cli".to_owned() };
    NewSession { id: SessionId::new(env), shop, staff, generation: 1, device, now: env.now() }
}

#[track_caller]
pub fn denied<T: std::fmt::Debug>(answer: Result<T, OperationError>) -> shopbell_server::storage::Denied {
    match answer {
        Err(OperationError::Denied(denied)) => denied,
        other => panic!("expected a denial, got {other:?}"),
    }
}
