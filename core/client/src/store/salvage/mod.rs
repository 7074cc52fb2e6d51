//! A damaged database: set aside as it is, and begun anew with everything that only this device has.
//!
//! What the server has comes again by itself. The outbox, the journal with the list "Not sent", and the composers are
//! saved row by row, as far as they can be read; and which scopes were granted, so that one that is lost meanwhile is
//! wiped. A marker on disk names what is set aside, so that a process that dies in the middle begins again with the same;
//! until it is gone nobody opens the database. Only what the tables still lead to is read: a page that is free may hold
//! what was sent long ago, and would be sent again. Nothing here is random and nothing is read from the damaged file
//! twice, so doing it twice is doing it once.

mod remains;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};

use shopbell_domain::ids::MutationId;
use shopbell_domain::mutation::Origin;
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

use self::remains::{Column, Remains};
use super::files::{self, DATABASE_PARTS, SALVAGING, SET_ASIDE};
use super::{DATABASE, Profile, ScopeState, StoreError, journal, lock, notices, open_whole, outbox};
use crate::notice::Notice;
use crate::secrets::Secrets;

/// The highest place in a table that is believed; a row at a higher one gets the next. After the last place that SQLite
/// has, nothing could be added any more.
const POSITION_LIMIT: i64 = i64::MAX / 2;
/// How many damaged databases are kept; the oldest goes first.
const SET_ASIDE_LIMIT: usize = 3;

/// Whether one was begun and not ended.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    folder.join(SALVAGING).exists()
}

/// Reads all of what must not be lost; an error when that cannot be read.
pub(super) fn check(from: &Connection) -> Result<(), StoreError> {
    let all = || {
        Profile::read(from)?;
        outbox::oldest(from, usize::MAX)?;
        journal::listed(from, None)?;
        let mut composers = from.prepare("SELECT conversation, message, text, state FROM composer")?;
        let mut rows = composers.query([])?;
        while let Some(row) = rows.next()? {
            let _text: String = row.get("text")?;
        }
        Ok(())
    };
    match all() {
        Err(StoreError::Unreadable { what }) => Err(StoreError::Damaged { what }),
        Err(StoreError::Sqlite(error)) if is_of_a_row(&error) => Err(StoreError::Damaged { what: "outbox" }),
        outcome => outcome,
    }
}

/// Sets the damaged database in `folder` aside and begins one with what can be read of it. Nothing may have it open.
pub(super) fn salvage(
    folder: &Path,
    vfs: Option<&str>,
    secrets: Option<&Secrets>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let aside = set_aside(folder, now).map_err(files::failed(folder))?;
    let remains = Remains::read(&aside.join(DATABASE));
    let (saved, lost) = begin_anew(folder, vfs, &remains, secrets)?;
    tracing::error!(saved, lost, "a damaged database was begun anew");
    notices::add(folder, Notice::Salvaged { at: now, saved, lost, kept_in: aside })?;
    files::remove(folder, SALVAGING).map_err(files::failed(folder))?;
    keep_newest(folder, SET_ASIDE_LIMIT)
}

/// Deletes every damaged database that was set aside.
pub(super) fn forget_set_aside(folder: &Path) -> Result<(), StoreError> {
    keep_newest(folder, 0)
}

fn keep_newest(folder: &Path, limit: usize) -> Result<(), StoreError> {
    let keep = || {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if files::is_set_aside(&entry)? {
                found.push(entry.path());
            }
        }
        found.sort();
        let too_many = found.len().saturating_sub(limit);
        found.iter().take(too_many).try_for_each(fs::remove_dir_all)
    };
    keep().map_err(files::failed(folder))
}

