//! The server was restored from a backup: what it has lost and this phone holds is brought back, nothing is sent to a
//! customer twice, and nothing that was shown disappears.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use proptest::prelude::*;
use shopbell_core::domain::message::{Author, Message};
use shopbell_core::domain::mutation::Mutation;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::{ProblemKind, PushAnswer, PushRequest};
use shopbell_core::sync::{Answer, Call, Event, Lane, Request, RequestError};
use shopbell_core::{ConversationId, InboxFilter, MessageId, OutboxState, Status};
use story::juniper::Backup;
use story::phone::other_epoch;
use story::{Juniper, Phone, ana_asks};

const DAY_MS: i64 = 86_400_000;

/// The phone hears of the present history, and asks for nothing yet.
fn hears_of_it(juniper: &Juniper, phone: &Phone) {
    phone.poke();
    let request = phone.take("pull");
    phone.fail(&request, other_epoch(juniper));
}

/// What it hands over now, whatever was under way before.
fn take_push(phone: &Phone) -> PushRequest {
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    let mut pushes = phone.requests().into_iter().filter_map(|request| match request.call {
        Call::Push(push) => Some(push),
        _ => None,
    });
    pushes.next_back().expect("a push")
}

fn named<'p>(push: &'p PushRequest, name: &str) -> Vec<&'p Mutation> {
    push.mutations.iter().filter(|mutation| mutation.name == name).collect()
}

fn texts(juniper: &Juniper, conversation: ConversationId) -> Vec<String> {
    let rows = juniper.messages(conversation);
    rows.iter()
        .map(|row| {
            let message: Message = row.read().unwrap();
            let state = message.delivery.map_or("", |delivery| delivery.as_str());
            format!("{} [{state}]", message.text)
        })
        .collect()
}

/// After the backup Theo answered Ana, which was sent, and closed; and Ben wrote for the first time.
fn lost_afternoon() -> (Juniper, Phone, Backup, ConversationId, ConversationId) {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    juniper.hands_over();
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().close(ana).unwrap();
    let ben = juniper.begins("Ben");
    juniper.writes(ben, "Do you ship to Norway?");
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().send(ben, "We do!").unwrap();
    phone.settle(&mut juniper);
    (juniper, phone, backup, ana, ben)
}

#[test]
fn what_was_settled_is_brought_back_and_never_leaves_the_screen() {
    let (mut juniper, mut phone, backup, ana, ben) = lost_afternoon();
    let before = (phone.reads(ana), phone.reads(ben));
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    assert_eq!((phone.reads(ana), phone.reads(ben)), before, "nothing disappears");
    assert_eq!(phone.app().outbox().unwrap(), [], "nor does it look as if it waited");
    assert_eq!(phone.app().status().waiting, 0);
    phone.crash(); // it is in the outbox since the epoch was taken
    let push = take_push(&phone);
    let replayed = named(&push, "send_message");
    assert_eq!(replayed.len(), 2);
    assert!(replayed[0].replay.unwrap().seen_sent, "Ana has it");
    assert!(!replayed[1].replay.unwrap().seen_sent, "whether Ben has it nobody saw");
    assert!(replayed.iter().all(|mutation| mutation.attempted_epoch.is_none()));
    assert!(named(&push, "close")[0].replay.unwrap().seq > replayed[0].replay.unwrap().seq);
    let origin = replayed[1].origin.as_ref().unwrap();
    assert_eq!(origin.name.as_deref(), Some("Ben"));
    // The customers' messages come first, so that their conversations are there.
    assert_eq!(push.mutations[0].name, "recover_message");
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today! [sent_before_restore]"]);
    assert_eq!(texts(&juniper, ben), ["Do you ship to Norway? []", "We do! [unknown]"]);
    assert_eq!(juniper.head(ana).status.value, Status::Closed);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent before the restore]: Since today!"]);
    assert_eq!(phone.reads(ben), ["Ben: Do you ship to Norway?", "Me [unknown]: We do!"]);
    juniper.hands_over();
    assert_eq!(juniper.handed.len(), 1, "nothing is handed to a channel again");
}

