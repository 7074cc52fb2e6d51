//! What the server writes to its log: ids, paths and outcomes, never what people said and never a secret.

use std::cell::RefCell;
use std::io;

use serde_json::Value;
use shopbell_domain::ids::{DeviceId, MessageId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::sync::Outcome;

use crate::support::{Asked, Juniper, PASSWORD, email, sign_in, the_conversation};

thread_local! {
    /// What was logged on this thread, which runs one test.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the log of its thread.
struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs everything from now on, whatever other tests log at the same time.
fn log_everything() {
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(|| Log);
    tracing::subscriber::set_global_default(all.finish()).unwrap();
    // What another thread met before this one was there was put aside as of no interest.
    tracing::callsite::rebuild_interest_cache();
}

#[tokio::test]
async fn the_log_knows_who_and_where_but_not_what() {
    log_everything();
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    ana.write("My address is 7 Mill Lane").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    theo.push(&[theo.reply(conversation, "It leaves today by courier"), theo.reply(conversation, "")]).await;
    let (mina, message) = (juniper.phone("Mina").await, MessageId::new(&*juniper.env));
    let secret = SecretPart {
        kind: SecretKind::Discount,
        title: "JUNIPER15".to_owned(),
        body: "Until Sunday".to_owned(),
    };
    let send = SendMessage { conversation, message, text: String::new(), secret: Some(secret) };
    let edit = EditMessage { conversation, message, text: "By barge instead".to_owned() };
    for operation in [Operation::SendMessage(send), Operation::EditMessage(edit)] {
        let mutation = mina.mutation(&operation, None);
        mina.push(std::slice::from_ref(&mutation)).await;
        assert_eq!(mina.outcome(&mutation).await, Some(Outcome::Accepted));
    }
    mina.search(juniper.inbox(), "JUNIPER15", None).await.expect::<Value>(200);
    juniper.deliver().await;
    let refresh = serde_json::json!({ "refresh_token": theo.signed_in.session.refresh_token });
    let refreshed: Value = juniper.ask(Asked::post("/v1/sessions/refresh").json(refresh)).await.expect(200);
    let mut wrong = sign_in("Theo", DeviceId::new(&*juniper.env));
    wrong["password"] = "another secret".into();
    juniper.ask(Asked::post("/v1/sessions").json(wrong)).await.expect::<Value>(401);
    juniper.ask(Asked::post("/v1/sessions").bytes(r#"{"email": "a third secret"#)).await.expect::<Value>(422);
    theo.ask(Asked::get("/v1/scopes/shop/snapshot?page=a-fourth-secret")).await.expect::<Value>(422);
    theo.search(juniper.inbox(), "a fifth secret", None).await.expect::<Value>(200);

    let log = String::from_utf8(LOGGED.take()).unwrap();
    for known in [
        &juniper.shop.shop.to_string(),
        &juniper.theo.to_string(),
        "/v1/push",
        "/chat/v1/messages",
        "status=401",
        "handed a message over",
    ] {
        assert!(log.contains(known), "{known}\n{log}");
    }
    for secret in [
        "Mill Lane",
        "courier",
        "JUNIPER15",
        "Sunday",
        "barge",
        PASSWORD,
        "secret",
        &email("Theo"),
        theo.token(),
        &theo.signed_in.session.refresh_token,
        refreshed["access_token"].as_str().unwrap(),
        refreshed["refresh_token"].as_str().unwrap(),
        &ana.token,
        "Theo's phone",
        "Ana",
    ] {
        assert!(!log.contains(secret), "{secret}\n{log}");
    }
}
