//! "Cancel": an earlier reply of the same device is not to happen (docs/sync.md 13).
//!
//! The cancelled mutation's id is spent whatever had become of it, so that a late packet of it changes nothing. Only
//! what was never handed to a provider can be taken back. Its place in the conversation is kept by a deleted message
//! under another id, so that the sequence has no hole and the reply, written anew, can be sent under its own id.

use rusqlite::{Connection, params};
use shopbell_domain::ids::{MessageId, MutationId, ShopId, hashed_uuid};
use shopbell_domain::message::{Message, Revision};
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation, VERSION};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{FaultKind, Outcome, RowRef};

use super::{Context, Decided, Recorded, recorded};
use crate::storage::OperationError;
use crate::storage::sqlite::changes::Changed;
use crate::storage::sqlite::columns::to_json;
use crate::storage::sqlite::group::Tx;
use crate::storage::sqlite::heads::{self, StoredHead};
use crate::storage::sqlite::{messages, outgoing, secrets};

/// The only operation that can be cancelled.
const CANCELLED_NAME: &str = "send_message";

/// What is wrong with a cancel that no correct program sends: of another device's mutation, or of another reply than
/// the mutation's.
pub(super) fn fault(
    conn: &Connection,
    context: &Context<'_>,
    mutation: &Mutation,
) -> Result<Option<FaultKind>, OperationError> {
    let Ok(Operation::Cancel(args)) = mutation.operation() else { return Ok(None) };
    let Some(known) = recorded(conn, context.shop, args.mutation)? else { return Ok(None) };
    Ok(match known {
        _ if !known.is_of(context) => Some(FaultKind::NotYours),
        _ if !is_about(&known, &args) => Some(FaultKind::ArgsDiffer),
        _ => None,
    })
}

/// Whether a mutation is the one that a cancel is about, as far as can be told: of one that came with unreadable
/// arguments, or not at all, nobody knows which reply it was.
fn is_about(known: &Recorded, args: &Cancel) -> bool {
    let sent = serde_json::from_str::<SendMessage>(&known.args);
    let is_it = |sent: SendMessage| (sent.conversation, sent.message) == (args.conversation, args.message);
    known.name == CANCELLED_NAME && sent.map_or(true, is_it)
}

/// Decides on a cancel without a fault, and takes back what it can. The conversation may be unknown: nothing was sent
/// there then.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    args: &Cancel,
) -> Result<Decided, OperationError> {
    let stored = heads::load(tx.conn, context.shop, args.conversation)?;
    let known = recorded(tx.conn, context.shop, args.mutation)?;
    let was_accepted = known.as_ref().is_some_and(|known| known.outcome == Outcome::Accepted);
    let mut named = Vec::new();
    if let (true, Some(stored)) = (was_accepted, &stored) {
        match take_back(tx, context.shop, args, stored, Revision::made(mutation.mid, context.now))? {
            Some(rows) => named.extend(rows),
            None => return Ok(Err(Refusal::AlreadySent)),
        }
    }
    if let Some(stored) = &stored {
        named.push(Changed::Conversation(stored.inbox, args.conversation).row_ref());
    }
    match known {
        Some(_) => settle(tx, context, args.mutation, &named)?,
        None => spend(tx, context, args.mutation)?,
    }
    Ok(Ok(named))
}

/// Takes back an accepted reply that was never handed to a provider. Answers the rows that changed; `None`: it was.
fn take_back(
    tx: &mut Tx<'_>,
    shop: ShopId,
    args: &Cancel,
    stored: &StoredHead,
    revision: Revision,
) -> Result<Option<Vec<RowRef>>, OperationError> {
    let Some(sent) = messages::load(tx.conn, shop, args.message)? else { return Ok(None) };
    if !outgoing::take_back(tx, shop, args.message)? {
        return Ok(None);
    }
    let message_row = |id: MessageId| Changed::Message(stored.inbox, id);
    let mut named = vec![message_row(args.message).row_ref()];
    named.extend(secrets::end(tx, shop, stored.inbox, args.message)?.map(Changed::row_ref));
    messages::delete(tx.conn, shop, args.message)?;
    tx.changes.end(shop, message_row(args.message));

    let place = MessageId(hashed_uuid(&[b"cancelled", args.mutation.as_bytes()]));
    let kept = Message {
        text: String::new(),
        delivery: None,
        shared: None,
        revision: Some(revision),
        deleted: true,
        ..sent.message
    };
    messages::insert(tx.conn, shop, place, &kept)?;
    tx.changes.touch(shop, message_row(place));
    named.push(message_row(place).row_ref());

    let mut head = stored.head.clone();
    if let Some(preview) = head.preview.as_mut().filter(|preview| preview.message == args.message) {
        preview.message = place;
        preview.text.clear();
        preview.shared = None;
        preview.deleted = true;
        heads::update(tx.conn, shop, args.conversation, stored.ver, &head)?;
        tx.changes.touch(shop, Changed::Conversation(stored.inbox, args.conversation));
    }
    Ok(Some(named))
}

/// The cancelled mutation's result becomes "cancelled", and is logged anew.
fn settle(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mid: MutationId,
    named: &[RowRef],
) -> Result<(), OperationError> {
    tx.conn
        .prepare_cached("UPDATE mutation SET outcome = ?3, rows = ?4 WHERE shop = ?1 AND mid = ?2")?
        .execute(params![
            context.shop.as_bytes(),
            mid.as_bytes(),
            to_json(&Outcome::Cancelled)?,
            to_json(&named)?
        ])?;
    tx.changes.touch(context.shop, Changed::Result(context.device, mid));
    Ok(())
}

/// Records a mutation of which no packet came: whatever comes under its id, it is cancelled.
fn spend(tx: &mut Tx<'_>, context: &Context<'_>, mid: MutationId) -> Result<(), OperationError> {
    tx.conn
        .prepare_cached(
            "INSERT INTO mutation (shop, mid, staff, device, name, v, args, base, outcome, rows, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', 'null', ?7, '[]', ?8)",
        )?
        .execute(params![
            context.shop.as_bytes(),
            mid.as_bytes(),
            context.actor.staff.as_bytes(),
            context.device.as_bytes(),
            CANCELLED_NAME,
            VERSION,
            to_json(&Outcome::Cancelled)?,
            context.now.millis(),
        ])?;
    tx.changes.touch(context.shop, Changed::Result(context.device, mid));
    Ok(())
}
