//! The index of what is searched, brought up to date in the transaction that changes a text.
//!
//! Whoever stores, changes or deletes a row that is searched says so *before* ([`Write::before_text_changes`]); when the
//! transaction ends, the text as it was and as it is are compared. FTS5 without content must be told what it forgets,
//! and wants its rows in rising order: one lower than the one before makes it write a segment, which made a page of
//! history ten times as slow (2026-11). So changes are collected and written in order.
//!
//! Rows that were there before the index are indexed a part after the other; a crash leaves what was done.

use std::collections::BTreeMap;
use std::ops::Range;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use shopbell_domain::customer::Customer;
use shopbell_domain::ids::{ConversationId, CustomerId};
use shopbell_domain::search::{self, Field, PLACES_A_MS, first_place, free_place, indexed};
use shopbell_domain::sync::Entity;
use shopbell_domain::time::Timestamp;

use super::columns::id;
use super::{Store, StoreError, Write, tables};

/// How many rows one step of making the index takes in.
const STEP_ROWS: usize = 500;
/// How many steps are made before a database is open. What is more is made while it is used.
pub(super) const STEPS_AT_OPEN: usize = 4;
/// How far behind its time a text is looked for, in milliseconds: more than 15 million texts of one moment would have to
/// be indexed before one stands there.
const DISPLACED_LIMIT_MS: i64 = 60_000;

const PLACE_SQL: &str =
    "SELECT place FROM search_place WHERE place >= ?1 AND place < ?2 AND id = ?3 AND kind = ?4 LIMIT 1";

/// What is searched. The numbers stand in `search_place`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TextKind {
    /// A message.
    Message = 0,
    /// A note about a customer.
    Note = 1,
    /// The name and the tags of a conversation's customer; the id is the conversation's.
    Names = 2,
    /// The secret part of a message that is held; the id is the message's.
    Secret = 3,
}

impl TextKind {
    /// The kind that a number stands for.
    pub(crate) fn from_number(number: i64) -> Option<TextKind> {
        [TextKind::Message, TextKind::Note, TextKind::Names, TextKind::Secret]
            .into_iter()
            .find(|kind| *kind as i64 == number)
    }

    /// By which rules its terms are made.
    pub(crate) fn field(self) -> Field {
        match self {
            TextKind::Names => Field::Name,
            TextKind::Message | TextKind::Note | TextKind::Secret => Field::Text,
        }
    }

    fn index(self) -> &'static str {
        match self {
            TextKind::Names => "search_name",
            TextKind::Message | TextKind::Note | TextKind::Secret => "search_text",
        }
    }

    fn table(self) -> &'static str {
        match self {
            TextKind::Message => "message",
            TextKind::Note => "note",
            TextKind::Names => "conversation",
            TextKind::Secret => "secret",
        }
    }

    fn next(self) -> Option<TextKind> {
        TextKind::from_number(self as i64 + 1)
    }
}

/// A text as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// When the server stored what it stands in.
    pub(crate) at: Timestamp,
    /// What it says.
    pub(crate) text: String,
}

/// What was there before a transaction.
#[derive(Clone, Debug)]
pub(super) enum Before {
    /// No such row.
    Nothing,
    /// This, indexed or not.
    Held(Text),
    /// The same as now, perhaps not indexed yet.
    NotIndexed,
}

/// The texts that a transaction may have changed, as they were.
pub(super) type Changes = BTreeMap<(TextKind, Uuid), Before>;

