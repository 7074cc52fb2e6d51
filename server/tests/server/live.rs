//! Live connections: pokes for whom they concern, never data, and an end when the token ends.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use shopbell_domain::ids::{DeviceId, MessageId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::Scope;
use shopbell_server::{CreatedShop, ManualEnv, Server, app};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::serve::start;
use crate::support::{Asked, Browser, Phone, hire, sign_in, the_conversation};

struct Live(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Live {
    async fn open(server: &Server, path: &str) -> Self {
        let (socket, _) = connect_async(format!("ws://{}{path}", server.address())).await.unwrap();
        Self(socket)
    }

    async fn hello(server: &Server, path: &str, token: &str) -> Self {
        let mut live = Self::open(server, path).await;
        live.say(&json!({ "type": "hello", "token": token })).await;
        live
    }

    async fn say(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; what closed it, when it was closed.
    async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

struct Story {
    server: Server,
    env: Arc<ManualEnv>,
    shop: CreatedShop,
    _dir: tempfile::TempDir,
}

impl Story {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (server, env) = start(dir.path()).await;
        let shop = server.admin().create_shop("Juniper & Clay", &[]).await.unwrap();
        let answers = [Permission::Chat, Permission::Customers];
        hire(&server.admin(), shop.shop, "Theo", &answers, false).await;
        hire(&server.admin(), shop.shop, "Pia", &[Permission::Products], false).await;
        Self { server, env, shop, _dir: dir }
    }

    async fn phone(&self, name: &str) -> Phone {
        let (router, device) = (app(self.server.state().clone()), DeviceId::new(&*self.env));
        let signed_in = Asked::post("/v1/sessions").json(sign_in(name, device)).of(&router).await.expect(201);
        Phone { router, env: self.env.clone(), device, signed_in }
    }

    async fn browser(&self) -> Browser {
        let router = app(self.server.state().clone());
        let begin = Asked::post("/chat/v1/sessions").json(json!({ "key": self.shop.public_key }));
        let begun: Value = begin.of(&router).await.expect(201);
        let text = |name: &str| begun[name].as_str().unwrap().to_owned();
        Browser { router, env: self.env.clone(), token: text("token"), session: text("session") }
    }

    /// Ana writes; the page has no origin here.
    async fn writes(&self, ana: &Browser) {
        let id = shopbell_domain::ids::new_uuid(&*self.env);
        let body = json!({ "id": id, "text": "Hello" });
        let post = Asked::post("/chat/v1/messages").json(body).token(&ana.token);
        post.of(&ana.router).await.expect::<Value>(200);
    }
}

const READY: &str = r#"{"type":"ready"}"#;

fn ready() -> Result<Value, u16> {
    Ok(serde_json::from_str(READY).unwrap())
}

#[tokio::test]
async fn a_phone_is_poked_for_its_own_scopes_and_told_no_words() {
    let story = Story::open().await;
    let (theo, pia, ana) = (story.phone("Theo").await, story.phone("Pia").await, story.browser().await);
    let mut theos = Live::hello(&story.server, "/v1/live", theo.token()).await;
    let mut pias = Live::hello(&story.server, "/v1/live", pia.token()).await;
    assert_eq!((theos.hear().await, pias.hear().await), (ready(), ready()));
    story.writes(&ana).await;
    let inbox = format!("inbox:{}", story.shop.inbox);
    assert_eq!(theos.hear().await, Ok(json!({ "type": "poke", "scopes": [inbox] })));
    // Pia sees no customers and is not poked; what she hears next is about the shop.
    let (shop, staff) = (story.shop.shop, pia.me());
    // A draft concerns the devices of whoever writes it.
    let (conversation, _) = the_conversation(&theo.all(Scope::Inbox(story.shop.inbox)).await);
    assert_eq!(theo.put_draft(conversation, "Yes").await.status, 204);
    let own = format!("user:{}", theo.me());
    assert_eq!(theos.hear().await, Ok(json!({ "type": "poke", "scopes": [own] })));
    let permissions = Permissions::of([Permission::Customers]);
    story.server.admin().set_permissions(shop, staff, permissions).await.unwrap();
    assert_eq!(pias.hear().await, Ok(json!({ "type": "poke", "scopes": ["shop"] })));
    // From then on she is.
    story.writes(&ana).await;
    assert_eq!(pias.hear().await, Ok(json!({ "type": "poke", "scopes": [inbox] })));
    story.server.stop().await.unwrap();
}

#[tokio::test]
async fn who_may_not_see_what_is_shared_is_not_poked_for_it() {
    let story = Story::open().await;
    hire(&story.server.admin(), story.shop.shop, "Mina", &[Permission::Full], true).await;
    let (theo, mina, ana) = (story.phone("Theo").await, story.phone("Mina").await, story.browser().await);
    story.writes(&ana).await;
    let inbox = Scope::Inbox(story.shop.inbox);
    let (conversation, _) = the_conversation(&mina.all(inbox).await);
    let mut theos = Live::hello(&story.server, "/v1/live", theo.token()).await;
    let mut minas = Live::hello(&story.server, "/v1/live", mina.token()).await;
    assert_eq!((theos.hear().await, minas.hear().await), (ready(), ready()));
    let part = SecretPart { kind: SecretKind::Discount, title: "JUNIPER15".into(), body: String::new() };
    let (message, text) = (MessageId::new(&*story.env), String::new());
    let send = SendMessage { conversation, message, text, secret: Some(part) };
    mina.push(&[mina.mutation(&Operation::SendMessage(send), None)]).await;
    assert_eq!(theos.hear().await, Ok(json!({ "type": "poke", "scopes": [inbox] })));
    let discounts = Scope::InboxDiscounts(story.shop.inbox);
    let own = Scope::Device(mina.device);
    assert_eq!(minas.hear().await, Ok(json!({ "type": "poke", "scopes": [inbox, discounts, own] })));
    story.server.stop().await.unwrap();
}

#[tokio::test]
async fn a_browser_is_poked_for_its_own_events() {
    let story = Story::open().await;
    let (ana, bo) = (story.browser().await, story.browser().await);
    let mut anas = Live::hello(&story.server, "/chat/v1/live", &ana.token).await;
    let mut bos = Live::hello(&story.server, "/chat/v1/live", &bo.token).await;
    assert_eq!((anas.hear().await, bos.hear().await), (ready(), ready()));
    story.writes(&ana).await;
    assert_eq!(anas.hear().await, Ok(json!({ "type": "poke" })));
    // When the server stops it says goodbye; Bo heard nothing until then.
    let stopped = tokio::spawn(story.server.stop());
    assert_eq!((anas.hear().await, bos.hear().await), (Err(1_001), Err(1_001)));
    drop((anas, bos));
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_ends_with_its_token() {
    let story = Story::open().await;
    let theo = story.phone("Theo").await;
    let mut live = Live::hello(&story.server, "/v1/live", theo.token()).await;
    assert_eq!(live.hear().await, ready());
    story.env.advance_ms(shopbell_server::auth::ACCESS_LIFETIME_MS);
    assert_eq!(live.hear().await, Err(4_401));
    for token in [theo.token(), "x"] {
        let mut again = Live::hello(&story.server, "/v1/live", token).await;
        assert_eq!(again.hear().await, Err(4_401));
    }
    let mut browser = Live::hello(&story.server, "/chat/v1/live", "x").await;
    assert_eq!(browser.hear().await, Err(4_401));
}

#[tokio::test]
async fn who_is_removed_or_has_a_new_password_is_cut_off() {
    let story = Story::open().await;
    let (shop, now) = (story.shop.shop, shopbell_domain::env::Env::now(&*story.env));
    let (theo, tablet, pia) =
        (story.phone("Theo").await, story.phone("Theo").await, story.phone("Pia").await);
    let mut all = Vec::new();
    for phone in [&theo, &tablet, &pia] {
        let mut live = Live::hello(&story.server, "/v1/live", phone.token()).await;
        assert_eq!(live.hear().await, ready());
        all.push(live);
    }
    let storage = story.server.storage();
    storage.remove_device(shop, theo.device, now).await.unwrap();
    assert_eq!(all[0].hear().await, Err(4_401));
    story.server.admin().set_password(shop, pia.me(), "a newer password").await.unwrap();
    assert_eq!(all[2].hear().await, Err(4_401));
    storage.remove_staff(shop, tablet.me(), now).await.unwrap();
    assert_eq!(all[1].hear().await, Err(4_401));
}

#[tokio::test]
async fn who_does_not_say_hello_is_sent_away() {
    let story = Story::open().await;
    for path in ["/v1/live", "/chat/v1/live"] {
        for first in [json!({ "type": "hi" }), json!([]), json!({ "type": "hello" })] {
            let mut live = Live::open(&story.server, path).await;
            live.say(&first).await;
            assert_eq!(live.hear().await, Err(1_002));
        }
        let mut silent = Live::open(&story.server, path).await;
        let waits = async {
            loop {
                story.env.advance_ms(1_000);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            heard = silent.hear() => assert_eq!(heard, Err(1_002)),
            () = waits => {}
        }
    }
}
