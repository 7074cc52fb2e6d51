use super::*;

#[test]
fn a_period_is_named_as_people_do() {
    let minute = 60_000;
    for (ago, millis) in [
        ("90m", Some(90 * minute)),
        ("12h", Some(12 * 60 * minute)),
        ("7d", Some(7 * 24 * 60 * minute)),
        ("0d", Some(0)),
        ("4000000000d", Some(4_000_000_000 * 24 * 60 * minute)),
        ("", None),
        ("d", None),
        ("-1d", None),
        ("7 days", None),
        ("99999999999d", None),
        ("7é", None),
    ] {
        assert_eq!(ago_ms(ago), millis, "{ago}");
    }
}
