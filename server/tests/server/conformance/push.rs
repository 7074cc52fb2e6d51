//! Push: at most once, in order, by whom it came from.

use serde_json::value::RawValue;
use shopbell_domain::conversation::{Base, ReadMarker};
use shopbell_domain::ids::{EpochId, MessageId, MutationId};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unassign::Unassign;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, FaultKind, Outcome, RowRef, Scope};
use shopbell_server::storage::{OperationError, Push};

use super::world::{World, conversation, denied};

impl World {
    async fn replies(&self) -> Vec<String> {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let messages = rows.iter().filter(|row| row.entity == Entity::Message);
        let messages = messages.map(|row| row.read::<Message>().unwrap());
        messages.filter(|message| message.delivery.is_some()).map(|message| message.text).collect()
    }

    fn assign(&self, to: &shopbell_server::storage::Caller, base: Base) -> Mutation {
        let assign = Assign { conversation: conversation("ana"), assignee: to.staff };
        self.mutation(&Operation::Assign(assign), Some(base))
    }
}

pub async fn the_same_mutation_is_applied_once_and_answered_again(mut world: World) {
    world.writes("ana", "Hello").await;
    let device = Scope::Device(world.theo.device);
    let reply = world.reply("ana", "Yes");
    world.push(&world.theo, std::slice::from_ref(&reply)).await;
    let first = world.pull(&world.theo, &[(device, 0)], 10).await.scopes.remove(0);
    world.crash();
    // With other dependencies and another clock it is the same request all the same.
    let mut again = reply.clone();
    again.depends_on = vec![MutationId::new(&world.env)];
    again.client_ts = again.client_ts.plus_ms(5_000);
    let answer = world.push(&world.theo, &[again]).await;
    assert_eq!((answer.faults.len(), answer.blocked.len()), (0, 0));
    let second = world.pull(&world.theo, &[(device, first.cursor)], 10).await.scopes.remove(0);
    assert_eq!(first.rows[0].body.as_ref().unwrap().get(), second.rows[0].body.as_ref().unwrap().get());
    assert!(second.rows[0].ver > first.rows[0].ver);
    assert_eq!(world.replies().await, ["Yes"]);
}

pub async fn the_same_id_with_other_arguments_is_a_fault(world: World) {
    world.writes("ana", "Hello").await;
    let reply = world.reply("ana", "Yes");
    world.push(&world.theo, std::slice::from_ref(&reply)).await;
    let mut changes = vec![reply.clone(), reply.clone(), reply.clone()];
    changes[0].args = RawValue::from_string(reply.args.get().replace("Yes", "No")).unwrap();
    changes[1].name = "reopen".to_owned();
    changes[2].base = Some(Base::Mutation(reply.mid));
    for other in changes {
        let answer = world.push(&world.theo, &[other]).await;
        assert_eq!(answer.faults.len(), 1);
        assert_eq!((answer.faults[0].mid, answer.faults[0].kind), (reply.mid, FaultKind::ArgsDiffer));
    }
    assert_eq!(world.replies().await, ["Yes"]);
}

pub async fn somebody_elses_id_is_a_fault(world: World) {
    world.writes("ana", "Hello").await;
    let reply = world.reply("ana", "Yes");
    world.push(&world.theo, std::slice::from_ref(&reply)).await;
    let answer = world.push(&world.mina, std::slice::from_ref(&reply)).await;
    assert_eq!(answer.faults[0].kind, FaultKind::NotYours);
    assert_eq!(world.result(&world.mina, &reply).await, None);
    // The same id in another shop is another mutation.
    let answer = world.push(&world.noor, std::slice::from_ref(&reply)).await;
    assert!(answer.faults.is_empty());
    assert_eq!(
        world.outcome(&world.noor, &reply).await,
        Some(Outcome::Refused(Refusal::UnknownConversation))
    );
}

