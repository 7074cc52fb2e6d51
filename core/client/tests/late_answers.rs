//! Networks repeat, delay and reorder. An answer counts only if it answers the newest request of its kind and fits what
//! is held; it is applied whole, once, or not at all.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Ver;
use shopbell_core::domain::ids::EpochId;
use shopbell_core::domain::ids::MessageId;
use shopbell_core::domain::sync::{Entity, Problem, ProblemKind, Row, Survives};
use shopbell_core::sync::{Answer, Event, Lane, RequestError};
use shopbell_core::{InboxFilter, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone};

fn cursor(phone: &Phone, juniper: &Juniper) -> i64 {
    phone
        .database()
        .query_row("SELECT cursor FROM scope WHERE scope = ?1", [juniper.inbox_scope().to_string()], |row| {
            row.get(0)
        })
        .unwrap()
}

#[test]
fn a_duplicate_changes_nothing() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    phone.poke();
    let (request, asked) = phone.take_pull();
    let answer = juniper.pull(&asked);
    phone.answer(&request, Answer::Pull(answer.clone()));
    let before = phone.dump();
    phone.answer(&request, Answer::Pull(answer));
    assert_eq!(phone.dump(), before);
}

#[test]
fn an_answer_from_before_a_crash_is_not_applied_and_cursors_never_go_back() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let mut phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    phone.poke();
    let (late, asked) = phone.take_pull();
    let late_answer = juniper.pull(&asked);
    phone.crash();
    juniper.writes(ana, "Anybody there?");
    phone.settle(&mut juniper);
    let (held, before) = (cursor(&phone, &juniper), phone.dump());
    // The same request id may be in use again; the answer still says from where it starts.
    for _ in 0..3 {
        phone.answer(&late, Answer::Pull(late_answer.clone()));
    }
    assert_eq!(cursor(&phone, &juniper), held);
    assert_eq!(phone.dump(), before);
    assert_eq!(phone.reads(ana), ["Ana: Hello", "Ana: Anybody there?"]);
}

#[test]
fn an_answer_that_was_given_up_is_late() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    phone.poke();
    let (first, asked) = phone.take_pull();
    let late = juniper.pull(&asked);
    phone.app().take(Event::Paused);
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::Resumed);
    let (second, asked) = phone.take_pull();
    juniper.writes(ana, "Anybody there?");
    phone.answer(&first, Answer::Pull(late));
    assert_eq!(phone.reads(ana), Vec::<String>::new(), "only the newest pull's answer is applied");
    phone.answer(&second, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.reads(ana), ["Ana: Hello", "Ana: Anybody there?"]);
}

#[test]
fn an_answer_that_starts_elsewhere_is_not_applied() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    phone.poke();
    let (request, asked) = phone.take_pull();
    let held = cursor(&phone, &juniper);
    let mut answer = juniper.pull(&asked);
    for part in &mut answer.scopes {
        part.from += 1;
    }
    phone.answer(&request, Answer::Pull(answer));
    assert_eq!(cursor(&phone, &juniper), held);
    assert!(matches!(phone.app().status().state, SyncState::Trouble { .. }));
    phone.fire(Lane::Pull);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), ["Ana: Hello"]);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
}

#[test]
fn rows_merge_by_version_whatever_way_they_come() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    let old_head = juniper.head(ana);
    let old_ver = juniper.seq;
    juniper.writes(ana, "Anybody there?");
    phone.poke();
    let (request, asked) = phone.take_pull();
    let mut answer = juniper.pull(&asked);
    // An older state of the head comes after the newer one, beside a result.
    answer.also.push(shopbell_core::domain::sync::AlsoRows {
        scope: juniper.inbox_scope(),
        grant: 1,
        rows: vec![Row::live(Entity::Conversation, ana.0, Ver(old_ver), &old_head)],
    });
    phone.answer(&request, Answer::Pull(answer));
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Anybody there? (2 unread)"]);
}

#[test]
fn history_is_asked_again_when_a_change_was_dropped_after_the_request_left() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=60 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older: Vec<Row> = juniper.messages(ana).into_iter().take(10).collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let late = answer_from(&mut juniper, &asked.call);
    // While it is on its way the phone hears of a change to a message that it does not hold, and drops it.
    juniper.changes_message(MessageId(older[0].id), |message| message.text = "Message 1, corrected".into());
    phone.poke();
    let (pull, question) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&question)));
    phone.answer(&asked, late);
    assert_eq!(phone.reads(ana)[0], "(10 missing)", "an older state of a row must not come back by it");
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[0], "Ana: Message 1, corrected");
}

