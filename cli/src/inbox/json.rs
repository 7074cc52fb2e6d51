//! The inbox for scripts: the same facts as on the screen, under the names of the wire.

use serde_json::{Value, json};
use shopbell_core::{
    Account, Author, ChannelCount, ChannelRow, ConversationView, InboxCounts, InboxRow, MessageKind,
    MessageRow, MessageState, NoteRow, OutboxRow, OutboxState, Status, SyncReport, SyncState, SyncStatus,
    Tag, Timestamp,
};

use super::choose::short;

pub fn account(account: &Account) -> Value {
    json!({
        "server": account.server,
        "shop": { "id": account.shop.id.to_string(), "name": account.shop.name },
        "staff": { "id": account.staff.id.to_string(), "name": account.staff.name },
    })
}

pub fn inbox_row(row: &InboxRow) -> Value {
    json!({
        "id": row.id.to_string(),
        "short": short(&row.id),
        "name": row.name,
        "channel": row.channel,
        "preview": row.preview,
        "draft": row.draft,
        "at": row.at.millis(),
        "unread": row.unread,
        "marked_unread": row.marked_unread,
        "status": if row.status == Status::Closed { "closed" } else { "open" },
        "assignee": row.assignee.as_ref().map(|staff| json!({ "id": staff.id.to_string(), "name": staff.name })),
        "starred": row.starred,
        "tags": row.tags.iter().map(Tag::as_str).collect::<Vec<_>>(),
        "waiting": row.waiting,
        "not_sent": row.not_sent,
    })
}

pub fn conversation(view: &ConversationView) -> Value {
    json!({
        "head": inbox_row(&view.head),
        "rows": view.rows.iter().map(message_row).collect::<Vec<_>>(),
    })
}

pub fn message_row(row: &MessageRow) -> Value {
    match &row.kind {
        MessageKind::Gap { missing } => json!({ "gap": missing }),
        MessageKind::Message {
            author,
            author_name,
            text,
            at,
            state,
            shared,
            edited,
            deleted,
            brought_by,
        } => json!({
            "id": row.id.to_string(),
            "author": match author {
                Author::Customer => "customer",
                Author::Me => "me",
                Author::Colleague => "colleague",
            },
            "author_name": author_name,
            "text": text,
            "at": at.millis(),
            "state": state.as_ref().map(state_word),
            "code": match state {
                Some(MessageState::NotSent { code, .. }) => Some(code),
                _ => None,
            },
            "shared": shared.as_ref().map(|shared| json!({
                "kind": shared.kind.as_str(),
                "title": shared.words.as_ref().map(|words| &words.title),
                "body": shared.words.as_ref().map(|words| &words.body),
            })),
            "edited": edited,
            "deleted": deleted,
            "brought_by": brought_by,
        }),
    }
}

pub fn outbox_row(row: &OutboxRow) -> Value {
    let (state, code) = match &row.state {
        OutboxState::Waiting => ("waiting", None),
        OutboxState::Cancelling => ("cancelling", None),
        OutboxState::SetAside => ("set_aside", None),
        OutboxState::NotSent { code, .. } => ("not_sent", Some(code)),
    };
    json!({
        "mid": row.id.to_string(),
        "name": row.name,
        "conversation": row.conversation.map(|id| id.to_string()),
        "text": row.text,
        "state": state,
        "code": code,
    })
}

pub fn note_row(row: &NoteRow) -> Value {
    json!({
        "id": row.id.to_string(),
        "short": short(&row.id),
        "text": row.text,
        "author": row.author,
        "at": row.at.millis(),
        "edited_at": row.edited_at.map(Timestamp::millis),
        "conflicts_with": row.conflicts_with.map(|id| id.to_string()),
        "waiting": row.waiting,
    })
}

/// `channels` are the tabs, in their order.
pub fn counts(counts: &InboxCounts, channels: &[ChannelRow]) -> Value {
    let channel = |(count, row): (&ChannelCount, &ChannelRow)| json!({ "id": row.id.to_string(), "name": row.name, "open": count.open, "unread": count.unread });
    json!({
        "open": counts.all,
        "unread": counts.unread,
        "mine": counts.mine,
        "unassigned": counts.unassigned,
        "starred": counts.starred,
        "closed": counts.closed,
        "not_sent": counts.not_sent,
        "channels": counts.channels.iter().zip(channels).map(channel).collect::<Vec<_>>(),
    })
}

pub fn sync_report(report: &SyncReport) -> Value {
    json!({ "accepted": report.accepted, "refused": report.refused, "waiting": report.waiting })
}

pub fn status(status: &SyncStatus) -> Value {
    json!({
        "event": "status",
        "online": online(status),
        "waiting": status.waiting,
        "not_sent": status.not_sent,
    })
}

/// Whether the server was reached and what it said is shown.
pub fn online(status: &SyncStatus) -> bool {
    matches!(status.state, SyncState::Loading | SyncState::UpToDate)
}

fn state_word(state: &MessageState) -> &'static str {
    match state {
        MessageState::Waiting => "waiting",
        MessageState::Cancelling => "cancelling",
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::SentBeforeRestore => "sent_before_restore",
        MessageState::Unknown => "unknown",
        MessageState::NotSent { .. } => "not_sent",
    }
}
