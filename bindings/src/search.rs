//! Search: what is held on this device, as a person types, and what only the server has.

use shopbell_core::Error;

use crate::app::ShopbellApp;
use crate::error::CoreError;
use crate::guard::{guard, guard_async};
use crate::records::{InboxRow, channel_id};

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchQuery {
    /// As it was typed. All words must be in a text; the last one may still be being typed, unless a space follows it.
    pub text: String,
    /// Only in conversations of this channel, by id.
    #[uniffi(default = None)]
    pub channel: Option<String>,
    /// The most hits of names and tags, and the most of messages and notes; more than 200 means 200.
    #[uniffi(default = 20)]
    pub limit: u32,
}

impl SearchQuery {
    fn to_core(&self) -> Result<shopbell_core::SearchQuery, Error> {
        Ok(shopbell_core::SearchQuery {
            text: self.text.clone(),
            channel: self.channel.as_deref().map(channel_id).transpose()?,
            limit: self.limit as usize,
        })
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchView {
    /// The conversations, the one with the newest hit first.
    pub groups: Vec<SearchGroup>,
    /// There are more hits on this device: a larger limit shows them.
    pub more: bool,
    /// Everything on this device was searched. Not yet so right after an update, while it is being prepared.
    pub complete: bool,
}

/// A conversation with what was found in it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchGroup {
    /// The conversation, as the list shows it.
    pub conversation: InboxRow,
    /// What was found, newest first.
    pub hits: Vec<SearchHit>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchHitKind,
    /// The line to show. One after the other the parts are the whole line.
    pub excerpt: Vec<ExcerptPart>,
    /// When it was stored, in ms since 1970-01-01 UTC; of names and tags, when the conversation's newest message came.
    pub at_ms: i64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SearchHitKind {
    /// The customer's name, or their number where they gave none.
    Name,
    /// One of the customer's tags.
    Tag,
    /// A note about the customer.
    Note {
        /// Its id.
        id: String,
    },
    /// A message.
    Message {
        /// Its id.
        id: String,
    },
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ExcerptPart {
    /// What it says.
    pub text: String,
    /// Whether this is what was looked for.
    pub marked: bool,
}

/// What a page of a search on the server brought.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchedPage {
    /// How many conversations were in it; they are stored now.
    pub conversations: u32,
    /// What to ask for next; none: there is no more.
    pub next: Option<String>,
}

impl From<shopbell_core::SearchView> for SearchView {
    fn from(view: shopbell_core::SearchView) -> Self {
        let groups = view.groups.into_iter().map(SearchGroup::from).collect();
        Self { groups, more: view.more, complete: view.complete }
    }
}

impl From<shopbell_core::SearchGroup> for SearchGroup {
    fn from(group: shopbell_core::SearchGroup) -> Self {
        let hits = group.hits.into_iter().map(SearchHit::from).collect();
        Self { conversation: group.conversation.into(), hits }
    }
}

impl From<shopbell_core::SearchHit> for SearchHit {
    fn from(hit: shopbell_core::SearchHit) -> Self {
        use shopbell_core::SearchHitKind as Core;
        let part = |part: shopbell_core::ExcerptPart| ExcerptPart { text: part.text, marked: part.marked };
        Self {
            kind: match hit.kind {
                Core::Name => SearchHitKind::Name,
                Core::Tag => SearchHitKind::Tag,
                Core::Note(id) => SearchHitKind::Note { id: id.to_string() },
                Core::Message(id) => SearchHitKind::Message { id: id.to_string() },
            },
            excerpt: hit.excerpt.into_iter().map(part).collect(),
            at_ms: hit.at.millis(),
        }
    }
}

#[uniffi::export]
impl ShopbellApp {
    /// What is on this device and matches, the newest first. Cheap enough for each keystroke.
    pub fn search(&self, query: SearchQuery) -> Result<SearchView, CoreError> {
        guard(self.lang, || Ok(self.app.search(&query.to_core()?)?.into()))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl ShopbellApp {
    /// Asks the server for a page of what matches, and stores it: `search` finds it then. `page` is the `next` of the page
    /// before, none for the first.
    pub async fn search_older(&self, text: String, page: Option<String>) -> Result<SearchedPage, CoreError> {
        let app = self.app.clone();
        guard_async(self.lang, async move {
            let page = app.search_older(&text, page).await?;
            Ok(SearchedPage { conversations: page.conversations, next: page.next })
        })
        .await
    }
}
