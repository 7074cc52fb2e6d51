//! What can still be read of a damaged database. Nothing here fails: what cannot be read is not there.
//!
//! SQLite reads a table along its tree and stops at the first page that makes no sense. So a table is read from both of
//! its ends, and what lies between is asked for row by row, by the numbers that its indexes still name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};
use shopbell_domain::sync::Scope;

use super::super::connection::open_set_aside;
use super::super::{Profile, StoreError};

/// The most rows that are looked for one by one where no index names them.
const PROBE_LIMIT: i64 = 10_000;

/// A column's name in the present version, and what stands in it.
pub(super) type Column = (String, Value);

/// What is left.
#[derive(Debug, Default)]
pub(super) struct Remains {
    pub(super) profile: Option<Profile>,
    /// The newest server time seen, in milliseconds since 1970-01-01 UTC.
    pub(super) seen_at: i64,
    pub(super) outbox: Vec<Vec<Column>>,
    pub(super) journal: Vec<Vec<Column>>,
    pub(super) composer: Vec<Vec<Column>>,
    /// What was granted, and which granting of it.
    pub(super) scopes: Vec<(Scope, i64)>,
    /// A scope was wiped and its words may still be in the file.
    pub(super) is_to_be_scrubbed: bool,
    /// Changes and drafts that are known to be there and cannot be read.
    pub(super) lost: u32,
}

impl Remains {
    /// Reads what can be read: with what stands in the log, or without it where the log cannot be read.
    pub(super) fn read(database: &Path) -> Remains {
        let read = |with_log| {
            let from = open_set_aside(database, with_log)?;
            // It touches the file: until then nothing was opened.
            let _tables: i64 = from.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            Ok::<_, StoreError>(Remains::of(&from))
        };
        read(true).or_else(|_| read(false)).unwrap_or_else(|error| {
            tracing::error!(%error, "nothing of the damaged database can be read");
            Remains::default()
        })
    }

    fn of(from: &Connection) -> Remains {
        let (outbox, lost) = numbered(from, "outbox");
        let (journal, _) = numbered(from, "journal");
        let (composer, lost_drafts) = keyed(from, "composer", "conversation");
        let (scopes, _) = keyed(from, "scope", "scope");
        let pending = from.query_row("SELECT pending FROM scrub", [], |row| row.get::<_, i64>(0));
        let seen_at = from.query_row("SELECT seen_at FROM profile", [], |row| row.get(0));
        Remains {
            profile: Profile::read(from).ok().flatten(),
            seen_at: seen_at.unwrap_or(0),
            outbox,
            journal,
            composer,
            scopes: scopes.iter().filter_map(|row| grant(row)).collect(),
            is_to_be_scrubbed: pending.is_ok_and(|pending| pending > 0),
            lost: lost + lost_drafts,
        }
    }
}

/// The rows of a table whose rows are numbered by `position`, and how many more there were.
fn numbered(from: &Connection, table: &str) -> (Vec<Vec<Column>>, u32) {
    let (mut found, mut lost) = (BTreeMap::new(), BTreeSet::new());
    let forward = scan(from, &format!("SELECT * FROM {table} ORDER BY position"), &mut found, &mut lost);
    if forward {
        return (found.into_values().collect(), count(&lost));
    }
    let last_from_below = found.last_key_value().map_or(0, |(position, _)| *position);
    let mut from_above = BTreeMap::new();
    scan(from, &format!("SELECT * FROM {table} ORDER BY position DESC"), &mut from_above, &mut lost);
    let first_from_above = from_above.first_key_value().map(|(position, _)| *position);
    found.append(&mut from_above);
    let named = named(from, table);
    for position in &named {
        if !found.contains_key(position) && !probe(from, table, *position, &mut found) {
            lost.insert(*position);
        }
    }
    if let Some(first) = first_from_above {
        let gap = last_from_below.saturating_add(1)..first;
        let gap = gap.start.max(gap.end.saturating_sub(PROBE_LIMIT))..gap.end;
        for position in gap.filter(|position| !named.contains(position)) {
            probe(from, table, position, &mut found);
        }
    }
    (found.into_values().collect(), count(&lost))
}

