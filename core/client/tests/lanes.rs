//! Pull never waits for push; nothing waits for a network to write; a server that is away is tried again by itself,
//! slower and slower up to a limit, and at once when anything is heard from it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::sync::{Problem, ProblemKind};
use shopbell_core::sync::{Answer, Event, Lane, RequestError};
use shopbell_core::{InboxFilter, SyncState};
use story::ana_asks;
use story::phone::answer_from;

#[test]
fn a_push_that_is_not_answered_holds_no_message_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (push, _) = phone.take_push(); // and it hangs
    for number in 1..=3 {
        juniper.writes(ana, &format!("Hello {number}"));
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    }
    assert_eq!(phone.reads(ana)[1..4], ["Ana: Hello 1", "Ana: Hello 2", "Ana: Hello 3"]);
    // One push is in flight at a time, whatever is written meanwhile.
    phone.app().send(ana, "And the red one too").unwrap();
    assert!(!phone.wants("push"));
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    assert!(phone.wants("push"));
}

#[test]
fn a_push_that_fails_for_hours_holds_no_message_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    for hour in 1..=3 {
        let (push, _) = phone.take_push();
        phone.refuse(&push, ProblemKind::Internal);
        juniper.writes(ana, &format!("Hour {hour}"));
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
        assert!(phone.reads(ana).contains(&format!("Ana: Hour {hour}")));
        assert!(!phone.wants("push"), "its own wait is not cut short");
        phone.fire(Lane::Push);
    }
}

#[test]
fn one_pull_is_in_flight_and_a_poke_meanwhile_is_not_lost() {
    let (mut juniper, phone, ana) = ana_asks();
    juniper.writes(ana, "Hello?");
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let answer = juniper.pull(&asked);
    juniper.writes(ana, "Anybody there?");
    phone.poke();
    phone.poke();
    assert!(phone.is_quiet());
    phone.answer(&pull, Answer::Pull(answer));
    let (pull, asked) = phone.take_pull();
    assert!(phone.is_quiet());
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.reads(ana).last().unwrap(), "Ana: Anybody there?");
}

#[test]
fn without_a_poke_it_asks_every_minute() {
    let (mut juniper, phone, ana) = ana_asks();
    assert!(phone.is_quiet());
    assert_eq!(phone.timer_ms(Lane::Pull), Some(60_000));
    juniper.writes(ana, "Hello?");
    phone.env.advance_ms(60_000);
    phone.fire(Lane::Pull);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana).last().unwrap(), "Ana: Hello?");
    assert_eq!(phone.timer_ms(Lane::Pull), Some(60_000));
}

#[test]
fn waits_grow_while_nobody_answers_and_end_when_anybody_does() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let (push, _) = phone.take_push();
        phone.fail(&push, RequestError::Unreachable);
        waits.push(phone.timer_ms(Lane::Push).unwrap());
        phone.fire(Lane::Push);
    }
    assert!(waits.windows(2).all(|pair| pair[1] * 2 > pair[0]), "{waits:?}");
    assert!(waits[7] > 7_000 && waits[7] <= 15_000, "{waits:?}");
    assert_eq!(phone.app().status().state, SyncState::Offline);
    assert_eq!(
        phone.app().status().message(shopbell_core::Lang::En).unwrap(),
        "Offline. 1 reply will be sent when you are back."
    );
    let (push, _) = phone.take_push();
    phone.fail(&push, RequestError::Unreachable);
    // A pull is answered: the push does not sit out its wait.
    phone.app().take(Event::TimerFired(Lane::Pull));
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert!(phone.wants("push"));
    phone.settle(&mut juniper);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
}

#[test]
fn the_live_connection_says_that_the_server_is_back() {
    let (mut juniper, phone, ana) = ana_asks();
    let first = phone.live().unwrap();
    phone.app().take(Event::LiveReady(first));
    phone.settle(&mut juniper);
    phone.app().send(ana, "Since today!").unwrap();
    let (push, _) = phone.take_push();
    phone.fail(&push, RequestError::Unreachable);
    phone.app().take(Event::LiveClosed { number: first, token_ended: false });
    let (pull, _) = phone.take_pull();
    phone.fail(&pull, RequestError::Unreachable);
    phone.fire(Lane::Live);
    let second = phone.live().unwrap();
    assert_ne!(first, second);
    // What the first one still had to say is of no interest.
    phone.app().take(Event::LivePoked(first));
    phone.app().take(Event::LiveClosed { number: first, token_ended: true });
    assert!(phone.is_quiet());
    phone.app().take(Event::LiveReady(second));
    assert!(phone.wants("push") && phone.wants("pull"));
}

