//! The spine: a customer's message reaches two phones and the answer goes back.

use shopbell_domain::conversation::Status;
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::sync::{Entity, Outcome};

use crate::support::{Juniper, of, the_conversation};

#[tokio::test]
async fn ana_writes_both_phones_see_it_and_theo_answers_once() {
    let juniper = Juniper::open().await;
    let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
    let ana = juniper.browser().await;

    ana.write("Is the blue one back in stock?").await;
    for phone in [&mina, &theo] {
        let rows = phone.all(juniper.inbox()).await;
        let (_, head) = the_conversation(&rows);
        assert_eq!(head.preview.unwrap().text, "Is the blue one back in stock?");
        assert_eq!((head.status.value, head.inbound_count, head.last_mseq), (Status::Open, 1, 1));
    }

    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let reply = theo.reply(conversation, "Yes, since today!");
    let answer = theo.push(std::slice::from_ref(&reply)).await;
    assert_eq!((answer.blocked.len(), answer.faults.len(), answer.failed), (0, 0, None));
    assert_eq!(theo.outcome(&reply).await, Some(Outcome::Accepted));
    // A phone that did not hear the answer pushes again.
    theo.push(std::slice::from_ref(&reply)).await;

    juniper.deliver().await;
    assert_eq!(
        ana.shown().await,
        [
            (1, "customer".into(), None, "Is the blue one back in stock?".into()),
            (2, "staff".into(), Some("Theo".into()), "Yes, since today!".into()),
        ]
    );
    let messages = of::<Message>(&mina.all(juniper.inbox()).await, Entity::Message);
    let sent = messages.iter().filter(|(_, message)| message.delivery == Some(Delivery::Sent)).count();
    assert_eq!((messages.len(), sent), (2, 1));
}
