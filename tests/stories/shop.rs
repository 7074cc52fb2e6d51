//! A shop on a real server, phones with the real core, and customers who write through a channel.

use std::path::Path;
use std::sync::Arc;

use shopbell_core::domain::ids::{ChannelId, SessionId};
use shopbell_core::{App, AppOptions, ConversationId, InboxFilter, InboxQuery, Lang, SystemEnv};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::env::Env;
use shopbell_domain::ids::MessageId;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_server::channel::{chat_ids, from_browser};
use shopbell_server::storage::NewChat;
use shopbell_server::{Config, CreatedShop, PasswordCost, Server, StaffToCreate};
use tempfile::TempDir;

const PASSWORD: &str = "a-long-enough-password";

/// A shop with its server. Everything goes when it is dropped.
pub struct Shop {
    pub server: Server,
    folder: TempDir,
    ids: CreatedShop,
}

impl Shop {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("server"), ([127, 0, 0, 1], 0).into());
        config.password_cost = PasswordCost::Test;
        let server = Server::start(config, Arc::new(shopbell_server::SystemEnv)).await.unwrap();
        let admin = server.admin();
        let ids = admin.create_shop("Juniper & Clay", &[]).await.unwrap();
        let shop = Self { server, folder, ids };
        shop.hire("Mina", Permissions::of([Permission::Full]), true).await;
        shop.hire("Theo", Permissions::of([Permission::Chat, Permission::Customers]), false).await;
        shop
    }

    async fn hire(&self, name: &str, permissions: Permissions, owner: bool) {
        let staff = StaffToCreate {
            shop: self.ids.shop,
            name: name.to_owned(),
            email: email(name),
            password: PASSWORD.to_owned(),
            permissions,
            owner,
        };
        self.server.admin().create_staff(staff).await.unwrap();
    }

    /// A new phone of `name`, signed in and up to date.
    pub async fn phone(&self, name: &str, folder: &str) -> App {
        let app = open(&self.folder.path().join(folder));
        let address = format!("http://{}", self.server.address());
        app.sign_in(&address, &email(name), PASSWORD, None).await.unwrap();
        app.sync().await.unwrap();
        app
    }

    /// A customer begins to write in the web chat.
    pub async fn customer(&self, name: &str) -> Customer {
        self.customer_at(name, &self.ids.public_key).await
    }

    /// Another web chat of the shop; its public key.
    pub async fn open_web_chat(&self, name: &str) -> String {
        let admin = self.server.admin();
        let (shop, inbox) = (self.ids.shop, self.ids.inbox);
        admin.create_channel(shop, inbox, ChannelKind::WEB_CHAT, name).await.unwrap().public_key.unwrap()
    }

    /// A customer begins to write in the web chat that has this key.
    pub async fn customer_at(&self, name: &str, key: &str) -> Customer {
        let chat_shop = self.server.storage().chat_shop(key.to_owned()).await.unwrap();
        let session = SessionId::new(&SystemEnv);
        let mut token_hash = [0; 32];
        SystemEnv.fill_random(&mut token_hash);
        let chat = NewChat {
            session,
            token_hash,
            shop: chat_shop.shop,
            channel: chat_shop.channel,
            name: Some(name.to_owned()),
            language: None,
            page: None,
            now: SystemEnv.now(),
        };
        self.server.storage().begin_chat(chat).await.unwrap();
        Customer { name: name.to_owned(), session, channel: chat_shop.channel, token_hash }
    }

    pub async fn writes(&self, customer: &Customer, text: &str) {
        let message = MessageId::new(&SystemEnv);
        let name = Some(customer.name.clone());
        let inbound =
            from_browser(customer.channel, customer.session, name, message, text.to_owned(), SystemEnv.now());
        self.server.storage().record_inbound(inbound).await.unwrap();
    }

    /// What the customer's page shows.
    pub async fn shown(&self, customer: &Customer) -> Vec<String> {
        let storage = self.server.storage();
        let caller = storage.identify_chat(customer.token_hash).await.unwrap();
        let page = storage.chat_events(caller, 0).await.unwrap();
        page.events.into_iter().map(|event| event.text).collect()
    }
}

/// Somebody who writes to the shop.
pub struct Customer {
    name: String,
    session: SessionId,
    channel: ChannelId,
    token_hash: [u8; 32],
}

impl Customer {
    pub fn conversation(&self) -> ConversationId {
        chat_ids(self.session).1
    }

    pub fn channel(&self) -> ChannelId {
        self.channel
    }
}

fn open(folder: &Path) -> App {
    App::open(AppOptions {
        folder: folder.to_owned(),
        device_name: "test".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: false,
        env: Arc::new(SystemEnv),
    })
    .unwrap()
}

fn email(name: &str) -> String {
    format!("{}@juniper.example", name.to_lowercase())
}

/// Everything that a phone shows: the numbers, each list, and each conversation in it with its customer.
pub fn everything(app: &App) -> Vec<String> {
    let mut shown = vec![format!("{:?}", app.counts().unwrap())];
    for filter in InboxFilter::ALL {
        for row in app.inbox(&InboxQuery { limit: 100, ..InboxQuery::of(filter) }).unwrap() {
            let view = app.conversation(row.id).unwrap();
            let (customer, draft) = (app.customer(row.id).unwrap(), app.draft(row.id).unwrap());
            shown.push(format!("{filter:?} {row:?} {:?} {customer:?} {draft}", view.rows));
        }
    }
    shown
}
