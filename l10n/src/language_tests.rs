use super::*;

#[test]
fn a_tag_means_its_language_whatever_its_region() {
    for (tag, lang) in [
        ("en", Lang::En),
        ("en-GB", Lang::En),
        ("fr", Lang::Fr),
        ("fr-CA", Lang::Fr),
        ("FR_fr", Lang::Fr),
        (" pl-PL ", Lang::Pl),
        ("zh-TW", Lang::ZhHant),
        ("zh-HK", Lang::ZhHant),
        ("zh-Hant", Lang::ZhHant),
        ("zh-Hant-MO", Lang::ZhHant),
        ("zh", Lang::ZhHant),
        ("zh-CN", Lang::ZhHant),
        ("zh-Hans-SG", Lang::ZhHant),
    ] {
        assert_eq!(Lang::spoken(tag), Some(lang), "{tag}");
    }
    for tag in ["", "-", "de", "plt", "frr", "x-pl", "*", "\u{0}"] {
        assert_eq!((Lang::spoken(tag), Lang::from_tag(tag)), (None, Lang::En), "{tag:?}");
    }
}

#[test]
fn every_language_is_known_by_its_own_tag_and_name() {
    for lang in Lang::all() {
        assert_eq!(Lang::from_tag(lang.tag()), lang);
        assert!(!lang.endonym().is_empty());
    }
}

#[test]
fn a_posix_locale_means_its_language() {
    for (name, lang) in [
        ("pl_PL.UTF-8", Some(Lang::Pl)),
        ("fr_FR@euro", Some(Lang::Fr)),
        ("zh_TW.Big5", Some(Lang::ZhHant)),
        ("C", Some(Lang::En)),
        ("C.UTF-8", Some(Lang::En)),
        ("POSIX", Some(Lang::En)),
        ("de_DE.UTF-8", None),
        ("", None),
    ] {
        assert_eq!(Lang::from_locale(name), lang, "{name}");
    }
}

#[test]
fn a_browser_gets_the_language_that_it_wants_most() {
    for (header, lang) in [
        ("pl", Lang::Pl),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Lang::Fr),
        ("de, pl;q=0.4, fr;q=0.6", Lang::Fr),
        ("en;q=0.8,zh-TW", Lang::ZhHant),
        ("pl, fr", Lang::Pl),
        ("de-DE, *;q=0.1", Lang::En),
        ("pl;q=0, fr;q=0.0", Lang::En),
    ] {
        assert_eq!(Lang::accepted(header), lang, "{header}");
    }
}

#[test]
fn a_header_that_cannot_be_read_is_english() {
    let long = format!("{}pl", "de,".repeat(1_000));
    for header in ["", ",;,", "pl;q=", "pl;q=NaN", "pl;q=-1", "pl;q=2", "pl;level=1", "pl;q=1;q=2", &long] {
        assert_eq!(Lang::accepted(header), Lang::En, "{header}");
    }
}
