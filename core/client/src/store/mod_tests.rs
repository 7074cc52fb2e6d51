use std::collections::BTreeMap;

use shopbell_domain::ids::{ChannelId, StaffId};
use shopbell_domain::tag::Tag;
use shopbell_domain::time::Timestamp;

use super::*;
use crate::inbox::{InboxFilter, InboxQuery, InboxSort};

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

/// Whoever reads keeps what they see; the database is scrubbed when they are done, and nobody reads meanwhile.
#[test]
fn scrubbing_waits_for_who_reads_and_who_reads_for_it() {
    let (folder, mut store) = opened();
    let readers = store.readers();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (end, may_end) = std::sync::mpsc::channel();
    let reader = std::thread::spawn({
        let readers = readers.clone();
        move || {
            readers.read(|from| {
                let count: i64 = from.query_row("SELECT count(*) FROM scope", [], |row| row.get(0))?;
                begun.send(count).unwrap();
                may_end.recv().unwrap();
                Ok(())
            })
        }
    });
    assert_eq!(has_begun.recv().unwrap(), 0);
    assert!(readers.pause().is_none(), "they take too long");
    assert!(readers.read(|_| Ok(())).is_ok(), "others read on");
    store.write(|to| to.begin_scrub()).unwrap();
    let pending = |store: &Store| -> i64 {
        store.read(|from| Ok(from.query_row("SELECT pending FROM scrub", [], |row| row.get(0))?)).unwrap()
    };
    assert_eq!(pending(&store), 1);
    end.send(()).unwrap();
    reader.join().unwrap().unwrap();
    store.clean_up_what_is_left().unwrap();
    assert_eq!(pending(&store), 0);
    let log = std::fs::metadata(folder.path().join("shopbell.db-wal")).unwrap();
    assert!(log.len() < 64 * 1024, "the log was emptied: it holds the flag's own change");
    let paused = readers.pause().unwrap();
    let waiting = std::thread::spawn({
        let readers = readers.clone();
        move || readers.read(|_| Ok(())).is_ok()
    });
    drop(paused);
    assert!(waiting.join().unwrap());
}

const DEVICE: shopbell_domain::ids::DeviceId = shopbell_domain::ids::DeviceId(uuid::Uuid::from_u128(7));

