//! Restoring a backup: no reply is delivered twice, and what phones and browsers hold comes back.

use serde_json::{Value, json};
use shopbell_domain::conversation::{Conversation, Status};
use shopbell_domain::customer::Customer;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{EpochId, MessageId, NoteId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::recover_message::RecoverMessage;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::note::Note;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, Outcome, Scope, ScopeCursor};

use crate::restored::{Shop, origin, replay, replay_at};
use crate::support::{Asked, ORIGIN, of};

/// E5: a reply in `sending` and one queued when the backup is made, both delivered after it; then one that is settled
/// and one that is put on the wire and never settled; then the restore.
#[tokio::test]
async fn no_reply_is_delivered_twice_and_each_is_shown_as_what_it_is() {
    for kind in ["dedupes", "forgets"] {
        let shop = Shop::open().await;
        let theo = shop.juniper.phone("Theo").await;
        let mut conversations = Vec::new();
        for customer in ["ana", "bo", "cleo", "dan"] {
            let hello = shop.hears(kind, customer, "Hello").await;
            conversations.push(shop.conversation_of(&theo, hello).await);
        }
        let texts = ["in sending", "queued", "settled", "on the wire"];
        let replies: Vec<Mutation> =
            conversations.iter().zip(texts).map(|(id, text)| theo.reply(*id, text)).collect();

        theo.push(&replies[..1]).await;
        shop.work_until_cut(kind);
        theo.push(&replies[1..2]).await;
        let backup = shop.backup().await;
        shop.work().await;
        theo.push(&replies[2..3]).await;
        shop.work().await;
        let settled = replay(&theo, &replies[2], true).await;
        theo.push(&replies[3..]).await;
        shop.work().await;
        assert_eq!(shop.provider(kind).arrived(), texts);
        let old_epoch = theo.signed_in.session.epoch;

        let shop = shop.restore(&backup).await;
        shop.work().await;
        assert_eq!(shop.provider(kind).arrived(), texts, "before any phone has come");
        let theo = shop.again(&theo);
        let expect = |of: [(&str, Delivery); 2]| of.map(|(text, delivery)| (text.to_owned(), delivery));
        let unknown = expect([("in sending", Delivery::Unknown), ("queued", Delivery::Unknown)]);
        assert_eq!(shop.deliveries(&theo).await, unknown);

        let tried = Mutation { attempted_epoch: Some(old_epoch), ..replies[3].clone() };
        theo.push(&[settled.clone(), tried.clone()]).await;
        shop.work().await;
        // It has nothing more to bring back: what its provider dedupes goes on.
        theo.push(&[]).await;
        shop.work().await;
        assert_eq!(shop.provider(kind).arrived(), texts);
        let sent = if kind == "dedupes" { Delivery::Sent } else { Delivery::Unknown };
        let mut all: Vec<(String, Delivery)> = expect([("in sending", sent), ("queued", sent)]).into();
        all.extend(expect([("on the wire", sent), ("settled", Delivery::SentBeforeRestore)]));
        all.sort();
        assert_eq!(shop.deliveries(&theo).await, all);
        for mutation in [&settled, &tried] {
            assert_eq!(theo.outcome(mutation).await, Some(Outcome::Accepted));
        }
        // Brought back once more, nothing changes.
        theo.push(&[settled, tried]).await;
        shop.work().await;
        assert_eq!(shop.provider(kind).arrived(), texts);
        assert_eq!(shop.deliveries(&theo).await, all);
    }
}

