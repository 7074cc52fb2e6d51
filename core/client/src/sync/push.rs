//! Push: the oldest of the outbox, in order, one request in flight. An answer settles nothing; it only says what will
//! have no result.

use shopbell_domain::ids::{EpochId, MutationId};
use shopbell_domain::mutation::Mutation;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{
    PUSH_LIMIT_MUTATIONS, Problem, ProblemKind, PushAnswer, PushRequest, SYNC_BODY_LIMIT_BYTES,
};
use shopbell_domain::time::Timestamp;

use super::engine::Engine;
use super::lane::Lane;
use super::request::{Call, RequestError, RequestId};
use crate::outbox;
use crate::store::{self, Entry, Profile, Store, StoreError};

/// How many of the oldest mutations are looked at for one push. Those behind them wait for these.
const LOOK_LIMIT_ROWS: usize = 1_000;
/// What a push may carry in arguments, in bytes; the rest of the body's limit is for what stands around them.
const ARGS_LIMIT_BYTES: usize = SYNC_BODY_LIMIT_BYTES - 64 * 1024;
/// What stands around the arguments of one mutation at most, in bytes, but for what it depends on.
const AROUND_ARGS_BYTES: usize = 320;

impl Engine {
    pub(super) fn send_push(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let Some((device, epoch)) =
            store.read(Profile::read)?.and_then(|profile| profile.epoch.map(|epoch| (profile.device, epoch)))
        else {
            return Ok(());
        };
        let entries = store.read(|from| store::oldest(from, LOOK_LIMIT_ROWS))?;
        let mutations = self.batch(entries, epoch);
        if mutations.is_empty() {
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

    fn batch(&self, entries: Vec<Entry>, epoch: EpochId) -> Vec<Mutation> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        for entry in entries {
            let mut mutation = entry.mutation;
            let held_back = self.awaiting.contains_key(&mutation.mid) || self.blocked.contains(&mutation.mid);
            if entry.set_aside || held_back {
                continue;
            }
            bytes += mutation.args.get().len() + AROUND_ARGS_BYTES;
            let full = batch.len() >= self.batch_limit || bytes > ARGS_LIMIT_BYTES;
            if full && !batch.is_empty() {
                break;
            }
            mutation.attempted_epoch = entry.left_epoch.filter(|left| *left != epoch);
            batch.push(mutation);
        }
        batch
    }

    pub(super) fn pushed(
        &mut self,
        store: &mut Store,
        request: &PushRequest,
        answer: PushAnswer,
    ) -> Result<Option<RequestError>, StoreError> {
        if request.epoch != answer.epoch {
            return Ok(Some(RequestError::Garbled)); // of another history: the server should have said so
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
                self.blocked.insert(mutation.mid);
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
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.want(Lane::Push);
        if let [only] = request.mutations.as_slice() {
            let refusal = match kind {
                ProblemKind::TooLarge => Refusal::TooLarge,
                _ => Refusal::Unreadable,
            };
            tracing::warn!(mid = %only.mid, refusal = refusal.code(), "refused on the device");
            let ((), touched) =
                store.write(|to| outbox::refuse_here(to, only.mid, &refusal, request.epoch, now))?;
            self.touched.add(touched);
            self.progress.refused += 1;
        } else {
            self.batch_limit = (request.mutations.len() / 2).max(1);
        }
        Ok(())
    }
}
