//! How characters are compared: without case, accents, width and what nobody sees.
//!
//! The unit is what a person sees as one character (a grapheme cluster), so that what is marked in a text later never
//! cuts one in half. Marks that only decorate a letter go; those that make it another one (Thai vowels, Devanagari,
//! the Japanese voicing mark) stay.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::is_bidi_control;

/// One character as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// What it is compared as.
    pub(super) value: char,
    /// What it is a part of.
    pub(super) kind: Kind,
    /// The bytes of the text that a person sees as this character.
    pub(super) source: Range<usize>,
}

/// What a character is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of a script that puts spaces between words, or a number.
    Word,
    /// Text of a script that does not.
    Run,
    /// An emoji or another symbol: one alone is a word.
    Symbol,
    /// What separates.
    Gap,
}

/// The characters of a text, as they are compared.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let bytes = text.as_bytes();
    let mut letters = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii() && bytes.get(at + 1).is_none_or(u8::is_ascii) {
            let value = char::from(bytes[at].to_ascii_lowercase());
            let kind = if value.is_ascii_alphanumeric() { Kind::Word } else { Kind::Gap };
            letters.push(Letter { value, kind, source: at..at + 1 });
            at += 1;
            continue;
        }
        let cluster = text[at..].graphemes(true).next().unwrap_or(&text[at..]);
        let source = at..at + cluster.len();
        at = source.end;
        fold_cluster(cluster, &source, &mut letters);
    }
    letters
}

fn fold_cluster(cluster: &str, source: &Range<usize>, to: &mut Vec<Letter>) {
    let mut chars = cluster.chars();
    let (Some(first), rest) = (chars.next(), chars.next()) else {
        return;
    };
    if is_symbol(first) {
        for value in cluster.chars().filter(|c| !is_invisible(*c) && !is_skin_tone(*c)) {
            to.push(Letter { value, kind: Kind::Symbol, source: source.clone() });
        }
        return;
    }
    if rest.is_none() && is_whole_in_run(first) {
        to.push(Letter { value: first, kind: Kind::Run, source: source.clone() });
        return;
    }
    let mut folded = String::new();
    for c in cluster.chars().filter(|c| !is_sign(*c)).nfkd().flat_map(char::to_lowercase) {
        if !is_accent(c) && !is_invisible(c) {
            push_plain(c, &mut folded);
        }
    }
    if folded.is_empty() && is_sign(first) {
        to.push(Letter { value: first, kind: Kind::Gap, source: source.clone() });
    }
    for value in folded.nfc() {
        let kind = kind(value, to.last());
        to.push(Letter { value, kind, source: source.clone() });
    }
}

fn kind(c: char, before: Option<&Letter>) -> Kind {
    if is_in_run(c) {
        Kind::Run
    } else if c.is_alphanumeric() {
        Kind::Word
    } else if is_combining_mark(c) {
        before.map_or(Kind::Gap, |before| before.kind)
    } else {
        Kind::Gap
    }
}

/// Letters that decompose into nothing simpler, and are looked for by people whose keyboard lacks them.
fn push_plain(c: char, to: &mut String) {
    match c {
        'ß' => to.push_str("ss"),
        'æ' => to.push_str("ae"),
        'œ' => to.push_str("oe"),
        'þ' => to.push_str("th"),
        'ı' => to.push('i'),
        'ł' => to.push('l'),
        'ø' => to.push('o'),
        'đ' | 'ð' => to.push('d'),
        'ħ' => to.push('h'),
        'ŧ' => to.push('t'),
        'ς' => to.push('σ'),
        // The same letters as Arabic and Persian keyboards write them.
        'ى' | 'ی' => to.push('ي'),
        'ک' => to.push('ك'),
        '٠'..='٩' => to.push(digit(c, '٠')),
        '۰'..='۹' => to.push(digit(c, '۰')),
        c => to.push(c),
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// Marks above, below and through letters, the vowel points of Arabic and Hebrew, and the Arabic lengthening.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}')
}

/// What nobody sees: it neither separates words nor tells them apart.
fn is_invisible(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Emoji, flags, arrows, dingbats.
fn is_symbol(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1F0FF}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}')
}

/// Signs that follow a name without being a part of it. Decomposed they would be letters.
fn is_sign(c: char) -> bool {
    matches!(c, '©' | '®' | '™' | '℠')
}

/// Chinese, Japanese, Korean, Thai, and their neighbours that put no spaces between words either.
fn is_in_run(c: char) -> bool {
    matches!(c,
        '\u{0E01}'..='\u{0E4E}' | '\u{0E50}'..='\u{0E59}' | '\u{0E80}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}'
        | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17D3}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}' | '\u{303B}' | '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The bulk of these scripts: already as they are compared.
fn is_whole_in_run(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}
