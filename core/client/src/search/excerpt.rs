//! The line that is shown of something found: what is around the first mark, on one line.

use std::ops::Range;

use shopbell_domain::search::{Field, Query};
use shopbell_domain::text::{PREVIEW_LIMIT_CHARS, is_bidi_control};

/// How much is shown before the first mark, in Unicode scalar values.
const BEFORE_LIMIT_CHARS: usize = 40;

/// A part of a line. Parts carry their text, not where it stands: every language counts characters in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptPart {
    /// What it says.
    pub text: String,
    /// Whether this is what was looked for.
    pub marked: bool,
}

/// The line of a text, with its marks.
pub(super) fn excerpt(query: &Query, text: &str, field: Field) -> Vec<ExcerptPart> {
    // Looked for in the text as it is: on one line, numbers that stand apart in it might be one number.
    let hits = query.hits(text, field);
    let start = beginning_before(text, hits.first().map_or(0, |hit| hit.start));
    let mut line = one_line(text, start, &hits);
    if line.len() > PREVIEW_LIMIT_CHARS {
        line.truncate(PREVIEW_LIMIT_CHARS - 1);
        while line.pop_if(|(c, _)| *c == ' ').is_some() {}
        line.push(('…', false));
    }
    if start > 0 {
        line.insert(0, ('…', false));
    }
    line.chunk_by(|(_, marked), (_, next)| marked == next)
        .map(|part| ExcerptPart { text: part.iter().map(|(c, _)| c).collect(), marked: part[0].1 })
        .collect()
}

/// The text from `start` on, with single spaces and without what would turn the line around, each character with whether
/// it is marked. As much as is shown, and one more where there is more.
fn one_line(text: &str, start: usize, hits: &[Range<usize>]) -> Vec<(char, bool)> {
    let mut line: Vec<(char, bool)> = Vec::new();
    let mut hits = hits.iter().peekable();
    let mut after_space = false;
    for (at, c) in text[start..].char_indices().filter(|(_, c)| !is_bidi_control(*c)) {
        if c.is_whitespace() {
            after_space = !line.is_empty();
            continue;
        }
        while hits.next_if(|hit| hit.end <= start + at).is_some() {}
        let marked = hits.peek().is_some_and(|hit| hit.contains(&(start + at)));
        if std::mem::take(&mut after_space) {
            let within = marked && hits.peek().is_some_and(|hit| hit.start < start + at);
            line.push((' ', within));
        }
        line.push((c, marked));
        if line.len() > PREVIEW_LIMIT_CHARS {
            break;
        }
    }
    line
}

/// Where to begin, so that what is looked for is not at the end of the line: with the text when that is near, or after
/// the farthest white space or full stop within the limit.
fn beginning_before(text: &str, first: usize) -> usize {
    let mut start = first;
    for (count, (at, c)) in text[..first].char_indices().rev().enumerate() {
        if count == BEFORE_LIMIT_CHARS {
            return start;
        }
        if c.is_whitespace() || matches!(c, '。' | '，' | '、' | '！' | '？') {
            start = at + c.len_utf8();
        }
    }
    0
}

#[cfg(test)]
#[path = "excerpt_tests.rs"]
mod tests;