#[test]
fn the_server_is_told_when_everything_was_brought_back() {
    let (mut juniper, phone, backup, _, _) = lost_afternoon();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    let mut sizes = Vec::new();
    for _ in 0..50 {
        let Some(request) = phone.take_next() else { break };
        if let Call::Push(push) = &request.call {
            sizes.push(push.mutations.len());
        }
        phone.serve(&mut juniper, &request);
    }
    assert_eq!(sizes.last(), Some(&0), "{sizes:?}");
    assert_eq!(sizes.iter().filter(|size| **size == 0).count(), 1, "{sizes:?}");
    phone.app().take(Event::SyncNow);
    assert!(!phone.wants("push"));
}

#[test]
fn that_everything_was_brought_back_is_said_again_at_a_pace() {
    let (mut juniper, phone, backup, _, _) = lost_afternoon();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    let empty = loop {
        let request = phone.take_next().expect("an empty push");
        if matches!(&request.call, Call::Push(push) if push.mutations.is_empty()) {
            break request;
        }
        phone.serve(&mut juniper, &request);
    };
    phone.refuse(&empty, ProblemKind::TooLarge);
    assert!(!phone.wants("push"));
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    assert_eq!(push.mutations.len(), 0);
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    phone.app().take(Event::SyncNow);
    assert!(!phone.wants("push"));
}

#[test]
fn the_server_is_told_though_a_close_waits_for_a_reply_that_was_refused() {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, _) = phone.take_push();
    phone.app().close(ana).unwrap();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    assert_eq!(push.mutations.len(), 2);
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    phone.serve(&mut juniper, &request);
    phone.settle(&mut juniper);
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    let pushes = loads(&mut juniper, &phone);
    let [told] = pushes.as_slice() else { panic!("{pushes:?}") };
    assert!(matches!(&told.call, Call::Push(push) if push.mutations.is_empty()), "{told:?}");
    phone.serve(&mut juniper, told);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap().len(), 2, "both are still the person's to decide");
}