#[test]
fn history_is_taken_in_however_busy_the_shop_is_when_nothing_of_it_changed() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let ben = juniper.begins("Ben");
    for number in 1..=60 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older: Vec<Row> = juniper.messages(ana).into_iter().take(10).collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let late = answer_from(&mut juniper, &asked.call);
    juniper.writes(ben, "Hello");
    juniper.writes(ana, "Message 61");
    phone.poke();
    let (pull, question) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&question)));
    phone.answer(&asked, late);
    assert!(!phone.wants("history"));
    let read = phone.reads(ana);
    assert_eq!((read[0].as_str(), read[60].as_str()), ("Ana: Message 1", "Ana: Message 61"));
}

#[test]
fn what_ended_without_a_trace_here_is_not_brought_back_by_older_history() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=60 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older: Vec<Row> = juniper.messages(ana).into_iter().take(10).collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let late = answer_from(&mut juniper, &asked.call);
    juniper.end(juniper.inbox_scope(), Entity::Message, older[4].id);
    phone.poke();
    let (pull, question) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&question)));
    phone.answer(&asked, late);
    phone.settle(&mut juniper);
    let read = phone.reads(ana);
    assert_eq!(read[3..6], ["Ana: Message 4", "(1 missing)", "Ana: Message 6"]);
}

#[test]
fn history_of_another_grant_is_dropped_for_good() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    juniper.writes(ana, "Anybody there?");
    let older: Vec<Row> = juniper.messages(ana).into_iter().take(1).collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let Answer::History(mut late) = answer_from(&mut juniper, &asked.call) else { panic!() };
    late.grant += 1;
    phone.answer(&asked, Answer::History(late));
    assert!(!phone.wants("history"));
    assert_eq!(phone.reads(ana)[0], "(1 missing)");
}

#[test]
fn an_ended_row_goes() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let second = juniper.writes(ana, "Anybody there?");
    let phone = Phone::loaded(&mut juniper, 2);
    phone.poke();
    let (request, asked) = phone.take_pull();
    let mut answer = juniper.pull(&asked);
    let part = answer.scopes.iter_mut().find(|part| part.scope == juniper.inbox_scope()).unwrap();
    part.cursor += 1;
    part.rows = vec![Row::ended(Entity::Message, second.0, Ver(part.cursor))];
    phone.answer(&request, Answer::Pull(answer));
    assert_eq!(phone.reads(ana), ["Ana: Hello", "(1 missing)"]);
}

#[test]
fn rows_of_another_epoch_lose_and_the_outbox_is_not_touched() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    phone.app().send(ana, "Hello Ana!").unwrap();
    let (push, _) = phone.take_push();
    phone.fail(&push, RequestError::Unreachable);

    // The server was restored: another epoch, lower numbers.
    let survives = vec![Survives { epoch: juniper.epoch, seq: juniper.seq }];
    juniper.epoch = EpochId::new(&juniper.env);
    let mut problem = Problem { survives, ..Problem::new(ProblemKind::EpochChanged) };
    problem.epoch = Some(juniper.epoch);
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let mut stale = juniper.pull(&asked);
    stale.epoch = EpochId::new(&juniper.env);
    phone.fail(&pull, RequestError::Problem(Box::new(problem)));
    phone.answer(&pull, Answer::Pull(stale)); // of an epoch that nobody is in
    assert_eq!(
        phone.reads(ana),
        ["Ana: Hello", "Me [waiting]: Hello Ana!"],
        "nothing disappears while it loads"
    );
    let (_, asked) = phone.take_pull();
    assert_eq!(asked.epoch, juniper.epoch);
    assert!(asked.scopes.iter().all(|asked| asked.cursor == 0), "every scope is loaded again");
    phone.app().take(Event::SyncNow);
    let (request, push) = phone.take_push();
    assert!(push.mutations[0].attempted_epoch.is_some(), "it had left under the epoch before");
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.app().take(Event::GaveUp);
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), ["Ana: Hello", "Me [unknown]: Hello Ana!"]);
    let epochs: i64 = phone
        .database()
        .query_row("SELECT count(DISTINCT epoch) FROM message", [], |row| row.get(0))
        .unwrap();
    assert_eq!(epochs, 1);
}
