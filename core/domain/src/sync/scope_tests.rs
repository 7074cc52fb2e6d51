use super::*;
use crate::env::FixedEnv;

#[test]
fn scopes_are_words_and_back() {
    let env = FixedEnv::seeded(1);
    let inbox = InboxId::new(&env);
    for scope in [
        Scope::Shop,
        Scope::Replies,
        Scope::Inbox(inbox),
        Scope::InboxDiscounts(inbox),
        Scope::InboxDraftOrders(inbox),
        Scope::User(StaffId::new(&env)),
        Scope::Device(DeviceId::new(&env)),
    ] {
        assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
        let json = serde_json::to_string(&scope).unwrap();
        assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
    }
    for text in ["", "shops", "inbox:", "inbox:x", "shop/discounts", "device:1", "inbox:a/b/c"] {
        assert_eq!(text.parse::<Scope>(), Err(NotAScope), "{text}");
    }
}

#[test]
fn customers_opens_the_inbox_and_the_secret_parts_take_more() {
    let env = FixedEnv::seeded(2);
    let (theo, phone, inbox) = (StaffId::new(&env), DeviceId::new(&env), InboxId::new(&env));
    let of = |permissions: &[Permission]| {
        Scope::granted(theo, &Permissions::of(permissions.iter().copied()), phone, &[inbox])
    };
    let own = [Scope::User(theo), Scope::Device(phone)];
    assert_eq!(of(&[Permission::Chat, Permission::Discounts]), [&[Scope::Shop], own.as_slice()].concat());
    assert_eq!(
        of(&[Permission::Customers, Permission::Discounts]),
        [&[Scope::Shop, Scope::Replies, Scope::Inbox(inbox), Scope::InboxDiscounts(inbox)], own.as_slice()]
            .concat()
    );
    assert_eq!(of(&[Permission::Full]).len(), 7);
}
