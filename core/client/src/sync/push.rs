//! Push: the oldest of the outbox, in order, one request in flight. An answer settles nothing; it only says what will
//! have no result.

use rusqlite::Connection;

use shopbell_domain::ids::{EpochId, MutationId};
use shopbell_domain::mutation::Mutation;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{
    PUSH_LIMIT_MUTATIONS, Problem, ProblemKind, PushAnswer, PushRequest, SYNC_BODY_LIMIT_BYTES,
};

use super::engine::Engine;
use super::lane::Lane;
use super::request::{Call, RequestError, RequestId};
use crate::outbox;
use crate::store::{self, Profile, Store, StoreError};

/// How many of the oldest mutations are looked at for one push. Those behind them wait for these.
pub(super) const LOOK_LIMIT_ROWS: usize = 1_000;
/// What a push may carry in arguments, in bytes; the rest of the body's limit is for what stands around them.
const ARGS_LIMIT_BYTES: usize = SYNC_BODY_LIMIT_BYTES - 64 * 1024;
/// What stands around the arguments of one mutation at most, in bytes, but for what it depends on and where it comes from.
const AROUND_ARGS_BYTES: usize = 512;
/// What the name of a mutation that it depends on takes, in bytes.
const NAME_BYTES: usize = 40;
/// What stands around a customer's name in an origin, in bytes.
const AROUND_ORIGIN_BYTES: usize = 256;

impl Engine {
    pub(super) fn send_push(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some((device, epoch)) =
            store.read(Profile::read)?.and_then(|profile| profile.epoch.map(|epoch| (profile.device, epoch)))
        else {
            return Ok(());
        };
        let mutations = store.read(|from| self.batch(from, epoch))?;
        // An empty one says that everything was brought back that a restore had lost.
        if mutations.is_empty() && !store.read(store::owes_end)? {
            self.lane(Lane::Push).wanted = false;
            return Ok(());
        }
        // On disk before it leaves: after a restore of the server this decides whether it may have arrived.
        let mids: Vec<MutationId> = mutations.iter().map(|mutation| mutation.mid).collect();
        let ((), touched) = store.write(|to| to.mark_left(&mids, epoch))?;
        self.touched.add(touched);
        self.send(Call::Push(PushRequest { epoch, device, mutations }), Some(epoch));
        Ok(())
    }

    fn batch(&self, from: &Connection, epoch: EpochId) -> Result<Vec<Mutation>, StoreError> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        store::sendable(from, LOOK_LIMIT_ROWS, |entry| {
            let mut mutation = entry.mutation;
            if self.awaiting.contains_key(&mutation.mid) || self.blocked.contains(&mutation.mid) {
                return true;
            }
            bytes += size_bytes(&mutation);
            let full = batch.len() >= self.batch_limit || bytes > ARGS_LIMIT_BYTES;
            if full && !batch.is_empty() {
                return false;
            }
            if mutation.replay.is_none() {
                mutation.attempted_epoch = entry.left_epoch.filter(|left| *left != epoch);
            }
            batch.push(mutation);
            true
        })?;
        Ok(batch)
    }

    pub(super) fn pushed(
        &mut self,
        store: &mut Store,
        request: &PushRequest,
        answer: PushAnswer,
    ) -> Result<Option<RequestError>, StoreError> {
        if !is_present(store, request)? {
            return Ok(None); // the answer of a history that is no more
        }
        if request.epoch != answer.epoch {
            return Ok(Some(RequestError::Garbled)); // of another history: the server should have said so
        }
        if request.mutations.is_empty() {
            let ((), touched) = store.write(|to| to.end_of_what_was_brought_back())?;
            self.touched.add(touched);
        }
        if !answer.faults.is_empty() {
            let ((), touched) =
                store.write(|to| answer.faults.iter().try_for_each(|fault| outbox::set_aside(to, fault)))?;
            self.touched.add(touched);
        }
        self.batch_limit = (self.batch_limit * 2).min(PUSH_LIMIT_MUTATIONS);
        let results_by = RequestId(self.next_request); // the next pull must bring them
        for mutation in &request.mutations {
            if answer.failed == Some(mutation.mid) {
                break;
            }
            let fault = answer.faults.iter().any(|fault| fault.mid == mutation.mid);
            if answer.blocked.contains(&mutation.mid) {
                // Unless what it waited for was settled meanwhile: then it waits no more.
                let waits = store.read(|from| store::entry(from, mutation.mid))?;
                if waits.is_some_and(|entry| entry.mutation.depends_on == mutation.depends_on) {
                    self.blocked.insert(mutation.mid);
                }
            } else if !fault {
                self.awaiting.insert(mutation.mid, results_by);
            }
        }
        self.want(Lane::Pull);
        self.want(Lane::Push);
        // Where it broke off it failed, as if it had said so of the whole request.
        Ok(answer.failed.map(|_| RequestError::Problem(Box::new(Problem::new(ProblemKind::Internal)))))
    }

    /// The server refused a whole request: half of it is tried, down to the one that cannot be read, which is refused
    /// here with its text kept. So one bad mutation never blocks the others.
    pub(super) fn halve(
        &mut self,
        store: &mut Store,
        request: &PushRequest,
        kind: ProblemKind,
    ) -> Result<(), StoreError> {
        self.want(Lane::Push);
        if !is_present(store, request)? {
            return Ok(());
        }
        if let [only] = request.mutations.as_slice() {
            let refusal = match kind {
                ProblemKind::TooLarge => Refusal::TooLarge,
                _ => Refusal::Unreadable,
            };
            tracing::warn!(mid = %only.mid, refusal = refusal.code(), "refused on the device");
            let ((), touched) =
                store.write(|to| outbox::refuse_here(to, only.mid, &refusal, request.epoch))?;
            self.touched.add(touched);
            self.progress.refused += 1;
        } else {
            self.batch_limit = (request.mutations.len() / 2).max(1);
        }
        Ok(())
    }
}

/// Whether a push left under the history that is followed now.
fn is_present(store: &Store, request: &PushRequest) -> Result<bool, StoreError> {
    Ok(store.read(Profile::read)?.and_then(|profile| profile.epoch) == Some(request.epoch))
}

/// What a mutation takes in a request at most.
fn size_bytes(mutation: &Mutation) -> usize {
    let origin = mutation
        .origin
        .as_ref()
        .map_or(0, |origin| AROUND_ORIGIN_BYTES + 2 * origin.name.as_ref().map_or(0, String::len));
    mutation.args.get().len() + AROUND_ARGS_BYTES + NAME_BYTES * mutation.depends_on.len() + origin
}
