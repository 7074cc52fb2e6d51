//! One bad mutation never blocks the outbox, and a server that fails is tried again at a pace.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::ids::MutationId;
use shopbell_core::domain::sync::{
    PUSH_LIMIT_MUTATIONS, ProblemKind, PushAnswer, PushRequest, SYNC_BODY_LIMIT_BYTES,
};
use shopbell_core::sync::{Answer, Lane, RequestError};
use shopbell_core::{ConversationId, OutboxState, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone, ana_asks};

/// Theo writes this many replies while the server does not answer; then it is asked again.
fn writes_offline(phone: &Phone, ana: ConversationId, replies: usize) {
    for number in 1..=replies {
        phone.app().send(ana, &format!("Reply {number}")).unwrap();
    }
    let (request, _) = phone.take_push();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
}

fn texts(push: &PushRequest) -> Vec<String> {
    push.mutations
        .iter()
        .map(|mutation| {
            mutation.args.get().split("\"text\":\"").nth(1).unwrap().trim_end_matches("\"}").to_owned()
        })
        .collect()
}

#[test]
fn a_refused_request_is_halved_down_to_the_one_that_cannot_be_read() {
    for (kind, code) in [(ProblemKind::Malformed, "unreadable"), (ProblemKind::TooLarge, "too_large")] {
        let (mut juniper, phone, ana) = ana_asks();
        writes_offline(&phone, ana, 9);
        // The server cannot read any request in which the sixth reply stands.
        let mut sizes = Vec::new();
        while phone.wants("push") {
            let (request, push) = phone.take_push();
            sizes.push(push.mutations.len());
            if texts(&push).iter().any(|text| text == "Reply 6") {
                phone.refuse(&request, kind);
            } else {
                let answer = answer_from(&mut juniper, &request.call);
                phone.answer(&request, answer);
            }
            assert!(sizes.len() < 20, "{sizes:?}");
        }
        phone.settle(&mut juniper);
        let outbox = phone.app().outbox().unwrap();
        assert_eq!(
            outbox.len(),
            4,
            "the five before it are settled, the three after it wait for it: {outbox:?}"
        );
        assert_eq!(outbox[0].text.as_deref(), Some("Reply 6"));
        let OutboxState::NotSent { code: refused, .. } = &outbox[0].state else { panic!("{outbox:?}") };
        assert_eq!(refused, code);
        assert_eq!(juniper.messages(ana).len(), 6, "five of Theo's and Ana's");
        assert_eq!(sizes.iter().filter(|size| **size == 9).count(), 1, "{sizes:?}");
        assert!(phone.reads(ana).contains(&format!("Me [{code}]: Reply 6")));
        phone.app().delete_unsent(outbox[0].id).unwrap();
        phone.settle(&mut juniper);
        assert_eq!(phone.app().outbox().unwrap(), []);
        assert_eq!(juniper.messages(ana).len(), 9, "eight of Theo's and Ana's");
    }
}

#[test]
fn what_was_refused_on_the_device_but_had_arrived_is_corrected_by_its_result() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    juniper.takes(&push);
    phone.refuse(&request, ProblemKind::TooLarge); // somebody in between, after an earlier try had arrived
    assert_eq!(phone.reads(ana)[1], "Me [too_large]: Since today!");
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
}

#[test]
fn where_the_server_fails_it_and_the_rest_are_tried_again() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, 3);
    let (request, push) = phone.take_push();
    let mids: Vec<MutationId> = push.mutations.iter().map(|mutation| mutation.mid).collect();
    let mut first = push.clone();
    first.mutations.truncate(1);
    let answer = PushAnswer { failed: Some(mids[1]), ..juniper.takes(&first) };
    phone.answer(&request, Answer::Push(answer));
    assert!(!phone.wants("push"), "not before a wait");
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.app().outbox().unwrap().len(), 2);
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    assert_eq!(texts(&push), ["Reply 2", "Reply 3"]);
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
}

#[test]
fn what_is_blocked_stays_and_holds_nothing_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    phone.app().send(ana, "Since today!").unwrap();
    phone.app().star(ana).unwrap();
    phone.app().start();
    let (request, mut push) = phone.take_push();
    let blocked = push.mutations.remove(0).mid;
    let answer = PushAnswer { blocked: vec![blocked], ..juniper.takes(&push) };
    phone.answer(&request, Answer::Push(answer));
    assert!(!phone.wants("push"), "it is not sent again and again");
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.app().outbox().unwrap().len(), 1);
    // Something was settled: what it waited for may be there now.
    let (_, push) = phone.take_push();
    assert_eq!(push.mutations[0].mid, blocked);
}

#[test]
fn what_was_taken_in_without_a_result_is_handed_over_again() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, _) = phone.take_push();
    let lost = PushAnswer { epoch: juniper.epoch, blocked: vec![], faults: vec![], failed: None };
    phone.answer(&request, Answer::Push(lost));
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    phone.fire(Lane::Push);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(juniper.messages(ana).len(), 2);
}

#[test]
fn a_push_holds_at_most_what_one_request_may() {
    let mut juniper = Juniper::new(1);
    let conversations: Vec<ConversationId> = (0..23).map(|_| juniper.begins("Ana")).collect();
    let phone = Phone::loaded(&mut juniper, 2);
    let long = "y".repeat(4_900);
    for _ in 0..10 {
        for conversation in &conversations {
            phone.app().send(*conversation, &long).unwrap();
        }
    }
    let (first, _) = phone.take_push();
    phone.fail(&first, RequestError::Unreachable);
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    let bytes = request.call.body().unwrap().len();
    assert!(bytes <= SYNC_BODY_LIMIT_BYTES, "{bytes}");
    assert!((150..=PUSH_LIMIT_MUTATIONS).contains(&push.mutations.len()), "{}", push.mutations.len());
}
