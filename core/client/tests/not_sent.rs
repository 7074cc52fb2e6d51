//! What was refused stands under "Not sent" until the person has dealt with it: sent again, said otherwise, or taken
//! away; also when its conversation had to go.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::sync::Answer;
use shopbell_core::{ConversationId, Error, InboxFilter, MutationId, OutboxRow, OutboxState, Status};
use story::{Juniper, Phone, ana_asks};

/// The server refuses all of a push, and the phone hears of it.
fn refuses(juniper: &mut Juniper, phone: &Phone, refusal: &Refusal) {
    let (request, push) = phone.take_push();
    for mutation in &push.mutations {
        juniper.refuses(push.device, mutation.mid, refusal.clone());
    }
    let answer = juniper.takes(&push);
    phone.answer(&request, Answer::Push(answer));
    phone.settle(juniper);
}

fn only(phone: &Phone) -> OutboxRow {
    let rows = phone.app().outbox().unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// Theo's reply was refused.
fn refused_reply() -> (Juniper, Phone, ConversationId, MutationId) {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    refuses(&mut juniper, &phone, &Refusal::Internal);
    let mid = only(&phone).id;
    (juniper, phone, ana, mid)
}

#[test]
fn said_otherwise_it_goes_under_its_message_id() {
    let (mut juniper, phone, ana, refused) = refused_reply();
    assert_eq!(phone.app().edit_unsent(refused, " \n"), Err(Error::TextEmpty));
    assert_eq!(
        phone.app().edit_unsent(refused, &"x".repeat(6_000)),
        Err(Error::TextTooLong { limit: 5_000 })
    );
    assert_eq!(only(&phone).id, refused, "it stands there as it was");
    let shown = phone.app().conversation(ana).unwrap().rows[1].id;
    phone.app().edit_unsent(refused, "Since yesterday!").unwrap();
    assert_eq!(phone.reads(ana)[1..], ["Me [waiting]: Since yesterday!"]);
    assert_eq!(phone.app().conversation(ana).unwrap().rows[1].id, shown, "the same message");
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Since yesterday!"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.app().retry(refused), Err(Error::NotFound { id: refused.to_string() }), "it is gone");
}

#[test]
fn a_reply_that_waits_and_never_left_says_something_else_at_its_place() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().stop();
    let first = phone.app().send(ana, "One").unwrap();
    phone.app().send(ana, "Two").unwrap();
    let waiting = phone.app().outbox().unwrap()[0].id;
    phone.app().edit_unsent(waiting, "Once").unwrap();
    phone.crash();
    assert_eq!(phone.reads(ana)[1..], ["Me [waiting]: Once", "Me [waiting]: Two"]);
    let (request, push) = phone.take_push();
    let Ok(Operation::SendMessage(args)) = push.mutations[0].operation() else { panic!("{push:?}") };
    assert_eq!((args.message, args.text.as_str()), (first, "Once"));
    assert_ne!(push.mutations[0].mid, waiting);
    assert_eq!(push.mutations[1].depends_on, [push.mutations[0].mid]);
    // From now on it can only be taken back, or edited once it was sent.
    assert_eq!(phone.app().edit_unsent(push.mutations[0].mid, "Never"), Err(Error::OnItsWay));
    assert_eq!(phone.app().edit_message(ana, first, "Never"), Err(Error::OnItsWay));
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Once", "Me [sending]: Two"]);
}

#[test]
fn what_an_older_version_refused_waits_for_nothing_that_was_written_later() {
    let (mut juniper, phone, ana, refused) = refused_reply();
    phone.database().execute("UPDATE journal SET place = NULL", []).unwrap();
    phone.app().send(ana, "Shall I keep one?").unwrap();
    phone.app().retry(refused).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    let sent: Vec<String> = phone.reads(ana)[1..].to_vec();
    assert_eq!(sent, ["Me [sending]: Since today!", "Me [sending]: Shall I keep one?"]);
}

