//! The queue to the channels.

use shopbell_domain::channel::ChannelKind;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::AttemptId;
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::sync::Entity;
use shopbell_server::channel::chat_ids;
use shopbell_server::storage::{AttemptOutcome, Claimed, Denied, Inbound, Outgoing, Settled};

use super::world::{DEDUPES, World, denied};

impl World {
    pub async fn settle(&self, outgoing: &Outgoing, outcome: AttemptOutcome) {
        let settled =
            Settled { shop: outgoing.shop, message: outgoing.message, attempt: outgoing.attempt, outcome };
        self.storage.settle_outgoing(settled).await.unwrap();
    }

    /// The texts of all replies with how far each has come.
    pub async fn deliveries(&self) -> Vec<(String, Delivery)> {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let messages = rows.iter().filter(|row| row.entity == Entity::Message);
        let mut replies: Vec<Message> = messages.map(|row| row.read().unwrap()).collect();
        replies.sort_by_key(|message| (message.conversation, message.mseq));
        replies.into_iter().filter_map(|message| Some((message.text, message.delivery?))).collect()
    }
}

pub async fn replies_of_a_conversation_go_one_after_the_other(world: World) {
    world.writes("ana", "Hello").await;
    world.push(&world.theo, &[world.reply("ana", "First"), world.reply("ana", "Second")]).await;
    let first = world.claim().await.unwrap();
    assert_eq!((first.text.as_str(), first.address.as_str(), first.attempts), ("First", "ana", 1));
    assert_eq!(world.claim().await, None, "the second waits for the first");
    assert_eq!(
        world.deliveries().await,
        [("First".to_owned(), Delivery::Sending), ("Second".to_owned(), Delivery::Queued)]
    );
    world.settle(&first, AttemptOutcome::Refused { code: "blocked".to_owned() }).await;
    let second = world.claim().await.unwrap();
    world.settle(&second, AttemptOutcome::Sent).await;
    assert_eq!(world.claim().await, None);
    assert_eq!(
        world.deliveries().await,
        [("First".to_owned(), Delivery::Refused), ("Second".to_owned(), Delivery::Sent)]
    );
}

pub async fn a_waiting_reply_holds_up_no_other_conversation(world: World) {
    for customer in ["ana", "bo"] {
        world.writes(customer, "Hello").await;
        world.push(&world.theo, &[world.reply(customer, customer), world.reply(customer, "more")]).await;
    }
    let first = world.claim().await.unwrap();
    let at = world.env.now().plus_ms(1_000);
    world.settle(&first, AttemptOutcome::Later { at, answer_lost: false }).await;
    let other = world.claim().await.unwrap();
    assert_ne!(first.conversation, other.conversation);
    world.settle(&other, AttemptOutcome::Sent).await;
    let last = world.claim().await.unwrap();
    assert_eq!(last.conversation, other.conversation);
    world.settle(&last, AttemptOutcome::Sent).await;
    // Nothing is due until the first one's time has come.
    let claimed = world.storage.claim_outgoing(AttemptId::new(&world.env), world.env.now()).await.unwrap();
    assert_eq!(claimed, Claimed::Nothing(Some(at)));
    world.env.advance_ms(1_000);
    let again = world.claim().await.unwrap();
    assert_eq!((again.message, again.attempts), (first.message, 2));
}

pub async fn a_claim_that_nobody_heard_of_is_claimed_again(world: World) {
    for customer in ["ana", "bo"] {
        world.writes(customer, "Hello").await;
        world.push(&world.theo, &[world.reply(customer, customer)]).await;
    }
    let attempt = AttemptId::new(&world.env);
    let claimed = world.storage.claim_outgoing(attempt, world.env.now()).await.unwrap();
    assert_eq!(world.storage.claim_outgoing(attempt, world.env.now()).await.unwrap(), claimed);
    let Claimed::Message(first) = claimed else { panic!("{claimed:?}") };
    let second = world.claim().await.unwrap();
    assert_ne!(first.message, second.message);
    world.settle(&first, AttemptOutcome::Sent).await;
    // It is settled: nothing of it is left to be taken.
    let claimed = world.storage.claim_outgoing(attempt, world.env.now()).await.unwrap();
    assert_eq!(claimed, Claimed::Nothing(None));
}

