//! The commands that change something: kept on disk first, then sent, and the person is told how far it came.

use clap::ArgMatches;
use serde_json::json;
use shopbell_core::{ConversationId, Error, OutboxState};
use shopbell_l10n as words;

use super::{Session, choose, failure};
use crate::args::text;
use crate::failure::{Failure, REFUSED};

/// How far a change came.
enum Came {
    /// The server accepted it.
    Through,
    /// It waits in the outbox.
    Kept { unreachable: bool },
    /// It was refused; a text is kept under Not sent.
    Refused { code: String, reason: String },
}

impl Session {
    /// `send`, `close`, `reopen`, `assign`, `unassign` and `read`.
    pub(super) async fn change(&self, command: &str, args: &ArgMatches) -> Result<(), Failure> {
        let row = choose::conversation(&self.app, &self.terminal, text(args, "conversation"))?;
        let before = self.refused()?;
        let id = self.enqueue(command, row.id, args)?;
        let came = self.settle(&before).await?;
        self.tell(command, &id, &came)
    }

    /// Writes the change down, and gives the id of what was written.
    fn enqueue(&self, command: &str, id: ConversationId, args: &ArgMatches) -> Result<String, Failure> {
        let app = &self.app;
        let done = match command {
            "send" => {
                let text = match args.get_one::<String>("text") {
                    Some(text) => text.clone(),
                    None => self.terminal.rest_of_input()?,
                };
                app.send(id, &text).map(|message| message.to_string())
            }
            "close" => app.close(id).map(|mid| mid.to_string()),
            "reopen" => app.reopen(id).map(|mid| mid.to_string()),
            "assign" => {
                let assignee = choose::staff(app, &self.terminal, text(args, "assignee"))?;
                app.assign(id, assignee).map(|mid| mid.to_string())
            }
            "unassign" => app.unassign(id).map(|mid| mid.to_string()),
            _ => app.mark_read(id).map(|mid| mid.map(|mid| mid.to_string()).unwrap_or_default()),
        };
        done.map_err(|error| failure(&self.terminal, &error))
    }

    /// Tries to send what waits, and finds out what became of it.
    async fn settle(&self, before: &[String]) -> Result<Came, Failure> {
        if self.offline {
            return Ok(Came::Kept { unreachable: false });
        }
        match self.app.sync().await {
            Err(Error::Unreachable { .. }) => Ok(Came::Kept { unreachable: true }),
            Err(error) => Err(failure(&self.terminal, &error)),
            Ok(report) => {
                let rows = self.app.outbox().map_err(|error| failure(&self.terminal, &error))?;
                for row in rows {
                    if let OutboxState::NotSent { code, reason } = row.state
                        && !before.contains(&row.id.to_string())
                    {
                        return Ok(Came::Refused { code, reason });
                    }
                }
                Ok(if report.waiting == 0 { Came::Through } else { Came::Kept { unreachable: false } })
            }
        }
    }

    fn refused(&self) -> Result<Vec<String>, Failure> {
        let rows = self.app.outbox().map_err(|error| failure(&self.terminal, &error))?;
        Ok(rows
            .into_iter()
            .filter(|row| matches!(row.state, OutboxState::NotSent { .. }))
            .map(|row| row.id.to_string())
            .collect())
    }

    fn tell(&self, command: &str, id: &str, came: &Came) -> Result<(), Failure> {
        let lang = self.terminal.lang;
        if self.json {
            let state = match came {
                Came::Through => "done",
                Came::Kept { .. } => "waiting",
                Came::Refused { .. } => "refused",
            };
            let code = match came {
                Came::Refused { code, .. } => Some(code),
                _ => None,
            };
            self.terminal.json(&json!({ "id": id, "state": state, "code": code }));
        }
        match came {
            Came::Refused { reason, .. } => {
                Err(Failure::new(REFUSED, words::inbox_refused(lang, reason.as_str())))
            }
            _ if self.json => Ok(()),
            Came::Through if command == "send" => {
                self.terminal.line(&words::inbox_sent(lang));
                Ok(())
            }
            Came::Through => {
                self.terminal.line(&words::inbox_done(lang));
                Ok(())
            }
            Came::Kept { unreachable: true } => {
                self.terminal.line(&words::inbox_kept_unreachable(lang));
                Ok(())
            }
            Came::Kept { unreachable: false } => {
                self.terminal.line(&words::inbox_kept_offline(lang));
                Ok(())
            }
        }
    }
}