fn count<T>(lost: &BTreeSet<T>) -> u32 {
    u32::try_from(lost.len()).unwrap_or(u32::MAX)
}

/// Adds rows until one cannot be reached; answers whether there was none such. What is reached and is no row is lost.
fn scan(
    from: &Connection,
    sql: &str,
    found: &mut BTreeMap<i64, Vec<Column>>,
    lost: &mut BTreeSet<i64>,
) -> bool {
    let mut read = || -> rusqlite::Result<()> {
        let mut statement = from.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let position = row.get("position")?;
            match columns(row) {
                Some(columns) => _ = found.insert(position, columns),
                None => _ = lost.insert(position),
            }
        }
        Ok(())
    };
    read().is_ok()
}

/// Asks for one row; answers false when it cannot be reached.
fn probe(from: &Connection, table: &str, position: i64, found: &mut BTreeMap<i64, Vec<Column>>) -> bool {
    let sql = format!("SELECT * FROM {table} WHERE position = ?1");
    let row = from
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row([position], |row| Ok(columns(row))));
    match row {
        Ok(Some(row)) => {
            found.insert(position, row);
            true
        }
        Ok(None) | Err(_) => false,
    }
}

/// The numbers of the rows that the table's indexes name.
fn named(from: &Connection, table: &str) -> BTreeSet<i64> {
    let read = |index: &str, found: &mut BTreeSet<i64>| -> rusqlite::Result<()> {
        let sql = format!("SELECT position FROM {table} INDEXED BY {index}");
        let mut statement = from.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found.insert(row.get(0)?);
        }
        Ok(())
    };
    let mut found = BTreeSet::new();
    for index in [format!("sqlite_autoindex_{table}_1"), format!("{table}_target")] {
        if let Err(error) = read(&index, &mut found) {
            tracing::warn!(%error, index, "an index names only a part");
        }
    }
    found
}

/// The rows of a table that has a key instead of numbers, from both ends, and how many are reached and are no rows.
fn keyed(from: &Connection, table: &str, key: &str) -> (Vec<Vec<Column>>, u32) {
    let (mut found, mut lost) = (BTreeMap::new(), BTreeSet::new());
    for order in ["ASC", "DESC"] {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = from.prepare(&format!("SELECT * FROM {table} ORDER BY {key} {order}"))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let id = row.get_ref(key)?.as_bytes().unwrap_or_default().to_vec();
                match columns(row) {
                    Some(columns) => _ = found.insert(id, columns),
                    None => _ = lost.insert(id),
                }
            }
            Ok(())
        };
        if read().is_ok() {
            break;
        }
    }
    (found.into_values().collect(), count(&lost))
}

/// What a row of `scope` says; `None` for a scope that is none.
fn grant(row: &[Column]) -> Option<(Scope, i64)> {
    let value = |column: &str| row.iter().find(|(name, _)| name == column).map(|(_, value)| value);
    match (value("scope"), value("grant_number")) {
        (Some(Value::Text(scope)), Some(Value::Integer(grant))) => Some((scope.parse().ok()?, *grant)),
        _ => None,
    }
}

/// All columns of a row; `None` when one is no text where it says so.
fn columns(row: &Row<'_>) -> Option<Vec<Column>> {
    let names: Vec<String> = row.as_ref().column_names().map(str::to_owned).collect();
    let mut columns = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let value = match row.get_ref(place).ok()? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).ok()?.to_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        };
        columns.push((present_name(&name, row), value));
    }
    Some(columns)
}

/// The first version called by another name what a change is about.
fn present_name(name: &str, row: &Row<'_>) -> String {
    let is_numbered = row.as_ref().column_index("position").is_ok();
    if is_numbered && name == "conversation" { "target".to_owned() } else { name.to_owned() }
}
