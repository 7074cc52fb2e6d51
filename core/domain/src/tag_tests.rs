use super::*;
use crate::customer::Tags;

#[test]
fn a_tag_is_one_line_with_single_spaces() {
    assert_eq!(Tag::new("  buys \t in\nbulk ").unwrap().as_str(), "buys in bulk");
    assert_eq!(Tag::new("優先").unwrap().as_str(), "優先");
}

#[test]
fn an_empty_or_a_long_tag_is_refused() {
    for nothing in ["", " \n\t", "\u{200B}\u{202E}"] {
        assert_eq!(Tag::new(nothing), Err(TextError::Empty));
    }
    assert!(Tag::new(&"é".repeat(TAG_LIMIT_CHARS)).is_ok());
    let long = Tag::new(&"é".repeat(TAG_LIMIT_CHARS + 1));
    assert_eq!(long, Err(TextError::TooLong { limit: TAG_LIMIT_CHARS }));
}

#[test]
fn case_makes_no_other_tag_and_the_first_spelling_stays() {
    let mut tags = Tags::default();
    for written in ["VIP", "wholesale", "vip", "ŻÓŁW", "żółw"] {
        tags.add(Tag::new(written).unwrap());
    }
    let shown: Vec<_> = tags.iter().map(Tag::as_str).collect();
    assert_eq!(shown, ["VIP", "wholesale", "ŻÓŁW"]);
    tags.remove(&Tag::new("Vip").unwrap());
    assert_eq!(tags.len(), 2);
    assert!(!tags.contains(&Tag::new("vip").unwrap()));
}

#[test]
fn tags_travel_as_a_list_of_words() {
    let read: Tags = serde_json::from_str(r#"["b", "A", "a"]"#).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), r#"["A","b"]"#);
    assert!(serde_json::from_str::<Tags>(r#"[" "]"#).is_err());
}
