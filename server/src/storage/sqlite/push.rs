//! Push: a device's mutations, applied in order, each at most once (docs/sync.md 10 to 12).
//!
//! What a mutation means is the domain's rule; here the facts are gathered for it and what it changed is stored. A
//! mutation runs under a savepoint: one that fails takes back its own changes, and the rest of the batch waits.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::conversation::{Base, ReadMarker};
use shopbell_domain::ids::{ConversationId, DeviceId, MessageId, MutationId, ShopId, StaffId};
use shopbell_domain::message::Delivery;
use shopbell_domain::mutation::{Facts, Mutation, NewMessage, Operation, Subject};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Actor, Staff};
use shopbell_domain::sync::{Fault, FaultKind, Outcome, PushAnswer, RowRef};
use shopbell_domain::text::TEXT_LIMIT_CHARS;
use shopbell_domain::time::Timestamp;

use super::changes::Changed;
use super::columns::{id, json, to_json};
use super::group::{Tx, guarded};
use super::heads::{self, StoredHead};
use super::{outgoing, rows, standing};
use crate::storage::{Denied, Kinds, OperationError, Push, StorageError};

/// How often the server fails at a mutation before it refuses it, so that it holds up nothing for ever.
pub(super) const FAILURES_LIMIT: i64 = 3;

/// What became of a mutation in this push.
enum Became {
    /// It has a result, from now or from before.
    Recorded,
    /// It waits for another one. Not recorded.
    Blocked,
    /// No correct program sends it. Not recorded.
    Faulty(FaultKind),
}

/// Everything that the decision on one mutation looks at, beside the database.
struct Context<'p> {
    shop: ShopId,
    device: DeviceId,
    actor: Actor,
    kinds: &'p Kinds,
    now: Timestamp,
}

pub(super) fn push(tx: &mut Tx<'_>, push: &Push) -> Result<PushAnswer, OperationError> {
    let epoch = standing::epoch(tx.conn)?;
    if push.epoch != epoch {
        return Err(Denied::EpochChanged(epoch).into());
    }
    let caller = &push.caller;
    let standing = standing::standing(tx.conn, caller.shop, caller.staff, caller.device)?;
    let context = Context {
        shop: caller.shop,
        device: caller.device,
        actor: Actor { staff: caller.staff, permissions: standing.permissions },
        kinds: &push.kinds,
        now: push.now,
    };
    let mut answer = PushAnswer { epoch, blocked: Vec::new(), faults: Vec::new(), failed: None };
    for mutation in &push.mutations {
        match apply_guarded(tx, &context, mutation)? {
            Some(Became::Recorded) => {}
            Some(Became::Blocked) => answer.blocked.push(mutation.mid),
            Some(Became::Faulty(kind)) => answer.faults.push(Fault { mid: mutation.mid, kind }),
            None => {
                answer.failed = Some(mutation.mid);
                break;
            }
        }
    }
    Ok(answer)
}

/// Applies a mutation under its savepoint. `None`: the server failed at it, not for the last time.
fn apply_guarded(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
) -> Result<Option<Became>, OperationError> {
    let mark = tx.changes.mark();
    let conn = tx.conn;
    let error = match guarded(conn, || apply(tx, context, mutation)) {
        Ok(became) => return Ok(Some(became)),
        // Not the mutation's fault: the whole push fails and is sent again.
        Err(OperationError::Storage(
            error @ (StorageError::Busy
            | StorageError::Full
            | StorageError::Unavailable(_)
            | StorageError::Corrupt(_)),
        )) => return Err(error.into()),
        Err(error) => error,
    };
    tx.changes.rewind(&mark);
    tracing::error!(%error, mid = %mutation.mid, name = mutation.name, "the server failed at a mutation");
    let failures: i64 = conn
        .prepare_cached(
            "INSERT INTO mutation_failure (shop, mid, count) VALUES (?1, ?2, 1)
             ON CONFLICT (shop, mid) DO UPDATE SET count = count + 1 RETURNING count",
        )?
        .query_row(params![context.shop.as_bytes(), mutation.mid.as_bytes()], |row| row.get(0))?;
    if failures < FAILURES_LIMIT {
        return Ok(None);
    }
    record(tx, context, mutation, &Outcome::Refused(Refusal::Internal), &[])?;
    Ok(Some(Became::Recorded))
}