#[tokio::test]
async fn what_waits_for_a_device_goes_on_only_when_that_one_has_brought_all_back() {
    let shop = Shop::open().await;
    let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
    let hello = shop.hears("dedupes", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    theo.push(&[theo.reply(conversation, "Theo was queued")]).await;
    let backup = shop.backup().await;
    let second = theo.reply(conversation, "Theo wrote more");
    theo.push(std::slice::from_ref(&second)).await;
    let second = replay(&theo, &second, false).await;
    let shop = shop.restore(&backup).await;
    let (theo, mina) = (shop.again(&theo), shop.again(&mina));

    mina.push(&[mina.reply(conversation, "Mina writes")]).await;
    shop.work().await;
    assert_eq!(shop.dedupes.arrived(), ["Mina writes"], "a colleague does not wait for a phone that is away");
    theo.push(std::slice::from_ref(&second)).await;
    shop.work().await;
    assert_eq!(shop.dedupes.arrived(), ["Mina writes"], "it may bring a cancel yet");
    let old = second.replay.unwrap().epoch;
    let tried =
        Mutation { attempted_epoch: Some(old), ..theo.reply(conversation, "Theo left without an answer") };
    theo.push(&[tried]).await;
    shop.work().await;
    assert_eq!(shop.dedupes.arrived(), ["Mina writes"], "nor does it overtake what waits");
    let third = theo.reply(conversation, "Theo goes on");
    theo.push(&[second, third]).await;
    shop.work().await;
    // In its old place before what the same person wrote after it; what was brought back is not sent.
    let in_order = ["Mina writes", "Theo was queued", "Theo left without an answer", "Theo goes on"];
    assert_eq!(shop.dedupes.arrived(), in_order);
}

#[tokio::test]
async fn phones_are_told_what_is_left_of_each_history() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let seq = async |shop: &Shop| {
        let phone = shop.again(&theo);
        phone.pull(&[ScopeCursor { scope: shop.juniper.inbox(), cursor: 0 }], 10).await.scopes[0].cursor
    };
    let first = theo.signed_in.session.epoch;
    let (survives_first, backup) = (seq(&shop).await, shop.backup().await);
    shop.hears("forgets", "ana", "Lost").await;
    let shop = shop.restore(&backup).await;
    let second = shop.juniper.state.storage.epoch();
    shop.hears("forgets", "bo", "Kept").await;
    let (survives_second, backup) = (seq(&shop).await, shop.backup().await);
    let never_kept = shop.restore(&backup).await;
    let shop = never_kept.restore(&backup).await;

    let present = shop.juniper.state.storage.epoch();
    let unheard_of = EpochId::new(&*shop.juniper.env);
    for stale in [first, second, unheard_of] {
        let mut phone = shop.again(&theo);
        phone.signed_in.session.epoch = stale;
        let pull = Asked::post("/v1/pull").json(phone.pull_body(&[], 10));
        let push = Asked::post("/v1/push").json(phone.push_body(&[]));
        for request in [pull, push] {
            let answer = phone.ask(request).await;
            assert_eq!(answer.problem(), (409, "epoch-changed".into()));
            assert_eq!(answer.member("epoch"), json!(present));
            let survives = json!([
                { "epoch": first, "seq": survives_first },
                { "epoch": second, "seq": survives_second },
            ]);
            assert_eq!(answer.member("survives"), survives);
        }
    }
    // A cursor of another history is above all that this one has given.
    let phone = shop.again(&theo);
    let ahead = ScopeCursor { scope: shop.juniper.inbox(), cursor: survives_second + 1_000 };
    let answer = phone.ask(Asked::post("/v1/pull").json(phone.pull_body(&[ahead], 10))).await;
    assert_eq!(answer.problem(), (409, "epoch-changed".into()));
}

/// The second restore takes back a history that the first one began: the server has never heard of it again.
#[tokio::test]
async fn two_restores_in_a_row_lose_nothing_and_send_nothing_twice() {
    for kind in ["dedupes", "forgets"] {
        let shop = Shop::open().await;
        let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
        let hello = shop.hears(kind, "ana", "Hello").await;
        let conversation = shop.conversation_of(&theo, hello).await;
        let backup = shop.backup().await;
        let first = theo.reply(conversation, "In the first history");
        theo.push(std::slice::from_ref(&first)).await;
        shop.work().await;
        let first = replay(&theo, &first, true).await;

        let shop = shop.restore(&backup).await;
        let (theo, mina) = (shop.again(&theo), shop.again(&mina));
        theo.push(std::slice::from_ref(&first)).await;
        let second = mina.reply(conversation, "In the second");
        mina.push(std::slice::from_ref(&second)).await;
        shop.work().await;
        let second = replay(&mina, &second, true).await;
        // What was brought back once is brought back again, from the history in which it was last recorded.
        let again = replay(&theo, &first, true).await;
        let lost = theo.signed_in.session.epoch;

        let shop = shop.restore(&backup).await;
        let (theo, mina) = (shop.again(&theo), shop.again(&mina));
        let mut stale = mina.clone();
        stale.signed_in.session.epoch = lost;
        let answer = stale.ask(Asked::post("/v1/pull").json(stale.pull_body(&[], 10))).await;
        let survives = answer.member("survives");
        assert!(survives.as_array().unwrap().iter().all(|of| of["epoch"] != json!(lost)), "{survives}");
        mina.push(&[second]).await;
        theo.push(&[again]).await;
        shop.work().await;
        assert_eq!(shop.provider(kind).arrived(), ["In the first history", "In the second"]);
        let back = |text: &str| (text.to_owned(), Delivery::SentBeforeRestore);
        let expected = [back("In the first history"), back("In the second")];
        assert_eq!(shop.deliveries(&theo).await, expected);
    }
}

