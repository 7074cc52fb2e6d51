//! Replies arrive in the order in which they were written: whatever is refused, sent again, changed or taken away in
//! between, none overtakes another, and nothing else waits for them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::collections::BTreeMap;

use proptest::prelude::*;
use shopbell_core::domain::message::Message;
use shopbell_core::domain::mutation::{Mutation, Operation};
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::{Entity, PushRequest};
use shopbell_core::sync::{Answer, Event, Lane, RequestError};
use shopbell_core::{ConversationId, MessageId, MutationId, OutboxState};
use story::phone::answer_from;
use story::{Juniper, Phone, ana_asks};

/// Theo writes these while nothing is answered; then the server is asked again.
fn writes_offline(phone: &Phone, conversation: ConversationId, texts: &[&str]) {
    phone.app().stop();
    for text in texts {
        phone.app().send(conversation, text).unwrap();
    }
    phone.app().start();
}

fn names(mutation: &Mutation) -> Vec<MutationId> {
    mutation.depends_on.clone()
}

/// The server refuses the first of a push, takes the rest, and the phone hears of it.
fn refuses_first(juniper: &mut Juniper, phone: &Phone) -> PushRequest {
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    let rest = PushRequest { mutations: push.mutations[1..].to_vec(), ..push.clone() };
    let answer = juniper.takes(&rest);
    phone.answer(&request, Answer::Push(answer));
    phone.settle(juniper);
    push
}

fn texts(juniper: &Juniper, conversation: ConversationId) -> Vec<String> {
    let rows = juniper.messages(conversation);
    rows.iter().filter(|row| !row.ended).map(|row| row.read::<Message>().unwrap().text).collect()
}

#[test]
fn each_reply_names_the_one_before_it_and_a_close_names_all() {
    let (juniper, phone, ana) = ana_asks();
    phone.app().stop();
    phone.app().assign(ana, juniper.theo).unwrap();
    for text in ["One", "Two", "Three"] {
        phone.app().send(ana, text).unwrap();
        phone.app().add_tag(ana, text).unwrap();
    }
    phone.app().star(ana).unwrap();
    phone.app().mark_read(ana).unwrap();
    phone.app().close(ana).unwrap();
    phone.app().start();
    let (_, push) = phone.take_push();
    let by_name = |name: &str| -> Vec<&Mutation> {
        push.mutations.iter().filter(|mutation| mutation.name == name).collect()
    };
    let replies = by_name("send_message");
    assert_eq!(names(replies[0]), []);
    assert_eq!(names(replies[1]), [replies[0].mid]);
    assert_eq!(names(replies[2]), [replies[1].mid]);
    let all: Vec<MutationId> = replies.iter().map(|reply| reply.mid).collect();
    assert_eq!(names(by_name("close")[0]), all);
    for name in ["assign", "add_tag", "star", "mark_read"] {
        assert!(by_name(name).iter().all(|mutation| mutation.depends_on.is_empty()), "{name}");
    }
}

#[test]
fn what_is_accepted_is_named_no_more() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "One").unwrap();
    let (request, first) = phone.take_push();
    phone.app().send(ana, "Two").unwrap();
    phone.app().close(ana).unwrap();
    let answer = juniper.takes(&first);
    // Its result comes before the push is answered.
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    phone.answer(&request, Answer::Push(answer));
    let (_, second) = phone.take_push();
    assert_eq!(names(&second.mutations[0]), []);
    assert_eq!(names(&second.mutations[1]), [second.mutations[0].mid]);
}

#[test]
fn what_comes_after_a_refused_reply_waits_here_and_everything_else_goes_on() {
    let (mut juniper, phone, ana) = ana_asks();
    let ben = juniper.begins("Ben");
    juniper.writes(ben, "Hello");
    phone.poke();
    phone.settle(&mut juniper);
    writes_offline(&phone, ana, &["One", "Two"]);
    phone.app().close(ana).unwrap();
    refuses_first(&mut juniper, &phone);
    assert_eq!(texts(&juniper, ana), ["Is the blue one back in stock?"]);
    assert_eq!(phone.reads(ana)[1..], ["Me [internal]: One", "Me [waiting]: Two"]);
    assert!(!phone.wants("push"), "what waits for it is not sent again and again");
    // Nor does it hold up anything that is not a reply or a close there, or that is elsewhere.
    phone.app().star(ana).unwrap();
    phone.app().send(ben, "Hello Ben!").unwrap();
    phone.app().send(ana, "Three").unwrap();
    phone.settle(&mut juniper);
    assert!(juniper.head(ana).starred);
    assert_eq!(texts(&juniper, ben).len(), 2);
    assert_eq!(texts(&juniper, ana).len(), 1);
    assert_eq!((phone.app().status().waiting, phone.app().status().not_sent), (2, 1));
}

