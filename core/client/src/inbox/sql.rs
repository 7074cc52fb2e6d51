//! The statements behind the list. Each is answered from one index, whose columns fix the filter and then give the
//! order: no list is ever scanned or sorted, however long it is.
//!
//! Every window is two runs of such an index, the unread and the read, which SQLite merges lazily. So one index a filter
//! serves all three orders. What the index does not fix (a channel *and* a colleague) is looked up row by row.

use super::{InboxFilter, InboxQuery, InboxSort};

const COLUMNS: &str = "shown.customer_name, shown.customer_number, shown.tags,
    coalesce(channel.name, '') AS channel_name, shown.status, shown.assignee, assignee.name AS assignee_name,
    shown.starred, shown.unread, shown.marked_unread, shown.waiting, shown.not_sent,
    shown.preview_message, shown.preview_author, author.name AS author_name, shown.preview_text, shown.preview_shared,
    shown.preview_deleted, secret.title AS preview_title, shown.draft_text";

const NAMES: &str = "LEFT JOIN channel ON channel.id = shown.channel
    LEFT JOIN staff AS assignee ON assignee.id = shown.assignee
    LEFT JOIN staff AS author ON author.id = shown.preview_author
    LEFT JOIN secret ON secret.id = shown.preview_message";

/// A customer's conversations, newest first.
pub(crate) const OF_CUSTOMER: &str = "SELECT id FROM conversation WHERE customer = ?1";

/// Whose id ends in `?1`, at most `?2`. It reads the ids of all, nothing else of them: for an id that a person types, not
/// for a list.
pub(crate) const ENDING_IN: &str =
    "SELECT id AS conversation FROM conversation INDEXED BY conversation_customer
    WHERE substr(hex(id), -length(?1)) = ?1 ORDER BY id DESC LIMIT ?2";

/// A window: `:limit`, and those of `:me`, `:channel`, `:tag`, `:agent`, `:from` and `:to` that it asks for.
pub(crate) fn window(query: &InboxQuery) -> String {
    let unread = run(query, 1);
    let read = run(query, 0);
    let order = match query.sort {
        InboxSort::UnreadFirst => "is_unread DESC, activity_at DESC, conversation",
        InboxSort::Newest => "activity_at DESC, conversation",
        InboxSort::Oldest => "activity_at, conversation DESC",
    };
    format!("{unread}\nUNION ALL\n{read}\nORDER BY {order} LIMIT :limit")
}

/// One conversation.
pub(super) fn one() -> String {
    format!(
        "SELECT shown.conversation, shown.activity_at, {COLUMNS} FROM shown {NAMES} WHERE shown.conversation = ?1"
    )
}

fn run(query: &InboxQuery, is_unread: u8) -> String {
    let (lead, index) = lead(query);
    let from = match lead {
        "shown" => format!("shown INDEXED BY {index}"),
        _ => {
            format!("{lead} INDEXED BY {index} CROSS JOIN shown ON shown.conversation = {lead}.conversation")
        }
    };
    let open = format!("{lead}.status = 'open'");
    let mut conditions = vec![format!("{lead}.is_unread = {is_unread}")];
    conditions.extend(match query.filter {
        InboxFilter::All => vec![open],
        InboxFilter::Mine => vec![open, "shown.assignee = :me".to_owned()],
        InboxFilter::Unassigned => vec![open, "shown.assignee IS NULL".to_owned()],
        InboxFilter::Starred => vec!["shown.starred = 1".to_owned()],
        InboxFilter::Closed => vec![format!("{lead}.status = 'closed'")],
        InboxFilter::NotSent => vec!["shown.not_sent > 0".to_owned()],
    });
    let mut only = |asked: bool, condition: String| conditions.extend(asked.then_some(condition));
    only(
        query.tag.is_some(),
        match lead {
            "shown" => "EXISTS (SELECT 1 FROM shown_tag
             WHERE shown_tag.conversation = shown.conversation AND shown_tag.tag = :tag)"
                .to_owned(),
            _ => format!("{lead}.tag = :tag"),
        },
    );
    only(query.channel.is_some(), "shown.channel = :channel".to_owned());
    only(query.agent.is_some(), "shown.assignee = :agent".to_owned());
    only(query.from.is_some(), format!("{lead}.activity_at >= :from"));
    only(query.to.is_some(), format!("{lead}.activity_at < :to"));
    format!(
        "SELECT {lead}.conversation AS conversation, {lead}.activity_at AS activity_at,
            {lead}.is_unread AS is_unread, {COLUMNS}
         FROM {from} {NAMES} WHERE {}",
        conditions.join(" AND ")
    )
}

/// The table whose index a window is read from, and that index: the one that leaves the fewest rows to look up. Left to
/// itself SQLite would walk a whole channel for one colleague's conversations in it.
fn lead(query: &InboxQuery) -> (&'static str, &'static str) {
    let of_one = matches!(query.filter, InboxFilter::Mine | InboxFilter::Unassigned) || query.agent.is_some();
    match query.filter {
        InboxFilter::Starred => ("shown", "shown_starred"),
        InboxFilter::NotSent => ("shown", "shown_not_sent"),
        _ if query.tag.is_some() => ("shown_tag", "shown_tag_status"),
        _ if of_one => ("shown", "shown_assignee"),
        _ if query.channel.is_some() => ("shown", "shown_channel"),
        _ => ("shown", "shown_status"),
    }
}
