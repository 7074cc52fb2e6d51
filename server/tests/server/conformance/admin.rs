//! Shops, staff and permissions.

use std::collections::BTreeSet;

use shopbell_domain::channel::ChannelKind;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ChannelId, DeviceId, InboxId, ShopId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, Scope};
use shopbell_server::storage::{Denied, NewChannel};

use super::world::{World, denied, new_staff};

pub async fn an_address_belongs_to_one_person_a_shop(world: World) {
    let mut second = new_staff(&world.env, world.shop, "mina", &[]);
    second.email = " MINA@Shops.Example ".to_owned();
    assert_eq!(denied(world.storage.create_staff(second.clone()).await), Denied::EmailTaken);
    // In another shop it may be used again, and signing in finds both, however it is written.
    second.shop = world.noor.shop;
    world.storage.create_staff(second).await.unwrap();
    let found = world.storage.sign_in_candidates("Mina@SHOPS.example\t".to_owned()).await.unwrap();
    let shops: BTreeSet<ShopId> = found.iter().map(|candidate| candidate.shop).collect();
    assert_eq!(shops, BTreeSet::from([world.shop, world.noor.shop]));
    // And a removed person's may be used again in the same shop.
    world.storage.remove_staff(world.shop, world.mina.staff, world.env.now()).await.unwrap();
    let again = new_staff(&world.env, world.shop, "mina", &[]);
    world.storage.create_staff(again).await.unwrap();
}

pub async fn what_is_unknown_or_another_shops_is_not_found(world: World) {
    let storage = &world.storage;
    let nowhere = ShopId::new(&world.env);
    assert_eq!(denied(storage.staff(nowhere).await), Denied::NotFound);
    let lost = new_staff(&world.env, nowhere, "lost", &[]);
    assert_eq!(denied(storage.create_staff(lost).await), Denied::NotFound);
    let theirs = world.noor.staff;
    let none = Permissions::default();
    assert_eq!(denied(storage.set_permissions(world.shop, theirs, none).await), Denied::NotFound);
    assert_eq!(denied(storage.set_password(world.shop, theirs, "x".into()).await), Denied::NotFound);
    let unknown = DeviceId::new(&world.env);
    let now = world.env.now();
    assert_eq!(denied(storage.remove_device(world.shop, unknown, now).await), Denied::NotFound);
    assert_eq!(denied(storage.remove_staff(world.shop, theirs, now).await), Denied::NotFound);
    let channel = NewChannel {
        shop: world.shop,
        id: ChannelId::new(&world.env),
        kind: ChannelKind::new("web_chat"),
        name: "Web".to_owned(),
        inbox: InboxId::new(&world.env),
        public_key: None,
    };
    assert_eq!(denied(storage.create_channel(channel).await), Denied::NotFound);
}

pub async fn a_public_key_leads_to_one_web_chat(world: World) {
    let storage = &world.storage;
    let channel = |key: &str| NewChannel {
        shop: world.shop,
        id: ChannelId::new(&world.env),
        kind: ChannelKind::new(ChannelKind::WEB_CHAT),
        name: "Wholesale".to_owned(),
        inbox: world.inbox,
        public_key: Some(key.to_owned()),
    };
    let second = channel("pk_wholesale");
    storage.create_channel(second.clone()).await.unwrap();
    let (first_key, others_key) = (format!("pk_{}", world.shop), format!("pk_{}", world.noor.shop));
    let led = async |key: &str| storage.chat_shop(key.to_owned()).await.map(|led| (led.shop, led.channel));
    assert_eq!(led(&first_key).await.unwrap(), (world.shop, world.channels[0]));
    assert_eq!(led("pk_wholesale").await.unwrap(), (world.shop, second.id));
    let (shop, others_channel) = led(&others_key).await.unwrap();
    assert_eq!(shop, world.noor.shop);
    assert!(![world.channels[0], second.id].contains(&others_channel));
    assert_eq!(denied(storage.chat_shop("pk_unknown".to_owned()).await), Denied::NotFound);

    // A key that another web chat has, of this shop or of another one, is not taken over.
    for taken in ["pk_wholesale", &others_key] {
        assert!(storage.create_channel(channel(taken)).await.is_err());
    }
    assert_eq!(led("pk_wholesale").await.unwrap(), (world.shop, second.id));
    assert_eq!(led(&others_key).await.unwrap(), (world.noor.shop, others_channel));
    let shops = storage.shops().await.unwrap();
    let shop = shops.iter().find(|shop| shop.id == world.shop).unwrap();
    let listed = shop.channels.iter().map(|channel| (channel.id, channel.public_key.as_deref()));
    let [web_chat, dedupes, forgets] = world.channels;
    let expected = [
        (web_chat, Some(first_key.as_str())),
        (second.id, Some("pk_wholesale")),
        (dedupes, None),
        (forgets, None),
    ];
    assert_eq!(listed.collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

pub async fn a_scope_granted_again_has_another_number(world: World) {
    let grant = async |scope: Scope| {
        let answer = world.pull(&world.theo, &[], 1).await;
        answer.granted.into_iter().find(|grant| grant.scope == scope).map(|grant| grant.grant)
    };
    let set = async |permissions: &[Permission]| {
        let permissions = Permissions::of(permissions.iter().copied());
        world.storage.set_permissions(world.shop, world.theo.staff, permissions).await.unwrap();
    };
    let inbox = world.inbox_scope();
    assert_eq!(grant(inbox).await, Some(1));
    set(&[Permission::Chat]).await;
    assert_eq!(grant(inbox).await, None);
    set(&[Permission::Chat, Permission::Customers]).await;
    assert_eq!(grant(inbox).await, Some(2));
    // A permission that has nothing to do with it changes nothing.
    set(&[Permission::Customers, Permission::Discounts]).await;
    assert_eq!((grant(inbox).await, grant(Scope::Shop).await), (Some(2), Some(1)));
    assert_eq!(grant(Scope::InboxDiscounts(world.inbox)).await, Some(1));
}

pub async fn a_removed_person_leaves_the_shops_rows(world: World) {
    let before = world.all(&world.mina, Scope::Shop).await;
    let cursor = before.iter().map(|row| row.ver.0).max().unwrap();
    world.storage.remove_staff(world.shop, world.theo.staff, world.env.now()).await.unwrap();
    let answer = world.pull(&world.mina, &[(Scope::Shop, cursor)], 10).await;
    let [row] = answer.scopes[0].rows.as_slice() else { panic!("{:?}", answer.scopes[0].rows) };
    assert_eq!((row.entity, row.id, row.ended), (Entity::Staff, world.theo.staff.0, true));
    assert_eq!(denied(world.try_pull(&world.theo, &[], 1).await), Denied::DeviceRemoved);
    assert!(world.storage.sign_in_candidates("theo@shops.example".into()).await.unwrap().is_empty());
}