#[test]
fn sent_again_it_stands_where_it_stood_under_its_message_id() {
    let (mut juniper, mut phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One", "Two"]);
    phone.app().close(ana).unwrap();
    let before = refuses_first(&mut juniper, &phone);
    phone.app().retry(before.mutations[0].mid).unwrap();
    phone.crash();
    let (request, push) = phone.take_push();
    let again = &push.mutations[0];
    assert_ne!(again.mid, before.mutations[0].mid);
    assert_eq!(again.args.get(), before.mutations[0].args.get(), "under the same message id");
    assert_eq!(names(&push.mutations[1]), [again.mid]);
    assert_eq!(names(&push.mutations[2]), [again.mid, push.mutations[1].mid]);
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["One", "Two"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: One", "Me [sending]: Two"]);
}

#[test]
fn deleting_it_releases_what_waits_for_it() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One", "Two"]);
    phone.app().close(ana).unwrap();
    let push = refuses_first(&mut juniper, &phone);
    phone.app().delete_unsent(push.mutations[0].mid).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Two"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(juniper.head(ana).status.value, shopbell_core::Status::Closed);
}

#[test]
fn deleting_one_of_two_that_were_refused_releases_nothing_past_the_other() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One", "Two", "Three"]);
    let (request, push) = phone.take_push();
    for refused in &push.mutations[..2] {
        juniper.refuses(push.device, refused.mid, Refusal::Internal);
    }
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    phone.app().delete_unsent(push.mutations[1].mid).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 1, "the third waits for the first");
    phone.app().retry(push.mutations[0].mid).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["One", "Three"]);
}

#[test]
fn taking_one_of_two_back_that_were_refused_releases_nothing_past_the_other() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One", "Two", "Three"]);
    let (request, push) = phone.take_push();
    phone.app().delete_unsent(push.mutations[1].mid).unwrap(); // by a cancel: it left
    for refused in &push.mutations[..2] {
        juniper.refuses(push.device, refused.mid, Refusal::Internal);
    }
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 1, "the third waits for the first");
    phone.app().retry(push.mutations[0].mid).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["One", "Three"]);
}

#[test]
fn taking_a_waiting_one_out_of_the_middle_lets_nothing_overtake() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One"]);
    refuses_first(&mut juniper, &phone);
    let two = phone.app().send(ana, "Two").unwrap();
    phone.app().send(ana, "Three").unwrap();
    phone.app().take_back(two).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 1, "the third still waits for the first");
    let refused = phone.app().outbox().unwrap()[0].id;
    phone.app().retry(refused).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["One", "Three"]);
}

#[test]
fn what_was_refused_here_and_had_arrived_after_all_holds_nothing() {
    let (mut juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One"]);
    let (request, push) = phone.take_push();
    juniper.takes(&push);
    phone.app().send(ana, "Two").unwrap();
    phone.refuse(&request, shopbell_core::domain::sync::ProblemKind::TooLarge);
    assert_eq!(phone.app().status().not_sent, 1);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(texts(&juniper, ana)[1..], ["One", "Two"]);
}

/// What happens to the replies of two conversations.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send(bool),
    Close(bool),
    /// The server refuses the oldest of the next push.
    Refuse,
    /// The server takes the next push in, and the answer arrives or not.
    Push(bool),
    Pull,
    Retry(usize),
    Edit(usize),
    Delete(usize),
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any::<bool>().prop_map(Step::Send),
        1 => any::<bool>().prop_map(Step::Close),
        2 => Just(Step::Refuse),
        2 => any::<bool>().prop_map(Step::Push),
        3 => Just(Step::Pull),
        2 => (0usize..6).prop_map(Step::Retry),
        1 => (0usize..6).prop_map(Step::Edit),
        1 => (0usize..6).prop_map(Step::Delete),
        1 => Just(Step::Crash),
    ];
    proptest::collection::vec(step, 1..40)
}

struct Run {
    juniper: Juniper,
    phone: Phone,
    conversations: [ConversationId; 2],
    /// Each reply's message and its number.
    written: BTreeMap<MessageId, usize>,
    deleted: Vec<MessageId>,
}

impl Run {
    fn new() -> Run {
        let mut juniper = Juniper::new(1);
        let conversations = ["Ana", "Ben"].map(|name| {
            let conversation = juniper.begins(name);
            juniper.writes(conversation, "Hello");
            conversation
        });
        let phone = Phone::loaded(&mut juniper, 2);
        Run { juniper, phone, conversations, written: BTreeMap::new(), deleted: Vec::new() }
    }

    /// A reply that is not accepted, by where it stands in the list.
    fn unsent(&self, which: usize) -> Option<(MutationId, String)> {
        let rows = self.phone.app().outbox().unwrap();
        let rows: Vec<_> = rows.into_iter().filter(|row| row.name == "send_message").collect();
        let row = rows.get(which % rows.len().max(1))?;
        Some((row.id, row.text.clone().unwrap()))
    }

