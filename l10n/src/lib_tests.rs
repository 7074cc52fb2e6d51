use super::*;

#[test]
fn a_count_chooses_its_plural() {
    assert_eq!(
        offline_bar(Lang::En, 0),
        "Offline. You can read and write; replies are sent when you are back."
    );
    assert_eq!(offline_bar(Lang::En, 1), "Offline. 1 reply will be sent when you are back.");
    assert_eq!(offline_bar(Lang::En, 3), "Offline. 3 replies will be sent when you are back.");
}

#[test]
fn a_name_stands_in_its_sentence() {
    assert_eq!(refusal_customer_wrote_since(Lang::En, "Ana"), "Ana wrote since. Read it, then close again.");
}

#[test]
fn every_source_parses_whole() {
    for source in ENGLISH {
        assert!(FluentResource::try_new((*source).to_owned()).is_ok());
    }
}