pub async fn an_attempt_under_way_is_recovered_by_what_the_provider_does(mut world: World) {
    for (channel, customer) in [(1, "ana"), (2, "bo")] {
        world.writes_by(channel, customer, "Hello").await;
        world.push(&world.theo, &[world.reply(customer, customer)]).await;
    }
    let under_way = [world.claim().await.unwrap(), world.claim().await.unwrap()];
    world.crash();
    world.storage.recover_outgoing(vec![ChannelKind::new(DEDUPES)], world.env.now()).await.unwrap();
    let again = world.claim().await.unwrap();
    assert_eq!((again.text.as_str(), again.answer_lost), ("ana", true));
    assert!(under_way.iter().any(|attempt| attempt.message == again.message));
    assert_eq!(world.claim().await, None, "the other one may have arrived and is never tried again");
    let deliveries = world.deliveries().await;
    assert!(deliveries.contains(&("ana".to_owned(), Delivery::Sending)), "{deliveries:?}");
    assert!(deliveries.contains(&("bo".to_owned(), Delivery::Unknown)), "{deliveries:?}");
}

pub async fn only_the_present_attempt_is_settled(world: World) {
    world.writes("ana", "Hello").await;
    world.push(&world.theo, &[world.reply("ana", "First")]).await;
    let early = world.claim().await.unwrap();
    let at = world.env.now();
    world.settle(&early, AttemptOutcome::Later { at, answer_lost: true }).await;
    let present = world.claim().await.unwrap();
    assert!(present.answer_lost);
    world.settle(&early, AttemptOutcome::Refused { code: "late".to_owned() }).await;
    assert_eq!(world.deliveries().await, [("First".to_owned(), Delivery::Sending)]);
    world.settle(&present, AttemptOutcome::Sent).await;
    assert_eq!(world.deliveries().await, [("First".to_owned(), Delivery::Sent)]);
}

pub async fn a_delivery_never_goes_back(world: World) {
    world.writes("ana", "Hello").await;
    world.push(&world.theo, &[world.reply("ana", "First")]).await;
    let attempt = world.claim().await.unwrap();
    world.settle(&attempt, AttemptOutcome::Sent).await;
    for outcome in [AttemptOutcome::Unknown, AttemptOutcome::Refused { code: "late".to_owned() }] {
        world.settle(&attempt, outcome).await;
    }
    world.storage.recover_outgoing(Vec::new(), world.env.now()).await.unwrap();
    assert_eq!(world.deliveries().await, [("First".to_owned(), Delivery::Sent)]);
}

pub async fn a_browser_is_shown_a_message_once(world: World) {
    let session = world.browser().await;
    let (customer, conversation) = chat_ids(session);
    let hello = Inbound { customer, conversation, chat: Some(session), ..world.inbound(0, "", "Hello") };
    let hello = Inbound { address: session.to_string(), ..hello };
    let recorded = world.storage.record_inbound(hello).await.unwrap();
    assert_eq!(recorded.n, Some(1));
    let mut reply = world.reply("", "Hello Ana");
    let text =
        reply.args.get().replace(&super::world::conversation("").to_string(), &conversation.to_string());
    reply.args = serde_json::value::RawValue::from_string(text).unwrap();
    world.push(&world.theo, &[reply]).await;
    let outgoing = world.claim().await.unwrap();
    for _ in 0..3 {
        world.storage.deliver_to_chat(world.shop, outgoing.message).await.unwrap();
    }
    let nobody = shopbell_domain::ids::MessageId::new(&world.env);
    assert_eq!(denied(world.storage.deliver_to_chat(world.shop, nobody).await), Denied::NotFound);
    let caller = shopbell_server::storage::ChatCaller {
        shop: world.shop,
        session,
        channel: world.channels[0],
        name: None,
        origins: Vec::new(),
    };
    let shown = world.storage.chat_events(caller.clone(), 0).await.unwrap();
    let texts: Vec<(i64, &str)> = shown.events.iter().map(|event| (event.n, event.text.as_str())).collect();
    assert_eq!(texts, [(1, "Hello"), (2, "Hello Ana")]);
    assert_eq!(world.storage.chat_events(caller, 2).await.unwrap().events, []);
}
