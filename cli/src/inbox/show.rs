//! How an inbox looks on a terminal: the same words and order as the phones' screens.

use shopbell_core::{
    ChannelRow, ConversationView, InboxCounts, InboxFilter, InboxRow, MessageKind, MessageRow, MessageState,
    NoteRow, OutboxRow, OutboxState, Status,
};
use shopbell_l10n as words;
use shopbell_l10n::Lang;

use super::choose::short;
use crate::terminal::{Terminal, harmless};

/// The widest name in a list, in characters.
const NAME_WIDTH: usize = 16;

/// A list of conversations.
pub fn list(terminal: &Terminal, rows: &[InboxRow], filter: InboxFilter) {
    let lang = terminal.lang;
    if rows.is_empty() {
        let empty = if filter == InboxFilter::All {
            words::inbox_empty(lang)
        } else {
            words::inbox_empty_filter(lang)
        };
        terminal.line(&empty);
    }
    for row in rows {
        terminal.line(&list_row(terminal, row));
    }
}

/// A row: short id, name, last line, and what needs attention.
fn list_row(terminal: &Terminal, row: &InboxRow) -> String {
    let lang = terminal.lang;
    let mut notes = Vec::new();
    if row.unread > 0 {
        notes.push(words::inbox_unread(lang, row.unread));
    }
    if row.marked_unread && row.unread == 0 {
        notes.push(words::inbox_marked_unread(lang));
    }
    if row.waiting > 0 {
        notes.push(words::inbox_waiting(lang, row.waiting));
    }
    if row.not_sent > 0 {
        notes.push(words::inbox_not_sent(lang));
    }
    if row.status == Status::Closed {
        notes.push(words::inbox_closed(lang));
    }
    if row.starred {
        notes.push("★".to_owned());
    }
    notes.extend(row.tags.iter().map(|tag| format!("#{}", harmless(tag.as_str()))));
    if let Some(assignee) = &row.assignee {
        notes.push(format!("@{}", harmless(&assignee.name)));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join(", ")) };
    format!("{}  {}  {}{notes}", short(&row.id), padded(&harmless(&row.name)), harmless(&row.preview))
}

/// A conversation: who, then what was said.
pub fn conversation(terminal: &Terminal, view: &ConversationView) {
    terminal.line(&list_row(terminal, &view.head));
    for row in &view.rows {
        terminal.line(&message(terminal, row));
    }
}

/// One message, or a hole in the history.
pub fn message(terminal: &Terminal, row: &MessageRow) -> String {
    match &row.kind {
        MessageKind::Gap { missing } => words::inbox_gap(terminal.lang, *missing),
        MessageKind::Message { author_name, text, state, shared, edited, deleted, brought_by, .. } => {
            let lang = terminal.lang;
            let said = match (deleted, shared) {
                (true, _) => words::message_was_deleted(lang),
                (false, Some(shared)) if text.is_empty() => shared.line(lang),
                (false, Some(shared)) => format!("{text} [{}]", shared.line(lang)),
                (false, None) => text.clone(),
            };
            let marks: Vec<String> = [
                state.as_ref().map(|state| state_words(state, lang)),
                edited.then(|| words::mark_edited(lang)),
                brought_by.as_ref().map(|name| words::mark_brought_back(lang, name.as_str())),
            ]
            .into_iter()
            .flatten()
            .collect();
            let (who, said) = (harmless(author_name), harmless(&said));
            match marks.is_empty() {
                true => format!("  {who}: {said}"),
                false => format!("  {who} ({}): {said}", harmless(&marks.join(", "))),
            }
        }
    }
}

/// What staff wrote down about a customer.
pub fn notes(terminal: &Terminal, rows: &[NoteRow]) {
    let lang = terminal.lang;
    if rows.is_empty() {
        terminal.line(&words::inbox_no_notes(lang));
    }
    for row in rows {
        let mut marks = Vec::new();
        if row.conflicts_with.is_some() {
            marks.push(words::inbox_note_conflict(lang));
        }
        if row.waiting {
            marks.push(words::inbox_outbox_waiting(lang));
        }
        let marks = if marks.is_empty() { String::new() } else { format!("  [{}]", marks.join(", ")) };
        let (author, text) = (harmless(&row.author), harmless(&row.text));
        terminal.line(&format!("{}  {author}: {text}{marks}", short(&row.id)));
    }
}

/// How many conversations each list has; `channels` are the tabs, in their order.
pub fn counts(terminal: &Terminal, counts: &InboxCounts, channels: &[ChannelRow]) {
    let lang = terminal.lang;
    terminal.line(&words::inbox_count_open(lang, counts.all, counts.unread));
    terminal.line(&words::inbox_count_mine(lang, counts.mine));
    terminal.line(&words::inbox_count_unassigned(lang, counts.unassigned));
    terminal.line(&words::inbox_count_starred(lang, counts.starred));
    terminal.line(&words::inbox_count_closed(lang, counts.closed));
    terminal.line(&words::inbox_count_not_sent(lang, counts.not_sent));
    for (count, channel) in counts.channels.iter().zip(channels) {
        let name = harmless(&channel.name);
        terminal.line(&words::inbox_count_channel(lang, count.open, name, count.unread));
    }
}

/// What waits and what was not sent.
pub fn outbox(terminal: &Terminal, rows: &[OutboxRow]) {
    let lang = terminal.lang;
    if rows.is_empty() {
        terminal.line(&words::inbox_outbox_empty(lang));
    }
    for row in rows {
        let state = match &row.state {
            OutboxState::Waiting => words::inbox_outbox_waiting(lang),
            OutboxState::Cancelling => words::inbox_outbox_cancelling(lang),
            OutboxState::SetAside => words::inbox_outbox_set_aside(lang),
            OutboxState::NotSent { reason, .. } => {
                format!("{}: {reason}", words::inbox_outbox_not_sent(lang))
            }
        };
        let what = row.text.as_deref().map_or_else(|| row.name.clone(), harmless);
        let about = row.conversation.map_or_else(|| harmless(&row.customer), |id| short(&id));
        terminal.line(&format!("{}  {about}  {what}  [{state}]", short(&row.id)));
    }
}

fn state_words(state: &MessageState, lang: Lang) -> String {
    match state {
        MessageState::Waiting => words::state_waiting(lang),
        MessageState::Cancelling => words::state_cancelling(lang),
        MessageState::Sending => words::state_sending(lang),
        MessageState::Sent => words::state_sent(lang),
        MessageState::SentBeforeRestore => words::state_sent_before_restore(lang),
        MessageState::Unknown => words::state_unknown(lang),
        MessageState::NotSent { reason, .. } => words::state_not_sent(lang, reason.as_str()),
    }
}

fn padded(name: &str) -> String {
    let length = name.chars().count();
    if length > NAME_WIDTH {
        return name.chars().take(NAME_WIDTH - 1).chain(['…']).collect();
    }
    format!("{name}{}", " ".repeat(NAME_WIDTH - length))
}
