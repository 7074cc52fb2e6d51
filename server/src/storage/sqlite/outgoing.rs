//! The outgoing queue: first in first out a conversation, at most one attempt a message at a time, each attempt on
//! disk before the provider hears of it (docs/sync.md 15).

use rusqlite::{Connection, OptionalExtension, Params, params};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::ids::{AttemptId, ChannelId, ConversationId, DeviceId, InboxId, MessageId, ShopId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::time::Timestamp;

use super::changes::Changed;
use super::columns::{id, time};
use super::group::Tx;
use super::{restored, secrets};
use crate::storage::{AttemptOutcome, Claimed, OperationError, Outgoing, Settled};

/// The message that is due longest. Only the first of a conversation has a time at which it is due, so that a provider
/// that is down costs nothing, however much waits for it.
pub(super) const DUE_SQL: &str = "SELECT shop, message, conversation, queued_at, attempts, answer_lost \
     FROM outgoing WHERE state = 'queued' AND next_at <= ?1 ORDER BY next_at, shop, conversation LIMIT 1";
/// What an attempt has taken already: its claim is on disk, and whoever claimed did not hear of it.
pub(super) const TAKEN_SQL: &str = "SELECT shop, message, conversation, queued_at, attempts - 1, answer_lost \
     FROM outgoing WHERE state = 'sending' AND attempt = ?1";
/// When the next message is due.
pub(super) const NEXT_DUE_SQL: &str = "SELECT min(next_at) FROM outgoing WHERE state = 'queued'";
/// The first message of a conversation that is not settled.
pub(super) const LINE_SQL: &str = "SELECT message FROM outgoing \
     WHERE shop = ?1 AND conversation = ?2 AND state IN ('queued', 'sending') ORDER BY position LIMIT 1";

/// Queues a message, in the transaction that stores it.
pub(super) fn queue(
    tx: &mut Tx<'_>,
    shop: ShopId,
    message: MessageId,
    conversation: ConversationId,
    mseq: i64,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let is_first = first_of(tx.conn, shop, conversation)?.is_none()
        && restored::has_address(tx.conn, shop, conversation)?;
    tx.conn
        .prepare_cached(
            "INSERT INTO outgoing (shop, message, conversation, position, state, queued_at, next_at, device)
             VALUES (?1, ?2, ?3, ?4, 'queued', ?5, ?6, ?7)",
        )?
        .execute(params![
            shop.as_bytes(),
            message.as_bytes(),
            conversation.as_bytes(),
            mseq,
            now.millis(),
            is_first.then_some(now.millis()),
            device.as_bytes()
        ])?;
    tx.committed.outgoing |= is_first;
    Ok(())
}

/// Notes of a message that a phone brought back that it was handed to its channel, or may have been. It is never handed
/// over again.
pub(super) fn note_handed(
    tx: &mut Tx<'_>,
    shop: ShopId,
    message: MessageId,
    stored: &Message,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let arrived = stored.delivery.is_some_and(Delivery::arrived);
    tx.conn
        .prepare_cached(
            "INSERT INTO outgoing (shop, message, conversation, position, state, attempts, answer_lost, queued_at, device)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8)",
        )?
        .execute(params![
            shop.as_bytes(),
            message.as_bytes(),
            stored.conversation.as_bytes(),
            stored.mseq,
            if arrived { "sent" } else { "unknown" },
            !arrived,
            now.millis(),
            device.as_bytes()
        ])?;
    Ok(())
}

/// Notes that a message of this device waits and was never handed to its channel: what a phone says that had cancelled
/// it before a restore.
pub(super) fn note_not_handed(
    conn: &Connection,
    shop: ShopId,
    device: DeviceId,
    message: MessageId,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outgoing SET state = 'queued', attempts = 0, answer_lost = 0, next_at = NULL
         WHERE shop = ?1 AND message = ?2 AND device = ?3 AND state IN ('parked', 'unknown')",
    )?
    .execute(params![shop.as_bytes(), message.as_bytes(), device.as_bytes()])?;
    Ok(())
}

