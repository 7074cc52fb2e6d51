//! The list's rows: what stands in `shown`, worded.

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use shopbell_domain::ids::{ChannelId, ConversationId, CustomerId, StaffId};
use shopbell_domain::tag::Tag;
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use super::{InboxFilter, InboxQuery, InboxRow, WINDOW_LIMIT_ROWS, customer_name, me, sql, staff_name};
use crate::account::StaffName;
use crate::conversation::shared_line;
use crate::store::{self, StoreError};

/// The hexadecimal digits of an id.
const ID_DIGITS: usize = 32;

/// The rows of a window.
pub(crate) fn query(
    connection: &Connection,
    query: &InboxQuery,
    lang: Lang,
) -> Result<Vec<InboxRow>, StoreError> {
    let me = me(connection)?;
    let limit = i64::try_from(query.limit.min(WINDOW_LIMIT_ROWS)).unwrap_or(0);
    let mine = me.as_ref().map(StaffId::as_bytes);
    let channel = query.channel.as_ref().map(ChannelId::as_bytes);
    let tag = query.tag.as_ref().map(Tag::key);
    let agent = query.agent.as_ref().map(StaffId::as_bytes);
    let (from, to) = (query.from.map(Timestamp::millis), query.to.map(Timestamp::millis));
    let all: [(&str, &dyn ToSql, bool); 7] = [
        (":limit", &limit, true),
        (":me", &mine, query.filter == InboxFilter::Mine),
        (":channel", &channel, channel.is_some()),
        (":tag", &tag, tag.is_some()),
        (":agent", &agent, agent.is_some()),
        (":from", &from, from.is_some()),
        (":to", &to, to.is_some()),
    ];
    let asked: Vec<(&str, &dyn ToSql)> =
        all.into_iter().filter(|(_, _, asked)| *asked).map(|(name, value, _)| (name, value)).collect();
    let mut statement = connection.prepare_cached(&sql::window(query))?;
    let rows = statement.query_map(asked.as_slice(), |row| read(row, me, lang))?;
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
        .prepare_cached(&sql::one())?
        .query_row([conversation.as_bytes()], |row| read(row, me, lang))
        .optional()?)
}

/// Whether a conversation is held.
pub(crate) fn holds(connection: &Connection, conversation: ConversationId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM shown WHERE conversation = ?1")?;
    Ok(statement.exists([conversation.as_bytes()])?)
}

/// The conversations, open or closed, whose id ends so, the newest begun first; dashes and case do not count.
pub(crate) fn ending_in(
    connection: &Connection,
    ending: &str,
    limit: usize,
    lang: Lang,
) -> Result<Vec<InboxRow>, StoreError> {
    let digits = ending.replace('-', "").to_ascii_uppercase();
    if digits.is_empty() || digits.len() > ID_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(limit.min(WINDOW_LIMIT_ROWS)).unwrap_or(0);
    let mut statement = connection.prepare_cached(sql::ENDING_IN)?;
    let ids =
        statement.query_map((&digits, limit), |row| store::id::<ConversationId>(row, "conversation"))?;
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(row(connection, id?, lang)?);
    }
    Ok(rows)
}

/// A customer's conversations, open or closed, newest activity first.
pub(crate) fn of_customer(
    connection: &Connection,
    customer: CustomerId,
    lang: Lang,
) -> Result<Vec<InboxRow>, StoreError> {
    let mut statement = connection.prepare_cached(sql::OF_CUSTOMER)?;
    let ids = statement.query_map([customer.as_bytes()], |row| store::id::<ConversationId>(row, "id"))?;
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(row(connection, id?, lang)?);
    }
    rows.sort_by(|one, other| other.at.cmp(&one.at).then(one.id.cmp(&other.id)));
    Ok(rows)
}

fn read(row: &Row<'_>, me: Option<StaffId>, lang: Lang) -> rusqlite::Result<InboxRow> {
    let assignee: Option<StaffId> = store::maybe_id(row, "assignee")?;
    let status: String = row.get("status")?;
    let tags: String = row.get("tags")?;
    let draft: String = row.get("draft_text")?;
    Ok(InboxRow {
        id: store::id(row, "conversation")?,
        name: customer_name(lang, row.get("customer_name")?, row.get("customer_number")?),
        channel: row.get("channel_name")?,
        draft: !draft.is_empty(),
        preview: match draft.is_empty() {
            true => last_line(row, me, lang)?,
            false => shopbell_l10n::preview_draft(lang, draft),
        },
        at: Timestamp::from_millis(row.get("activity_at")?),
        unread: row.get("unread")?,
        marked_unread: row.get("marked_unread")?,
        status: store::status_from_word(&status),
        assignee: match assignee {
            Some(id) => Some(StaffName { id, name: staff_name(lang, row.get("assignee_name")?) }),
            None => None,
        },
        starred: row.get("starred")?,
        tags: store::tags_from_json(&tags),
        waiting: row.get("waiting")?,
        not_sent: row.get("not_sent")?,
    })
}

fn last_line(row: &Row<'_>, me: Option<StaffId>, lang: Lang) -> rusqlite::Result<String> {
    let text = last_words(row, lang)?;
    let author: Option<StaffId> = store::maybe_id(row, "preview_author")?;
    Ok(match author {
        None => text,
        Some(author) if Some(author) == me => shopbell_l10n::preview_own(lang, text),
        Some(_) => shopbell_l10n::preview_colleague(lang, staff_name(lang, row.get("author_name")?), text),
    })
}

/// What the newest message says, or what became of it; of what is shared in it only what this person may see.
fn last_words(row: &Row<'_>, lang: Lang) -> rusqlite::Result<String> {
    let text: String = row.get("preview_text")?;
    if row.get("preview_deleted")? {
        return Ok(shopbell_l10n::message_was_deleted(lang));
    }
    Ok(match store::secret_kind(row, "preview_shared")? {
        Some(kind) if text.is_empty() => shared_line(lang, kind, row.get("preview_title")?),
        _ => text,
    })
}