/// A text in its present state.
pub(crate) fn text(from: &Connection, kind: TextKind, row: Uuid) -> Result<Option<Text>, StoreError> {
    if kind == TextKind::Names {
        let found = from
            .prepare_cached("SELECT customer, started_at FROM conversation WHERE id = ?1")?
            .query_row([row.as_bytes()], |row| {
                Ok((id::<CustomerId>(row, "customer")?, row.get("started_at")?))
            })
            .optional()?;
        let Some((customer, started_at)) = found else {
            return Ok(None);
        };
        let customer: Option<Customer> = tables::customer(from, customer)?;
        let text = customer.as_ref().map(search::names);
        return Ok(text.map(|text| Text { at: Timestamp::from_millis(started_at), text }));
    }
    let sql = match kind {
        TextKind::Secret => {
            "SELECT message.at, secret.title || char(10) || secret.body AS text
             FROM secret JOIN message ON message.id = secret.id WHERE secret.id = ?1"
        }
        _ => &format!("SELECT at, text FROM {} WHERE id = ?1", kind.table()),
    };
    let found = from
        .prepare_cached(sql)?
        .query_row([row.as_bytes()], |row| {
            Ok(Text { at: Timestamp::from_millis(row.get("at")?), text: row.get("text")? })
        })
        .optional()?;
    Ok(found)
}

/// Brings the index up to date with what a transaction changed.
pub(super) fn apply(to: &Connection, changes: &Changes) -> Result<(), StoreError> {
    let mut gone: Vec<(i64, TextKind, String)> = Vec::new();
    let mut come: Vec<(i64, TextKind, Uuid, String)> = Vec::new();
    for ((kind, row), before) in changes {
        let now = text(to, *kind, *row)?;
        let place = match (before, &now) {
            (Before::Held(before), now) if Some(before) == now.as_ref() => continue,
            (Before::Held(before), _) => {
                let place = place_of(to, *kind, *row, before.at)?;
                gone.extend(place.map(|place| (place, *kind, before.text.clone())));
                None
            }
            (Before::NotIndexed, Some(now)) => place_of(to, *kind, *row, now.at)?,
            _ => None,
        };
        if let (Some(now), None) = (now, place) {
            come.push((first_place(now.at), *kind, *row, now.text));
        }
    }
    gone.sort();
    for (place, kind, text) in gone {
        let index = kind.index();
        to.prepare_cached(&format!("INSERT INTO {index} ({index}, rowid, terms) VALUES ('delete', ?1, ?2)"))?
            .execute((place, indexed(&text, kind.field())))?;
        to.prepare_cached("DELETE FROM search_place WHERE place = ?1")?.execute([place])?;
    }
    come.sort();
    for (first, kind, row, text) in come {
        let place = free_place(first, |range| last_place_in(to, range))?;
        to.prepare_cached("INSERT INTO search_place (place, kind, id) VALUES (?1, ?2, ?3)")?.execute((
            place,
            kind as i64,
            row.as_bytes(),
        ))?;
        to.prepare_cached(&format!("INSERT INTO {} (rowid, terms) VALUES (?1, ?2)", kind.index()))?
            .execute((place, indexed(&text, kind.field())))?;
    }
    Ok(())
}

/// Whether everything that is held is indexed by the present rules.
pub(crate) fn is_whole(from: &Connection) -> Result<bool, StoreError> {
    Ok(from
        .prepare_cached("SELECT 1 FROM search_progress WHERE rules = ?1 AND kind IS NULL")?
        .exists([search::RULES])?)
}