/// Notes that a message which is queued now may have been handed over before: it cannot be taken back, and when it is
/// given up it may have arrived.
pub(super) fn note_attempted(conn: &Connection, shop: ShopId, message: MessageId) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outgoing SET attempts = max(attempts, 1), answer_lost = 1 WHERE shop = ?1 AND message = ?2",
    )?
    .execute(params![shop.as_bytes(), message.as_bytes()])?;
    Ok(())
}

pub(super) fn first_of(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
) -> rusqlite::Result<Option<MessageId>> {
    conn.prepare_cached(LINE_SQL)?
        .query_row(params![shop.as_bytes(), conversation.as_bytes()], |row| id(row, 0, MessageId))
        .optional()
}

/// Lets the next message of a conversation go, now that the one before it is settled.
fn let_next_go(tx: &mut Tx<'_>, shop: ShopId, settled: MessageId) -> Result<(), OperationError> {
    let conversation = tx
        .conn
        .prepare_cached("SELECT conversation FROM outgoing WHERE shop = ?1 AND message = ?2")?
        .query_row(params![shop.as_bytes(), settled.as_bytes()], |row| id(row, 0, ConversationId))?;
    let_first_go(tx, shop, conversation)
}

/// Lets the first message of a conversation go, if one waits.
fn let_first_go(tx: &mut Tx<'_>, shop: ShopId, conversation: ConversationId) -> Result<(), OperationError> {
    if let Some(next) = first_of(tx.conn, shop, conversation)? {
        tx.conn
            .prepare_cached(
                "UPDATE outgoing SET next_at = queued_at WHERE shop = ?1 AND message = ?2 AND next_at IS NULL",
            )?
            .execute(params![shop.as_bytes(), next.as_bytes()])?;
        tx.committed.outgoing = true;
    }
    Ok(())
}

pub(super) fn claim(tx: &mut Tx<'_>, attempt: AttemptId, now: Timestamp) -> Result<Claimed, OperationError> {
    if let Some(taken) = waiting(tx.conn, TAKEN_SQL, params![attempt.as_bytes()])? {
        return Ok(Claimed::Message(Box::new(outgoing(tx.conn, &taken, attempt)?)));
    }
    let Some(waiting) = waiting(tx.conn, DUE_SQL, params![now.millis()])? else {
        let next: Option<i64> = tx.conn.prepare_cached(NEXT_DUE_SQL)?.query_row([], |row| row.get(0))?;
        return Ok(Claimed::Nothing(next.map(Timestamp::from_millis)));
    };
    tx.conn
        .prepare_cached(
            "UPDATE outgoing SET state = 'sending', attempt = ?3, attempts = attempts + 1
             WHERE shop = ?1 AND message = ?2",
        )?
        .execute(params![waiting.shop.as_bytes(), waiting.message.as_bytes(), attempt.as_bytes()])?;
    set_delivery(tx, waiting.shop, waiting.message, Delivery::Sending, None)?;
    let outgoing = outgoing(tx.conn, &waiting, attempt)?;
    Ok(Claimed::Message(Box::new(outgoing)))
}

struct Waiting {
    shop: ShopId,
    message: MessageId,
    conversation: ConversationId,
    queued_at: Timestamp,
    attempts: u32,
    answer_lost: bool,
}

fn waiting(conn: &Connection, sql: &str, key: impl Params) -> rusqlite::Result<Option<Waiting>> {
    conn.prepare_cached(sql)?
        .query_row(key, |row| {
            Ok(Waiting {
                shop: id(row, 0, ShopId)?,
                message: id(row, 1, MessageId)?,
                conversation: id(row, 2, ConversationId)?,
                queued_at: time(row, 3)?,
                attempts: row.get(4)?,
                answer_lost: row.get(5)?,
            })
        })
        .optional()
}

