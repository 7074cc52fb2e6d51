//! How many conversations of each kind are shown: the numbers beside the list, kept in the transaction that changes
//! the list.
//!
//! They are not counted when asked for: over 100,000 conversations that took 15 ms on a desktop processor
//! (2026-11-25, from covering indexes in memory), and they are asked for after each commit. The table has a row for
//! each combination that occurs, some hundreds at most, so reading it is the same work for any number of
//! conversations.

use rusqlite::{Connection, OptionalExtension, Row};

use shopbell_domain::conversation::Status;
use shopbell_domain::ids::{ChannelId, ConversationId, StaffId};

use super::StoreError;
use super::columns::{id, maybe_id};
use super::tables::{self, status_from_word, status_word};
use crate::inbox::{ChannelCount, InboxCounts};

/// What conversations are told apart by when they are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) status: Status,
    pub(super) channel: ChannelId,
    pub(super) assignee: Option<StaffId>,
    pub(super) is_unread: bool,
    pub(super) starred: bool,
    pub(super) has_not_sent: bool,
}

/// How many there are, for this person.
pub(crate) fn counts(connection: &Connection, me: Option<StaffId>) -> Result<InboxCounts, StoreError> {
    let channels = tables::channels(connection)?;
    let mut counts = InboxCounts {
        channels: channels
            .into_iter()
            .map(|channel| ChannelCount { channel: channel.id, open: 0, unread: 0 })
            .collect(),
        ..InboxCounts::default()
    };
    let mut statement = connection.prepare_cached(
        "SELECT status, channel, nullif(assignee, x'') AS assignee, is_unread, starred, has_not_sent, conversations
         FROM tally",
    )?;
    let rows = statement.query_map([], |row| Ok((read(row)?, row.get::<_, i64>("conversations")?)))?;
    for row in rows {
        let (kind, conversations) = row?;
        let open = kind.status == Status::Open;
        let many = |counts: bool| if counts { u64::try_from(conversations).unwrap_or(0) } else { 0 };
        counts.all += many(open);
        counts.unread += many(open && kind.is_unread);
        counts.mine += many(open && me.is_some() && kind.assignee == me);
        counts.unassigned += many(open && kind.assignee.is_none());
        counts.starred += many(kind.starred);
        counts.closed += many(!open);
        counts.not_sent += many(kind.has_not_sent);
        if let Some(channel) = counts.channels.iter_mut().find(|channel| channel.channel == kind.channel) {
            channel.open += many(open);
            channel.unread += many(open && kind.is_unread);
        }
    }
    Ok(counts)
}

/// What a conversation counts as now; `None` when it is not shown.
pub(super) fn kind_of(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Kind>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT status, channel, assignee, is_unread, starred, not_sent > 0 AS has_not_sent
             FROM shown WHERE conversation = ?1",
        )?
        .query_row([conversation.as_bytes()], read)
        .optional()?)
}

/// A conversation that counted as `before` counts as `after`.
pub(super) fn count(
    connection: &Connection,
    before: Option<&Kind>,
    after: Option<&Kind>,
) -> Result<(), StoreError> {
    if before == after {
        return Ok(());
    }
    if let Some(kind) = before {
        change(
            connection,
            kind,
            "UPDATE tally SET conversations = conversations - 1 WHERE status = ?1 AND channel = ?2 AND assignee = ?3
                 AND is_unread = ?4 AND starred = ?5 AND has_not_sent = ?6",
        )?;
        change(
            connection,
            kind,
            "DELETE FROM tally WHERE status = ?1 AND channel = ?2 AND assignee = ?3
                 AND is_unread = ?4 AND starred = ?5 AND has_not_sent = ?6 AND conversations = 0",
        )?;
    }
    if let Some(kind) = after {
        change(
            connection,
            kind,
            "INSERT INTO tally (status, channel, assignee, is_unread, starred, has_not_sent, conversations)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
             ON CONFLICT DO UPDATE SET conversations = conversations + 1",
        )?;
    }
    Ok(())
}

fn change(connection: &Connection, kind: &Kind, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute((
        status_word(kind.status),
        kind.channel.as_bytes(),
        kind.assignee.as_ref().map_or(&[][..], |staff| staff.as_bytes()),
        kind.is_unread,
        kind.starred,
        kind.has_not_sent,
    ))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kind> {
    let status: String = row.get("status")?;
    Ok(Kind {
        status: status_from_word(&status),
        channel: id(row, "channel")?,
        assignee: maybe_id(row, "assignee")?,
        is_unread: row.get("is_unread")?,
        starred: row.get("starred")?,
        has_not_sent: row.get("has_not_sent")?,
    })
}