pub async fn a_message_id_is_sent_once_whatever_the_mutation(world: World) {
    let hello = world.writes("ana", "Hello").await;
    let reply = world.reply("ana", "Yes");
    let mut second = reply.clone();
    second.mid = MutationId::new(&world.env);
    // A customer's message id stands for a message, too.
    let mut third = world.reply("ana", "No");
    let own: serde_json::Value = serde_json::from_str(third.args.get()).unwrap();
    let args = third.args.get().replace(own["message"].as_str().unwrap(), &hello.message.to_string());
    third.args = RawValue::from_string(args).unwrap();
    world.push(&world.theo, &[reply.clone(), second.clone(), third.clone()]).await;
    let already = Some(Outcome::Refused(Refusal::AlreadySent));
    assert_eq!(world.outcome(&world.theo, &reply).await, Some(Outcome::Accepted));
    assert_eq!(world.outcome(&world.theo, &second).await, already);
    assert_eq!(world.outcome(&world.theo, &third).await, already);
    assert_eq!(world.replies().await, ["Yes"]);
    assert_eq!(world.head("ana").await.last_mseq, 2);
}

pub async fn what_depends_on_a_refused_or_unknown_one_is_blocked_and_not_recorded(world: World) {
    world.writes("ana", "Hello").await;
    let empty = world.reply("ana", "  ");
    let unknown = MutationId::new(&world.env);
    let mut first = world.reply("ana", "After the refused one");
    first.depends_on = vec![empty.mid];
    let mut second = world.reply("ana", "After the unknown one");
    second.depends_on = vec![unknown];
    let mut third = world.reply("ana", "After a blocked one");
    third.depends_on = vec![second.mid];
    let answer =
        world.push(&world.theo, &[empty.clone(), first.clone(), second.clone(), third.clone()]).await;
    assert_eq!(answer.blocked, [first.mid, second.mid, third.mid]);
    assert_eq!(world.outcome(&world.theo, &empty).await, Some(Outcome::Refused(Refusal::TextEmpty)));
    for blocked in [&first, &second, &third] {
        assert_eq!(world.result(&world.theo, blocked).await, None);
    }
    // Somebody else's mutation is no ground to stand on.
    let theirs = world.reply("ana", "Mina's");
    world.push(&world.mina, std::slice::from_ref(&theirs)).await;
    let mut leaning = world.reply("ana", "Leaning on Mina's");
    leaning.depends_on = vec![theirs.mid];
    assert_eq!(world.push(&world.theo, std::slice::from_ref(&leaning)).await.blocked, [leaning.mid]);
    // Released, they go.
    for released in [&mut first, &mut second] {
        released.depends_on.clear();
    }
    world.push(&world.theo, &[first, second, third]).await;
    assert_eq!(
        world.replies().await,
        ["Mina's", "After the refused one", "After the unknown one", "After a blocked one"]
    );
}

pub async fn a_chain_waits_for_its_first_and_goes_in_order(mut world: World) {
    let hello = world.writes("ana", "Hello").await;
    let first = world.reply("ana", "  ");
    let mut second = world.reply("ana", "Second");
    second.depends_on = vec![first.mid];
    let head = world.head("ana").await;
    let close = Close { conversation: conversation("ana"), seen: Some(hello.message) };
    let mut close = world.mutation(&Operation::Close(close), Some(head.status.base()));
    close.depends_on = vec![first.mid, second.mid];
    let star = world.mutation(&Operation::Star(Star { conversation: conversation("ana") }), None);
    // However often it is tried, and whatever comes beside it.
    for _ in 0..5 {
        let batch = [first.clone(), second.clone(), close.clone(), star.clone()];
        assert_eq!(world.push(&world.theo, &batch).await.blocked, [second.mid, close.mid]);
        world.crash();
    }
    for waiting in [&second, &close] {
        assert_eq!(world.result(&world.theo, waiting).await, None);
    }
    assert_eq!(world.outcome(&world.theo, &star).await, Some(Outcome::Accepted));
    assert!(world.replies().await.is_empty());
    // Edited, the first is another mutation, and those after it name that one.
    let again = world.reply("ana", "First");
    second.depends_on = vec![again.mid];
    close.depends_on = vec![again.mid, second.mid];
    let answer = world.push(&world.theo, &[close.clone(), second.clone(), again.clone()]).await;
    assert_eq!(answer.blocked, [close.mid, second.mid]);
    let answer = world.push(&world.theo, &[second.clone(), close.clone()]).await;
    assert_eq!((answer.blocked.len(), answer.faults.len()), (0, 0));
    assert_eq!(world.outcome(&world.theo, &close).await, Some(Outcome::Accepted));
    assert_eq!(world.replies().await, ["First", "Second"]);
}