#[test]
fn a_phone_that_cannot_take_the_new_history_asks_again_at_a_pace() {
    let (mut juniper, phone, backup, ana, _) = lost_afternoon();
    juniper.restore(&backup);
    phone
        .database()
        .execute_batch(
            "CREATE TRIGGER disk_full BEFORE UPDATE OF epoch ON profile
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .unwrap();
    phone.app().send(ana, "Shall I keep one?").unwrap();
    let (request, _) = phone.take_push();
    phone.fail(&request, other_epoch(&juniper));
    assert!(!phone.wants("push"));
    phone.database().execute_batch("DROP TRIGGER disk_full").unwrap();
    phone.fire(Lane::Push);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 3);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

/// Everything is answered but pushes, which are handed back.
fn loads(juniper: &mut Juniper, phone: &Phone) -> Vec<Request> {
    let mut pushes = Vec::new();
    for _ in 0..100 {
        let Some(request) = phone.take_next() else { break };
        match &request.call {
            Call::Push(_) => pushes.push(request),
            _ => phone.serve(juniper, &request),
        }
    }
    pushes
}

#[test]
fn a_conversation_that_is_brought_back_stays_until_the_server_has_answered() {
    let (mut juniper, mut phone, backup, ana, ben) = lost_afternoon();
    let (list, before) = (phone.list(InboxFilter::All), phone.reads(ben));
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    loads(&mut juniper, &phone);
    assert_eq!(phone.list(InboxFilter::All), list, "all is loaded again, and Ben is not there");
    assert_eq!(phone.reads(ben).len(), before.len());
    phone.crash();
    assert_eq!(phone.list(InboxFilter::All), list);
    // The server takes nothing of it: then it is what the server says.
    let pushes = loads(&mut juniper, &phone);
    let Call::Push(push) = &pushes[0].call else { panic!("{pushes:?}") };
    for mutation in &push.mutations {
        juniper.refuses(push.device, mutation.mid, Refusal::UnknownConversation);
    }
    phone.serve(&mut juniper, &pushes[0]);
    phone.settle(&mut juniper);
    assert!(phone.app().conversation(ben).is_err());
    assert!(phone.app().conversation(ana).is_ok());
    let kept = phone.app().outbox().unwrap();
    let texts: Vec<_> = kept.iter().filter_map(|row| row.text.as_deref()).collect();
    assert_eq!(texts, ["Since today!", "We do!"], "no word of Theo's is lost");
}

#[test]
fn what_survives_is_not_brought_back() {
    let (mut juniper, phone, _, ana, ben) = lost_afternoon();
    let everything = juniper.backup();
    juniper.restore(&everything);
    phone.poke();
    let mut pushed = 0;
    for _ in 0..100 {
        let Some(request) = phone.take_next() else { break };
        if let Call::Push(push) = &request.call {
            pushed += push.mutations.len();
        }
        phone.serve(&mut juniper, &request);
    }
    assert_eq!(pushed, 0);
    assert_eq!(phone.reads(ana)[1..], ["Me [sent]: Since today!"]);
    assert_eq!(phone.reads(ben)[1..], ["Me [unknown]: We do!"], "it waited when the backup was made");
}

#[test]
fn of_a_history_that_the_server_never_had_nothing_is_left() {
    let (mut juniper, phone, _, ana, ben) = lost_afternoon();
    let everything = juniper.backup();
    juniper.restore(&everything);
    juniper.survives.clear();
    hears_of_it(&juniper, &phone);
    let push = take_push(&phone);
    assert_eq!(named(&push, "recover_message").len(), 2);
    assert_eq!(named(&push, "send_message").len(), 2);
    assert_eq!(named(&push, "close").len(), 1);
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    // What it had after all is there once, with its first result.
    assert_eq!((texts(&juniper, ana).len(), texts(&juniper, ben).len()), (2, 2));
}

#[test]
fn what_left_under_the_history_before_may_have_arrived_and_what_never_left_is_simply_sent() {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, lost) = phone.take_push();
    juniper.takes(&lost); // it arrived; the answer does not
    juniper.hands_over();
    phone.app().send(ana, "Shall I keep one?").unwrap();
    juniper.restore(&backup);
    phone.fail(&request, RequestError::Unreachable);
    hears_of_it(&juniper, &phone);
    let push = take_push(&phone);
    assert_eq!(push.mutations[0].attempted_epoch, Some(lost.epoch));
    assert_eq!(push.mutations[0].depends_on, []);
    assert!(push.mutations[0].origin.is_some());
    assert_eq!((push.mutations[1].attempted_epoch, push.mutations[1].replay), (None, None));
    assert_eq!(push.mutations[1].depends_on, [push.mutations[0].mid], "nothing overtakes it");
    // It may be with Ana, so nobody can say that it is taken back.
    let first = phone.app().outbox().unwrap()[0].id;
    assert_eq!(phone.app().delete_unsent(first), Err(shopbell_core::Error::CannotUndo));
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today! [unknown]", "Shall I keep one? [queued]"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_cancel_that_was_settled_is_brought_back_and_one_under_way_takes_nothing_back() {
    let (mut juniper, phone, ana) = ana_asks();
    let taken_back = phone.app().send(ana, "Never mind").unwrap();
    phone.settle(&mut juniper);
    let backup = juniper.backup(); // the reply waits in it
    phone.app().take_back(taken_back).unwrap();
    phone.settle(&mut juniper);
    let held = phone.app().send(ana, "Since today!").unwrap();
    let (request, _) = phone.take_push();
    phone.app().take_back(held).unwrap();
    phone.fail(&request, RequestError::Unreachable);
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    let push = take_push(&phone);
    let names: Vec<&str> = push.mutations.iter().map(|mutation| mutation.name.as_str()).collect();
    assert_eq!(names, ["cancel", "send_message"]);
    assert!(push.mutations[0].replay.is_some());
    assert!(push.mutations[1].attempted_epoch.is_some());
    assert!(phone.reads(ana).contains(&"Me [waiting]: Since today!".to_owned()));
}

