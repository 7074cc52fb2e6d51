//! `watch`: messages as they come, answered line by line. Alone it is enough to serve a shop from a terminal.
//!
//! A reply goes only to a conversation that was opened by name: never to "whoever wrote last", since that may change
//! between two key strokes.

use std::sync::Arc;
use std::thread;

use serde_json::json;
use shopbell_core::{
    App, ConversationId, ConversationListener, Diff, InboxFilter, InboxListener, InboxQuery, InboxRow,
    InboxSort, MessageRow, StatusListener, Subscription, SyncState, SyncStatus,
};
use shopbell_l10n as words;
use tokio::sync::mpsc;

use super::feed::Feed;
use super::{choose, failure, json, show};
use crate::failure::Failure;
use crate::terminal::{Terminal, harmless, read_line};

/// How many conversations are watched: the newest ones.
const WATCHED_ROWS: usize = 50;

/// What makes the watch do something.
enum Happening {
    /// The person typed a line.
    Line(String),
    /// Standard input ended.
    InputEnded,
    /// Conversations changed.
    Inbox(Vec<Diff<InboxRow>>),
    /// Messages of the conversation that was opened last changed: a reply was sent, say, which no list shows.
    Conversation,
    /// The connection or the outbox changed.
    Status(SyncStatus),
    /// The process is told to stop.
    Stop,
}

/// Hands what the core says to the loop below, in order.
struct Relay(mpsc::UnboundedSender<Happening>);

impl InboxListener for Relay {
    fn on_diffs(&self, diffs: Vec<Diff<InboxRow>>) {
        let _ = self.0.send(Happening::Inbox(diffs));
    }
}

impl ConversationListener for Relay {
    fn on_diffs(&self, _diffs: Vec<Diff<MessageRow>>) {
        let _ = self.0.send(Happening::Conversation);
    }
}

impl StatusListener for Relay {
    fn on_status(&self, status: SyncStatus) {
        let _ = self.0.send(Happening::Status(status));
    }
}

/// Watches until the person leaves, standard input ends or the process is told to stop.
pub async fn run(app: &App, terminal: &Terminal, json: bool) -> Result<(), Failure> {
    let (sender, mut happenings) = mpsc::unbounded_channel();
    let relay = Arc::new(Relay(sender.clone()));
    let mut watch = Watch {
        app,
        terminal: *terminal,
        json,
        relay: relay.clone(),
        feed: Feed::default(),
        open: None,
        listening: None,
        online: None,
    };
    watch.hello();
    let query = newest();
    let inbox = app.subscribe_inbox(query, relay.clone()).map_err(|error| failure(terminal, &error))?;
    let status = app.subscribe_status(relay).map_err(|error| failure(terminal, &error))?;
    app.start();
    listen_to_input(sender.clone());
    listen_to_signals(sender);
    while let Some(happening) = happenings.recv().await {
        let going_on = match happening {
            Happening::Line(line) => watch.line(&line)?,
            Happening::Inbox(diffs) => watch.inbox(diffs)?,
            Happening::Conversation => watch.opened_changed()?,
            Happening::Status(status) => watch.status(&status),
            Happening::InputEnded | Happening::Stop => false,
        };
        if !going_on {
            break;
        }
    }
    inbox.cancel();
    status.cancel();
    app.pause();
    watch.bye();
    Ok(())
}

/// What is watched: as messages come in, not what is still unread.
fn newest() -> InboxQuery {
    let all = InboxQuery::of(InboxFilter::All);
    InboxQuery { sort: InboxSort::Newest, limit: WATCHED_ROWS, ..all }
}

fn listen_to_input(sender: mpsc::UnboundedSender<Happening>) {
    // A thread of its own, since a blocked read cannot be taken back; it ends with the process.
    thread::spawn(move || {
        loop {
            let happening = match read_line() {
                Ok(Some(line)) => Happening::Line(line),
                Ok(None) | Err(_) => Happening::InputEnded,
            };
            let ended = matches!(happening, Happening::InputEnded);
            if sender.send(happening).is_err() || ended {
                break;
            }
        }
    });
}

fn listen_to_signals(sender: mpsc::UnboundedSender<Happening>) {
    tokio::spawn(async move {
        crate::serve::stop_signal().await;
        let _ = sender.send(Happening::Stop);
    });
}

/// The state of one watch.
struct Watch<'a> {
    app: &'a App,
    terminal: Terminal,
    json: bool,
    relay: Arc<Relay>,
    feed: Feed,
    /// Where what is typed goes.
    open: Option<InboxRow>,
    /// The conversation that was opened last: how its replies fare is shown also after it was left.
    listening: Option<(ConversationId, Subscription)>,
    online: Option<bool>,
}

