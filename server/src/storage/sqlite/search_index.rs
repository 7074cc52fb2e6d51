//! The index of what is searched: brought up to date in the transaction that changes a text.
//!
//! Each entry carries a term that stands for its shop and scope, and [`expression`] is the only way to ask the index: a
//! question without a shop and the scopes of its reader cannot be written. So a secret part is not even proposed to
//! somebody who may not see it, and neither pages nor their ends tell that it is there. Entries stand by time (`domain::search::first_place`), so that the newest
//! are read first without sorting. The index keeps terms only; what is found is decided on the text itself.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shopbell_domain::customer::Customer;
use shopbell_domain::ids::{ConversationId, CustomerId, InboxId, ShopId};
use shopbell_domain::search::{self, Field, Query, first_place, free_place, indexed};
use shopbell_domain::sync::{Entity, Scope};
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

use super::columns::{id, json, time, word};
use super::secrets;
use crate::storage::StorageError;

/// Texts that are indexed in one transaction when an index is made anew.
const BATCH_ROWS: usize = 5_000;

/// A text that is searched.
pub(super) struct Text {
    /// Who may find it: those to whom this scope is granted.
    pub(super) scope: Scope,
    /// The conversation that is shown for it: its own, or the newest of the customer that it is about.
    pub(super) conversation: ConversationId,
    /// When it was stored.
    pub(super) at: Timestamp,
    /// What it is.
    pub(super) field: Field,
    /// What it says.
    pub(super) text: String,
}

/// A message, with where it stands.
pub(super) const MESSAGE_SQL: &str = "SELECT conversation.inbox, conversation.id, message.at, message.text
     FROM message JOIN conversation ON conversation.shop = message.shop AND conversation.id = message.conversation
     WHERE message.shop = ?1 AND message.id = ?2 AND NOT message.deleted";
/// The secret part of a message, with where that stands.
pub(super) const SECRET_SQL: &str =
    "SELECT conversation.inbox, conversation.id, message.at, secret.kind, secret.title,
         secret.body
     FROM secret JOIN message ON message.shop = secret.shop AND message.id = secret.id
     JOIN conversation ON conversation.shop = message.shop AND conversation.id = message.conversation
     WHERE secret.shop = ?1 AND secret.id = ?2";
/// A note, with the newest conversation of the customer that it is about.
pub(super) const NOTE_SQL: &str = "SELECT conversation.inbox, conversation.id, note.at, note.text
     FROM note JOIN conversation ON conversation.shop = note.shop AND conversation.customer = note.customer
     WHERE note.shop = ?1 AND note.id = ?2
     ORDER BY conversation.activity_at DESC LIMIT 1";
/// What a conversation is called.
pub(super) const NAMES_SQL: &str = "SELECT conversation.inbox, conversation.id, conversation.started_at,
         customer.name, customer.number, customer.tags
     FROM conversation JOIN customer ON customer.shop = conversation.shop AND customer.id = conversation.customer
     WHERE conversation.shop = ?1 AND conversation.id = ?2";

