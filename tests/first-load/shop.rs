//! The shop: a real server on which as many customers wrote as were asked for.

use std::path::Path;
use std::sync::Arc;

use shopbell_domain::env::Env;
use shopbell_domain::ids::{MessageId, SessionId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_server::channel::from_browser;
use shopbell_server::storage::{NewChat, Storage};
use shopbell_server::{Config, PasswordCost, Server, StaffToCreate, SystemEnv};
use tokio::task::JoinSet;

use crate::Outcome;

pub const EMAIL: &str = "mina@juniper.example";
pub const PASSWORD: &str = "a-long-enough-password";
/// Customers who write at the same time.
const WRITERS: usize = 64;
/// Messages of each.
const MESSAGES: u64 = 3;

/// A shop on a server that runs until this is dropped.
pub struct Shop {
    pub address: String,
    _server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Shop {
    pub fn open(folder: &Path, conversations: u64) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let server = runtime.block_on(fill(folder, conversations))?;
        Ok(Self { address: format!("http://{}", server.address()), _server: server, _runtime: runtime })
    }
}

async fn fill(folder: &Path, conversations: u64) -> Outcome<Server> {
    let mut config = Config::new(folder, ([127, 0, 0, 1], 0).into());
    config.password_cost = PasswordCost::Test;
    let server = Server::start(config, Arc::new(SystemEnv)).await.map_err(|error| format!("{error:?}"))?;
    let ids =
        server.admin().create_shop("Juniper & Clay", &[]).await.map_err(|error| format!("{error:?}"))?;
    let mina = StaffToCreate {
        shop: ids.shop,
        name: "Mina".to_owned(),
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned(),
        permissions: Permissions::of([Permission::Full]),
        owner: true,
    };
    server.admin().create_staff(mina).await.map_err(|error| format!("{error:?}"))?;
    let chat = server.storage().chat_shop(ids.public_key).await?;
    let (shop, channel) = (chat.shop, chat.channel);
    let mut writers = JoinSet::new();
    for n in 0..conversations {
        if writers.len() >= WRITERS {
            writers.join_next().await.transpose()?.transpose()?;
        }
        let storage: Arc<dyn Storage> = Arc::clone(server.storage());
        writers.spawn(async move {
            let session = SessionId::new(&SystemEnv);
            let mut token_hash = [0; 32];
            SystemEnv.fill_random(&mut token_hash);
            let (name, now) = (Some(format!("Customer {n}")), SystemEnv.now());
            let chat = NewChat { session, token_hash, shop, channel, name, language: None, page: None, now };
            storage.begin_chat(chat).await?;
            for m in 0..MESSAGES {
                let text = format!("Question {m} about the blue cup, from customer {n}");
                let (id, name) = (MessageId::new(&SystemEnv), Some(format!("Customer {n}")));
                let inbound = from_browser(channel, session, name, id, text, SystemEnv.now());
                storage.record_inbound(inbound).await?;
            }
            Ok::<(), shopbell_server::storage::OperationError>(())
        });
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    Ok(server)
}
