//! What is shared with a customer is everybody's as a kind only; its words are a row of their own, which only those hold
//! who may see it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Ver;
use shopbell_core::domain::message::{Delivery, Revision};
use shopbell_core::domain::secret::SecretKind;
use shopbell_core::domain::sync::{Entity, Scope};
use shopbell_core::sync::Answer;
use shopbell_core::{ConversationId, InboxFilter, MutationId};
use story::{Juniper, Phone};

fn discounts(juniper: &Juniper) -> Scope {
    SecretKind::Discount.scope(juniper.inbox)
}

/// Mina shared a discount with Ana; Theo may see discounts, or not.
fn shared(theo_may_see: bool) -> (Juniper, Phone, ConversationId) {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    juniper.shares(juniper.mina, ana, SecretKind::Discount, "WINTER20", "Twenty percent until Sunday");
    if theo_may_see {
        juniper.granted.insert(discounts(&juniper), 1);
    }
    let phone = Phone::loaded(&mut juniper, 2);
    (juniper, phone, ana)
}

#[test]
fn who_may_not_see_discounts_sees_that_one_was_shared_and_no_word_of_it() {
    let (_juniper, phone, ana) = shared(false);
    assert_eq!(phone.reads(ana), ["Ana: Hello", "Mina [sending]: <discount>"]);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Mina: Shared a discount (1 unread)"]);
    assert_eq!(phone.finds("winter20"), Vec::<String>::new());
    assert!(!phone.dump().iter().any(|row| row.contains("WINTER20")));
}

#[test]
fn who_may_see_discounts_sees_its_words_and_finds_them() {
    let (_juniper, phone, ana) = shared(true);
    let read = ["Ana: Hello", "Mina [sending]: <discount: WINTER20 | Twenty percent until Sunday>"];
    assert_eq!(phone.reads(ana), read);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Mina: WINTER20 (1 unread)"]);
    assert_eq!(phone.finds("until sun"), ["Ana", "  message: WINTER20 Twenty percent [until] [Sun]day"]);
}

#[test]
fn granting_loads_the_words_and_revoking_takes_exactly_them() {
    let (mut juniper, phone, ana) = shared(false);
    juniper.writes(ana, "Is WINTER20 still good?");
    juniper.shares(juniper.mina, ana, SecretKind::DraftOrder, "D17", "One scarf");
    juniper.granted.insert(discounts(&juniper), 1);
    juniper.granted.insert(SecretKind::DraftOrder.scope(juniper.inbox), 1);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.finds("winter20").len(), 3);
    assert_eq!(phone.finds("scarf"), ["Ana", "  message: D17 One [scarf]"]);

    juniper.granted.remove(&discounts(&juniper));
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(
        phone.reads(ana),
        [
            "Ana: Hello",
            "Mina [sending]: <discount>",
            "Ana: Is WINTER20 still good?",
            "Mina [sending]: <draft_order: D17 | One scarf>"
        ]
    );
    assert_eq!(phone.finds("winter20"), ["Ana", "  message: Is [WINTER20] still good?"]);
    assert_eq!(phone.finds("sunday"), Vec::<String>::new());
    assert_eq!(phone.finds("scarf"), ["Ana", "  message: D17 One [scarf]"]);
    phone.check_index();
}

#[test]
fn secret_parts_of_history_and_of_what_was_searched_come_under_their_own_grant() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let message = juniper.shares(juniper.mina, ana, SecretKind::Discount, "WINTER20", "");
    for number in 1..=50 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older = juniper.messages(ana)[..1].to_vec();
    assert_eq!(older[0].id, message.0);
    juniper.forget_in_snapshot(&older);
    juniper.granted.insert(discounts(&juniper), 1);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    // The phone has lost it by a fault: what comes along brings it again.
    let lost = "DELETE FROM secret";
    assert_eq!(phone.database().execute(lost, []).unwrap(), 1);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let Answer::History(answer) = story::phone::answer_from(&mut juniper, &asked.call) else { panic!() };
    assert_eq!(answer.also.len(), 1);
    // Granted anew meanwhile: the message is of the present grant, its secret part is not.
    let mut late = answer.clone();
    late.also[0].grant += 1;
    phone.answer(&asked, Answer::History(late));
    assert_eq!(phone.reads(ana)[0], "Mina [sending]: <discount>");
    let searched = phone.app().clone();
    assert!(story::poll_once(searched.search_older("winter20", None)).is_none());
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[0], "Mina [sending]: <discount: WINTER20 | >");
    assert_eq!(phone.finds("winter20"), ["Ana", "  message: [WINTER20]"]);
}

#[test]
fn a_row_in_a_scope_that_it_does_not_belong_to_is_passed_over() {
    let (mut juniper, phone, _) = shared(false);
    let part =
        juniper.get::<serde_json::Value>(discounts(&juniper), Entity::Secret, juniper.last_message().0);
    juniper.put(Scope::Shop, Entity::Secret, juniper.last_message().0, &part.unwrap());
    phone.poke();
    phone.settle(&mut juniper);
    assert!(!phone.dump().iter().any(|row| row.contains("WINTER20")));
}

#[test]
fn edited_deleted_and_brought_back_messages_say_so() {
    let (mut juniper, phone, ana) = shared(true);
    let first = juniper.answers(juniper.mina, ana, "It is twenty percent");
    let lost = juniper.writes(ana, "Thank you");
    let last = juniper.answers(juniper.mina, ana, "Good bye");
    let revision =
        Revision { ver: Ver(1), mutation: MutationId::new(&juniper.env), at: phone_time(&juniper) };
    juniper.changes_message(first, |message| {
        message.text = "It is ten percent".into();
        message.revision = Some(revision);
    });
    let theo = juniper.theo;
    juniper.changes_message(lost, |message| message.brought_by = Some(theo));
    juniper.changes_message(last, |message| {
        message.text.clear();
        message.deleted = true;
        message.revision = Some(revision);
    });
    let mut head = juniper.head(ana);
    let preview = head.preview.as_mut().unwrap();
    preview.text.clear();
    preview.deleted = true;
    juniper.put_head(ana, head);
    juniper.delivered(first, Delivery::SentBeforeRestore);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(
        phone.reads(ana)[2..],
        [
            "Mina [sent before the restore]: It is ten percent (edited)",
            "Ana: Thank you (by Theo)",
            "Mina [sending]: (deleted)"
        ]
    );
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Mina: This message was deleted (2 unread)"]);
    assert_eq!(phone.finds("twenty"), ["Ana", "  message: WINTER20 [Twenty] percent until Sunday"]);
    assert_eq!(phone.finds("bye"), Vec::<String>::new());
}

#[test]
fn a_shared_part_that_ends_takes_its_words_along() {
    let (mut juniper, phone, ana) = shared(true);
    juniper.end(discounts(&juniper), Entity::Secret, juniper.last_message().0);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1], "Mina [sending]: <discount>");
    assert_eq!(phone.finds("winter20"), Vec::<String>::new());
    phone.check_index();
}

fn phone_time(juniper: &Juniper) -> shopbell_core::Timestamp {
    use shopbell_core::domain::env::Env;
    juniper.env.now()
}