#[tokio::test]
async fn a_conversation_that_is_lost_comes_back_with_what_is_brought() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let backup = shop.backup().await;
    let hello = shop.hears("forgets", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    let rows = theo.all(shop.juniper.inbox()).await;
    let heads = of::<Conversation>(&rows, Entity::Conversation);
    let (customer, channel) = (heads[0].1.customer, heads[0].1.channel);
    let reply = theo.reply(conversation, "Welcome");
    let note = AddNote { customer, note: NoteId::new(&*shop.juniper.env), text: "Likes blue".to_owned() };
    let note = theo.mutation(&Operation::AddNote(note), None);
    theo.push(&[reply.clone(), note.clone()]).await;
    shop.work().await;
    let mut replays = vec![replay(&theo, &reply, true).await, replay(&theo, &note, false).await];
    let recover =
        RecoverMessage { conversation, message: hello, text: "Hello".to_owned(), at: shop.juniper.env.now() };
    replays.insert(0, theo.mutation(&Operation::RecoverMessage(recover), None));
    for brought in &mut replays {
        brought.origin = Some(origin(&shop, customer, channel));
    }

    let shop = shop.restore(&backup).await;
    let theo = shop.again(&theo);
    assert!(theo.all(shop.juniper.inbox()).await.is_empty());
    theo.push(&replays).await;
    for brought in &replays {
        assert_eq!(theo.outcome(brought).await, Some(Outcome::Accepted), "{}", brought.name);
    }
    let rows = theo.all(shop.juniper.inbox()).await;
    let messages = of::<Message>(&rows, Entity::Message);
    let messages: Vec<_> = messages.into_iter().map(|(_, message)| message).collect();
    let read: Vec<_> = messages.iter().map(|message| (message.mseq, &message.text[..])).collect();
    assert_eq!(read, [(1, "Hello"), (2, "Welcome")]);
    assert_eq!((messages[0].brought_by, messages[1].brought_by), (Some(theo.me()), None));
    assert_eq!(messages[1].delivery, Some(Delivery::SentBeforeRestore));
    let customers = of::<Customer>(&rows, Entity::Customer);
    assert_eq!(
        customers.iter().map(|(id, who)| (*id, who.name.as_deref())).collect::<Vec<_>>(),
        [(customer.0, Some("Ana"))]
    );
    assert_eq!(of::<Note>(&rows, Entity::Note)[0].1.text.value, "Likes blue");

    // Nobody knows where to until Ana is heard of again; then what waited goes, and her message counts once.
    theo.push(&[theo.reply(conversation, "Are you there?")]).await;
    shop.work().await;
    assert_eq!(shop.forgets.arrived(), ["Welcome"]);
    assert_eq!(shop.hears("forgets", "ana", "Hello").await, hello);
    shop.work().await;
    assert_eq!(shop.forgets.arrived(), ["Welcome", "Are you there?"]);
    let heads = of::<Conversation>(&theo.all(shop.juniper.inbox()).await, Entity::Conversation);
    assert_eq!((heads.len(), heads[0].1.inbound_count, heads[0].1.last_mseq), (1, 1, 3));

    // Without its origin a reply to a conversation that nobody knows is refused, so that its text is kept.
    let lost = theo.reply(shopbell_domain::ids::ConversationId::new(&*shop.juniper.env), "To nobody");
    let lost = replay_at(replays[1].replay.unwrap().epoch, &lost, 9_000, false);
    theo.push(std::slice::from_ref(&lost)).await;
    assert_eq!(theo.outcome(&lost).await, Some(Outcome::Refused(Refusal::UnknownConversation)));
}

