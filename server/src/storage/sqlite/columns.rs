//! How our values stand in columns: ids as 16 bytes, times as milliseconds, words and JSON as text.

use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

/// The id in column `index`.
pub(super) fn id<T>(row: &Row<'_>, index: usize, newtype: fn(Uuid) -> T) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(index).map(|bytes| newtype(Uuid::from_bytes(bytes)))
}

/// The id in column `index`, if there is one.
pub(super) fn maybe_id<T>(
    row: &Row<'_>,
    index: usize,
    newtype: fn(Uuid) -> T,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(index)?.map(|bytes| newtype(Uuid::from_bytes(bytes))))
}

/// The time in column `index`.
pub(super) fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    row.get(index).map(Timestamp::from_millis)
}

/// The JSON in column `index`.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error)))
}

/// The word in column `index`, read by `from_word`.
pub(super) fn word<T>(
    row: &Row<'_>,
    index: usize,
    from_word: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    from_word(&text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, format!("unknown word {text}").into())
    })
}

/// `value` as it is stored.
pub(super) fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
