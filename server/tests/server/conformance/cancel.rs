//! Cancel: what was handed to the network is not to happen.

use serde_json::value::RawValue;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{DeviceId, MutationId};
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::SecretKind;
use shopbell_domain::sync::{Entity, FaultKind, Outcome, Scope};
use shopbell_server::storage::{AttemptOutcome, Caller};

use super::world::{World, conversation, new_session, sent, shown};

impl World {
    fn cancel(&self, reply: &Mutation) -> Mutation {
        self.cancel_of(reply.mid, sent(reply))
    }

    fn cancel_of(&self, mutation: MutationId, message: shopbell_domain::ids::MessageId) -> Mutation {
        let cancel = Cancel { conversation: conversation("ana"), mutation, message };
        self.mutation(&Operation::Cancel(cancel), None)
    }

    /// Each place of the conversation: its number and what it says.
    async fn places(&self) -> Vec<(i64, String)> {
        self.messages().await.into_iter().map(|(_, message)| (message.mseq, message.text)).collect()
    }
}

/// The same text as another mutation: the reply written anew under its own id.
fn anew(world: &World, reply: &Mutation, text: &str) -> Mutation {
    let Ok(Operation::SendMessage(mut send)) = reply.operation() else { panic!("not a reply") };
    send.text = text.to_owned();
    world.mutation(&Operation::SendMessage(send), None)
}

pub async fn a_mutation_that_never_came_is_spent(mut world: World) {
    world.writes("ana", "Hello").await;
    let reply = world.reply("ana", "Yes");
    let cancel = world.cancel(&reply);
    assert_eq!(world.does(&world.theo, &cancel).await, Outcome::Accepted);
    assert_eq!(world.outcome(&world.theo, &reply).await, Some(Outcome::Cancelled));
    world.crash();
    // The late packet, twice: nothing is sent, and the device hears so.
    for _ in 0..2 {
        let cursor = world.all(&world.theo, Scope::Device(world.theo.device)).await;
        let cursor = cursor.iter().map(|row| row.ver.0).max().unwrap();
        let answer = world.push(&world.theo, std::slice::from_ref(&reply)).await;
        assert_eq!((answer.faults.len(), answer.blocked.len(), answer.failed), (0, 0, None));
        let news = world.pull(&world.theo, &[(Scope::Device(world.theo.device), cursor)], 10).await;
        assert_eq!(news.scopes[0].rows.iter().map(|row| row.id).collect::<Vec<_>>(), [reply.mid.0]);
        assert_eq!(world.outcome(&world.theo, &reply).await, Some(Outcome::Cancelled));
    }
    // Its id is spent for everything else, too.
    let mut other = reply.clone();
    other.name = "star".to_owned();
    other.args = RawValue::from_string(format!("{{\"conversation\":\"{}\"}}", conversation("ana"))).unwrap();
    let answer = world.push(&world.theo, &[other]).await;
    assert_eq!(answer.faults[0].kind, FaultKind::ArgsDiffer);
    // The same cancel again has the same answer; so has another one of the same reply.
    assert_eq!(world.does(&world.theo, &cancel).await, Outcome::Accepted);
    assert_eq!(world.does(&world.theo, &world.cancel(&reply)).await, Outcome::Accepted);
    assert_eq!(world.places().await, [(1, "Hello".to_owned())]);
    assert_eq!(world.claim().await, None);
    // Written anew it is another mutation under the same message id.
    let again = anew(&world, &reply, "Yes!");
    assert_eq!(world.does(&world.theo, &again).await, Outcome::Accepted);
    assert_eq!(world.claim().await.unwrap().text, "Yes!");
}

