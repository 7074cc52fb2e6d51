use super::*;

#[test]
fn a_refusal_travels_as_a_code_and_its_facts() {
    let refusal = Refusal::TextTooLong { limit_chars: 5_000 };
    let json = serde_json::to_string(&refusal).unwrap();
    assert_eq!(json, r#"{"code":"text_too_long","limit_chars":5000}"#);
    assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
}

#[test]
fn a_code_of_a_newer_server_is_still_a_refusal() {
    let read: Refusal = serde_json::from_str(r#"{"code":"moon_phase","phase":3}"#).unwrap();
    assert_eq!(read, Refusal::Other);
}

#[test]
fn the_code_is_the_word_on_the_wire() {
    for refusal in [
        Refusal::UnknownConversation,
        Refusal::CustomerWroteSince,
        Refusal::ChangedSince { by: None },
        Refusal::NoPermission { needs: Permission::Customers },
        Refusal::Internal,
    ] {
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(json["code"], refusal.code());
    }
}
