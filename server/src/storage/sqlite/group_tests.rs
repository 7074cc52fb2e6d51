use std::sync::{Arc, Mutex, mpsc};

use futures_util::FutureExt as _;
use rusqlite::{Connection, params};
use shopbell_domain::ids::SessionId;
use uuid::Uuid;

use super::super::writer::{QUEUE_LIMIT, Writer};
use super::*;

/// Remembers what it was told.
#[derive(Default)]
struct Told(Mutex<Vec<Committed>>);

impl CommitListener for Told {
    fn committed(&self, committed: &Committed) {
        self.0.lock().unwrap().push(committed.clone());
    }
}

/// `note` takes anything; `leaf` makes the commit fail when its root is not there at the end.
fn database() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE note (text TEXT NOT NULL);
         CREATE TABLE root (id INTEGER PRIMARY KEY);
         CREATE TABLE leaf (root INTEGER NOT NULL REFERENCES root (id) DEFERRABLE INITIALLY DEFERRED);",
    )
    .unwrap();
    conn
}

fn note(tx: &mut Tx<'_>, text: &str) -> Result<i64, OperationError> {
    tx.conn.execute("INSERT INTO note (text) VALUES (?1)", params![text])?;
    tx.committed.chats.insert(SessionId(Uuid::from_u128(text.len() as u128)));
    Ok(tx.conn.last_insert_rowid())
}

fn notes(conn: &Connection) -> Vec<String> {
    let mut statement = conn.prepare("SELECT text FROM note ORDER BY rowid").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn publisher(told: Arc<Told>) -> Publisher {
    Publisher::new(Arc::new(Revocations::in_memory()), told)
}

fn run(conn: &Connection, told: &Arc<Told>, jobs: Vec<Box<dyn Job>>) {
    let (publisher, mut waiting) = (publisher(told.clone()), jobs.into_iter());
    while let Some(first) = waiting.next() {
        run_group(conn, first, || waiting.next(), &publisher);
    }
}

#[test]
fn one_that_fails_or_panics_takes_back_its_own_changes_and_no_others() {
    let (conn, told) = (database(), Arc::new(Told::default()));
    let (first, mut first_answer) = job(|tx| note(tx, "a"));
    let (failing, mut failing_answer) = job(|tx| -> Result<i64, OperationError> {
        note(tx, "bb")?;
        Err(crate::storage::Denied::NotFound.into())
    });
    let (panicking, mut panicking_answer) = job(|tx| -> Result<i64, OperationError> {
        note(tx, "ccc")?;
        panic!("on purpose")
    });
    let (broken, mut broken_answer) = job(|tx| {
        note(tx, "dddd")?;
        Ok(tx.conn.execute("INSERT INTO note (text) VALUES (NULL)", [])?)
    });
    let (last, mut last_answer) = job(|tx| note(tx, "eeeee"));
    run(&conn, &told, vec![first, failing, panicking, broken, last]);
    assert_eq!(notes(&conn), ["a", "eeeee"]);
    assert!(first_answer.try_recv().unwrap().is_ok() && last_answer.try_recv().unwrap().is_ok());
    assert!(matches!(failing_answer.try_recv().unwrap(), Err(OperationError::Denied(_))));
    assert!(matches!(
        panicking_answer.try_recv().unwrap(),
        Err(OperationError::Storage(StorageError::Panicked))
    ));
    assert!(matches!(broken_answer.try_recv().unwrap(), Err(OperationError::Storage(_))));
    // Only what is on disk is told to those who wait.
    assert_eq!(told.0.lock().unwrap().len(), 2);
}

#[test]
fn answers_come_only_after_the_commit_and_a_failed_one_is_everybodys_error() {
    let (conn, told) = (database(), Arc::new(Told::default()));
    let (first, mut first_answer) = job(|tx| note(tx, "a"));
    let early: Arc<Mutex<Option<bool>>> = Arc::default();
    let answer = Arc::new(Mutex::new(first_answer));
    let (looks, mut look_answer) = job({
        let (early, answer) = (early.clone(), answer.clone());
        move |tx| {
            *early.lock().unwrap() = Some(answer.lock().unwrap().try_recv().is_ok());
            Ok(tx.conn.execute("INSERT INTO leaf (root) VALUES (7)", [])?)
        }
    });
    run(&conn, &told, vec![first, looks]);
    first_answer = Arc::try_unwrap(answer).unwrap().into_inner().unwrap();
    assert_eq!(*early.lock().unwrap(), Some(false), "the first was answered before the commit");
    assert!(matches!(first_answer.try_recv().unwrap(), Err(OperationError::Storage(_))));
    assert!(matches!(look_answer.try_recv().unwrap(), Err(OperationError::Storage(_))));
    assert_eq!((notes(&conn).len(), told.0.lock().unwrap().len()), (0, 0));
    // The next group is not touched by it.
    let (next, mut next_answer) = job(|tx| note(tx, "a"));
    run(&conn, &told, vec![next]);
    assert!(next_answer.try_recv().unwrap().is_ok());
}

#[test]
fn a_group_is_bounded() {
    let (conn, told) = (database(), Arc::new(Told::default()));
    let mut taken = 0;
    run_group(
        &conn,
        job(|tx| note(tx, "a")).0,
        || {
            taken += 1;
            Some(job(|tx| note(tx, "a")).0)
        },
        &publisher(told.clone()),
    );
    assert_eq!((taken + 1, notes(&conn).len()), (GROUP_LIMIT, GROUP_LIMIT));
}

#[tokio::test]
async fn a_full_queue_is_busy_and_closing_finishes_what_was_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE note (text TEXT NOT NULL)").unwrap();
    let writer = Writer::thread(conn, publisher(Arc::default())).unwrap();
    let (started, has_started) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let slow = writer.run(move |tx| {
        started.send(()).unwrap();
        released.recv().unwrap();
        note(tx, "slow")
    });
    // What was accepted happens, even when nobody waits for the answer any more.
    assert!(slow.now_or_never().is_none());
    has_started.recv().unwrap();
    for _ in 0..QUEUE_LIMIT {
        assert!(writer.run(|tx| note(tx, "waits")).now_or_never().is_none());
    }
    let refused = writer.run(|tx| note(tx, "too many")).now_or_never();
    assert!(matches!(refused, Some(Err(OperationError::Storage(StorageError::Busy)))));
    release.send(()).unwrap();
    writer.close().await.unwrap();
    let after = writer.run(|tx| note(tx, "too late")).await;
    assert!(matches!(after, Err(OperationError::Storage(StorageError::Closed))));
    let kept = notes(&Connection::open(&path).unwrap());
    assert_eq!((kept.len(), kept[0].as_str()), (QUEUE_LIMIT + 1, "slow"));
    assert!(kept[1..].iter().all(|text| text == "waits"));
}