pub async fn a_reply_that_waits_is_taken_back_and_its_place_kept(mut world: World) {
    world.writes("ana", "Hello").await;
    let reply = world.shares("ana", "Marigold", SecretKind::Discount, "JUNIPER15");
    let next = world.reply("ana", "Next");
    world.push(&world.mina, &[reply.clone(), next.clone()]).await;
    let cancel = world.cancel(&reply);
    assert_eq!(world.does(&world.mina, &cancel).await, Outcome::Accepted);
    // Every row that a device holds of it, and the one that keeps its place, is named by both results.
    for mutation in [&cancel, &reply] {
        let mut named: Vec<Entity> =
            world.result(&world.mina, mutation).await.unwrap().rows.iter().map(|row| row.entity).collect();
        named.sort();
        assert_eq!(named, [Entity::Conversation, Entity::Message, Entity::Message, Entity::Secret]);
    }
    assert_eq!(world.outcome(&world.mina, &reply).await, Some(Outcome::Cancelled));
    let places = [(1, "Hello".to_owned()), (2, String::new()), (3, "Next".to_owned())];
    assert_eq!(world.places().await, places);
    let kept = world.messages().await.remove(1);
    assert_ne!(kept.0, sent(&reply));
    assert_eq!((kept.1.deleted, kept.1.delivery, kept.1.shared), (true, None, None));
    let rows = world.all(&world.mina, world.inbox_scope()).await;
    let own = rows.iter().find(|row| row.id == sent(&reply).0).unwrap();
    assert!(own.ended);
    let parts = world.all(&world.mina, Scope::InboxDiscounts(world.inbox)).await;
    assert!(parts.iter().all(|row| row.ended));
    assert!(!shown(&rows).contains("Marigold"));
    for query in ["marigold", "juniper15"] {
        assert!(world.try_search(&world.mina, query, None, 10).await.unwrap().rows.is_empty());
    }
    world.crash();
    world.push(&world.mina, std::slice::from_ref(&reply)).await;
    assert_eq!(world.outcome(&world.mina, &reply).await, Some(Outcome::Cancelled));
    // What came after it goes out; written anew, it goes out once, at the end.
    let again = anew(&world, &reply, "Marigolds");
    assert_eq!(world.does(&world.mina, &again).await, Outcome::Accepted);
    for expected in ["Next", "Marigolds\nJUNIPER15\nUntil Sunday."] {
        let outgoing = world.claim().await.unwrap();
        assert_eq!(outgoing.text, expected);
        world.settle(&outgoing, AttemptOutcome::Sent).await;
    }
    assert_eq!(world.claim().await, None);
    assert_eq!(world.places().await.last().unwrap(), &(4, "Marigolds".to_owned()));
    // Of a whole conversation's last message the list shows that it is gone.
    let last = world.reply("ana", "Last");
    world.push(&world.theo, &[last.clone(), world.cancel(&last)]).await;
    let preview = world.head("ana").await.preview.unwrap();
    assert_eq!((preview.deleted, preview.text.as_str()), (true, ""));
    assert_eq!(world.claim().await, None);
}

pub async fn what_was_handed_over_is_already_sent(world: World) {
    let at = world.env.now();
    for outcome in [
        None,
        Some(AttemptOutcome::Sent),
        Some(AttemptOutcome::Unknown),
        Some(AttemptOutcome::Refused { code: "blocked".to_owned() }),
        Some(AttemptOutcome::Later { at, answer_lost: false }),
        Some(AttemptOutcome::Later { at, answer_lost: true }),
    ] {
        world.writes("ana", "Hello").await;
        let reply = world.reply("ana", "Yes");
        world.push(&world.theo, std::slice::from_ref(&reply)).await;
        let outgoing = world.claim().await.unwrap();
        assert_eq!(outgoing.message, sent(&reply));
        if let Some(outcome) = outcome.clone() {
            world.settle(&outgoing, outcome).await;
        }
        let before = world.places().await;
        let cancel = world.cancel(&reply);
        let already = Outcome::Refused(Refusal::AlreadySent);
        assert_eq!(world.does(&world.theo, &cancel).await, already, "{outcome:?}");
        assert_eq!(world.outcome(&world.theo, &reply).await, Some(Outcome::Accepted));
        assert_eq!(world.places().await, before);
        if let Some(waiting) = world.claim().await {
            world.settle(&waiting, AttemptOutcome::Sent).await;
        }
        world.settle(&outgoing, AttemptOutcome::Sent).await;
    }
}

