//! What is found here: asking the index, deciding on the texts, and putting hits of one conversation together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use shopbell_domain::customer::Customer;
use shopbell_domain::ids::{ChannelId, ConversationId, CustomerId, MessageId, NoteId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::search::{Field, Query, names};
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;
use uuid::Uuid;

use super::excerpt::excerpt;
use super::{SEARCH_LIMIT_HITS, SearchGroup, SearchHit, SearchHitKind, SearchQuery, SearchView};
use crate::inbox::{self, InboxRow};
use crate::store::{self, StoreError, TextKind};

/// How many of the newest conversations that a name stands for are sorted by their newest message.
const NAMES_LIMIT: usize = 100;
/// How many texts are looked at before the index is asked more exactly, which takes longer where there are many.
const NARROW_LIMIT_TEXTS: usize = 300;
/// How many texts are looked at. Beyond, there are "more".
const TEXTS_LIMIT: usize = 5_000;
/// How many of the oldest changes in the outbox are looked at.
const OUTBOX_LIMIT: usize = 1_000;

/// What an index proposes, newest first.
pub(crate) const PROPOSED_SQL: &str = "SELECT search_place.place, search_place.kind, search_place.id
     FROM {index} JOIN search_place ON search_place.place = {index}.rowid
     WHERE {index} MATCH ?1 ORDER BY {index}.rowid DESC LIMIT ?2";

/// What is held and matches.
pub(crate) fn find(from: &Connection, asked: &SearchQuery, lang: Lang) -> Result<SearchView, StoreError> {
    let query = Query::parse(&asked.text);
    let limit = asked.limit.min(SEARCH_LIMIT_HITS);
    let search = Search { from, query: &query, channel: asked.channel };
    let by_name = search.names(limit)?;
    let by_text = search.texts(limit)?;
    let more = by_name.more || by_text.more;
    let mut hits = [by_name.hits, by_text.hits].concat();
    hits.sort_by_key(|hit| Reverse(hit.order()));
    let groups = groups(from, &query, hits, lang)?;
    Ok(SearchView { groups, more, complete: store::is_index_whole(from)? })
}

struct Search<'a> {
    from: &'a Connection,
    query: &'a Query,
    channel: Option<ChannelId>,
}

#[derive(Default)]
struct Found {
    hits: Vec<Hit>,
    more: bool,
}

#[derive(Clone, Debug)]
struct Hit {
    conversation: ConversationId,
    kind: TextKind,
    id: Uuid,
    at: Timestamp,
    text: String,
}

impl Hit {
    /// What is shown first is the greatest; of the same moment any one, but always the same.
    fn order(&self) -> (Timestamp, TextKind, Uuid) {
        (self.at, self.kind, self.id)
    }
}

