//! The plans of the statements that run at every pull, page and delivery: a scan or a sort in one of them grows with
//! the shop. And the settings on which durability rests.

use rusqlite::Connection;

use super::connection::{open_reader, open_writer};
use super::{
    chat, checksums, customers, drafts, history, messages, migrations, notes, outgoing, pull, restored,
    retention, search, search_index, secrets, snapshot,
};

fn plan(sql: &str) -> String {
    let steps = steps(sql);
    assert!(!steps.contains("SCAN") && !steps.contains("TEMP B-TREE"), "{steps}");
    steps
}

fn steps(sql: &str) -> String {
    let conn = Connection::open_in_memory().unwrap();
    migrations::migrate(&conn).unwrap();
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let parameters = vec![rusqlite::types::Null; statement.parameter_count()];
    let steps = statement
        .query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(3))
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    steps.join("\n")
}

#[test]
fn a_pull_reads_what_changed_and_nothing_else() {
    insta::assert_snapshot!(plan(pull::CHANGES_SQL), @"SEARCH log USING INDEX log_by_seq (shop=? AND scope=? AND seq>?)");
}

#[test]
fn a_snapshot_reads_a_page_and_nothing_else() {
    insta::assert_snapshot!(plan(snapshot::NEWEST_SQL), @"SEARCH conversation USING COVERING INDEX conversation_by_activity (shop=? AND inbox=? AND (activity_at,id)<(?,?))");
    insta::assert_snapshot!(plan(snapshot::OPEN_SQL), @"SEARCH conversation USING COVERING INDEX conversation_open (shop=? AND inbox=? AND (activity_at,id)<(?,?))");
    insta::assert_snapshot!(plan(snapshot::MOVED_SQL), @"SEARCH log USING COVERING INDEX log_by_seq (shop=? AND scope=? AND seq>?)");
}

#[test]
fn history_reads_a_page_and_nothing_else() {
    insta::assert_snapshot!(plan(&history::messages_sql()), @"SEARCH message USING INDEX sqlite_autoindex_message_2 (shop=? AND conversation=? AND mseq<?)");
}

#[test]
fn a_customer_and_what_is_noted_about_them_are_found_by_id() {
    insta::assert_snapshot!(plan(customers::ONE_SQL), @"SEARCH customer USING INDEX sqlite_autoindex_customer_1 (shop=? AND id=?)");
    insta::assert_snapshot!(plan(&notes::one_sql()), @"SEARCH note USING INDEX sqlite_autoindex_note_1 (shop=? AND id=?)");
    insta::assert_snapshot!(plan(notes::COUNT_SQL), @"SEARCH note USING COVERING INDEX note_by_customer (shop=? AND customer=?)");
    insta::assert_snapshot!(plan(&notes::about_sql()), @"SEARCH note USING INDEX note_by_customer (shop=? AND customer=?)");
}

#[test]
fn what_is_old_is_found_by_its_age() {
    insta::assert_snapshot!(plan(retention::STAMP_ENDED_SQL), @"SEARCH log USING INDEX log_ended (shop=? AND ended_at=?)");
    insta::assert_snapshot!(plan(retention::ENDED_SQL), @"SEARCH log USING INDEX log_ended (shop=? AND ended_at<?)");
    insta::assert_snapshot!(plan(retention::OLD_MUTATIONS_SQL), @"SEARCH mutation USING INDEX mutation_by_age (shop=? AND at<?)");
}

#[test]
fn what_scopes_add_up_to_is_read_from_themselves() {
    insta::assert_snapshot!(plan(checksums::OPEN_HEADS_SQL), @"SEARCH conversation USING INDEX conversation_open (shop=? AND inbox=?)");
    insta::assert_snapshot!(plan(checksums::ROWS_SQL), @"SEARCH log USING PRIMARY KEY (shop=? AND scope=?)");
}

