//! What no restore gives back: removed devices and people, permissions taken away, old passwords.

use rusqlite::Connection;
use serde_json::json;
use shopbell_domain::ids::DeviceId;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Refreshed, Scope, SignedIn};

use crate::restored::Shop;
use crate::support::{Asked, Phone, email, sign_in};

async fn asks(phone: &Phone) -> (u16, String) {
    let answer = phone.ask(Asked::post("/v1/pull").json(phone.pull_body(&[], 10))).await;
    if answer.status == 200 { (200, String::new()) } else { answer.problem() }
}

async fn permitted(shop: &Shop) -> Vec<Permission> {
    let staff = shop.juniper.admin().staff(shop.juniper.shop.shop).await.unwrap();
    let theo = staff.into_iter().find(|staff| staff.id == shop.juniper.theo).unwrap();
    theo.permissions.iter().collect()
}

#[tokio::test]
async fn who_was_removed_after_the_backup_stays_removed() {
    let shop = Shop::open().await;
    let admin = shop.juniper.admin();
    let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
    let pia = shop.juniper.phone("Pia").await;
    let backup = shop.backup().await;
    let newer = shop.juniper.phone("Mina").await;
    let id = shop.juniper.shop.shop;
    admin.remove_device(id, theo.device).await.unwrap();
    admin.remove_device(id, newer.device).await.unwrap();
    admin.remove_staff(id, shop.juniper.pia).await.unwrap();

    let shop = shop.restore(&backup).await;
    // Long after their tokens have ended, too. The newest one signed in after the backup: nothing else is known of it.
    shop.juniper.env.advance_ms(30 * 24 * 3_600 * 1_000);
    for phone in [&theo, &newer, &pia] {
        assert_eq!(asks(&shop.again(phone)).await, (410, "device-removed".into()));
    }
    assert_eq!(asks(&shop.again(&mina)).await, (401, "sign-in-again".into()));
    let again = |name: &str, device| Asked::post("/v1/sessions").json(sign_in(name, device));
    assert_eq!(shop.juniper.ask(again("Theo", theo.device)).await.problem(), (410, "device-removed".into()));
    assert_eq!(shop.juniper.ask(again("Mina", newer.device)).await.problem(), (410, "device-removed".into()));
    // With another device Theo may; Pia is nobody here.
    let device = DeviceId::new(&*shop.juniper.env);
    shop.juniper.ask(again("Theo", device)).await.expect::<SignedIn>(201);
    assert_eq!(shop.juniper.ask(again("Pia", device)).await.problem(), (401, "wrong-password".into()));
    let staff = shop.juniper.admin().staff(id).await.unwrap();
    assert!(staff.iter().all(|staff| staff.id != shop.juniper.pia));
    let mina = shop.juniper.phone("Mina").await;
    let ended = mina.all(Scope::Shop).await.into_iter().filter(|row| row.ended).map(|row| row.id);
    assert_eq!(ended.collect::<Vec<_>>(), [shop.juniper.pia.0]);
}

#[tokio::test]
async fn a_permission_that_was_taken_away_after_the_backup_stays_away() {
    let shop = Shop::open().await;
    let id = shop.juniper.shop.shop;
    let theo = shop.juniper.phone("Theo").await;
    shop.hears("forgets", "ana", "Hello").await;
    let set = async |shop: &Shop, permissions: &[Permission]| {
        let permissions = Permissions::of(permissions.iter().copied());
        shop.juniper.admin().set_permissions(id, shop.juniper.theo, permissions).await.unwrap();
    };
    let backup = shop.backup().await;
    set(&shop, &[Permission::Chat]).await;
    let lost = theo.pull(&[], 10).await.granted;
    let shop = shop.restore(&backup).await;
    assert_eq!(permitted(&shop).await, [Permission::Chat]);
    assert_eq!(shop.again(&theo).pull(&[], 10).await.granted, lost);
    assert!(shop.again(&theo).all(shop.juniper.inbox()).await.is_empty());

    // Given again after that, it is given: the next restore takes nothing away, and the scope's number goes on.
    set(&shop, &[Permission::Chat, Permission::Customers]).await;
    let given = shop.again(&theo).pull(&[], 10).await.granted;
    let shop = shop.restore(&backup).await;
    assert_eq!(permitted(&shop).await, [Permission::Chat, Permission::Customers]);
    assert_eq!(shop.again(&theo).pull(&[], 10).await.granted, given);

    // All but one of "full".
    set(&shop, &[Permission::Full]).await;
    let backup = shop.backup().await;
    set(&shop, &[Permission::Customers, Permission::Discounts]).await;
    let shop = shop.restore(&backup).await;
    assert_eq!(permitted(&shop).await, [Permission::Customers, Permission::Discounts]);
}