#[tokio::test]
async fn a_status_is_replayed_only_over_what_nobody_has_changed_since() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let hello = shop.hears("forgets", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    let backup = shop.backup().await;
    let old = theo.signed_in.session.epoch;
    let shop = shop.restore(&backup).await;
    let (theo, mina) = (shop.again(&theo), shop.juniper.phone("Mina").await);
    let head = async || {
        let heads = of::<Conversation>(&theo.all(shop.juniper.inbox()).await, Entity::Conversation);
        heads.into_iter().find(|(id, _)| *id == conversation.0).unwrap().1
    };
    let close = |seen| Operation::Close(Close { conversation, seen });
    let bring = async |operation: Operation, seq| {
        let brought = replay_at(old, &theo.mutation(&operation, None), seq, false);
        theo.push(std::slice::from_ref(&brought)).await;
        assert_eq!(theo.outcome(&brought).await, Some(Outcome::Accepted));
        (head().await.status.value, head().await.assignee.value)
    };
    // The customer's newest message is one that the person had not seen.
    let (status, _) = bring(close(None), 1_000).await;
    assert_eq!(status, Status::Open);
    let (status, _) = bring(close(Some(hello)), 1_005).await;
    assert_eq!(status, Status::Closed);
    let (status, _) = bring(Operation::Reopen(Reopen { conversation }), 1_003).await;
    assert_eq!(status, Status::Closed, "an older replay does not win over a newer one");
    let (status, _) = bring(Operation::Reopen(Reopen { conversation }), 1_006).await;
    assert_eq!(status, Status::Open);
    // Somebody closes it now: what was before the restore is over.
    mina.push(&[mina.close(&(conversation, head().await))]).await;
    let (status, _) = bring(Operation::Reopen(Reopen { conversation }), 1_007).await;
    assert_eq!(status, Status::Closed);

    let assign = |assignee| Operation::Assign(Assign { conversation, assignee });
    assert_eq!(bring(assign(shop.juniper.theo), 1_010).await.1, Some(shop.juniper.theo));
    assert_eq!(bring(assign(shop.juniper.mina), 1_009).await.1, Some(shop.juniper.theo));
    mina.push(&[mina.assign(&(conversation, head().await), shop.juniper.mina)]).await;
    assert_eq!(bring(assign(shop.juniper.theo), 1_011).await.1, Some(shop.juniper.mina));
    // Pia may not answer customers any more: nothing changes, and nobody is told of a refusal.
    assert_eq!(bring(assign(shop.juniper.pia), 1_012).await.1, Some(shop.juniper.mina));
}

