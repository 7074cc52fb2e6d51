use super::*;

const POLISH: &str = "\
replies = { $count ->
    [one] { $count } odpowiedź
    [few] { $count } odpowiedzi
    [many] { $count } odpowiedzi
   *[other] { $count } odpowiedzi
}
hello = Dzień dobry, { $name }
";
const ENGLISH: &str = "\
# Above the list.
replies = { $count ->
    [one] { $count } reply
   *[other] { $count } replies
}
hello = Hello { $name }
";

#[test]
fn languages_that_say_the_same_are_whole() {
    let catalogs = compared(ENGLISH, POLISH).unwrap();
    assert_eq!(catalogs["pl"].messages["hello"].line, 7);
    assert_eq!(catalogs["en"].messages["replies"].variables(), ["count"]);
}

#[test]
fn a_number_may_have_a_sentence_of_its_own_that_does_not_repeat_it() {
    let none =
        "left = { $count ->\n    [0] Nothing\n    [one] { $count } left\n   *[other] { $count } left\n}\n";
    let polish = none.replace("    [one]", "    [few] { $count }\n    [many] { $count }\n    [one]");
    compared(none, &polish).unwrap();
    let without = polish.replace("    [0] Nothing\n", "");
    found(
        none,
        &without,
        "l10n/pl/core.ftl:1: left: the numbers with a form of their own differ from English: [0]",
    );
}

#[test]
fn a_language_without_plurals_need_not_choose() {
    let sources = [
        source("en", "core.ftl", ENGLISH),
        source("zh-Hant", "core.ftl", "replies = { $count } 則\nhello = { $name }"),
    ];
    whole(&sources).unwrap();
}

#[test]
fn everything_that_is_missing_is_told_at_once_ready_to_be_translated() {
    let told = whole(&[
        source("en", "core.ftl", ENGLISH),
        source("en", "cli.ftl", "bye = Bye\n"),
        source("pl", "core.ftl", "hello = { $name }\n"),
        source("fr", "cli.ftl", ""),
    ]);
    let told = told.unwrap_err();
    let polish = "\nl10n/pl/core.ftl lacks 1 of English. Add, translated:\nreplies = { $count ->\n    [one] { $count } reply\n   *[other] { $count } replies\n}\n";
    assert!(told.contains(polish), "{told}");
    assert!(told.contains("\nl10n/pl/cli.ftl lacks 1 of English. Add, translated:\nbye = Bye\n"), "{told}");
    assert!(told.contains("\nl10n/fr/core.ftl lacks 2 of English."), "{told}");
}

#[test]
fn a_word_that_english_has_not_is_found() {
    found(ENGLISH, &format!("{POLISH}bye = Pa\n"), "l10n/pl/core.ftl:8: bye: English has no such message");
}

#[test]
fn a_wrong_placeholder_is_named_from_both_sides() {
    let wrong = POLISH.replace("{ $name }", "{ $nmae }");
    found(ENGLISH, &wrong, "l10n/pl/core.ftl:7: hello: lacks { $name }, which English has");
    found(ENGLISH, &wrong, "l10n/pl/core.ftl:7: hello: has { $nmae }, which English has not");
}

#[test]
fn a_placeholder_that_one_form_has_lost_is_found() {
    let wrong = POLISH.replace("[many] { $count }", "[many] kilka");
    found(ENGLISH, &wrong, "l10n/pl/core.ftl:1: replies: lacks { $count } in the form [many]");
}

#[test]
fn a_plural_category_that_the_language_needs_is_missed() {
    let wrong = POLISH.replace("    [few] { $count } odpowiedzi\n", "");
    found(ENGLISH, &wrong, "l10n/pl/core.ftl:1: replies: lacks the plural form [few]");
    let plain = "replies = { $count } odpowiedzi\nhello = { $name }\n";
    found(ENGLISH, plain, "l10n/pl/core.ftl:1: replies: needs a form for each plural category of $count");
}

