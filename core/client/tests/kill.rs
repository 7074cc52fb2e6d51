//! The process may die at any step. The story is told again and again, and each time it dies at the next step: nothing
//! is lost, nothing is sent twice, nothing flickers, and the database is whole.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::message::{Delivery, Message};
use shopbell_core::domain::sync::Row;
use shopbell_core::{ConversationId, InboxFilter};
use story::phone::answer_from;
use story::{Juniper, Phone};

/// Theo answers Ana three times and closes, while she writes; each answer of the network is one step.
struct Telling {
    juniper: Juniper,
    phone: Phone,
    ana: ConversationId,
    step: usize,
    dies_at: usize,
    own: Vec<String>,
}

impl Telling {
    fn tell(dies_at: usize) -> Telling {
        let mut juniper = Juniper::new(1);
        juniper.page_rows = 3;
        let ana = juniper.begins("Ana");
        juniper.writes(ana, "Is the blue one back in stock?");
        let phone = Phone::signed_in(&mut juniper, 2);
        let mut telling = Telling { juniper, phone, ana, step: 0, dies_at, own: Vec::new() };
        telling.network();
        for (number, text) in ["Since today!", "And the red one too", "Have a nice day"].iter().enumerate() {
            let message = telling.phone.app().send(ana, text).unwrap();
            telling.own.push(message.to_string());
            telling.step();
            if number == 1 {
                telling.juniper.writes(ana, "Thanks!");
                telling.network();
            }
        }
        telling.network();
        telling.phone.app().mark_read(ana).unwrap();
        telling.step();
        telling.phone.app().close(ana).unwrap();
        telling.step();
        telling.network();
        let sent: Vec<Row> = telling.juniper.messages(ana);
        for row in sent.iter().filter(|row| telling.own.contains(&row.id.to_string())) {
            let message = shopbell_core::MessageId(row.id);
            telling.juniper.delivered(message, Delivery::Sent);
        }
        telling.phone.app().take(shopbell_core::sync::Event::SyncNow);
        telling.network();
        telling
    }

    /// Everything that is under way is answered, one step each.
    fn network(&mut self) {
        for _ in 0..200 {
            let Some(request) = self.phone.take_next() else {
                return;
            };
            // The server took it in; whether the phone lives to hear of it is the question.
            let answer = answer_from(&mut self.juniper, &request.call);
            if self.step() {
                self.phone.answer(&request, answer);
                self.step();
            }
        }
        panic!("it does not come to rest");
    }

    /// Whether the phone lives on.
    fn step(&mut self) -> bool {
        self.step += 1;
        if self.step == self.dies_at {
            self.phone.crash();
            assert_eq!(self.phone.integrity(), "ok");
        }
        if let Ok(view) = self.phone.app().conversation(self.ana) {
            for own in &self.own {
                let times = view.rows.iter().filter(|row| row.id.to_string() == *own).count();
                assert_eq!(times, 1, "at step {} of the telling that dies at {}", self.step, self.dies_at);
            }
        }
        self.step != self.dies_at
    }
}

#[test]
fn dying_at_any_step_loses_nothing_and_sends_nothing_twice() {
    let undisturbed = Telling::tell(0);
    assert!(undisturbed.step > 30, "{}", undisturbed.step);
    let expected = undisturbed.phone.reads(undisturbed.ana);
    assert_eq!(expected.len(), 5);
    for dies_at in 1..=undisturbed.step {
        let telling = Telling::tell(dies_at);
        assert_eq!(telling.phone.reads(telling.ana), expected, "dying at {dies_at}");
        assert_eq!(
            telling.phone.list(InboxFilter::Closed),
            ["Ana: You: Have a nice day"],
            "dying at {dies_at}"
        );
        assert_eq!(telling.phone.app().outbox().unwrap(), [], "dying at {dies_at}");
        let texts: Vec<String> = telling
            .juniper
            .messages(telling.ana)
            .iter()
            .map(|row| row.read::<Message>().unwrap().text)
            .collect();
        assert_eq!(texts.len(), 5, "dying at {dies_at}: {texts:?}");
        assert_eq!(telling.phone.integrity(), "ok");
    }
}

#[test]
fn one_seed_is_one_run() {
    // The network fails here and there, so that the waits and their randomness are a part of it.
    let run = |seed: u64| {
        let mut juniper = Juniper::new(5);
        let ana = juniper.begins("Ana");
        juniper.writes(ana, "Hello");
        let mut phone = Phone::loaded(&mut juniper, seed);
        let mut trace = phone.trace();
        for round in 0..6 {
            phone.app().send(ana, &format!("Reply {round}")).unwrap();
            let (push, _) = phone.take_push();
            phone.fail(&push, shopbell_core::sync::RequestError::Unreachable);
            phone.fire(shopbell_core::sync::Lane::Push);
            phone.settle(&mut juniper);
            if round == 3 {
                trace.extend(phone.trace());
                phone.crash();
                phone.settle(&mut juniper);
            }
        }
        trace.extend(phone.trace());
        (trace, phone.dump())
    };
    let (first, second, other) = (run(7), run(7), run(8));
    assert_eq!(first.0, second.0, "the same effects, byte for byte");
    assert_eq!(first.1, second.1, "the same rows");
    assert_ne!(first.0, other.0);
}
