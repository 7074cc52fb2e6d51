//! The line that is shown of something found: what is around the first mark, on one line.

use shopbell_domain::search::{Field, Query};
use shopbell_domain::text::preview;

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
    let first = query.hits(text, field).first().map_or(0, |hit| hit.start);
    let start = beginning_before(text, first);
    let line = preview(&text[start..]);
    let line = if start > 0 { format!("…{line}") } else { line };
    parts(query, &line, field)
}

fn parts(query: &Query, line: &str, field: Field) -> Vec<ExcerptPart> {
    let mut parts = Vec::new();
    let mut push = |text: &str, marked| {
        if !text.is_empty() {
            parts.push(ExcerptPart { text: text.to_owned(), marked });
        }
    };
    let mut at = 0;
    for hit in query.hits(line, field) {
        push(&line[at..hit.start], false);
        push(&line[hit.clone()], true);
        at = hit.end;
    }
    push(&line[at..], false);
    parts
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
