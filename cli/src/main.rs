//! `shopbell`: run the server, set it up, try the demo, and answer customers from a terminal.
//!
//! The terminal inbox is a shell like the phones': it shows what the core hands it and decides nothing. Exit codes:
//! 0 done or kept, 1 failed, 2 usage, 3 sign in first, 4 the server cannot be reached, 5 refused.

mod admin;
mod args;
mod demo;
mod failure;
mod help;
mod inbox;
mod language;
mod serve;
mod terminal;
mod usage;

use std::process::ExitCode;

use crate::failure::{Failure, USAGE};
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let lang = language::chosen(std::env::args_os(), |name| std::env::var(name).ok());
    let terminal = Terminal::new(lang);
    let matches = match args::command(lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) if is_help(&error) => error.exit(),
        Err(error) => {
            let typed: Vec<String> =
                std::env::args_os().skip(1).map(|word| word.to_string_lossy().into()).collect();
            let said = usage::explain(&error, &args::command(lang), &typed, lang);
            return Failure::new(USAGE, said).report(&terminal);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::from(error).report(&terminal),
    };
    let ended = runtime.block_on(async {
        match matches.subcommand() {
            Some(("serve", args)) => serve::run(&terminal, args).await,
            Some(("demo", args)) => demo::run(&terminal, args).await,
            Some(("admin", args)) => admin::run(&terminal, args).await,
            Some(("inbox", args)) => inbox::run(&terminal, args).await,
            _ => Ok(()), // clap asks for a command
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&terminal),
    }
}

/// Help and version were asked for, or nothing at all was.
fn is_help(error: &clap::Error) -> bool {
    !error.use_stderr() || error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}
