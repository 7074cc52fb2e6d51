use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

fn finds(typed: &str, text: &str) -> bool {
    Query::parse(typed).matches(text, Field::Text)
}

/// The text with what is marked in brackets.
fn marked(typed: &str, text: &str, field: Field) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for hit in Query::parse(typed).hits(text, field) {
        shown += &format!("{}[{}]", &text[at..hit.start], &text[hit.clone()]);
        at = hit.end;
    }
    shown + &text[at..]
}

#[test]
fn what_a_person_expects_is_found() {
    for (typed, text) in [
        // Case and accents.
        ("ECHARPE", "une écharpe bleue"),
        ("écharpe", "UNE ECHARPE"),
        ("echarpe", "une e\u{301}charpe"),
        ("l'écharpe", "Est-ce que l’écharpe est là ?"),
        ("echarpe", "l'écharpe"),
        ("strasse", "Lange Straße 4"),
        ("STRAẞE", "lange strasse"),
        ("lodz", "Łódź"),
        ("zolw", "ŻÓŁW"),
        ("oeuvre", "un chef-d’œuvre"),
        ("smorrebrod", "Smørrebrød"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
        // The four letters i of Turkish.
        ("istanbul", "İSTANBUL"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("ısparta", "Isparta"),
        // Punctuation within words.
        ("t-shirt", "two T-shirts, please"),
        ("shirt", "two T-shirts, please"),
        ("don't", "I don’t know"),
        ("ana@example.com", "write to Ana@Example.com."),
        ("example.com", "write to ana@example.com"),
        ("#1042", "order #1042 has not come"),
        ("1042", "order #1042 has not come"),
        ("10,50", "it costs 10.50"),
        // Numbers, however they are grouped.
        ("+33 6 12 34 56 78", "call me: +33612345678"),
        ("+33612345678", "call me: +33 6 12 34 56 78"),
        ("555-123-4567", "(555) 123 4567"),
        ("06.12.34.5", "06 12 34 56 78"),
        ("12 34", "06 12 34 56 78"),
        ("1042 1043 1044", "order 1043, then 1044 and 1042"),
        ("١٢٣٤", "order 1234"),
        // Words in any order, the last one as it is typed.
        ("scarf blue", "a blue scarf"),
        ("blue sca", "a blue scarf"),
        ("wraps ", "who wraps gifts"),
        // Scripts without spaces.
        ("殼", "iPhone手機殼"),
        ("手機", "iPhone手機殼"),
        ("iphone手機殼", "有沒有 iPhone 的手機殼"),
        ("機殼", "手機殼"),
        ("ｉＰｈｏｎｅ", "iPhone手機殼"),
        ("ガイド", "ｶﾞｲﾄﾞブック"),
        ("한국", "한국어로 됩니까"),
        ("한국", "\u{1112}\u{1161}\u{11AB}국"),
        ("เสื้อ", "มีเสื้อสีฟ้าไหม"),
        ("เสื", "มีเสื้อสีฟ้าไหม"),
        // Arabic, with and without what only helps to read; Hebrew; Hindi.
        ("مرحبا", "مَرْحَبًا بكم"),
        ("مـرحـبا", "مرحبا"),
        ("احمد", "أحمد"),
        ("שלום", "שָׁלוֹם"),
        ("हिन्दी", "क्या हिन्दी में है?"),
        // Symbols.
        ("🙂", "thanks 🙂!"),
        ("👍", "👍🏽 great"),
        ("👍🏽", "👍 great"),
        ("🤷", "no idea 🤷‍♀️"),
        ("👩‍👩‍👧", "for the 👩‍👩‍👧"),
        ("🇫🇷", "shipped to🇫🇷"),
        ("❤", "❤\u{FE0F}"),
        // What nobody sees.
        ("shoes", "sho\u{200B}es"),
        ("sho\u{AD}es", "shoes"),
        ("\u{202E}blue\u{202C}", "blue"),
        ("می\u{200C}خواهم", "میخواهم"),
        // Signs beside a name.
        ("Juniper™", "the JUNIPER® box"),
        ("ﬁt", "does it fit?"),
    ] {
        assert!(finds(typed, text), "{typed:?} in {text:?}");
    }
}

#[test]
fn what_a_person_does_not_mean_is_not_found() {
    for (typed, text) in [
        ("blue scarf", "a blue hat"),
        ("scarf ", "two scarfs"),
        ("arf", "a scarf"),
        ("sc", "a scarf"),
        ("t-shirt", "shirt of size t"),
        ("ana@example.com", "com, example, ana"),
        ("10.50", "50 for 10"),
        ("機手", "手機殼"),
        ("手殼", "手機殼"),
        ("か", "が"),
        ("เก่า", "เกา"),
        ("🇷🇺", "🇫🇷🇺🇸"),
        ("🇫", "🇫🇷"),
        ("1042 ", "order 10421"),
        ("👩", "👨"),
    ] {
        assert!(!finds(typed, text), "{typed:?} in {text:?}");
    }
}

#[test]
fn nothing_that_is_typed_is_an_operator() {
    for typed in [
        "blue AND scarf",
        "blue OR scarf",
        "NOT blue",
        "NEAR(blue scarf)",
        "blue*",
        "^blue",
        "text:blue",
        "\"blue",
        "'",
        "-blue",
        "+blue",
        "(blue",
        "{blue}",
        "blue NEAR/2 scarf",
        "\\",
        "%",
        "_",
        "; DROP TABLE message",
    ] {
        let query = Query::parse(typed);
        let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let text = words.collect::<Vec<_>>().join(" ");
        assert_eq!(query.matches(&text, Field::Text), !query.is_empty(), "{typed:?}");
        assert!(
            !query.matches("a blue scarf", Field::Text) || !typed.contains(char::is_uppercase),
            "{typed:?}"
        );
    }
}

#[test]
fn nothing_to_look_for_finds_nothing() {
    for typed in ["", " \n", "\"", "***", "\u{200B}\u{202E}", "- – —", "\u{301}", "\u{FE0F}"] {
        let query = Query::parse(typed);
        assert!(query.is_empty(), "{typed:?}");
        assert!(!query.matches("anything", Field::Text));
        assert_eq!(query.narrow(Field::Text), None);
        assert_eq!(query.exact(Field::Text), None);
    }
}

#[test]
fn a_name_is_found_by_its_first_letter_and_a_message_by_the_third() {
    let finds = |typed, field| Query::parse(typed).matches("Ana Lima", field);
    assert!(finds("a", Field::Name));
    assert!(!finds("a", Field::Text));
    assert!(!finds("an", Field::Text));
    assert!(finds("ana", Field::Text));
    assert!(finds("li", Field::Name));
    assert!(!finds("li ", Field::Name), "the word was ended");
}

#[test]
fn what_was_typed_together_is_in_one_name() {
    let finds = |typed, field| Query::parse(typed).matches("Ana Blue\nStraße 4\nBlue-Straße", field);
    assert!(finds("blue-straße ", Field::Name));
    assert!(finds("4 ana", Field::Name));
    assert!(!finds("4-blue", Field::Name), "of two tags");
    assert!(finds("4-blue", Field::Text), "a text may go on in the next line");
    assert_eq!(
        marked("blue-straße ", "Blue\nStraße\nBlue-Straße", Field::Name),
        "Blue\nStraße\n[Blue-Straße]"
    );
}

#[test]
fn what_is_beyond_the_limits_is_left_out() {
    let long = "blue ".repeat(2_000);
    assert_eq!(
        Query::parse(&long),
        Query::parse(&long[..long.char_indices().nth(QUERY_LIMIT_CHARS).unwrap().0])
    );
    assert!(finds(&long, "blue"));
    let many: Vec<String> = (0..30).map(|number| format!("w{number}x")).collect();
    let typed = many.join(" ");
    assert!(finds(&typed, &many[..TERMS_LIMIT].join(" ")));
    assert!(!finds(&typed, &many[..TERMS_LIMIT - 1].join(" ")));
    let word = "a".repeat(150);
    assert!(finds(&word, &"a".repeat(4_000)), "what tells a word apart ends somewhere");
    let run = "手機殼".repeat(60);
    assert!(finds(&run, &run));
    assert!(!finds(&run, &"手機殼".repeat(59)), "of a long run too every character counts");
}

#[test]
fn hits_are_marked_as_they_are_seen() {
    let text = |typed, text| marked(typed, text, Field::Text);
    assert_eq!(text("echarpe", "l’e\u{301}charpe"), "l’[e\u{301}charpe]");
    assert_eq!(text("blue sca", "Blue, a scarf; BLUE"), "[Blue], a [sca]rf; [BLUE]");
    assert_eq!(text("t-shi", "T-shirt, shirt"), "[T-shi]rt, shirt");
    assert_eq!(text("手機殼", "iPhone手機殼,手機"), "iPhone[手機殼],手機");
    assert_eq!(text("strasse", "Straße"), "[Straße]");
    assert_eq!(text("stras", "Straße"), "[Straß]e", "half a character is not marked");
    assert_eq!(text("เสื", "มีเสื้อ"), "มี[เสื้]อ", "nor is a vowel without its letter");
    assert_eq!(text("👍", "👍🏽 👍"), "[👍🏽] [👍]");
    assert_eq!(text("0612345678", "06 12 34 56 78 or 06"), "[06 12 34 56 78] or 06");
    assert_eq!(text("green", "Blue"), "Blue");
    assert_eq!(marked("a", "Ana Lima, VIP", Field::Name), "[A]na Lima, VIP");
}

/// Characters of which each may change what stands beside it.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "A",
        "é",
        "e\u{301}",
        "ß",
        "İ",
        "ı",
        "Ł",
        "手",
        "機",
        "殼",
        "が",
        "か\u{3099}",
        "ｶﾞ",
        "한",
        "ไ",
        "ที่",
        "م",
        "مَ",
        "हि",
        "1",
        "22",
        "333",
        "+",
        "-",
        ".",
        "'",
        "’",
        "\"",
        "*",
        "(",
        " ",
        "  ",
        "\n",
        "🙂",
        "👍🏽",
        "👩‍👩‍👧",
        "🇫🇷",
        "❤\u{FE0F}",
        "\u{200B}",
        "\u{200D}",
        "\u{202E}",
        "\u{AD}",
        "\u{301}",
        "ﬁ",
        "™",
        "…",
        "\u{1F3FB}",
        "word",
        "longer",
        "AND",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_word_copied_from_a_text_finds_it(text in nasty(), pick in any::<prop::sample::Index>()) {
        let words: Vec<&str> = text.split_whitespace().collect();
        prop_assume!(!words.is_empty());
        let word = words[pick.index(words.len())];
        for typed in [word.to_owned(), format!(" {word} ")] {
            let query = Query::parse(&typed);
            prop_assert!(query.is_empty() || query.matches(&text, Field::Text), "{:?} in {:?}", typed, text);
        }
    }

    #[test]
    fn marks_stand_in_order_and_cut_nothing_in_half(text in nasty(), typed in nasty()) {
        let query = Query::parse(&typed);
        let hits = query.hits(&text, Field::Text);
        let mut edges: Vec<usize> = text.grapheme_indices(true).map(|(start, _)| start).collect();
        edges.push(text.len());
        for hit in &hits {
            prop_assert!(hit.start < hit.end);
            prop_assert!(edges.contains(&hit.start) && edges.contains(&hit.end), "{:?} {:?}", hit, text);
        }
        prop_assert!(hits.windows(2).all(|two| two[0].end < two[1].start));
        prop_assert!(!query.matches(&text, Field::Text) || !hits.is_empty());
    }

    #[test]
    fn terms_are_letters_and_digits_between_single_spaces(text in nasty()) {
        let terms = super::super::indexed(&text, Field::Name);
        prop_assert!(terms.chars().all(|c| c == ' ' || !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()));
        prop_assert!(!terms.contains("  ") && terms.trim() == terms);
    }
}
