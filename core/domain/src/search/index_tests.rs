use super::*;

#[test]
fn words_stand_with_their_beginnings() {
    assert_eq!(indexed("A Scarf!", Field::Text), "a scarf sca… scar…");
    assert_eq!(indexed("Ana", Field::Name), "ana a… an…");
    assert_eq!(indexed("the", Field::Text), "the", "the whole of a word is no beginning of it");
}

#[test]
fn runs_stand_as_characters_and_pairs() {
    assert_eq!(indexed("iPhone手機殼", Field::Text), "iphone iph… ipho… 手 機 殼 手機 機殼");
}

#[test]
fn symbols_stand_alone_and_with_their_base() {
    assert_eq!(indexed("🤷🏽‍♀️🇫🇷", Field::Text), "🤷♀ 🤷 🇫🇷");
}

#[test]
fn groups_of_digits_stand_as_one_number_too() {
    assert_eq!(indexed("06 12-34.56", Field::Text), "06 12 34 56 06123456 061… 0612…");
    assert_eq!(indexed("2 x 1042", Field::Text), "2 x 1042 104…");
}

#[test]
fn nothing_stands_for_nothing() {
    assert_eq!(indexed(" ,.\u{200B}", Field::Text), "");
}
