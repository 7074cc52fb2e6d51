use proptest::prelude::*;

use super::*;

#[test]
fn a_text_stays_as_it_was_written() {
    let text = "Bonjour,\n\test-ce que le bleu est là ? 🙂 \u{202E}abc";
    assert_eq!(message_text(text, TEXT_LIMIT_CHARS).as_deref(), Ok(text));
}

#[test]
fn what_no_channel_can_carry_leaves_a_mark() {
    assert_eq!(message_text("a\0b\u{7}c", 10).as_deref(), Ok("a\u{FFFD}b\u{FFFD}c"));
    assert_eq!(message_text("one\r\ntwo\rthree", 20).as_deref(), Ok("one\ntwo\nthree"));
}

#[test]
fn nothing_visible_is_nothing() {
    for nothing in ["", " \n\t", "\u{200B}\u{FEFF}", "\u{202E}\u{2069}"] {
        assert_eq!(message_text(nothing, 10), Err(TextError::Empty), "{nothing:?}");
    }
}

#[test]
fn the_limit_counts_characters_and_is_named() {
    assert!(message_text(&"🙂".repeat(10), 10).is_ok());
    assert_eq!(message_text(&"a".repeat(11), 10), Err(TextError::TooLong { limit: 10 }));
}

#[test]
fn a_preview_is_one_line_that_turns_nothing_around() {
    assert_eq!(preview("  Is it\n\nblue?\u{202E} "), "Is it blue?");
    assert_eq!(preview(&"a".repeat(200)), format!("{}…", "a".repeat(PREVIEW_LIMIT_CHARS - 1)));
    assert_eq!(name(" \u{2066}\n"), None);
    assert_eq!(name("  Ana\nLima ").as_deref(), Some("Ana Lima"));
}

proptest! {
    #[test]
    fn storing_twice_is_storing_once(text in ".{0,60}") {
        if let Ok(stored) = message_text(&text, 100) {
            prop_assert_eq!(message_text(&stored, 100), Ok(stored.clone()));
        }
    }

    #[test]
    fn a_preview_never_breaks_its_line(text in ".{0,300}") {
        let line = preview(&text);
        prop_assert!(line.chars().all(|c| !c.is_control() && !is_bidi_control(c)));
        prop_assert!(line.chars().count() <= PREVIEW_LIMIT_CHARS);
    }
}
