//! Signing in, staying signed in, being signed out.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::DeviceId;
use shopbell_domain::sync::{Refreshed, SignedIn};
use shopbell_server::Rate;

use crate::support::{Asked, Juniper, PASSWORD, Phone, email, hire, sign_in};

const MINUTE_MS: i64 = 60_000;

impl Juniper {
    async fn try_sign_in(&self, body: Value) -> crate::support::Answered {
        self.ask(Asked::post("/v1/sessions").json(body)).await
    }

    async fn refresh(&self, token: &str) -> crate::support::Answered {
        self.ask(Asked::post("/v1/sessions/refresh").json(json!({ "refresh_token": token }))).await
    }
}

impl Phone {
    async fn is_let_in(&self) -> crate::support::Answered {
        self.ask(Asked::post("/v1/pull").json(self.pull_body(&[], 1))).await
    }
}

#[tokio::test]
async fn signing_in_says_who_and_where_one_is() {
    let juniper = Juniper::open().await;
    let mut body = sign_in("Theo", DeviceId::new(&*juniper.env));
    body["email"] = json!("  THEO@Juniper.Example ");
    let signed_in: SignedIn = juniper.try_sign_in(body).await.expect(201);
    assert_eq!((signed_in.shop.id, signed_in.shop.name.as_str()), (juniper.shop.shop, "Juniper & Clay"));
    assert_eq!((signed_in.staff.id, signed_in.staff.name.as_str()), (juniper.theo, "Theo"));
    assert_eq!(signed_in.session.access_expires_at.since_ms(juniper.env.now()), 15 * MINUTE_MS);
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let juniper = Juniper::open().await;
    let mut unknown = sign_in("Nobody", DeviceId::new(&*juniper.env));
    let answer = juniper.try_sign_in(unknown.clone()).await;
    assert_eq!(answer.problem(), (401, "wrong-password".into()));
    unknown["email"] = json!(email("Theo"));
    unknown["password"] = json!("not the password");
    let wrong = juniper.try_sign_in(unknown.clone()).await;
    assert_eq!(wrong.body, answer.body);
    unknown["password"] = json!("p".repeat(20_000));
    assert_eq!(juniper.try_sign_in(unknown).await.body, answer.body);
}

#[tokio::test]
async fn an_address_that_works_in_several_shops_is_asked_which() {
    let juniper = Juniper::open().await;
    let admin = juniper.admin();
    let kettle = admin.create_shop("Kettle & Co", &[]).await.unwrap();
    hire(&admin, kettle.shop, "Theo", &[], false).await;
    let mut body = sign_in("Theo", DeviceId::new(&*juniper.env));
    let answer = juniper.try_sign_in(body.clone()).await;
    assert_eq!(answer.problem(), (409, "choose-shop".into()));
    let mut shops = vec![
        json!({ "shop": juniper.shop.shop, "name": "Juniper & Clay" }),
        json!({ "shop": kettle.shop, "name": "Kettle & Co" }),
    ];
    shops.sort_by_key(|shop| shop["shop"].as_str().unwrap().to_owned());
    assert_eq!(answer.member("shops"), Value::from(shops));
    body["shop"] = json!(kettle.shop);
    let signed_in: SignedIn = juniper.try_sign_in(body.clone()).await.expect(201);
    assert_eq!(signed_in.shop.id, kettle.shop);
    // Where the password is another one, that shop is not named.
    let theo = admin.staff(kettle.shop).await.unwrap().remove(0);
    admin.set_password(kettle.shop, theo.id, "quite another password").await.unwrap();
    body["shop"] = Value::Null;
    body["device"]["id"] = json!(DeviceId::new(&*juniper.env));
    let signed_in: SignedIn = juniper.try_sign_in(body).await.expect(201);
    assert_eq!(signed_in.shop.id, juniper.shop.shop);
}

#[tokio::test]
async fn a_device_that_is_somebody_elses_is_refused() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let answer = juniper.try_sign_in(sign_in("Mina", theo.device)).await;
    assert_eq!(answer.problem(), (403, "no-permission".into()));
    theo.is_let_in().await.expect::<Value>(200);
}

#[tokio::test]
async fn tries_are_limited_by_address_and_come_back_with_time() {
    let slow = Rate { burst: 3, per_second: 0.5 };
    let juniper = Juniper::open_with(1, |config| config.rate_limits.sign_in = slow).await;
    let body = sign_in("Nobody", DeviceId::new(&*juniper.env));
    for _ in 0..3 {
        juniper.try_sign_in(body.clone()).await.expect::<Value>(401);
    }
    let answer = juniper.try_sign_in(body.clone()).await;
    assert_eq!(answer.problem(), (429, "slow-down".into()));
    assert_eq!(
        (answer.member("retry_after_ms"), &answer.headers["retry-after"]),
        (json!(2_000), &"2".parse().unwrap())
    );
    juniper.env.advance_ms(2_000);
    juniper.try_sign_in(body.clone()).await.expect::<Value>(401);
    juniper.try_sign_in(body).await.expect::<Value>(429);
}

