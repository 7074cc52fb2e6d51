//! Edits and deletions of sent messages.

use shopbell_domain::conversation::Base;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ConversationId, MessageId, SessionId};
use shopbell_domain::message::Delivery;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::SecretKind;
use shopbell_domain::sync::{Entity, Outcome, RowRef, Scope};
use shopbell_server::channel::chat_ids;
use shopbell_server::storage::{AttemptOutcome, ChatCaller, ChatEvent, Inbound};

use super::world::{World, conversation, sent, shown};

impl World {
    pub fn edit(&self, message: MessageId, text: &str, base: Option<Base>) -> Mutation {
        self.edit_in(conversation("ana"), message, text, base)
    }

    fn edit_in(
        &self,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
        base: Option<Base>,
    ) -> Mutation {
        let edit = EditMessage { conversation, message, text: text.to_owned() };
        self.mutation(&Operation::EditMessage(edit), base)
    }

    pub fn delete(&self, message: MessageId) -> Mutation {
        self.delete_in(conversation("ana"), message)
    }

    fn delete_in(&self, conversation: ConversationId, message: MessageId) -> Mutation {
        self.mutation(&Operation::DeleteMessage(DeleteMessage { conversation, message }), None)
    }

    /// Ana asks, Theo answers. His message.
    async fn an_answer(&self, text: &str) -> MessageId {
        self.writes("ana", "Hello").await;
        let reply = self.reply("ana", text);
        assert_eq!(self.does(&self.theo, &reply).await, Outcome::Accepted);
        sent(&reply)
    }

    async fn base_of(&self, message: MessageId) -> Option<Base> {
        let (_, found) = self.messages().await.into_iter().find(|(id, _)| *id == message).unwrap();
        found.revision.map(|revision| revision.base())
    }
}

pub async fn edits_follow_each_other_or_are_refused(world: World) {
    let message = world.an_answer("Yse").await;
    let does = async |mutation: &Mutation| world.does(&world.theo, mutation).await;
    let first = world.edit(message, "Yes", None);
    assert_eq!(does(&first).await, Outcome::Accepted);
    assert_eq!(world.messages().await[1].1.text, "Yes");
    assert_eq!(world.head("ana").await.preview.unwrap().text, "Yes");
    let changed = Outcome::Refused(Refusal::ChangedSince { by: Some(world.theo.staff) });
    assert_eq!(does(&world.edit(message, "Yes!", None)).await, changed);
    // Made offline after the first, of which it knows only the mutation.
    let second = world.edit(message, "Yes, it is", Some(Base::Mutation(first.mid)));
    assert_eq!(does(&second).await, Outcome::Accepted);
    let base = world.base_of(message).await;
    assert!(matches!(base, Some(Base::Ver(_))), "{base:?}");
    let third = world.edit(message, "Yes, it is wool", base);
    assert_eq!(does(&third).await, Outcome::Accepted);
    assert_eq!(does(&world.edit(message, "Too late", base)).await, changed);
    // The same text again changes nothing and is no other change.
    let before = world.base_of(message).await;
    assert_eq!(does(&world.edit(message, "Yes, it is wool", None)).await, Outcome::Accepted);
    assert_eq!(world.base_of(message).await, before);
    // What a delivery changes is not the text: the version of the edit stays.
    world.claim().await.unwrap();
    assert_eq!(world.base_of(message).await, before);
    // A result names the message, whatever came of it.
    let rows = world.result(&world.theo, &third).await.unwrap().rows;
    let row = RowRef { scope: world.inbox_scope(), entity: Entity::Message, id: message.0 };
    assert!(rows.contains(&row), "{rows:?}");
    for (text, why) in
        [("  ", Refusal::TextEmpty), (&"x".repeat(201), Refusal::TextTooLong { limit_chars: 200 })]
    {
        assert_eq!(does(&world.edit(message, text, before)).await, Outcome::Refused(why));
    }
    assert_eq!(world.messages().await[1].1.text, "Yes, it is wool");
}

pub async fn only_ones_own_and_only_where_the_channel_can(world: World) {
    let message = world.an_answer("Yes").await;
    let hello = world.messages().await[0].0;
    world.writes("bo", "Hello").await;
    world.writes_by(2, "cy", "Hello").await;
    let forgets = world.reply("cy", "Yes");
    world.push(&world.theo, std::slice::from_ref(&forgets)).await;
    let before = shown(&world.all(&world.mina, world.inbox_scope()).await);
    let nobody = MessageId::new(&world.env);
    for (caller, place, message, why) in [
        (&world.mina, "ana", message, Refusal::NotTheAuthor),
        (&world.theo, "ana", hello, Refusal::NotTheAuthor),
        (&world.theo, "ana", nobody, Refusal::UnknownMessage),
        (&world.theo, "bo", message, Refusal::UnknownMessage),
        (&world.theo, "nobody", message, Refusal::UnknownConversation),
        (&world.theo, "cy", sent(&forgets), Refusal::ChannelCannot),
    ] {
        let place = conversation(place);
        for mutation in [world.edit_in(place, message, "Other", None), world.delete_in(place, message)] {
            let outcome = world.does(caller, &mutation).await;
            assert_eq!(outcome, Outcome::Refused(why.clone()), "{}", mutation.name);
        }
    }
    assert_eq!(shown(&world.all(&world.mina, world.inbox_scope()).await), before);
}

