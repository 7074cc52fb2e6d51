//! Backing up, restoring and removing in a terminal, beside a server that runs and without one.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use shopbell_core::SystemEnv;
use shopbell_core::domain::ids::DeviceId;
use shopbell_core::domain::staff::Permissions;
use shopbell_core::domain::sync::DeviceInfo;
use shopbell_server::storage::NewSession;
use shopbell_server::{Config, PasswordCost, Server, StaffToCreate};

async fn start(data: &Path) -> Server {
    let mut config = Config::new(data, ([127, 0, 0, 1], 0).into());
    config.password_cost = PasswordCost::Test;
    Server::start(config, Arc::new(shopbell_server::SystemEnv)).await.unwrap()
}

fn shopbell(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shopbell"))
        .args(["--lang", "en", "admin", "--data", data.to_str().unwrap()])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn says(output: &Output, code: i32) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// Theo, with a phone that has signed in.
async fn hire_theo(server: &Server) -> DeviceId {
    let (env, admin) = (SystemEnv, server.admin());
    let shop = admin.shops().await.unwrap().remove(0).id;
    let theo = StaffToCreate {
        shop,
        name: "Theo".to_owned(),
        email: "theo@juniper.example".to_owned(),
        password: "a-long-enough-password".to_owned(),
        permissions: Permissions::default(),
        owner: false,
    };
    let staff = admin.create_staff(theo).await.unwrap();
    let device =
        DeviceInfo { id: DeviceId::new(&env), name: "Theo's phone".to_owned(), platform: "ios".to_owned() };
    let id = device.id;
    let session = NewSession {
        id: shopbell_core::domain::ids::SessionId::new(&env),
        shop,
        staff,
        generation: 1,
        device,
        now: shopbell_core::domain::env::Env::now(&env),
    };
    server.storage().record_session(session).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_while_the_server_runs_and_restored_when_it_has_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("server"), folder.path().join("monday.db"));
    let backup = backup.to_str().unwrap();
    let server = start(&data).await;
    says(&shopbell(&data, &["shop", "add", "--name", "Juniper & Clay"]), 0);
    let device = hire_theo(&server).await.to_string();
    assert_eq!(says(&shopbell(&data, &["backup", backup]), 0), format!("Everything is in {backup}.\n"));

    let listed = says(&shopbell(&data, &["device", "list"]), 0);
    assert_eq!(listed, format!("{device}  Theo  ios  Theo's phone\n"));
    let unknown = says(&shopbell(&data, &["device", "remove", "0190a8f2"]), 2);
    assert!(unknown.contains("shopbell admin device list"), "{unknown}");
    says(&shopbell(&data, &["device", "remove", &device]), 0);
    assert_eq!(says(&shopbell(&data, &["device", "list"]), 0), "");
    let said = says(&shopbell(&data, &["staff", "remove", "--email", "theo@juniper.example"]), 0);
    assert!(said.starts_with("Removed Theo."), "{said}");
    assert_eq!(says(&shopbell(&data, &["staff", "list"]), 0), "");

    // Not while the server runs.
    let said = says(&shopbell(&data, &["restore", backup]), 1);
    assert!(said.contains("Another shopbell serves from"), "{said}");
    server.stop().await.unwrap();
    let said = says(&shopbell(&data, &["restore", backup]), 0);
    let kept = said.lines().find_map(|line| line.strip_prefix("The database from before is kept: ")).unwrap();
    assert!(Path::new(kept).exists(), "{said}");
    // Who was removed since stays so.
    assert_eq!(says(&shopbell(&data, &["staff", "list"]), 0), "");
    assert_eq!(says(&shopbell(&data, &["device", "list"]), 0), "");
    start(&data).await.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_do_is_said_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (data, letter) = (folder.path().join("server"), folder.path().join("letter.txt"));
    let server = start(&data).await;
    let nothing = folder.path().join("nothing.db");
    let said = says(&shopbell(&data, &["backup", nothing.to_str().unwrap()]), 2);
    assert!(said.contains("There is no shop here yet") && !nothing.exists(), "{said}");
    says(&shopbell(&data, &["shop", "add", "--name", "Juniper & Clay"]), 0);
    server.stop().await.unwrap();
    std::fs::write(&letter, "Dear Ana").unwrap();
    let file = letter.to_str().unwrap();
    let said = says(&shopbell(&data, &["restore", file]), 2);
    assert!(said.contains("cannot be restored (the") && said.contains("nothing was touched"), "{said}");
    let said = says(&shopbell(&data, &["backup", file]), 2);
    assert!(said.contains("is not a backup"), "{said}");
    assert_eq!(std::fs::read(&letter).unwrap(), b"Dear Ana");
    // Nor is another program's database.
    let diary = folder.path().join("diary.db");
    std::fs::copy(data.join("revocations.db"), &diary).unwrap();
    says(&shopbell(&data, &["backup", diary.to_str().unwrap()]), 2);
    assert_eq!(std::fs::read(&diary).unwrap(), std::fs::read(data.join("revocations.db")).unwrap());
    assert!(says(&shopbell(&data, &["shop", "list"]), 0).contains("Juniper & Clay"));
}

/// A disk that takes no more than this is like a full one: a write of the copy fails in the middle.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_the_disk_does_not_take_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    let server = start(&data).await;
    says(&shopbell(&data, &["shop", "add", "--name", "Juniper & Clay"]), 0);
    server.stop().await.unwrap();
    let backup = folder.path().join("monday.db");
    let limited = r#"ulimit -f 64; trap '' XFSZ; exec "$0" "$@""#;
    let output = Command::new("bash")
        .args(["-c", limited, env!("CARGO_BIN_EXE_shopbell"), "--lang", "en", "admin", "--data"])
        .args([&data, Path::new("backup"), &backup])
        .output()
        .unwrap();
    let said = says(&output, 1);
    assert!(said.contains("monday.db") && said.contains("Nothing is left of it"), "{said}");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["server"]);
    // With room there is one.
    says(&shopbell(&data, &["backup", backup.to_str().unwrap()]), 0);
}