#[test]
fn a_live_connection_that_dies_is_asked_after_at_once() {
    let (mut juniper, phone, ana) = ana_asks();
    let first = phone.live().unwrap();
    // One that never stood says nothing that was not known.
    phone.app().take(Event::LiveClosed { number: first, token_ended: false });
    assert!(phone.is_quiet());
    phone.fire(Lane::Live);
    let second = phone.live().unwrap();
    phone.app().take(Event::LiveReady(second));
    phone.settle(&mut juniper);

    juniper.writes(ana, "Hello?"); // and its poke is lost
    phone.app().take(Event::LiveClosed { number: second, token_ended: false });
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.reads(ana).last().unwrap(), "Ana: Hello?");

    // It was the network: that is told at once, and tried at the pull's own pace.
    let third = phone.live().unwrap();
    phone.app().take(Event::LiveReady(third));
    phone.settle(&mut juniper);
    phone.app().take(Event::LiveClosed { number: third, token_ended: false });
    let (pull, _) = phone.take_pull();
    phone.fail(&pull, RequestError::Unreachable);
    assert_eq!(phone.app().status().state, SyncState::Offline);
    phone.fire(Lane::Live);
    phone.app().take(Event::LiveClosed { number: phone.live().unwrap(), token_ended: false });
    assert!(phone.is_quiet());
    assert!(phone.timer_ms(Lane::Pull).is_some());
}

#[test]
fn a_server_may_ask_for_a_longer_wait() {
    let (_, phone, _) = ana_asks();
    phone.poke();
    let (pull, _) = phone.take_pull();
    let mut problem = Problem::new(ProblemKind::SlowDown);
    problem.retry_after_ms = Some(120_000);
    phone.fail(&pull, RequestError::Problem(Box::new(problem)));
    assert_eq!(phone.timer_ms(Lane::Pull), Some(120_000));
}

#[test]
fn what_a_newer_or_older_server_says_is_told_with_what_to_do() {
    let (mut juniper, phone, ana) = ana_asks();
    let newer = Problem { kind_uri: "https://shopbell.dev/problems/too-early".into(), ..Problem::default() };
    let older = Problem::new(ProblemKind::ProtocolTooNew);
    for (problem, state, words) in [
        (newer, SyncState::AppTooOld, "This app is older than the server. Update the app."),
        (
            older,
            SyncState::ServerTooOld,
            "The server is older than this app. Ask whoever runs it to update it.",
        ),
    ] {
        phone.poke();
        let (pull, _) = phone.take_pull();
        phone.fail(&pull, RequestError::Problem(Box::new(problem)));
        assert_eq!(phone.app().status().state, state);
        let said = phone.app().status().message(shopbell_core::Lang::En).unwrap();
        assert_eq!(said, format!("{words} Everything you wrote is kept."));
        // It is tried again all the same, and works again once it works.
        phone.fire(Lane::Pull);
        phone.settle(&mut juniper);
        assert_eq!(phone.app().status().state, SyncState::UpToDate);
    }
    assert_eq!(phone.reads(ana).len(), 1);
}

#[test]
fn while_paused_nothing_leaves_and_afterwards_everything_does() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().take(Event::Paused);
    assert_eq!(phone.live(), None);
    phone.app().send(ana, "Since today!").unwrap();
    assert!(phone.is_quiet());
    assert_eq!(phone.reads(ana)[1], "Me [waiting]: Since today!");
    phone.app().resume();
    assert!(phone.live().is_some());
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
}

#[test]
fn pausing_settles_and_empties_the_log() {
    let (_, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (push, _) = phone.take_push();
    phone.fail(&push, RequestError::Unreachable);
    let log = phone.folder().join("shopbell.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    phone.app().pause();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    assert_eq!(phone.app().status().state, SyncState::Stopped);
}

#[test]
fn without_a_network_everything_can_be_read_and_written() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().network_changed(false);
    phone.crash();
    phone.app().network_changed(false);
    phone.requests();
    phone.app().send(ana, "Since today!").unwrap();
    phone.app().close(ana).unwrap();
    assert!(phone.is_quiet());
    assert_eq!(phone.list(InboxFilter::Closed), ["Ana: You: Since today! (1 unread) (1 waiting)"]);
    phone.app().network_changed(true);
    phone.app().take(Event::GaveUp);
    phone.app().network_changed(true);
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::Closed), ["Ana: You: Since today! (1 unread)"]);
    assert_eq!(phone.app().outbox().unwrap(), []);
}
