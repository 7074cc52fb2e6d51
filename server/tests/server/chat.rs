//! The web chat, as a browser on a shop's page sees it.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use shopbell_domain::conversation::Conversation;
use shopbell_domain::ids::{ConversationId, MessageId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::sync::{Entity, Outcome};
use shopbell_server::{Rate, app};
use tower::ServiceExt as _;

use crate::support::{Asked, Browser, Juniper, ORIGIN, Phone, of, the_conversation};

impl Browser {
    async fn page(&self, query: &str) -> Value {
        self.ask(Asked::get(format!("/chat/v1/events?{query}"))).await.expect(200)
    }
}

async fn answer(juniper: &Juniper, phone: &Phone, text: &str) {
    let (conversation, _) = the_conversation(&phone.all(juniper.inbox()).await);
    phone.push(&[phone.reply(conversation, text)]).await;
    juniper.deliver().await;
}

#[tokio::test]
async fn the_shop_says_its_name_its_limits_and_whether_somebody_is_there() {
    let juniper = Juniper::open().await;
    let path = format!("/chat/v1/shop?key={}", juniper.shop.public_key);
    let theo = juniper.phone("Theo").await;
    let shop: Value = juniper.ask(Asked::get(&path)).await.expect(200);
    let epoch = theo.signed_in.session.epoch;
    assert_eq!(
        shop,
        json!({
            "name": "Juniper & Clay", "epoch": epoch, "online": false, "limits": { "text_chars": 5_000 }
        })
    );
    // Theo's phone waits for news: somebody is there.
    let scopes = [shopbell_domain::sync::Scope::Shop, juniper.inbox()];
    let seq = theo.pull(&scopes.map(|scope| cursor(scope, 0)), 1_000).await.scopes[0].cursor;
    let mut body = theo.pull_body(&scopes.map(|scope| cursor(scope, seq)), 10);
    body["wait_ms"] = json!(25_000);
    let mut waits = Box::pin(theo.ask(Asked::post("/v1/pull").json(body)));
    assert!(waits.as_mut().now_or_never().is_none());
    let shop: Value = juniper.ask(Asked::get(&path)).await.expect(200);
    assert_eq!(shop["online"], true);
    // Nothing came: the phone is answered when its time is over.
    juniper.env.advance_ms(25_000);
    waits.await.expect::<Value>(200);
    let shop: Value = juniper.ask(Asked::get(&path)).await.expect(200);
    assert_eq!(shop["online"], false);
}

fn cursor(scope: shopbell_domain::sync::Scope, cursor: i64) -> shopbell_domain::sync::ScopeCursor {
    shopbell_domain::sync::ScopeCursor { scope, cursor }
}

#[tokio::test]
async fn each_web_chat_of_a_shop_has_a_key_and_a_channel_of_its_own() {
    let juniper = Juniper::open().await;
    let (admin, shop) = (juniper.admin(), juniper.shop.clone());
    let second = admin.create_channel(shop.shop, shop.inbox, "web_chat", "Wholesale").await.unwrap();
    let second_key = second.public_key.unwrap();
    let kettle = admin.create_shop("Kettle & Co", &[ORIGIN.to_owned()]).await.unwrap();
    for (key, name) in [
        (&shop.public_key, "Juniper & Clay"),
        (&second_key, "Juniper & Clay"),
        (&kettle.public_key, "Kettle & Co"),
    ] {
        let said: Value = juniper.ask(Asked::get(format!("/chat/v1/shop?key={key}"))).await.expect(200);
        assert_eq!(said["name"], name);
    }

    let ana = juniper.browser().await;
    let ben = juniper.browser_at(&second_key, "Ben").await;
    let elsewhere = juniper.browser_at(&kettle.public_key, "Cleo").await;
    ana.write("One bowl?").await;
    ben.write("Forty bowls?").await;
    elsewhere.write("A kettle?").await;
    let theo = juniper.phone("Theo").await;
    let heads = of::<Conversation>(&theo.all(juniper.inbox()).await, Entity::Conversation);
    let channels: Vec<_> = heads.iter().map(|(_, head)| head.channel).collect();
    assert_eq!(channels, [shop.web_chat, second.id]);

    theo.push(&[theo.reply(ConversationId(heads[1].0), "Next week.")]).await;
    juniper.deliver().await;
    let texts = async |browser: &Browser| {
        browser.shown().await.into_iter().map(|(_, _, _, text)| text).collect::<Vec<_>>()
    };
    assert_eq!(texts(&ana).await, ["One bowl?"]);
    assert_eq!(texts(&ben).await, ["Forty bowls?", "Next week."]);
    assert_eq!(texts(&elsewhere).await, ["A kettle?"]);
}

#[tokio::test]
async fn the_same_message_again_is_answered_the_same() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    let id = shopbell_domain::ids::new_uuid(&*juniper.env).to_string();
    let first: Value = ana.write_as(&id, "Hello").await.expect(200);
    assert_eq!(first, json!({ "id": id, "n": 1 }));
    assert_eq!(ana.write_as(&id, "Hello?").await.expect::<Value>(200), first);
    ana.write("Anybody there?").await;
    assert_eq!(ana.write_as(&id, "Hello").await.expect::<Value>(200), first);
    let texts: Vec<String> = ana.shown().await.into_iter().map(|(.., text)| text).collect();
    assert_eq!(texts, ["Hello", "Anybody there?"]);
}

