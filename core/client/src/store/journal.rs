//! The journal's table: settled mutations with what became of them, and among them the list "Not sent".

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::ids::{ConversationId, EpochId, MessageId, MutationId};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::Outcome;
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

use super::columns::{id, maybe_id};
use super::outbox::{Entry, StoredOperation, json, raw, read_inverse};
use super::{StoreError, Write};

/// How long a settled mutation is kept at most: 30 days, in milliseconds of the server's time.
const KEPT_LIMIT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How long it is kept at least, though a backup holds it: 7 days, in milliseconds of the server's time.
const KEPT_AT_LEAST_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A refused mutation that stands under "Not sent".
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// Which mutation.
    pub(crate) mid: MutationId,
    /// The conversation or the customer that it was about.
    pub(crate) target: Uuid,
    /// What it asked for.
    pub(crate) asked: StoredOperation,
    /// When it was made, by this device's clock.
    pub(crate) client_ts: Timestamp,
    /// Why it was refused.
    pub(crate) refusal: Refusal,
    /// Where it stood in the outbox; `None` in what an older version settled.
    pub(crate) place: Option<i64>,
}

/// A mutation that is settled.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    /// Whether it was refused.
    pub(crate) refused: bool,
    /// Whether it was taken back before anything came of it.
    pub(crate) cancelled: bool,
    /// The message of a reply.
    pub(crate) message: Option<MessageId>,
    /// The history that its result belongs to.
    pub(crate) epoch: EpochId,
    /// What takes it back.
    pub(crate) inverse: Option<StoredOperation>,
}

/// One that is remembered.
pub(crate) fn one(connection: &Connection, mid: MutationId) -> Result<Option<Settled>, StoreError> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Settled {
            refused: row.get("refused")?,
            cancelled: row.get("cancelled")?,
            message: maybe_id(row, "message")?,
            epoch: id(row, "epoch")?,
            inverse: read_inverse(row.get("inverse")?),
        })
    };
    Ok(connection
        .prepare_cached(
            "SELECT refusal IS NOT NULL AS refused, cancelled, message, epoch, inverse FROM journal WHERE mid = ?1",
        )?
        .query_row([mid.as_bytes()], read)
        .optional()?)
}

/// Where a result came from: the server's log, or this device.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SettledBy {
    /// The `seq` of the result row; `None` when it was refused here.
    pub(crate) seq: Option<i64>,
    /// The history that it belongs to.
    pub(crate) epoch: EpochId,
}

/// The accepted reply that became this message.
pub(crate) fn accepted_reply(
    connection: &Connection,
    message: MessageId,
) -> Result<Option<MutationId>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT mid FROM journal WHERE message = ?1 AND refusal IS NULL AND cancelled = 0 LIMIT 1",
        )?
        .query_row([message.as_bytes()], |row| id(row, "mid"))
        .optional()?)
}

const REFUSED: &str =
    "SELECT mid, target, name, args, client_ts, refusal, place FROM journal WHERE listed = 1";

/// What stands under "Not sent", of one conversation or of all, oldest first.
pub(crate) fn listed(
    connection: &Connection,
    conversation: Option<ConversationId>,
) -> Result<Vec<Refused>, StoreError> {
    let one = conversation.as_ref().map(ConversationId::as_bytes);
    let filter = if one.is_some() { "AND target = ?1" } else { "AND ?1 IS NULL" };
    let mut statement = connection.prepare_cached(&format!("{REFUSED} {filter} ORDER BY position"))?;
    let rows = statement.query_map([one], read_refused)?;
    rows.map(|row| row.map_err(StoreError::from)?).collect()
}

/// One that stands under "Not sent".
pub(crate) fn one_listed(connection: &Connection, mid: MutationId) -> Result<Option<Refused>, StoreError> {
    connection
        .prepare_cached(&format!("{REFUSED} AND mid = ?1"))?
        .query_row([mid.as_bytes()], read_refused)
        .optional()?
        .transpose()
}

fn read_refused(row: &rusqlite::Row<'_>) -> rusqlite::Result<Result<Refused, StoreError>> {
    let refusal: Option<String> = row.get("refusal")?;
    let (mid, target, name) = (id(row, "mid")?, id(row, "target")?, row.get("name")?);
    let client_ts = Timestamp::from_millis(row.get("client_ts")?);
    let (args, place): (Vec<u8>, Option<i64>) = (row.get("args")?, row.get("place")?);
    Ok(raw(args).map(|args| Refused {
        mid,
        target,
        asked: StoredOperation { name, args },
        client_ts,
        // A code of a newer version reads as `Other`; what is no refusal at all does too.
        refusal: refusal.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(Refusal::Other),
        place,
    }))
}

/// How many replies stand under "Not sent".
pub(crate) fn not_sent(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM journal WHERE listed = 1 AND message IS NOT NULL")?
        .query_row([], |row| row.get(0))?)
}

/// How many replies of one conversation stand under "Not sent".
pub(super) fn not_sent_in(connection: &Connection, conversation: ConversationId) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM journal WHERE listed = 1 AND target = ?1 AND message IS NOT NULL",
        )?
        .query_row([conversation.as_bytes()], |row| row.get(0))?)
}

