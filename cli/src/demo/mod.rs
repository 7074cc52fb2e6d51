//! `shopbell demo`: a made-up shop with forty conversations, its web chat in the browser, and a person at the counter.
//!
//! The server and the terminal inbox are the real ones, in one process; they talk to each other over the network of
//! this machine like everybody else.

mod seed;
mod story;

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use serde_json::json;
use shopbell_core::{App, Error};
use shopbell_l10n as words;
use shopbell_server::{Config, Server};

use self::seed::{PASSWORD, PEOPLE, Person};
use crate::failure::{FAILED, Failure, USAGE, told};
use crate::inbox;
use crate::serve;
use crate::terminal::Terminal;

/// Runs the demo until the person leaves or the process is told to stop.
pub async fn run(terminal: &Terminal, args: &ArgMatches) -> Result<(), Failure> {
    let listen = serve::listen_address(args);
    if !listen.ip().is_loopback() {
        return Err(Failure::new(USAGE, words::demo_local_only(terminal.lang)));
    }
    let folder = args.get_one::<PathBuf>("data").cloned().unwrap_or_else(default_folder);
    let key = seed::prepare(terminal, &folder.join("server")).await?;
    let mut config = Config::new(folder.join("server"), listen);
    config.demo_shop = Some(key.clone());
    let server = serve::start(terminal, config).await?;
    let done = if args.get_flag("headless") {
        announce(terminal, &server, &key);
        serve::stop_signal().await;
        Ok(())
    } else {
        watch(terminal, &server, &folder).await
    };
    server.stop().await.map_err(told(terminal))?;
    done
}

/// One line of JSON that says where everything is.
fn announce(terminal: &Terminal, server: &Server, key: &str) {
    let address = serve::url(server);
    terminal.json(&json!({
        "shop_page": format!("{address}/shop/"),
        "server": address,
        "key": key,
        "password": PASSWORD,
        "staff": PEOPLE.map(|Person { name, email, .. }| json!({ "name": name, "email": email })),
    }));
}

/// Says what to open and type, then watches as the person who answers.
async fn watch(terminal: &Terminal, server: &Server, folder: &Path) -> Result<(), Failure> {
    let lang = terminal.lang;
    let address = serve::url(server);
    let [_, theo, _] = PEOPLE;
    let failed = |error: Error| Failure::new(FAILED, error.message(lang));
    let app = App::open(inbox::options(folder.join("theo"), terminal, false)).map_err(failed)?;
    // The port may be another one than last time: the address stands with the session.
    app.sign_in(&address, theo.email, PASSWORD, None).await.map_err(failed)?;
    // What is in the shop already is no news: it is loaded before the watch begins.
    app.sync().await.map_err(failed)?;

    let others: Vec<&str> = PEOPLE.iter().map(|person| person.email).collect();
    terminal.line(&words::demo_ready(lang));
    terminal.line(&words::demo_customer(lang, format!("{address}/shop/")));
    terminal.line(&words::demo_answer(lang, theo.name));
    terminal.line(&words::demo_others(lang, others.join(", "), PASSWORD));
    terminal.line(&words::demo_data(lang, folder.display().to_string()));
    terminal.line("");
    let done = inbox::watch(&app, terminal).await;
    app.stop();
    done
}

fn default_folder() -> PathBuf {
    std::env::temp_dir().join("shopbell-demo")
}