#[tokio::test]
async fn an_old_password_opens_nothing_after_a_restore() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let backup = shop.backup().await;
    let (id, new) = (shop.juniper.shop.shop, "another long password");
    shop.juniper.admin().set_password(id, shop.juniper.theo, new).await.unwrap();
    let shop = shop.restore(&backup).await;
    assert_eq!(asks(&shop.again(&theo)).await, (401, "sign-in-again".into()));
    let old = Asked::post("/v1/sessions").json(sign_in("Theo", theo.device));
    assert_eq!(shop.juniper.ask(old).await.problem(), (401, "wrong-password".into()));
    let device = json!({ "id": theo.device, "name": "", "platform": "cli" });
    let now = json!({ "email": email("Theo"), "password": new, "device": device });
    shop.juniper.ask(Asked::post("/v1/sessions").json(now)).await.expect::<SignedIn>(201);
}

#[tokio::test]
async fn a_revocation_is_noted_before_it_is_committed() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let conn = Connection::open(shop.file("shopbell.db")).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER failing BEFORE INSERT ON removed BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
    )
    .unwrap();
    shop.juniper.admin().remove_device(shop.juniper.shop.shop, theo.device).await.unwrap_err();
    assert_eq!(asks(&theo).await, (200, String::new()));
    conn.execute_batch("DROP TRIGGER failing").unwrap();
    drop(conn);
    // The server ends there; what was asked for is not forgotten.
    let shop = shop.closed().start().await;
    assert_eq!(asks(&shop.again(&theo)).await, (410, "device-removed".into()));
}

#[tokio::test]
async fn what_anybody_heard_of_is_noted_beside_the_database() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let noted = |shop: &Shop| -> i64 {
        let store = Connection::open(shop.file("revocations.db")).unwrap();
        store.query_row("SELECT seq FROM given", [], |row| row.get(0)).unwrap()
    };
    for text in ["Hello", "And?", "Bye"] {
        shop.hears("forgets", "ana", text).await;
        let all =
            theo.pull(&[shopbell_domain::sync::ScopeCursor { scope: Scope::Shop, cursor: 0 }], 10).await;
        assert_eq!(noted(&shop), all.scopes[0].cursor);
    }
    // An answer that cannot be noted is not given; once it can, it is as if nothing had happened.
    let store = Connection::open(shop.file("revocations.db")).unwrap();
    store
        .execute_batch(
            "CREATE TRIGGER failing BEFORE UPDATE ON given BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
        )
        .unwrap();
    let ana = shop.juniper.browser().await;
    let id = shopbell_domain::ids::new_uuid(&*shop.juniper.env).to_string();
    assert_eq!(ana.write_as(&id, "Are you there?").await.problem(), (500, "internal".into()));
    store.execute_batch("DROP TRIGGER failing").unwrap();
    ana.write_as(&id, "Are you there?").await.expect::<serde_json::Value>(200);
    assert_eq!(ana.shown().await.len(), 1);
}

#[tokio::test]
async fn a_session_that_ended_after_the_backup_has_ended() {
    let shop = Shop::open().await;
    let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
    let refresh = |token: &str| Asked::post("/v1/sessions/refresh").json(json!({ "refresh_token": token }));
    let backup = shop.backup().await;
    // Theo signs out; Mina's tokens were copied, and both copies are used.
    theo.ask(Asked::new("DELETE", "/v1/sessions/current")).await;
    let first = mina.signed_in.session.refresh_token.clone();
    let second: Refreshed = shop.juniper.ask(refresh(&first)).await.expect(200);
    shop.juniper.ask(refresh(&second.refresh_token)).await.expect::<Refreshed>(200);
    assert_eq!(shop.juniper.ask(refresh(&first)).await.problem(), (401, "sign-in-again".into()));

    let shop = shop.restore(&backup).await;
    for phone in [&theo, &mina] {
        assert_eq!(asks(&shop.again(phone)).await, (401, "sign-in-again".into()));
    }
    for token in [&first, &second.refresh_token, &theo.signed_in.session.refresh_token] {
        assert_eq!(shop.juniper.ask(refresh(token)).await.problem(), (401, "sign-in-again".into()));
    }
}
