//! Editing and deleting what was sent, and sharing what only some may see: shown at once, decided by the server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Base;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::secret::{SecretKind, SecretPart};
use shopbell_core::domain::staff::Permission;
use shopbell_core::domain::sync::{Entity, Scope};
use shopbell_core::sync::Answer;
use shopbell_core::{ConversationId, Error, InboxFilter, MessageId, OutboxState};
use story::juniper::person;
use story::{Juniper, Phone, ana_asks};

/// Theo's reply has arrived.
fn sent() -> (Juniper, Phone, ConversationId, MessageId) {
    let (mut juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    juniper.hands_over();
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since today!"]);
    (juniper, phone, ana, message)
}

#[test]
fn an_edit_is_shown_at_once_and_the_next_one_builds_on_it() {
    let (mut juniper, mut phone, ana, message) = sent();
    phone.app().stop();
    let first = phone.app().edit_message(ana, message, "Since yesterday!").unwrap().unwrap();
    phone.app().edit_message(ana, message, "Since Monday!").unwrap().unwrap();
    assert_eq!(phone.app().edit_message(ana, message, "Since Monday!").unwrap(), None);
    phone.crash();
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since Monday! (edited)"]);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: You: Since Monday! (1 unread)"]);
    let (request, push) = phone.take_push();
    assert_eq!(push.mutations[1].base, Some(Base::Mutation(first)));
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since Monday! (edited)"]);
}

#[test]
fn a_deletion_leaves_the_place_and_no_word() {
    let (mut juniper, phone, ana, message) = sent();
    phone.app().delete_message(ana, message).unwrap().unwrap();
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: (deleted)"]);
    assert_eq!(phone.app().delete_message(ana, message).unwrap(), None);
    assert_eq!(phone.app().edit_message(ana, message, "x"), Err(Error::CannotRevise));
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: (deleted)"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert!(!phone.dump().iter().any(|row| row.starts_with("message") && row.contains("Since today")));
}

#[test]
fn a_refused_edit_is_reverted_and_its_text_kept() {
    let (mut juniper, phone, ana, message) = sent();
    let edit = phone.app().edit_message(ana, message, "Since yesterday!").unwrap().unwrap();
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, edit, Refusal::ChannelCannot);
    let answer = juniper.takes(&push);
    phone.answer(&request, Answer::Push(answer));
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since today!"]);
    let rows = phone.app().outbox().unwrap();
    assert_eq!(rows[0].text.as_deref(), Some("Since yesterday!"));
    let OutboxState::NotSent { reason, .. } = &rows[0].state else { panic!("{rows:?}") };
    assert_eq!(reason, "This channel cannot change what it has shown. Write a new message instead.");
    // It can be tried once more.
    phone.app().retry(edit).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since yesterday! (edited)"]);
}

#[test]
fn only_what_was_sent_by_oneself_is_edited() {
    let (mut juniper, phone, ana) = ana_asks();
    let hers = MessageId(juniper.messages(ana)[0].id);
    let minas = juniper.answers(juniper.mina, ana, "Since today!");
    phone.poke();
    phone.settle(&mut juniper);
    for other in [hers, minas] {
        assert_eq!(phone.app().edit_message(ana, other, "x"), Err(Error::CannotRevise));
        assert_eq!(phone.app().delete_message(ana, other), Err(Error::CannotRevise));
    }
    let waiting = phone.app().send(ana, "Hello").unwrap();
    assert_eq!(phone.app().edit_message(ana, waiting, "x"), Err(Error::OnItsWay), "it has no answer yet");
    assert_eq!(phone.app().delete_message(ana, waiting), Err(Error::OnItsWay));
    phone.settle(&mut juniper);
    assert_eq!(phone.app().edit_message(ana, waiting, " "), Err(Error::TextEmpty));
    let nothing = MessageId(uuid::Uuid::from_u128(7));
    let unknown = Error::NotFound { id: nothing.to_string() };
    assert_eq!(phone.app().edit_message(ana, nothing, "x"), Err(unknown));
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn what_is_shared_is_shown_whole_to_its_writer_and_as_a_stub_in_the_list() {
    let (mut juniper, phone, ana) = ana_asks();
    let welcome =
        SecretPart { kind: SecretKind::Discount, title: " WELCOME10 ".into(), body: "10 % off".into() };
    assert_eq!(phone.app().share(ana, "For you", &welcome), Err(Error::NoPermission), "Theo may not");
    let may = person("Theo", &[Permission::Chat, Permission::Customers, Permission::Discounts], false);
    juniper.put(Scope::Shop, Entity::Staff, juniper.theo.0, &may);
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().set_draft(ana, "And").unwrap();
    let untitled = SecretPart { title: " ".into(), ..welcome.clone() };
    assert_eq!(phone.app().share(ana, "", &untitled), Err(Error::TextEmpty));
    let long = "x".repeat(5_000);
    assert_eq!(phone.app().share(ana, &long, &welcome), Err(Error::TextTooLong { limit: 5_000 }));
    phone.app().share(ana, "", &welcome).unwrap();
    assert_eq!(phone.reads(ana)[1..], ["Me [waiting]: <discount: WELCOME10 | 10 % off>"]);
    assert_eq!(phone.app().draft(ana).unwrap(), "And", "the draft is another message");
    let row = &phone.app().outbox().unwrap()[0];
    assert_eq!(row.text.as_deref(), Some("WELCOME10\n10 % off"));
    let kind = SecretKind::DraftOrder;
    assert_eq!(phone.app().share(ana, "", &SecretPart { kind, ..welcome }), Err(Error::NoPermission));
}
