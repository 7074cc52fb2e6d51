use super::*;

fn shown(typed: &str, text: &str) -> String {
    let parts = excerpt(&Query::parse(typed), text, Field::Text);
    parts
        .iter()
        .map(|part| if part.marked { format!("[{}]", part.text) } else { part.text.clone() })
        .collect()
}

#[test]
fn a_short_text_is_shown_whole_on_one_line() {
    assert_eq!(shown("blue", "Is it\nblue?"), "Is it [blue]?");
    assert_eq!(shown("e", "Ana"), "Ana");
}

#[test]
fn of_a_long_text_what_is_around_the_first_mark_is_shown() {
    let text =
        format!("{}the blue scarf{}", "words before it, ".repeat(20), ", and words after it".repeat(20));
    let line = shown("scarf", &text);
    assert!(line.starts_with("…before it, words before it, the blue [scarf], and words"), "{line}");
    assert!(line.ends_with('…') && line.chars().count() < 170, "{line}");
}

#[test]
fn a_text_without_spaces_begins_at_its_mark_or_a_full_stop() {
    let before = "我想問一下".repeat(20);
    assert_eq!(shown("手機殼", &format!("{before}。有沒有手機殼")), "…有沒有[手機殼]");
    assert_eq!(shown("手機殼", &format!("{before}手機殼")), "…[手機殼]");
}

#[test]
fn what_would_turn_the_line_around_is_left_out() {
    assert_eq!(shown("blue", "\u{202E}blue\u{202C} scarf"), "[blue] scarf");
}

#[test]
fn numbers_on_two_lines_stay_two_numbers() {
    assert_eq!(shown("0612345678 ", "#1042\n06 12 34 56 78 "), "#1042 [06 12 34 56 78]");
    assert_eq!(shown("06123456", "1042\n06 12 34 56\n9"), "1042 [06 12 34 56] 9");
}

#[test]
fn a_line_is_cut_behind_what_is_shown_of_it() {
    let whole = "a".repeat(PREVIEW_LIMIT_CHARS);
    assert_eq!(shown("blue", &whole), whole);
    let text = format!("{}\n blue", "a".repeat(PREVIEW_LIMIT_CHARS - 2));
    assert_eq!(shown("red", &text), format!("{}…", "a".repeat(PREVIEW_LIMIT_CHARS - 2)));
}