#[test]
fn hot_queries_are_answered_from_an_index() {
    let (_folder, store) = opened();
    let hot = [
        ("messages", crate::conversation::MESSAGES),
        ("its oldest message", "SELECT min(mseq) FROM message WHERE conversation = ?1"),
        ("its outbox", "SELECT mid FROM outbox WHERE target = ?1 ORDER BY position"),
        ("a customer's conversations", crate::inbox::OF_CUSTOMER),
        ("a customer's notes", "SELECT id FROM note WHERE customer = ?1"),
        ("a message that waits", "SELECT 1 FROM outbox WHERE message = ?1"),
        (
            "a message that was settled",
            "SELECT 1 FROM journal WHERE message = ?1 AND (listed = 1 OR refusal IS NULL)",
        ),
        ("its refused replies", "SELECT mid FROM journal WHERE listed = 1 AND target = ?1 ORDER BY position"),
        ("what a page brought", "SELECT 1 FROM seen WHERE scope = ?1 AND entity = ?2 AND id = ?3"),
        ("its newest messages", "SELECT count(*) FROM message WHERE conversation = ?1 AND mseq > ?2"),
    ];
    let plans: Vec<String> =
        hot.iter().map(|(what, sql)| format!("{what}: {}", plan(&store, sql).join(", "))).collect();
    let plans = plans.join("\n");
    assert!(!plans.contains("SCAN") && !plans.contains("TEMP B-TREE"), "{plans}");
    // Without the names that are looked up by primary key for each row.
    let plans = plans.lines().map(|plan| plan.split(", ").next().unwrap_or_default()).collect::<Vec<_>>();
    insta::assert_snapshot!(plans.join("\n"), @r"
    messages: SEARCH message USING INDEX message_place (conversation=?)
    its oldest message: SEARCH message USING COVERING INDEX message_place (conversation=?)
    its outbox: SEARCH outbox USING INDEX outbox_target (target=?)
    a customer's conversations: SEARCH conversation USING COVERING INDEX conversation_customer (customer=?)
    a customer's notes: SEARCH note USING COVERING INDEX note_customer (customer=?)
    a message that waits: SEARCH outbox USING COVERING INDEX outbox_message (message=?)
    a message that was settled: SEARCH journal USING INDEX journal_message (message=?)
    its refused replies: SEARCH journal USING INDEX journal_listed (target=?)
    what a page brought: SEARCH seen USING PRIMARY KEY (scope=? AND entity=? AND id=?)
    its newest messages: SEARCH message USING COVERING INDEX message_place (conversation=? AND mseq>?)
    ");
}

#[test]
fn the_end_of_an_id_is_looked_for_in_the_index_of_ids_alone() {
    let (_folder, store) = opened();
    let plan = plan(&store, crate::inbox::ENDING_IN).join(", ");
    insta::assert_snapshot!(plan, @"SCAN conversation USING COVERING INDEX conversation_customer, USE TEMP B-TREE FOR ORDER BY");
}

/// No window is scanned or sorted, whatever it is filtered by, and its order changes nothing about it.
#[test]
fn every_window_is_answered_from_an_index() {
    let (_folder, store) = opened();
    let mut windows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (filter, narrowing) in
        InboxFilter::ALL.into_iter().flat_map(|filter| (0..16).map(move |bits| (filter, bits)))
    {
        let (by_channel, by_tag, by_agent, by_period) =
            (narrowing & 1 > 0, narrowing & 2 > 0, narrowing & 4 > 0, narrowing & 8 > 0);
        let plans: BTreeSet<String> = InboxSort::ALL
            .into_iter()
            .map(|sort| {
                let sql = crate::inbox::window(&InboxQuery {
                    sort,
                    channel: by_channel.then_some(ChannelId(SOME)),
                    tag: by_tag.then(|| Tag::new("VIP").unwrap()),
                    agent: by_agent.then_some(StaffId(SOME)),
                    from: by_period.then_some(Timestamp::from_millis(1)),
                    to: by_period.then_some(Timestamp::from_millis(2)),
                    ..InboxQuery::of(filter)
                });
                // Without the names that are looked up by primary key for each row.
                let steps = plan(&store, &sql);
                let kept =
                    steps.iter().filter(|step| !step.ends_with("LEFT-JOIN")).cloned().collect::<Vec<_>>();
                kept.join(", ")
            })
            .collect();
        assert_eq!(plans.len(), 1, "{plans:?}");
        let plan = plans.first().unwrap();
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
        let (unread, read) = plan.split_once(", RIGHT, ").unwrap();
        assert_eq!(unread.strip_prefix("MERGE (UNION ALL), LEFT, "), Some(read), "one run as the other");
        let narrowed = [(by_channel, " + channel"), (by_tag, " + tag"), (by_agent, " + agent")];
        let narrowed: String = narrowed.into_iter().filter(|(by, _)| *by).map(|(_, words)| words).collect();
        if by_period {
            assert!(read.contains("activity_at>? AND activity_at<?"), "{read}");
        } else {
            windows.entry(read.to_owned()).or_default().push(format!("{filter:?}{narrowed}"));
        }
    }
    let golden: Vec<String> =
        windows.iter().map(|(plan, windows)| format!("{plan}\n    {}", windows.join("\n    "))).collect();
    insta::assert_snapshot!(golden.join("\n"), @r"
    SEARCH shown USING INDEX shown_assignee (status=? AND assignee=? AND is_unread=?)
        All + agent
        All + channel + agent
        Mine
        Mine + channel
        Mine + agent
        Mine + channel + agent
        Unassigned
        Unassigned + channel
        Unassigned + agent
        Unassigned + channel + agent
        Closed + agent
        Closed + channel + agent
    SEARCH shown USING INDEX shown_channel (status=? AND channel=? AND is_unread=?)
        All + channel
        Closed + channel
    SEARCH shown USING INDEX shown_not_sent (is_unread=?)
        NotSent
        NotSent + channel
        NotSent + agent
        NotSent + channel + agent
    SEARCH shown USING INDEX shown_not_sent (is_unread=?), SEARCH shown_tag EXISTS USING PRIMARY KEY (conversation=? AND tag=?)
        NotSent + tag
        NotSent + channel + tag
        NotSent + tag + agent
        NotSent + channel + tag + agent
    SEARCH shown USING INDEX shown_starred (is_unread=?)
        Starred
        Starred + channel
        Starred + agent
        Starred + channel + agent
    SEARCH shown USING INDEX shown_starred (is_unread=?), SEARCH shown_tag EXISTS USING PRIMARY KEY (conversation=? AND tag=?)
        Starred + tag
        Starred + channel + tag
        Starred + tag + agent
        Starred + channel + tag + agent
    SEARCH shown USING INDEX shown_status (status=? AND is_unread=?)
        All
        Closed
    SEARCH shown_tag USING COVERING INDEX shown_tag_status (tag=? AND status=? AND is_unread=?), SEARCH shown USING PRIMARY KEY (conversation=?)
        All + tag
        All + channel + tag
        All + tag + agent
        All + channel + tag + agent
        Mine + tag
        Mine + channel + tag
        Mine + tag + agent
        Mine + channel + tag + agent
        Unassigned + tag
        Unassigned + channel + tag
        Unassigned + tag + agent
        Unassigned + channel + tag + agent
        Closed + tag
        Closed + channel + tag
        Closed + tag + agent
        Closed + channel + tag + agent
    ");
}

const SOME: Uuid = Uuid::from_u128(1);

/// How SQLite answers a query, step by step.
fn plan(store: &Store, sql: &str) -> Vec<String> {
    let mut statement = store.writer.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps: Vec<String> = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}
