//! History: older messages of one conversation, asked for by a person, or the newest of one that came back without them.
//! It carries scope and grant number; what was asked for under another grant is dropped for good, what was read before a
//! change that was dropped here is asked again.

use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::HistoryAnswer;

use super::Effect;
use super::beside::{BesideAnswer, Taken};
use super::engine::Engine;
use super::request::{Call, RequestError};
use crate::conversation::PAGE_ROWS;
use crate::store::{Profile, Store, StoreError};

/// How many conversations' history may be asked for at once.
const HISTORY_LIMIT: usize = 16;
/// How often one question is asked again before it is given up.
const ASK_LIMIT: u32 = 5;

/// A question for older messages.
#[derive(Clone, Debug)]
pub(super) struct History {
    before: i64,
    asked: u32,
    pub(super) in_flight: bool,
    /// A change to this conversation was dropped since the request left.
    pub(super) missed: bool,
    /// A person waits for it.
    pub(super) awaited: bool,
}

impl History {
    pub(super) fn new(before: i64, awaited: bool) -> History {
        History { before, asked: 0, in_flight: false, missed: false, awaited }
    }
}

impl Engine {
    pub(super) fn ask_history(&mut self, conversation: ConversationId, before: i64) {
        if let Some(asked) = self.histories.get_mut(&conversation) {
            asked.awaited = true; // the answer to the first question is the answer to this one
            return;
        }
        if self.histories.len() >= HISTORY_LIMIT {
            self.history_done(conversation, Err(RequestError::Unreachable));
            return;
        }
        self.histories.insert(conversation, History::new(before, true));
    }

    pub(super) fn send_histories(&mut self, store: &Store) {
        let epoch = store.read(Profile::read).ok().flatten().and_then(|profile| profile.epoch);
        let mut due = Vec::new();
        for (conversation, history) in &mut self.histories {
            if !history.in_flight {
                history.in_flight = true;
                history.missed = false;
                history.asked += 1;
                due.push((*conversation, history.before));
            }
        }
        for (conversation, before) in due {
            self.send(Call::History { conversation, before, limit: PAGE_ROWS }, epoch);
        }
    }

    pub(super) fn history_came(
        &mut self,
        store: &mut Store,
        conversation: ConversationId,
        answer: HistoryAnswer,
    ) -> Result<Option<RequestError>, StoreError> {
        let HistoryAnswer { epoch, scope, grant, seq, ref rows, ref also, .. } = answer;
        let missed = self.histories.get(&conversation).is_some_and(|history| history.missed);
        match self.take_beside(store, &BesideAnswer { epoch, scope, grant, seq, rows, also, missed }) {
            Ok(Taken::In) => {
                self.newest_came(store, conversation)?;
                self.history_done(conversation, Ok(()));
            }
            Ok(Taken::Dropped) => self.history_done(conversation, Err(RequestError::Garbled)),
            Ok(Taken::TooOld) => self.ask_again(conversation, RequestError::Garbled),
            Err(error) => {
                self.history_done(conversation, Err(RequestError::Garbled));
                return Err(error);
            }
        }
        Ok(None)
    }

    /// Asks once more, unless it was asked too often.
    pub(super) fn ask_again(&mut self, conversation: ConversationId, error: RequestError) {
        match self.histories.get_mut(&conversation) {
            Some(history) if history.asked < ASK_LIMIT => history.in_flight = false,
            _ => self.history_done(conversation, Err(error)),
        }
    }

    pub(super) fn history_done(&mut self, conversation: ConversationId, outcome: Result<(), RequestError>) {
        let asked = self.histories.remove(&conversation);
        self.newest_ended(conversation, outcome.as_ref().err());
        if asked.is_none_or(|asked| asked.awaited) {
            self.effects.push(Effect::HistoryDone { conversation, outcome });
        }
    }

    /// Nothing is sent now, and a person waits for the answer: it is no.
    pub(super) fn end_histories_that_cannot_be(&mut self) {
        let ended: Vec<ConversationId> =
            self.histories.iter().filter(|(_, history)| !history.in_flight).map(|(id, _)| *id).collect();
        for conversation in ended {
            self.history_done(conversation, Err(RequestError::Unreachable));
        }
    }
}
