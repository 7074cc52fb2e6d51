//! Notes about customers as they stand in their table.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shopbell_domain::conversation::{Field, Ver};
use shopbell_domain::ids::{CustomerId, MutationId, NoteId, ShopId, StaffId};
use shopbell_domain::note::Note;
use shopbell_domain::sync::Entity;
use shopbell_domain::time::Timestamp;

use super::columns::{id, maybe_id, time};
use super::search_index;

/// A note with its row's version.
#[derive(Clone)]
pub(super) struct StoredNote {
    /// The row's version.
    pub(super) ver: Ver,
    /// The note.
    pub(super) note: Note,
}

const COLUMNS: &str =
    "id, ver, customer, text, text_ver, text_by, text_mutation, author, at, edited_at, conflicts_with";

/// One note.
pub(super) fn one_sql() -> String {
    format!("SELECT {COLUMNS} FROM note WHERE shop = ?1 AND id = ?2")
}

/// The notes about a customer.
pub(super) fn about_sql() -> String {
    format!("SELECT {COLUMNS} FROM note WHERE shop = ?1 AND customer = ?2 ORDER BY id")
}

/// How many notes there are about a customer.
pub(super) const COUNT_SQL: &str = "SELECT count(*) FROM note WHERE shop = ?1 AND customer = ?2";

/// A note of this shop.
pub(super) fn load(conn: &Connection, shop: ShopId, note: NoteId) -> rusqlite::Result<Option<StoredNote>> {
    let found = conn
        .prepare_cached(&one_sql())?
        .query_row(params![shop.as_bytes(), note.as_bytes()], read)
        .optional()?;
    Ok(found.map(|(_, stored)| stored))
}

/// All notes about a customer, in order of their ids.
pub(super) fn about(
    conn: &Connection,
    shop: ShopId,
    customer: CustomerId,
) -> rusqlite::Result<BTreeMap<NoteId, StoredNote>> {
    conn.prepare_cached(&about_sql())?
        .query_map(params![shop.as_bytes(), customer.as_bytes()], read)?
        .collect()
}

/// How many notes there are about a customer.
pub(super) fn count(conn: &Connection, shop: ShopId, customer: CustomerId) -> rusqlite::Result<usize> {
    let count: i64 = conn
        .prepare_cached(COUNT_SQL)?
        .query_row(params![shop.as_bytes(), customer.as_bytes()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

fn read(row: &Row<'_>) -> rusqlite::Result<(NoteId, StoredNote)> {
    let note = Note {
        customer: id(row, 2, CustomerId)?,
        text: Field {
            value: row.get(3)?,
            ver: Ver(row.get(4)?),
            by: maybe_id(row, 5, StaffId)?,
            mutation: maybe_id(row, 6, MutationId)?,
        },
        author: id(row, 7, StaffId)?,
        at: time(row, 8)?,
        edited_at: row.get::<_, Option<i64>>(9)?.map(Timestamp::from_millis),
        conflicts_with: maybe_id(row, 10, NoteId)?,
    };
    Ok((id(row, 0, NoteId)?, StoredNote { ver: Ver(row.get(1)?), note }))
}

/// Stores a note that is new or has changed. Its row's version follows by [`stamp`].
pub(super) fn put(conn: &Connection, shop: ShopId, id: NoteId, note: &Note) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO note (shop, id, customer, text, text_ver, text_by, text_mutation, author, at, edited_at,
             conflicts_with)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (shop, id) DO UPDATE SET text = excluded.text, text_ver = excluded.text_ver,
             text_by = excluded.text_by, text_mutation = excluded.text_mutation, edited_at = excluded.edited_at,
             conflicts_with = excluded.conflicts_with",
    )?
    .execute(params![
        shop.as_bytes(),
        id.as_bytes(),
        note.customer.as_bytes(),
        note.text.value,
        note.text.ver.0,
        note.text.by.map(|id| *id.as_bytes()),
        note.text.mutation.map(|id| *id.as_bytes()),
        note.author.as_bytes(),
        note.at.millis(),
        note.edited_at.map(Timestamp::millis),
        note.conflicts_with.map(|id| *id.as_bytes()),
    ])?;
    search_index::update(conn, shop, Entity::Note, id.0)
}

/// Takes a note away.
pub(super) fn delete(conn: &Connection, shop: ShopId, id: NoteId) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM note WHERE shop = ?1 AND id = ?2")?
        .execute(params![shop.as_bytes(), id.as_bytes()])?;
    search_index::update(conn, shop, Entity::Note, id.0)
}

/// Gives a note that changed the version of its change.
pub(super) fn stamp(conn: &Connection, shop: ShopId, id: NoteId, ver: Ver) -> rusqlite::Result<()> {
    if let Some(mut stored) = load(conn, shop, id)? {
        stored.note.stamp(ver);
        conn.prepare_cached("UPDATE note SET ver = ?3, text_ver = ?4 WHERE shop = ?1 AND id = ?2")?
            .execute(params![shop.as_bytes(), id.as_bytes(), ver.0, stored.note.text.ver.0])?;
    }
    Ok(())
}
