//! Searching on the server: what is not held here. Like history it carries scope and grant number; what was asked for
//! under another grant is dropped for good, and rows are taken in by their versions as any others, so that the search
//! here finds them.

use std::collections::BTreeSet;

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::{Entity, SEARCH_LIMIT_CONVERSATIONS, Scope, SearchAnswer, SearchRequest};

use super::Effect;
use super::beside::{BesideAnswer, Taken};
use super::engine::Engine;
use super::request::{Call, RequestError};
use crate::store::{self, Profile, Store, StoreError};

/// How many searches may be under way at once.
const SEARCHES_LIMIT: usize = 4;
/// How often one page is asked for before it is given up.
const ASK_LIMIT: u32 = 5;
/// How many pages without anything are passed over in a row.
const EMPTY_PAGES_LIMIT: u32 = 20;

/// A search that somebody waits for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    query: String,
    page: Option<String>,
    asked: u32,
    empty_pages: u32,
    in_flight: bool,
    /// A change was dropped since the request left.
    pub(super) missed: bool,
}

/// What a page of a search on the server brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchedPage {
    /// How many conversations were in it; they are stored now.
    pub conversations: u32,
    /// What to ask for next; `None`: there is no more.
    pub next: Option<String>,
}

impl Engine {
    pub(super) fn ask_search(&mut self, number: u64, query: String, page: Option<String>) {
        if self.searches.len() >= SEARCHES_LIMIT {
            self.search_done(number, Err(RequestError::Unreachable));
            return;
        }
        self.searches.insert(
            number,
            Search { query, page, asked: 0, empty_pages: 0, in_flight: false, missed: false },
        );
    }

    pub(super) fn send_searches(&mut self, store: &Store) -> Result<(), StoreError> {
        let waiting: Vec<u64> =
            self.searches.iter().filter(|(_, search)| !search.in_flight).map(|(number, _)| *number).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let epoch = store.read(Profile::read)?.and_then(|profile| profile.epoch);
        let scopes = store.read(store::scopes)?;
        // A shop has one inbox to begin with.
        let inbox = scopes.iter().map(|held| held.scope).find(|scope| matches!(scope, Scope::Inbox(_)));
        for number in waiting {
            match (epoch, inbox) {
                (Some(epoch), Some(scope)) => self.send_search(number, epoch, scope),
                _ => self.search_done(number, Ok(SearchedPage { conversations: 0, next: None })),
            }
        }
        Ok(())
    }

    fn send_search(&mut self, number: u64, epoch: EpochId, scope: Scope) {
        let Some(search) = self.searches.get_mut(&number) else {
            return;
        };
        search.in_flight = true;
        search.missed = false;
        search.asked += 1;
        let request = SearchRequest {
            epoch,
            scope,
            query: search.query.clone(),
            page: search.page.clone(),
            limit: SEARCH_LIMIT_CONVERSATIONS,
        };
        self.send(Call::Search { number, request }, Some(epoch));
    }

    pub(super) fn search_came(
        &mut self,
        store: &mut Store,
        number: u64,
        answer: SearchAnswer,
    ) -> Result<Option<RequestError>, StoreError> {
        let SearchAnswer { epoch, scope, grant, seq, ref rows, ref also, .. } = answer;
        let missed = self.searches.get(&number).is_some_and(|search| search.missed);
        match self.take_beside(store, &BesideAnswer { epoch, scope, grant, seq, rows, also, missed }) {
            Ok(Taken::In) => self.searched(number, answer),
            Ok(Taken::Dropped) => self.search_done(number, Err(RequestError::Garbled)),
            Ok(Taken::TooOld) => self.search_again(number, RequestError::Garbled),
            Err(error) => {
                self.search_done(number, Err(RequestError::Garbled));
                return Err(error);
            }
        }
        Ok(None)
    }

    /// A page is stored: whoever waits hears of it, but for a few empty ones, after which the next is asked for.
    fn searched(&mut self, number: u64, answer: SearchAnswer) {
        let heads = answer.rows.iter().filter(|row| row.entity == Entity::Conversation).map(|row| row.id);
        let conversations = u32::try_from(heads.collect::<BTreeSet<_>>().len()).unwrap_or(u32::MAX);
        match self.searches.get_mut(&number) {
            Some(search)
                if conversations == 0 && answer.next.is_some() && search.empty_pages < EMPTY_PAGES_LIMIT =>
            {
                search.page = answer.next;
                search.empty_pages += 1;
                search.asked = 0;
                search.in_flight = false;
            }
            _ => self.search_done(number, Ok(SearchedPage { conversations, next: answer.next })),
        }
    }

    /// Asks once more, unless it was asked too often.
    pub(super) fn search_again(&mut self, number: u64, error: RequestError) {
        match self.searches.get_mut(&number) {
            Some(search) if search.asked < ASK_LIMIT => search.in_flight = false,
            _ => self.search_done(number, Err(error)),
        }
    }

    pub(super) fn search_done(&mut self, number: u64, outcome: Result<SearchedPage, RequestError>) {
        self.searches.remove(&number);
        self.effects.push(Effect::SearchDone { number, outcome });
    }

    /// What was in flight is given up; it is asked again when something can be.
    pub(super) fn give_up_searches(&mut self) {
        self.searches.values_mut().for_each(|search| search.in_flight = false);
    }

    /// Nothing is sent now, and a person waits for the answer: it is no.
    pub(super) fn end_searches_that_cannot_be(&mut self) {
        let ended: Vec<u64> =
            self.searches.iter().filter(|(_, search)| !search.in_flight).map(|(number, _)| *number).collect();
        for number in ended {
            self.search_done(number, Err(RequestError::Unreachable));
        }
    }
}
