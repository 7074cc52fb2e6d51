//! When the server itself fails at a mutation: the rest waits, and the third time it is refused so that nothing is held
//! up for ever (docs/sync.md 12).

use shopbell_domain::conversation::Base;
use shopbell_domain::ids::NoteId;
use shopbell_domain::message::Message;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::note::Note;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::{Entity, Outcome};
use shopbell_server::{AppState, app};

use crate::support::{Juniper, Phone, config, of, the_conversation};

/// From now on the database fails when such a mutation is recorded as accepted: the last thing that happens.
fn fail_when(juniper: &Juniper, condition: &str) {
    let conn = rusqlite::Connection::open(juniper.dir.path().join("shopbell.db")).unwrap();
    conn.execute_batch(&format!(
        "CREATE TRIGGER failing BEFORE INSERT ON mutation
         WHEN {condition} AND NEW.outcome = '\"accepted\"'
         BEGIN SELECT RAISE(ABORT, 'on purpose'); END"
    ))
    .unwrap();
}

async fn replies(juniper: &Juniper, phone: &Phone) -> Vec<String> {
    let messages = of::<Message>(&phone.all(juniper.inbox()).await, Entity::Message);
    let replies = messages.into_iter().filter(|(_, message)| message.delivery.is_some());
    replies.map(|(_, message)| message.text).collect()
}

#[tokio::test]
async fn one_that_fails_three_times_is_refused_and_the_rest_goes_on() {
    let mut juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let mut theo = juniper.phone("Theo").await;
    let (conversation, before) = the_conversation(&theo.all(juniper.inbox()).await);
    fail_when(&juniper, "NEW.args LIKE '%\"fails\"%'");
    let batch: Vec<Mutation> = ["before", "fails", "after"].map(|text| theo.reply(conversation, text)).into();
    for _ in 0..2 {
        let answer = theo.push(&batch).await;
        assert_eq!(answer.failed, Some(batch[1].mid));
        // What came before it is applied, once; of itself nothing is left, and what came after waits.
        assert_eq!(replies(&juniper, &theo).await, ["before"]);
        let (_, head) = the_conversation(&theo.all(juniper.inbox()).await);
        assert_eq!(head.last_mseq, before.last_mseq + 1);
        assert_eq!(theo.result(&batch[1]).await, None);
    }
    // It is remembered when the server starts again.
    let Juniper { env, state, router, shop, mina, theo: id, pia, dir } = juniper;
    drop((state, router));
    theo.router = axum::Router::new();
    let state = AppState::open(config(dir.path()), env.clone()).await.unwrap();
    let router = app(state.clone());
    theo.router = router.clone();
    juniper = Juniper { env, state, router, shop, mina, theo: id, pia, dir };

    let answer = theo.push(&batch).await;
    assert_eq!(answer.failed, None);
    assert_eq!(theo.outcome(&batch[1]).await, Some(Outcome::Refused(Refusal::Internal)));
    assert_eq!(replies(&juniper, &theo).await, ["before", "after"]);
    // The same one again hears the same.
    theo.push(&batch[1..2]).await;
    assert_eq!(theo.outcome(&batch[1]).await, Some(Outcome::Refused(Refusal::Internal)));
}

#[tokio::test]
async fn one_that_fails_takes_back_its_own_changes_only() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    let (_, head) = the_conversation(&theo.all(juniper.inbox()).await);
    let (customer, note) = (head.customer, NoteId::new(&*juniper.env));
    let add = Operation::AddNote(AddNote { customer, note, text: "Likes blue".to_owned() });
    let add = theo.mutation(&add, None);
    let delete = Operation::DeleteNote(DeleteNote { customer, note });
    let delete = theo.mutation(&delete, Some(Base::Mutation(add.mid)));
    fail_when(&juniper, "NEW.name = 'delete_note'");
    let answer = theo.push(&[add, delete.clone()]).await;
    assert_eq!(answer.failed, Some(delete.mid));
    // The note that the same push added before it is there, in the table and for those who pull.
    let notes = of::<Note>(&theo.all(juniper.inbox()).await, Entity::Note);
    assert_eq!(
        notes.iter().map(|(id, note)| (*id, &note.text.value[..])).collect::<Vec<_>>(),
        [(note.0, "Likes blue")]
    );
}

#[tokio::test]
async fn a_failure_elsewhere_is_internal_and_keeps_nothing() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    let conn = rusqlite::Connection::open(juniper.dir.path().join("shopbell.db")).unwrap();
    conn.execute_batch(
        "CREATE TRIGGER failing BEFORE INSERT ON chat_event BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
    )
    .unwrap();
    let id = shopbell_domain::ids::new_uuid(&*juniper.env).to_string();
    let answer = ana.write_as(&id, "My secret").await;
    assert_eq!(answer.problem(), (500, "internal".into()));
    assert!(!String::from_utf8(answer.body).unwrap().contains("on purpose"));
    let mina = juniper.phone("Mina").await;
    assert!(mina.all(juniper.inbox()).await.is_empty());
    conn.execute_batch("DROP TRIGGER failing").unwrap();
    ana.write_as(&id, "My secret").await.expect::<serde_json::Value>(200);
    assert_eq!(the_conversation(&mina.all(juniper.inbox()).await).1.last_mseq, 1);
}