#[test]
fn what_waits_for_a_device_is_found_by_it() {
    insta::assert_snapshot!(steps(restored::PARKED_SQL), @r"
    SEARCH outgoing USING INDEX outgoing_parked (shop=? AND device=?)
    USE TEMP B-TREE FOR DISTINCT
    ");
}

#[test]
fn a_draft_is_found_by_id() {
    insta::assert_snapshot!(plan(drafts::ONE_SQL), @"SEARCH draft USING INDEX sqlite_autoindex_draft_1 (shop=? AND staff=? AND conversation=?)");
    insta::assert_snapshot!(plan(drafts::END_SQL), @"SEARCH draft USING INDEX sqlite_autoindex_draft_1 (shop=? AND staff=? AND conversation=?)");
}

#[test]
fn a_browser_reads_its_new_events_and_nothing_else() {
    insta::assert_snapshot!(plan(chat::EVENTS_SQL), @r"
    SEARCH chat_event USING PRIMARY KEY (shop=? AND session=? AND n>?)
    SEARCH message USING INDEX sqlite_autoindex_message_1 (shop=? AND id=?)
    SEARCH staff USING INDEX sqlite_autoindex_staff_1 (shop=? AND id=?) LEFT-JOIN
    SEARCH secret USING INDEX sqlite_autoindex_secret_1 (shop=? AND id=?) LEFT-JOIN
    ");
}

#[test]
fn a_message_and_its_secret_part_are_found_by_id() {
    insta::assert_snapshot!(plan(&messages::one_sql()), @"SEARCH message USING INDEX sqlite_autoindex_message_1 (shop=? AND id=?)");
    insta::assert_snapshot!(plan(secrets::ONE_SQL), @r"
    SEARCH secret USING INDEX sqlite_autoindex_secret_1 (shop=? AND id=?)
    SEARCH message USING INDEX sqlite_autoindex_message_1 (shop=? AND id=?)
    ");
    insta::assert_snapshot!(plan(search_index::SECRET_SQL), @r"
    SEARCH secret USING INDEX sqlite_autoindex_secret_1 (shop=? AND id=?)
    SEARCH message USING INDEX sqlite_autoindex_message_1 (shop=? AND id=?)
    SEARCH conversation USING INDEX sqlite_autoindex_conversation_1 (shop=? AND id=?)
    ");
}

#[test]
fn the_outgoing_queue_is_read_from_its_head() {
    insta::assert_snapshot!(plan(outgoing::DUE_SQL), @"SEARCH outgoing USING INDEX outgoing_due (next_at<?)");
    insta::assert_snapshot!(plan(outgoing::NEXT_DUE_SQL), @"SEARCH outgoing USING COVERING INDEX outgoing_due");
    insta::assert_snapshot!(plan(outgoing::LINE_SQL), @"SEARCH outgoing USING INDEX outgoing_line (shop=? AND conversation=?)");
}

#[test]
fn a_search_reads_the_index_backwards_and_what_it_proposes() {
    // "Scan" is what FTS5 calls reading what it found; it sorts nothing.
    insta::assert_snapshot!(steps(search::PROPOSED_SQL), @r"
    SCAN search VIRTUAL TABLE INDEX 192:M1<
    SEARCH search_place USING INTEGER PRIMARY KEY (rowid=?)
    ");
    insta::assert_snapshot!(plan(search_index::MESSAGE_SQL), @r"
    SEARCH message USING INDEX sqlite_autoindex_message_1 (shop=? AND id=?)
    SEARCH conversation USING INDEX sqlite_autoindex_conversation_1 (shop=? AND id=?)
    ");
    insta::assert_snapshot!(plan(search_index::NAMES_SQL), @r"
    SEARCH conversation USING INDEX sqlite_autoindex_conversation_1 (shop=? AND id=?)
    SEARCH customer USING INDEX sqlite_autoindex_customer_1 (shop=? AND id=?)
    ");
    // The conversations of one customer are few.
    insta::assert_snapshot!(steps(search_index::NOTE_SQL), @r"
    SEARCH note USING INDEX sqlite_autoindex_note_1 (shop=? AND id=?)
    SEARCH conversation USING INDEX conversation_by_customer (shop=? AND customer=?)
    USE TEMP B-TREE FOR ORDER BY
    ");
}

#[test]
fn a_commit_is_on_disk_and_nothing_is_mapped_into_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shopbell.db");
    let writer = open_writer(&path, None).unwrap();
    let number = |conn: &Connection, pragma: &str| {
        conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).unwrap()
    };
    let journal: String = writer.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal");
    const FULL: i64 = 2;
    assert_eq!(number(&writer, "synchronous"), FULL);
    for switch in ["foreign_keys", "fullfsync", "checkpoint_fullfsync"] {
        assert_eq!(number(&writer, switch), 1, "{switch}");
    }
    migrations::migrate(&writer).unwrap();
    let reader = open_reader(&path, None).unwrap();
    for conn in [&writer, &reader] {
        assert_eq!(number(conn, "mmap_size"), 0);
    }
    assert!(reader.execute("DELETE FROM shop", []).is_err(), "a reader never writes");
}

#[test]
fn every_table_is_strict_and_every_foreign_key_has_an_index() {
    let conn = Connection::open_in_memory().unwrap();
    migrations::migrate(&conn).unwrap();
    let list = |sql: &str| {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap()
    };
    let tables =
        list("SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'");
    assert!(tables.len() > 15);
    let loose = list(
        "SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict",
    );
    assert!(loose.is_empty(), "{loose:?}");
    for table in tables {
        let mut statement = conn
            .prepare(
                "SELECT id, group_concat(\"from\", ' = ? AND ') FROM pragma_foreign_key_list(?1) GROUP BY id",
            )
            .unwrap();
        let keys = statement.query_map([&table], |row| row.get::<_, String>(1)).unwrap();
        for key in keys {
            let key = key.unwrap();
            let found = plan(&format!("SELECT 1 FROM {table} WHERE {key} = ?"));
            assert!(found.starts_with("SEARCH"), "{table} ({key}): {found}");
        }
    }
}
