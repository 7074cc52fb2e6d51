//! How a change leaves the outbox: with its result, to the journal, in the transaction that applies the pull which
//! brought it. A push answer never settles anything.

use shopbell_domain::ids::{EpochId, MutationId};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{Fault, FaultKind, MutationResult, Outcome};
use shopbell_domain::time::Timestamp;

use crate::store::{self, SettledBy, StoreError, Write};

/// What a result did here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// A change that waited was accepted.
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
    now: Timestamp,
) -> Result<Settled, StoreError> {
    let refusal = match &result.outcome {
        Outcome::Accepted | Outcome::Cancelled => None,
        Outcome::Refused(refusal) => Some(refusal),
    };
    let by = SettledBy { seq: Some(seq), epoch, at: now };
    if move_to_journal(to, result.mid, refusal, by)? {
        return Ok(if refusal.is_some() { Settled::Refused } else { Settled::Accepted });
    }
    if store::was_refused_here(to, result.mid)? {
        to.correct_journal(result.mid, refusal, by)?;
    }
    Ok(Settled::Before)
}

/// Refuses a change on the device: the server cannot even read a request that holds only this one.
pub(crate) fn refuse_here(
    to: &mut Write<'_>,
    mid: MutationId,
    refusal: &Refusal,
    epoch: EpochId,
    now: Timestamp,
) -> Result<(), StoreError> {
    move_to_journal(to, mid, Some(refusal), SettledBy { seq: None, epoch, at: now })?;
    Ok(())
}

/// A fault of this program: reported, not sent again, not shown as "Not sent", not lost.
pub(crate) fn set_aside(to: &mut Write<'_>, fault: &Fault) -> Result<(), StoreError> {
    let word = match fault.kind {
        FaultKind::ArgsDiffer => "args_differ",
        FaultKind::NotYours => "not_yours",
        FaultKind::Other => "other",
    };
    tracing::error!(mid = %fault.mid, fault = word, "the server names a fault of this program");
    match store::entry(to, fault.mid)? {
        Some(entry) => to.mark_fault(&entry, word),
        None => Ok(()),
    }
}

fn move_to_journal(
    to: &mut Write<'_>,
    mid: MutationId,
    refusal: Option<&Refusal>,
    by: SettledBy,
) -> Result<bool, StoreError> {
    let Some(entry) = store::entry(to, mid)? else {
        return Ok(false);
    };
    let message = entry.mutation.operation().ok().and_then(|operation| store::message_of(&operation));
    to.put_in_journal(&entry, message, refusal, by)?;
    to.remove_from_outbox(&entry)?;
    Ok(true)
}