#[test]
fn what_was_refused_stays_refused() {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    let answer = juniper.takes(&push);
    phone.answer(&request, Answer::Push(answer));
    phone.settle(&mut juniper);
    juniper.restore(&backup);
    phone.poke();
    phone.settle(&mut juniper);
    let rows = phone.app().outbox().unwrap();
    assert!(matches!(rows[0].state, OutboxState::NotSent { .. }), "{rows:?}");
    assert_eq!(texts(&juniper, ana).len(), 1);
    phone.app().retry(rows[0].id).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today! [queued]"]);
}

#[test]
fn what_is_brought_back_leaves_the_place_of_what_was_refused_free() {
    let (mut juniper, phone, backup, ana, ben) = lost_afternoon();
    phone.app().send(ana, "Shall I keep one?").unwrap();
    let (request, _) = phone.take_push();
    phone.app().send(ben, "By Friday.").unwrap();
    phone.fail(&request, RequestError::Unreachable);
    phone.fire(Lane::Push);
    let (request, push) = phone.take_push();
    phone.fail(&request, RequestError::Unreachable);
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    phone.poke();
    let pull = phone.take("pull");
    phone.serve(&mut juniper, &pull);
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    phone.app().retry(push.mutations[0].mid).unwrap();
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(
        texts(&juniper, ana)[1..],
        ["Since today! [sent_before_restore]", "Shall I keep one? [queued]"]
    );
}

