//! Search, here and on the server.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::App;
use super::ask;
use super::core::Shared;
use crate::error::{Error, StoreError};
use crate::search::{self, SearchQuery, SearchView};
use crate::store::{self, Store};
use crate::sync::{Event, SearchedPage};

/// How long indexing rests after each step, so that whoever wants to write comes first.
const REST: Duration = Duration::from_millis(2);

impl App {
    /// What is held here and matches, the newest first. Cheap enough for each keystroke; never waits for the network.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn search(&self, query: &SearchQuery) -> Result<SearchView, Error> {
        Ok(self.handle.readers.read(|from| search::find(from, query, self.lang()))?)
    }

    /// Asks the server for a page of what matches, and stores it: [`App::search`] finds it then. `page` is the `next` of
    /// the page before, `None` for the first.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::SignInAgain`], [`Error::NotSignedIn`], [`Error::Busy`]; what came before is kept.
    pub async fn search_older(&self, text: &str, page: Option<String>) -> Result<SearchedPage, Error> {
        let shared = self.shared();
        ask::ready(shared)?;
        let answered = {
            let mut core = shared.lock();
            let core = &mut *core;
            core.newest_search += 1;
            let number = core.newest_search;
            let (answer, answered) = oneshot::channel();
            core.waiting_for_search.insert(number, answer);
            shared.dispatch_in(core, Event::SearchOlder { number, query: text.to_owned(), page });
            answered
        };
        ask::answer_of(shared, answered).await
    }
}

/// Indexes what is held and is not indexed yet, beside everything else. It ends with the app, and goes on at the next
/// time: each step is a transaction of its own.
pub(super) fn index_in_background(shared: &Arc<Shared>) -> Result<(), Error> {
    if shared.with_store(|store| store.read(store::is_index_whole))? {
        return Ok(());
    }
    let weak = Arc::downgrade(shared);
    let work = move || {
        while let Some(shared) = weak.upgrade() {
            match shared.with_store(Store::index_more) {
                Ok(false) => std::thread::park_timeout(REST),
                Ok(true) => return,
                Err(error) => {
                    if !shared.is_closed() {
                        tracing::warn!(%error, "what is held could not be indexed; it is tried again at the next start");
                    }
                    return;
                }
            }
        }
    };
    let begun = std::thread::Builder::new().name("search index".to_owned()).spawn(work);
    begun.map(drop).map_err(|source| StoreError::File { path: "search index".into(), source }.into())
}
