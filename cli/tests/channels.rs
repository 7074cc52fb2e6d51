//! Two web chats of one shop, set up and looked at in a terminal.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use shopbell_core::SystemEnv;
use shopbell_core::domain::env::Env as _;
use shopbell_core::domain::ids::{MessageId, SessionId};
use shopbell_core::domain::staff::Permissions;
use shopbell_server::channel::from_browser;
use shopbell_server::storage::NewChat;
use shopbell_server::{Config, PasswordCost, Server, StaffToCreate};

const PASSWORD: &str = "a-long-enough-password";

#[tokio::test(flavor = "multi_thread")]
async fn each_web_chat_has_a_key_and_its_conversations_are_listed_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (data, profile) = (folder.path().join("server"), folder.path().join("phone"));
    let mut config = Config::new(&data, ([127, 0, 0, 1], 0).into());
    config.password_cost = PasswordCost::Test;
    let server = Server::start(config, Arc::new(shopbell_server::SystemEnv)).await.unwrap();

    let admin = |words: &[&str]| shopbell(&[&["admin", "--data", data.to_str().unwrap()], words].concat());
    let first = key(&admin(&["shop", "add", "--name", "Juniper & Clay"]));
    let said = admin(&["channel", "add", "--name", "Wholesale"]);
    assert!(said.starts_with("Added the web chat Wholesale ("), "{said}");
    let second = key(&said);
    assert_ne!(first, second);
    let listed = admin(&["channel", "list"]);
    let listed: Vec<Vec<&str>> = listed.lines().map(|line| line.split("  ").skip(1).collect()).collect();
    assert_eq!(listed, [["web_chat", &first, "Juniper & Clay"], ["web_chat", &second, "Wholesale"]]);

    hire_theo(&server).await;
    write(&server, "Ana", &first, "One bowl?").await;
    write(&server, "Ben", &second, "Forty bowls?").await;
    let inbox =
        |words: &[&str]| shopbell(&[&["inbox", "--profile", profile.to_str().unwrap()], words].concat());
    let address = format!("http://{}", server.address());
    inbox(&["login", "--server", &address, "--email", "theo@juniper.example"]);
    inbox(&["sync"]);
    for (channel, whose) in [("juniper & clay", ["Ana"]), ("Wholesale", ["Ben"])] {
        let listed = inbox(&["list", "--channel", channel]);
        let named = ["Ana", "Ben"].into_iter().filter(|name| listed.contains(name));
        assert_eq!(named.collect::<Vec<_>>(), whose, "{listed}");
    }
    server.stop().await.unwrap();
}

/// The key in a script tag.
fn key(said: &str) -> String {
    said.split('"').find(|part| part.starts_with("pk_")).unwrap().to_owned()
}

async fn hire_theo(server: &Server) {
    let admin = server.admin();
    let shop = admin.shops().await.unwrap().remove(0).id;
    let theo = StaffToCreate {
        shop,
        name: "Theo".to_owned(),
        email: "theo@juniper.example".to_owned(),
        password: PASSWORD.to_owned(),
        permissions: Permissions::default(),
        owner: true,
    };
    admin.create_staff(theo).await.unwrap();
}

/// A customer writes in the web chat that has this key.
async fn write(server: &Server, name: &str, key: &str, text: &str) {
    let (env, storage, name) = (SystemEnv, server.storage(), Some(name.to_owned()));
    let (session, message, now) = (SessionId::new(&env), MessageId::new(&env), env.now());
    let mut token_hash = [0; 32];
    env.fill_random(&mut token_hash);
    let led = storage.chat_shop(key.to_owned()).await.unwrap();
    let (shop, channel) = (led.shop, led.channel);
    let chat =
        NewChat { session, token_hash, shop, channel, name: name.clone(), language: None, page: None, now };
    storage.begin_chat(chat).await.unwrap();
    storage
        .record_inbound(from_browser(channel, session, name, message, text.to_owned(), now))
        .await
        .unwrap();
}

/// What the program prints when it is run with these words, and the password typed where it asks for it.
fn shopbell(words: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_shopbell"));
    program.args(words).env("SHOPBELL_LANG", "en").stdin(Stdio::piped());
    let mut program = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who asks for nothing may have gone before it is told.
    let _ = program.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes());
    let ran = program.wait_with_output().unwrap();
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}