pub async fn mutations_are_remembered_longer_than_any_journal(mut world: World) {
    world.writes("ana", "Hello").await;
    let (reply, cancelled) = (world.reply("ana", "Yes"), world.reply("ana", "No"));
    let (conversation, message) = (conversation("ana"), super::world::sent(&cancelled));
    let cancel = Cancel { conversation, mutation: cancelled.mid, message };
    let cancel = world.mutation(&Operation::Cancel(cancel), None);
    world.push(&world.theo, &[reply.clone(), cancel]).await;
    // A journal is kept for 30 days at most; a phone that was away for twice as long sends the same once more.
    for day in 1..=60 {
        world.env.advance_ms(24 * 3_600 * 1_000);
        world.writes("ana", &format!("Day {day}")).await;
        if day % 20 == 0 {
            world.crash();
        }
    }
    let answer = world.push(&world.theo, &[reply.clone(), cancelled.clone()]).await;
    assert_eq!((answer.faults.len(), answer.blocked.len()), (0, 0));
    assert_eq!(world.outcome(&world.theo, &cancelled).await, Some(Outcome::Cancelled));
    assert_eq!(world.replies().await, ["Yes"]);
}

pub async fn a_permission_taken_away_counts_at_once(world: World) {
    world.writes("ana", "Hello").await;
    let none = Permissions::of([Permission::Chat]);
    world.storage.set_permissions(world.shop, world.theo.staff, none).await.unwrap();
    let reply = world.reply("ana", "Yes");
    let somewhere_else = world.reply("nobody", "Yes");
    // The caller still says that it may: what counts is what is read in the transaction.
    world.push(&world.theo, &[reply.clone(), somewhere_else.clone()]).await;
    let refused = Some(Outcome::Refused(Refusal::NoPermission { needs: Permission::Customers }));
    assert_eq!(world.outcome(&world.theo, &reply).await, refused);
    assert_eq!(world.outcome(&world.theo, &somewhere_else).await, refused);
    assert!(world.replies().await.is_empty());
}

pub async fn an_unknown_conversation_and_another_shops_are_alike(world: World) {
    world.writes("ana", "Hello").await;
    let unknown = world.reply("nobody", "Yes");
    let theirs = world.reply("ana", "Yes");
    world.push(&world.noor, &[unknown.clone(), theirs.clone()]).await;
    let refused = Some(Outcome::Refused(Refusal::UnknownConversation));
    assert_eq!(world.outcome(&world.noor, &unknown).await, refused);
    assert_eq!(world.outcome(&world.noor, &theirs).await, refused);
    assert!(world.replies().await.is_empty());
}

pub async fn changes_of_one_batch_see_each_other(world: World) {
    world.writes("ana", "Hello").await;
    let assign = world.assign(&world.theo, world.head("ana").await.assignee.base());
    let unassign = Unassign { conversation: conversation("ana") };
    let unassign = world.mutation(&Operation::Unassign(unassign), Some(Base::Mutation(assign.mid)));
    let again = world.assign(&world.mina, Base::Mutation(unassign.mid));
    let stale = world.assign(&world.theo, Base::Mutation(assign.mid));
    let batch = [assign, unassign, again.clone(), stale.clone()];
    world.push(&world.theo, &batch).await;
    assert_eq!(
        world.outcome(&world.theo, &stale).await,
        Some(Outcome::Refused(Refusal::ChangedSince { by: Some(world.theo.staff) }))
    );
    let head = world.head("ana").await;
    assert_eq!((head.assignee.value, head.assignee.mutation), (Some(world.mina.staff), Some(again.mid)));
    // The row and the field have the version of the one change that the batch made of them.
    let rows = world.all(&world.mina, world.inbox_scope()).await;
    let row = rows.iter().find(|row| row.entity == Entity::Conversation).unwrap();
    assert_eq!(head.assignee.ver, row.ver);
    assert!(head.status.ver < row.ver);
}

