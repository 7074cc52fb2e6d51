//! Which terms stand for a text in an index, and which an index is asked for.
//!
//! A term is made of letters and digits only; terms are separated by single spaces, so that the simplest tokenizer
//! (FTS5's `ascii`, which takes everything beyond ASCII for a letter) splits them as they were made.
//!
//! Beginnings of words are terms of their own, of a few lengths, marked by an ellipsis. FTS5's own prefix indexes were
//! measured (2026-11, 500,000 messages of 4 to 27 words, no positions): lengths 1 to 3 make the index 3.2 times as large
//! as without and three times as slow to fill; without any, the beginning of a frequent word takes 120 ms among a
//! million messages, since all that it finds is sorted first. Asking for each word that begins so takes 4 ms for 64 of
//! them.

use super::Field;
use super::fold::Kind;
use super::pieces::{Piece, Pieces};

/// The longest beginning of a word that is a term, in Unicode scalar values.
const BEGINNING_LIMIT_CHARS: usize = 4;
/// What marks a beginning. It is in no word.
const BEGINNING: char = '…';

/// The terms of a text, separated by spaces. The same text gives the same terms as long as [`super::RULES`] is the same.
pub fn indexed(text: &str, field: Field) -> String {
    let pieces = Pieces::of(text);
    let mut terms = String::with_capacity(text.len() * 2);
    for piece in pieces.all() {
        match piece.kind {
            Kind::Word => push_word(&piece.text, field, &mut terms),
            Kind::Run => push_run(&piece.text, &mut terms),
            Kind::Symbol => {
                push(&piece.text, &mut terms);
                if let Some(base) = base(piece) {
                    push(base, &mut terms);
                }
            }
            Kind::Gap => {}
        }
    }
    for number in pieces.numbers() {
        push_word(&number.digits, field, &mut terms);
    }
    terms
}

/// The term for the beginning of a word as an index of this field holds it: the beginning itself, or the longest of it
/// that is a term. `None`: only whole words are looked for.
pub(super) fn beginning(word: &str, field: Field) -> Option<String> {
    let from = field.beginning_from_chars();
    let kept: Vec<char> = word.chars().take(BEGINNING_LIMIT_CHARS).collect();
    (kept.len() >= from).then(|| kept.into_iter().chain([BEGINNING]).collect())
}

/// Whether its beginning as a term says less than the word does.
pub(super) fn is_beyond_beginnings(word: &str) -> bool {
    word.chars().nth(BEGINNING_LIMIT_CHARS).is_some()
}

/// The first sign of a symbol that is made of several, as 🤷 of 🤷‍♀️. The two halves of a flag mean nothing alone.
pub(super) fn base(symbol: &Piece) -> Option<&str> {
    let mut chars = symbol.text.char_indices();
    let (_, first) = chars.next()?;
    let (end, _) = chars.next()?;
    (!matches!(first, '\u{1F1E6}'..='\u{1F1FF}')).then(|| &symbol.text[..end])
}

/// Two neighbours of a run, and the next two …
pub(super) fn pairs(run: &str) -> impl Iterator<Item = &str> {
    let seconds = run.char_indices().skip(1);
    run.char_indices().zip(seconds).map(|((start, _), (second, c))| &run[start..second + c.len_utf8()])
}

fn push_word(word: &str, field: Field, terms: &mut String) {
    push(word, terms);
    for (count, (end, _)) in word.char_indices().enumerate().skip(field.beginning_from_chars()) {
        if count > BEGINNING_LIMIT_CHARS {
            break;
        }
        push(&word[..end], terms);
        terms.push(BEGINNING);
    }
}

fn push_run(run: &str, terms: &mut String) {
    let mut single = [0; 4];
    run.chars().for_each(|c| push(c.encode_utf8(&mut single), terms));
    pairs(run).for_each(|pair| push(pair, terms));
}

fn push(term: &str, terms: &mut String) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    terms.push_str(term);
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
