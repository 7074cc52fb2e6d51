//! Customers' messages.

use shopbell_domain::conversation::Status;
use shopbell_domain::ids::{ChannelId, ConversationId};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::sync::{Entity, Outcome};
use shopbell_server::storage::Denied;

use super::world::{World, conversation, denied};

pub async fn the_same_event_counts_once(world: World) {
    let first = world.inbound(1, "ana", "Is it blue?");
    let recorded = world.storage.record_inbound(first.clone()).await.unwrap();
    let mut again = first.clone();
    again.text = "Is it red?".to_owned();
    assert_eq!(world.storage.record_inbound(again).await.unwrap(), recorded);
    // The same event id by another channel is another event.
    let mut elsewhere = world.inbound(2, "bo", "Hello");
    elsewhere.event = first.event.clone();
    world.storage.record_inbound(elsewhere).await.unwrap();
    assert_eq!((world.head("ana").await.inbound_count, world.head("bo").await.inbound_count), (1, 1));
}

pub async fn a_message_id_is_one_message(world: World) {
    let first = world.writes("ana", "Is it blue?").await;
    let mut other = world.inbound(1, "bo", "Hello");
    other.message = first.message;
    assert_eq!(denied(world.storage.record_inbound(other).await), Denied::IdTaken);
    let mut nowhere = world.inbound(1, "bo", "Hello");
    nowhere.channel = ChannelId::new(&world.env);
    assert_eq!(denied(world.storage.record_inbound(nowhere).await), Denied::NotFound);
}

pub async fn a_message_reopens_and_is_counted(world: World) {
    world.writes("ana", "Is it blue?").await;
    let head = world.head("ana").await;
    let close = Close { conversation: conversation("ana"), seen: head.last_inbound };
    let close = world.mutation(&Operation::Close(close), Some(head.status.base()));
    world.push(&world.theo, std::slice::from_ref(&close)).await;
    assert_eq!(world.outcome(&world.theo, &close).await, Some(Outcome::Accepted));
    assert_eq!(world.head("ana").await.status.value, Status::Closed);

    let second = world.writes("ana", "And the red one?").await;
    let head = world.head("ana").await;
    assert_eq!((head.status.value, head.status.by, head.inbound_count), (Status::Open, None, 2));
    assert_eq!(head.last_inbound, Some(second.message));
}

pub async fn messages_are_numbered_without_a_hole(world: World) {
    for number in 0..3 {
        world.writes("ana", &format!("Question {number}")).await;
        world.push(&world.theo, &[world.reply("ana", &format!("Answer {number}"))]).await;
    }
    let rows = world.all(&world.mina, world.inbox_scope()).await;
    let mut numbers: Vec<(i64, ConversationId)> = rows
        .iter()
        .filter(|row| row.entity == Entity::Message)
        .map(|row| row.read::<Message>().unwrap())
        .map(|message| (message.mseq, message.conversation))
        .collect();
    numbers.sort();
    assert_eq!(numbers, (1..=6).map(|mseq| (mseq, conversation("ana"))).collect::<Vec<_>>());
}
