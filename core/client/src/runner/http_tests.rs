use super::*;

#[test]
fn an_address_is_taken_as_people_write_it() {
    for (written, address) in [
        ("inbox.juniper.example", Some("https://inbox.juniper.example")),
        (" https://inbox.juniper.example/ ", Some("https://inbox.juniper.example")),
        ("http://localhost:8080", Some("http://localhost:8080")),
        ("https://juniper.example/shopbell/?a=1#b", Some("https://juniper.example/shopbell")),
        ("ftp://juniper.example", None),
        ("", None),
        ("https://", None),
        ("not an address", None),
    ] {
        assert_eq!(server_address(written).as_deref(), address, "{written}");
    }
}
