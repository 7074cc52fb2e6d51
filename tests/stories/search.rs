//! What a phone does not hold is found by asking the server, and then as if it had always been there.

use shopbell_core::{App, SearchQuery};

use super::shop::Shop;

/// What somebody who types this sees, a hit a line.
fn finds(app: &App, typed: &str) -> Vec<String> {
    let view = app.search(&SearchQuery { text: typed.to_owned(), channel: None, limit: 50 }).unwrap();
    let mut lines = Vec::new();
    for group in view.groups {
        for hit in group.hits {
            let text: String = hit.excerpt.into_iter().map(|part| part.text).collect();
            lines.push(format!("{}: {text}", group.conversation.name));
        }
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_conversation_is_found_on_a_new_phone() {
    let shop = Shop::open().await;
    let (ana, bo) = (shop.customer("Ana").await, shop.customer("Bo").await);
    shop.writes(&ana, "Is the écharpe merino?").await;
    shop.writes(&bo, "有沒有藍色的圍巾？").await;
    let phone = shop.phone("Theo", "first").await;
    phone.send(ana.conversation(), "Yes, merino wool.").unwrap();
    phone.close(ana.conversation()).unwrap();
    phone.sync().await.unwrap();
    let both = ["Ana: Yes, merino wool.", "Ana: Is the écharpe merino?"];
    assert_eq!(finds(&phone, "merino"), both);

    // A new phone loads the messages of open conversations only.
    let new = shop.phone("Theo", "second").await;
    assert_eq!(finds(&new, "圍巾"), ["Bo: 有沒有藍色的圍巾？"]);
    assert_eq!(finds(&new, "echarpe merino"), Vec::<String>::new());
    let page = new.search_older("echarpe merino", None).await.unwrap();
    assert_eq!((page.conversations, page.next), (1, None));
    assert_eq!(finds(&new, "echarpe merino"), ["Ana: Is the écharpe merino?"]);
    new.search_older("merino", None).await.unwrap();
    assert_eq!(finds(&new, "merino"), both);
    assert_eq!(new.search_older("nothing of the kind", None).await.unwrap().conversations, 0);
}
