//! The database as a file: its schema is what docs/schema.sql says, its settings are those that survive a power cut,
//! and whoever may not open it leaves it as it was.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use shopbell_core::domain::env::FixedEnv;
use shopbell_core::store::{DATABASE, Store};
use shopbell_core::{App, AppOptions, Error, InboxFilter, InboxQuery, Lang, Notice};
use story::{Juniper, Phone};

fn options(folder: &Path) -> AppOptions {
    AppOptions {
        folder: folder.to_owned(),
        device_name: "Theo's phone".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: true,
        env: Arc::new(FixedEnv::seeded(1)),
    }
}

/// Each object of a schema, without comments and with one space where there is white space.
fn schema(database: &Connection) -> BTreeMap<String, String> {
    database
        .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, plain(&row.get::<_, String>(1)?))))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn plain(sql: &str) -> String {
    let lines: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or("").trim()).collect();
    let spaced = lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    // `ALTER TABLE` writes its column in a way of its own.
    spaced.replace(" ,", ",").replace("( ", "(").replace(" )", ")")
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.sql")
}

#[test]
fn the_documented_schema_is_what_the_migrations_make() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), None).unwrap());
    let migrated = schema(&Connection::open(folder.path().join(DATABASE)).unwrap());
    let documented = Connection::open_in_memory().unwrap();
    documented.execute_batch(&std::fs::read_to_string(docs()).unwrap()).unwrap();
    assert_eq!(schema(&documented), migrated);
    assert!(migrated.len() > 10);
}

#[test]
fn every_table_is_strict_and_the_outbox_has_no_foreign_keys() {
    let phone = Phone::new(1);
    let loose: Vec<String> = phone
        .database()
        .prepare("SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(loose, Vec::<String>::new());
    let keys: i64 = phone
        .database()
        .query_row("SELECT count(*) FROM pragma_foreign_key_list('outbox')", [], |row| row.get(0))
        .unwrap();
    assert_eq!(keys, 0);
}

#[test]
fn the_log_is_used() {
    let phone = Phone::new(1);
    let mode: String = phone.database().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_second_process_is_told_and_the_first_one_is_not_disturbed() {
    let folder = tempfile::tempdir().unwrap();
    let first = App::open(options(folder.path())).unwrap();
    assert_eq!(App::open(options(folder.path())).err(), Some(Error::InUse));
    let query = InboxQuery::of(InboxFilter::All);
    assert_eq!(first.inbox(&query).unwrap(), []);
    let clone = first.clone();
    drop(first);
    assert_eq!(App::open(options(folder.path())).err(), Some(Error::InUse));
    drop(clone);
    assert_eq!(App::open(options(folder.path())).err(), None);
}

#[test]
fn a_database_of_a_newer_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    drop(App::open(options(folder.path())).unwrap());
    let database = folder.path().join(DATABASE);
    let connection = Connection::open(&database).unwrap();
    let known: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "user_version", 77).unwrap();
    drop(connection);
    let before = std::fs::read(&database).unwrap();
    let error = App::open(options(folder.path())).err().unwrap();
    assert_eq!(error, Error::NewerSchema { found: 77, known });
    assert_eq!(
        error.message(Lang::En),
        format!(
            "The database here was written by a newer Shopbell (version 77, this one knows {known}). Update the app; \
             nothing was touched."
        )
    );
    assert_eq!(std::fs::read(&database).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_kept_aside_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join(DATABASE);
    let letter = "a letter to a friend, somewhat longer than the header of a database is".repeat(20);
    std::fs::write(&database, &letter).unwrap();
    let app = App::open(options(folder.path())).unwrap();
    let notices = app.notices().unwrap();
    let [Notice::Salvaged { saved: 0, kept_in, .. }] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(std::fs::read_to_string(kept_in.join(DATABASE)).unwrap(), letter);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(App::open(options(&file)), Err(Error::Storage { .. })));
}

#[test]
fn another_virtual_file_system_is_used_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Store::open(folder.path(), Some("no such file system")).is_err());
    #[cfg(unix)]
    assert!(Store::open(folder.path(), Some("unix-excl")).is_ok());
}

#[test]
fn everything_can_be_read_while_something_is_written() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    let other = phone.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(phone.reads(ana), ["Ana: Hello"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    other.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn words_are_kept_apart_from_codes() {
    let phone = Phone::new(1);
    let error = Error::Unreachable { address: "https://inbox.juniper.example".to_owned() };
    assert_eq!(error.code(), "unreachable");
    insta::assert_snapshot!(
        error.message(Lang::En),
        @"The server at https://inbox.juniper.example cannot be reached. What you wrote is kept and sent when it is back."
    );
    assert_eq!(story::poll_once(phone.app().sync()), Some(Err(Error::NotSignedIn)));
}