#[test]
fn a_full_disk_is_an_error_and_what_is_answered_is_what_is_kept() {
    let (conn, told) = (database(), Arc::new(Told::default()));
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 2), [], |row| row.get::<_, i64>(0))
        .unwrap();
    let (small, mut small_answer) = job(|tx| note(tx, "small"));
    let (large, mut large_answer) = job(|tx| note(tx, &"large".repeat(10_000)));
    let (after, mut after_answer) = job(|tx| note(tx, "after"));
    run(&conn, &told, vec![small, large, after]);
    assert!(matches!(large_answer.try_recv().unwrap(), Err(OperationError::Storage(StorageError::Full))));
    let kept = [("small", small_answer.try_recv().unwrap()), ("after", after_answer.try_recv().unwrap())]
        .into_iter()
        .filter_map(|(text, answer)| answer.is_ok().then_some(text))
        .collect::<Vec<_>>();
    assert_eq!(notes(&conn), kept);
    assert_eq!(told.0.lock().unwrap().len(), kept.len());
}

/// Looks, when it is told, at what is noted.
struct Looks(Arc<Revocations>, Mutex<Vec<Option<i64>>>);

impl CommitListener for Looks {
    fn committed(&self, committed: &Committed) {
        let given = self.0.history().unwrap().unwrap().1;
        let (shop, seq) = committed.seqs.first_key_value().unwrap();
        assert_eq!(given.get(shop), Some(seq));
        self.1.lock().unwrap().push(given.get(shop).copied());
    }
}

#[test]
fn how_far_the_history_has_come_is_noted_before_anybody_is_told() {
    let (conn, store) = (database(), Arc::new(Revocations::in_memory()));
    let (epoch, shop) = (Uuid::from_u128(1), shopbell_domain::ids::ShopId(Uuid::from_u128(2)));
    store.follow(shopbell_domain::ids::EpochId(epoch), &Default::default()).unwrap();
    let looks = Arc::new(Looks(store.clone(), Mutex::default()));
    let publisher = Publisher::new(store, looks.clone());
    for seq in [7, 9] {
        let (rises, mut answer) = job(move |tx| {
            tx.committed.seqs.insert(shop, seq);
            note(tx, "a")
        });
        run_group(&conn, rises, || None, &publisher);
        answer.try_recv().unwrap().unwrap();
    }
    assert_eq!(*looks.1.lock().unwrap(), [Some(7), Some(9)]);
}
