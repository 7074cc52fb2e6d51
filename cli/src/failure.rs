//! Why a command failed, in a person's words, and the exit code that tells a script the same.

use std::io;
use std::process::ExitCode;

use shopbell_l10n::{self as words, Lang};

use crate::terminal::Terminal;

/// A failed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, what was kept, what to do next.
    pub message: String,
    /// What scripts see.
    pub code: u8,
}

/// Something went wrong that is not listed below.
pub const FAILED: u8 = 1;
/// The words of the command do not fit.
pub const USAGE: u8 = 2;
/// Nobody is signed in, or not any more.
pub const SIGN_IN: u8 = 3;
/// The server cannot be reached.
pub const UNREACHABLE: u8 = 4;
/// The server, or a rule, refused it.
pub const REFUSED: u8 = 5;

impl Failure {
    /// A failure with these words.
    pub fn new(code: u8, message: impl Into<String>) -> Self {
        Self { message: message.into(), code }
    }

    /// Says it and gives the exit code.
    pub fn report(&self, terminal: &Terminal) -> ExitCode {
        terminal.aside(&words::cli_failed(terminal.lang, self.message.as_str()));
        ExitCode::from(self.code)
    }
}

/// An error that has words in each language.
pub trait Told {
    /// The failure that it means for the command.
    fn failure(&self, lang: Lang) -> Failure;
}

/// For `map_err`: the error, told in the terminal's language.
pub fn told<E: Told>(terminal: &Terminal) -> impl Fn(E) -> Failure + use<E> {
    let lang = terminal.lang;
    move |error| error.failure(lang)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(FAILED, error.to_string())
    }
}
