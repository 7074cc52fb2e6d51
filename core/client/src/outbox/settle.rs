//! How a change leaves the outbox: with its result, to the journal, in the transaction that applies the pull which
//! brought it. A push answer never settles anything.

use shopbell_domain::ids::{EpochId, MutationId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{Fault, FaultKind, MutationResult, Outcome, Scope};

use super::unsent::before;
use crate::store::{self, Entry, SettledBy, StoreError, Write};

/// What a result did here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// A change that waited was accepted or taken back in time, or one that was refused here had been accepted.
    Accepted,
    /// A change that waited was refused; it is kept and shown.
    Refused,
    /// Nothing waited for it: it was settled before.
    Before,
}

/// Applies a result row. `seq` is its `ver`.
pub(crate) fn settle(
    to: &mut Write<'_>,
    result: &MutationResult,
    seq: i64,
    epoch: EpochId,
) -> Result<Settled, StoreError> {
    let by = SettledBy { seq: Some(seq), epoch };
    let Some(entry) = store::entry(to, result.mid)? else {
        return settle_again(to, result, by);
    };
    take_out(to, &entry, &result.outcome, by)?;
    Ok(match result.outcome {
        Outcome::Refused(_) => Settled::Refused,
        Outcome::Accepted | Outcome::Cancelled => Settled::Accepted,
    })
}

/// Refuses a change on the device: the server cannot even read a request that holds only this one.
pub(crate) fn refuse_here(
    to: &mut Write<'_>,
    mid: MutationId,
    refusal: &Refusal,
    epoch: EpochId,
) -> Result<(), StoreError> {
    match store::entry(to, mid)? {
        Some(entry) => {
            take_out(to, &entry, &Outcome::Refused(refusal.clone()), SettledBy { seq: None, epoch })
        }
        None => Ok(()),
    }
}

/// A fault of this program: reported, not sent again, not shown as "Not sent", not lost. Nothing waits for it.
pub(crate) fn set_aside(to: &mut Write<'_>, fault: &Fault) -> Result<(), StoreError> {
    let word = match fault.kind {
        FaultKind::ArgsDiffer => "args_differ",
        FaultKind::NotYours => "not_yours",
        FaultKind::Other => "other",
    };
    tracing::error!(mid = %fault.mid, fault = word, "the server names a fault of this program");
    let Some(entry) = store::entry(to, fault.mid)? else {
        return Ok(());
    };
    to.mark_fault(&entry, word)?;
    to.repoint(entry.target, fault.mid, &entry.mutation.depends_on)?;
    match entry.mutation.operation() {
        Ok(Operation::Cancel(cancel)) => came_too_late(to, cancel.mutation),
        _ => Ok(()),
    }
}

/// To the journal, and whatever follows from the outcome for what waits here.
fn take_out(to: &mut Write<'_>, entry: &Entry, outcome: &Outcome, by: SettledBy) -> Result<(), StoreError> {
    let operation = entry.mutation.operation().ok();
    let message = operation.as_ref().and_then(store::message_of);
    let mid = entry.mutation.mid;
    if is_remembered(to, operation.as_ref(), outcome)? {
        // What was accepted once is told of no more, but for the words of a reply, which must not go.
        let listed =
            matches!(outcome, Outcome::Refused(_)) && (entry.mutation.replay.is_none() || message.is_some());
        to.put_in_journal(entry, message, outcome, listed, by)?;
    }
    to.remove_from_outbox(entry)?;
    match (operation, outcome) {
        (Some(Operation::Cancel(cancel)), Outcome::Accepted) => taken_back(to, cancel.mutation, by),
        (Some(Operation::Cancel(cancel)), _) => came_too_late(to, cancel.mutation),
        (_, Outcome::Accepted) => to.repoint(entry.target, mid, &[]),
        (_, Outcome::Cancelled) => {
            to.take_draft_of(mid)?;
            to.repoint(entry.target, mid, &entry.mutation.depends_on)
        }
        (_, Outcome::Refused(_)) => Ok(()),
    }
}

/// What was accepted is remembered only while its words may be held; a refusal always, with the person's own. What is
/// brought back for a customer is held as their message.
fn is_remembered(
    to: &Write<'_>,
    operation: Option<&Operation>,
    outcome: &Outcome,
) -> Result<bool, StoreError> {
    if matches!(operation, Some(Operation::RecoverMessage(_))) {
        return Ok(false);
    }
    Ok(matches!(outcome, Outcome::Refused(_))
        || store::scopes(to)?.iter().any(|held| matches!(held.scope, Scope::Inbox(_))))
}

/// A cancel came in time: what it took back will not happen.
fn taken_back(to: &mut Write<'_>, mid: MutationId, by: SettledBy) -> Result<(), StoreError> {
    match store::entry(to, mid)? {
        Some(entry) => take_out(to, &entry, &Outcome::Cancelled, by),
        None => mark_cancelled(to, mid),
    }
}

/// It leaves "Not sent" too. What waited for it waits for what stands before it: nothing overtakes.
fn mark_cancelled(to: &mut Write<'_>, mid: MutationId) -> Result<(), StoreError> {
    let before = match store::one_listed(to, mid)? {
        Some(listed) => before(to, &listed)?,
        None => None,
    };
    match to.mark_cancelled(mid)? {
        Some(target) => to.repoint(target, mid, before.as_slice()),
        None => Ok(()),
    }
}

/// A cancel came too late, or not at all: what it was sent instead of is sent again, and gets its own result.
fn came_too_late(to: &mut Write<'_>, mid: MutationId) -> Result<(), StoreError> {
    match store::entry(to, mid)? {
        Some(entry) => to.release_hold(&entry),
        None => Ok(()),
    }
}

/// The server's word on what was settled before: it was taken back since, or had arrived though it was refused here.
fn settle_again(to: &mut Write<'_>, result: &MutationResult, by: SettledBy) -> Result<Settled, StoreError> {
    if result.outcome == Outcome::Cancelled {
        mark_cancelled(to, result.mid)?;
        return Ok(Settled::Before);
    }
    if !store::was_refused_here(to, result.mid)? {
        return Ok(Settled::Before);
    }
    let refusal = match &result.outcome {
        Outcome::Refused(refusal) => Some(refusal),
        Outcome::Accepted | Outcome::Cancelled => None,
    };
    if let Some(target) = to.correct_journal(result.mid, refusal, by)?
        && refusal.is_none()
    {
        to.repoint(target, result.mid, &[])?;
        return Ok(Settled::Accepted);
    }
    Ok(Settled::Before)
}
