use super::*;

#[test]
fn full_allows_everything_and_nothing_allows_nothing() {
    let mina = Permissions::of([Permission::Full]);
    let nobody = Permissions::default();
    for permission in Permission::ALL {
        assert!(mina.allow(permission));
        assert!(!nobody.allow(permission));
    }
}

#[test]
fn permissions_travel_as_words_and_unknown_words_allow_nothing() {
    let read: Permissions = serde_json::from_str(r#"["customers","fly","chat"]"#).unwrap();
    assert_eq!(read, Permissions::of([Permission::Chat, Permission::Customers]));
    assert_eq!(serde_json::to_string(&read).unwrap(), r#"["chat","customers"]"#);
    for permission in Permission::ALL {
        assert_eq!(Permission::from_word(permission.as_str()), Some(permission));
        assert_eq!(serde_json::to_string(&permission).unwrap(), format!("{:?}", permission.as_str()));
    }
}