impl Write<'_> {
    /// A row is about to be stored, changed or deleted. Called before, once or often.
    pub(super) fn before_text_changes(&mut self, entity: Entity, row: Uuid) -> Result<(), StoreError> {
        match entity {
            Entity::Message => {
                self.before_change(TextKind::Message, row)?;
                self.before_change(TextKind::Secret, row)
            }
            Entity::Secret => self.before_change(TextKind::Secret, row),
            Entity::Note => self.before_change(TextKind::Note, row),
            Entity::Conversation => self.before_change(TextKind::Names, row),
            Entity::Customer => {
                let theirs: Vec<ConversationId> = tables::conversations_of(self, CustomerId(row))?;
                theirs.into_iter().try_for_each(|of| self.before_change(TextKind::Names, of.0))
            }
            _ => Ok(()),
        }
    }

    fn before_change(&mut self, kind: TextKind, row: Uuid) -> Result<(), StoreError> {
        if !self.texts.contains_key(&(kind, row)) {
            let before = text(self, kind, row)?.map_or(Before::Nothing, Before::Held);
            self.texts.insert((kind, row), before);
        }
        Ok(())
    }

    /// Forgets every term at once, so that none is left of what is about to be deleted. What stays is indexed anew by
    /// [`Write::index_more`].
    pub(super) fn forget_every_text(&mut self) -> Result<(), StoreError> {
        self.execute_batch(
            "INSERT INTO search_name (search_name) VALUES ('delete-all');
             INSERT INTO search_text (search_text) VALUES ('delete-all');
             DELETE FROM search_place;",
        )?;
        self.execute("UPDATE search_progress SET rules = ?1, kind = 0, after = x''", [search::RULES])?;
        Ok(())
    }

    /// Indexes some more of what is held; answers whether that was all.
    pub(super) fn index_more(&mut self) -> Result<bool, StoreError> {
        let (rules, kind, mut after): (i64, Option<i64>, Vec<u8>) = self
            .prepare_cached("SELECT rules, kind, after FROM search_progress")?
            .query_row([], |row| Ok((row.get("rules")?, row.get("kind")?, row.get("after")?)))?;
        if rules != search::RULES {
            self.forget_every_text()?;
            return Ok(false);
        }
        let mut kind = kind.and_then(TextKind::from_number);
        let mut left = STEP_ROWS;
        while let Some(present) = kind.filter(|_| left > 0) {
            let rows = self.rows_after(present, &after, left)?;
            self.texts.extend(rows.iter().map(|row| ((present, *row), Before::NotIndexed)));
            if rows.len() < left {
                (kind, after) = (present.next(), Vec::new());
            } else if let Some(last) = rows.last() {
                after = last.as_bytes().to_vec();
            }
            left -= rows.len();
        }
        self.prepare_cached("UPDATE search_progress SET kind = ?1, after = ?2")?
            .execute((kind.map(|kind| kind as i64), after))?;
        Ok(kind.is_none())
    }

    fn rows_after(&self, kind: TextKind, after: &[u8], limit: usize) -> Result<Vec<Uuid>, StoreError> {
        let sql = format!("SELECT id FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2", kind.table());
        let mut statement = self.prepare_cached(&sql)?;
        let rows = statement.query_map((after, limit as i64), |row| id(row, "id"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Store {
    /// Indexes some more of what was held before there was an index, or before its rules changed; answers whether that
    /// was all.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn index_more(&mut self) -> Result<bool, StoreError> {
        if self.read(is_whole)? {
            return Ok(true);
        }
        self.write(|to| to.index_more()).map(|(whole, _)| whole)
    }

    /// Makes the whole index again, as a check of what was kept up to date.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn index_again(&mut self) -> Result<(), StoreError> {
        self.write(|to| to.forget_every_text())?;
        while !self.index_more()? {}
        Ok(())
    }
}

/// Where a text of this time stands, if it is indexed.
fn place_of(from: &Connection, kind: TextKind, row: Uuid, at: Timestamp) -> Result<Option<i64>, StoreError> {
    let first = first_place(at);
    Ok(from
        .prepare_cached(PLACE_SQL)?
        .query_row((first, first + DISPLACED_LIMIT_MS * PLACES_A_MS, row.as_bytes(), kind as i64), |row| {
            row.get(0)
        })
        .optional()?)
}

/// The highest place of a range where something stands.
fn last_place_in(from: &Connection, range: Range<i64>) -> rusqlite::Result<Option<i64>> {
    from.prepare_cached("SELECT max(place) FROM search_place WHERE place >= ?1 AND place < ?2")?
        .query_row([range.start, range.end], |row| row.get(0))
}

#[cfg(test)]
#[path = "search_index_tests.rs"]
mod tests;
