//! What somebody looks for: words, all of which must be in a text, in any order; the last one may still be being typed.

use std::ops::Range;

use super::fold::Kind;
use super::index::{base, beginning, is_beyond_beginnings, pairs};
use super::pieces::{Piece, Pieces};
use super::{Field, QUERY_LIMIT_CHARS, TERMS_LIMIT};

/// What a person typed, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    parts: Vec<Part>,
}

/// One thing that must be in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Words one after the other: one, or several that were typed together, as "T-shirt" is.
    Words(Vec<Word>),
    /// Neighbouring characters of a script without spaces.
    Run(String),
    /// An emoji or another symbol, with whatever skin and gender.
    Symbol(String),
    /// Groups of digits, each of them somewhere or together as one number.
    Number { groups: Vec<Word>, together: Word },
}

/// A word, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// It is still being typed.
    open: bool,
}

impl Query {
    /// Understands what was typed. What is beyond [`QUERY_LIMIT_CHARS`] and [`TERMS_LIMIT`] is left out.
    pub fn parse(typed: &str) -> Query {
        let end = typed.char_indices().nth(QUERY_LIMIT_CHARS).map_or(typed.len(), |(end, _)| end);
        let pieces = Pieces::of(&typed[..end]);
        let numbers = pieces.numbers();
        let count = pieces.all().len().min(TERMS_LIMIT);
        let open = |index| index + 1 == pieces.all().len() && !pieces.is_last_ended();
        let word = |index: usize| Word { text: pieces.all()[index].text.clone(), open: open(index) };
        let mut parts = Vec::new();
        let mut at = 0;
        while at < count {
            let piece = &pieces.all()[at];
            let mut end = at + 1;
            parts.push(match piece.kind {
                Kind::Word => match numbers.iter().find(|number| number.pieces.start == at) {
                    Some(number) => {
                        end = number.pieces.end;
                        let together = Word { text: number.digits.clone(), open: open(end - 1) };
                        Part::Number { groups: number.pieces.clone().map(word).collect(), together }
                    }
                    None => {
                        while end < count && pieces.stands_with_next(end - 1) {
                            end += 1;
                        }
                        Part::Words((at..end).map(word).collect())
                    }
                },
                Kind::Symbol => Part::Symbol(piece.text.clone()),
                Kind::Run | Kind::Gap => Part::Run(piece.text.clone()),
            });
            at = end;
        }
        Query { parts }
    }

    /// Whether there is nothing to look for: it finds nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether a text is found. This is the rule; an index only saves reading all texts.
    pub fn matches(&self, text: &str, field: Field) -> bool {
        let pieces = Pieces::of(text);
        !self.is_empty() && self.parts.iter().all(|part| part.is_in(&pieces, field))
    }

    /// What to mark in a text: byte ranges in order, apart from each other, never within what is seen as one character.
    /// A text that is not found may have marks too: those of the words that it does have.
    pub fn hits(&self, text: &str, field: Field) -> Vec<Range<usize>> {
        let pieces = Pieces::of(text);
        let mut found: Vec<Range<usize>> =
            self.parts.iter().flat_map(|part| part.places(&pieces, field)).collect();
        found.sort_by_key(|range| (range.start, range.end));
        let mut hits: Vec<Range<usize>> = Vec::new();
        for range in found {
            match hits.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => hits.push(range),
            }
        }
        hits
    }

    /// What to ask an index of [`super::indexed`] texts, as FTS5 writes it: all that matches is among what it finds, and
    /// what it finds can be read newest first without being sorted. `None` when there is nothing to look for.
    pub fn narrow(&self, field: Field) -> Option<String> {
        self.expression(&|word| word.narrow(field))
    }

    /// The same, for when much of what [`Query::narrow`] finds does not match: it finds less, and takes as long as
    /// there are texts with such a word. `None` when it would be the same.
    pub fn exact(&self, field: Field) -> Option<String> {
        let says_more = self.open_words().any(|word| is_beyond_beginnings(&word.text));
        says_more.then(|| self.expression(&|word| word.exact(field))).flatten()
    }

    fn expression(&self, word: &dyn Fn(&Word) -> String) -> Option<String> {
        let parts: Vec<String> = self.parts.iter().map(|part| part.expression(word)).collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    fn open_words(&self) -> impl Iterator<Item = &Word> {
        let words = self.parts.iter().flat_map(|part| match part {
            Part::Words(words) => words.as_slice(),
            Part::Number { together, .. } => std::slice::from_ref(together),
            Part::Run(_) | Part::Symbol(_) => &[],
        });
        words.filter(|word| word.open)
    }
}

