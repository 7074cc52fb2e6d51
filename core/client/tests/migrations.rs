//! A database that an older version wrote is opened by this one: what was not sent and what was settled is there byte for
//! byte, and everything else is as in a database that began with this version.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use shopbell_core::domain::env::FixedEnv;
use shopbell_core::store::{DATABASE, Store};
use shopbell_core::{App, AppOptions, InboxFilter, InboxQuery, InboxRow, Lang, OutboxState};
use tempfile::TempDir;

const VERSION_1: &str = include_str!("databases/version_1.sql");

fn stored(sql: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    Connection::open(folder.path().join(DATABASE)).unwrap().execute_batch(sql).unwrap();
    folder
}

fn open(folder: &Path) -> App {
    App::open(AppOptions {
        folder: folder.to_owned(),
        device_name: "Theo's phone".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: true,
        env: Arc::new(FixedEnv::seeded(1)),
    })
    .unwrap()
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join(DATABASE)).unwrap()
}

/// Each row of a query, as SQL literals: a byte more or less is another text.
fn rows(database: &Connection, table: &str, columns: &str) -> Vec<String> {
    let quoted: Vec<String> = columns.split(", ").map(|column| format!("quote({column})")).collect();
    let sql = format!("SELECT {} FROM {table} ORDER BY position", quoted.join(" || ' ' || "));
    let mut statement = database.prepare(&sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn lines(rows: &[InboxRow]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            format!(
                "{}: {} ({} unread, {} waiting, {} not sent)",
                row.name, row.preview, row.unread, row.waiting, row.not_sent
            )
        })
        .collect()
}

#[test]
fn what_was_not_sent_and_what_was_settled_is_kept_byte_for_byte() {
    const OUTBOX: &str = "position, mid, TARGET, message, name, v, args, base, depends_on, client_ts, shown_at, left_epoch, fault";
    const JOURNAL: &str = "position, mid, TARGET, message, name, v, args, base, client_ts, refusal, listed, seq, epoch, settled_at";
    let folder = stored(VERSION_1);
    let read = |target: &str| {
        let database = database(folder.path());
        [("outbox", OUTBOX), ("journal", JOURNAL)]
            .map(|(table, columns)| rows(&database, table, &columns.replace("TARGET", target)))
    };
    let before = read("conversation");
    assert_eq!(before.each_ref().map(Vec::len), [4, 2]);
    drop(Store::open(folder.path(), None).unwrap());
    assert_eq!(read("target"), before);
}

#[test]
fn it_has_the_schema_of_a_database_that_begins_now() {
    let (old, new) = (stored(VERSION_1), stored(""));
    let schema = |folder: &Path| -> Vec<(String, Option<String>)> {
        drop(Store::open(folder, None).unwrap());
        let database = database(folder);
        let mut statement = database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    let (old, new) = (schema(old.path()), schema(new.path()));
    assert!(old.iter().any(|(name, _)| name == "note"), "it was brought up to date");
    assert_eq!(old, new);
}

#[test]
fn the_list_is_made_again_and_what_waits_is_listed() {
    let folder = stored(VERSION_1);
    let app = open(folder.path());
    let list = |filter| lines(&app.inbox(&InboxQuery::of(filter)).unwrap());
    assert_eq!(
        list(InboxFilter::All),
        ["Visitor 2: It’s “late” – any news? 🧣 (0 unread, 0 waiting, 1 not sent)"]
    );
    assert_eq!(list(InboxFilter::Closed), ["Ana: You: Since today! — 🧣 (1 unread, 1 waiting, 0 not sent)"]);
    assert_eq!(list(InboxFilter::NotSent).len(), 1);
    let counts = app.counts().unwrap();
    assert_eq!((counts.all, counts.closed, counts.not_sent, counts.channels[0].open), (1, 1, 1, 1));
    let outbox = app.outbox().unwrap();
    let outbox: Vec<_> = outbox
        .iter()
        .map(|row| {
            let state = match &row.state {
                OutboxState::Waiting => "waiting",
                OutboxState::Cancelling => "cancelling",
                OutboxState::SetAside => "set aside",
                OutboxState::NotSent { code, .. } => code,
            };
            format!("{} {}: {} [{state}]", row.name, row.customer, row.text.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        outbox,
        [
            "send_message Visitor 2: We sent it on Monday. [no_permission]",
            "send_message Ana: Since today! — 🧣 [waiting]",
            "close Ana: - [waiting]",
            "send_message Visitor 2: Tomorrow. [set aside]",
            "pin Visitor 2: - [waiting]",
        ]
    );
}

/// What the version before passed over may be on the server already, in rows whose version has not risen since.
#[test]
fn what_can_carry_something_new_is_asked_for_again() {
    let folder = stored(VERSION_1);
    drop(open(folder.path()));
    let database = database(folder.path());
    let scopes: Vec<(String, Option<i64>)> = database
        .prepare("SELECT substr(scope, 1, 4), cursor FROM scope ORDER BY scope")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let expected = [("devi", Some(40)), ("inbo", None), ("shop", Some(40)), ("user", Some(0))];
    assert_eq!(scopes, expected.map(|(scope, cursor)| (scope.to_owned(), cursor)));
    let newest: i64 = database.query_row("SELECT max(ver) FROM conversation", [], |row| row.get(0)).unwrap();
    assert_eq!(newest, 0, "the row of the same version is taken in once more");
}

#[test]
fn a_process_that_dies_before_the_list_is_made_again_makes_it_at_the_next_time() {
    let folder = stored(VERSION_1);
    let before = lines(&open(folder.path()).inbox(&InboxQuery::of(InboxFilter::All)).unwrap());
    let database = database(folder.path());
    database
        .execute_batch(
            "DELETE FROM shown; DELETE FROM shown_tag; DELETE FROM tally; UPDATE profile SET shown_stale = 1",
        )
        .unwrap();
    drop(database);
    assert_eq!(lines(&open(folder.path()).inbox(&InboxQuery::of(InboxFilter::All)).unwrap()), before);
}