#[tokio::test]
async fn replays_are_recorded_whatever_their_author_may_do_now() {
    let shop = Shop::open().await;
    let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
    let hello = shop.hears("forgets", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    let backup = shop.backup().await;
    let reply = theo.reply(conversation, "Welcome");
    theo.push(std::slice::from_ref(&reply)).await;
    shop.work().await;
    let reply = replay(&theo, &reply, true).await;
    let none = Permissions::of([Permission::Products]);
    shop.juniper.admin().set_permissions(shop.juniper.shop.shop, shop.juniper.theo, none).await.unwrap();

    let shop = shop.restore(&backup).await;
    let (theo, mina) = (shop.again(&theo), shop.again(&mina));
    let old = reply.replay.unwrap().epoch;
    let close = Operation::Close(Close { conversation, seen: Some(hello) });
    let close = replay_at(old, &theo.mutation(&close, None), 9_000, false);
    let recover = RecoverMessage {
        conversation,
        message: MessageId::new(&*shop.juniper.env),
        text: "I pay double".to_owned(),
        at: shop.juniper.env.now(),
    };
    let recover = theo.mutation(&Operation::RecoverMessage(recover), None);
    theo.push(&[reply.clone(), close.clone(), recover.clone()]).await;
    assert_eq!(shop.deliveries(&mina).await, [("Welcome".to_owned(), Delivery::SentBeforeRestore)]);
    assert_eq!(theo.outcome(&reply).await, Some(Outcome::Accepted));
    // What he may not do any more is not done, even if he says that it was before; nor do words of customers come
    // from somebody who sees none.
    let heads = of::<Conversation>(&mina.all(shop.juniper.inbox()).await, Entity::Conversation);
    assert_eq!((heads[0].1.status.value, heads[0].1.inbound_count), (Status::Open, 1));
    assert_eq!(theo.outcome(&close).await, Some(Outcome::Accepted));
    let refused = Refusal::NoPermission { needs: Permission::Customers };
    assert_eq!(theo.outcome(&recover).await, Some(Outcome::Refused(refused)));
}

#[tokio::test]
async fn nothing_can_be_brought_back_to_a_server_that_lost_nothing() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let hello = shop.hears("forgets", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    let never = |epoch| replay_at(epoch, &theo.reply(conversation, "Never sent"), 3, true);
    let recover = RecoverMessage {
        conversation,
        message: MessageId::new(&*shop.juniper.env),
        text: "Never written".to_owned(),
        at: shop.juniper.env.now(),
    };
    let recover = theo.mutation(&Operation::RecoverMessage(recover), None);
    let brought = [never(EpochId::new(&*shop.juniper.env)), never(theo.signed_in.session.epoch), recover];
    theo.push(&brought).await;
    for mutation in &brought {
        assert_eq!(theo.outcome(mutation).await, Some(Outcome::Refused(Refusal::Unreadable)));
    }
    assert_eq!(of::<Message>(&theo.all(shop.juniper.inbox()).await, Entity::Message).len(), 1);
    // A replay of the present history is none either.
    let backup = shop.backup().await;
    let shop = shop.restore(&backup).await;
    let theo = shop.again(&theo);
    let present = replay_at(theo.signed_in.session.epoch, &theo.reply(conversation, "Never sent"), 3, true);
    theo.push(std::slice::from_ref(&present)).await;
    assert_eq!(theo.outcome(&present).await, Some(Outcome::Refused(Refusal::Unreadable)));
}

#[tokio::test]
async fn a_customers_message_comes_back_once_whoever_brings_it() {
    let shop = Shop::open().await;
    let (theo, mina) = (shop.juniper.phone("Theo").await, shop.juniper.phone("Mina").await);
    let backup = shop.backup().await;
    let ana = shop.juniper.browser().await;
    let hello = ana.write("Hello").await.parse().unwrap();
    let conversation = shop.conversation_of(&theo, hello).await;
    let rows = theo.all(shop.juniper.inbox()).await;
    let head = of::<Conversation>(&rows, Entity::Conversation).remove(0).1;
    let from = origin(&shop, head.customer, head.channel);

    let shop = shop.restore(&backup).await;
    let recover =
        RecoverMessage { conversation, message: hello, text: "Hello".to_owned(), at: shop.juniper.env.now() };
    for phone in [&theo, &mina] {
        let phone = shop.again(phone);
        let mut brought = phone.mutation(&Operation::RecoverMessage(recover.clone()), None);
        brought.origin = Some(from.clone());
        phone.push(std::slice::from_ref(&brought)).await;
        assert_eq!(phone.outcome(&brought).await, Some(Outcome::Accepted));
    }
    let theo = shop.again(&theo);
    theo.push(&[theo.reply(conversation, "Welcome back")]).await;
    shop.work().await;

    // The browser asks for its session again and replays what it had written, as if nothing were there.
    assert_eq!(ana.write_as(&hello.to_string(), "Hello").await.problem(), (401, "session-expired".into()));
    let again = json!({
        "key": shop.juniper.shop.public_key, "name": "Ana", "again": { "session": ana.session, "token": ana.token },
    });
    for _ in 0..2 {
        let begun: Value = ana.ask(Asked::post("/chat/v1/sessions").json(again.clone())).await.expect(201);
        assert_eq!(
            (begun["session"].as_str(), begun["token"].as_str()),
            (Some(&*ana.session), Some(&*ana.token))
        );
        assert_eq!(begun["epoch"], json!(shop.juniper.state.storage.epoch()));
    }
    for _ in 0..2 {
        ana.write_as(&hello.to_string(), "Hello").await.expect::<Value>(200);
    }
    shop.work().await;
    let shown: Vec<_> = ana.shown().await.into_iter().map(|(_, from, _, text)| (from, text)).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown.contains(&("customer".to_owned(), "Hello".to_owned())), "{shown:?}");
    assert!(shown.contains(&("staff".to_owned(), "Welcome back".to_owned())), "{shown:?}");
    let rows = theo.all(shop.juniper.inbox()).await;
    let head = of::<Conversation>(&rows, Entity::Conversation).remove(0).1;
    assert_eq!((head.inbound_count, head.last_mseq), (1, 2));
    let (_, message) =
        of::<Message>(&rows, Entity::Message).into_iter().find(|(id, _)| *id == hello.0).unwrap();
    assert_eq!(message.brought_by, Some(shop.juniper.theo));
}

