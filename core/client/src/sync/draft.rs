//! Drafts: what is in the composers goes to the server a moment after the person stops writing. One in flight, always
//! the newest text, in a lane of its own: it never holds a push or a pull back, and nothing waits for it.

use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::{ProblemKind, PutDraft};
use shopbell_domain::time::Timestamp;

use super::Effect;
use super::engine::Engine;
use super::lane::Lane;
use super::request::{Call, RequestError, RequestId};
use crate::store::{self, Store, StoreError};

/// After so long without another change a draft is sent, in milliseconds.
pub const QUIET_MS: i64 = 1_000;
/// However much is written, a draft is sent so long after its first unsent change at the latest, in milliseconds.
pub const LATEST_MS: i64 = 5_000;

/// When the next draft is due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    first_change: Timestamp,
    at: Timestamp,
}

impl Engine {
    /// A person wrote something.
    pub(super) fn draft_changed(&mut self, now: Timestamp) {
        let first_change = self.draft_due.map_or(now, |due| due.first_change);
        let at = now.plus_ms(QUIET_MS).min(first_change.plus_ms(LATEST_MS));
        self.draft_due = Some(Due { first_change, at });
        self.want(Lane::Draft);
    }

    pub(super) fn send_draft(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        // Farther away than it can be: the clock was set back meanwhile.
        if let Some(due) = self.draft_due
            && due.at > now
            && due.at.since_ms(now) <= LATEST_MS
        {
            self.lane(Lane::Draft).wanted = false;
            self.effects.push(Effect::SetTimer { id: Lane::Draft, at: due.at });
            return Ok(());
        }
        self.draft_due = None;
        match store.read(store::unsent_draft)? {
            Some(draft) => {
                let put = PutDraft { message: draft.message, text: draft.text };
                self.send(Call::Draft { conversation: draft.conversation, put }, None);
            }
            None => {
                self.lane(Lane::Draft).wanted = false;
                self.flushing = false;
            }
        }
        Ok(())
    }

    /// The server has it. Its row stands here from the next pull on.
    pub(super) fn draft_stored(
        &mut self,
        store: &mut Store,
        conversation: ConversationId,
        put: &PutDraft,
    ) -> Result<Option<RequestError>, StoreError> {
        let ((), touched) =
            store.write(|to| to.draft_answered(conversation, put.message, &put.text, true))?;
        self.touched.add(touched);
        self.drafts_stored.insert(conversation, RequestId(self.next_request));
        self.want(Lane::Pull); // soon: until then a row that another device made is not seen
        self.want(Lane::Draft); // another one, or what was written meanwhile
        Ok(None)
    }

    /// The server does not take it: it stays here and is not sent again.
    pub(super) fn draft_refused(
        &mut self,
        store: &mut Store,
        conversation: ConversationId,
        put: &PutDraft,
        kind: ProblemKind,
    ) -> Result<(), StoreError> {
        tracing::warn!(%conversation, kind = kind.as_str(), "a draft stays on this device");
        let ((), touched) =
            store.write(|to| to.draft_answered(conversation, put.message, &put.text, false))?;
        self.touched.add(touched);
        self.want(Lane::Draft);
        Ok(())
    }

    /// A pull brought this person's rows up to now. Where it left after the server had a draft, its row stands.
    pub(super) fn release_drafts(&mut self, store: &mut Store, pull: RequestId) -> Result<(), StoreError> {
        self.drafts_stored.retain(|_, first_pull| *first_pull > pull);
        let not_yet = self.drafts_stored.keys().copied().collect();
        if store.read(store::has_sent_draft)? {
            let ((), touched) = store.write(|to| to.release_drafts(&not_yet))?;
            self.touched.add(touched);
            self.want(Lane::Draft);
        }
        Ok(())
    }
}
