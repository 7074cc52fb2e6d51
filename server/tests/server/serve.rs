//! A listening server: starting, stopping, and what keeps it from starting.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use serde_json::{Value, json};
use shopbell_domain::ids::new_uuid;
use shopbell_l10n::Lang;
use shopbell_server::storage::StorageError;
use shopbell_server::storage::sqlite::Mode;
use shopbell_server::{Admin, Config, CreatedShop, ManualEnv, PasswordCost, Server, StartError, app};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Asked, config, hire};

pub fn listening(dir: &Path) -> Config {
    let mut config = config(dir);
    config.storage_mode = Mode::Threads;
    config.rate_limits.chat_message = shopbell_server::Rate { burst: 1_000, per_second: 1_000.0 };
    config.rate_limits.chat_session = config.rate_limits.chat_message;
    config
}

pub async fn start(dir: &Path) -> (Server, Arc<ManualEnv>) {
    let env = Arc::new(ManualEnv::seeded(3));
    (Server::start(listening(dir), env.clone()).await.unwrap(), env)
}

async fn shop(server: &Server) -> CreatedShop {
    let shop = server.admin().create_shop("Juniper & Clay", &[]).await.unwrap();
    hire(&server.admin(), shop.shop, "Theo", &[], true).await;
    shop
}

/// One request over a connection of its own: the status and the body.
async fn ask(
    server: &Server,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &Value,
) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(server.address()).await.ok()?;
    let body = body.to_string();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: juniper.example\r\nConnection: close\r\n{token}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

async fn browser(server: &Server, shop: &CreatedShop) -> String {
    let begin = json!({ "key": shop.public_key });
    let (status, body) = ask(server, "POST", "/chat/v1/sessions", None, &begin).await.unwrap();
    assert_eq!(status, 201);
    serde_json::from_str::<Value>(&body).unwrap()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_server_answers_and_is_well() {
    let dir = tempfile::tempdir().unwrap();
    let (server, _) = start(dir.path()).await;
    let (status, body) = ask(&server, "GET", "/healthz", None, &Value::Null).await.unwrap();
    assert_eq!((status, body.as_str()), (200, "ok\n"));
    let state = server.state().clone();
    server.stop().await.unwrap();
    // Without its database it is not.
    let answer = Asked::get("/healthz").of(&app(state)).await;
    assert_eq!(answer.problem(), (503, "busy".into()));
}

#[tokio::test]
async fn stopping_finishes_what_was_accepted_and_leaves_one_whole_file() {
    let dir = tempfile::tempdir().unwrap();
    let (server, env) = start(dir.path()).await;
    let shop = shop(&server).await;
    let ana = browser(&server, &shop).await;
    let address = server.address();
    let waits = ask(&server, "GET", "/chat/v1/events?after=0&wait_ms=25000", Some(&ana), &Value::Null);
    let stops = async {
        // Not before it waits, beside the sweep that waits for its hour.
        while env.sleeping() < 2 {
            tokio::task::yield_now().await;
        }
        server.state().stop();
    };
    let (answer, ()) = tokio::join!(waits, stops);
    assert_eq!(answer.unwrap().0, 200);
    server.stop().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    let wal = std::fs::metadata(dir.path().join("shopbell.db-wal")).map_or(0, |wal| wal.len());
    assert_eq!(wal, 0);
    let (again, _) = start(dir.path()).await;
    assert_eq!(again.admin().shops().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_answered_is_kept_when_the_server_ends_in_the_middle() {
    for is_graceful in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let (server, env) = start(dir.path()).await;
        let shop = shop(&server).await;
        let ana = browser(&server, &shop).await;
        let ids: Vec<String> = (0..200).map(|_| new_uuid(&*env).to_string()).collect();
        let answers = AtomicUsize::new(0);
        let posts = ids.iter().map(|id| {
            let (server, ana, answers) = (&server, &ana, &answers);
            async move {
                let body = json!({ "id": id, "text": "Hello" });
                let answer = ask(server, "POST", "/chat/v1/messages", Some(ana), &body).await;
                let is_kept = answer.is_some_and(|(status, _)| status == 200);
                if is_kept && answers.fetch_add(1, Ordering::SeqCst) == 50 {
                    server.state().stop();
                }
                is_kept
            }
        });
        let answered = join_all(posts).await;
        if is_graceful {
            server.stop().await.unwrap();
        } else {
            drop(server);
        }
        let server = loop {
            match Server::start(listening(dir.path()), env.clone()).await {
                Ok(server) => break server,
                // The one before has not let go yet.
                Err(StartError::DataFolderInUse { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        let mut kept = Vec::new();
        let mut more = true;
        while more {
            let path = format!("/chat/v1/events?after={}", kept.len());
            let (_, body) = ask(&server, "GET", &path, Some(&ana), &Value::Null).await.unwrap();
            let page: Value = serde_json::from_str(&body).unwrap();
            let events = page["events"].as_array().unwrap();
            kept.extend(events.iter().map(|event| event["message"]["id"].as_str().unwrap().to_owned()));
            more = page["more"] == true;
        }
        assert!(answered.iter().filter(|answered| **answered).count() > 50);
        for (id, answered) in ids.iter().zip(answered) {
            assert!(!answered || kept.contains(id), "an answered message is lost");
        }
        server.stop().await.unwrap();
    }
}

async fn error(config: Config) -> StartError {
    match Server::start(config, Arc::new(ManualEnv::seeded(4))).await {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn what_keeps_a_server_from_starting_says_what_to_do() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (server, _) = start(dir.path()).await;

    let mut config = listening(other.path());
    config.listen = server.address();
    let in_use = error(config).await;
    assert!(matches!(in_use, StartError::PortInUse { address } if address == server.address()));
    assert!(in_use.words(Lang::En).contains("--listen"));
    // The folder that it had taken before it found out is free again.
    let (free, _) = start(other.path()).await;
    free.stop().await.unwrap();

    let in_use = error(listening(dir.path())).await;
    assert!(matches!(in_use, StartError::DataFolderInUse { .. }));
    assert!(in_use.words(Lang::En).contains("--data"));

    let file = other.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let no_folder = error(listening(&file)).await;
    assert!(matches!(no_folder, StartError::DataFolder { .. }), "{no_folder:?}");
    assert!(no_folder.words(Lang::En).contains("--data"));
}

#[tokio::test]
async fn the_database_of_a_newer_server_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let (server, _) = start(dir.path()).await;
    shop(&server).await;
    server.stop().await.unwrap();
    let path = dir.path().join("shopbell.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    conn.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let newer = error(listening(dir.path())).await;
    assert!(matches!(newer, StartError::Storage(StorageError::NewerSchema { found: 99, .. })), "{newer:?}");
    assert!(newer.words(Lang::En).contains("Update"));
    let admin = Admin::open(dir.path(), PasswordCost::Test, Arc::new(ManualEnv::seeded(4)));
    assert!(matches!(admin.err(), Some(StartError::Storage(StorageError::NewerSchema { .. }))));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shopbell.db");
    let words = "These are my notes, not a database. ".repeat(100);
    std::fs::write(&path, &words).unwrap();
    let damaged = error(listening(dir.path())).await;
    assert!(matches!(damaged, StartError::Storage(StorageError::Corrupt(_))), "{damaged:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), words);
}