/// Whether a settled mutation is remembered, and whether it was refused here rather than by the server.
pub(crate) fn was_refused_here(connection: &Connection, mid: MutationId) -> Result<bool, StoreError> {
    let found = connection
        .prepare_cached("SELECT seq IS NULL FROM journal WHERE mid = ?1")?
        .query_row([mid.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}

impl Write<'_> {
    /// Puts a mutation of the outbox into the journal with what became of it; one that is `listed` stands under "Not sent".
    pub(crate) fn put_in_journal(
        &mut self,
        entry: &Entry,
        message: Option<MessageId>,
        outcome: &Outcome,
        listed: bool,
        by: SettledBy,
    ) -> Result<(), StoreError> {
        let mutation = &entry.mutation;
        let refusal = match outcome {
            Outcome::Refused(refusal) => serde_json::to_string(refusal).ok(),
            Outcome::Accepted | Outcome::Cancelled => None,
        };
        self.prepare_cached(
            "INSERT INTO journal (mid, target, message, name, v, args, base, client_ts, refusal, listed, cancelled,
                 seq, epoch, settled_at, inverse, place)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
                 max((SELECT seen_at FROM profile), ?14), ?15, ?16)",
        )?
        .execute(rusqlite::params![
            mutation.mid.as_bytes(),
            entry.target.as_bytes(),
            message.as_ref().map(MessageId::as_bytes),
            &mutation.name,
            mutation.v,
            mutation.args.get().as_bytes(),
            mutation.base.as_ref().and_then(|base| serde_json::to_string(base).ok()),
            mutation.client_ts.millis(),
            refusal,
            listed,
            *outcome == Outcome::Cancelled,
            by.seq,
            by.epoch.as_bytes(),
            self.newest_ms,
            entry.inverse.as_ref().map(json),
            entry.place,
        ])?;
        self.touch_target(entry.target);
        Ok(())
    }

    /// What was settled was taken back after all: it leaves "Not sent" too. Answers what it is about.
    pub(crate) fn mark_cancelled(&mut self, mid: MutationId) -> Result<Option<Uuid>, StoreError> {
        let target: Option<Uuid> = self
            .prepare_cached("UPDATE journal SET cancelled = 1, listed = 0 WHERE mid = ?1 RETURNING target")?
            .query_row([mid.as_bytes()], |row| id(row, "target"))
            .optional()?;
        target.into_iter().for_each(|target| self.touch_target(target));
        Ok(target)
    }

    /// The server's word on what was refused here: it had arrived after all, or is refused for the server's reason.
    /// Answers what it is about.
    pub(crate) fn correct_journal(
        &mut self,
        mid: MutationId,
        refusal: Option<&Refusal>,
        by: SettledBy,
    ) -> Result<Option<Uuid>, StoreError> {
        let target: Option<Uuid> = self
            .prepare_cached(
                "UPDATE journal SET refusal = ?2, listed = (listed AND ?2 IS NOT NULL), seq = ?3, epoch = ?4
                 WHERE mid = ?1 RETURNING target",
            )?
            .query_row(
                (
                    mid.as_bytes(),
                    refusal.and_then(|refusal| serde_json::to_string(refusal).ok()),
                    by.seq,
                    by.epoch.as_bytes(),
                ),
                |row| id(row, "target"),
            )
            .optional()?;
        target.into_iter().for_each(|target| self.touch_target(target));
        Ok(target)
    }

    /// The person has dealt with a refused mutation: it leaves the list. Answers whether it stood there.
    pub(crate) fn unlist(&mut self, mid: MutationId) -> Result<bool, StoreError> {
        let target: Option<Uuid> = self
            .prepare_cached("UPDATE journal SET listed = 0 WHERE mid = ?1 AND listed = 1 RETURNING target")?
            .query_row([mid.as_bytes()], |row| id(row, "target"))
            .optional()?;
        target.into_iter().for_each(|target| self.touch_target(target));
        Ok(target.is_some())
    }

    /// Notes up to which `seq` a backup of the server holds everything.
    pub(crate) fn note_backup(&mut self, seq: i64) -> Result<(), StoreError> {
        self.execute("UPDATE profile SET backed_up = max(coalesce(backed_up, 0), ?1)", [seq])?;
        Ok(())
    }

    /// Forgets what was settled long ago, by the server's time: a phone's clock may be a year off. What no backup holds
    /// is kept as long as it may be, since a restore would take it from the server. What stands under "Not sent" is
    /// never forgotten.
    pub(crate) fn trim_journal(&mut self) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM journal WHERE listed = 0 AND (
                 settled_at < (SELECT seen_at FROM profile) - ?1
                 OR settled_at < (SELECT seen_at FROM profile) - ?2
                     AND (refusal IS NOT NULL OR seq <= (SELECT backed_up FROM profile)))",
            [KEPT_LIMIT_MS, KEPT_AT_LEAST_MS],
        )?;
        Ok(())
    }
}