/// Moves the damaged database into a folder of its own, or goes on with that.
fn set_aside(folder: &Path, now: Timestamp) -> std::io::Result<PathBuf> {
    let begun = files::read(folder, SALVAGING)?.and_then(|name| String::from_utf8(name).ok());
    let name = match begun.filter(|name| files::is_set_aside_name(name)) {
        Some(name) => name,
        None => {
            let free = |name: &String| !folder.join(name).exists();
            let names = (now.millis().max(0)..).map(|at| format!("{SET_ASIDE}{at:013}"));
            let name = names.into_iter().find(free).unwrap_or_else(|| SET_ASIDE.to_owned());
            files::write(folder, SALVAGING, name.as_bytes())?;
            name
        }
    };
    let aside = folder.join(name);
    lock::make_private(&aside)?;
    // The database last: once it is there, everything is, and what is in the profile's folder is half of a new one.
    if !aside.join(DATABASE).exists() {
        for part in ["-wal", "-journal", ""] {
            let name = format!("{DATABASE}{part}");
            if folder.join(&name).exists() {
                fs::rename(folder.join(&name), aside.join(&name))?;
            }
        }
        if !aside.join(DATABASE).exists() {
            fs::File::create(aside.join(DATABASE))?;
        }
        files::sync_folder(&aside)?;
    }
    for part in DATABASE_PARTS.iter().chain([&""]) {
        files::unlink(&folder.join(format!("{DATABASE}{part}")))?;
    }
    files::sync_folder(folder)?;
    Ok(aside)
}

/// Makes the new database, in one transaction. Answers how many changes, refused replies and drafts are in it, and how
/// many are known not to be.
fn begin_anew(
    folder: &Path,
    vfs: Option<&str>,
    remains: &Remains,
    secrets: Option<&Secrets>,
) -> Result<(u32, u32), StoreError> {
    let mut writer = open_whole(folder, vfs)?;
    let to = writer.transaction()?;
    put_profile(&to, remains, secrets)?;
    put_scopes(&to, remains)?;
    let (mut saved, mut lost) = (0, remains.lost);
    for row in &remains.journal {
        match put(&to, "journal", row)? {
            true => saved += u32::from(is_listed(row)),
            false => lost += 1,
        }
    }
    let mut known: BTreeSet<Uuid> =
        remains.outbox.iter().chain(&remains.journal).filter_map(|row| mid(row)).collect();
    for row in &remains.outbox {
        let Some(mid) = mid(row) else {
            lost += 1;
            continue;
        };
        if journal::one(&to, MutationId(mid))?.is_some() {
            continue; // it was settled
        }
        let row: Vec<Column> = row.iter().map(|column| mended(column, &known)).collect();
        let is_whole = put(&to, "outbox", &row)? && outbox::one(&to, MutationId(mid)).is_ok();
        if !is_whole {
            to.execute("DELETE FROM outbox WHERE mid = ?1", [mid.as_bytes()])?;
            known.remove(&mid); // what comes after it waits for it no more
        }
        *(if is_whole { &mut saved } else { &mut lost }) += 1;
    }
    // A reply that is taken back by nothing would wait for ever.
    to.execute(
        "UPDATE outbox SET cancelled_by = NULL WHERE cancelled_by NOT IN (SELECT mid FROM outbox)",
        [],
    )?;
    for row in &remains.composer {
        let is_whole = put(&to, "composer", row)?;
        *(if is_whole { &mut saved } else { &mut lost }) += 1;
    }
    check(&to)?;
    to.commit()?;
    Ok((saved, lost))
}

/// Whose it is: by the secrets, which are not damaged, else by what can be read.
fn put_profile(to: &Connection, remains: &Remains, secrets: Option<&Secrets>) -> Result<(), StoreError> {
    let profile = remains.profile.as_ref();
    let device = secrets.map(|secrets| secrets.device).or(profile.map(|profile| profile.device));
    let Some(device) = device else {
        return Ok(());
    };
    to.execute("INSERT INTO profile (one, device) VALUES (1, ?1)", [device.as_bytes()])?;
    let account = secrets.and_then(|secrets| secrets.account.as_ref());
    let Some(account) = account.or(profile.and_then(|profile| profile.account.as_ref())) else {
        return Ok(());
    };
    // Without an epoch nothing can be asked. One that no server ever had is answered with the present one.
    let epoch = profile.and_then(|profile| profile.epoch).map(|epoch| epoch.0);
    let epoch = epoch.or_else(|| newest_epoch(remains)).unwrap_or_default();
    to.execute(
        "UPDATE profile SET server = ?1, shop = ?2, shop_name = ?3, staff = ?4, staff_name = ?5, epoch = ?6,
             seen_at = ?7",
        (
            &account.server,
            account.shop.id.as_bytes(),
            &account.shop.name,
            account.staff.id.as_bytes(),
            &account.staff.name,
            epoch.as_bytes(),
            remains.seen_at,
        ),
    )?;
    Ok(())
}