#[tokio::test]
async fn nobody_takes_another_browsers_session() {
    let shop = Shop::open().await;
    let (ana, eve) =
        (shop.juniper.browser().await, shop.juniper.browser_at(&shop.juniper.shop.public_key, "Eve").await);
    let take = async |shop: &Shop, session: &str, token: &str| {
        let again = json!({
            "key": shop.juniper.shop.public_key, "again": { "session": session, "token": token },
        });
        let begin = Asked::post("/chat/v1/sessions").json(again).header("origin", ORIGIN);
        let begun: Value = shop.juniper.ask(begin).await.expect(201);
        begun["session"].as_str().unwrap().to_owned()
    };
    let made_up = "A".repeat(eve.token.len());
    let fresh = shopbell_domain::ids::SessionId::new(&*shop.juniper.env).to_string();
    for (session, token) in
        [(&ana.session, &eve.token), (&ana.session, &made_up), (&fresh, &eve.token), (&fresh, &String::new())]
    {
        let begun = take(&shop, session, token).await;
        assert!(begun != *session, "a new session is given");
    }
    // Nor one that is lost: without its secret nobody gets it.
    let backup = shop.backup().await;
    let bo = shop.juniper.browser().await;
    let shop = shop.restore(&backup).await;
    assert_ne!(take(&shop, &bo.session, &eve.token).await, bo.session);
    assert_eq!(take(&shop, &bo.session, &bo.token).await, bo.session);
}

#[tokio::test]
async fn a_database_that_is_copied_back_by_hand_begins_a_new_epoch() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    shop.hears("forgets", "ana", "Hello").await;
    let first = shop.juniper.state.storage.epoch();
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    let (database, copy) = (closed.dir.path().join("shopbell.db"), closed.dir.path().join("copy.db"));
    std::fs::copy(&database, &copy).unwrap();
    // Stopped and started, or cut off: the same history goes on.
    let shop = closed.start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), first);
    shop.hears("forgets", "ana", "And?").await;
    let shop = shop.closed().start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), first);
    let answer = shop.again(&theo).pull(&[], 1).await;
    assert_eq!(answer.backed_up, None);

    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    std::fs::copy(&copy, &database).unwrap();
    let shop = closed.start().await;
    let second = shop.juniper.state.storage.epoch();
    assert_ne!(second, first);
    let mut stale = shop.again(&theo);
    stale.signed_in.session.epoch = first;
    let answer = stale.ask(Asked::post("/v1/pull").json(stale.pull_body(&[], 10))).await;
    assert_eq!(answer.member("survives").as_array().unwrap().len(), 1);
    // Once: the next start goes on with it.
    let shop = shop.closed().start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), second);
    // A revocation store that is gone tells nothing of what was given: that is a new history too.
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    std::fs::remove_file(closed.dir.path().join("revocations.db")).unwrap();
    let shop = closed.start().await;
    assert_ne!(shop.juniper.state.storage.epoch(), second);
}

#[tokio::test]
async fn a_restore_that_is_cut_off_ends_with_one_database_or_the_other() {
    let shop = Shop::open().await;
    let backup = shop.backup().await;
    shop.hears("forgets", "ana", "After the backup").await;
    let first = shop.juniper.state.storage.epoch();
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    let file = |name: &str| closed.dir.path().join(name);
    // Cut off before the new database took its place: what was begun lies beside the old one, and is in nobody's way.
    std::fs::write(file("shopbell.db.restoring"), "half a database").unwrap();
    let (store, store_before) = (file("revocations.db"), file("store-before.db"));
    let shop = closed.start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), first);
    shop.juniper.state.storage.close().await.unwrap();
    let closed = shop.closed();
    std::fs::copy(&store, &store_before).unwrap();
    shopbell_server::restore(closed.dir.path(), &backup, &*closed.env).unwrap();
    let begun: Vec<u8> = rusqlite::Connection::open(closed.dir.path().join("shopbell.db"))
        .unwrap()
        .query_row("SELECT epoch FROM server", [], |row| row.get(0))
        .unwrap();
    // Cut off before the revocation store heard of it: the new epoch goes on, and no other begins.
    std::fs::copy(&store_before, &store).unwrap();
    let shop = closed.start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), EpochId::from_slice(&begun).unwrap());
    let shop = shop.closed().start().await;
    assert_eq!(shop.juniper.state.storage.epoch(), EpochId::from_slice(&begun).unwrap());
}

