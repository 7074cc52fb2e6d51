use super::*;

#[test]
fn a_customer_cannot_steer_the_terminal() {
    assert_eq!(harmless("a\u{1b}[2Jb\u{7}c\u{202E}d"), "a␛[2Jbcd");
    assert_eq!(harmless("one\ntwo"), "one\n    two");
    assert_eq!(harmless("Bonjour 🙂 שלום"), "Bonjour 🙂 שלום");
}