impl Part {
    fn is_in(&self, pieces: &Pieces, field: Field) -> bool {
        match self {
            Part::Number { groups, together } => {
                let stands = |word| !places_of_words(std::slice::from_ref(word), pieces, field).is_empty();
                stands(together) || groups.iter().all(stands)
            }
            _ => !self.places(pieces, field).is_empty(),
        }
    }

    /// Where it stands, in bytes.
    fn places(&self, pieces: &Pieces, field: Field) -> Vec<Range<usize>> {
        match self {
            Part::Words(words) => places_of_words(words, pieces, field),
            Part::Run(run) => places_of_run(run, pieces),
            Part::Symbol(symbol) => {
                let is_it = |piece: &Piece| {
                    piece.kind == Kind::Symbol && (piece.text == *symbol || base(piece) == Some(symbol))
                };
                let found = pieces.all().iter().enumerate().filter(|(_, piece)| is_it(piece));
                found.map(|(index, _)| pieces.source_of(index..index + 1)).collect()
            }
            Part::Number { groups, together } => groups
                .iter()
                .chain([together])
                .flat_map(|word| places_of_words(std::slice::from_ref(word), pieces, field))
                .collect(),
        }
    }

    fn expression(&self, word: &dyn Fn(&Word) -> String) -> String {
        match self {
            Part::Words(words) => all_of(words.iter().map(word)),
            Part::Run(run) if run.chars().nth(1).is_none() => quoted(run),
            // The first ones are enough to find few; the text decides.
            Part::Run(run) => all_of(pairs(run).take(TERMS_LIMIT).map(quoted)),
            Part::Symbol(symbol) => quoted(symbol),
            Part::Number { groups, together } => {
                format!("({} OR {})", all_of(groups.iter().map(word)), word(together))
            }
        }
    }
}

impl Word {
    fn is(&self, word: &str, field: Field) -> bool {
        if self.open && self.text.chars().count() >= field.beginning_from_chars() {
            word.starts_with(&self.text)
        } else {
            word == self.text
        }
    }

    fn narrow(&self, field: Field) -> String {
        let whole = quoted(&self.text);
        match beginning(&self.text, field).filter(|_| self.open) {
            None => whole,
            Some(beginning) if is_beyond_beginnings(&self.text) => quoted(&beginning),
            Some(beginning) => format!("({whole} OR {})", quoted(&beginning)),
        }
    }

    fn exact(&self, field: Field) -> String {
        if self.open && is_beyond_beginnings(&self.text) {
            format!("{}*", quoted(&self.text))
        } else {
            self.narrow(field)
        }
    }
}

/// Where these words stand one after the other; a single one also where it is written in groups of digits.
fn places_of_words(words: &[Word], pieces: &Pieces, field: Field) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    if let [word] = words {
        let written = pieces.numbers().into_iter().filter(|number| word.is(&number.digits, field));
        places.extend(written.map(|number| pieces.source_of(number.pieces)));
    }
    let all = pieces.all();
    let are_here = |window: &[Piece]| {
        window.iter().zip(words).all(|(piece, word)| piece.kind == Kind::Word && word.is(&piece.text, field))
    };
    // Names stand a line each: what was typed together is in one of them.
    let together = |index: usize| field == Field::Text || pieces.is_one_line(index..index + words.len());
    let found = all.windows(words.len()).enumerate();
    let found = found.filter(|(index, window)| are_here(window) && together(*index));
    places.extend(found.map(|(index, window)| {
        // Of the last word only the beginning that was typed.
        let (last, typed) = (&window[words.len() - 1], &words[words.len() - 1].text);
        let end = pieces.source(last, 0..typed.chars().count()).end;
        pieces.source_of(index..index + words.len()).start..end
    }));
    places
}

fn places_of_run(run: &str, pieces: &Pieces) -> Vec<Range<usize>> {
    let length = run.chars().count();
    let mut places = Vec::new();
    for piece in pieces.all().iter().filter(|piece| piece.kind == Kind::Run) {
        for (start, _) in piece.text.match_indices(run) {
            let before = piece.text[..start].chars().count();
            places.push(pieces.source(piece, before..before + length));
        }
    }
    places
}

fn all_of(terms: impl Iterator<Item = String>) -> String {
    let terms: Vec<String> = terms.collect();
    if terms.len() == 1 { terms.concat() } else { format!("({})", terms.join(" AND ")) }
}

/// Terms are letters and digits; were there a quote, it would still be one term.
fn quoted(term: &str) -> String {
    format!("\"{}\"", term.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