#[test]
fn a_plural_category_of_another_language_is_found() {
    let wrong = ENGLISH.replace("    [one]", "    [few] { $count }\n    [one]");
    found(&wrong, POLISH, "l10n/en/core.ftl:2: replies: this language has no plural form [few]");
}

#[test]
fn a_choice_by_another_variable_or_where_english_has_none_is_found() {
    found(
        ENGLISH,
        &POLISH.replace("{ $count ->", "{ $number ->"),
        "replies: chooses by $number, English by $count",
    );
    let chosen = POLISH.replace("hello = Dzień dobry, { $name }", "hello = { $name ->\n    [one] { $name }\n    [few] { $name }\n    [many] { $name }\n   *[other] { $name }\n}");
    found(ENGLISH, &chosen, "l10n/pl/core.ftl:7: hello: chooses by $name; English does not choose");
}

#[test]
fn a_key_twice_is_found_in_one_file_and_across_files() {
    found(
        ENGLISH,
        &format!("{POLISH}hello = {{ $name }}\n"),
        "l10n/pl/core.ftl:8: hello: stands twice, first at l10n/pl/core.ftl:7",
    );
    let told = whole(&[source("en", "cli.ftl", "hello = Hi"), source("en", "core.ftl", "hello = Hello")]);
    assert!(
        told.unwrap_err().contains("l10n/en/core.ftl:1: hello: stands twice, first at l10n/en/cli.ftl:1")
    );
}

#[test]
fn a_word_in_another_file_than_in_english_is_found() {
    let told = whole(&[source("en", "core.ftl", "hello = Hi"), source("pl", "cli.ftl", "hello = Cześć")]);
    assert!(told.unwrap_err().contains("l10n/pl/cli.ftl:1: hello: stands in core.ftl in English"));
}

#[test]
fn what_is_not_fluent_is_found_with_its_line() {
    found(
        ENGLISH,
        &format!("{POLISH}bye = {{ $name\n"),
        "l10n/pl/core.ftl:8: bye: cannot be read as Fluent:",
    );
    found(ENGLISH, &format!("{POLISH}= nothing\n"), "l10n/pl/core.ftl:8: cannot be read as Fluent:");
}

#[test]
fn what_not_every_reader_of_the_words_understands_is_refused() {
    for (entry, what) in [
        ("-brand = Shopbell", "brand: terms are not used here"),
        ("a = b\n    .title = c", "a: attributes are not used here"),
        ("a = { NUMBER($n) }", "a: only { $variable } and { \"text\" } may stand within text"),
        ("a = { other }", "a: only { $variable } and { \"text\" } may stand within text"),
        ("a = You have { $n ->\n   *[other] some\n}", "a: a choice is the whole message"),
        ("a = { NUMBER($n) ->\n   *[other] some\n}", "a: a choice is made by a { $variable }"),
        (
            "a = { $n ->\n    [other] some\n   *[one] one\n}",
            "a: the form with the star is *[other], not *[one]",
        ),
        ("a = { $n ->\n    [one] one\n    [one] a\n   *[other] some\n}", "a: the form [one] stands twice"),
    ] {
        let told = whole(&[source("en", "core.ftl", entry)]).unwrap_err();
        assert!(told.contains(&format!("l10n/en/core.ftl:1: {what}")), "{told}");
    }
}

#[test]
fn a_language_whose_plurals_are_not_known_is_refused() {
    let told = whole(&[source("en", "core.ftl", "a = b"), source("de", "core.ftl", "a = b")]).unwrap_err();
    assert!(told.contains("l10n/de/:1: the language's plural categories are not known"), "{told}");
}

fn source<'s>(language: &'s str, file: &'s str, text: &'s str) -> Source<'s> {
    Source { language, file, text }
}

fn compared(english: &str, polish: &str) -> Result<Catalogs, String> {
    whole(&[source("en", "core.ftl", english), source("pl", "core.ftl", polish)])
}

fn found(english: &str, polish: &str, what: &str) {
    let told = compared(english, polish).unwrap_err();
    assert!(told.contains(what), "{told}\nshould say: {what}");
}
