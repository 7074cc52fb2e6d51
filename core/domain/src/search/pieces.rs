//! A text in pieces: words, runs of scripts without spaces, symbols. And which of its numbers are one number.

use std::ops::Range;

use super::WORD_LIMIT_CHARS;
use super::fold::{Kind, Letter, letters};

/// Digits of a telephone number, at least: what is shorter and written in groups stays groups.
const NUMBER_FROM_DIGITS: usize = 7;
/// Digits of a telephone number, at most (E.164).
const NUMBER_LIMIT_DIGITS: usize = 15;
/// What may stand between two groups of digits of one number, in characters.
const NUMBER_GAP_LIMIT_CHARS: usize = 2;

/// A text as it is compared.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    letters: Vec<Letter>,
    all: Vec<Piece>,
}

/// One word, run or symbol.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// As it is compared; of a word, what tells it apart.
    pub(super) text: String,
    /// Which characters it is made of.
    letters: Range<usize>,
}

/// Groups of digits that may be one number, as telephone numbers are written.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// Which pieces.
    pub(super) pieces: Range<usize>,
    /// The digits without what is between them.
    pub(super) digits: String,
}

impl Pieces {
    pub(super) fn of(text: &str) -> Pieces {
        let letters = letters(text);
        let mut all: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            let first = &letters[at];
            let same = |letter: &&Letter| {
                letter.kind == first.kind && (first.kind != Kind::Symbol || letter.source == first.source)
            };
            let end = at + letters[at..].iter().take_while(same).count();
            if first.kind != Kind::Gap {
                let limit = if first.kind == Kind::Word { WORD_LIMIT_CHARS } else { usize::MAX };
                let text = letters[at..end].iter().take(limit).map(|letter| letter.value).collect();
                all.push(Piece { kind: first.kind, text, letters: at..end });
            }
            at = end;
        }
        Pieces { letters, all }
    }

    pub(super) fn all(&self) -> &[Piece] {
        &self.all
    }

    /// Whether something separates the last piece from the end of the text.
    pub(super) fn is_last_ended(&self) -> bool {
        self.all.last().is_none_or(|last| last.letters.end < self.letters.len())
    }

    /// Whether two words stand together: only punctuation is between them, as in "T-shirt".
    pub(super) fn stands_with_next(&self, index: usize) -> bool {
        let (piece, next) = (&self.all[index], &self.all[index + 1]);
        piece.kind == Kind::Word
            && next.kind == Kind::Word
            && !self.between(piece, next).iter().any(|letter| letter.value.is_whitespace())
    }

    /// Whether no line ends between these.
    pub(super) fn is_one_line(&self, pieces: Range<usize>) -> bool {
        let (first, last) = (&self.all[pieces.start], &self.all[pieces.end - 1]);
        self.letters[first.letters.start..last.letters.end].iter().all(|letter| letter.value != '\n')
    }

    /// The bytes of the text that a person sees as these characters of a piece.
    pub(super) fn source(&self, piece: &Piece, chars: Range<usize>) -> Range<usize> {
        let letters = &self.letters[piece.letters.clone()];
        letters[chars.start].source.start..letters[chars.end - 1].source.end
    }

    /// The bytes of the text from one piece to another, both included.
    pub(super) fn source_of(&self, pieces: Range<usize>) -> Range<usize> {
        let (first, last) = (&self.all[pieces.start], &self.all[pieces.end - 1]);
        self.letters[first.letters.start].source.start..self.letters[last.letters.end - 1].source.end
    }

    /// Numbers that are written in groups of digits.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let mut numbers = Vec::new();
        let mut at = 0;
        while at < self.all.len() {
            let mut end = at + 1;
            while end < self.all.len() && is_digits(&self.all[at]) && self.is_same_number(end) {
                end += 1;
            }
            let digits: String = self.all[at..end].iter().map(|piece| piece.text.as_str()).collect();
            if end > at + 1 && (NUMBER_FROM_DIGITS..=NUMBER_LIMIT_DIGITS).contains(&digits.len()) {
                numbers.push(Number { pieces: at..end, digits });
            }
            at = end;
        }
        numbers
    }

    fn is_same_number(&self, index: usize) -> bool {
        let gap = self.between(&self.all[index - 1], &self.all[index]);
        is_digits(&self.all[index])
            && gap.len() <= NUMBER_GAP_LIMIT_CHARS
            && gap.iter().all(|letter| matches!(letter.value, ' ' | '.' | '-' | '/' | '(' | ')'))
    }

    fn between(&self, piece: &Piece, next: &Piece) -> &[Letter] {
        &self.letters[piece.letters.end..next.letters.start]
    }
}

fn is_digits(piece: &Piece) -> bool {
    piece.kind == Kind::Word && piece.text.bytes().all(|byte| byte.is_ascii_digit())
}
