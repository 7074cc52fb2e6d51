//! Snapshot: a scope page by page, each page in one transaction with how far the loading has come, so that a crash
//! goes on where it stopped and one page at a time is in memory. The pull then starts at the `seq` that was noted before
//! the first page. What is loaded is shown at once.

use shopbell_domain::sync::{Scope, SnapshotPage};
use shopbell_domain::time::Timestamp;

use super::engine::Engine;
use super::lane::Lane;
use super::request::{Call, RequestError};
use crate::store::{self, HeldScope, Profile, ScopeState, Store, StoreError};

impl Engine {
    pub(super) fn send_snapshot(&mut self, store: &mut Store) -> Result<(), StoreError> {
        let epoch = store.read(Profile::read)?.and_then(|profile| profile.epoch);
        // In the order of scopes: the shop and its people first, so that names are there when messages come.
        let next = store
            .read(store::scopes)?
            .into_iter()
            .filter_map(|held| match held.state {
                ScopeState::Loading { page, .. } => Some((held.scope, page)),
                ScopeState::Held(_) => None,
            })
            .min_by_key(|(scope, _)| *scope);
        match next {
            Some((scope, page)) => {
                self.send(Call::Snapshot { scope, page }, epoch);
            }
            None => self.lane(Lane::Snapshot).wanted = false,
        }
        Ok(())
    }

    pub(super) fn loaded(
        &mut self,
        store: &mut Store,
        scope: Scope,
        asked: Option<&str>,
        answer: SnapshotPage,
        _now: Timestamp,
    ) -> Result<Option<RequestError>, StoreError> {
        self.want(Lane::Snapshot);
        let epoch = store.read(Profile::read)?.and_then(|profile| profile.epoch);
        let held = store.read(|from| store::scope(from, scope))?;
        let Some(HeldScope { grant, state: ScopeState::Loading { noted, page }, .. }) = held else {
            return Ok(None); // taken away, or begun anew, while the request was under way
        };
        if epoch != Some(answer.epoch)
            || grant != answer.grant
            || scope != answer.scope
            || page.as_deref() != asked
        {
            return Ok(None);
        }
        if noted.is_some_and(|noted| noted != answer.noted) {
            // The pages are of another reading: only pages of one reading make a whole.
            let ((), touched) = store.write(|to| to.load_scope_again(scope))?;
            self.touched.add(touched);
            return Ok(Some(RequestError::Garbled));
        }
        let is_last = answer.next.is_none();
        let (dropped, touched) = store.write(|to| -> Result<_, StoreError> {
            to.load_page(scope, &answer.rows, answer.epoch, answer.noted, answer.next)?;
            Ok(to.dropped().clone())
        })?;
        self.touched.add(touched);
        self.note_dropped(&dropped);
        if is_last {
            self.want(Lane::Pull);
        }
        Ok(None)
    }
}
