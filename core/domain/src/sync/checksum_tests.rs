use super::*;

fn row(id: u128, ver: i64) -> (Uuid, Ver) {
    (Uuid::from_u128(id), Ver(ver))
}

fn sum(rows: &[(Uuid, Ver)]) -> Checksum {
    let mut checksum = Checksum::default();
    rows.iter().for_each(|(id, ver)| checksum.add(Entity::Conversation, *id, *ver));
    checksum
}

#[test]
fn the_order_in_which_rows_are_read_does_not_matter() {
    assert_eq!(sum(&[row(1, 5), row(2, 9)]), sum(&[row(2, 9), row(1, 5)]));
}

#[test]
fn a_row_more_one_less_or_an_older_one_is_noticed() {
    let held = sum(&[row(1, 5), row(2, 9)]);
    for other in [sum(&[row(1, 5)]), sum(&[row(1, 5), row(2, 8)]), sum(&[row(1, 5), row(2, 9), row(3, 1)])] {
        assert_ne!(held, other);
    }
    let mut other_kind = sum(&[row(1, 5)]);
    other_kind.add(Entity::Staff, Uuid::from_u128(2), Ver(9));
    assert_ne!(held, other_kind);
}

/// It is computed on both sides of the wire: a change here needs a new version of the protocol.
#[test]
fn it_is_written_as_it_always_was() {
    let written = serde_json::to_string(&sum(&[row(1, 5), row(2, 9)])).unwrap();
    insta::assert_snapshot!(written, @r#"{"rows":2,"sum":"514cf56892a4a7eb"}"#);
    let read: Checksum = serde_json::from_str(&written).unwrap();
    assert_eq!(read, sum(&[row(1, 5), row(2, 9)]));
    assert!(serde_json::from_str::<Checksum>(r#"{"rows":1,"sum":"no number"}"#).is_err());
}
