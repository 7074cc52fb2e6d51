//! What to call people in rows and sentences.

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use shopbell_domain::ids::StaffId;
use shopbell_l10n::Lang;

use crate::store::{Profile, StoreError};

/// The person who is signed in.
pub(crate) fn me(connection: &Connection) -> Result<Option<StaffId>, StoreError> {
    Ok(Profile::read(connection)?.and_then(|profile| profile.account).map(|account| account.staff.id))
}

/// What to call a customer: by name, by number, or by a word while they are not held.
pub(crate) fn customer_name(lang: Lang, name: Option<String>, number: Option<i64>) -> String {
    match (name, number) {
        (Some(name), _) => name,
        (None, Some(number)) => shopbell_l10n::visitor_name(lang, number),
        (None, None) => shopbell_l10n::customer_word(lang),
    }
}

/// What to call the customer that a change is about, or whose conversation it is about; `None` when neither is held.
pub(crate) fn customer_of(
    connection: &Connection,
    lang: Lang,
    target: Uuid,
) -> Result<Option<String>, StoreError> {
    let found: Option<(Option<String>, Option<i64>)> = connection
        .prepare_cached(
            "SELECT customer_name, customer_number FROM shown WHERE conversation = ?1
             UNION ALL SELECT name, number FROM customer WHERE id = ?1",
        )?
        .query_row([target.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(name, number)| customer_name(lang, name, number)))
}

/// A colleague's name, or a word while they are not held.
pub(crate) fn staff_name(lang: Lang, name: Option<String>) -> String {
    name.unwrap_or_else(|| shopbell_l10n::somebody(lang))
}

/// What to call a colleague whose id is known.
pub(crate) fn staff_name_of(
    connection: &Connection,
    lang: Lang,
    staff: StaffId,
) -> Result<String, StoreError> {
    let name = connection
        .prepare_cached("SELECT name FROM staff WHERE id = ?1")?
        .query_row([staff.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(staff_name(lang, name))
}