#[test]
fn two_restores_in_a_row_bring_everything_back_once() {
    let (mut juniper, mut phone, backup, ana, ben) = lost_afternoon();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    // Part of it comes back, then the server is restored again, to before that.
    let again = juniper.backup();
    let push = take_push(&phone);
    let first = push.mutations[0].clone();
    juniper.takes(&PushRequest { mutations: vec![first.clone()], ..push.clone() });
    phone.app().take(Event::GaveUp);
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    juniper.restore(&again);
    phone.crash();
    phone.app().take(Event::SyncNow);
    let request = phone.take("pull");
    phone.fail(&request, other_epoch(&juniper));
    let push = take_push(&phone);
    assert_eq!(named(&push, "recover_message").len(), 1);
    assert_eq!(named(&push, "send_message").len(), 2);
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today! [sent_before_restore]"]);
    assert_eq!(texts(&juniper, ben), ["Do you ship to Norway? []", "We do! [unknown]"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn taking_the_same_history_gives_the_same_mutations() {
    let ids = |crash: bool| {
        let (mut juniper, mut phone, backup, _, _) = lost_afternoon();
        juniper.restore(&backup);
        if crash {
            phone.crash();
        }
        phone.app().take(Event::SyncNow);
        let request = phone.take("pull");
        phone.fail(&request, other_epoch(&juniper));
        let push = take_push(&phone);
        push.mutations.iter().map(|mutation| mutation.mid).collect::<Vec<_>>()
    };
    assert_eq!(ids(false), ids(true));
}

#[test]
fn answers_of_the_history_before_are_dropped() {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    phone.app().send(ana, "Since today!").unwrap();
    let (late, push) = phone.take_push();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    // Whatever it says, it speaks of what is no more.
    let accepted = PushAnswer { epoch: push.epoch, blocked: vec![], faults: vec![], failed: None };
    phone.answer(&late, Answer::Push(accepted));
    let (again, push) = phone.take_push();
    assert!(push.mutations[0].attempted_epoch.is_some(), "it is sent under the new one");
    phone.serve(&mut juniper, &again);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today! [unknown]"]);

    phone.app().send(ana, "Shall I keep one?").unwrap();
    let (late, _) = phone.take_push();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    phone.refuse(&late, ProblemKind::TooLarge);
    assert_eq!(phone.app().status().not_sent, 0, "refused by nobody who counts");
}

#[test]
fn what_was_taken_from_the_phone_is_not_brought_back() {
    let (mut juniper, phone, backup, _, ben) = lost_afternoon();
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    let inbox = juniper.inbox_scope();
    juniper.granted.remove(&inbox);
    phone.app().take(Event::SyncNow);
    let request = phone.take("pull");
    phone.serve(&mut juniper, &request);
    let names: Vec<String> = phone
        .database()
        .prepare("SELECT name FROM outbox ORDER BY position")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(names, ["send_message", "send_message"], "but for the person's own words");
    assert!(phone.app().conversation(ben).is_err());
    for word in ["Norway", "Ben"] {
        assert!(
            !phone.dump().iter().any(|row| row.contains(word)),
            "nobody else's stay, nor a customer's name"
        );
    }
}

#[test]
fn the_journal_is_kept_by_the_servers_time_until_a_backup_holds_it() {
    let settled = |backed_up: bool, days: i64, wrong_clock_ms: i64| -> i64 {
        let (mut juniper, mut phone, ana) = ana_asks();
        phone.env.advance_ms(wrong_clock_ms);
        phone.app().send(ana, "Since today!").unwrap();
        phone.settle(&mut juniper);
        juniper.backed_up = backed_up.then_some(juniper.seq);
        juniper.env.advance_ms(days * DAY_MS);
        juniper.writes(ana, "Thanks!");
        phone.poke();
        phone.settle(&mut juniper);
        phone.env.advance_ms(-wrong_clock_ms);
        phone.crash();
        phone.database().query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap()
    };
    for year_ms in [-365 * DAY_MS, 0, 365 * DAY_MS] {
        assert_eq!(settled(false, 6, year_ms), 1);
        assert_eq!(settled(true, 6, year_ms), 1, "at least seven days");
        assert_eq!(settled(true, 8, year_ms), 0, "a backup holds it");
        assert_eq!(settled(false, 29, year_ms), 1, "no backup does");
        assert_eq!(settled(false, 31, year_ms), 0, "at most thirty days");
    }
}

#[test]
fn signing_in_to_a_restored_server_loses_nothing() {
    let (mut juniper, phone, backup, ana, ben) = lost_afternoon();
    juniper.restore(&backup);
    phone.sign_in(&mut juniper); // it names the new history, and not what is left of the old one
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!((texts(&juniper, ana).len(), texts(&juniper, ben).len()), (2, 2));
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.list(InboxFilter::Closed).len(), 1);
}

/// What happens to a phone and a server that is restored now and then.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send(bool),
    Writes(bool),
    TakeBack(usize),
    HandsOver,
    Arrives(bool),
    Pull,
    Settle,
    Backup,
    Restore(usize),
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any::<bool>().prop_map(Step::Send),
        2 => any::<bool>().prop_map(Step::Writes),
        1 => (0usize..6).prop_map(Step::TakeBack),
        3 => Just(Step::HandsOver),
        3 => any::<bool>().prop_map(Step::Arrives),
        3 => Just(Step::Pull),
        3 => Just(Step::Settle),
        2 => Just(Step::Backup),
        2 => (0usize..3).prop_map(Step::Restore),
        1 => Just(Step::Crash),
    ];
    proptest::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// No reply is lost, none is sent twice, and the customers' messages that the phone held are there.
    #[test]
    fn whatever_is_restored_when_no_reply_is_lost_and_none_is_sent_twice(steps in steps()) {
        let mut juniper = Juniper::new(1);
        let conversations = ["Ana", "Ben"].map(|name| {
            let conversation = juniper.begins(name);
            juniper.writes(conversation, "Hello");
            conversation
        });
        let mut phone = Phone::loaded(&mut juniper, 2);
        let mut backups = vec![juniper.backup()];
        let mut sent: Vec<(MessageId, ConversationId)> = Vec::new();
        let mut taken_back: Vec<MessageId> = Vec::new();
        for step in steps {
            match step {
                Step::Send(second) => {
                    let conversation = conversations[usize::from(second)];
                    if let Ok(message) = phone.app().send(conversation, &format!("Reply {}", sent.len())) {
                        sent.push((message, conversation));
                    }
                }
                Step::Writes(second) => {
                    let conversation = conversations[usize::from(second)];
                    if juniper.has(conversation) {
                        juniper.writes(conversation, "One more thing");
                    }
                }
                Step::TakeBack(which) => {
                    if let Some((message, _)) = sent.get(which)
                        && phone.app().take_back(*message).is_ok()
                    {
                        taken_back.push(*message);
                    }
                }
                Step::HandsOver => juniper.hands_over(),
                Step::Arrives(answered) if phone.wants("push") => {
                    let request = phone.take("push");
                    if answered {
                        phone.serve(&mut juniper, &request);
                    } else {
                        if let Call::Push(push) = &request.call
                            && push.epoch == juniper.epoch
                        {
                            juniper.takes(push);
                        }
                        phone.fail(&request, RequestError::Unreachable);
                        phone.fire(Lane::Push);
                    }
                }
                Step::Arrives(_) => {}
                Step::Pull => {
                    phone.app().take(Event::TimerFired(Lane::Pull));
                    if phone.wants("pull") {
                        let request = phone.take("pull");
                        phone.serve(&mut juniper, &request);
                    }
                }
                Step::Settle => {
                    phone.app().take(Event::GaveUp);
                    phone.app().take(Event::SyncNow);
                    phone.settle(&mut juniper);
                }
                Step::Backup => backups.push(juniper.backup()),
                Step::Restore(which) => {
                    let backup = backups[which % backups.len()].clone();
                    juniper.restore(&backup);
                }
                Step::Crash => phone.crash(),
            }
            for conversation in conversations {
                if let Ok(view) = phone.app().conversation(conversation) {
                    let mut shown: Vec<String> = view.rows.iter().map(|row| row.id.to_string()).collect();
                    let all = shown.len();
                    shown.sort();
                    shown.dedup();
                    prop_assert_eq!(shown.len(), all, "shown twice");
                }
            }
            for (message, conversation) in sent.iter().filter(|(message, _)| !taken_back.contains(message)) {
                let shown = phone.app().conversation(*conversation).unwrap().rows;
                let times = shown.iter().filter(|row| row.id.to_string() == message.to_string()).count();
                prop_assert_eq!(times, 1, "a reply that was shown is not, at {:?}", step);
            }
        }
        for _ in 0..4 {
            phone.app().take(Event::GaveUp);
            phone.app().take(Event::SyncNow);
            phone.settle(&mut juniper);
        }
        let left = phone.app().outbox().unwrap();
        prop_assert!(left.iter().all(|row| row.name == "cancel"), "{:?}", left);
        juniper.hands_over();
        let mut handed = juniper.handed.clone();
        handed.sort();
        handed.dedup();
        prop_assert_eq!(handed.len(), juniper.handed.len(), "sent twice");
        for (message, conversation) in &sent {
            let there = juniper.messages(*conversation).iter().any(|row| row.id == message.0);
            prop_assert!(there || taken_back.contains(message), "{} is lost", message);
            if there {
                let shown = phone.app().conversation(*conversation).unwrap();
                let times = shown.rows.iter().filter(|row| row.id.to_string() == message.to_string()).count();
                prop_assert_eq!(times, 1);
            }
        }
        for conversation in conversations {
            let hers = juniper.messages(conversation);
            let hers = hers.iter().map(|row| row.read::<Message>().unwrap());
            prop_assert!(hers.filter(|message| message.author == Author::Customer).count() >= 1);
        }
        prop_assert_eq!(phone.integrity(), "ok");
    }
}

#[test]
fn what_is_brought_back_is_not_undone_as_if_it_had_never_left() {
    let (mut juniper, phone, ana) = ana_asks();
    let backup = juniper.backup();
    let star = phone.app().star(ana).unwrap().unwrap();
    phone.settle(&mut juniper);
    juniper.restore(&backup);
    hears_of_it(&juniper, &phone);
    assert!(phone.app().conversation(ana).unwrap().head.starred, "still so");
    assert_eq!(phone.app().undo(&[star]).unwrap().len(), 1, "by another change");
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert!(!juniper.head(ana).starred);
    assert_eq!(phone.app().outbox().unwrap(), []);
}
