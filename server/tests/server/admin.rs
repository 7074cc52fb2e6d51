//! Setting up shops and staff, with the server running or not.

use std::sync::Arc;

use shopbell_domain::staff::{Permission, Permissions};
use shopbell_server::admin::permissions;
use shopbell_server::{Admin, AdminError, ManualEnv, PasswordCost, StaffToCreate};

use crate::serve::start;
use crate::support::{Juniper, PASSWORD, email};

fn someone(juniper: &Juniper) -> StaffToCreate {
    StaffToCreate {
        shop: juniper.shop.shop,
        name: "Kit".to_owned(),
        email: "kit@juniper.example".to_owned(),
        password: PASSWORD.to_owned(),
        permissions: Permissions::default(),
        owner: false,
    }
}

#[tokio::test]
async fn what_will_not_do_is_said_in_words() {
    let juniper = Juniper::open().await;
    let admin = juniper.admin();
    let refused = async |change: &dyn Fn(&mut StaffToCreate)| {
        let mut staff = someone(&juniper);
        change(&mut staff);
        admin.create_staff(staff).await.unwrap_err()
    };
    let error = refused(&|staff| staff.email = email("Theo").to_uppercase()).await;
    assert!(matches!(error, AdminError::EmailTaken));
    assert_eq!(
        error.to_string(),
        "Somebody in this shop signs in with this address already. Take another one."
    );
    let error = refused(&|staff| staff.password = "too short".to_owned()).await;
    assert!(matches!(error, AdminError::PasswordLength));
    assert!(error.to_string().contains("10"));
    assert!(matches!(refused(&|staff| staff.password = "p".repeat(2_000)).await, AdminError::PasswordLength));
    for name in ["", " \u{200b}", &"a".repeat(81)] {
        assert!(matches!(refused(&|staff| staff.name = name.to_owned()).await, AdminError::NameInvalid));
    }
    for email in
        ["", "kit", "@example", "kit@", "kit at@example.com", &format!("{}@x.example", "k".repeat(250))]
    {
        assert!(
            matches!(refused(&|staff| staff.email = email.to_owned()).await, AdminError::EmailInvalid),
            "{email}"
        );
    }
    let nowhere = shopbell_domain::ids::ShopId(juniper.shop.inbox.0);
    assert!(matches!(refused(&|staff| staff.shop = nowhere).await, AdminError::UnknownShop));
    assert!(matches!(admin.staff(nowhere).await.unwrap_err(), AdminError::UnknownShop));
    let nobody = shopbell_domain::ids::StaffId(juniper.shop.inbox.0);
    let error = admin.set_password(juniper.shop.shop, nobody, PASSWORD).await.unwrap_err();
    assert!(matches!(error, AdminError::UnknownStaff));
    let error = admin.create_channel(juniper.shop.shop, juniper.shop.inbox, "pigeon", "Pigeons").await;
    assert!(matches!(error.unwrap_err(), AdminError::UnknownKind { kind } if kind == "pigeon"));
}

#[test]
fn permissions_are_named_by_their_words() {
    assert_eq!(
        permissions(&["chat", "draft_orders"]).unwrap(),
        Permissions::of([Permission::Chat, Permission::DraftOrders])
    );
    let error = permissions(&["chat", "everything"]).unwrap_err();
    assert!(
        error.to_string().contains("everything") && error.to_string().contains("draft_orders"),
        "{error}"
    );
}

#[tokio::test]
async fn origins_are_kept_as_browsers_write_them() {
    let juniper = Juniper::open().await;
    let admin = juniper.admin();
    let given = ["HTTPS://Shop.Example:443/", "http://shop.example:80", "http://localhost:8080"];
    admin.create_shop("Kettle & Co", &given.map(str::to_owned)).await.unwrap();
    let shops = admin.shops().await.unwrap();
    let kettle = shops.iter().find(|shop| shop.name == "Kettle & Co").unwrap();
    assert_eq!(kettle.origins, ["http://localhost:8080", "http://shop.example", "https://shop.example"]);
    for wrong in ["shop.example", "ftp://shop.example", "https://shop.example/kettle", "https://", "*", ""] {
        let error = admin.create_shop("Another", &[wrong.to_owned()]).await.unwrap_err();
        assert!(matches!(error, AdminError::OriginInvalid { .. }), "{wrong}");
    }
    assert_eq!(admin.shops().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_public_key_is_long_and_its_own() {
    let juniper = Juniper::open().await;
    let other = juniper.admin().create_shop("Kettle & Co", &[]).await.unwrap();
    for key in [&juniper.shop.public_key, &other.public_key] {
        let symbols = key.strip_prefix("pk_").unwrap();
        assert_eq!(symbols.len(), 32);
        assert!(symbols.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase()));
    }
    assert_ne!(juniper.shop.public_key, other.public_key);
}

#[tokio::test]
async fn owners_may_do_everything_and_others_what_they_are_given() {
    let juniper = Juniper::open().await;
    let staff = juniper.admin().staff(juniper.shop.shop).await.unwrap();
    let of = |name: &str| staff.iter().find(|staff| staff.name == name).unwrap().clone();
    let all: Vec<Permission> =
        Permission::ALL.into_iter().filter(|one| of("Mina").permissions.allow(*one)).collect();
    assert_eq!((of("Mina").owner, all), (true, Permission::ALL.to_vec()));
    assert_eq!((of("Pia").owner, of("Pia").permissions), (false, Permissions::of([Permission::Products])));
}

#[tokio::test]
async fn shops_are_set_up_beside_a_running_server_and_without_one() {
    let dir = tempfile::tempdir().unwrap();
    let env = Arc::new(ManualEnv::seeded(9));
    let open = || Admin::open(dir.path(), PasswordCost::Test, env.clone()).unwrap();
    let before = open();
    before.create_shop("Before", &[]).await.unwrap();
    before.close().await.unwrap();

    let (server, _) = start(dir.path()).await;
    let beside = open();
    let shop = beside.create_shop("Beside", &[]).await.unwrap();
    beside.close().await.unwrap();
    let shops = server.admin().shops().await.unwrap();
    let mut names: Vec<String> = shops.into_iter().map(|shop| shop.name).collect();
    names.sort();
    assert_eq!(names, ["Before", "Beside"]);
    assert_eq!(server.storage().chat_shop(shop.public_key).await.unwrap().name, "Beside");
    server.stop().await.unwrap();

    let after = open();
    assert_eq!(after.shops().await.unwrap().len(), 2);
    after.close().await.unwrap();
}
