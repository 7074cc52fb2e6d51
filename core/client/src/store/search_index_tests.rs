use super::super::DATABASE;
use super::*;
use crate::search::PROPOSED_SQL;

/// A database in which there are messages that were never indexed, some in one millisecond.
fn not_indexed(messages: u128) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), None).unwrap());
    let database = Connection::open(folder.path().join(DATABASE)).unwrap();
    database.execute_batch("BEGIN; UPDATE search_progress SET rules = 0, kind = 0").unwrap();
    for number in 0..messages {
        database
            .execute(
                "INSERT INTO message (id, scope, ver, epoch, conversation, mseq, text, at)
                 VALUES (?1, 'inbox:', 1, zeroblob(16), zeroblob(16), ?2, ?3, ?4)",
                (
                    Uuid::from_u128(number).as_bytes(),
                    number as i64,
                    format!("blue {number}"),
                    number as i64 / 300,
                ),
            )
            .unwrap();
    }
    database.execute_batch("COMMIT").unwrap();
    folder
}

fn count(store: &Store, term: &str) -> i64 {
    store
        .read(|from| {
            let sql = "SELECT count(*) FROM search_text WHERE search_text MATCH ?1";
            Ok(from.query_row(sql, [term], |row| row.get(0))?)
        })
        .unwrap()
}

fn check(store: &Store) {
    for index in ["search_text", "search_name"] {
        store
            .writer
            .execute(&format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')"), [])
            .unwrap();
    }
}

#[test]
fn what_is_held_is_indexed_a_part_after_the_other_whatever_happens_between() {
    let messages = STEP_ROWS as u128 * (STEPS_AT_OPEN as u128 + 4) + 7;
    let folder = not_indexed(messages);
    let mut store = Store::open(folder.path(), None).unwrap();
    assert!(!store.read(is_whole).unwrap());
    assert!((1..messages as i64).contains(&count(&store, "blue")));
    assert!(!store.index_more().unwrap());
    // One that is not indexed yet changes, and one that is.
    for changed in [messages - 1, 0] {
        let row = Uuid::from_u128(changed);
        store
            .write(|to| {
                to.before_text_changes(Entity::Message, row)?;
                to.execute("UPDATE message SET text = 'green' WHERE id = ?1", [row.as_bytes()])?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
    // One that is not indexed yet goes.
    let row = Uuid::from_u128(messages - 2);
    store
        .write(|to| {
            to.before_text_changes(Entity::Message, row)?;
            to.execute("DELETE FROM message WHERE id = ?1", [row.as_bytes()])?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    drop(store); // a crash
    let mut store = Store::open(folder.path(), None).unwrap();
    while !store.index_more().unwrap() {}
    assert!(store.index_more().unwrap(), "and stays so");
    assert_eq!((count(&store, "blue"), count(&store, "green")), (messages as i64 - 3, 2));
    let places: i64 =
        store.writer.query_row("SELECT count(*) FROM search_place", [], |row| row.get(0)).unwrap();
    assert_eq!(places, messages as i64 - 1);
    check(&store);
}

#[test]
fn more_texts_of_one_millisecond_than_it_has_places_stand_in_the_order_of_time() {
    let folder = not_indexed(1_000);
    let store = Store::open(folder.path(), None).unwrap();
    let ids = store
        .writer
        .prepare("SELECT message.at FROM search_place JOIN message ON message.id = search_place.id ORDER BY place DESC")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<Vec<i64>, _>>()
        .unwrap();
    assert_eq!(ids.len(), 1_000);
    // What overflowed stands among those of the next millisecond, never further.
    assert!(ids.windows(2).all(|two| two[0] + 1 >= two[1]), "{ids:?}");
}

#[test]
fn a_search_reads_the_index_backwards_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), None).unwrap();
    let plan = |sql: &str| {
        let mut statement = store.writer.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut steps: Vec<String> = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get("detail").unwrap());
        }
        steps.join("\n")
    };
    // "Scan" is what FTS5 calls reading what it found.
    insta::assert_snapshot!(plan(&PROPOSED_SQL.replace("{index}", "search_text")), @r"
    SCAN search_text VIRTUAL TABLE INDEX 192:M1
    SEARCH search_place USING INTEGER PRIMARY KEY (rowid=?)
    ");
    insta::assert_snapshot!(plan(PLACE_SQL), @"SEARCH search_place USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
}