impl Watch<'_> {
    fn hello(&self) {
        if let (false, Some(account)) = (self.json, self.app.account()) {
            let lang = self.terminal.lang;
            let said = words::watch_hello(lang, account.staff.name.as_str(), account.shop.name.as_str());
            self.terminal.line(&said);
        }
    }

    fn bye(&self) {
        let waiting = self.app.status().waiting;
        if self.json {
            self.terminal.json(&json!({ "event": "bye", "waiting": waiting }));
        } else {
            self.terminal.line(&words::watch_bye(self.terminal.lang, waiting));
        }
    }

    fn status(&mut self, status: &SyncStatus) -> bool {
        let online = json::online(status);
        if self.json {
            self.terminal.json(&json::status(status));
        } else if self.online != Some(online) && (online || self.online.is_some()) {
            let lang = self.terminal.lang;
            let offline = || status.message(lang).unwrap_or_else(|| words::watch_disconnected(lang));
            self.terminal.line(&if online { words::watch_connected(lang) } else { offline() });
            self.online = Some(online);
        }
        !matches!(status.state, SyncState::Removed | SyncState::SignInAgain)
    }

    fn inbox(&mut self, diffs: Vec<Diff<InboxRow>>) -> Result<bool, Failure> {
        for changed in self.feed.conversations(diffs) {
            if self.json {
                self.terminal
                    .json(&json!({ "event": "conversation", "conversation": json::inbox_row(&changed) }));
            }
            self.news_of(changed.id)?;
        }
        Ok(true)
    }

    fn opened_changed(&mut self) -> Result<bool, Failure> {
        if let Some((id, _)) = &self.listening {
            self.news_of(*id)?;
        }
        Ok(true)
    }

    /// Shows what of a conversation was not shown yet.
    fn news_of(&mut self, id: ConversationId) -> Result<(), Failure> {
        let view = self.app.conversation(id).map_err(|error| failure(&self.terminal, &error))?;
        for message in self.feed.messages(&view.head, &view.rows) {
            if self.json {
                self.terminal.json(&json!({
                    "event": "message", "conversation": id.to_string(), "message": json::message_row(&message),
                }));
            } else {
                let short = choose::short(&id);
                self.terminal.line(&format!("{short}{}", show::message(&self.terminal, &message)));
            }
        }
        Ok(())
    }

    /// Does what the person typed; `false` when they leave.
    fn line(&mut self, line: &str) -> Result<bool, Failure> {
        if line.trim().is_empty() {
            return Ok(true);
        }
        let Some(command) = line.strip_prefix('/') else {
            self.reply(line);
            return Ok(true);
        };
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        let done = match name {
            "quit" | "q" => return Ok(false),
            "help" => self.say(&words::watch_help(self.terminal.lang)),
            "list" => self.list(),
            "outbox" => self.outbox(),
            "back" => {
                self.open = None;
                Ok(())
            }
            "open" => self.open(rest),
            "close" => self.change(rest, |app, id| app.close(id).map(|_| ())),
            "reopen" => self.change(rest, |app, id| app.reopen(id).map(|_| ())),
            "unassign" => self.change(rest, |app, id| app.unassign(id).map(|_| ())),
            "join" => self.change(rest, |app, id| app.join(id).map(|_| ())),
            "assign" => match choose::staff(self.app, &self.terminal, rest) {
                Ok(whom) => self.change("", |app, id| app.assign(id, whom).map(|_| ())),
                Err(failure) => Err(failure),
            },
            other => self.say(&words::watch_unknown(self.terminal.lang, format!("/{other}"))),
        };
        if let Err(failure) = done {
            self.terminal.aside(&failure.message); // a slip of the finger never ends the watch
        }
        Ok(true)
    }

    fn reply(&self, text: &str) {
        let lang = self.terminal.lang;
        let Some(open) = &self.open else {
            self.terminal.aside(&words::watch_nobody(lang, text));
            return;
        };
        if let Err(error) = self.app.send(open.id, text) {
            self.terminal.aside(&error.message(lang));
        }
    }

    fn open(&mut self, typed: &str) -> Result<(), Failure> {
        let row = choose::conversation(self.app, &self.terminal, typed)?;
        let view = self.app.conversation(row.id).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json!({ "event": "opened", "conversation": json::conversation(&view) }));
        } else {
            show::conversation(&self.terminal, &view);
            let said = words::watch_opened(self.terminal.lang, harmless(&row.name), choose::short(&row.id));
            self.terminal.line(&said);
        }
        self.app.mark_read(row.id).map_err(|error| failure(&self.terminal, &error))?;
        self.feed.was_shown(&view);
        let listening = self.app.subscribe_conversation(row.id, self.relay.clone());
        self.listening = Some((row.id, listening.map_err(|error| failure(&self.terminal, &error))?));
        self.open = Some(row);
        Ok(())
    }

    /// Changes the conversation that `typed` names, or the open one.
    fn change(
        &self,
        typed: &str,
        change: impl FnOnce(&App, ConversationId) -> Result<(), shopbell_core::Error>,
    ) -> Result<(), Failure> {
        let id = match (&self.open, typed.trim()) {
            (Some(open), "") => open.id,
            (_, typed) => choose::conversation(self.app, &self.terminal, typed)?.id,
        };
        change(self.app, id).map_err(|error| failure(&self.terminal, &error))
    }

    fn list(&self) -> Result<(), Failure> {
        let rows = self.app.inbox(&newest()).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json!({
                "event": "list", "conversations": rows.iter().map(json::inbox_row).collect::<Vec<_>>(),
            }));
        } else {
            show::list(&self.terminal, &rows, InboxFilter::All);
        }
        Ok(())
    }

    fn outbox(&self) -> Result<(), Failure> {
        let rows = self.app.outbox().map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json!({
                "event": "outbox", "rows": rows.iter().map(json::outbox_row).collect::<Vec<_>>(),
            }));
        } else {
            show::outbox(&self.terminal, &rows);
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "every command of the line answers the same")]
    fn say(&self, text: &str) -> Result<(), Failure> {
        self.terminal.line(text);
        Ok(())
    }
}