pub async fn a_refused_reply_can_be_taken_off_the_list(world: World) {
    world.writes("ana", "Hello").await;
    let empty = world.reply("ana", "  ");
    let mut unreadable = world.reply("ana", "Yes");
    let message = sent(&unreadable);
    unreadable.args = RawValue::from_string("{\"conversation\":7}".to_owned()).unwrap();
    world.push(&world.theo, &[empty.clone(), unreadable.clone()]).await;
    let cancels = [world.cancel(&empty), world.cancel_of(unreadable.mid, message)];
    for (refused, cancel) in [&empty, &unreadable].into_iter().zip(cancels) {
        assert!(matches!(world.outcome(&world.theo, refused).await, Some(Outcome::Refused(_))));
        assert_eq!(world.does(&world.theo, &cancel).await, Outcome::Accepted);
        assert_eq!(world.outcome(&world.theo, refused).await, Some(Outcome::Cancelled));
        // And so it stays.
        world.push(&world.theo, std::slice::from_ref(refused)).await;
        assert_eq!(world.outcome(&world.theo, refused).await, Some(Outcome::Cancelled));
    }
    assert_eq!(world.places().await, [(1, "Hello".to_owned())]);
    // Where the conversation is unknown nothing was sent either.
    let nowhere =
        Cancel { conversation: conversation("nobody"), mutation: MutationId::new(&world.env), message };
    let nowhere = world.mutation(&Operation::Cancel(nowhere), None);
    assert_eq!(world.does(&world.theo, &nowhere).await, Outcome::Accepted);
}

pub async fn only_its_own_device_cancels_a_reply(world: World) {
    world.writes("ana", "Hello").await;
    let (reply, other) = (world.reply("ana", "Yes"), world.reply("ana", "No"));
    let star = world.mutation(&Operation::Star(Star { conversation: conversation("ana") }), None);
    world.push(&world.theo, &[reply.clone(), other.clone(), star.clone()]).await;
    let tablet = new_session(&world.env, world.shop, world.theo.staff, DeviceId::new(&world.env));
    world.storage.record_session(tablet.clone()).await.unwrap();
    let tablet = Caller { device: tablet.device.id, session: tablet.id, ..world.theo.clone() };
    for caller in [&world.mina, &tablet] {
        let cancel = world.cancel(&reply);
        let answer = world.push(caller, std::slice::from_ref(&cancel)).await;
        assert_eq!(answer.faults[0].kind, FaultKind::NotYours);
        assert_eq!(world.result(caller, &cancel).await, None);
    }
    for cancel in [world.cancel_of(reply.mid, sent(&other)), world.cancel_of(star.mid, sent(&reply))] {
        let answer = world.push(&world.theo, std::slice::from_ref(&cancel)).await;
        assert_eq!(answer.faults[0].kind, FaultKind::ArgsDiffer);
    }
    for mutation in [&reply, &other, &star] {
        assert_eq!(world.outcome(&world.theo, mutation).await, Some(Outcome::Accepted));
    }
    let first = world.claim().await.unwrap();
    assert_eq!(first.text, "Yes");
}

pub async fn what_names_a_cancelled_one_goes_on(world: World) {
    world.writes("ana", "Hello").await;
    let (first, mut second) = (world.reply("ana", "First"), world.reply("ana", "Second"));
    second.depends_on = vec![first.mid];
    let answer = world.push(&world.theo, std::slice::from_ref(&second)).await;
    assert_eq!(answer.blocked, [second.mid]);
    let answer = world.push(&world.theo, &[world.cancel(&first), second.clone()]).await;
    assert_eq!((answer.blocked.len(), answer.faults.len()), (0, 0));
    assert_eq!(world.outcome(&world.theo, &second).await, Some(Outcome::Accepted));
    assert_eq!(world.places().await, [(1, "Hello".to_owned()), (2, "Second".to_owned())]);
}