/// Reads who may find a text, what it is and what it says.
type Read = fn(&Row<'_>, InboxId) -> rusqlite::Result<(Scope, Field, String)>;

/// A text in its present state; `None` when it is not there, or is of a kind that is not searched.
pub(super) fn text(
    conn: &Connection,
    shop: ShopId,
    entity: Entity,
    row_id: Uuid,
) -> rusqlite::Result<Option<Text>> {
    let (sql, read): (_, Read) = match entity {
        Entity::Message => (MESSAGE_SQL, of_inbox),
        Entity::Note => (NOTE_SQL, of_inbox),
        Entity::Secret => (SECRET_SQL, of_secret),
        Entity::Conversation => (NAMES_SQL, of_names),
        _ => return Ok(None),
    };
    conn.prepare_cached(sql)?
        .query_row(params![shop.as_bytes(), row_id.as_bytes()], |row| {
            let (scope, field, text) = read(row, id(row, 0, InboxId)?)?;
            Ok(Text { scope, conversation: id(row, 1, ConversationId)?, at: time(row, 2)?, field, text })
        })
        .optional()
}

fn of_inbox(row: &Row<'_>, inbox: InboxId) -> rusqlite::Result<(Scope, Field, String)> {
    Ok((Scope::Inbox(inbox), Field::Text, row.get(3)?))
}

fn of_secret(row: &Row<'_>, inbox: InboxId) -> rusqlite::Result<(Scope, Field, String)> {
    let part = secrets::part(row, 3)?;
    Ok((part.kind.scope(inbox), Field::Text, part.told("")))
}

fn of_names(row: &Row<'_>, inbox: InboxId) -> rusqlite::Result<(Scope, Field, String)> {
    let customer = Customer { name: row.get(3)?, number: row.get(4)?, tags: json(row, 5)? };
    Ok((Scope::Inbox(inbox), Field::Name, search::names(&customer)))
}

/// Brings the entry of a text up to date, after it was stored, changed or taken away.
pub(super) fn update(conn: &Connection, shop: ShopId, entity: Entity, row_id: Uuid) -> rusqlite::Result<()> {
    let key = params![shop.as_bytes(), entity.as_str(), row_id.as_bytes()];
    let held: Option<i64> = conn
        .prepare_cached("SELECT place FROM search_place WHERE shop = ?1 AND entity = ?2 AND id = ?3")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    if let Some(place) = held {
        conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([place])?;
    }
    let Some(text) = text(conn, shop, entity, row_id)? else {
        conn.prepare_cached("DELETE FROM search_place WHERE place = ?1")?.execute([held])?;
        return Ok(());
    };
    let place = match held {
        Some(place) => place,
        None => {
            let place = free_place(first_place(text.at), |range| last_place_in(conn, range))?;
            conn.prepare_cached(
                "INSERT INTO search_place (place, shop, entity, id) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![place, shop.as_bytes(), entity.as_str(), row_id.as_bytes()])?;
            place
        }
    };
    let terms = format!("{} {}", scope_term(shop, text.scope), indexed(&text.text, text.field));
    conn.prepare_cached("INSERT INTO search (rowid, terms) VALUES (?1, ?2)")?
        .execute(params![place, terms])?;
    Ok(())
}

/// The same for all conversations of a customer, after their name or tags changed.
pub(super) fn update_customer(conn: &Connection, shop: ShopId, customer: CustomerId) -> rusqlite::Result<()> {
    let conversations = conn
        .prepare_cached("SELECT id FROM conversation WHERE shop = ?1 AND customer = ?2")?
        .query_map(params![shop.as_bytes(), customer.as_bytes()], |row| id(row, 0, |id| id))?
        .collect::<Result<Vec<Uuid>, _>>()?;
    conversations.into_iter().try_for_each(|row_id| update(conn, shop, Entity::Conversation, row_id))
}

/// What to ask the index for a query in scopes of a shop. `None`: there is nothing to look for.
pub(super) fn expression(shop: ShopId, scopes: &[Scope], query: &Query) -> Option<String> {
    // By the beginnings of names, which are among the entries of names only: it holds for texts too.
    let wanted = query.narrow(Field::Name)?;
    let scopes: Vec<String> =
        scopes.iter().map(|scope| format!("\"{}\"", scope_term(shop, *scope))).collect();
    (!scopes.is_empty()).then(|| format!("({}) AND {wanted}", scopes.join(" OR ")))
}

/// Makes the index anew when it was made by other rules than the present ones, some texts a transaction. A crash leaves
/// what was done; it goes on from there.
pub(super) fn bring_up_to_date(conn: &Connection) -> Result<(), StorageError> {
    let rules: i64 = conn.query_row("SELECT search_rules FROM server", [], |row| row.get(0))?;
    if rules == search::RULES {
        return Ok(());
    }
    if rules != 0 {
        conn.execute_batch(
            "BEGIN IMMEDIATE;
             INSERT INTO search (search) VALUES ('delete-all');
             DELETE FROM search_place;
             UPDATE server SET search_rules = 0;
             COMMIT;",
        )?;
    }
    for table in ["conversation", "note", "message", "secret"] {
        let mut after = 0;
        while let Some(last) = add_missing(conn, table, after)? {
            after = last;
        }
    }
    conn.execute("UPDATE server SET search_rules = ?1", [search::RULES])?;
    Ok(())
}

/// Indexes the next rows of a table that are not; answers the last one's rowid, if there was one.
fn add_missing(conn: &Connection, table: &str, after: i64) -> Result<Option<i64>, StorageError> {
    let entity = Entity::from_word(table);
    let transaction = conn.unchecked_transaction()?;
    let rows = conn
        .prepare_cached(&format!(
            "SELECT rowid, shop, id FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2"
        ))?
        .query_map(params![after, BATCH_ROWS as i64], |row| {
            Ok((row.get(0)?, id(row, 1, ShopId)?, id(row, 2, |id| id)?))
        })?
        .collect::<Result<Vec<(i64, ShopId, Uuid)>, _>>()?;
    for (_, shop, row_id) in &rows {
        let key = params![shop.as_bytes(), table, row_id.as_bytes()];
        let is_known = conn
            .prepare_cached("SELECT 1 FROM search_place WHERE shop = ?1 AND entity = ?2 AND id = ?3")?
            .exists(key)?;
        if !is_known {
            update(conn, *shop, entity, *row_id)?;
        }
    }
    transaction.commit()?;
    Ok(rows.last().map(|(rowid, ..)| *rowid))
}

/// What stands at a place.
pub(super) fn entity(row: &Row<'_>, index: usize) -> rusqlite::Result<Entity> {
    word(row, index, |word| Some(Entity::from_word(word)))
}

/// The highest place of a range where something stands.
fn last_place_in(conn: &Connection, range: Range<i64>) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT max(place) FROM search_place WHERE place >= ?1 AND place < ?2")?
        .query_row([range.start, range.end], |row| row.get(0))
}

/// The term that stands for a scope. No text has a term that begins so.
fn scope_term(shop: ShopId, scope: Scope) -> String {
    let scope: String = match scope {
        Scope::Inbox(inbox) => inbox.0.simple().to_string(),
        scope => scope.to_string().chars().filter(|c| c.is_ascii_alphanumeric()).collect(),
    };
    format!("…{}{scope}", shop.0.simple())
}

#[cfg(test)]
#[path = "search_index_tests.rs"]
mod tests;
