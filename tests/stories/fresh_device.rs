//! What a phone came to by applying changes is what a new phone of the same person loads.

use proptest::prelude::*;
use shopbell_core::{App, ConversationId};

use super::shop::{Customer, Shop, everything};

/// Something that happens in the shop.
#[derive(Clone, Debug)]
enum Step {
    CustomerWrites(usize),
    Replies { who: usize, to: usize },
    Closes { who: usize, what: usize },
    Reopens { who: usize, what: usize },
    Reads { who: usize, what: usize },
    Joins { who: usize, what: usize },
    Unassigns { who: usize, what: usize },
    Syncs(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3usize).prop_map(Step::CustomerWrites),
        (0..2usize, 0..3usize).prop_map(|(who, to)| Step::Replies { who, to }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Closes { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Reopens { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Reads { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Joins { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Unassigns { who, what }),
        (0..2usize).prop_map(Step::Syncs),
    ];
    proptest::collection::vec(step, 1..25)
}

/// A phone that does not hold a conversation yet has nothing to act on: an error, and nothing happens.
async fn play(shop: &Shop, phones: &[App], customers: &[Customer], step: &Step) {
    let at = |what: &usize| -> ConversationId { customers[*what].conversation() };
    match step {
        Step::CustomerWrites(who) => shop.writes(&customers[*who], "One more question").await,
        Step::Replies { who, to } => drop(phones[*who].send(at(to), "An answer")),
        Step::Closes { who, what } => drop(phones[*who].close(at(what))),
        Step::Reopens { who, what } => drop(phones[*who].reopen(at(what))),
        Step::Reads { who, what } => drop(phones[*who].mark_read(at(what))),
        Step::Joins { who, what } => {
            let me = phones[*who].account().unwrap().staff.id;
            drop(phones[*who].assign(at(what), me));
        }
        Step::Unassigns { who, what } => drop(phones[*who].unassign(at(what))),
        Step::Syncs(who) => drop(phones[*who].sync().await.unwrap()),
    }
}

/// Waits until everything that was accepted was handed over and both phones have heard of it.
async fn settle(phones: &[App]) {
    loop {
        for phone in phones {
            phone.sync().await.unwrap();
        }
        let under_way =
            |phone: &App| everything(phone).iter().any(|shown| shown.contains("state: Some(Sending)"));
        if !phones.iter().any(under_way) {
            break;
        }
    }
    for phone in phones {
        phone.sync().await.unwrap();
        // A refused change is kept on its own phone; a new phone does not know of it.
        for row in phone.outbox().unwrap() {
            phone.discard(row.id).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn changes_applied_are_a_fresh_load(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = Shop::open().await;
            let mut customers = Vec::new();
            for name in ["Ana", "Ben", "Cleo"] {
                customers.push(shop.customer(name).await);
                shop.writes(customers.last().unwrap(), "Hello").await;
            }
            let phones = [shop.phone("Mina", "mina").await, shop.phone("Theo", "theo").await];
            for step in &steps {
                play(&shop, &phones, &customers, step).await;
            }
            settle(&phones).await;
            for (old, name) in phones.iter().zip(["Mina", "Theo"]) {
                let new = shop.phone(name, &format!("{name}-new")).await;
                for customer in &customers {
                    drop(new.load_earlier(customer.conversation()).await);
                    drop(old.load_earlier(customer.conversation()).await);
                }
                assert_eq!(everything(old), everything(&new), "{name}");
                new.stop();
                old.stop();
            }
            shop.server.stop().await.unwrap();
        });
    }
}
