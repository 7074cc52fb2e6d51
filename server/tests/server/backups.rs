//! Backing up while the server writes, and everything that a disk or a person may get wrong with backups.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rusqlite::Connection;
use shopbell_domain::message::Message;
use shopbell_domain::sync::Entity;
use shopbell_server::storage::sqlite::Mode;
use shopbell_server::{AdminError, AppState, ManualEnv, NotRestored, StartError};

use crate::restored::Shop;
use crate::support::{Juniper, config, of, the_conversation};

fn count(database: &Path, sql: &str) -> i64 {
    Connection::open(database).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Every file of a folder with what is in it, but for those of SQLite's own that come and go.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let entries = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let named = entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path()));
    let kept = named.filter(|(name, _)| !name.ends_with("-shm") && !name.ends_with(".lock"));
    let mut files: Vec<_> = kept.map(|(name, path)| (name, std::fs::read(path).unwrap())).collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_is_whole_while_others_write() {
    let juniper = Juniper::open_with(1, |config| config.storage_mode = Mode::Threads).await;
    let ana = juniper.browser().await;
    let (env, storage) = (juniper.env.clone(), juniper.state.storage.clone());
    let (written, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let writing = tokio::spawn({
        let (written, stop) = (written.clone(), stop.clone());
        async move {
            while !stop.load(Ordering::Relaxed) {
                ana.write(&format!("Message {}", written.load(Ordering::Relaxed))).await;
                written.fetch_add(1, Ordering::Relaxed);
                // As a customer would, not as a flood.
                env.advance_ms(60_000);
            }
        }
    });
    let mut before = 0;
    for name in ["one.db", "two.db", "two.db"] {
        while written.load(Ordering::Relaxed) < before + 10 {
            tokio::task::yield_now().await;
        }
        let at_least = written.load(Ordering::Relaxed);
        let file = juniper.dir.path().join(name);
        juniper.admin().backup(&file).await.unwrap();
        assert_eq!(
            count(&file, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
            1
        );
        // All of one moment: the head counts what is there.
        let messages = count(&file, "SELECT count(*) FROM message");
        assert_eq!(count(&file, "SELECT sum(last_mseq) FROM conversation"), messages);
        assert!((at_least..=written.load(Ordering::Relaxed) + 1).contains(&messages));
        assert!(!file.with_file_name(format!("{name}.part")).exists());
        before = messages;
    }
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();
    storage.close().await.unwrap();
}

#[tokio::test]
async fn a_backup_replaces_a_backup_and_nothing_else() {
    let shop = Shop::open().await;
    let admin = shop.juniper.admin();
    let (text, folder) = (shop.file("letter.txt"), shop.file("folder"));
    std::fs::write(&text, "Dear Ana, this is no database").unwrap();
    std::fs::create_dir(&folder).unwrap();
    let before = files(shop.juniper.dir.path());
    for taken in [text, folder, shop.file("shopbell.db"), shop.file("revocations.db"), "/dev/null".into()] {
        let error = admin.backup(&taken).await.unwrap_err();
        assert!(matches!(&error, AdminError::BackupTaken { file } if *file == taken), "{error}");
    }
    let nowhere = shop.file("no-such-folder/a-backup");
    assert!(matches!(admin.backup(&nowhere).await.unwrap_err(), AdminError::BackupFile { .. }));
    assert_eq!(files(shop.juniper.dir.path()), before);
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_nothing_is_touched() {
    let shop = Shop::open().await;
    shop.hears("forgets", "ana", "Hello").await;
    let backup = shop.backup().await;
    let whole = std::fs::read(&backup).unwrap();
    let with = |name: &str, bytes: &[u8]| {
        let file = shop.file(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let mut damaged = whole.clone();
    damaged[4_096 * 5..4_096 * 9].fill(0x5a);
    let foreign = shop.file("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    let newer = with("newer.db", &whole);
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    let refused = [
        with("text.db", b"Dear Ana"),
        with("empty.db", b""),
        with("cut.db", &whole[..whole.len() / 2]),
        with("damaged.db", &damaged),
        foreign,
        newer,
        shop.file("shopbell.db"),
        shop.file("nothing.db"),
        shop.juniper.dir.path().to_owned(),
    ];
    let restore = |backup: &Path| {
        shopbell_server::restore(shop.juniper.dir.path(), backup, &*shop.juniper.env).unwrap_err()
    };
    // A server runs.
    let error = restore(&backup);
    assert!(matches!(error, NotRestored::Folder(StartError::DataFolderInUse { .. })), "{error}");
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    let before = files(closed.dir.path());
    for file in &refused {
        let error = shopbell_server::restore(closed.dir.path(), file, &*closed.env).unwrap_err();
        let words = error.to_string();
        assert!(words.contains("nothing was touched") || words.contains("Nothing was restored"), "{words}");
        assert_eq!(files(closed.dir.path()), before, "{}", file.display());
    }
    let shop = closed.start().await;
    let theo = shop.juniper.phone("Theo").await;
    assert_eq!(of::<Message>(&theo.all(shop.juniper.inbox()).await, Entity::Message).len(), 1);
}

#[tokio::test]
async fn the_database_from_before_is_kept_and_a_damaged_one_can_be_replaced() {
    let shop = Shop::open().await;
    let backup = shop.backup().await;
    shop.hears("forgets", "ana", "Lost by the restore").await;
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    let kept = shopbell_server::restore(closed.dir.path(), &backup, &*closed.env).unwrap().unwrap();
    assert_eq!(count(&kept, "SELECT count(*) FROM message"), 1);
    assert_eq!(count(&closed.dir.path().join("shopbell.db"), "SELECT count(*) FROM message"), 0);

    closed.env.advance_ms(1);
    std::fs::write(closed.dir.path().join("shopbell.db"), "not a database any more").unwrap();
    let kept = shopbell_server::restore(closed.dir.path(), &backup, &*closed.env).unwrap().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), b"not a database any more");
    let shop = closed.start().await;
    assert_eq!(shop.juniper.state.storage.shops().await.unwrap().len(), 1);

    // Into an empty folder, as on another machine.
    let elsewhere = tempfile::tempdir().unwrap();
    let env = Arc::new(ManualEnv::seeded(3));
    assert_eq!(shopbell_server::restore(elsewhere.path(), &backup, &*env).unwrap(), None);
    let state = AppState::open(config(elsewhere.path()), env).await.unwrap();
    assert_eq!(state.storage.shops().await.unwrap().len(), 1);
    assert_ne!(state.storage.epoch(), shop.juniper.state.storage.epoch());
}

#[tokio::test]
async fn a_full_disk_is_said_and_what_was_kept_stays() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    ana.write("Hello").await;
    let Juniper { env, state, router, shop, mina, theo, pia, dir } = juniper;
    state.storage.close().await.unwrap();
    drop((state, router, ana));
    let pages = count(&dir.path().join("shopbell.db"), "SELECT page_count FROM pragma_page_count");
    let mut config = config(dir.path());
    config.database_limit_pages = Some(u32::try_from(pages).unwrap() + 4);
    let state = AppState::open(config, env.clone()).await.unwrap();
    let router = shopbell_server::app(state.clone());
    let juniper = Juniper { env, state, router, shop, mina, theo, pia, dir };

    let theo = juniper.phone("Theo").await;
    let conversation = the_conversation(&theo.all(juniper.inbox()).await).0;
    let large = theo.reply(conversation, &"All about kilns. ".repeat(500));
    let mut answer = None;
    for _ in 0..20 {
        let body = theo.push_body(&[large.clone(), theo.reply(conversation, &"Glaze. ".repeat(1_000))]);
        let answered = theo.ask(crate::support::Asked::post("/v1/push").json(body)).await;
        if answered.status != 200 {
            answer = Some(answered);
            break;
        }
    }
    let answer = answer.unwrap();
    assert_eq!(answer.problem(), (500, "internal".into()));
    assert!(answer.member("detail").as_str().unwrap().contains("disk is full"));
    // What was there is there, can be read, and is whole.
    let rows = theo.all(juniper.inbox()).await;
    assert!(of::<Message>(&rows, Entity::Message).iter().any(|(_, message)| message.text == "Hello"));
    juniper.state.storage.check().await.unwrap();
    let database = juniper.dir.path().join("shopbell.db");
    assert_eq!(
        count(&database, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"),
        1
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said() {
    // A read-only file system, also for whoever may write everywhere else.
    let env = Arc::new(ManualEnv::seeded(1));
    let Err(error) = AppState::open(config(Path::new("/proc/shopbell")), env).await else {
        panic!("nobody can write there");
    };
    assert!(matches!(error, StartError::DataFolder { .. }), "{error}");
    assert!(error.to_string().contains("/proc/shopbell"), "{error}");
}
