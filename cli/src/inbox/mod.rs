//! `shopbell inbox`: one person's inbox, on the same core as the phone apps.

mod account;
mod act;
mod choose;
mod feed;
mod json;
mod list;
mod search;
mod show;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use clap::ArgMatches;
use shopbell_core::{App, AppOptions, Error, ShopId, SystemEnv};
use shopbell_l10n as words;

use crate::args::text;
use crate::failure::{FAILED, Failure, REFUSED, SIGN_IN, UNREACHABLE, USAGE};
use crate::terminal::Terminal;

/// One invocation: the open profile and how to speak.
struct Session {
    app: App,
    terminal: Terminal,
    json: bool,
    offline: bool,
    folder: PathBuf,
}

/// Runs one `shopbell inbox` command.
pub async fn run(terminal: &Terminal, args: &ArgMatches) -> Result<(), Failure> {
    let Some((command, own)) = args.subcommand() else { return Ok(()) };
    let session = Session::open(terminal, own)?;
    let done = session.run(command, own).await;
    session.app.stop();
    done
}

impl Session {
    fn open(terminal: &Terminal, args: &ArgMatches) -> Result<Self, Failure> {
        let folder = args.get_one::<PathBuf>("profile").cloned().unwrap_or_else(default_profile);
        let offline = args.get_flag("offline");
        let app = App::open(options(folder.clone(), terminal, offline))
            .map_err(|error| failure(terminal, &error))?;
        Ok(Self { app, terminal: *terminal, json: args.get_flag("json"), offline, folder })
    }

    async fn run(&self, command: &str, args: &ArgMatches) -> Result<(), Failure> {
        self.tell_notices()?;
        match command {
            "login" => return self.login(args).await,
            "accounts" => return self.accounts(),
            "notices" => return self.dismiss_notices(args),
            _ => {}
        }
        if self.app.account().is_none() {
            return Err(failure(&self.terminal, &Error::NotSignedIn));
        }
        match command {
            "list" => self.list(args).await,
            "counts" => self.counts().await,
            "show" => self.show(args).await,
            "search" => self.search(args).await,
            "draft" if !args.contains_id("text") => self.draft(args).await,
            "note" if args.subcommand_name() == Some("list") => self.notes(args).await,
            "outbox" if args.subcommand_name().is_none() => self.outbox(),
            "unsent" => self.unsent(),
            "sign-out" => self.sign_out(args).await,
            "sync" => self.sync().await,
            "watch" => watch::run(&self.app, &self.terminal, self.json).await,
            change => self.change(change, args).await,
        }
    }