/// What was granted, with none of it held: the next pull says what is granted no more, and that is wiped with what was
/// saved of it, as it would have been. A wipe that was not at its end begins again: it takes what was set aside too.
fn put_scopes(to: &Connection, remains: &Remains) -> Result<(), StoreError> {
    for (scope, grant) in &remains.scopes {
        let cursor = match ScopeState::beginning(*scope) {
            ScopeState::Held(cursor) => Some(cursor),
            ScopeState::Loading { .. } => None,
        };
        to.execute(
            "INSERT OR IGNORE INTO scope (scope, grant_number, cursor) VALUES (?1, ?2, ?3)",
            (scope.to_string(), grant, cursor),
        )?;
    }
    if remains.is_to_be_scrubbed {
        to.execute("UPDATE scrub SET pending = 1", [])?;
    }
    Ok(())
}

/// The history under which a change left or was settled last.
fn newest_epoch(remains: &Remains) -> Option<Uuid> {
    let left = remains.outbox.iter().rev().find_map(|row| id_in(row, "left_epoch"));
    left.or_else(|| remains.journal.iter().rev().find_map(|row| id_in(row, "epoch")))
}

/// Puts a row into a table of the present version; answers false when it is no row of such a table. Columns that the
/// present version does not have are left out, those that the row does not have get their default.
fn put(to: &Connection, table: &str, row: &[Column]) -> Result<bool, StoreError> {
    if !is_whole(row) {
        return Ok(false);
    }
    let known: Vec<String> = to
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let is_beyond = |(name, value): &&Column| {
        name == "position" && matches!(value, Value::Integer(position) if *position > POSITION_LIMIT)
    };
    let row: Vec<&Column> =
        row.iter().filter(|column| known.contains(&column.0) && !is_beyond(column)).collect();
    let names: Vec<&str> = row.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=row.len()).map(|place| format!("?{place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    match to.execute(&sql, params_from_iter(row.iter().map(|(_, value)| value))) {
        Ok(_) => Ok(true),
        Err(error) if is_of_a_row(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether its ids are ids and its arguments can be read.
fn is_whole(row: &[Column]) -> bool {
    row.iter().all(|(name, value)| match (name.as_str(), value) {
        ("mid" | "target" | "message" | "conversation" | "epoch" | "left_epoch", Value::Blob(id)) => {
            id.len() == 16
        }
        ("args", Value::Blob(args)) => outbox::raw(args.clone()).is_ok(),
        _ => true,
    })
}

/// A change no longer waits for one that was lost: the server would never let it through. And it says nothing of where
/// its conversation came from rather than something that is not that: a wipe takes the customer's name out of it.
fn mended(column: &Column, known: &BTreeSet<Uuid>) -> Column {
    let (name, value) = column;
    let mended = match (name.as_str(), value) {
        ("depends_on", Value::Text(json)) => {
            serde_json::from_str::<Vec<MutationId>>(json).ok().map(|mut names| {
                names.retain(|mid| known.contains(&mid.0));
                Value::Text(outbox::json(&names))
            })
        }
        ("origin", Value::Text(json)) if serde_json::from_str::<Origin>(json).is_err() => Some(Value::Null),
        _ => None,
    };
    (name.clone(), mended.unwrap_or_else(|| value.clone()))
}

fn mid(row: &[Column]) -> Option<Uuid> {
    id_in(row, "mid")
}

fn id_in(row: &[Column], column: &str) -> Option<Uuid> {
    row.iter().find_map(|(name, value)| match value {
        Value::Blob(id) if name == column => Uuid::from_slice(id).ok(),
        _ => None,
    })
}

fn is_listed(row: &[Column]) -> bool {
    row.iter().any(|(name, value)| name == "listed" && *value == Value::Integer(1))
}

/// Whether the row is wrong, and not the disk.
fn is_of_a_row(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => true,
        error => matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig)
        ),
    }
}
