//! The help in a person's language: clap's own few words are English, so they are replaced here.

use std::ffi::OsStr;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};
use shopbell_l10n::{self as words, Lang};

/// Where in a list stands what every command has.
pub const LAST: usize = 100;

/// The command and all below it, with headings, notes and the flags for help and version in `lang`.
pub fn in_language(command: Command, lang: Lang) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        words::help_usage(lang)
    );
    let version =
        Arg::new("version").display_order(LAST + 2).short('V').long("version").action(ArgAction::Version);
    let version = command.get_version().map(|_| version.help(words::help_version(lang)));
    let help = Arg::new("help").display_order(LAST + 1).short('h').long("help").action(ArgAction::Help);
    command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .help_template(template)
        .subcommand_help_heading(words::help_commands(lang))
        .subcommand_value_name(words::help_command_place(lang))
        .arg(help.help(words::help_help(lang)))
        .args(version)
        .mut_args(|argument| explained(argument, lang))
        .mut_subcommands(|inner| in_language(inner, lang))
}

/// An argument under its heading, with what clap would say of it in brackets.
fn explained(argument: Arg, lang: Lang) -> Arg {
    let heading =
        if argument.is_positional() { words::help_arguments(lang) } else { words::help_options(lang) };
    let argument = argument.help_heading(heading);
    if !argument.get_action().takes_values() {
        return argument;
    }
    let choices = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let defaults = argument.get_default_values().iter().map(lossy).collect();
    let variables = argument.get_env().map(lossy).into_iter().collect();
    let help = argument.get_help().map(StyledStr::to_string).unwrap_or_default();
    let notes = [
        (choices, words::help_choices as fn(Lang, String) -> String),
        (defaults, words::help_default),
        (variables, words::help_environment),
    ];
    let said = notes.into_iter().fold(help, |said, (values, note): (Vec<String>, _)| {
        if values.is_empty() { said } else { format!("{said} {}", note(lang, values.join(", "))) }
    });
    argument.help(said).hide_possible_values(true).hide_default_value(true).hide_env(true)
}

fn lossy(text: impl AsRef<OsStr>) -> String {
    text.as_ref().to_string_lossy().into_owned()
}
