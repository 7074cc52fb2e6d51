//! `shopbell`: run the server, set it up, try the demo, and answer customers from a terminal.
//!
//! The terminal inbox is a shell like the phones': it shows what the core hands it and decides nothing. Exit codes:
//! 0 done or kept, 1 failed, 2 usage, 3 sign in first, 4 the server cannot be reached, 5 refused.

mod admin;
mod args;
mod demo;
mod failure;
mod inbox;
mod serve;
mod terminal;

use std::process::ExitCode;

use shopbell_l10n::Lang;

use crate::failure::Failure;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let lang = Lang::from_tag(&std::env::var("LANG").unwrap_or_default());
    let matches = args::command(lang).get_matches();
    let terminal = Terminal::new(lang);
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
