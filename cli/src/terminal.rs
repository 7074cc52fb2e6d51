//! The terminal: the one place that prints. Customers' words are made harmless here, and only here.

use std::io::{self, BufRead, IsTerminal, Write};

use shopbell_core::domain::text::is_bidi_control;
use shopbell_l10n::Lang;

/// The longest line that is read from standard input, in bytes: well above the longest message.
const LINE_LIMIT_BYTES: u64 = 256 * 1024;

/// Where words go to and come from.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// The person's language.
    pub lang: Lang,
}

impl Terminal {
    /// This process's terminal.
    pub fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// A line for the person or the script that asked. A reader that went away is no error.
    pub fn line(&self, text: &str) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{text}");
        let _ = out.flush();
    }

    /// A line beside the answer: a hint, a prompt, a failure.
    pub fn aside(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A line of JSON for a script.
    pub fn json(&self, value: &serde_json::Value) {
        self.line(&value.to_string());
    }

    /// One line from standard input without its end; `None` at the end of the input. Shows `prompt` to a person.
    ///
    /// # Errors
    /// When standard input cannot be read, or is not UTF-8.
    pub fn ask(&self, prompt: &str) -> io::Result<Option<String>> {
        if io::stdin().is_terminal() {
            let mut err = io::stderr().lock();
            let _ = write!(err, "{prompt}");
            let _ = err.flush();
        }
        read_line()
    }

    /// All of standard input, without the last line's end.
    ///
    /// # Errors
    /// When standard input cannot be read, or is not UTF-8.
    pub fn rest_of_input(&self) -> io::Result<String> {
        let text = io::read_to_string(io::Read::take(io::stdin().lock(), LINE_LIMIT_BYTES))?;
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }
}

/// One line from standard input without its end; `None` at the end of the input.
///
/// # Errors
/// When standard input cannot be read, or is not UTF-8.
pub fn read_line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let mut input = io::Read::take(io::stdin().lock(), LINE_LIMIT_BYTES);
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Customers' words as a terminal may show them: what would move the cursor, colour the screen or turn the line
/// around is shown as `␛` or left out, and every line but the first is indented.
pub fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\n    "),
            '\t' => shown.push(' '),
            '\u{1b}' | '\u{9b}' => shown.push('␛'),
            c if c.is_control() || is_bidi_control(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
