//! Two web chats of one shop are two tabs of one inbox, and each customer is answered where they wrote.

use shopbell_core::domain::ids::ChannelId;
use shopbell_core::{App, InboxFilter, InboxQuery};

use super::shop::Shop;

/// How often a page is looked at until what was sent shows in it.
const LOOKS_LIMIT: usize = 1_000_000;

/// The names in a tab.
fn tab(app: &App, channel: Option<ChannelId>) -> Vec<String> {
    let query = InboxQuery { channel, ..InboxQuery::of(InboxFilter::All) };
    app.inbox(&query).unwrap().into_iter().map(|row| row.name).collect()
}

/// The numbers beside the tabs: open, unread.
fn numbers(app: &App) -> Vec<(ChannelId, u64, u64)> {
    let counts = app.counts().unwrap();
    counts.channels.into_iter().map(|count| (count.channel, count.open, count.unread)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_web_chats_of_a_shop_are_two_tabs() {
    let shop = Shop::open().await;
    let wholesale_key = shop.open_web_chat("Wholesale").await;
    let ana = shop.customer("Ana").await;
    let (ben, cleo) =
        (shop.customer_at("Ben", &wholesale_key).await, shop.customer_at("Cleo", &wholesale_key).await);
    let (first, wholesale) = (ana.channel(), ben.channel());
    for (customer, text) in [(&ana, "One bowl?"), (&ben, "Forty bowls?"), (&cleo, "Which glazes?")] {
        shop.writes(customer, text).await;
    }

    let phone = shop.phone("Theo", "phone").await;
    let mut tabs: Vec<_> = phone.channels().unwrap().into_iter().map(|row| (row.name, row.id)).collect();
    assert_eq!(tabs.len(), 2);
    tabs.sort();
    assert_eq!(tabs, [("Juniper & Clay".to_owned(), first), ("Wholesale".to_owned(), wholesale)]);
    assert_eq!(tab(&phone, None), ["Cleo", "Ben", "Ana"]);
    assert_eq!(tab(&phone, Some(first)), ["Ana"]);
    assert_eq!(tab(&phone, Some(wholesale)), ["Cleo", "Ben"]);
    assert_eq!(numbers(&phone), [(first, 1, 1), (wholesale, 2, 2)]);

    // An answer and a close move the numbers of their own tab only.
    phone.send(ben.conversation(), "Next week.").unwrap();
    phone.close(cleo.conversation()).unwrap();
    phone.sync().await.unwrap();
    assert_eq!(tab(&phone, Some(first)), ["Ana"]);
    assert_eq!(tab(&phone, Some(wholesale)), ["Ben"]);
    let opened = numbers(&phone).into_iter().map(|(channel, open, _)| (channel, open));
    assert_eq!(opened.collect::<Vec<_>>(), [(first, 1), (wholesale, 1)]);

    let mut looks = 0;
    while shop.shown(&ben).await.len() < 2 {
        looks += 1;
        assert!(looks < LOOKS_LIMIT, "the answer does not show in Ben's page");
    }
    assert_eq!(shop.shown(&ben).await, ["Forty bowls?", "Next week."]);
    assert_eq!(shop.shown(&ana).await, ["One bowl?"]);
    assert_eq!(shop.shown(&cleo).await, ["Which glazes?"]);
}
