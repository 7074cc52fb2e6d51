//! Finding what a person means: a conversation by the ending of its id, a colleague by name.

use shopbell_core::{
    App, ChannelId, ConversationId, InboxRow, MessageId, MutationId, NoteId, RowId, StaffId,
};
use shopbell_l10n as words;

use super::failure;
use crate::failure::{Failure, USAGE};
use crate::terminal::Terminal;

/// How much of an id stands in lists: the last part of a UUIDv7 is random, its beginning is the time.
const SHORT_ID_CHARS: usize = 6;
/// How many choices an error names.
const NAMED_CHOICES: usize = 5;

/// The ending of an id, as lists show it.
pub fn short(id: &impl ToString) -> String {
    let text = id.to_string();
    text[text.len().saturating_sub(SHORT_ID_CHARS)..].to_owned()
}

/// The conversation whose id ends in `typed`.
pub fn conversation(app: &App, terminal: &Terminal, typed: &str) -> Result<InboxRow, Failure> {
    let found = app.conversations_ending_in(typed.trim(), NAMED_CHOICES);
    let mut found = found.map_err(|error| failure(terminal, &error))?;
    if found.len() > 1 {
        let choices: Vec<String> = found.iter().map(|row| format!("{} ({})", row.id, row.name)).collect();
        return Err(Failure::new(USAGE, words::inbox_ambiguous(terminal.lang, choices.join(", "), typed)));
    }
    found.pop().ok_or_else(|| Failure::new(USAGE, words::inbox_no_such(terminal.lang, typed)))
}

/// The note about a conversation's customer whose id ends in `typed`.
pub fn note(app: &App, terminal: &Terminal, about: ConversationId, typed: &str) -> Result<NoteId, Failure> {
    let customer = app.customer(about).map_err(|error| failure(terminal, &error))?;
    ending_in(customer.notes.iter().map(|note| note.id), typed)
        .ok_or_else(|| Failure::new(USAGE, words::inbox_no_such_note(terminal.lang, typed)))
}

/// The message of a conversation whose id ends in `typed`.
pub fn message(
    app: &App,
    terminal: &Terminal,
    within: ConversationId,
    typed: &str,
) -> Result<MessageId, Failure> {
    let view = app.conversation(within).map_err(|error| failure(terminal, &error))?;
    let ids = view.rows.iter().filter_map(|row| match row.id {
        RowId::Message(id) => Some(id),
        RowId::Gap { .. } => None,
    });
    ending_in(ids, typed)
        .ok_or_else(|| Failure::new(USAGE, words::inbox_no_such_message(terminal.lang, typed)))
}

/// What waits or was not sent and has an id that ends in `typed`.
pub fn entry(app: &App, terminal: &Terminal, typed: &str) -> Result<MutationId, Failure> {
    let rows = app.outbox().map_err(|error| failure(terminal, &error))?;
    ending_in(rows.iter().map(|row| row.id), typed)
        .ok_or_else(|| Failure::new(USAGE, words::inbox_no_such_entry(terminal.lang, typed)))
}

/// The only one of these whose id ends in `typed`.
fn ending_in<T: ToString>(ids: impl Iterator<Item = T>, typed: &str) -> Option<T> {
    let ending = typed.trim().to_ascii_lowercase();
    let mut found = ids.filter(|id| !ending.is_empty() && id.to_string().ends_with(&ending));
    found.next().filter(|_| found.next().is_none())
}

/// The channel that is called `typed`, or has this id.
pub fn channel(app: &App, terminal: &Terminal, typed: &str) -> Result<ChannelId, Failure> {
    let channels = app.channels().map_err(|error| failure(terminal, &error))?;
    let wanted = typed.trim().to_lowercase();
    let found = channels.iter().find(|row| row.name.to_lowercase() == wanted || row.id.to_string() == wanted);
    found.map(|row| row.id).ok_or_else(|| {
        let names: Vec<&str> = channels.iter().map(|row| row.name.as_str()).collect();
        Failure::new(USAGE, words::inbox_no_such_channel(terminal.lang, names.join(", "), typed))
    })
}

/// The colleague who is called `typed`: a name or its beginning, an address, an id, or "me".
pub fn staff(app: &App, terminal: &Terminal, typed: &str) -> Result<StaffId, Failure> {
    let everyone = app.staff().map_err(|error| failure(terminal, &error))?;
    let typed = typed.trim();
    if typed == "me"
        && let Some(account) = app.account()
    {
        return Ok(account.staff.id);
    }
    let wanted = typed.to_lowercase();
    let exact = everyone.iter().find(|row| {
        row.name.to_lowercase() == wanted
            || row.email.to_lowercase() == wanted
            || row.id.to_string() == wanted
    });
    let mut beginning = everyone.iter().filter(|row| row.name.to_lowercase().starts_with(&wanted));
    match (exact, beginning.next(), beginning.next()) {
        (Some(row), _, _) | (None, Some(row), None) if !wanted.is_empty() => Ok(row.id),
        _ => {
            let names: Vec<&str> = everyone.iter().map(|row| row.name.as_str()).collect();
            Err(Failure::new(USAGE, words::inbox_no_such_staff(terminal.lang, names.join(", "), typed)))
        }
    }
}
