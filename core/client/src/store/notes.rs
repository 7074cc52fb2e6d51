//! Notes about customers, as the server has them.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use shopbell_domain::conversation::{Field, Ver};
use shopbell_domain::ids::{CustomerId, NoteId, StaffId};
use shopbell_domain::note::Note;
use shopbell_domain::time::Timestamp;

use super::StoreError;
use super::columns::{id, maybe_id};
use super::tables::Merged;

/// Takes a note in; answers the newest server time in it, in milliseconds since 1970-01-01 UTC.
pub(super) fn put(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let note: Note = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO note (id, scope, ver, epoch, customer, text, text_ver, text_by, text_mutation,
             author, at, edited_at, conflicts_with)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        note.customer.as_bytes(),
        note.text.value,
        note.text.ver.0,
        note.text.by.as_ref().map(StaffId::as_bytes),
        note.text.mutation.as_ref().map(|mid| mid.as_bytes()),
        note.author.as_bytes(),
        note.at.millis(),
        note.edited_at.map(Timestamp::millis),
        note.conflicts_with.as_ref().map(NoteId::as_bytes),
    ))?;
    Ok(Some(note.edited_at.unwrap_or(note.at).millis()))
}

/// All notes about a customer.
pub(super) fn of_customer(
    connection: &Connection,
    customer: CustomerId,
) -> Result<BTreeMap<NoteId, Note>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, customer, text, text_ver, text_by, text_mutation, author, at, edited_at, conflicts_with
         FROM note WHERE customer = ?1",
    )?;
    let notes = statement.query_map([customer.as_bytes()], |row| Ok((id(row, "id")?, read(row)?)))?;
    Ok(notes.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        customer: id(row, "customer")?,
        text: Field {
            value: row.get("text")?,
            ver: Ver(row.get("text_ver")?),
            by: maybe_id(row, "text_by")?,
            mutation: maybe_id(row, "text_mutation")?,
        },
        author: id(row, "author")?,
        at: Timestamp::from_millis(row.get("at")?),
        edited_at: row.get::<_, Option<i64>>("edited_at")?.map(Timestamp::from_millis),
        conflicts_with: maybe_id(row, "conflicts_with")?,
    })
}