pub async fn an_unknown_or_unreadable_mutation_is_refused_and_the_rest_goes_on(world: World) {
    world.writes("ana", "Hello").await;
    let mut dance = world.reply("ana", "Dance");
    dance.name = "dance".to_owned();
    let mut newer = world.reply("ana", "Newer");
    newer.v = 2;
    let mut broken = world.reply("ana", "Broken");
    broken.args = RawValue::from_string(r#"{"text": "\ud800"}"#.to_owned()).unwrap();
    let long = world.reply("ana", &"a".repeat(201));
    let good = world.reply("ana", "Yes");
    world.push(&world.theo, &[dance.clone(), newer.clone(), broken.clone(), long.clone(), good]).await;
    for (mutation, refusal) in [
        (dance, Refusal::UnknownMutation),
        (newer, Refusal::UnknownMutation),
        (broken, Refusal::Unreadable),
        (long, Refusal::TextTooLong { limit_chars: 200 }),
    ] {
        assert_eq!(world.outcome(&world.theo, &mutation).await, Some(Outcome::Refused(refusal)));
    }
    assert_eq!(world.replies().await, ["Yes"]);
}

pub async fn a_result_names_what_it_is_about(world: World) {
    let hello = world.writes("ana", "Hello").await;
    let head = RowRef { scope: world.inbox_scope(), entity: Entity::Conversation, id: conversation("ana").0 };
    let reply = world.reply("ana", "Yes");
    let sent: serde_json::Value = serde_json::from_str(reply.args.get()).unwrap();
    let sent: MessageId = sent["message"].as_str().unwrap().parse().unwrap();
    let message = RowRef { scope: world.inbox_scope(), entity: Entity::Message, id: sent.0 };
    let read = MarkRead { conversation: conversation("ana"), message: hello.message };
    let read = world.mutation(&Operation::MarkRead(read), None);
    let marker = RowRef {
        scope: Scope::User(world.theo.staff),
        entity: Entity::ReadMarker,
        id: conversation("ana").0,
    };
    // What is so already changes nothing, and names the row all the same.
    let reopen = Reopen { conversation: conversation("ana") };
    let reopen = world.mutation(&Operation::Reopen(reopen), None);
    world.push(&world.theo, &[reply.clone(), read.clone(), reopen.clone()]).await;
    for (mutation, rows) in [(&reply, vec![head, message]), (&read, vec![marker]), (&reopen, vec![head])] {
        let result = world.result(&world.theo, mutation).await.unwrap();
        assert_eq!((result.outcome, result.rows), (Outcome::Accepted, rows));
    }
    let markers = world.all(&world.theo, Scope::User(world.theo.staff)).await;
    assert_eq!(markers[0].read::<ReadMarker>().unwrap().count, 1);
}

pub async fn another_epoch_is_told_the_present_one(world: World) {
    world.writes("ana", "Hello").await;
    let push = Push {
        caller: world.theo.clone(),
        epoch: EpochId::new(&world.env),
        mutations: vec![world.reply("ana", "Yes")],
        kinds: std::sync::Arc::new(super::world::kinds()),
        now: shopbell_domain::env::Env::now(&world.env),
    };
    let answer: Result<_, OperationError> = world.storage.push(push).await;
    assert_eq!(denied(answer), world.epoch_changed());
    assert!(world.replies().await.is_empty());
}