impl Search<'_> {
    /// Conversations whose customer's name or tags match, by their newest message.
    fn names(&self, limit: usize) -> Result<Found, StoreError> {
        let Some(expression) = self.query.exact(Field::Name).or_else(|| self.query.narrow(Field::Name))
        else {
            return Ok(Found::default());
        };
        let proposed = self.proposed("search_name", &expression, NAMES_LIMIT)?;
        let mut found = Found { more: proposed.len() == NAMES_LIMIT, ..Found::default() };
        for (kind, id) in proposed {
            let conversation = ConversationId(id);
            if let Some((at, text)) = self.shown_names(conversation)?
                && self.query.matches(&text, Field::Name)
            {
                found.hits.push(Hit { conversation, kind, id, at, text });
            }
        }
        Ok(found.newest(limit))
    }

    /// Messages and notes, and what of them waits in the outbox.
    fn texts(&self, limit: usize) -> Result<Found, StoreError> {
        let Some(narrow) = self.query.narrow(Field::Text) else {
            return Ok(Found::default());
        };
        let mut found = match self.query.exact(Field::Text) {
            None => self.texts_by(&narrow, limit, TEXTS_LIMIT)?,
            Some(exact) => {
                let found = self.texts_by(&narrow, limit, NARROW_LIMIT_TEXTS)?;
                let is_enough = !found.more || found.hits.len() > limit;
                if is_enough { found } else { self.texts_by(&exact, limit, TEXTS_LIMIT)? }
            }
        };
        found.hits.extend(self.waiting()?);
        Ok(found.newest(limit))
    }

    /// One more than `limit` if there are more, of so many texts at most.
    fn texts_by(&self, expression: &str, limit: usize, limit_texts: usize) -> Result<Found, StoreError> {
        let mut found = Found::default();
        let mut statement = self.from.prepare_cached(&PROPOSED_SQL.replace("{index}", "search_text"))?;
        let mut proposed = statement.query((expression, limit_texts as i64))?;
        let mut looked_at = 0;
        while let Some(row) = proposed.next()? {
            let (kind, id) = (row.get("kind")?, store::id(row, "id")?);
            looked_at += 1;
            found.hits.extend(self.hit(kind, id)?);
            if found.hits.len() > limit {
                break;
            }
        }
        found.more = looked_at == limit_texts || found.hits.len() > limit;
        Ok(found)
    }

    fn hit(&self, kind: i64, id: Uuid) -> Result<Option<Hit>, StoreError> {
        let Some(kind) = TextKind::from_number(kind) else {
            return Ok(None);
        };
        let Some(text) = self.matching(kind, id)? else {
            return Ok(None);
        };
        let conversation = match kind {
            TextKind::Message | TextKind::Secret => self.conversation_of_message(MessageId(id))?,
            TextKind::Note => self.conversation_of_note(NoteId(id))?,
            TextKind::Names => Some(ConversationId(id)),
        };
        let Some(conversation) = conversation else {
            return Ok(None);
        };
        Ok(self.activity(conversation)?.map(|_| Hit { conversation, kind, id, at: text.at, text: text.text }))
    }

    /// Replies and notes that are not settled.
    fn waiting(&self) -> Result<Vec<Hit>, StoreError> {
        let mut hits = Vec::new();
        for entry in store::oldest(self.from, OUTBOX_LIMIT)? {
            let (kind, id, conversation, text) = match entry.mutation.operation() {
                Ok(Operation::SendMessage(send)) if !store::holds_message(self.from, send.message)? => {
                    (TextKind::Message, send.message.0, Some(send.conversation), send.text)
                }
                Ok(Operation::AddNote(add)) if !self.is_held(TextKind::Note, add.note.0)? => {
                    (TextKind::Note, add.note.0, self.newest_conversation(add.customer)?, add.text)
                }
                _ => continue,
            };
            if let Some(conversation) = conversation
                && self.query.matches(&text, Field::Text)
                && self.activity(conversation)?.is_some()
            {
                hits.push(Hit { conversation, kind, id, at: entry.shown_at, text });
            }
        }
        Ok(hits)
    }

    fn proposed(
        &self,
        index: &str,
        expression: &str,
        limit: usize,
    ) -> Result<Vec<(TextKind, Uuid)>, StoreError> {
        let mut statement = self.from.prepare_cached(&PROPOSED_SQL.replace("{index}", index))?;
        let rows = statement.query_map((expression, limit as i64), |row| {
            Ok((row.get::<_, i64>("kind")?, store::id(row, "id")?))
        })?;
        let rows: Vec<(i64, Uuid)> = rows.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(|(kind, id)| Some((TextKind::from_number(kind)?, id))).collect())
    }

    /// The text, if it is what is looked for.
    fn matching(&self, kind: TextKind, id: Uuid) -> Result<Option<store::Text>, StoreError> {
        let text = store::text(self.from, kind, id)?;
        Ok(text.filter(|text| self.query.matches(&text.text, kind.field())))
    }

    fn is_held(&self, kind: TextKind, id: Uuid) -> Result<bool, StoreError> {
        Ok(store::text(self.from, kind, id)?.is_some())
    }

    /// When the newest message of a conversation came, if it is shown and of the channel that is searched.
    fn activity(&self, conversation: ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let channel = self.channel.as_ref().map(ChannelId::as_bytes);
        let at = self
            .from
            .prepare_cached(
                "SELECT activity_at FROM shown WHERE conversation = ?1 AND (?2 IS NULL OR channel = ?2)",
            )?
            .query_row((conversation.as_bytes(), channel), |row| row.get(0))
            .optional()?;
        Ok(at.map(Timestamp::from_millis))
    }

    /// The same, with what the conversation is found by.
    fn shown_names(&self, conversation: ConversationId) -> Result<Option<(Timestamp, String)>, StoreError> {
        let channel = self.channel.as_ref().map(ChannelId::as_bytes);
        Ok(self
            .from
            .prepare_cached(
                "SELECT activity_at, customer_name, customer_number, tags FROM shown
                 WHERE conversation = ?1 AND (?2 IS NULL OR channel = ?2)",
            )?
            .query_row((conversation.as_bytes(), channel), |row| {
                let (number, tags): (Option<i64>, String) = (row.get("customer_number")?, row.get("tags")?);
                let (name, number) = (row.get("customer_name")?, number.unwrap_or_default());
                let customer = Customer { name, number, tags: store::tags_from_json(&tags) };
                Ok((Timestamp::from_millis(row.get("activity_at")?), names(&customer)))
            })
            .optional()?)
    }

    fn conversation_of_message(&self, message: MessageId) -> Result<Option<ConversationId>, StoreError> {
        Ok(self
            .from
            .prepare_cached("SELECT conversation FROM message WHERE id = ?1")?
            .query_row([message.as_bytes()], |row| store::id(row, "conversation"))
            .optional()?)
    }

    fn conversation_of_note(&self, note: NoteId) -> Result<Option<ConversationId>, StoreError> {
        let customer: Option<CustomerId> = self
            .from
            .prepare_cached("SELECT customer FROM note WHERE id = ?1")?
            .query_row([note.as_bytes()], |row| store::id(row, "customer"))
            .optional()?;
        customer.map_or(Ok(None), |customer| self.newest_conversation(customer))
    }

    fn newest_conversation(&self, customer: CustomerId) -> Result<Option<ConversationId>, StoreError> {
        Ok(self
            .from
            .prepare_cached(
                "SELECT id FROM conversation WHERE customer = ?1 ORDER BY activity_at DESC, id LIMIT 1",
            )?
            .query_row([customer.as_bytes()], |row| store::id(row, "id"))
            .optional()?)
    }
}

