//! Search: what a phone does not hold. The newest matches first, by whole conversations as the phone takes them in.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use shopbell_domain::ids::{ConversationId, MessageId};
use shopbell_domain::search::Query;
use shopbell_domain::sync::{Entity, Row, Scope};
use uuid::Uuid;

use super::columns::id;
use super::{epochs, heads, rows, search_index, secrets, snapshot, standing};
use crate::storage::{OperationError, Search, SearchRead};

/// Rows of a page, from which on nothing more is taken in. Of a conversation with more the rest is on the next page.
const PAGE_ROWS: usize = 500;
/// Texts that are looked at for a page. Of a query that the index answers badly a page may bring nothing, and says where
/// to go on.
pub(super) const PAGE_TEXTS: usize = 2_000;

/// What the index proposes, newest first.
pub(super) const PROPOSED_SQL: &str = "SELECT search_place.place, search_place.entity, search_place.id
     FROM search JOIN search_place ON search_place.place = search.rowid
     WHERE search MATCH ?1 AND search.rowid < ?2 ORDER BY search.rowid DESC LIMIT ?3";

pub(super) fn search(conn: &Connection, asked: &Search) -> Result<SearchRead, OperationError> {
    let shop = asked.caller.shop;
    let scope = Scope::Inbox(asked.inbox);
    let granted = standing::granted(conn, &asked.caller)?;
    let Some(grant) = granted.iter().find(|grant| grant.scope == scope) else {
        return Err(snapshot::why_not(conn, &asked.caller, scope)?.into());
    };
    epochs::require(conn, shop, asked.epoch)?;
    let seq = standing::shop_seq(conn, shop)?;
    let mut page = Page {
        conn,
        asked,
        scopes: secrets::with_parts(asked.inbox, &granted),
        rows: Vec::new(),
        known: BTreeSet::new(),
        conversations: BTreeSet::new(),
    };
    let query = Query::parse(&asked.query);
    let next = match search_index::expression(shop, &page.scopes, &query) {
        Some(expression) => page.fill(&query, &expression)?,
        None => None,
    };
    let messages = page.rows.iter().filter(|row| row.entity == Entity::Message).map(|row| MessageId(row.id));
    let also = secrets::also(conn, shop, asked.inbox, &granted, messages)?;
    Ok(SearchRead { grant: grant.grant, seq, rows: page.rows, also, next })
}

struct Page<'a> {
    conn: &'a Connection,
    asked: &'a Search,
    /// What the reader may find: the inbox, and the secret parts in it that they may see.
    scopes: Vec<Scope>,
    rows: Vec<Row>,
    known: BTreeSet<(Entity, Uuid)>,
    conversations: BTreeSet<ConversationId>,
}

impl Page<'_> {
    /// Answers the place before which the next page begins; `None` after the last.
    fn fill(&mut self, query: &Query, expression: &str) -> Result<Option<i64>, OperationError> {
        let mut before = self.asked.before.unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(PROPOSED_SQL)?;
        let mut proposed = statement.query(params![expression, before, PAGE_TEXTS as i64])?;
        let mut looked_at = 0;
        while let Some(row) = proposed.next()? {
            let (place, entity) = (row.get(0)?, search_index::entity(row, 1)?);
            let row_id = id(row, 2, |id| id)?;
            looked_at += 1;
            if !self.take(query, entity, row_id)? {
                return Ok(Some(before));
            }
            before = place;
        }
        Ok((looked_at == PAGE_TEXTS).then_some(before))
    }

    /// Takes a text in if it matches; answers whether there was room for it.
    fn take(&mut self, query: &Query, entity: Entity, row_id: Uuid) -> Result<bool, OperationError> {
        let shop = self.asked.caller.shop;
        let Some(text) = search_index::text(self.conn, shop, entity, row_id)? else {
            return Ok(true);
        };
        if !self.scopes.contains(&text.scope) || !query.matches(&text.text, text.field) {
            return Ok(true);
        }
        if self.rows.len() >= PAGE_ROWS {
            return Ok(false);
        }
        if !self.conversations.contains(&text.conversation) {
            if self.conversations.len() == self.asked.limit {
                return Ok(false);
            }
            self.conversations.insert(text.conversation);
            if let Some(stored) = heads::load(self.conn, shop, text.conversation)? {
                self.add(Entity::Customer, stored.head.customer.0)?;
            }
            self.add(Entity::Conversation, text.conversation.0)?;
        }
        // A secret part is found by its message; the part itself comes beside the rows of the inbox.
        let entity = if entity == Entity::Secret { Entity::Message } else { entity };
        self.add(entity, row_id)?;
        Ok(true)
    }

    fn add(&mut self, entity: Entity, row_id: Uuid) -> Result<(), OperationError> {
        if self.known.insert((entity, row_id)) {
            let (shop, scope) = (self.asked.caller.shop, Scope::Inbox(self.asked.inbox));
            self.rows.extend(rows::load(self.conn, shop, scope, entity, row_id)?);
        }
        Ok(())
    }
}
