//! What may stand in a message, and what of it may stand in a list.
//!
//! A text is refused, never cut: the person decides what goes. Characters that no channel can carry become a visible
//! replacement character, so that nothing disappears without a trace.

/// The longest message, in Unicode scalar values. Channels may allow less (`channel::Capabilities`).
pub const TEXT_LIMIT_CHARS: usize = 5_000;
/// The longest preview of a message in a list, in Unicode scalar values.
pub const PREVIEW_LIMIT_CHARS: usize = 160;
/// The longest name of a person or a shop, in Unicode scalar values.
pub const NAME_LIMIT_CHARS: usize = 80;

/// Why a text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space and invisible characters.
    #[error("the text is empty")]
    Empty,
    /// More than `limit` Unicode scalar values.
    #[error("the text is longer than {limit} characters")]
    TooLong {
        /// The limit that was passed, in Unicode scalar values.
        limit: usize,
    },
}

/// The text as it is stored: line ends are `\n`, control characters are replaced, the rest is as it was written.
///
/// # Errors
/// When nothing visible is in it, or it is longer than `limit_chars`.
pub fn message_text(written: &str, limit_chars: usize) -> Result<String, TextError> {
    let text: String = written.replace("\r\n", "\n").chars().map(storable).collect();
    if !text.chars().any(is_visible) {
        return Err(TextError::Empty);
    }
    if text.chars().count() > limit_chars {
        return Err(TextError::TooLong { limit: limit_chars });
    }
    Ok(text)
}

/// A name as it is stored: one line, trimmed, cut at [`NAME_LIMIT_CHARS`]; `None` when nothing visible is left.
pub fn name(written: &str) -> Option<String> {
    let line = one_line(written, NAME_LIMIT_CHARS);
    line.chars().any(is_visible).then_some(line)
}

/// A short text of one line, as it is stored: white space around it goes, inside it becomes single spaces.
///
/// # Errors
/// When nothing visible is in it, or it is longer than `limit_chars`.
pub fn line(written: &str, limit_chars: usize) -> Result<String, TextError> {
    let line = one_line(written, usize::MAX);
    if !line.chars().any(is_visible) {
        return Err(TextError::Empty);
    }
    if line.chars().count() > limit_chars {
        return Err(TextError::TooLong { limit: limit_chars });
    }
    Ok(line)
}

/// A message for a list: one line of at most [`PREVIEW_LIMIT_CHARS`], with an ellipsis where it was cut.
pub fn preview(text: &str) -> String {
    one_line(text, PREVIEW_LIMIT_CHARS)
}

/// One line without control or direction characters, which would reorder what stands beside it.
fn one_line(text: &str, limit_chars: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| !is_bidi_control(*c)).map(storable).collect();
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    if line.chars().count() <= limit_chars {
        return line;
    }
    let kept: String = line.chars().take(limit_chars - 1).collect();
    format!("{}…", kept.trim_end())
}

fn storable(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\r' => '\n',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

fn is_visible(c: char) -> bool {
    !(c.is_whitespace()
        || is_bidi_control(c)
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}'))
}

/// Marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9, table 4).
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
