//! Taking a reply back: what never left is gone at once; what was handed to the network is taken back by a cancel that is
//! sent instead, and what became of it only the server knows.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use proptest::prelude::*;
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::{Outcome, PushRequest};
use shopbell_core::sync::{Answer, Event, Lane, Request, RequestError};
use shopbell_core::{ConversationId, Error, MessageId, OutboxState};
use story::{Juniper, Phone, ana_asks};

/// Theo's reply left, and nobody knows whether it arrived.
fn under_way() -> (Juniper, Phone, ConversationId, MessageId, Request, PushRequest) {
    let (juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    (juniper, phone, ana, message, request, push)
}

fn names(push: &PushRequest) -> Vec<&str> {
    push.mutations.iter().map(|mutation| mutation.name.as_str()).collect()
}

#[test]
fn what_never_left_is_gone_at_once() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    let message = phone.app().send(ana, "Since today!").unwrap();
    phone.app().take_back(message).unwrap();
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.reads(ana).len(), 1);
    phone.app().start();
    assert!(!phone.wants("push"));
    phone.settle(&mut juniper);
    let unknown = Error::NotFound { id: message.to_string() };
    assert_eq!(phone.app().take_back(message), Err(unknown), "it never was");
}

#[test]
fn a_cancel_goes_instead_of_it_and_before_everything_else() {
    let (mut juniper, mut phone, ana, message, request, push) = under_way();
    phone.app().send(ana, "Shall I keep one?").unwrap();
    phone.app().star(ana).unwrap();
    phone.app().take_back(message).unwrap();
    phone.app().take_back(message).unwrap(); // once is enough
    assert_eq!(phone.reads(ana)[1..], ["Me [cancelling]: Since today!", "Me [waiting]: Shall I keep one?"]);
    phone.fail(&request, RequestError::Unreachable); // it never arrived
    phone.crash();
    assert_eq!(phone.app().outbox().unwrap()[0].state, OutboxState::Cancelling);
    let (request, second) = phone.take_push();
    assert_eq!(names(&second), ["cancel", "star"], "what waits for the one that is held waits too");
    let Ok(Operation::Cancel(cancel)) = second.mutations[0].operation() else { panic!("{second:?}") };
    assert_eq!((cancel.mutation, cancel.message), (push.mutations[0].mid, message));
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Shall I keep one?"], "and goes once it is gone");
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!((phone.app().status().waiting, phone.app().status().not_sent), (0, 0));
    // A late packet of it changes nothing.
    juniper.takes(&push);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(juniper.messages(ana).len(), 2);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Shall I keep one?"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn what_the_server_had_not_handed_on_goes_too() {
    let (mut juniper, phone, ana, message, request, _) = under_way();
    phone.app().take_back(message).unwrap();
    phone.serve(&mut juniper, &request); // it had arrived
    phone.settle(&mut juniper);
    juniper.hands_over();
    assert_eq!(juniper.handed, []);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: (deleted)"], "only its place is left");
    assert!(!phone.dump().iter().any(|row| row.starts_with("message") && row.contains("Since today")));
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn what_was_handed_on_stays_and_the_person_is_told() {
    let (mut juniper, phone, ana, message, request, push) = under_way();
    let answer = juniper.takes(&push);
    juniper.hands_over();
    phone.app().take_back(message).unwrap();
    phone.answer(&request, Answer::Push(answer));
    phone.settle(&mut juniper);
    assert_eq!(juniper.handed, [message]);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since today!"]);
    let told = phone.app().outbox().unwrap();
    assert_eq!(told.len(), 1);
    let OutboxState::NotSent { code, reason } = &told[0].state else { panic!("{told:?}") };
    assert_eq!((told[0].name.as_str(), code.as_str()), ("cancel", "already_sent"));
    assert_eq!(reason, "This was already sent.");
    assert_eq!(told[0].text.as_deref(), Some("Since today!"));
    assert_eq!(phone.app().status().not_sent, 0, "no reply was refused");
    assert_eq!(phone.app().retry(told[0].id), Err(Error::CannotUndo));
    phone.app().delete_unsent(told[0].id).unwrap();
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn the_cancel_that_comes_too_late_lets_it_be_sent_again() {
    let (mut juniper, phone, ana, message, request, push) = under_way();
    juniper.takes(&push);
    juniper.hands_over();
    phone.app().take_back(message).unwrap();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
    // The cancel's result comes alone, that of the reply is on a later page.
    let (request, second) = phone.take_push();
    assert_eq!(names(&second), ["cancel"]);
    juniper.takes(&second);
    phone.fail(&request, RequestError::Unreachable);
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let mut page = juniper.pull(&asked);
    for part in page
        .scopes
        .iter_mut()
        .filter(|part| matches!(part.scope, shopbell_core::domain::sync::Scope::Device(_)))
    {
        part.rows.retain(|row| row.id == second.mutations[0].mid.0);
    }
    phone.answer(&pull, Answer::Pull(page));
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since today!"]);
    phone.app().take(Event::SyncNow);
    let (request, third) = phone.take_push();
    assert_eq!(third.mutations[0].mid, push.mutations[0].mid, "its own result is still to come");
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert!(phone.app().outbox().unwrap().iter().all(|row| row.name == "cancel"));
    assert_eq!(juniper.messages(ana).len(), 2);
}

#[test]
fn a_cancel_leaves_the_place_of_what_was_refused_free() {
    let (mut juniper, phone, ana) = ana_asks();
    let ben = juniper.begins("Ben");
    juniper.writes(ben, "Do you ship to Norway?");
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().send(ana, "Since today!").unwrap();
    let (request, _) = phone.take_push();
    let to_ben = phone.app().send(ben, "We do!").unwrap();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    phone.fail(&request, RequestError::Unreachable);
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    phone.poke();
    let pull = phone.take("pull");
    phone.serve(&mut juniper, &pull);
    phone.app().take_back(to_ben).unwrap();
    phone.app().retry(push.mutations[0].mid).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Since today!"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_reply_that_is_settled_is_taken_back_until_the_channel_has_it() {
    let (mut juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    phone.app().take_back(message).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: (deleted)"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    let second = phone.app().send(ana, "Shall I keep one?").unwrap();
    phone.settle(&mut juniper);
    juniper.hands_over();
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().take_back(second), Err(Error::CannotUndo));
    assert_eq!(juniper.handed, [second]);
}

#[test]
fn a_cancelled_reply_leaves_no_draft_behind() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since").unwrap();
    phone.env.advance_ms(5_000);
    phone.fire(Lane::Draft);
    phone.settle(&mut juniper);
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, _) = phone.take_push();
    phone.app().take_back(message).unwrap();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "");
    phone.env.advance_ms(5_000);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "");
}

