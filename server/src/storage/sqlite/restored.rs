//! The outgoing queue after a restore (docs/sync.md 19.2): the restored state says "queued", but what was queued then may
//! have been handed over since, so all of it may have arrived. Where the provider dedupes it goes on once the writer's
//! device has brought back what it knows (it may bring a cancel); elsewhere nobody sends it again by themselves.

use rusqlite::{Connection, params};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::ids::{ConversationId, DeviceId, MessageId, ShopId};
use shopbell_domain::message::Delivery;
use shopbell_domain::time::Timestamp;

use super::columns::id;
use super::group::Tx;
use super::outgoing::{first_of, set_delivery};
use crate::storage::OperationError;

/// What waits for its writer's device.
pub(super) const PARKED_SQL: &str =
    "SELECT DISTINCT conversation FROM outgoing WHERE shop = ?1 AND device = ?2 AND state = 'parked'";

/// Sorts what a restore interrupted by what its provider does. Called once the server knows its channels.
pub(super) fn recover(tx: &mut Tx<'_>, deduping: &[ChannelKind]) -> Result<(), OperationError> {
    let interrupted: Vec<(ShopId, MessageId, String, bool)> = tx
        .conn
        .prepare_cached(
            "SELECT outgoing.shop, outgoing.message, channel.kind, outgoing.device IS NOT NULL
             FROM outgoing
             JOIN conversation
                 ON conversation.shop = outgoing.shop AND conversation.id = outgoing.conversation
             JOIN channel ON channel.shop = conversation.shop AND channel.id = conversation.channel
             WHERE outgoing.state = 'restored' ORDER BY outgoing.shop, outgoing.message",
        )?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, id(row, 1, MessageId)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for (shop, message, kind, has_writer) in interrupted {
        let waits = has_writer && deduping.iter().any(|known| known.as_str() == kind);
        tx.conn
            .prepare_cached(
                "UPDATE outgoing SET state = ?3, next_at = NULL, answer_lost = 1 WHERE shop = ?1 AND message = ?2",
            )?
            .execute(params![
                shop.as_bytes(),
                message.as_bytes(),
                if waits { "parked" } else { "unknown" }
            ])?;
        set_delivery(tx, shop, message, Delivery::Unknown, None)?;
    }
    Ok(())
}

/// Keeps what a device brings to a conversation behind what waits for it there: nobody's replies overtake each other.
pub(super) fn wait_behind(
    conn: &Connection,
    shop: ShopId,
    device: DeviceId,
    conversation: ConversationId,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE outgoing SET state = 'parked', next_at = NULL
         WHERE shop = ?1 AND conversation = ?3 AND device = ?2 AND state = 'queued'
             AND EXISTS (SELECT 1 FROM outgoing AS waits WHERE waits.shop = ?1 AND waits.device = ?2
                 AND waits.state = 'parked' AND waits.conversation = ?3)",
    )?
    .execute(params![shop.as_bytes(), device.as_bytes(), conversation.as_bytes()])?;
    Ok(())
}

/// Lets go on what waited for this device: it has brought back everything that it knew. It counts as handed over once,
/// since before the restore it may have been: nobody can take it back any more.
pub(super) fn let_go(
    tx: &mut Tx<'_>,
    shop: ShopId,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let key = params![shop.as_bytes(), device.as_bytes()];
    let conversations: Vec<ConversationId> = tx
        .conn
        .prepare_cached(PARKED_SQL)?
        .query_map(key, |row| id(row, 0, ConversationId))?
        .collect::<Result<_, _>>()?;
    if conversations.is_empty() {
        return Ok(());
    }
    // One that was deleted since is not shown again; whether it ever was, nobody knows.
    tx.conn
        .prepare_cached(
            "UPDATE outgoing SET state = 'unknown' WHERE shop = ?1 AND device = ?2 AND state = 'parked'
                 AND EXISTS (SELECT 1 FROM message WHERE message.shop = outgoing.shop
                     AND message.id = outgoing.message AND message.deleted)",
        )?
        .execute(key)?;
    tx.conn
        .prepare_cached(
            "UPDATE outgoing SET state = 'queued', queued_at = ?3, attempts = max(attempts, 1)
             WHERE shop = ?1 AND device = ?2 AND state = 'parked'",
        )?
        .execute(params![shop.as_bytes(), device.as_bytes(), now.millis()])?;
    conversations.into_iter().try_for_each(|conversation| line_up(tx, shop, conversation, now))
}

/// Gives the first of a conversation's line its turn, and no other: what went on may stand before one that was first.
pub(super) fn line_up(
    tx: &mut Tx<'_>,
    shop: ShopId,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), OperationError> {
    let Some(first) = first_of(tx.conn, shop, conversation)? else { return Ok(()) };
    if !has_address(tx.conn, shop, conversation)? {
        return Ok(());
    }
    tx.conn
        .prepare_cached(
            "UPDATE outgoing SET next_at = CASE
                 WHEN message <> ?3 OR EXISTS (SELECT 1 FROM outgoing AS under_way WHERE under_way.shop = ?1
                     AND under_way.conversation = ?2 AND under_way.state = 'sending') THEN NULL
                 ELSE COALESCE(next_at, ?4) END
             WHERE shop = ?1 AND conversation = ?2 AND state = 'queued'",
        )?
        .execute(params![shop.as_bytes(), conversation.as_bytes(), first.as_bytes(), now.millis()])?;
    tx.committed.outgoing = true;
    Ok(())
}

/// Whether it is known where replies to a conversation go. Of one that a phone brought back it is not, until the
/// customer is heard of again.
pub(super) fn has_address(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM conversation WHERE shop = ?1 AND id = ?2 AND address <> ''")?
        .exists(params![shop.as_bytes(), conversation.as_bytes()])
}

/// Notes where replies to a conversation go, if that was not known; what waited for it goes.
pub(super) fn note_address(
    tx: &mut Tx<'_>,
    shop: ShopId,
    conversation: ConversationId,
    address: &str,
    now: Timestamp,
) -> Result<(), OperationError> {
    let changed = tx
        .conn
        .prepare_cached("UPDATE conversation SET address = ?3 WHERE shop = ?1 AND id = ?2 AND address = ''")?
        .execute(params![shop.as_bytes(), conversation.as_bytes(), address])?;
    if changed == 0 { Ok(()) } else { line_up(tx, shop, conversation, now) }
}
