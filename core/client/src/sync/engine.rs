//! The engine itself: takes an event in, lets the parts react, then sends what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shopbell_domain::env::Env;
use shopbell_domain::ids::{ConversationId, EpochId, MutationId};
use shopbell_domain::sync::PUSH_LIMIT_MUTATIONS;
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use super::draft::Due;
use super::failure::Failure;
use super::history::History;
use super::lane::{Lane, LaneState};
use super::push::LOOK_LIMIT_ROWS;
use super::request::{Answer, Call, Request, RequestError, RequestId, Token};
use super::search::Search;
use super::upkeep::Upkeep;
use super::{Effect, Event};
use crate::secrets::{SecretStore, Secrets, Tokens};
use crate::status::{SyncState, SyncStatus};
use crate::store::{self, Profile, ScopeState, Store, StoreError, Touched};

/// The machine. It belongs to one store, which every call is given.
pub struct Engine {
    pub(super) env: Arc<dyn Env>,
    pub(super) secrets: Arc<dyn SecretStore>,
    pub(super) tokens: Option<Tokens>,
    /// Rises with each new pair of tokens, so that a late refusal of an old one is not taken for one of the new.
    pub(super) token_number: u64,
    running: bool,
    paused: bool,
    network: bool,
    pub(super) removed: bool,
    pub(super) next_request: u64,
    pub(super) lanes: BTreeMap<Lane, LaneState>,
    /// What each request in flight was made with.
    sent: BTreeMap<RequestId, Sent>,
    /// Accepted by a push answer; their results are on the way. With the first pull that must bring them.
    pub(super) awaiting: BTreeMap<MutationId, RequestId>,
    /// Those that wait for one that was refused or is unknown.
    pub(super) blocked: BTreeSet<MutationId>,
    /// How many mutations the next push carries at most.
    pub(super) batch_limit: usize,
    pub(super) histories: BTreeMap<ConversationId, History>,
    pub(super) searches: BTreeMap<u64, Search>,
    pub(super) upkeep: Upkeep,
    pub(super) draft_due: Option<Due>,
    /// Drafts that the server has, with the first pull that must bring its row.
    pub(super) drafts_stored: BTreeMap<ConversationId, RequestId>,
    /// Paused, but drafts still go.
    pub(super) flushing: bool,
    live: Option<u64>,
    /// The present live connection has stood.
    live_ready: bool,
    live_number: u64,
    pub(super) progress: Progress,
    troubles: BTreeMap<Lane, Failure>,
    pub(super) effects: Vec<Effect>,
    pub(super) touched: Touched,
}

/// What a request in flight was made with.
#[derive(Clone, Debug)]
struct Sent {
    call: Call,
    token_number: u64,
    epoch: Option<EpochId>,
}

/// How far syncing has come, for whoever waits for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The newest request.
    pub newest_request: u64,
    /// The newest pull that had nothing more to bring.
    pub complete_pull: u64,
    /// Nothing is in flight, nothing is being loaded, nothing waits to be sent.
    pub idle: bool,
    /// How many tries have failed.
    pub failures: u64,
    /// Why the last one did.
    pub last_failure: Option<Failure>,
    /// How many changes were accepted since the engine began.
    pub accepted: u32,
    /// How many were refused.
    pub refused: u32,
    /// How many scopes did not add up to what the server has, and were loaded again.
    pub mismatches: u64,
}

impl Engine {
    /// An engine over a store. It reads the tokens; it does nothing before [`Event::Started`].
    ///
    /// # Errors
    /// When the secrets cannot be read.
    pub fn new(env: Arc<dyn Env>, secrets: Arc<dyn SecretStore>) -> std::io::Result<Engine> {
        let tokens = secrets.load()?.and_then(|secrets| secrets.tokens);
        Ok(Engine {
            env,
            secrets,
            tokens,
            token_number: 0,
            running: false,
            paused: false,
            network: true,
            removed: false,
            next_request: 1,
            lanes: Lane::ALL.into_iter().map(|lane| (lane, LaneState::default())).collect(),
            sent: BTreeMap::new(),
            awaiting: BTreeMap::new(),
            blocked: BTreeSet::new(),
            batch_limit: PUSH_LIMIT_MUTATIONS,
            histories: BTreeMap::new(),
            searches: BTreeMap::new(),
            upkeep: Upkeep::default(),
            draft_due: None,
            drafts_stored: BTreeMap::new(),
            flushing: false,
            live: None,
            live_ready: false,
            live_number: 0,
            progress: Progress::default(),
            troubles: BTreeMap::new(),
            effects: Vec::new(),
            touched: Touched::default(),
        })
    }