#[tokio::test]
async fn events_come_page_by_page() {
    let many = Rate { burst: 1_000, per_second: 1_000.0 };
    let juniper = Juniper::open_with(1, |config| {
        (config.rate_limits.chat_message, config.rate_limits.chat_session) = (many, many);
    })
    .await;
    let ana = juniper.browser().await;
    for number in 1..=103 {
        ana.write(&format!("Message {number}")).await;
    }
    let first = ana.page("after=0").await;
    assert_eq!(
        (first["events"].as_array().unwrap().len(), &first["more"], &first["next"]),
        (100, &json!(true), &json!(100))
    );
    let second = ana.page("after=100").await;
    assert_eq!(
        (second["events"].as_array().unwrap().len(), &second["more"], &second["next"]),
        (3, &json!(false), &json!(103))
    );
    let none = ana.page("after=103").await;
    assert_eq!((none["events"].as_array().unwrap().len(), &none["next"]), (0, &json!(103)));
}

#[tokio::test]
async fn a_message_that_changes_comes_again_where_it_stands() {
    let juniper = Juniper::open().await;
    let (mina, ana) = (juniper.phone("Mina").await, juniper.browser().await);
    ana.write("Is it ever cheaper?").await;
    let (conversation, _) = the_conversation(&mina.all(juniper.inbox()).await);
    let message = MessageId::new(&*juniper.env);
    let part =
        SecretPart { kind: SecretKind::Discount, title: "JUNIPER15".into(), body: "Until Sunday.".into() };
    let does = async |operation: Operation| {
        let mutation = mina.mutation(&operation, None);
        mina.push(std::slice::from_ref(&mutation)).await;
        assert_eq!(mina.outcome(&mutation).await, Some(Outcome::Accepted), "{operation:?}");
    };
    let text = "For yuo:".to_owned();
    does(Operation::SendMessage(SendMessage { conversation, message, text, secret: Some(part) })).await;
    juniper.deliver().await;
    ana.write("Thanks").await;
    // Whoever waits is answered by the change.
    let mut waits = Box::pin(ana.page("after=3&wait_ms=25000"));
    assert!(waits.as_mut().now_or_never().is_none());
    let text = "For you:".to_owned();
    does(Operation::EditMessage(EditMessage { conversation, message, text })).await;
    let page = waits.now_or_never().expect("the change wakes whoever waits");
    let at = page["events"][0]["message"]["at"].clone();
    assert_eq!(
        page["events"],
        json!([{ "n": 4, "place": 2, "message": {
            "id": message, "from": "staff", "name": "Mina", "text": "For you:\nJUNIPER15\nUntil Sunday.", "at": at,
            "edited": true
        } }])
    );
    does(Operation::DeleteMessage(DeleteMessage { conversation, message })).await;
    let page = ana.page("after=4").await;
    assert_eq!(
        page["events"],
        json!([{ "n": 5, "place": 2, "message": {
            "id": message, "from": "staff", "name": "Mina", "text": "", "at": at, "deleted": true
        } }])
    );
    let all = ana.page("after=0").await;
    let places: Vec<_> =
        all["events"].as_array().unwrap().iter().map(|event| event["place"].clone()).collect();
    assert_eq!((places, &all["next"]), (vec![json!(1), json!(3), json!(2)], &json!(5)));
    assert!(!all.to_string().contains("JUNIPER15"));
}