fn apply(tx: &mut Tx<'_>, context: &Context<'_>, mutation: &Mutation) -> Result<Became, OperationError> {
    if let Some(known) = recorded(tx.conn, context.shop, mutation.mid)? {
        return Ok(again(tx, context, mutation, &known));
    }
    for needed in &mutation.depends_on {
        if !is_accepted(tx.conn, context, *needed)? {
            return Ok(Became::Blocked);
        }
    }
    match decide(tx, context, mutation)? {
        Ok(rows) => record(tx, context, mutation, &Outcome::Accepted, &rows)?,
        Err(refusal) => record(tx, context, mutation, &Outcome::Refused(refusal), &[])?,
    }
    Ok(Became::Recorded)
}

/// A mutation as it was recorded.
struct Recorded {
    staff: StaffId,
    device: DeviceId,
    name: String,
    v: u32,
    args: String,
    base: Option<Base>,
}

fn recorded(conn: &Connection, shop: ShopId, mid: MutationId) -> rusqlite::Result<Option<Recorded>> {
    conn.prepare_cached(
        "SELECT staff, device, name, v, args, base FROM mutation WHERE shop = ?1 AND mid = ?2",
    )?
    .query_row(params![shop.as_bytes(), mid.as_bytes()], |row| {
        Ok(Recorded {
            staff: id(row, 0, StaffId)?,
            device: id(row, 1, DeviceId)?,
            name: row.get(2)?,
            v: row.get(3)?,
            args: row.get(4)?,
            base: json(row, 5)?,
        })
    })
    .optional()
}

/// The same mutation again: its first result is logged anew, so that the device sees it once more.
fn again(tx: &mut Tx<'_>, context: &Context<'_>, mutation: &Mutation, known: &Recorded) -> Became {
    if (known.staff, known.device) != (context.actor.staff, context.device) {
        return Became::Faulty(FaultKind::NotYours);
    }
    let is_same = known.name == mutation.name
        && known.v == mutation.v
        && known.args == mutation.args.get()
        && known.base == mutation.base;
    if !is_same {
        return Became::Faulty(FaultKind::ArgsDiffer);
    }
    tx.changes.touch(context.shop, Changed::Result(context.device, mutation.mid));
    Became::Recorded
}

/// Whether this device's mutation `mid` was accepted. Somebody else's counts as unknown.
fn is_accepted(conn: &Connection, context: &Context<'_>, mid: MutationId) -> Result<bool, OperationError> {
    let outcome = conn
        .prepare_cached(
            "SELECT outcome FROM mutation WHERE shop = ?1 AND mid = ?2 AND staff = ?3 AND device = ?4",
        )?
        .query_row(
            params![
                context.shop.as_bytes(),
                mid.as_bytes(),
                context.actor.staff.as_bytes(),
                context.device.as_bytes()
            ],
            |row| json::<Outcome>(row, 0),
        )
        .optional()?;
    Ok(outcome == Some(Outcome::Accepted))
}

/// Decides and stores what changed: the rows that a result names, or why it is refused.
fn decide(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
) -> Result<Result<Vec<RowRef>, Refusal>, OperationError> {
    let operation = match mutation.operation() {
        Ok(operation) => operation,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let needs = operation.needs();
    if !context.actor.permissions.allow(needs) {
        // Before the conversation is looked up, so that the answer does not tell whether it is there.
        return Ok(Err(Refusal::NoPermission { needs }));
    }
    let conversation = operation.conversation();
    let Some(stored) = heads::load(tx.conn, context.shop, conversation)? else {
        return Ok(Err(Refusal::UnknownConversation));
    };
    let facts = facts(tx.conn, context, mutation, &operation, &stored)?;
    let marker = marker(tx.conn, context, conversation)?;
    let mut subject = Subject { head: stored.head.clone(), marker };
    let added = match operation.apply(&facts, &mut subject) {
        Ok(added) => added,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(message) = &added
        && is_message_known(tx.conn, context.shop, message.id)?
    {
        return Ok(Err(Refusal::AlreadySent));
    }
    store(tx, context, conversation, &stored, &subject, marker, added).map(Ok)
}

fn facts(
    conn: &Connection,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    stored: &StoredHead,
) -> Result<Facts, OperationError> {
    let named_staff = match operation.named_staff() {
        Some(named) => named_staff(conn, context.shop, named)?,
        None => None,
    };
    let seen_number = match operation.seen_message() {
        Some(seen) => seen_number(conn, context.shop, operation.conversation(), seen)?,
        None => None,
    };
    let kind: String = conn
        .prepare_cached("SELECT kind FROM channel WHERE shop = ?1 AND id = ?2")?
        .query_row(params![context.shop.as_bytes(), stored.head.channel.as_bytes()], |row| row.get(0))?;
    let capabilities = context.kinds.get(&shopbell_domain::channel::ChannelKind::new(kind));
    Ok(Facts {
        actor: context.actor.clone(),
        mid: mutation.mid,
        base: mutation.base,
        now: context.now,
        named_staff,
        seen_number,
        text_limit_chars: capabilities.map_or(TEXT_LIMIT_CHARS, |capable| capable.text_limit_chars),
    })
}

fn named_staff(conn: &Connection, shop: ShopId, named: StaffId) -> rusqlite::Result<Option<Staff>> {
    conn.prepare_cached(
        "SELECT name, email, permissions, owner FROM staff WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL",
    )?
    .query_row(params![shop.as_bytes(), named.as_bytes()], |row| rows::staff(row, 0))
    .optional()
}

fn seen_number(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    seen: MessageId,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT inbound_number FROM message WHERE shop = ?1 AND id = ?2 AND conversation = ?3",
    )?
    .query_row(params![shop.as_bytes(), seen.as_bytes(), conversation.as_bytes()], |row| row.get(0))
    .optional()
    .map(Option::flatten)
}

fn marker(
    conn: &Connection,
    context: &Context<'_>,
    conversation: ConversationId,
) -> rusqlite::Result<ReadMarker> {
    let key = params![context.shop.as_bytes(), context.actor.staff.as_bytes(), conversation.as_bytes()];
    let count = conn
        .prepare_cached("SELECT count FROM read_marker WHERE shop = ?1 AND staff = ?2 AND conversation = ?3")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    Ok(ReadMarker { conversation, count: count.unwrap_or(0) })
}

/// Whether a message of the shop has this id: ids are unique in a shop, so that a reply cannot be sent twice under
/// two mutations.
pub(super) fn is_message_known(
    conn: &Connection,
    shop: ShopId,
    message: MessageId,
) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM message WHERE shop = ?1 AND id = ?2")?
        .exists(params![shop.as_bytes(), message.as_bytes()])
}