pub async fn a_deleted_message_keeps_its_place_without_its_words(world: World) {
    world.writes("ana", "Hello").await;
    let reply = world.shares("ana", "Marigold", SecretKind::Discount, "JUNIPER15");
    world.push(&world.mina, std::slice::from_ref(&reply)).await;
    world.writes("ana", "Thanks").await;
    let message = sent(&reply);
    let delete = world.delete(message);
    assert_eq!(world.does(&world.mina, &delete).await, Outcome::Accepted);
    let messages = world.messages().await;
    let places: Vec<(i64, &str, bool)> =
        messages.iter().map(|(_, message)| (message.mseq, message.text.as_str(), message.deleted)).collect();
    assert_eq!(places, [(1, "Hello", false), (2, "", true), (3, "Thanks", false)]);
    assert_eq!((messages[1].0, messages[1].1.shared), (message, None));
    assert_eq!(messages[1].1.revision.unwrap().mutation, delete.mid);
    // Its part is gone with it, for those who hold it too.
    let parts = world.all(&world.mina, Scope::InboxDiscounts(world.inbox)).await;
    assert_eq!(parts.iter().map(|row| (row.id, row.ended)).collect::<Vec<_>>(), [(message.0, true)]);
    let rows = world.result(&world.mina, &delete).await.unwrap().rows;
    assert!(rows.iter().any(|row| row.entity == Entity::Secret), "{rows:?}");
    for query in ["marigold", "juniper15"] {
        assert!(world.try_search(&world.mina, query, None, 10).await.unwrap().rows.is_empty());
    }
    let everything = shown(&world.all(&world.mina, world.inbox_scope()).await) + &shown(&parts);
    assert!(!everything.contains("Marigold") && !everything.contains("JUNIPER15"), "{everything}");
    // Twice is once; its words do not come back, and its id is not free.
    assert_eq!(world.does(&world.mina, &world.delete(message)).await, Outcome::Accepted);
    let edit = world.edit(message, "Marigold", world.base_of(message).await);
    assert_eq!(world.does(&world.mina, &edit).await, Outcome::Refused(Refusal::MessageDeleted));
    let again =
        SendMessage { conversation: conversation("ana"), message, text: "Marigold".to_owned(), secret: None };
    let again = world.mutation(&Operation::SendMessage(again), None);
    assert_eq!(world.does(&world.mina, &again).await, Outcome::Refused(Refusal::AlreadySent));
    assert_eq!(world.messages().await, messages);
    // What the list shows is the last message, deleted or not.
    assert_eq!(world.head("ana").await.preview.unwrap().text, "Thanks");
    let last = world.reply("ana", "Bye");
    world.push(&world.theo, std::slice::from_ref(&last)).await;
    world.push(&world.theo, &[world.delete(sent(&last))]).await;
    let preview = world.head("ana").await.preview.unwrap();
    assert_eq!((preview.text.as_str(), preview.deleted), ("", true));
}

pub async fn what_waits_goes_out_as_it_says_now_and_not_at_all_when_deleted(world: World) {
    world.writes("ana", "Hello").await;
    let replies = ["First", "Second", "Third"].map(|text| world.reply("ana", text));
    world.push(&world.theo, &replies).await;
    let [first, second, third] = replies.each_ref().map(sent);
    world.push(&world.theo, &[world.edit(third, "Last", None), world.delete(first)]).await;
    let outgoing = world.claim().await.unwrap();
    assert_eq!((outgoing.message, outgoing.text.as_str()), (second, "Second"));
    world.settle(&outgoing, AttemptOutcome::Sent).await;
    let outgoing = world.claim().await.unwrap();
    assert_eq!((outgoing.message, outgoing.text.as_str()), (third, "Last"));
    world.settle(&outgoing, AttemptOutcome::Sent).await;
    assert_eq!(world.claim().await, None);
    // The one that never left is on no way.
    let delivered: Vec<_> = world.messages().await.into_iter().map(|(_, message)| message.delivery).collect();
    assert_eq!(delivered, [None, None, Some(Delivery::Sent), Some(Delivery::Sent)]);
}

