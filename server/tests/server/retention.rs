//! What the server forgets, and what it adds up for phones that ask.

use shopbell_domain::conversation::Status;
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::NoteId;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::sync::{Checksum, Entity, Outcome, PullAnswer, Row, Scope, ScopeCursor};

use crate::support::{Asked, Juniper, Phone, of, the_conversation};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// The server goes on for so long, sweeping.
async fn days(juniper: &Juniper, days: i64) {
    for _ in 0..=days {
        while juniper.state.storage.sweep(juniper.env.now()).await.unwrap() {}
        juniper.env.advance_ms(DAY_MS);
    }
    juniper.env.advance_ms(-DAY_MS);
}

async fn signed_in_again(juniper: &Juniper, phone: &Phone) -> Phone {
    let name = if phone.me() == juniper.theo { "Theo" } else { "Mina" };
    let sign_in = crate::support::sign_in(name, phone.device);
    let signed_in = juniper.ask(Asked::post("/v1/sessions").json(sign_in)).await.expect(201);
    Phone { signed_in, ..phone.clone() }
}

#[tokio::test]
async fn that_a_row_ended_is_known_for_thirty_days_and_older_cursors_load_again() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    let (_, head) = the_conversation(&theo.all(juniper.inbox()).await);
    let (customer, note) = (head.customer, NoteId::new(&*juniper.env));
    let add = AddNote { customer, note, text: "Likes blue".to_owned() };
    let add = theo.mutation(&Operation::AddNote(add), None);
    theo.push(std::slice::from_ref(&add)).await;
    let pull = async |phone: &Phone, cursor| {
        phone.pull(&[ScopeCursor { scope: juniper.inbox(), cursor }], 100).await
    };
    let held = pull(&theo, 0).await.scopes[0].cursor;
    let delete = Operation::DeleteNote(DeleteNote { customer, note });
    theo.push(&[theo.mutation(&delete, Some(Base::Mutation(add.mid)))]).await;
    let after = pull(&theo, held).await.scopes[0].cursor;

    days(&juniper, 29).await;
    let theo = signed_in_again(&juniper, &theo).await;
    let answer = pull(&theo, held).await;
    assert!(answer.reload.is_empty());
    assert!(answer.scopes[0].rows.iter().any(|row| row.ended && row.id == note.0));

    days(&juniper, 2).await;
    let theo = signed_in_again(&juniper, &theo).await;
    // It is said at once, however long the phone would wait for news.
    let mut waits = theo.pull_body(&[ScopeCursor { scope: juniper.inbox(), cursor: held }], 100);
    waits["wait_ms"] = 25_000.into();
    let answer: PullAnswer = theo.ask(Asked::post("/v1/pull").json(waits)).await.expect(200);
    assert_eq!((answer.reload, answer.scopes.len()), (vec![juniper.inbox()], 0));
    // Who holds it already, or nothing at all, goes on.
    for cursor in [after, 0] {
        let answer = pull(&theo, cursor).await;
        assert!(answer.reload.is_empty());
        assert!(answer.scopes[0].rows.iter().all(|row| row.id != note.0));
    }
    let (_, loaded) = theo.whole_snapshot(juniper.inbox()).await;
    assert!(loaded.iter().all(|row| row.entity != Entity::Note));
}

#[tokio::test]
async fn what_became_of_a_mutation_is_known_for_sixty_days() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let reply = theo.reply(conversation, "Welcome");
    theo.push(std::slice::from_ref(&reply)).await;
    days(&juniper, 59).await;
    let theo = signed_in_again(&juniper, &theo).await;
    let held = theo.pull(&[ScopeCursor { scope: Scope::Device(theo.device), cursor: 0 }], 10).await;
    let cursor = held.scopes[0].cursor;
    theo.push(std::slice::from_ref(&reply)).await;
    assert_eq!(theo.outcome(&reply).await, Some(Outcome::Accepted));
    days(&juniper, 2).await;
    let theo = signed_in_again(&juniper, &theo).await;
    assert_eq!(theo.outcome(&reply).await, None);
    let device = [ScopeCursor { scope: Scope::Device(theo.device), cursor }];
    assert_eq!(theo.pull(&device, 10).await.reload, [Scope::Device(theo.device)]);
    // A late packet of it changes nothing all the same: its message is there.
    theo.push(std::slice::from_ref(&reply)).await;
    assert!(matches!(theo.outcome(&reply).await, Some(Outcome::Refused(_))));
}

fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> Checksum {
    let mut checksum = Checksum::default();
    rows.filter(|row| !row.ended).for_each(|row| checksum.add(row.entity, row.id, row.ver));
    checksum
}

#[tokio::test]
async fn a_pull_says_what_its_scopes_add_up_to() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    for text in ["One bowl?", "Two bowls?", "A plate?"] {
        juniper.browser().await.write(text).await;
    }
    let heads = of::<Conversation>(&theo.all(juniper.inbox()).await, Entity::Conversation);
    let closed = (shopbell_domain::ids::ConversationId(heads[0].0), heads[0].1.clone());
    theo.push(&[theo.close(&closed), theo.reply(closed.0, "Bye")]).await;
    assert_eq!(theo.put_draft(shopbell_domain::ids::ConversationId(heads[1].0), "Yes").await.status, 204);

    let scopes = [Scope::Shop, juniper.inbox(), Scope::User(theo.me()), Scope::Device(theo.device)];
    let pull = async |limit: usize, checksums: bool| -> PullAnswer {
        let cursors: Vec<_> = scopes.map(|scope| ScopeCursor { scope, cursor: 0 }).into();
        let mut body = theo.pull_body(&cursors, limit);
        if checksums {
            body["checksums"] = true.into();
        }
        theo.ask(Asked::post("/v1/pull").json(body)).await.expect(200)
    };
    let answer = pull(1_000, true).await;
    assert_eq!(answer.scopes.len(), 4);
    for scope in &answer.scopes {
        let rows = scope.rows.iter();
        let expected = match scope.scope {
            Scope::Device(_) => None,
            Scope::Inbox(_) => Some(sum(rows.filter(|row| {
                row.entity == Entity::Conversation
                    && row.read::<Conversation>().unwrap().status.value == Status::Open
            }))),
            _ => Some(sum(rows)),
        };
        assert_eq!(scope.checksum, expected, "{}", scope.scope);
    }
    let inbox = answer.scopes.iter().find(|scope| scope.scope == juniper.inbox()).unwrap();
    assert_eq!(inbox.checksum.as_ref().unwrap().rows(), 2);
    // Not where there is more to come, and not unasked.
    let part = pull(1, true).await;
    assert!(
        part.scopes
            .iter()
            .all(|scope| scope.more == scope.checksum.is_none() || matches!(scope.scope, Scope::Device(_)))
    );
    assert!(part.scopes.iter().any(|scope| scope.more));
    assert!(pull(1_000, false).await.scopes.iter().all(|scope| scope.checksum.is_none()));
}
