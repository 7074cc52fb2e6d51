//! The order of replies: each names the one before it that is not accepted yet, so that none overtakes another
//! (docs/sync.md 11).

use std::collections::BTreeSet;

use rusqlite::Connection;

use shopbell_domain::ids::{ConversationId, MutationId};
use uuid::Uuid;

use super::columns::id;
use super::outbox::{self, Entry, json};
use super::{StoreError, Write};

/// Replies of a conversation that are unsettled or refused, in their order. What was brought back, what may have
/// arrived under an earlier history and what was set aside holds nothing.
const REPLIES: &str = "SELECT mid, position AS place FROM outbox
     WHERE target = ?1 AND message IS NOT NULL AND fault IS NULL AND replay IS NULL
         AND (left_epoch IS NULL OR left_epoch = (SELECT epoch FROM profile))
     UNION ALL SELECT mid, coalesce(place, 0) FROM journal
     WHERE listed = 1 AND target = ?1 AND message IS NOT NULL ORDER BY place";

/// All of them.
pub(crate) fn unaccepted_replies(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<MutationId>, StoreError> {
    let mut statement = connection.prepare_cached(REPLIES)?;
    let mids = statement.query_map([conversation.as_bytes()], |row| id(row, "mid"))?;
    Ok(mids.collect::<Result<_, _>>()?)
}

/// The last one before a place of the outbox; `None` is its end.
pub(crate) fn reply_before(
    connection: &Connection,
    conversation: ConversationId,
    place: Option<i64>,
) -> Result<Option<MutationId>, StoreError> {
    let mut statement = connection.prepare_cached(REPLIES)?;
    let replies = statement.query_map([conversation.as_bytes()], |row| {
        Ok((id::<MutationId>(row, "mid")?, row.get::<_, i64>("place")?))
    })?;
    let mut last = None;
    for reply in replies {
        let (mid, at) = reply?;
        if place.is_none_or(|place| at < place) {
            last = Some(mid);
        }
    }
    Ok(last)
}

/// Hands on, of the oldest `look` of the outbox, those that may be sent, in order, until `take` has enough (answers
/// false): neither set aside, nor being taken back, nor waiting for one that is not sent.
pub(crate) fn sendable(
    connection: &Connection,
    look: usize,
    mut take: impl FnMut(Entry) -> bool,
) -> Result<(), StoreError> {
    let mut held = refused(connection)?;
    let mut statement = connection.prepare_cached(&outbox::oldest_sql())?;
    let mut rows = statement.query([i64::try_from(look).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let entry = outbox::read(row)??;
        let waits = entry.mutation.depends_on.iter().any(|mid| held.contains(mid));
        if entry.cancelled_by.is_some() || waits {
            held.insert(entry.mutation.mid);
        } else if !entry.set_aside && !take(entry) {
            return Ok(());
        }
    }
    Ok(())
}

/// What stands under "Not sent".
fn refused(connection: &Connection) -> Result<BTreeSet<MutationId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT mid FROM journal WHERE listed = 1")?;
    let mids = statement.query_map([], |row| id(row, "mid"))?;
    Ok(mids.collect::<Result<_, _>>()?)
}

impl Write<'_> {
    /// Whatever waits for `from` waits for these instead; for none, it is released.
    pub(crate) fn repoint(
        &mut self,
        target: Uuid,
        from: MutationId,
        to: &[MutationId],
    ) -> Result<(), StoreError> {
        let waiting: Vec<(i64, String)> = self
            .prepare_cached(
                "SELECT position, depends_on FROM outbox WHERE target = ?1 AND depends_on LIKE '%' || ?2 || '%'",
            )?
            .query_map((target.as_bytes(), from.to_string()), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (place, names) in waiting {
            let names: Vec<MutationId> = serde_json::from_str(&names)
                .map_err(|_| StoreError::Unreadable { what: "order of the outbox" })?;
            let mut kept: Vec<MutationId> = Vec::with_capacity(names.len() + to.len());
            for name in
                names.iter().flat_map(|name| if *name == from { to } else { std::slice::from_ref(name) })
            {
                if !kept.contains(name) {
                    kept.push(*name);
                }
            }
            self.execute("UPDATE outbox SET depends_on = ?2 WHERE position = ?1", (place, json(&kept)))?;
        }
        Ok(())
    }
}
