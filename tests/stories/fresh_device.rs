//! What a phone came to by applying changes is what a new phone of the same person loads.

use proptest::prelude::*;
use shopbell_core::{App, BulkAction, ConversationId, NoteId};

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
    Stars { who: usize, what: usize },
    Unstars { who: usize, what: usize },
    MarksUnread { who: usize, what: usize },
    Tags { who: usize, what: usize, tag: usize },
    Untags { who: usize, what: usize, tag: usize },
    Notes { who: usize, what: usize },
    EditsNote { who: usize, what: usize },
    DeletesNote { who: usize, what: usize },
    Drafts { who: usize, what: usize, text: usize },
    ClosesAllAndUndoesIt(usize),
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
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Stars { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Unstars { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::MarksUnread { who, what }),
        (0..2usize, 0..3usize, 0..2usize).prop_map(|(who, what, tag)| Step::Tags { who, what, tag }),
        (0..2usize, 0..3usize, 0..2usize).prop_map(|(who, what, tag)| Step::Untags { who, what, tag }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::Notes { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::EditsNote { who, what }),
        (0..2usize, 0..3usize).prop_map(|(who, what)| Step::DeletesNote { who, what }),
        (0..2usize, 0..3usize, 0..3usize).prop_map(|(who, what, text)| Step::Drafts { who, what, text }),
        (0..2usize).prop_map(Step::ClosesAllAndUndoesIt),
        (0..2usize).prop_map(Step::Syncs),
        (0..2usize).prop_map(Step::Syncs),
    ];
    proptest::collection::vec(step, 1..25)
}

const TAGS: [&str; 2] = ["VIP", "wholesale"];

/// The newest note about a conversation's customer.
fn note_of(phone: &App, conversation: ConversationId) -> Option<NoteId> {
    phone.customer(conversation).ok()?.notes.first().map(|note| note.id)
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
        Step::Stars { who, what } => drop(phones[*who].star(at(what))),
        Step::Unstars { who, what } => drop(phones[*who].unstar(at(what))),
        Step::MarksUnread { who, what } => drop(phones[*who].mark_unread(at(what))),
        Step::Tags { who, what, tag } => drop(phones[*who].add_tag(at(what), TAGS[*tag])),
        Step::Untags { who, what, tag } => drop(phones[*who].remove_tag(at(what), TAGS[*tag])),
        Step::Notes { who, what } => drop(phones[*who].add_note(at(what), "Prefers blue.")),
        Step::EditsNote { who, what } => {
            if let Some(note) = note_of(&phones[*who], at(what)) {
                drop(phones[*who].edit_note(at(what), note, "Prefers dark blue."));
            }
        }
        Step::DeletesNote { who, what } => {
            if let Some(note) = note_of(&phones[*who], at(what)) {
                drop(phones[*who].delete_note(at(what), note));
            }
        }
        Step::Drafts { who, what, text } => {
            drop(phones[*who].set_draft(at(what), ["", "Since", "Since today"][*text]));
        }
        Step::ClosesAllAndUndoesIt(who) => {
            let all: Vec<ConversationId> = customers.iter().map(Customer::conversation).collect();
            if let Ok(closed) = phones[*who].bulk(&all, &BulkAction::Close) {
                phones[*who].sync().await.unwrap();
                phones[*who].undo(&closed).unwrap();
            }
        }
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
            phone.delete_unsent(row.id).unwrap();
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
