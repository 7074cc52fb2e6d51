//! The queries behind the list, and how a row is worded.

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use shopbell_domain::ids::{ConversationId, StaffId};
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use super::{InboxFilter, InboxQuery, InboxRow, WINDOW_LIMIT_ROWS};
use crate::account::StaffName;
use crate::store::{self, Profile, StoreError};

const COLUMNS: &str = "SELECT shown.conversation, shown.customer_name, shown.customer_number,
        coalesce(channel.name, '') AS channel_name, shown.status, shown.assignee, assignee.name AS assignee_name,
        shown.activity_at, shown.unread, shown.waiting, shown.not_sent,
        shown.preview_message, shown.preview_author, author.name AS author_name, shown.preview_text
    FROM shown
    LEFT JOIN channel ON channel.id = shown.channel
    LEFT JOIN staff AS assignee ON assignee.id = shown.assignee
    LEFT JOIN staff AS author ON author.id = shown.preview_author";

const ORDER: &str = "ORDER BY shown.activity_at DESC, shown.conversation LIMIT :limit";

/// The rows of a window.
pub(crate) fn query(
    connection: &Connection,
    query: &InboxQuery,
    lang: Lang,
) -> Result<Vec<InboxRow>, StoreError> {
    let me = me(connection)?;
    let limit = i64::try_from(query.limit.min(WINDOW_LIMIT_ROWS)).unwrap_or(0);
    let mine = me.as_ref().map(StaffId::as_bytes);
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":limit", &limit)];
    if query.filter == InboxFilter::Mine {
        parameters.push((":me", &mine));
    }
    let mut statement = connection.prepare_cached(&sql(query.filter))?;
    let rows = statement.query_map(parameters.as_slice(), |row| read(row, me, lang))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One conversation's row, whatever window it is in; `None` when it is not held.
pub(crate) fn row(
    connection: &Connection,
    conversation: ConversationId,
    lang: Lang,
) -> Result<Option<InboxRow>, StoreError> {
    let me = me(connection)?;
    Ok(connection
        .prepare_cached(&format!("{COLUMNS} WHERE shown.conversation = ?1"))?
        .query_row([conversation.as_bytes()], |row| read(row, me, lang))
        .optional()?)
}

/// What to call a customer: by name, by number, or by a word while they are not held.
pub(crate) fn customer_name(lang: Lang, name: Option<String>, number: Option<i64>) -> String {
    match (name, number) {
        (Some(name), _) => name,
        (None, Some(number)) => shopbell_l10n::visitor_name(lang, number),
        (None, None) => shopbell_l10n::customer_word(lang),
    }
}

/// The statement behind a filter.
pub(crate) fn sql(filter: InboxFilter) -> String {
    let filter = match filter {
        InboxFilter::All => "shown.status = 'open'",
        InboxFilter::Mine => "shown.status = 'open' AND shown.assignee = :me",
        InboxFilter::Unassigned => "shown.status = 'open' AND shown.assignee IS NULL",
        InboxFilter::Closed => "shown.status = 'closed'",
    };
    format!("{COLUMNS} WHERE {filter} {ORDER}")
}

fn me(connection: &Connection) -> Result<Option<StaffId>, StoreError> {
    Ok(Profile::read(connection)?.and_then(|profile| profile.account).map(|account| account.staff.id))
}

fn read(row: &Row<'_>, me: Option<StaffId>, lang: Lang) -> rusqlite::Result<InboxRow> {
    let assignee: Option<StaffId> = store::maybe_id(row, "assignee")?;
    let status: String = row.get("status")?;
    Ok(InboxRow {
        id: store::id(row, "conversation")?,
        name: customer_name(lang, row.get("customer_name")?, row.get("customer_number")?),
        channel: row.get("channel_name")?,
        preview: preview(row, me, lang)?,
        at: Timestamp::from_millis(row.get("activity_at")?),
        unread: row.get("unread")?,
        status: store::status_from_word(&status),
        assignee: match assignee {
            Some(id) => Some(StaffName { id, name: staff_name(lang, row.get("assignee_name")?) }),
            None => None,
        },
        waiting: row.get("waiting")?,
        not_sent: row.get("not_sent")?,
    })
}

fn preview(row: &Row<'_>, me: Option<StaffId>, lang: Lang) -> rusqlite::Result<String> {
    let text: String = row.get("preview_text")?;
    let author: Option<StaffId> = store::maybe_id(row, "preview_author")?;
    Ok(match author {
        None => text,
        Some(author) if Some(author) == me => shopbell_l10n::preview_own(lang, text),
        Some(_) => shopbell_l10n::preview_colleague(lang, staff_name(lang, row.get("author_name")?), text),
    })
}

/// A colleague's name, or a word while they are not held.
pub(crate) fn staff_name(lang: Lang, name: Option<String>) -> String {
    name.unwrap_or_else(|| shopbell_l10n::somebody(lang))
}
