use super::*;

fn in_environment(arguments: &[&str], variables: &[(&str, &str)]) -> Lang {
    chosen(arguments, |name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn what_is_asked_for_goes_before_the_environment() {
    let french = [("SHOPBELL_LANG", "fr"), ("LANG", "pl_PL.UTF-8")];
    assert_eq!(in_environment(&["shopbell", "inbox", "--lang", "zh-TW", "list"], &french), Lang::ZhHant);
    assert_eq!(in_environment(&["shopbell", "--lang=pl", "--help"], &french), Lang::Pl);
    assert_eq!(in_environment(&["shopbell", "--help"], &french), Lang::Fr);
}

#[test]
fn the_environment_decides_as_posix_has_it() {
    let locales = [("LC_ALL", ""), ("LC_MESSAGES", "fr_CA.UTF-8"), ("LANG", "pl_PL.UTF-8")];
    assert_eq!(in_environment(&[], &locales), Lang::Fr);
    assert_eq!(in_environment(&[], &[("LC_ALL", "C.UTF-8"), ("LANG", "pl_PL.UTF-8")]), Lang::En);
    assert_eq!(in_environment(&[], &[("SHOPBELL_LANG", "de"), ("LANG", "pl_PL.UTF-8")]), Lang::En);
    assert_eq!(in_environment(&[], &[]), Lang::En);
}

#[test]
fn what_a_customer_is_told_is_no_option() {
    assert_eq!(in_environment(&["inbox", "send", "5c1e", "--", "--lang=pl"], &[]), Lang::En);
    assert_eq!(in_environment(&["inbox", "send", "--language", "pl", "--lang"], &[]), Lang::En);
}