#[tokio::test]
async fn too_many_passwords_at_once_are_busy() {
    let many = Rate { burst: 1_000, per_second: 1_000.0 };
    let juniper = Juniper::open_with(1, |config| config.rate_limits.sign_in = many).await;
    let tries = (0..60).map(|_| juniper.try_sign_in(sign_in("Theo", DeviceId::new(&*juniper.env))));
    let answers = join_all(tries).await;
    let busy = answers.iter().filter(|answer| answer.status == 503).count();
    let signed_in = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((busy > 0, busy + signed_in), (true, 60));
    let busy = answers.iter().find(|answer| answer.status == 503).unwrap();
    assert_eq!(busy.problem(), (503, "busy".into()));
}

#[tokio::test]
async fn an_access_token_ends_and_is_refreshed() {
    let juniper = Juniper::open().await;
    let mut theo = juniper.phone("Theo").await;
    juniper.env.advance_ms(15 * MINUTE_MS - 1);
    theo.is_let_in().await.expect::<Value>(200);
    juniper.env.advance_ms(1);
    assert_eq!(theo.is_let_in().await.problem(), (401, "sign-in-again".into()));
    let refreshed: Refreshed = juniper.refresh(&theo.signed_in.session.refresh_token).await.expect(200);
    theo.signed_in.session = refreshed;
    theo.is_let_in().await.expect::<Value>(200);
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let juniper = Juniper::open().await;
    let (theo, tablet) = (juniper.phone("Theo").await, juniper.phone("Theo").await);
    let answer = theo.ask(Asked::new("DELETE", "/v1/sessions/current")).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    assert_eq!(theo.is_let_in().await.problem(), (401, "sign-in-again".into()));
    let answer = juniper.refresh(&theo.signed_in.session.refresh_token).await;
    assert_eq!(answer.problem(), (401, "sign-in-again".into()));
    tablet.is_let_in().await.expect::<Value>(200);
    // The device stays known: it signs in again as itself.
    juniper.try_sign_in(sign_in("Theo", theo.device)).await.expect::<Value>(201);
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    juniper.admin().set_password(juniper.shop.shop, juniper.theo, "a newer password").await.unwrap();
    assert_eq!(theo.is_let_in().await.problem(), (401, "sign-in-again".into()));
    let answer = juniper.refresh(&theo.signed_in.session.refresh_token).await;
    assert_eq!(answer.problem(), (401, "sign-in-again".into()));
    let mut body = sign_in("Theo", theo.device);
    assert_eq!(juniper.try_sign_in(body.clone()).await.problem(), (401, "wrong-password".into()));
    body["password"] = json!("a newer password");
    juniper.try_sign_in(body).await.expect::<Value>(201);
}

#[tokio::test]
async fn what_was_removed_hears_so_even_when_its_token_had_ended() {
    let juniper = Juniper::open().await;
    let (phone, tablet) = (juniper.phone("Theo").await, juniper.phone("Theo").await);
    let (storage, now) = (&juniper.state.storage, juniper.env.now());
    storage.remove_device(juniper.shop.shop, phone.device, now).await.unwrap();
    juniper.env.advance_ms(60 * MINUTE_MS);
    let removed = (410, "device-removed".to_owned());
    assert_eq!(phone.is_let_in().await.problem(), removed);
    assert_eq!(juniper.refresh(&phone.signed_in.session.refresh_token).await.problem(), removed);
    assert_eq!(juniper.try_sign_in(sign_in("Theo", phone.device)).await.problem(), removed);
    // The other device only hears that its token ended.
    assert_eq!(tablet.is_let_in().await.problem(), (401, "sign-in-again".into()));

    storage.remove_staff(juniper.shop.shop, juniper.theo, now).await.unwrap();
    assert_eq!(tablet.is_let_in().await.problem(), removed);
    let answer = juniper.try_sign_in(sign_in("Theo", tablet.device)).await;
    assert_eq!(answer.problem(), (401, "wrong-password".into()));
    // A forged credential of the same device hears nothing.
    let forged = phone.token().replace(&phone.token()[..8], "AAAAAAAA");
    let answer =
        Asked::post("/v1/pull").json(phone.pull_body(&[], 1)).token(&forged).of(&juniper.router).await;
    assert_eq!(answer.problem(), (401, "sign-in-again".into()));
}

#[tokio::test]
async fn passwords_are_stored_as_hashes_and_tokens_not_at_all() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    juniper.state.storage.close().await.unwrap();
    let file = std::fs::read(juniper.dir.path().join("shopbell.db")).unwrap();
    let has = |secret: &str| file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
    assert!(has("$argon2id$v=19$m=8,t=1,p=1$"));
    for secret in [PASSWORD, theo.token(), &theo.signed_in.session.refresh_token, &ana.token] {
        assert!(!has(secret));
    }
}
