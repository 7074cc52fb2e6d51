use super::*;
use crate::inbox::InboxFilter;

fn opened() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), None).unwrap();
    (folder, store)
}

fn pragma(connection: &Connection, name: &str) -> i64 {
    connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

#[test]
fn a_commit_is_one_fsync_and_reaches_the_medium() {
    let (_folder, store) = opened();
    assert_eq!(pragma(&store.writer, "synchronous"), 2, "FULL");
    assert_eq!(pragma(&store.writer, "fullfsync"), 1);
    assert_eq!(pragma(&store.writer, "checkpoint_fullfsync"), 1);
}

#[test]
fn nothing_is_memory_mapped_and_readers_only_read() {
    let (_folder, store) = opened();
    // Answers nothing where SQLite was built without it, 0 where it is off.
    let mapped = |connection: &Connection| {
        connection.pragma_query_value(None, "mmap_size", |row| row.get::<_, i64>(0)).unwrap_or(0)
    };
    assert_eq!(mapped(&store.writer), 0);
    store
        .readers()
        .read(|from| {
            assert_eq!(mapped(from), 0);
            assert!(from.execute("DELETE FROM outbox", []).is_err());
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_write_that_fails_changes_nothing() {
    let (_folder, mut store) = opened();
    let failed = store.write(|to| {
        to.begin_profile(DEVICE)?;
        Err::<(), _>(StoreError::Closed)
    });
    assert!(failed.is_err());
    assert_eq!(store.read(Profile::read).unwrap(), None);
}

#[test]
fn readers_of_a_closed_store_say_so() {
    let (_folder, store) = opened();
    let readers = store.readers();
    drop(store);
    assert!(matches!(readers.read(|_| Ok(())), Err(StoreError::Closed)));
}

const DEVICE: shopbell_domain::ids::DeviceId = shopbell_domain::ids::DeviceId(uuid::Uuid::from_u128(7));

#[test]
fn hot_queries_are_answered_from_an_index() {
    let (_folder, store) = opened();
    let window = |filter| (format!("{filter:?}"), crate::inbox::sql(filter));
    let other = |what: &str, sql: &str| (what.to_owned(), sql.to_owned());
    let hot = [
        window(InboxFilter::All),
        window(InboxFilter::Mine),
        window(InboxFilter::Unassigned),
        window(InboxFilter::Closed),
        other("messages", crate::conversation::MESSAGES),
        other("its oldest message", "SELECT min(mseq) FROM message WHERE conversation = ?1"),
        other("its outbox", "SELECT mid FROM outbox WHERE conversation = ?1 ORDER BY position"),
        other("a customer's conversations", "SELECT id FROM conversation WHERE customer = ?1"),
        other(
            "its refused replies",
            "SELECT mid FROM journal WHERE listed = 1 AND conversation = ?1 ORDER BY position",
        ),
    ];
    let plans: Vec<String> = hot.iter().map(|(what, sql)| format!("{what}: {}", plan(&store, sql))).collect();
    let plans = plans.join("\n");
    assert!(!plans.contains("SCAN") && !plans.contains("TEMP B-TREE"), "{plans}");
    // Without the names that are looked up by primary key for each row.
    let plans = plans.lines().map(|plan| plan.split(", ").next().unwrap_or_default()).collect::<Vec<_>>();
    insta::assert_snapshot!(plans.join("\n"), @r"
    All: SEARCH shown USING INDEX shown_activity (status=?)
    Mine: SEARCH shown USING INDEX shown_assignee (status=? AND assignee=?)
    Unassigned: SEARCH shown USING INDEX shown_assignee (status=? AND assignee=?)
    Closed: SEARCH shown USING INDEX shown_activity (status=?)
    messages: SEARCH message USING INDEX message_place (conversation=?)
    its oldest message: SEARCH message USING COVERING INDEX message_place (conversation=?)
    its outbox: SEARCH outbox USING INDEX outbox_conversation (conversation=?)
    a customer's conversations: SEARCH conversation USING COVERING INDEX conversation_customer (customer=?)
    its refused replies: SEARCH journal USING INDEX journal_listed (conversation=?)
    ");
}

/// How SQLite answers a query, step by step.
fn plan(store: &Store, sql: &str) -> String {
    let mut statement = store.writer.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps: Vec<String> = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps.join(", ")
}