#[tokio::test]
async fn phones_are_told_up_to_where_a_backup_holds_everything() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let inbox = [ScopeCursor { scope: shop.juniper.inbox(), cursor: 0 }];
    assert_eq!(theo.pull(&inbox, 10).await.backed_up, None);
    shop.hears("forgets", "ana", "Hello").await;
    let before = theo.pull(&inbox, 10).await.scopes[0].cursor;
    let backup = shop.backup().await;
    shop.hears("forgets", "ana", "And?").await;
    let answer = theo.pull(&inbox, 10).await;
    assert_eq!(answer.backed_up, Some(before));
    assert!(answer.scopes[0].cursor > before);
    let shop = shop.restore(&backup).await;
    let answer = shop.again(&theo).pull(&[ScopeCursor { scope: Scope::Shop, cursor: 0 }], 10).await;
    assert_eq!(answer.backed_up, Some(before));
}

#[tokio::test]
async fn what_was_shared_revised_and_cancelled_comes_back_as_it_was() {
    let shop = Shop::open().await;
    let mina = shop.juniper.phone("Mina").await;
    let ana = shop.juniper.browser().await;
    let hello = ana.write("Hello").await.parse().unwrap();
    let conversation = shop.conversation_of(&mina, hello).await;
    let send = |text: &str, secret| {
        let (message, text) = (MessageId::new(&*shop.juniper.env), text.to_owned());
        let send = SendMessage { conversation, message, text, secret };
        (message, mina.mutation(&Operation::SendMessage(send), None))
    };
    // Queued when the backup is made, and taken back after it.
    let (never, taken_back) = send("Never mind", None);
    mina.push(std::slice::from_ref(&taken_back)).await;
    let backup = shop.backup().await;
    let cancel = Cancel { conversation, mutation: taken_back.mid, message: never };
    let cancel = mina.mutation(&Operation::Cancel(cancel), None);
    let part = SecretPart { kind: SecretKind::Discount, title: "JUNIPER15".to_owned(), body: String::new() };
    let ((shared, sharing), (edited, first)) = (send("For you:", Some(part)), send("Frist", None));
    let (deleted, second) = send("Oops", None);
    let edit = EditMessage { conversation, message: edited, text: "First".to_owned() };
    let edit = mina.mutation(&Operation::EditMessage(edit), None);
    let delete = DeleteMessage { conversation, message: deleted };
    let delete = mina.mutation(&Operation::DeleteMessage(delete), None);
    mina.push(&[cancel.clone(), sharing.clone(), first.clone(), second.clone()]).await;
    shop.work().await;
    mina.push(&[edit.clone(), delete.clone()]).await;
    let mut brought = Vec::new();
    for mutation in [&cancel, &sharing, &first, &second, &edit, &delete] {
        assert_eq!(mina.outcome(mutation).await, Some(Outcome::Accepted), "{}", mutation.name);
        brought.push(replay(&mina, mutation, true).await);
    }
    let before = ana.shown().await.len();

    let shop = shop.restore(&backup).await;
    let mina = shop.again(&mina);
    mina.push(&brought).await;
    mina.push(&[]).await;
    shop.work().await;
    for mutation in &brought {
        assert_eq!(mina.outcome(mutation).await, Some(Outcome::Accepted), "{}", mutation.name);
    }
    assert_eq!(mina.outcome(&taken_back).await, Some(Outcome::Cancelled));
    let messages = of::<Message>(&mina.all(shop.juniper.inbox()).await, Entity::Message);
    let message =
        |id: MessageId| messages.iter().find(|(known, _)| *known == id.0).map(|(_, message)| message);
    assert!(message(never).is_none());
    assert_eq!(message(shared).unwrap().shared, Some(SecretKind::Discount));
    assert_eq!(message(edited).unwrap().text, "First");
    assert!(message(deleted).unwrap().deleted && message(deleted).unwrap().text.is_empty());
    let mut places: Vec<i64> = messages.iter().map(|(_, message)| message.mseq).collect();
    places.sort();
    assert_eq!(places, [1, 2, 3, 4, 5], "without a hole");
    let secrets = mina.all(Scope::InboxDiscounts(shop.juniper.shop.inbox)).await;
    assert_eq!(secrets.iter().map(|row| row.id).collect::<Vec<_>>(), [shared.0]);
    // The browser had all of it before; nothing is shown to it again, least of all what was taken back.
    let shown = ana.shown().await;
    assert_eq!((before, shown.len()), (4, 1), "{shown:?}");
}