impl Found {
    fn newest(mut self, limit: usize) -> Found {
        self.hits.sort_by_key(|hit| Reverse(hit.order()));
        self.more |= self.hits.len() > limit;
        self.hits.truncate(limit);
        self
    }
}

/// Puts hits of one conversation together, where its newest stands.
fn groups(
    from: &Connection,
    query: &Query,
    hits: Vec<Hit>,
    lang: Lang,
) -> Result<Vec<SearchGroup>, StoreError> {
    let mut places: BTreeMap<ConversationId, usize> = BTreeMap::new();
    let mut groups: Vec<SearchGroup> = Vec::new();
    for hit in hits {
        let place = match places.get(&hit.conversation) {
            Some(place) => *place,
            None => {
                let Some(conversation) = inbox::row(from, hit.conversation, lang)? else {
                    continue;
                };
                groups.push(SearchGroup { conversation, hits: Vec::new() });
                places.insert(hit.conversation, groups.len() - 1);
                groups.len() - 1
            }
        };
        let group = &mut groups[place];
        match hit.kind {
            TextKind::Names => {
                let names = name_and_tags(query, &group.conversation, hit.at);
                group.hits.extend(names);
            }
            TextKind::Note => {
                group.hits.push(one(query, SearchHitKind::Note(NoteId(hit.id)), &hit.text, hit.at))
            }
            TextKind::Message | TextKind::Secret => {
                group.hits.push(one(query, SearchHitKind::Message(MessageId(hit.id)), &hit.text, hit.at));
            }
        }
    }
    Ok(groups)
}

fn one(query: &Query, kind: SearchHitKind, text: &str, at: Timestamp) -> SearchHit {
    SearchHit { kind, excerpt: excerpt(query, text, Field::Text), at }
}

/// What of a conversation's names has a mark.
fn name_and_tags(query: &Query, row: &InboxRow, at: Timestamp) -> Vec<SearchHit> {
    let name = (SearchHitKind::Name, row.name.as_str());
    let tags = row.tags.iter().map(|tag| (SearchHitKind::Tag, tag.as_str()));
    let marked = [name].into_iter().chain(tags).filter(|(_, text)| !query.hits(text, Field::Name).is_empty());
    marked.map(|(kind, text)| SearchHit { kind, excerpt: excerpt(query, text, Field::Name), at }).collect()
}