    fn message_of(&self, text: &str) -> MessageId {
        let number: usize = text.split(' ').next().unwrap().parse().unwrap();
        *self.written.iter().find(|(_, written)| **written == number).unwrap().0
    }

    fn step(&mut self, step: Step) {
        let conversation = |second: bool| self.conversations[usize::from(second)];
        match step {
            Step::Send(second) => {
                let number = self.written.len();
                let message =
                    self.phone.app().send(conversation(second), &format!("{number} as written")).unwrap();
                self.written.insert(message, number);
            }
            Step::Close(second) => drop(self.phone.app().close(conversation(second))),
            Step::Refuse if self.phone.wants("push") => {
                let (request, push) = self.phone.take_push();
                let first = push.mutations[0].mid;
                if !self.juniper.knows(first) {
                    self.juniper.refuses(push.device, first, Refusal::Internal);
                }
                let answer = answer_from(&mut self.juniper, &request.call);
                self.phone.answer(&request, answer);
            }
            Step::Push(answered) if self.phone.wants("push") => {
                let (request, _) = self.phone.take_push();
                let answer = answer_from(&mut self.juniper, &request.call);
                if answered {
                    self.phone.answer(&request, answer);
                } else {
                    self.phone.fail(&request, RequestError::Unreachable);
                    self.phone.fire(Lane::Push);
                }
            }
            Step::Pull => {
                self.phone.app().take(Event::TimerFired(Lane::Pull));
                if self.phone.wants("pull") {
                    let request = self.phone.take("pull");
                    self.phone.serve(&mut self.juniper, &request);
                }
            }
            Step::Retry(which) => {
                if let Some((mid, _)) = self.unsent(which) {
                    let _waits_or_was_refused = self.phone.app().retry(mid);
                }
            }
            Step::Edit(which) => {
                if let Some((mid, text)) = self.unsent(which) {
                    let edited = format!("{} edited", text.split(' ').next().unwrap());
                    let _may_be_on_its_way = self.phone.app().edit_unsent(mid, &edited);
                }
            }
            Step::Delete(which) => {
                if let Some((mid, text)) = self.unsent(which)
                    && self.phone.app().delete_unsent(mid).is_ok()
                {
                    self.deleted.push(self.message_of(&text));
                }
            }
            Step::Crash => self.phone.crash(),
            Step::Refuse | Step::Push(_) => {}
        }
    }

    /// Whatever is still refused is sent again until nothing is.
    fn settle(&mut self) {
        for _ in 0..100 {
            self.phone.app().take(Event::GaveUp);
            self.phone.app().take(Event::SyncNow);
            self.phone.settle(&mut self.juniper);
            let rows = self.phone.app().outbox().unwrap();
            let Some(row) = rows.iter().find(|row| matches!(row.state, OutboxState::NotSent { .. })) else {
                return;
            };
            if row.name == "send_message" {
                self.phone.app().retry(row.id).unwrap();
            } else {
                self.phone.app().delete_unsent(row.id).unwrap();
            }
        }
        panic!("it does not come to rest: {:?}", self.phone.app().outbox());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_replies_stand_in_the_order_in_which_they_were_written(steps in steps()) {
        let mut run = Run::new();
        for step in steps {
            run.step(step);
        }
        run.settle();
        prop_assert_eq!(run.phone.app().outbox().unwrap(), vec![]);
        let mut arrived = Vec::new();
        for conversation in run.conversations {
            let own: Vec<usize> = run
                .juniper
                .messages(conversation)
                .iter()
                .filter(|row| row.entity == Entity::Message && !row.ended)
                .filter_map(|row| run.written.get(&MessageId(row.id)).copied())
                .collect();
            let mut sorted = own.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(&own, &sorted, "in order, each once");
            arrived.extend(own);
        }
        for (message, number) in &run.written {
            // A delete may come too late; everything else arrives.
            prop_assert!(arrived.contains(number) || run.deleted.contains(message), "{} is lost", number);
        }
    }
}

#[test]
fn operations_that_hold_nothing_are_all_but_replies_and_closes() {
    let (juniper, phone, ana) = ana_asks();
    writes_offline(&phone, ana, &["One"]);
    phone.app().unassign(ana).unwrap();
    phone.app().assign(ana, juniper.mina).unwrap();
    phone.app().mark_unread(ana).unwrap();
    phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.app().reopen(ana).unwrap();
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    let pushes: Vec<PushRequest> = phone
        .requests()
        .into_iter()
        .filter_map(|request| match request.call {
            shopbell_core::sync::Call::Push(push) => Some(push),
            _ => None,
        })
        .collect();
    let newest = pushes.last().unwrap();
    assert_eq!(newest.mutations.len(), 6);
    for mutation in &newest.mutations {
        let is_reply = matches!(mutation.operation(), Ok(Operation::SendMessage(_)));
        assert!(is_reply || mutation.depends_on.is_empty(), "{}", mutation.name);
    }
}
