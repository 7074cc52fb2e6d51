//! What somebody is told whose command line cannot be understood.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use shopbell_l10n::{self as words, Lang};

/// What is wrong, and where to read how it is used.
pub fn explain(error: &clap::Error, command: &Command, typed: &[String], lang: Lang) -> String {
    let of = |kind| error.get(kind).map(text).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let said = match error.kind() {
        ErrorKind::UnknownArgument => words::usage_unknown_argument(lang, argument),
        ErrorKind::InvalidSubcommand => {
            words::usage_unknown_command(lang, of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooFewValues
            if value.is_empty() =>
        {
            words::usage_no_value(lang, argument)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            words::usage_wrong_value(lang, argument, value)
        }
        ErrorKind::MissingRequiredArgument => words::usage_missing(lang, argument),
        ErrorKind::MissingSubcommand => words::usage_missing_command(lang, of(ContextKind::ValidSubcommand)),
        ErrorKind::ArgumentConflict => words::usage_twice(lang, argument),
        _ => words::usage_unreadable(lang),
    };
    let choices = error.get(ContextKind::ValidValue).map(text).filter(|choices| !choices.is_empty());
    let choices = choices.map(|choices| words::usage_choices(lang, choices));
    let help = words::usage_help(lang, path(command, typed));
    [Some(said), choices, Some(help)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The command that was meant, as far as it was understood: `shopbell inbox send`.
fn path(command: &Command, typed: &[String]) -> String {
    let mut names = vec![command.get_name().to_owned()];
    let mut within = command;
    for word in typed {
        if let Some(inner) = within.find_subcommand(word) {
            names.push(inner.get_name().to_owned());
            within = inner;
        }
    }
    names.join(" ")
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(several) => several.join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
