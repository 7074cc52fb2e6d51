//! The floor: the same visible rows in a bare SQLite database, by the same library, pragmas and indexes, with prepared
//! statements. No outbox, no scopes, no versions, no replay, no diffs: what reading and writing cost at least.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use shopbell_core::domain::conversation::{Conversation, Status};
use shopbell_core::domain::customer::Customer;
use shopbell_core::domain::message::{Author, Message};
use shopbell_core::domain::search::{self, Field};
use shopbell_core::domain::sync::{Entity, Row};
use shopbell_core::domain::tag::Tag;
use shopbell_core::domain::time::Timestamp;

use crate::shop::BenchShop;

/// Conversations in a transaction of the first load.
const BATCH_CONVERSATIONS: u64 = 500;

const SCHEMA: &str = "
    CREATE TABLE staff (id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE channel (id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE customer (id BLOB NOT NULL PRIMARY KEY, name TEXT, number INTEGER NOT NULL, tags TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
    CREATE TABLE conversation (
        id BLOB NOT NULL PRIMARY KEY, customer BLOB NOT NULL, channel BLOB NOT NULL, status TEXT NOT NULL,
        assignee BLOB, starred INTEGER NOT NULL, activity_at INTEGER NOT NULL, unread INTEGER NOT NULL,
        is_unread INTEGER NOT NULL, preview_author BLOB, preview_text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX conversation_customer ON conversation (customer);
    CREATE INDEX conversation_status ON conversation (status, is_unread, activity_at DESC, id);
    CREATE INDEX conversation_assignee ON conversation (status, assignee, is_unread, activity_at DESC, id);
    CREATE INDEX conversation_channel ON conversation (status, channel, is_unread, activity_at DESC, id);
    CREATE INDEX conversation_starred ON conversation (is_unread, activity_at DESC, id) WHERE starred = 1;
    CREATE TABLE tagged (conversation BLOB NOT NULL, tag TEXT NOT NULL, status TEXT NOT NULL, is_unread INTEGER NOT NULL,
        activity_at INTEGER NOT NULL, PRIMARY KEY (conversation, tag)) STRICT, WITHOUT ROWID;
    CREATE INDEX tagged_status ON tagged (tag, status, is_unread, activity_at DESC, conversation);
    CREATE TABLE message (
        id BLOB NOT NULL PRIMARY KEY, conversation BLOB NOT NULL, mseq INTEGER NOT NULL, author BLOB,
        text TEXT NOT NULL, at INTEGER NOT NULL, delivery TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX message_place ON message (conversation, mseq);
    CREATE TABLE outgoing (position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, conversation BLOB NOT NULL,
        text TEXT NOT NULL) STRICT;
    CREATE INDEX outgoing_conversation ON outgoing (conversation, position);
    CREATE TABLE place (place INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id BLOB NOT NULL) STRICT;
    CREATE VIRTUAL TABLE names USING fts5(terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
    CREATE VIRTUAL TABLE texts USING fts5(terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
";

const LIST: &str = "SELECT conversation.id, customer.name, customer.number, customer.tags, channel.name,
        conversation.status, conversation.assignee, assignee.name, conversation.starred, conversation.activity_at,
        conversation.unread, conversation.preview_author, author.name, conversation.preview_text
    FROM conversation
    LEFT JOIN customer ON customer.id = conversation.customer
    LEFT JOIN channel ON channel.id = conversation.channel
    LEFT JOIN staff AS assignee ON assignee.id = conversation.assignee
    LEFT JOIN staff AS author ON author.id = conversation.preview_author
    WHERE conversation.status = 'open'
    AND conversation.is_unread = 1
    ORDER BY conversation.activity_at DESC, conversation.id LIMIT ?1";

const MESSAGES: &str =
    "SELECT message.id, message.mseq, message.author, staff.name, message.text, message.at,
        message.delivery
    FROM message LEFT JOIN staff ON staff.id = message.author
    WHERE message.conversation = ?1 ORDER BY message.mseq DESC LIMIT ?2";

/// A row of the list, as a program would hold it.
#[derive(Debug)]
#[expect(dead_code, reason = "a row is read whole, whatever is looked at")]
pub struct ListRow {
    id: Vec<u8>,
    name: Option<String>,
    number: Option<i64>,
    tags: Option<String>,
    channel: Option<String>,
    status: String,
    assignee: Option<Vec<u8>>,
    assignee_name: Option<String>,
    starred: bool,
    at: i64,
    unread: i64,
    author: Option<Vec<u8>>,
    author_name: Option<String>,
    preview: String,
}

/// A row of a conversation.
#[derive(Debug)]
#[expect(dead_code, reason = "a row is read whole, whatever is looked at")]
pub struct MessageRow {
    id: Vec<u8>,
    mseq: i64,
    author: Option<Vec<u8>>,
    author_name: Option<String>,
    text: String,
    at: i64,
    delivery: Option<String>,
}

pub struct Floor {
    connection: Connection,
}

/// A message that a search found, with its conversation's row.
#[derive(Debug)]
#[expect(dead_code, reason = "a hit is read whole, whatever is looked at")]
pub struct Hit {
    conversation: Vec<u8>,
    name: Option<String>,
    at: i64,
    text: String,
}

impl Floor {
    pub fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "mmap_size", 0)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection })
    }

    /// Makes the tables and puts everything in.
    pub fn fill(&mut self, shop: &BenchShop, conversations: u64) -> rusqlite::Result<()> {
        self.connection.execute_batch(SCHEMA)?;
        for (id, name) in [(shop.theo, "Theo"), (shop.mina, "Mina")] {
            self.connection
                .execute("INSERT INTO staff (id, name) VALUES (?1, ?2)", params![id.as_bytes(), name])?;
        }
        let channel = params![shop.channel.as_bytes(), "Web chat"];
        self.connection.execute("INSERT INTO channel (id, name) VALUES (?1, ?2)", channel)?;
        for first in (0..conversations).step_by(BATCH_CONVERSATIONS as usize) {
            let rows: Vec<Row> = (first..(first + BATCH_CONVERSATIONS).min(conversations))
                .flat_map(|n| shop.conversation(n).rows())
                .collect();
            self.apply(&rows)?;
        }
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Stores these rows, in one transaction.
    pub fn apply(&mut self, rows: &[Row]) -> rusqlite::Result<()> {
        let tx = self.connection.transaction()?;
        for row in rows {
            match row.entity {
                Entity::Customer => put_customer(&tx, row)?,
                Entity::Conversation => put_conversation(&tx, row)?,
                Entity::Message => put_message(&tx, row)?,
                _ => {}
            }
        }
        tx.commit()
    }

    /// The newest conversations, those with something unread first.
    pub fn list(&self, limit: usize) -> rusqlite::Result<Vec<ListRow>> {
        let mut statement = self.connection.prepare_cached(LIST)?;
        let rows = statement.query_map([limit as i64], |row| {
            Ok(ListRow {
                id: row.get(0)?,
                name: row.get(1)?,
                number: row.get(2)?,
                tags: row.get(3)?,
                channel: row.get(4)?,
                status: row.get(5)?,
                assignee: row.get(6)?,
                assignee_name: row.get(7)?,
                starred: row.get(8)?,
                at: row.get(9)?,
                unread: row.get(10)?,
                author: row.get(11)?,
                author_name: row.get(12)?,
                preview: row.get(13)?,
            })
        })?;
        rows.collect()
    }

    /// The newest messages of a conversation.
    pub fn messages(&self, conversation: &[u8], limit: usize) -> rusqlite::Result<Vec<MessageRow>> {
        let mut statement = self.connection.prepare_cached(MESSAGES)?;
        let rows = statement.query_map(params![conversation, limit as i64], |row| {
            Ok(MessageRow {
                id: row.get(0)?,
                mseq: row.get(1)?,
                author: row.get(2)?,
                author_name: row.get(3)?,
                text: row.get(4)?,
                at: row.get(5)?,
                delivery: row.get(6)?,
            })
        })?;
        rows.collect()
    }

    /// The newest messages that hold what is asked for in FTS5's own language.
    pub fn search(&self, terms: &str, limit: usize) -> rusqlite::Result<Vec<Hit>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT message.conversation, customer.name, message.at, message.text
             FROM texts JOIN place ON place.place = texts.rowid JOIN message ON message.id = place.id
             JOIN conversation ON conversation.id = message.conversation
             LEFT JOIN customer ON customer.id = conversation.customer
             WHERE texts MATCH ?1 ORDER BY texts.rowid DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![terms, limit as i64], |row| {
            Ok(Hit { conversation: row.get(0)?, name: row.get(1)?, at: row.get(2)?, text: row.get(3)? })
        })?;
        rows.collect()
    }

    /// Stores a reply that is to be sent, durably.
    pub fn enqueue(&self, id: &[u8], conversation: &[u8], text: &str) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("INSERT INTO outgoing (id, conversation, text) VALUES (?1, ?2, ?3)")?
            .execute(params![id, conversation, text])?;
        Ok(())
    }
}

fn put_customer(tx: &Transaction<'_>, row: &Row) -> rusqlite::Result<()> {
    let customer: Customer = read(row)?;
    let tags: Vec<&str> = customer.tags.iter().map(Tag::as_str).collect();
    tx.prepare_cached("INSERT OR REPLACE INTO customer (id, name, number, tags) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row.id.as_bytes(), customer.name, customer.number, tags.join("\n")])?;
    Ok(())
}

fn put_conversation(tx: &Transaction<'_>, row: &Row) -> rusqlite::Result<()> {
    let head: Conversation = read(row)?;
    let status = if head.status.value == Status::Open { "open" } else { "closed" };
    let preview = head.preview.as_ref();
    let author = preview.and_then(|preview| staff_of(preview.author));
    let known = tx.prepare_cached("SELECT 1 FROM conversation WHERE id = ?1")?.exists([row.id.as_bytes()])?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO conversation (id, customer, channel, status, assignee, starred, activity_at, unread,
             is_unread, preview_author, preview_text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8 > 0, ?9, ?10)",
    )?
    .execute(params![
        row.id.as_bytes(),
        head.customer.as_bytes(),
        head.channel.as_bytes(),
        status,
        head.assignee.value.map(|staff| *staff.as_bytes()),
        head.starred,
        head.activity_at.millis(),
        head.inbound_count,
        author,
        preview.map_or("", |preview| preview.text.as_str()),
    ])?;
    let customer: Option<(Option<String>, String)> = tx
        .prepare_cached("SELECT name, tags FROM customer WHERE id = ?1")?
        .query_row([head.customer.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((name, tags)) = customer else { return Ok(()) };
    for tag in tags.lines() {
        tx.prepare_cached(
            "INSERT OR REPLACE INTO tagged (conversation, tag, status, is_unread, activity_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            row.id.as_bytes(),
            tag,
            status,
            head.inbound_count > 0,
            head.activity_at.millis()
        ])?;
    }
    if !known {
        let names = format!("{}\n{tags}", name.unwrap_or_default());
        index(tx, "names", 2, row, head.started_at.millis(), &search::indexed(&names, Field::Name))?;
    }
    Ok(())
}

fn put_message(tx: &Transaction<'_>, row: &Row) -> rusqlite::Result<()> {
    let message: Message = read(row)?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO message (id, conversation, mseq, author, text, at, delivery)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        row.id.as_bytes(),
        message.conversation.as_bytes(),
        message.mseq,
        staff_of(message.author),
        message.text,
        message.at.millis(),
        message.delivery.map(|delivery| delivery.as_str()),
    ])?;
    index(tx, "texts", 0, row, message.at.millis(), &search::indexed(&message.text, Field::Text))
}

fn index(
    tx: &Transaction<'_>,
    table: &str,
    kind: i64,
    row: &Row,
    at: i64,
    terms: &str,
) -> rusqlite::Result<()> {
    let first = search::first_place(Timestamp::from_millis(at));
    let place: i64 = tx
        .prepare_cached(
            "SELECT coalesce((SELECT max(place) + 1 FROM place WHERE place BETWEEN ?1 AND ?1 + ?2), ?1)",
        )?
        .query_row([first, search::PLACES_A_MS - 1], |row| row.get(0))?;
    tx.prepare_cached("INSERT INTO place (place, kind, id) VALUES (?1, ?2, ?3)")?.execute(params![
        place,
        kind,
        row.id.as_bytes()
    ])?;
    tx.prepare_cached(&format!("INSERT INTO {table} (rowid, terms) VALUES (?1, ?2)"))?
        .execute(params![place, terms])?;
    Ok(())
}

fn read<'r, T: serde::Deserialize<'r>>(row: &'r Row) -> rusqlite::Result<T> {
    row.read().map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn staff_of(author: Author) -> Option<[u8; 16]> {
    match author {
        Author::Customer => None,
        Author::Staff(staff) => Some(*staff.as_bytes()),
    }
}