pub async fn what_was_deleted_on_its_way_is_not_tried_again(mut world: World) {
    let at = world.env.now();
    let later = |answer_lost| AttemptOutcome::Later { at, answer_lost };
    let ways = [
        (Some(later(true)), Some(Delivery::Unknown)),
        (Some(later(false)), None),
        (Some(AttemptOutcome::Sent), Some(Delivery::Sent)),
        (None, Some(Delivery::Unknown)),
    ];
    for delete_first in [true, false] {
        for (outcome, expected) in ways.clone() {
            world.writes("ana", "Hello").await;
            let (reply, next) = (world.reply("ana", "Gone"), world.reply("ana", "Next"));
            world.push(&world.theo, &[reply.clone(), next.clone()]).await;
            let outgoing = world.claim().await.unwrap();
            assert_eq!(outgoing.message, sent(&reply));
            let delete = world.delete(sent(&reply));
            if delete_first {
                world.push(&world.theo, std::slice::from_ref(&delete)).await;
            }
            match outcome {
                Some(outcome) => world.settle(&outgoing, outcome).await,
                // The server dies while it is on its way.
                None => {
                    world.crash();
                    let dedupes = vec![outgoing.kind.clone()];
                    world.storage.recover_outgoing(dedupes, world.env.now()).await.unwrap();
                }
            }
            world.push(&world.theo, std::slice::from_ref(&delete)).await;
            let messages = world.messages().await;
            let (_, deleted) = messages.iter().find(|(id, _)| *id == sent(&reply)).unwrap();
            assert_eq!((deleted.delivery, deleted.deleted), (expected, true), "{delete_first}");
            // The conversation goes on.
            let outgoing = world.claim().await.unwrap();
            assert_eq!(outgoing.message, sent(&next));
            world.settle(&outgoing, AttemptOutcome::Sent).await;
            assert_eq!(world.claim().await, None);
        }
    }
}

pub async fn a_browser_is_shown_a_change_where_the_message_stands(world: World) {
    let session = world.browser().await;
    let (customer, conversation) = chat_ids(session);
    let writes = async |text: &str| {
        let inbound = Inbound { customer, conversation, chat: Some(session), ..world.inbound(0, "", text) };
        let inbound = Inbound { address: session.to_string(), ..inbound };
        world.storage.record_inbound(inbound).await.unwrap();
    };
    let answers = async |text: &str| {
        let (message, secret) = (MessageId::new(&world.env), None);
        let send = SendMessage { conversation, message, text: text.to_owned(), secret };
        world.push(&world.theo, &[world.mutation(&Operation::SendMessage(send), None)]).await;
        message
    };
    let deliver = async || {
        let outgoing = world.claim().await.unwrap();
        world.storage.deliver_to_chat(world.shop, outgoing.message).await.unwrap();
        world.settle(&outgoing, AttemptOutcome::Sent).await;
    };
    writes("Hello").await;
    let first = answers("Frist").await;
    deliver().await;
    let second = answers("Second").await;
    deliver().await;
    writes("Thanks").await;
    let seen = events(&world, session, 0).await;
    assert_eq!(
        seen.iter().map(line).collect::<Vec<_>>(),
        ["1 at 1: Hello", "2 at 2: Frist", "3 at 3: Second", "4 at 4: Thanks"]
    );
    world.push(&world.theo, &[world.edit_in(conversation, first, "First", None)]).await;
    world.push(&world.theo, &[world.delete_in(conversation, second)]).await;
    let news = events(&world, session, 4).await;
    assert_eq!(news.iter().map(line).collect::<Vec<_>>(), ["5 at 2: First (edited)", "6 at 3:  (deleted)"]);
    // A browser that comes later is told each message once, as it is now.
    let all = events(&world, session, 0).await;
    assert_eq!(
        all.iter().map(line).collect::<Vec<_>>(),
        ["1 at 1: Hello", "4 at 4: Thanks", "5 at 2: First (edited)", "6 at 3:  (deleted)"]
    );
    // One that is changed before it is shown is shown once, one that is deleted before not at all.
    let third = answers("Thrid").await;
    let fourth = answers("Fourth").await;
    world.push(&world.theo, &[world.edit_in(conversation, third, "Third", None)]).await;
    deliver().await;
    let outgoing = world.claim().await.unwrap();
    world.push(&world.theo, &[world.delete_in(conversation, fourth)]).await;
    world.storage.deliver_to_chat(world.shop, outgoing.message).await.unwrap();
    let news = events(&world, session, 6).await;
    assert_eq!(news.iter().map(line).collect::<Vec<_>>(), ["7 at 7: Third (edited)"]);
}

async fn events(world: &World, session: SessionId, after: i64) -> Vec<ChatEvent> {
    let channel = world.channels[0];
    let caller = ChatCaller { shop: world.shop, session, channel, name: None, origins: Vec::new() };
    world.storage.chat_events(caller, after).await.unwrap().events
}

fn line(event: &ChatEvent) -> String {
    let state = match (event.edited, event.deleted) {
        (true, _) => " (edited)",
        (_, true) => " (deleted)",
        _ => "",
    };
    format!("{} at {}: {}{state}", event.n, event.place, event.text)
}
