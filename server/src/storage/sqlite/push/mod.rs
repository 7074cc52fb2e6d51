//! Push: a device's mutations, applied in order, each at most once (docs/sync.md 10 to 12).
//!
//! What a mutation means is the domain's rule; here the facts are gathered for it and what it changed is stored. A
//! mutation runs under a savepoint: one that fails takes back its own changes, and the rest of the batch waits.

mod cancel;
mod conversation;
mod customer;
mod origin;
mod replay;

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::conversation::Base;
use shopbell_domain::ids::{DeviceId, MutationId, ShopId, StaffId};
use shopbell_domain::mutation::{Facts, Mutation, Operation, Target};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::Actor;
use shopbell_domain::sync::{Fault, FaultKind, Outcome, PushAnswer, RowRef};
use shopbell_domain::text::TEXT_LIMIT_CHARS;
use shopbell_domain::time::Timestamp;

use super::changes::Changed;
use super::columns::{id, json, to_json};
use super::group::{Tx, guarded};
use super::{epochs, restored, standing};
use crate::storage::{Kinds, OperationError, Push, StorageError};

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

impl Context<'_> {
    /// What every decision knows; what is looked up for it is added.
    fn facts(&self, mutation: &Mutation) -> Facts {
        Facts {
            actor: self.actor.clone(),
            mid: mutation.mid,
            base: mutation.base,
            now: self.now,
            named_staff: None,
            seen_number: None,
            text_limit_chars: TEXT_LIMIT_CHARS,
            channel_revises: false,
        }
    }
}

/// What was decided: the rows that a result names, or why it is refused.
type Decided = Result<Vec<RowRef>, Refusal>;

pub(super) fn push(tx: &mut Tx<'_>, push: &Push) -> Result<PushAnswer, OperationError> {
    let caller = &push.caller;
    let epoch = epochs::require(tx.conn, caller.shop, push.epoch)?;
    let standing = standing::standing(tx.conn, caller.shop, caller.staff, caller.device)?;
    let context = Context {
        shop: caller.shop,
        device: caller.device,
        actor: Actor { staff: caller.staff, permissions: standing.permissions },
        kinds: &push.kinds,
        now: push.now,
    };
    // A device brings back first what it knows; what comes after says that it has brought all.
    let first_new = push.mutations.iter().position(|mutation| !replay::is_brought(mutation));
    let mut answer = PushAnswer { epoch, blocked: Vec::new(), faults: Vec::new(), failed: None };
    if push.mutations.is_empty() {
        restored::let_go(tx, context.shop, context.device, context.now)?;
    }
    for (at, mutation) in push.mutations.iter().enumerate() {
        if first_new == Some(at) {
            restored::let_go(tx, context.shop, context.device, context.now)?;
        }
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
        if !holds_nothing(tx.conn, context, *needed)? {
            return Ok(Became::Blocked);
        }
    }
    if let Some(fault) = cancel::fault(tx.conn, context, mutation)? {
        return Ok(Became::Faulty(fault));
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
    /// Empty for one that was cancelled before any packet of it came.
    args: String,
    base: Option<Base>,
    outcome: Outcome,
}

impl Recorded {
    /// Whether this person made it on this device.
    fn is_of(&self, context: &Context<'_>) -> bool {
        (self.staff, self.device) == (context.actor.staff, context.device)
    }

    /// Whether `mutation` is it, come again.
    fn is(&self, mutation: &Mutation) -> bool {
        self.name == mutation.name
            && self.v == mutation.v
            && (self.args.is_empty() || (self.args == mutation.args.get() && self.base == mutation.base))
    }
}

fn recorded(conn: &Connection, shop: ShopId, mid: MutationId) -> rusqlite::Result<Option<Recorded>> {
    conn.prepare_cached(
        "SELECT staff, device, name, v, args, base, outcome FROM mutation WHERE shop = ?1 AND mid = ?2",
    )?
    .query_row(params![shop.as_bytes(), mid.as_bytes()], |row| {
        Ok(Recorded {
            staff: id(row, 0, StaffId)?,
            device: id(row, 1, DeviceId)?,
            name: row.get(2)?,
            v: row.get(3)?,
            args: row.get(4)?,
            base: json(row, 5)?,
            outcome: json(row, 6)?,
        })
    })
    .optional()
}

/// The same mutation again: its first result is logged anew, so that the device sees it once more.
fn again(tx: &mut Tx<'_>, context: &Context<'_>, mutation: &Mutation, known: &Recorded) -> Became {
    if !known.is_of(context) {
        return Became::Faulty(FaultKind::NotYours);
    }
    if !known.is(mutation) {
        return Became::Faulty(FaultKind::ArgsDiffer);
    }
    tx.changes.touch(context.shop, Changed::Result(context.device, mutation.mid));
    Became::Recorded
}

/// Whether this device's mutation `mid` is settled so that what names it may go on: it was accepted, or taken back.
/// Somebody else's counts as unknown.
fn holds_nothing(conn: &Connection, context: &Context<'_>, mid: MutationId) -> Result<bool, OperationError> {
    let known = recorded(conn, context.shop, mid)?.filter(|known| known.is_of(context));
    Ok(known.is_some_and(|known| matches!(known.outcome, Outcome::Accepted | Outcome::Cancelled)))
}

/// Decides and stores what changed.
fn decide(tx: &mut Tx<'_>, context: &Context<'_>, mutation: &Mutation) -> Result<Decided, OperationError> {
    let operation = match mutation.operation() {
        Ok(operation) => operation,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(decided) = replay::decide(tx, context, mutation, &operation)? {
        return Ok(decided);
    }
    // Before anything is looked up, so that the answer does not tell whether it is there.
    if let Err(refusal) = operation.check_permissions(&context.actor.permissions) {
        return Ok(Err(refusal));
    }
    if let Operation::Cancel(args) = &operation {
        return cancel::decide(tx, context, mutation, args);
    }
    match operation.target() {
        Target::Conversation(id) => conversation::decide(tx, context, mutation, &operation, id),
        Target::Customer(id) => customer::decide(tx, context, mutation, &operation, id),
    }
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