/// What happens between a phone that sends and takes back, and the server.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    TakeBack(usize),
    /// The newest push arrives; its answer too, or not.
    Arrives(bool),
    /// A push that was given up arrives after all.
    Late(usize),
    HandsOver,
    Pull,
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Send),
        3 => (0usize..5).prop_map(Step::TakeBack),
        3 => any::<bool>().prop_map(Step::Arrives),
        1 => (0usize..5).prop_map(Step::Late),
        2 => Just(Step::HandsOver),
        2 => Just(Step::Pull),
        1 => Just(Step::Crash),
    ];
    proptest::collection::vec(step, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A reply reaches the customer once, or its writer was told that it did not; never both.
    #[test]
    fn what_is_taken_back_did_not_happen_and_what_happened_is_not_taken_back(steps in steps()) {
        let (mut juniper, mut phone, ana) = ana_asks();
        let mut sent: Vec<MessageId> = Vec::new();
        let mut packets: Vec<PushRequest> = Vec::new();
        for step in steps {
            match step {
                Step::Send => sent.push(phone.app().send(ana, &format!("Reply {}", sent.len())).unwrap()),
                Step::TakeBack(which) => {
                    if let Some(message) = sent.get(which) {
                        let _too_late = phone.app().take_back(*message);
                    }
                }
                Step::Arrives(answered) if phone.wants("push") => {
                    let (request, push) = phone.take_push();
                    let answer = juniper.takes(&push);
                    packets.push(push);
                    if answered {
                        phone.answer(&request, Answer::Push(answer));
                    } else {
                        phone.fail(&request, RequestError::Unreachable);
                        phone.fire(Lane::Push);
                    }
                }
                Step::Arrives(_) => {}
                Step::Late(which) => {
                    if phone.wants("push") {
                        let (request, push) = phone.take_push();
                        packets.push(push);
                        phone.fail(&request, RequestError::Unreachable);
                        phone.fire(Lane::Push);
                    }
                    if let Some(packet) = packets.get(which).cloned() {
                        juniper.takes(&packet);
                    }
                }
                Step::HandsOver => juniper.hands_over(),
                Step::Pull => {
                    phone.app().take(Event::TimerFired(Lane::Pull));
                    if phone.wants("pull") {
                        let request = phone.take("pull");
                        phone.serve(&mut juniper, &request);
                    }
                }
                Step::Crash => phone.crash(),
            }
        }
        for _ in 0..4 {
            phone.app().take(Event::GaveUp);
            phone.app().take(Event::SyncNow);
            phone.settle(&mut juniper);
        }
        for packet in &packets {
            juniper.takes(packet); // whatever is still out there arrives now
        }
        juniper.hands_over();
        phone.poke();
        phone.settle(&mut juniper);
        let left = phone.app().outbox().unwrap();
        prop_assert!(left.iter().all(|row| row.name == "cancel"), "{:?}", left);
        let shown: Vec<String> =
            phone.app().conversation(ana).unwrap().rows.iter().map(|row| row.id.to_string()).collect();
        for message in &sent {
            let handed = juniper.handed.iter().filter(|handed| *handed == message).count();
            let times = shown.iter().filter(|row| **row == message.to_string()).count();
            prop_assert!(handed <= 1, "sent twice");
            prop_assert_eq!(handed, times, "shown as what it is");
        }
        let mut in_order = juniper.handed.clone();
        in_order.sort_by_key(|message| sent.iter().position(|sent| sent == message));
        prop_assert_eq!(&juniper.handed, &in_order);
    }
}

#[test]
fn the_outcome_of_a_cancelled_one_settles_it_like_any_other() {
    let (mut juniper, phone, ana, message, request, push) = under_way();
    // Another process of this phone, or an earlier life of it, had taken it back.
    juniper.outcome(push.device, push.mutations[0].mid, Outcome::Cancelled);
    phone.app().send(ana, "Shall I keep one?").unwrap();
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Shall I keep one?"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert!(phone.app().take_back(message).is_err());
}