    /// Takes an event in at this time; answers what is to be done, in order.
    pub fn handle(&mut self, store: &mut Store, event: Event, now: Timestamp) -> Vec<Effect> {
        self.react(store, event, now);
        self.send_what_is_due(store, now);
        self.progress.newest_request = self.next_request - 1;
        let touched = std::mem::take(&mut self.touched);
        if !touched.is_empty() {
            self.effects.push(Effect::Changed(touched));
        }
        std::mem::take(&mut self.effects)
    }

    /// How far syncing has come.
    pub fn progress(&self, store: &Store) -> Progress {
        Progress { idle: self.is_idle(store).unwrap_or(false), ..self.progress.clone() }
    }

    /// Whether it was started and is not paused.
    pub fn is_running(&self) -> bool {
        self.running && !self.paused
    }

    /// Whether a request is in flight.
    pub fn is_busy(&self) -> bool {
        !self.sent.is_empty()
    }

    /// How syncing goes.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn status(&self, store: &Store, lang: Lang) -> Result<SyncStatus, StoreError> {
        store.read(|from| {
            let account = Profile::read(from)?.and_then(|profile| profile.account);
            let loading =
                store::scopes(from)?.iter().any(|held| matches!(held.state, ScopeState::Loading { .. }));
            Ok(SyncStatus {
                state: self.state(account.is_some(), loading, lang),
                waiting: store::waiting(from)?,
                not_sent: store::not_sent(from)?,
            })
        })
    }

    fn state(&self, signed_in: bool, loading: bool, lang: Lang) -> SyncState {
        let trouble = self.troubles.values().next();
        match trouble {
            _ if self.removed => SyncState::Removed,
            _ if !signed_in => SyncState::NotSignedIn,
            _ if self.tokens.is_none() => SyncState::SignInAgain,
            _ if !self.network => SyncState::Offline,
            _ if !self.running || self.paused => SyncState::Stopped,
            Some(Failure::Unreachable) => SyncState::Offline,
            Some(Failure::ServerTooOld) => SyncState::ServerTooOld,
            Some(Failure::AppTooOld) => SyncState::AppTooOld,
            Some(failure) => SyncState::Trouble { reason: failure.words(lang) },
            None if loading => SyncState::Loading,
            None if self.progress.complete_pull == 0 => SyncState::Connecting,
            None => SyncState::UpToDate,
        }
    }

    fn react(&mut self, store: &mut Store, event: Event, now: Timestamp) {
        match event {
            Event::Started => {
                self.running = true;
                self.wake();
                self.lanes.values_mut().for_each(LaneState::hurry);
                self.want_everything();
                let trimmed = store.write(|to| to.trim_journal());
                self.note(Lane::Push, trimmed, now);
            }
            Event::Stopped => {
                self.running = false;
                self.give_up();
            }
            Event::SignedIn { server, answer } => self.signed_in(store, &server, *answer, now),
            Event::NetworkUp | Event::SyncNow => {
                if matches!(event, Event::NetworkUp) {
                    self.close_live(); // it stood on the network that was
                }
                if matches!(event, Event::SyncNow) {
                    self.draft_due = None;
                }
                self.network = true;
                self.blocked.clear();
                self.lanes.values_mut().for_each(LaneState::hurry);
                self.want_everything();
            }
            Event::NetworkDown => self.network = false,
            Event::LocalChange => {
                self.blocked.clear(); // what they waited for may have been dealt with
                self.want(Lane::Push);
                self.want(Lane::Draft); // what was deleted may take its draft along
            }
            Event::DraftChanged => self.draft_changed(now),
            Event::LoadEarlier { conversation, before } => self.ask_history(conversation, before),
            Event::SearchOlder { number, query, page } => self.ask_search(number, query, page),
            Event::Answered { id, result } => self.answered(store, id, result, now),
            Event::LiveReady(number) if self.live == Some(number) => {
                self.live_ready = true;
                self.lane(Lane::Live).worked();
                self.reached();
                self.want(Lane::Pull);
            }
            Event::LivePoked(number) if self.live == Some(number) => self.want(Lane::Pull),
            Event::LiveClosed { number, token_ended } if self.live == Some(number) => {
                self.live = None;
                if token_ended && self.lane(Lane::Live).token_ended() {
                    self.want(Lane::Refresh);
                } else {
                    self.wait(Lane::Live, true, 0, now);
                    if self.live_ready {
                        self.want(Lane::Pull); // a poke may be lost, and whether the server is there is not known
                    }
                }
            }
            Event::LiveReady(_) | Event::LivePoked(_) | Event::LiveClosed { .. } => {} // of one before
            Event::TimerFired(lane) => {
                self.flushing &= lane != Lane::Draft;
                self.lane(lane).waiting = false;
                self.want(lane);
            }
            Event::Paused => {
                self.paused = true;
                self.flushing = true;
                self.draft_due = None;
                self.want(Lane::Draft);
            }
            Event::GaveUp => {
                self.flushing = false;
                self.give_up();
            }
            Event::Resumed => {
                self.wake();
                self.want_everything();
            }
        }
    }

    fn answered(
        &mut self,
        store: &mut Store,
        id: RequestId,
        result: Result<Answer, RequestError>,
        now: Timestamp,
    ) {
        // Given up, or answered before: a duplicate or a late answer says nothing new.
        let Some(sent) = self.sent.remove(&id) else {
            return;
        };
        let lane = sent.call.lane();
        if let Some(lane) = lane {
            self.lane(lane).in_flight = None;
        }
        if result.is_ok() {
            self.reached();
        }
        let done = match (&sent.call, result) {
            (Call::Pull(request), Ok(Answer::Pull(answer))) => self.pulled(store, id, request, answer, now),
            (Call::Push(request), Ok(Answer::Push(answer))) => self.pushed(store, request, answer),
            (Call::Snapshot { scope, page }, Ok(Answer::Snapshot(answer))) => {
                self.loaded(store, *scope, page.as_deref(), answer, now)
            }
            (Call::History { conversation, .. }, Ok(Answer::History(answer))) => {
                self.history_came(store, *conversation, answer)
            }
            (Call::Search { number, .. }, Ok(Answer::Searched(answer))) => {
                self.search_came(store, *number, answer)
            }
            (Call::Refresh(_), Ok(Answer::Refreshed(answer))) => self.refreshed(store, answer, now),
            (Call::Draft { conversation, put }, Ok(Answer::DraftStored)) => {
                self.draft_stored(store, *conversation, put)
            }
            (_, Ok(_)) => Ok(Some(RequestError::Garbled)),
            (_, Err(error)) => Ok(Some(error)),
        };
        let sent_now = sent.token_number == self.token_number;
        match done {
            Ok(None) => {
                if let Some(lane) = lane {
                    self.lane(lane).worked();
                    self.troubles.remove(&lane);
                }
            }
            Ok(Some(error)) => self.refused(store, &sent.call, sent.epoch, sent_now, error, now),
            Err(error) => self.storage_failed(lane.unwrap_or(Lane::Pull), &error, now),
        }
    }

    fn send_what_is_due(&mut self, store: &mut Store, now: Timestamp) {
        let may_send = self.running && self.network && !self.removed && self.tokens.is_some();
        if !may_send || self.paused {
            if may_send && self.flushing && !self.lane(Lane::Refresh).wanted {
                self.send_draft_if_ready(store, now);
            }
            self.close_live();
            self.end_histories_that_cannot_be();
            self.end_searches_that_cannot_be();
            return;
        }
        if self.lane(Lane::Refresh).wanted {
            // Nothing else leaves with a token that has ended.
            if self.lane(Lane::Refresh).ready() {
                self.send_refresh();
            }
            return;
        }
        if self.lane(Lane::Refresh).in_flight.is_some() {
            return;
        }
        self.upkeep.look_at(now);
        for (lane, send) in [
            (Lane::Pull, Self::send_pull as fn(&mut Self, &mut Store) -> Result<(), StoreError>),
            (Lane::Push, Self::send_push),
            (Lane::Snapshot, Self::send_snapshot),
        ] {
            if self.lane(lane).ready()
                && let Err(error) = send(self, store)
            {
                self.storage_failed(lane, &error, now);
            }
        }
        self.send_draft_if_ready(store, now);
        if let Err(error) = self.want_newest(store) {
            self.storage_failed(Lane::Pull, &error, now);
        }
        self.send_histories(store);
        if let Err(error) = self.send_searches(store) {
            self.storage_failed(Lane::Pull, &error, now);
        }
        if self.live.is_none() && !self.lane(Lane::Live).waiting {
            self.open_live();
        }
    }

    fn send_draft_if_ready(&mut self, store: &Store, now: Timestamp) {
        if self.lane(Lane::Draft).ready()
            && let Err(error) = self.send_draft(store, now)
        {
            self.storage_failed(Lane::Draft, &error, now);
        }
    }

    /// Sends a request of this kind with the present token.
    pub(super) fn send(&mut self, call: Call, epoch: Option<EpochId>) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        let token = match &call {
            Call::Refresh(_) => None,
            _ => self.tokens.as_ref().map(|tokens| Token(tokens.access.clone())),
        };
        if let Some(lane) = call.lane() {
            self.lane(lane).sent(id);
        }
        self.sent.insert(id, Sent { call: call.clone(), token_number: self.token_number, epoch });
        self.effects.push(Effect::Send(Request { id, call, token }));
        id
    }

    pub(super) fn lane(&mut self, lane: Lane) -> &mut LaneState {
        self.lanes.entry(lane).or_default()
    }

    pub(super) fn want(&mut self, lane: Lane) {
        self.lane(lane).wanted = true;
    }

    /// Tries a lane again later.
    pub(super) fn wait(&mut self, lane: Lane, unreachable: bool, at_least_ms: u64, now: Timestamp) {
        let env = Arc::clone(&self.env);
        let wait_ms = self.lane(lane).failed(env.as_ref(), unreachable, at_least_ms);
        self.effects.push(Effect::SetTimer { id: lane, at: now.plus_ms(wait_ms) });
    }

    /// Notes why a lane failed, until it works again.
    pub(super) fn trouble(&mut self, lane: Lane, failure: Failure) {
        self.progress.failures += 1;
        self.progress.last_failure = Some(failure.clone());
        self.troubles.insert(lane, failure);
    }

    pub(super) fn storage_failed(&mut self, lane: Lane, error: &StoreError, now: Timestamp) {
        tracing::warn!(%error, ?lane, "nothing was changed");
        self.trouble(lane, Failure::from(error));
        self.wait(lane, false, 0, now);
    }

    /// Notes what a transaction touched, or that it failed.
    pub(super) fn note<T>(
        &mut self,
        lane: Lane,
        outcome: Result<(T, Touched), StoreError>,
        now: Timestamp,
    ) -> Option<T> {
        match outcome {
            Ok((value, touched)) => {
                self.touched.add(touched);
                Some(value)
            }
            Err(error) => {
                self.storage_failed(lane, &error, now);
                None
            }
        }
    }

    /// Somebody answered: what had failed only for want of an answer is tried at once.
    fn reached(&mut self) {
        for (lane, state) in &mut self.lanes {
            if state.unreachable {
                state.unreachable = false;
                state.hurry();
                self.troubles.remove(lane);
            }
        }
    }

    pub(super) fn want_everything(&mut self) {
        for lane in [Lane::Pull, Lane::Push, Lane::Snapshot, Lane::Draft] {
            self.want(lane);
        }
    }

    fn wake(&mut self) {
        self.paused = false;
        self.flushing = false;
    }

    pub(super) fn give_up(&mut self) {
        self.sent.clear();
        self.awaiting.clear();
        self.lanes.values_mut().for_each(LaneState::give_up);
        self.histories.values_mut().for_each(|history| history.in_flight = false);
        self.give_up_searches();
    }

    fn open_live(&mut self) {
        let Some(tokens) = &self.tokens else {
            return;
        };
        self.live_number += 1;
        self.live = Some(self.live_number);
        self.live_ready = false;
        let token = Token(tokens.access.clone());
        self.effects.push(Effect::OpenLive { number: self.live_number, token });
    }

    pub(super) fn close_live(&mut self) {
        if self.live.take().is_some() {
            self.effects.push(Effect::CloseLive);
        }
    }

    /// Keeps the tokens, durably, before anything uses them.
    pub(super) fn keep_tokens(&mut self, store: &Store, tokens: Option<Tokens>) -> Result<(), StoreError> {
        let Some(Profile { device, account, .. }) = store.read(Profile::read)? else {
            return Err(StoreError::Unreadable { what: "device id" });
        };
        self.secrets
            .save(&Secrets { device, account, tokens: tokens.clone() })
            .map_err(|source| StoreError::File { path: "secrets".into(), source })?;
        self.tokens = tokens;
        self.token_number += 1;
        Ok(())
    }

    fn is_idle(&self, store: &Store) -> Result<bool, StoreError> {
        if !self.sent.is_empty() {
            return Ok(false);
        }
        store.read(|from| {
            let loading =
                store::scopes(from)?.iter().any(|held| matches!(held.state, ScopeState::Loading { .. }));
            let mut to_send = false;
            store::sendable(from, LOOK_LIMIT_ROWS, |entry| {
                to_send = !self.blocked.contains(&entry.mutation.mid);
                !to_send
            })?;
            Ok(!loading && !to_send && store::unsent_draft(from)?.is_none())
        })
    }
}

impl std::fmt::Debug for Engine {
    /// Without tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("lanes", &self.lanes).finish_non_exhaustive()
    }
}