#[test]
fn a_close_that_was_refused_is_made_again_with_what_was_seen_since() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().close(ana).unwrap();
    let (request, _) = phone.take_push();
    juniper.writes(ana, "And the red one?");
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    let refused = only(&phone);
    assert!(matches!(refused.state, OutboxState::NotSent { .. }), "{refused:?}");
    phone.app().retry(refused.id).unwrap();
    assert_eq!(phone.app().conversation(ana).unwrap().head.status, Status::Closed);
    phone.settle(&mut juniper);
    assert_eq!(juniper.head(ana).status.value, Status::Closed);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn notes_and_tags_are_made_again_too() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.app().add_tag(ana, "VIP").unwrap();
    phone.app().assign(ana, juniper.theo).unwrap();
    phone.app().star(ana).unwrap();
    phone.app().start();
    refuses(&mut juniper, &phone, &Refusal::Internal);
    let refused = phone.app().outbox().unwrap();
    assert_eq!(refused.len(), 4);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock? (1 unread)"]);
    for row in &refused {
        match row.name.as_str() {
            "add_note" => phone.app().edit_unsent(row.id, "Prefers red.").unwrap(),
            "star" => phone.app().delete_unsent(row.id).unwrap(),
            _ => phone.app().retry(row.id).unwrap(),
        }
    }
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.app().customer(ana).unwrap().notes[0].text, "Prefers red.");
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock? (1 unread) #VIP → Theo"]);
    assert_eq!(
        phone.app().edit_unsent(refused[1].id, "x"),
        Err(Error::NotFound { id: refused[1].id.to_string() })
    );
}

#[test]
fn where_the_conversation_had_to_go_the_own_words_stay() {
    let (mut juniper, mut phone, ana, refused) = refused_reply();
    let waiting = phone.app().send(ana, "Shall I keep one for you?").unwrap();
    let inbox = juniper.inbox_scope();
    let grant = juniper.granted.remove(&inbox).unwrap();
    phone.poke();
    phone.settle(&mut juniper);
    phone.crash();
    phone.settle(&mut juniper);
    assert!(phone.app().conversation(ana).is_err());
    let rows = phone.app().outbox().unwrap();
    let texts: Vec<_> = rows.iter().map(|row| (row.customer.as_str(), row.text.as_deref())).collect();
    assert_eq!(texts, [("", Some("Since today!")), ("", Some("Shall I keep one for you?"))]);
    // There is nowhere to send it to; it stays where it is.
    assert_eq!(phone.app().retry(refused), Err(Error::NotFound { id: ana.to_string() }));
    assert_eq!(phone.app().edit_unsent(refused, "x"), Err(Error::NotFound { id: ana.to_string() }));
    assert_eq!(phone.app().outbox().unwrap()[0].id, refused);
    // Once it is back, it can be sent.
    juniper.granted.insert(inbox, grant + 1);
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().retry(refused).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(
        phone.reads(ana)[1..],
        ["Me [sending]: Since today!", "Me [sending]: Shall I keep one for you?"]
    );
    assert!(phone.app().outbox().unwrap().is_empty(), "{waiting}");
}

#[test]
fn what_is_accepted_after_the_conversation_went_leaves_no_word_here() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    let answer = juniper.takes(&push);
    let inbox = juniper.inbox_scope();
    juniper.granted.remove(&inbox);
    phone.answer(&request, Answer::Push(answer));
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert!(!phone.dump().iter().any(|row| row.contains("Since today")), "{:?}", phone.dump());
}

#[test]
fn only_what_is_there_can_be_dealt_with() {
    let (_juniper, phone, ana) = ana_asks();
    let nothing = MutationId(uuid::Uuid::from_u128(7));
    let not_found = Err(Error::NotFound { id: nothing.to_string() });
    assert_eq!(phone.app().retry(nothing), not_found);
    assert_eq!(phone.app().edit_unsent(nothing, "Hello"), not_found);
    assert_eq!(phone.app().delete_unsent(nothing), not_found);
    // What waits and is no reply is undone, not deleted.
    let close = phone.app().close(ana).unwrap();
    assert_eq!(phone.app().delete_unsent(close), Err(Error::NotFound { id: close.to_string() }));
    assert_eq!(
        phone.app().retry(close),
        Err(Error::NotFound { id: close.to_string() }),
        "it was not refused"
    );
}
