use super::*;
use crate::env::FixedEnv;

#[test]
fn new_ids_are_version_7_and_a_function_of_the_environment() {
    let (one, same) = (FixedEnv::seeded(1), FixedEnv::seeded(1));
    let id = MessageId::new(&one);
    assert_eq!(id, MessageId::new(&same));
    assert_ne!(id, MessageId::new(&one));
    assert_eq!(id.0.get_version_num(), 7);
}

#[test]
fn hashed_ids_are_version_8_and_keep_their_parts_apart() {
    let id = hashed_uuid(&[b"ab", b"c"]);
    assert_eq!(id.get_version_num(), 8);
    assert_eq!(id, hashed_uuid(&[b"ab", b"c"]));
    assert_ne!(id, hashed_uuid(&[b"a", b"bc"]));
    // Frozen: a device that was updated must find what an older version derived.
    assert_eq!(id.to_string(), "601d5476-e2cc-8e2c-87a2-bba7a3226597");
}

#[test]
fn only_a_uuid_is_an_id() {
    assert_eq!("nonsense".parse::<ShopId>(), Err(NotAnId));
    let id = ShopId::new(&FixedEnv::seeded(1));
    assert_eq!(id.to_string().parse::<ShopId>(), Ok(id));
    assert_eq!(ShopId::from_slice(id.as_bytes()), Ok(id));
    assert_eq!(ShopId::from_slice(&[1, 2]), Err(NotAnId));
}
