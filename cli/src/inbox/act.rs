//! The commands that change something: kept on disk first, then sent, and the person is told how far it came.

use clap::ArgMatches;
use serde_json::json;
use shopbell_core::domain::secret::{SecretKind, SecretPart};
use shopbell_core::{BulkAction, ConversationId, Error, MutationId, OutboxState};
use shopbell_l10n as words;

use super::{Session, choose, failure};
use crate::args::{many, text};
use crate::failure::{Failure, REFUSED, USAGE};

/// How far a change came.
enum Came {
    /// The server accepted it.
    Through,
    /// It waits in the outbox.
    Kept { unreachable: bool },
    /// It was refused; a text is kept under Not sent.
    Refused { code: String, reason: String },
}

/// What was written down.
struct Written {
    /// What scripts know it by: the message, the note, or the first change. Empty when nothing needed a change.
    id: String,
    /// What can be undone.
    changes: Vec<MutationId>,
}

impl Written {
    fn changes(changes: impl IntoIterator<Item = MutationId>) -> Written {
        let changes: Vec<MutationId> = changes.into_iter().collect();
        Written { id: changes.first().map(ToString::to_string).unwrap_or_default(), changes }
    }

    fn thing(id: impl ToString) -> Written {
        Written { id: id.to_string(), changes: Vec::new() }
    }
}

impl Session {
    /// Every command that changes something.
    pub(super) async fn change(&self, command: &str, args: &ArgMatches) -> Result<(), Failure> {
        let before = self.refused()?;
        let written = self.write(command, args)?;
        let came = self.settle(&before).await?;
        self.tell(command, &written, &came)
    }

    /// Writes the change down.
    fn write(&self, command: &str, args: &ArgMatches) -> Result<Written, Failure> {
        let said = |error| failure(&self.terminal, &error);
        match (command, args.subcommand()) {
            ("send", _) => {
                let id = self.one(args)?;
                match shared(args) {
                    Some(part) => self.app.share(id, text(args, "text"), &part),
                    None => self.app.send(id, &self.typed(args)?),
                }
                .map(Written::thing)
                .map_err(said)
            }
            ("draft", _) => {
                let id = self.one(args)?;
                self.app.set_draft(id, text(args, "text")).map(|()| Written::thing("")).map_err(said)
            }
            ("undo", _) => {
                let changes = many(args, "change");
                let changes = changes.iter().map(|id| self.change_id(id)).collect::<Result<Vec<_>, _>>()?;
                self.app.undo(&changes).map(Written::changes).map_err(said)
            }
            ("tag", Some(("remove", args))) => {
                let id = self.one(args)?;
                self.app.remove_tag(id, text(args, "tag")).map(Written::changes).map_err(said)
            }
            ("note", Some((what, args))) => self.note(what, args),
            ("message", Some((what, args))) => self.sent(what, args),
            ("outbox", Some((what, args))) => self.unsettled(what, args),
            (_, below) => {
                let args = below.map_or(args, |(_, args)| args);
                let action = self.action(command, args)?;
                let ids = many(args, "conversation");
                let ids = ids.iter().map(|id| self.conversation(id)).collect::<Result<Vec<_>, _>>()?;
                self.app.bulk(&ids, &action).map(Written::changes).map_err(said)
            }
        }
    }

    /// What may be done with several conversations at once.
    fn action(&self, command: &str, args: &ArgMatches) -> Result<BulkAction, Failure> {
        Ok(match command {
            "close" => BulkAction::Close,
            "reopen" => BulkAction::Reopen,
            "star" => BulkAction::Star,
            "unstar" => BulkAction::Unstar,
            "unread" => BulkAction::MarkUnread,
            "assign" => BulkAction::Assign(choose::staff(&self.app, &self.terminal, text(args, "assignee"))?),
            "join" => BulkAction::Assign(choose::staff(&self.app, &self.terminal, "me")?),
            "unassign" => BulkAction::Unassign,
            "tag" => BulkAction::AddTag(text(args, "tag").to_owned()),
            _ => BulkAction::MarkRead,
        })
    }