#[tokio::test]
async fn a_waiting_browser_is_answered_when_something_comes() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    ana.write("Hello").await;
    let waits = ana.ask(Asked::get("/chat/v1/events?after=1&wait_ms=25000"));
    let (page, ()) = tokio::join!(waits, answer(&juniper, &theo, "Hello Ana"));
    let page: Value = page.expect(200);
    let message = &page["events"][0]["message"];
    assert_eq!(
        (&message["text"], &message["from"], &message["name"]),
        (&json!("Hello Ana"), &json!("staff"), &json!("Theo"))
    );
    // When the server stops, nobody waits on.
    let mut waits = Box::pin(ana.ask(Asked::get("/chat/v1/events?after=2&wait_ms=25000")));
    assert!(waits.as_mut().now_or_never().is_none());
    juniper.state.stop();
    assert_eq!(waits.await.expect::<Value>(200)["events"], json!([]));
}

#[tokio::test]
async fn a_browser_that_only_looks_makes_no_conversation() {
    let juniper = Juniper::open().await;
    let mina = juniper.phone("Mina").await;
    let ana = juniper.browser().await;
    let page = json!({ "url": "https://juniper.example/kettle", "title": "The quiet kettle\u{202e}" });
    for state in ["here", "left"] {
        let sign = Asked::post("/chat/v1/presence").json(json!({ "state": state, "page": page }));
        assert_eq!(ana.ask(sign).await.status, 204);
    }
    let sign = Asked::post("/chat/v1/presence").json(json!({ "state": "asleep" }));
    assert_eq!(ana.ask(sign).await.problem(), (422, "malformed".into()));
    assert!(mina.all(juniper.inbox()).await.is_empty());
    ana.write("Hello").await;
    let rows = mina.all(juniper.inbox()).await;
    let customers = of::<shopbell_domain::customer::Customer>(&rows, shopbell_domain::sync::Entity::Customer);
    let names: Vec<_> = customers.iter().map(|(_, ana)| (ana.name.as_deref(), ana.number)).collect();
    assert_eq!(names, [(Some("Ana"), 1)]);
}

#[tokio::test]
async fn only_the_shops_pages_may_read_the_answers() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    let allowed = |answer: &crate::support::Answered| {
        answer.headers.get("access-control-allow-origin").map(|origin| origin.to_str().unwrap().to_owned())
    };
    let preflight = |origin: &str| {
        Asked::new("OPTIONS", "/chat/v1/messages")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
    };
    let answer = juniper.ask(preflight(ORIGIN)).await;
    assert_eq!((answer.status.as_u16(), allowed(&answer).as_deref()), (204, Some(ORIGIN)));
    assert_eq!(answer.headers["access-control-allow-headers"], "Authorization, Content-Type");
    assert_eq!(answer.headers["vary"], "Origin");
    let answer = juniper.ask(preflight("https://evil.example")).await;
    assert_eq!((answer.problem(), allowed(&answer)), ((403, "origin-not-allowed".into()), None));
    // Problems, too, can be read by the shop's own pages.
    let answer = ana.ask(Asked::get("/chat/v1/events?after=x")).await;
    assert_eq!((answer.status.as_u16(), allowed(&answer).as_deref()), (422, Some(ORIGIN)));
    // Without an origin it is no page of another site.
    let answer = juniper.ask(Asked::get("/chat/v1/events?after=0").token(&ana.token)).await;
    assert_eq!((answer.status.as_u16(), allowed(&answer)), (200, None));
    // Staff's door is for apps, not for pages.
    let answer = juniper.ask(Asked::new("OPTIONS", "/v1/pull").header("origin", ORIGIN)).await;
    assert_eq!((answer.status.as_u16(), allowed(&answer)), (405, None));
}