/// Stores what an operation made of its subject and names the rows. The row that it was about is named even when it
/// is as it was: the phone that shows the change must have its present state before it lets go of its own.
fn store(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    conversation: ConversationId,
    before: &StoredHead,
    after: &Subject,
    marker: ReadMarker,
    added: Option<NewMessage>,
) -> Result<Vec<RowRef>, OperationError> {
    let shop = context.shop;
    let head_row = Changed::Conversation(before.inbox, conversation);
    let marker_row = Changed::ReadMarker(context.actor.staff, conversation);
    let mut named = Vec::new();
    if after.head != before.head {
        heads::update(tx.conn, shop, conversation, before.ver, &after.head)?;
        tx.changes.touch(shop, head_row);
    }
    if after.marker == marker {
        named.push(head_row.row_ref());
    } else {
        tx.conn
            .prepare_cached(
                "INSERT INTO read_marker (shop, staff, conversation, count) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (shop, staff, conversation) DO UPDATE SET count = excluded.count",
            )?
            .execute(params![
                shop.as_bytes(),
                context.actor.staff.as_bytes(),
                conversation.as_bytes(),
                after.marker.count
            ])?;
        tx.changes.touch(shop, marker_row);
        named.push(marker_row.row_ref());
    }
    if let Some(message) = added {
        let message_row = Changed::Message(before.inbox, message.id);
        tx.conn
            .prepare_cached(
                "INSERT INTO message (shop, id, conversation, mseq, author, text, at, delivery)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                shop.as_bytes(),
                message.id.as_bytes(),
                conversation.as_bytes(),
                after.head.last_mseq,
                context.actor.staff.as_bytes(),
                message.text,
                context.now.millis(),
                Delivery::Queued.as_str(),
            ])?;
        outgoing::queue(tx, shop, message.id, conversation, after.head.last_mseq, context.now)?;
        tx.changes.touch(shop, message_row);
        named.push(message_row.row_ref());
    }
    Ok(named)
}

/// Records what was decided; it is never decided again.
fn record(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    outcome: &Outcome,
    rows: &[RowRef],
) -> Result<(), OperationError> {
    tx.conn
        .prepare_cached(
            "INSERT INTO mutation (shop, mid, staff, device, name, v, args, base, outcome, rows, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            context.shop.as_bytes(),
            mutation.mid.as_bytes(),
            context.actor.staff.as_bytes(),
            context.device.as_bytes(),
            mutation.name,
            mutation.v,
            mutation.args.get(),
            to_json(&mutation.base)?,
            to_json(outcome)?,
            to_json(&rows)?,
            context.now.millis(),
        ])?;
    tx.changes.touch(context.shop, Changed::Result(context.device, mutation.mid));
    Ok(())
}
