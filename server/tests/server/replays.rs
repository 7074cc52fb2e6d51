//! What a phone says that it brings back is checked as far as it can be: nobody gains by a replay that never was.

use shopbell_domain::ids::{EpochId, MessageId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::Permissions;
use shopbell_domain::sync::{Entity, Outcome};

use crate::restored::{Shop, replay};
use crate::support::{Phone, of};

async fn texts(shop: &Shop, reader: &Phone) -> Vec<String> {
    let rows = reader.all(shop.juniper.inbox()).await;
    of::<Message>(&rows, Entity::Message).into_iter().map(|(_, message)| message.text).collect()
}

#[tokio::test]
async fn what_is_said_to_have_left_before_a_restore_that_never_was_is_refused() {
    let shop = Shop::open().await;
    let (mina, theo) = (shop.juniper.phone("Mina").await, shop.juniper.phone("Theo").await);
    let hello = shop.hears("dedupes", "ana", "Hello").await;
    let conversation = shop.conversation_of(&mina, hello).await;
    let admin = shop.juniper.admin();
    admin.set_permissions(shop.juniper.shop.shop, theo.me(), Permissions::default()).await.unwrap();
    let lie = Mutation {
        attempted_epoch: Some(EpochId::new(&*shop.juniper.env)),
        ..theo.reply(conversation, "Written without permission")
    };
    theo.push(std::slice::from_ref(&lie)).await;
    assert_eq!(theo.outcome(&lie).await, Some(Outcome::Refused(Refusal::Unreadable)));
    assert_eq!(texts(&shop, &mina).await, ["Hello"]);
}

#[tokio::test]
async fn a_reply_that_may_have_arrived_before_a_restore_is_not_taken_back() {
    let shop = Shop::open().await;
    let theo = shop.juniper.phone("Theo").await;
    let hello = shop.hears("dedupes", "ana", "Hello").await;
    let conversation = shop.conversation_of(&theo, hello).await;
    let backup = shop.backup().await;
    let left_under = theo.signed_in.session.epoch;
    let shop = shop.restore(&backup).await;
    let theo = shop.again(&theo);
    let message = MessageId::new(&*shop.juniper.env);
    let send = SendMessage { conversation, message, text: "On the wire".to_owned(), secret: None };
    let send = theo.mutation(&Operation::SendMessage(send), None);
    let tried = Mutation { attempted_epoch: Some(left_under), ..send };
    let cancel = Cancel { conversation, mutation: tried.mid, message };
    let cancel = theo.mutation(&Operation::Cancel(cancel), None);
    theo.push(&[tried.clone(), cancel.clone()]).await;
    assert_eq!(theo.outcome(&cancel).await, Some(Outcome::Refused(Refusal::AlreadySent)));
    shop.work().await;
    assert_eq!(shop.deliveries(&theo).await, [("On the wire".to_owned(), Delivery::Sent)]);
}

#[tokio::test]
async fn an_edit_that_is_brought_back_late_loses_to_what_was_said_since() {
    let shop = Shop::open().await;
    let (mina, theo) = (shop.juniper.phone("Mina").await, shop.juniper.phone("Theo").await);
    let ana = shop.juniper.browser().await;
    let hello = ana.write("Hello").await.parse().unwrap();
    let conversation = shop.conversation_of(&theo, hello).await;
    let message = MessageId::new(&*shop.juniper.env);
    let send = SendMessage { conversation, message, text: "First".to_owned(), secret: None };
    theo.push(&[theo.mutation(&Operation::SendMessage(send), None)]).await;
    shop.work().await;
    let backup = shop.backup().await;
    let says = |text: &str| EditMessage { conversation, message, text: text.to_owned() };
    let lost = theo.mutation(&Operation::EditMessage(says("Second")), None);
    theo.push(std::slice::from_ref(&lost)).await;
    let lost = replay(&theo, &lost, false).await;

    let shop = shop.restore(&backup).await;
    let (mina, theo) = (shop.again(&mina), shop.again(&theo));
    let since = theo.mutation(&Operation::EditMessage(says("Third")), None);
    theo.push(std::slice::from_ref(&since)).await;
    theo.push(std::slice::from_ref(&lost)).await;
    assert_eq!(theo.outcome(&lost).await, Some(Outcome::Accepted));
    assert_eq!(texts(&shop, &mina).await, ["Hello", "Third"]);

    // Who may not answer customers any more changes nothing that they read, whatever they say they did before.
    let admin = shop.juniper.admin();
    admin.set_permissions(shop.juniper.shop.shop, theo.me(), Permissions::default()).await.unwrap();
    let lie = theo.mutation(&Operation::EditMessage(says("A lie")), None);
    theo.push(&[Mutation { replay: lost.replay, ..lie }]).await;
    assert_eq!(texts(&shop, &mina).await, ["Hello", "Third"]);
}
