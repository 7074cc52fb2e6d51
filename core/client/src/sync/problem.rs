//! What to do about a no, by its kind. Nothing here gives up: whatever is not settled is tried again, at a pace.

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::{Problem, ProblemKind};
use shopbell_domain::time::Timestamp;

use super::engine::Engine;
use super::failure::Failure;
use super::lane::Lane;
use super::request::{Call, RequestError};
use crate::store::{Profile, Store};

impl Engine {
    /// A request had no answer, or not the one that was hoped for.
    pub(super) fn refused(
        &mut self,
        store: &mut Store,
        call: &Call,
        epoch: Option<EpochId>,
        with_present_token: bool,
        error: RequestError,
        now: Timestamp,
    ) {
        let RequestError::Problem(problem) = &error else {
            self.try_later(call, error, now);
            return;
        };
        match (problem.kind(), call) {
            (Some(ProblemKind::SignInAgain), Call::Refresh(_)) => self.sign_in_again(store, now),
            (Some(ProblemKind::SignInAgain), _) => self.refresh_first(call, with_present_token, error, now),
            (Some(ProblemKind::DeviceRemoved), _) => {
                self.remove_everything(store, now);
                self.end_question(call, error);
            }
            (Some(ProblemKind::EpochChanged), _) => self.another_epoch(store, call, epoch, problem, now),
            // An empty one has no halves.
            (Some(kind @ (ProblemKind::TooLarge | ProblemKind::Malformed)), Call::Push(request))
                if !request.mutations.is_empty() =>
            {
                if let Err(error) = self.halve(store, request, kind) {
                    self.storage_failed(Lane::Push, &error, now);
                }
            }
            (
                Some(
                    kind @ (ProblemKind::NotFound
                    | ProblemKind::NoPermission
                    | ProblemKind::TextInvalid
                    | ProblemKind::TooLarge
                    | ProblemKind::Malformed),
                ),
                Call::Draft { conversation, put },
            ) => {
                if let Err(error) = self.draft_refused(store, *conversation, put, kind) {
                    self.storage_failed(Lane::Draft, &error, now);
                }
            }
            (Some(ProblemKind::NoPermission | ProblemKind::NotFound), Call::Snapshot { .. }) => {
                self.want(Lane::Pull); // it says what is granted now
                self.trouble(Lane::Snapshot, Failure::of(&error));
                self.wait(Lane::Snapshot, false, 0, now);
            }
            _ => self.try_later(call, error, now),
        }
    }

    fn try_later(&mut self, call: &Call, error: RequestError, now: Timestamp) {
        let Some(lane) = call.lane() else {
            self.end_question(call, error);
            return;
        };
        let at_least_ms = match &error {
            RequestError::Problem(problem) => problem.retry_after_ms.unwrap_or(0),
            RequestError::Unreachable | RequestError::Garbled => 0,
        };
        self.trouble(lane, Failure::of(&error));
        self.wait(lane, error == RequestError::Unreachable, at_least_ms, now);
    }

    /// The token had ended: the same request again, with the next one.
    fn refresh_first(&mut self, call: &Call, with_present_token: bool, error: RequestError, now: Timestamp) {
        if with_present_token && self.lane(Lane::Refresh).in_flight.is_none() {
            self.want(Lane::Refresh);
        }
        match (call.lane(), call) {
            (Some(lane), _) => {
                if !self.lane(lane).token_ended() {
                    self.trouble(lane, Failure::OwnTokens);
                    self.wait(lane, false, 0, now);
                }
            }
            (None, Call::History { conversation, .. }) => self.ask_again(*conversation, error),
            (None, Call::Search { number, .. }) => self.search_again(*number, error),
            (None, _) => {}
        }
    }

    /// The server began another history: every scope is loaded again, and what it has lost is brought back.
    fn another_epoch(
        &mut self,
        store: &mut Store,
        call: &Call,
        sent_under: Option<EpochId>,
        problem: &Problem,
        now: Timestamp,
    ) {
        let present = store.read(Profile::read).ok().flatten().and_then(|profile| profile.epoch);
        match problem.epoch {
            Some(epoch) if sent_under == present && Some(epoch) != present => {
                let outcome = store.write(|to| to.take_epoch(epoch, &problem.survives));
                // Not taken: the same no would come again at once.
                if self.note(call.lane().unwrap_or(Lane::Pull), outcome, now).is_none() {
                    self.end_question(call, RequestError::Problem(Box::new(problem.clone())));
                    return;
                }
                self.awaiting.clear();
                self.blocked.clear();
                self.drafts_stored.clear();
                self.want_everything();
            }
            Some(_) if sent_under != present => {} // it left before the present epoch was taken
            _ => {
                self.try_later(call, RequestError::Problem(Box::new(problem.clone())), now);
                return;
            }
        }
        if let Some(lane) = call.lane() {
            self.want(lane);
        }
        self.end_question(call, RequestError::Problem(Box::new(problem.clone())));
    }

    /// A question that a person waits for is answered with no.
    fn end_question(&mut self, call: &Call, error: RequestError) {
        match call {
            Call::History { conversation, .. } => self.history_done(*conversation, Err(error)),
            Call::Search { number, .. } => self.search_done(*number, Err(error)),
            _ => {}
        }
    }
}
