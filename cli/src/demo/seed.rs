//! Fills the demo shop: three people with different permissions, and forty conversations of the last days.
//!
//! Everything goes through the operations that customers and phones use, with the times at which it would have
//! happened, so what comes out is what a shop of that age has.

use std::path::Path;
use std::sync::Arc;

use shopbell_core::domain::conversation::{Base, Conversation};
use shopbell_core::domain::env::Env;
use shopbell_core::domain::ids::{ConversationId, DeviceId, MessageId, MutationId, SessionId, StaffId};
use shopbell_core::domain::mutation::assign::Assign;
use shopbell_core::domain::mutation::close::Close;
use shopbell_core::domain::mutation::mark_read::MarkRead;
use shopbell_core::domain::mutation::send_message::SendMessage;
use shopbell_core::domain::mutation::{Mutation, Operation};
use shopbell_core::domain::staff::{Permission, Permissions};
use shopbell_core::domain::sync::{DeviceInfo, Entity, Scope};
use shopbell_core::domain::time::Timestamp;
use shopbell_l10n::{self as words, Lang};
use shopbell_server::channel::{chat_ids, from_browser};
use shopbell_server::storage::{Caller, Credential, NewChat, NewSession, OperationError, Push, Snapshot};
use shopbell_server::{AppState, Config, CreatedShop, PasswordCost, StaffToCreate, SystemEnv};

use super::story::{Story, stories};
use crate::failure::{FAILED, Failure, Told, told};
use crate::terminal::Terminal;

/// Everybody's password: the demo listens only on this machine.
pub const PASSWORD: &str = "juniper and clay";

impl Told for OperationError {
    fn failure(&self, lang: Lang) -> Failure {
        match self {
            OperationError::Storage(error) => error.failure(lang),
            OperationError::Denied(denied) => Failure::new(FAILED, denied.to_string()), // a bug of the demo
        }
    }
}

/// Somebody of the demo's staff.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// What they are called.
    pub name: &'static str,
    /// The address that they sign in with.
    pub email: &'static str,
    /// What they may do; nothing for the owner, who may do everything.
    permissions: &'static [Permission],
}

/// Mina owns the shop, Theo answers, Lea packs parcels and sees no customers.
pub const PEOPLE: [Person; 3] = [
    Person { name: "Mina", email: "mina@juniper.example", permissions: &[] },
    Person {
        name: "Theo",
        email: "theo@juniper.example",
        permissions: &[Permission::Chat, Permission::Customers, Permission::Products, Permission::Discounts],
    },
    Person {
        name: "Lea",
        email: "lea@juniper.example",
        permissions: &[Permission::Chat, Permission::Products],
    },
];

/// How long a conversation's next line takes, in milliseconds.
const LINE_EVERY_MS: i64 = 40_000;

/// Makes the demo shop in `data` unless it is there, and gives its public key.
///
/// It is made beside and then moved in place, so that a demo that was interrupted is not half a demo for ever.
pub async fn prepare(terminal: &Terminal, data: &Path) -> Result<String, Failure> {
    if !data.exists() {
        terminal.aside(&words::demo_preparing(terminal.lang));
        let beside = data.with_extension("new");
        if beside.exists() {
            std::fs::remove_dir_all(&beside)?;
        }
        fill(&beside, terminal).await?;
        std::fs::rename(&beside, data)?;
    }
    let admin = shopbell_server::Admin::open(data, PasswordCost::Production, Arc::new(SystemEnv))
        .map_err(told(terminal))?;
    let shops = admin.shops().await.map_err(told(terminal))?;
    admin.close().await.map_err(told(terminal))?;
    let shop = shops.into_iter().next();
    shop.map(|shop| shop.public_key).ok_or_else(|| Failure::new(FAILED, words::admin_no_shop(terminal.lang)))
}

async fn fill(data: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let state = AppState::open(Config::new(data, ([127, 0, 0, 1], 0).into()), Arc::new(SystemEnv))
        .await
        .map_err(told(terminal))?;
    let admin = shopbell_server::Admin::of(&state);
    let shop = admin.create_shop(&words::demo_shop_name(terminal.lang), &[]).await.map_err(told(terminal))?;
    let mut counter =
        Counter { terminal: *terminal, state: state.clone(), shop: shop.clone(), staff: Vec::new() };
    for person in PEOPLE {
        let id = admin
            .create_staff(StaffToCreate {
                shop: shop.shop,
                name: person.name.to_owned(),
                email: person.email.to_owned(),
                password: PASSWORD.to_owned(),
                permissions: Permissions::of(person.permissions.iter().copied()),
                owner: person.permissions.is_empty(),
            })
            .await
            .map_err(told(terminal))?;
        counter.take_on(person, id).await?;
    }
    let mut stories = stories();
    stories.reverse(); // the oldest first, as it happened
    for story in &stories {
        counter.play(story).await?;
    }
    state.storage.close().await.map_err(told(terminal))
}

/// The demo's counter: who stands behind it, and what they and the customers do.
struct Counter {
    terminal: Terminal,
    state: AppState,
    shop: CreatedShop,
    staff: Vec<(Person, Caller)>,
}