fn outgoing(conn: &Connection, waiting: &Waiting, attempt: AttemptId) -> rusqlite::Result<Outgoing> {
    conn.prepare_cached(
        "SELECT channel.id, channel.kind, conversation.address, message.text, secret.kind, secret.title, secret.body
         FROM message
         JOIN conversation ON conversation.shop = message.shop AND conversation.id = message.conversation
         JOIN channel ON channel.shop = conversation.shop AND channel.id = conversation.channel
         LEFT JOIN secret ON secret.shop = message.shop AND secret.id = message.id
         WHERE message.shop = ?1 AND message.id = ?2",
    )?
    .query_row(params![waiting.shop.as_bytes(), waiting.message.as_bytes()], |row| {
        Ok(Outgoing {
            shop: waiting.shop,
            channel: id(row, 0, ChannelId)?,
            kind: ChannelKind::new(row.get::<_, String>(1)?),
            conversation: waiting.conversation,
            address: row.get(2)?,
            message: waiting.message,
            text: secrets::told(row, 4, row.get(3)?)?,
            attempt,
            attempts: waiting.attempts + 1,
            queued_at: waiting.queued_at,
            answer_lost: waiting.answer_lost,
        })
    })
}

/// Takes a message out of the queue if it was never handed to its provider. Whether it was not.
pub(super) fn take_back(tx: &mut Tx<'_>, shop: ShopId, message: MessageId) -> Result<bool, OperationError> {
    let waits = tx
        .conn
        .prepare_cached(
            "SELECT 1 FROM outgoing WHERE shop = ?1 AND message = ?2 AND state = 'queued' AND attempts = 0",
        )?
        .exists(params![shop.as_bytes(), message.as_bytes()])?;
    if waits {
        remove(tx, shop, message)?;
    }
    Ok(waits)
}

/// A message that was deleted is not handed over any more, and where it may have been before, not again. One that is on
/// its way is looked at when its attempt ends.
pub(super) fn give_up_deleted(
    tx: &mut Tx<'_>,
    shop: ShopId,
    message: MessageId,
) -> Result<(), OperationError> {
    let answer_lost: Option<bool> = tx
        .conn
        .prepare_cached(
            "SELECT outgoing.answer_lost
             FROM outgoing JOIN message ON message.shop = outgoing.shop AND message.id = outgoing.message
             WHERE outgoing.shop = ?1 AND outgoing.message = ?2 AND outgoing.state = 'queued' AND message.deleted",
        )?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| row.get(0))
        .optional()?;
    match answer_lost {
        None => Ok(()),
        Some(true) => {
            tx.conn
                .prepare_cached("UPDATE outgoing SET state = 'unknown' WHERE shop = ?1 AND message = ?2")?
                .execute(params![shop.as_bytes(), message.as_bytes()])?;
            set_delivery(tx, shop, message, Delivery::Unknown, None)?;
            let_next_go(tx, shop, message)
        }
        Some(false) => {
            remove(tx, shop, message)?;
            let (inbox, _) = standing(tx.conn, shop, message)?;
            tx.conn
                .prepare_cached("UPDATE message SET delivery = NULL WHERE shop = ?1 AND id = ?2")?
                .execute(params![shop.as_bytes(), message.as_bytes()])?;
            tx.changes.touch(shop, Changed::Message(inbox, message));
            Ok(())
        }
    }
}

/// Takes a message out of the queue; the next of its conversation may go.
fn remove(tx: &mut Tx<'_>, shop: ShopId, message: MessageId) -> Result<(), OperationError> {
    let key = params![shop.as_bytes(), message.as_bytes()];
    let conversation = tx
        .conn
        .prepare_cached("DELETE FROM outgoing WHERE shop = ?1 AND message = ?2 RETURNING conversation")?
        .query_row(key, |row| id(row, 0, ConversationId))?;
    let_first_go(tx, shop, conversation)
}