    async fn login(&self, args: &ArgMatches) -> Result<(), Failure> {
        let server = text(args, "server");
        let email = text(args, "email");
        let shop = match args.get_one::<String>("shop") {
            Some(id) => Some(
                id.parse::<ShopId>()
                    .map_err(|_| Failure::new(USAGE, words::cli_bad_id(self.terminal.lang, id.as_str())))?,
            ),
            None => None,
        };
        let password = ask_password(&self.terminal)?;
        let account = self
            .app
            .sign_in(server, email, &password, shop)
            .await
            .map_err(|error| failure(&self.terminal, &error))?;
        // The first load, so that the next command has something to show even without a network.
        self.app.sync().await.map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json::account(&account));
        } else {
            let lang = self.terminal.lang;
            let said = words::inbox_signed_in(lang, account.staff.name.as_str(), account.shop.name.as_str());
            self.terminal.line(&said);
        }
        Ok(())
    }

    /// Fetches what is new before showing; without a network, says so and shows what is stored.
    async fn refresh(&self) -> Result<(), Failure> {
        if self.offline {
            self.terminal.aside(&words::inbox_offline_line(self.terminal.lang));
            return Ok(());
        }
        match self.app.sync().await {
            Ok(_) => Ok(()),
            Err(error @ Error::Unreachable { .. }) => {
                self.terminal.aside(&error.message(self.terminal.lang));
                Ok(())
            }
            Err(error) => Err(failure(&self.terminal, &error)),
        }
    }

    async fn show(&self, args: &ArgMatches) -> Result<(), Failure> {
        self.refresh().await?;
        let row = choose::conversation(&self.app, &self.terminal, text(args, "conversation"))?;
        let view = self.app.conversation(row.id).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json::conversation(&view));
        } else {
            show::conversation(&self.terminal, &view);
        }
        Ok(())
    }

    async fn draft(&self, args: &ArgMatches) -> Result<(), Failure> {
        self.refresh().await?;
        let row = choose::conversation(&self.app, &self.terminal, text(args, "conversation"))?;
        let draft = self.app.draft(row.id).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&serde_json::json!({ "text": draft }));
        } else {
            self.terminal.line(&draft);
        }
        Ok(())
    }

    async fn notes(&self, args: &ArgMatches) -> Result<(), Failure> {
        self.refresh().await?;
        let Some((_, args)) = args.subcommand() else { return Ok(()) };
        let row = choose::conversation(&self.app, &self.terminal, text(args, "conversation"))?;
        let customer = self.app.customer(row.id).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&customer.notes.iter().map(json::note_row).collect());
        } else {
            show::notes(&self.terminal, &customer.notes);
        }
        Ok(())
    }

    fn outbox(&self) -> Result<(), Failure> {
        let rows = self.app.outbox().map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&rows.iter().map(json::outbox_row).collect());
        } else {
            show::outbox(&self.terminal, &rows);
        }
        Ok(())
    }

    async fn sync(&self) -> Result<(), Failure> {
        let report = self.app.sync().await.map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json::sync_report(&report));
        } else if report.waiting == 0 {
            self.terminal.line(&words::inbox_synced(self.terminal.lang));
        } else {
            self.terminal.line(&words::inbox_synced_waiting(self.terminal.lang, report.waiting));
        }
        Ok(())
    }
}

/// What the core says, with the exit code that tells a script the same.
fn failure(terminal: &Terminal, error: &Error) -> Failure {
    let code = match error {
        Error::NotSignedIn | Error::WrongPassword | Error::SignInAgain | Error::Removed => SIGN_IN,
        Error::Unreachable { .. } | Error::Busy => UNREACHABLE,
        Error::TextEmpty
        | Error::TextTooLong { .. }
        | Error::TooManyTags { .. }
        | Error::TooManyNotes { .. }
        | Error::Unsent { .. }
        | Error::CannotUndo => REFUSED,
        Error::ChooseShop { .. }
        | Error::NotFound { .. }
        | Error::BadAddress { .. }
        | Error::TooManyAtOnce { .. } => USAGE,
        _ => FAILED,
    };
    Failure::new(code, error.message(terminal.lang))
}

/// How the core is opened for a person at a terminal.
pub fn options(folder: PathBuf, terminal: &Terminal, offline: bool) -> AppOptions {
    let device_name = std::env::var("HOSTNAME").unwrap_or_else(|_| "terminal".to_owned());
    AppOptions {
        folder,
        device_name,
        platform: "cli".to_owned(),
        lang: terminal.lang,
        offline,
        env: Arc::new(SystemEnv),
    }
}

/// Shows what comes and takes what is typed, for the person who is signed in.
pub async fn watch(app: &App, terminal: &Terminal) -> Result<(), Failure> {
    watch::run(app, terminal, false).await
}

/// A password from standard input; the prompt is shown only to a person.
pub fn ask_password(terminal: &Terminal) -> Result<String, Failure> {
    let typed = terminal.ask(&words::inbox_password_prompt(terminal.lang))?;
    typed.ok_or_else(|| Failure::new(USAGE, words::cli_stdin_empty(terminal.lang)))
}

fn default_profile() -> PathBuf {
    let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
    home.join(".shopbell")
}