#[tokio::test]
async fn the_servers_own_page_may_only_while_it_shows_the_demo() {
    for demo in [true, false] {
        let juniper = Juniper::open_with(1, |config| {
            config.demo_shop = demo.then(|| "pk_demo".to_owned());
            config.public_url = Some("https://Chat.Juniper.example/".to_owned());
        })
        .await;
        for (host, origin, is_own) in [
            ("localhost:8077", "http://localhost:8077", true),
            ("127.0.0.1:8077", "https://chat.juniper.example", true),
            ("localhost:8077", "http://localhost:8078", false),
        ] {
            let begin = Asked::post("/chat/v1/sessions")
                .json(json!({ "key": juniper.shop.public_key }))
                .header("host", host)
                .header("origin", origin);
            let status = juniper.ask(begin).await.status.as_u16();
            assert_eq!(status, if demo && is_own { 201 } else { 403 }, "{origin}");
        }
    }
}

#[tokio::test]
async fn a_browser_that_writes_too_fast_is_told_when_to_go_on() {
    let juniper = Juniper::open_with(1, |config| {
        config.rate_limits.chat_message = Rate { burst: 2, per_second: 1.0 };
    })
    .await;
    let (ana, bo) = (juniper.browser().await, juniper.browser().await);
    ana.write("One").await;
    ana.write("Two").await;
    let id = shopbell_domain::ids::new_uuid(&*juniper.env).to_string();
    let answer = ana.write_as(&id, "Three").await;
    assert_eq!(
        (answer.problem(), answer.member("retry_after_ms")),
        ((429, "slow-down".into()), json!(1_000))
    );
    bo.write("Another browser is not held up").await;
    juniper.env.advance_ms(1_000);
    ana.write_as(&id, "Three").await.expect::<Value>(200);
    // A clock that jumps back holds up nobody for long.
    juniper.env.advance_ms(-3_600_000);
    assert_eq!(ana.write_as(&id, "Three").await.problem(), (429, "slow-down".into()));
    juniper.env.advance_ms(1_000);
    ana.write_as(&id, "Three").await.expect::<Value>(200);
}

/// Opens a chat from `peer`, with what a proxy says of where it came from.
async fn open_from(juniper: &Juniper, peer: &str, forwarded: Option<&str>) -> u16 {
    let mut request = axum::http::Request::post("/chat/v1/sessions")
        .extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let body = json!({ "key": juniper.shop.public_key }).to_string();
    let answer =
        app(juniper.state.clone()).oneshot(request.body(axum::body::Body::from(body)).unwrap()).await;
    answer.unwrap().status().as_u16()
}

#[tokio::test]
async fn an_address_is_what_a_trusted_proxy_says_and_nobody_else() {
    let juniper = Juniper::open_with(1, |config| {
        config.rate_limits.chat_begin = Rate { burst: 1, per_second: 0.001 };
        config.trusted_proxies = vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
    })
    .await;
    let open = async |peer: &str, forwarded: Option<&str>| open_from(&juniper, peer, forwarded).await;
    assert_eq!(open("192.0.2.1:1000", None).await, 201);
    // Another port is the same address, and so is what it claims to forward.
    assert_eq!(open("192.0.2.1:2000", Some("192.0.2.77")).await, 429);
    assert_eq!(open("10.0.0.1:1000", Some("192.0.2.2")).await, 201);
    // What the customer wrote in front does not count, a second trusted proxy does not either.
    assert_eq!(open("10.0.0.1:1000", Some("192.0.2.99, 192.0.2.2, 10.0.0.2")).await, 429);
    assert_eq!(open("10.0.0.1:1000", Some("nonsense, 192.0.2.3")).await, 201);
    // A port is no part of it, and what cannot be read is not passed over in favour of what stands before it.
    assert_eq!(open("10.0.0.1:1000", Some("192.0.2.3:4000")).await, 429);
    assert_eq!(open("10.0.0.1:1000", Some("192.0.2.4, nonsense")).await, 201);
    assert_eq!(open("10.0.0.1:1000", Some("192.0.2.5, nonsense")).await, 429);
    // A network of IPv6 is one address.
    assert_eq!(open("[2001:db8:1:2::1]:1", None).await, 201);
    assert_eq!(open("[2001:db8:1:2:ffff::1]:1", None).await, 429);
    assert_eq!(open("[2001:db8:1:3::1]:1", None).await, 201);
}