    fn note(&self, what: &str, args: &ArgMatches) -> Result<Written, Failure> {
        let id = self.one(args)?;
        let note = || choose::note(&self.app, &self.terminal, id, text(args, "note"));
        match what {
            "edit" => self.app.edit_note(id, note()?, &self.typed(args)?).map(Written::changes),
            "delete" => self.app.delete_note(id, note()?).map(Written::changes),
            _ => self.app.add_note(id, &self.typed(args)?).map(Written::thing),
        }
        .map_err(|error| failure(&self.terminal, &error))
    }

    /// About a message that was sent.
    fn sent(&self, what: &str, args: &ArgMatches) -> Result<Written, Failure> {
        let id = self.one(args)?;
        let message = choose::message(&self.app, &self.terminal, id, text(args, "message"))?;
        match what {
            "edit" => self.app.edit_message(id, message, &self.typed(args)?).map(Written::changes),
            "delete" => self.app.delete_message(id, message).map(Written::changes),
            _ => self.app.take_back(message).map(|()| Written::thing(message)),
        }
        .map_err(|error| failure(&self.terminal, &error))
    }

    /// About what waits or was not sent.
    fn unsettled(&self, what: &str, args: &ArgMatches) -> Result<Written, Failure> {
        let entry = choose::entry(&self.app, &self.terminal, text(args, "entry"))?;
        match what {
            "retry" => self.app.retry(entry),
            "edit" => self.app.edit_unsent(entry, &self.typed(args)?),
            _ => self.app.delete_unsent(entry),
        }
        .map(|()| Written::thing(entry))
        .map_err(|error| failure(&self.terminal, &error))
    }

    fn one(&self, args: &ArgMatches) -> Result<ConversationId, Failure> {
        self.conversation(text(args, "conversation"))
    }

    fn conversation(&self, typed: &str) -> Result<ConversationId, Failure> {
        Ok(choose::conversation(&self.app, &self.terminal, typed)?.id)
    }

    fn change_id(&self, typed: &str) -> Result<MutationId, Failure> {
        typed.parse().map_err(|_| Failure::new(USAGE, words::cli_bad_id(self.terminal.lang, typed)))
    }

    /// The text that was typed, or standard input.
    fn typed(&self, args: &ArgMatches) -> Result<String, Failure> {
        match args.get_one::<String>("text") {
            Some(text) => Ok(text.clone()),
            None => Ok(self.terminal.rest_of_input()?),
        }
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

    fn tell(&self, command: &str, written: &Written, came: &Came) -> Result<(), Failure> {
        let lang = self.terminal.lang;
        let changes: Vec<String> = written.changes.iter().map(ToString::to_string).collect();
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
            self.terminal
                .json(&json!({ "id": written.id, "changes": changes, "state": state, "code": code }));
        }
        if let Came::Refused { reason, .. } = came {
            return Err(Failure::new(REFUSED, words::inbox_refused(lang, reason.as_str())));
        }
        if self.json {
            return Ok(());
        }
        self.terminal.line(&match came {
            Came::Kept { unreachable: true } => words::inbox_kept_unreachable(lang),
            Came::Kept { unreachable: false } => words::inbox_kept_offline(lang),
            _ if command == "send" => words::inbox_sent(lang),
            _ => words::inbox_done(lang),
        });
        if !changes.is_empty() && command != "undo" {
            self.terminal.line(&words::inbox_undo(lang, changes.join(" ")));
        }
        Ok(())
    }
}

/// What a reply shares beside its text.
fn shared(args: &ArgMatches) -> Option<SecretPart> {
    let kinds = [("discount", SecretKind::Discount), ("draft-order", SecretKind::DraftOrder)];
    kinds.into_iter().find_map(|(flag, kind)| {
        let title = args.get_one::<String>(flag)?.clone();
        Some(SecretPart { kind, title, body: text(args, "details").to_owned() })
    })
}
