use std::path::Path;

use super::catalog::Part;
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
fn polish_has_four_forms() {
    for (count, said) in [
        (1, "1 zmiana jeszcze czeka."),
        (2, "2 zmiany jeszcze czekają."),
        (5, "5 zmian jeszcze czeka."),
        (12, "12 zmian jeszcze czeka."),
        (22, "22 zmiany jeszcze czekają."),
        (112, "112 zmian jeszcze czeka."),
    ] {
        assert_eq!(inbox_synced_waiting(Lang::Pl, count), said);
    }
    assert_eq!(inbox_synced_waiting(Lang::Pl, 1.5), "1.5 zmiany jeszcze czeka.");
}

#[test]
fn french_counts_nothing_as_one() {
    assert_eq!(inbox_synced_waiting(Lang::Fr, 0), "0 modification attend encore.");
    assert_eq!(inbox_synced_waiting(Lang::Fr, 2), "2 modifications attendent encore.");
}

#[test]
fn chinese_has_one_form() {
    assert_eq!(inbox_unread(Lang::ZhHant, 1), "1 則新訊息");
    assert_eq!(inbox_unread(Lang::ZhHant, 22), "22 則新訊息");
}

#[test]
fn a_name_stands_in_its_sentence() {
    assert_eq!(refusal_customer_wrote_since(Lang::En, "Ana"), "Ana wrote since. Read it, then close again.");
    assert_eq!(preview_colleague(Lang::Fr, "Theo", "Bonjour"), "Theo\u{a0}: Bonjour");
}

#[test]
fn every_message_says_something_in_every_language_with_every_argument() {
    let files = folder::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let sources: Vec<_> = files.iter().map(folder::File::source).collect();
    let catalogs = check::whole(&sources).unwrap();
    assert_eq!(catalogs.keys().collect::<Vec<_>>(), Lang::all().map(Lang::tag).iter().collect::<Vec<_>>());
    let mut said = 0;
    for lang in Lang::all() {
        // All files, those that Rust does not speak from included.
        let tag = lang.tag().parse().unwrap();
        let mut bundle: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![tag]);
        for file in files.iter().filter(|file| file.language == lang.tag()) {
            bundle.add_resource(FluentResource::try_new(file.text.clone()).unwrap()).unwrap();
        }
        for (key, message) in &catalogs[lang.tag()].messages {
            for count in [0, 1, 2, 5, 12, 22, 1_000_000] {
                let mut arguments = FluentArgs::new();
                for name in message.variables() {
                    arguments.set(name.to_owned(), count);
                }
                let mut errors = Vec::new();
                let pattern = bundle.get_message(key).unwrap().value().unwrap();
                let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
                assert!(errors.is_empty() && !text.trim().is_empty(), "{lang:?} {key}: {text} {errors:?}");
                assert!(!text.contains('{'), "{lang:?} {key}: {text}");
                said += 1;
            }
        }
    }
    assert!(said > 5_000, "{said}");
}

#[test]
fn french_punctuation_does_not_leave_its_word() {
    for (key, text) in texts("fr") {
        for pair in [" ;", " ?", " !", " :", "« ", " »"] {
            assert!(
                !text.contains(pair),
                "{key}: a plain space in “{text}”: use U+202F before ; ? ! and U+00A0 before : and within « »"
            );
        }
    }
}

#[test]
fn chinese_is_written_in_traditional_characters_with_full_punctuation() {
    for (key, text) in texts("zh-Hant") {
        let simplified =
            text.chars().find(|c| "们这发时间对话关开输显设顾误请编删载连线档个务员状态离".contains(*c));
        assert_eq!(simplified, None, "{key}: {text}");
        assert!(!text.contains([';', '?', '!']), "{key}: {text}");
    }
}

/// The words between the variables of each message and form.
fn texts(language: &str) -> Vec<(String, String)> {
    let files = folder::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let sources: Vec<_> = files.iter().map(folder::File::source).collect();
    let catalogs = check::whole(&sources).unwrap();
    let mut texts = Vec::new();
    for (key, message) in &catalogs[language].messages {
        for parts in message.body.texts() {
            let words = parts.iter().map(|part| match part {
                Part::Text(words) => words.as_str(),
                Part::Variable(_) => "…",
            });
            texts.push((key.clone(), words.collect()));
        }
    }
    texts
}