pub(super) fn settle(tx: &mut Tx<'_>, settled: &Settled) -> Result<(), OperationError> {
    let (state, next_at, answer_lost) = match &settled.outcome {
        AttemptOutcome::Sent => ("sent", None, false),
        AttemptOutcome::Refused { .. } => ("refused", None, false),
        AttemptOutcome::Unknown => ("unknown", None, true),
        AttemptOutcome::Later { at, answer_lost } => ("queued", Some(at.millis()), *answer_lost),
    };
    let changed = tx
        .conn
        .prepare_cached(
            "UPDATE outgoing SET state = ?4, next_at = COALESCE(?5, next_at), answer_lost = answer_lost OR ?6
             WHERE shop = ?1 AND message = ?2 AND attempt = ?3 AND state = 'sending'",
        )?
        .execute(params![
            settled.shop.as_bytes(),
            settled.message.as_bytes(),
            settled.attempt.as_bytes(),
            state,
            next_at,
            answer_lost
        ])?;
    if changed == 0 {
        return Ok(());
    }
    let (delivery, refused) = match &settled.outcome {
        AttemptOutcome::Sent => (Delivery::Sent, None),
        AttemptOutcome::Refused { code } => (Delivery::Refused, Some(code.as_str())),
        AttemptOutcome::Unknown => (Delivery::Unknown, None),
        // It stays "sending" for people: a delivery never goes back to an earlier state.
        AttemptOutcome::Later { .. } => {
            tx.committed.outgoing = true;
            return give_up_deleted(tx, settled.shop, settled.message);
        }
    };
    set_delivery(tx, settled.shop, settled.message, delivery, refused)?;
    let_next_go(tx, settled.shop, settled.message)
}

pub(super) fn recover(
    tx: &mut Tx<'_>,
    deduping: &[ChannelKind],
    now: Timestamp,
) -> Result<(), OperationError> {
    restored::recover(tx, deduping)?;
    let interrupted: Vec<(ShopId, MessageId, String)> = tx
        .conn
        .prepare_cached(
            "SELECT outgoing.shop, outgoing.message, channel.kind
             FROM outgoing
             JOIN conversation
                 ON conversation.shop = outgoing.shop AND conversation.id = outgoing.conversation
             JOIN channel ON channel.shop = conversation.shop AND channel.id = conversation.channel
             WHERE outgoing.state = 'sending' ORDER BY outgoing.shop, outgoing.message",
        )?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, id(row, 1, MessageId)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (shop, message, kind) in interrupted {
        let dedupes = deduping.iter().any(|known| known.as_str() == kind);
        tx.conn
            .prepare_cached(
                "UPDATE outgoing SET state = ?3, next_at = ?4, answer_lost = 1 WHERE shop = ?1 AND message = ?2",
            )?
            .execute(params![
                shop.as_bytes(),
                message.as_bytes(),
                if dedupes { "queued" } else { "unknown" },
                now.millis()
            ])?;
        if dedupes {
            give_up_deleted(tx, shop, message)?;
        } else {
            set_delivery(tx, shop, message, Delivery::Unknown, None)?;
            let_next_go(tx, shop, message)?;
        }
    }
    tx.committed.outgoing = true;
    Ok(())
}

/// Shows how far a message has come. It never goes back to an earlier state.
pub(super) fn set_delivery(
    tx: &mut Tx<'_>,
    shop: ShopId,
    message: MessageId,
    delivery: Delivery,
    refused: Option<&str>,
) -> Result<(), OperationError> {
    let (inbox, present) = standing(tx.conn, shop, message)?;
    if present >= Some(delivery) {
        return Ok(());
    }
    tx.conn
        .prepare_cached(
            "UPDATE message SET delivery = ?3, refused_by_channel = ?4 WHERE shop = ?1 AND id = ?2",
        )?
        .execute(params![shop.as_bytes(), message.as_bytes(), delivery.as_str(), refused])?;
    tx.changes.touch(shop, Changed::Message(inbox, message));
    Ok(())
}

/// The inbox that a message is in, and how far it has come.
fn standing(
    conn: &Connection,
    shop: ShopId,
    message: MessageId,
) -> rusqlite::Result<(InboxId, Option<Delivery>)> {
    conn.prepare_cached(
        "SELECT conversation.inbox, message.delivery
         FROM message
         JOIN conversation ON conversation.shop = message.shop AND conversation.id = message.conversation
         WHERE message.shop = ?1 AND message.id = ?2",
    )?
    .query_row(params![shop.as_bytes(), message.as_bytes()], |row| {
        let delivery: Option<String> = row.get(1)?;
        Ok((id(row, 0, InboxId)?, delivery.and_then(|word| Delivery::from_word(&word))))
    })
}