impl Counter {
    /// Gives a person a device, from which they answer.
    async fn take_on(&mut self, person: Person, id: StaffId) -> Result<(), Failure> {
        let (session, device) = (SessionId::new(&SystemEnv), DeviceId::new(&SystemEnv));
        let candidates = self
            .state
            .storage
            .sign_in_candidates(person.email.to_owned())
            .await
            .map_err(told(&self.terminal))?;
        let generation = candidates.first().map_or(0, |candidate| candidate.generation);
        let credential = Credential { shop: self.shop.shop, staff: id, device, session, generation };
        self.state
            .storage
            .record_session(NewSession {
                id: session,
                shop: self.shop.shop,
                staff: id,
                generation,
                device: DeviceInfo { id: device, name: "demo".to_owned(), platform: "demo".to_owned() },
                now: SystemEnv.now(),
            })
            .await
            .map_err(told(&self.terminal))?;
        let caller = self.state.storage.identify(credential).await.map_err(told(&self.terminal))?;
        self.staff.push((person, caller));
        Ok(())
    }

    async fn play(&self, story: &Story) -> Result<(), Failure> {
        let mut now = SystemEnv.now().plus_ms(-story.minutes_ago * 60_000);
        let session = SessionId::new(&SystemEnv);
        let mut token_hash = [0; 32];
        SystemEnv.fill_random(&mut token_hash); // of a token that nobody has
        self.state
            .storage
            .begin_chat(NewChat {
                session,
                token_hash,
                shop: self.shop.shop,
                channel: self.shop.web_chat,
                name: Some(story.customer.clone()),
                language: None,
                page: None,
                now,
            })
            .await
            .map_err(told(&self.terminal))?;
        let mut heard = None;
        for line in &story.lines {
            match &line.staff {
                None => heard = Some(self.customer_writes(session, story, &line.text, now).await?),
                Some(name) => self.staff_reply(name, session, &line.text, heard, now).await?,
            }
            now = now.plus_ms(LINE_EVERY_MS);
        }
        self.end(story, session, heard, now).await
    }

    async fn customer_writes(
        &self,
        session: SessionId,
        story: &Story,
        text: &str,
        now: Timestamp,
    ) -> Result<MessageId, Failure> {
        let message = MessageId::new(&SystemEnv);
        let name = Some(story.customer.clone());
        let inbound = from_browser(self.shop.web_chat, session, name, message, text.to_owned(), now);
        Ok(self.state.storage.record_inbound(inbound).await.map_err(told(&self.terminal))?.message)
    }

    async fn staff_reply(
        &self,
        name: &str,
        session: SessionId,
        text: &str,
        heard: Option<MessageId>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (_, conversation) = chat_ids(session);
        let message = MessageId::new(&SystemEnv);
        let send = Operation::SendMessage(SendMessage {
            conversation,
            message,
            text: text.to_owned(),
            secret: None,
        });
        self.push(name, send, None, now).await?;
        if let Some(message) = heard {
            let read = Operation::MarkRead(MarkRead { conversation, message });
            self.push(name, read, None, now).await?;
        }
        Ok(())
    }

    /// How the conversation stands in the end.
    async fn end(
        &self,
        story: &Story,
        session: SessionId,
        heard: Option<MessageId>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (_, conversation) = chat_ids(session);
        if let Some(name) = &story.assignee
            && let Some((_, assignee)) = self.staff.iter().find(|(person, _)| person.name == name)
        {
            let assign = Operation::Assign(Assign { conversation, assignee: assignee.staff });
            let base = self.head(conversation).await?.assignee.base();
            self.push(name, assign, Some(base), now).await?;
        }
        if story.closed {
            let close = Operation::Close(Close { conversation, seen: heard });
            let base = self.head(conversation).await?.status.base();
            self.push("Theo", close, Some(base), now).await?;
        }
        for name in ["Mina", "Theo"] {
            if let (true, Some(message)) = (story.closed, heard) {
                self.push(name, Operation::MarkRead(MarkRead { conversation, message }), None, now).await?;
            }
        }
        Ok(())
    }

    /// The conversation as it stands: changes name the version that they were made looking at.
    async fn head(&self, id: ConversationId) -> Result<Conversation, Failure> {
        let caller = self.staff.first().map(|(_, caller)| caller.clone());
        let scope = Scope::Inbox(self.shop.inbox);
        let mut position = None;
        while let Some(caller) = caller.clone() {
            let asked = Snapshot { caller, scope, position, now: SystemEnv.now() };
            let page = self.state.storage.snapshot(asked).await.map_err(told(&self.terminal))?;
            let found = page.rows.iter().find(|row| row.entity == Entity::Conversation && row.id == id.0);
            if let Some(row) = found {
                return row.read().map_err(|error| Failure::new(FAILED, error.to_string()));
            }
            position = page.next;
            if position.is_none() {
                break;
            }
        }
        Err(Failure::new(FAILED, words::error_unknown_conversation(self.terminal.lang, id.to_string())))
    }

    async fn push(
        &self,
        name: &str,
        operation: Operation,
        base: Option<Base>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let Some((_, caller)) = self.staff.iter().find(|(person, _)| person.name == name) else {
            return Ok(());
        };
        let mutation = Mutation::new(MutationId::new(&SystemEnv), &operation, base, now);
        self.state
            .storage
            .push(Push {
                caller: caller.clone(),
                epoch: self.state.storage.epoch(),
                mutations: vec![mutation],
                kinds: Arc::new(self.state.channels.kinds()),
                now,
            })
            .await
            .map_err(told(&self.terminal))?;
        Ok(())
    }
}
