//! What a shell shows: the rows it was given, and the steps that it applied to them, are at every moment the list that
//! it would be given if it asked again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};

use proptest::prelude::*;
use shopbell_core::domain::conversation::{Field, Status};
use shopbell_core::domain::staff::Permission;
use shopbell_core::domain::sync::{Entity, Scope};
use shopbell_core::inbox::WINDOW_LIMIT_ROWS;
use shopbell_core::sync::{Answer, Event, Lane, RequestError};
use shopbell_core::{
    App, ConversationId, InboxFilter, InboxQuery, OutboxState, StatusListener, SyncState, SyncStatus,
};
use story::phone::answer_from;
use story::screen::{PATIENCE, Screen};
use story::watched::{Watched, every_window, happenings};
use story::{Juniper, Phone};

const ALL: InboxQuery = InboxQuery::of(InboxFilter::All);

#[test]
fn the_first_call_is_a_reset_and_comes_before_subscribe_returns() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    let (inbox, conversation) = (Screen::new(), Screen::new());
    let _first = phone.app().subscribe_inbox(ALL, inbox.clone()).unwrap();
    assert_eq!(inbox.steps(), ["Reset 1"]);
    let _second = phone.app().subscribe_conversation(ana, conversation.clone()).unwrap();
    assert_eq!(conversation.steps(), ["Reset 1"]);
    assert_eq!(inbox.rows(), phone.app().inbox(&ALL).unwrap());
}

#[test]
fn an_own_message_is_inserted_once_and_then_only_set() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    let screen = Screen::new();
    let _subscription = phone.app().subscribe_conversation(ana, screen.clone()).unwrap();
    let follow = || screen.comes_to(&phone.app().conversation(ana).unwrap().rows).unwrap();
    phone.app().send(ana, "Hello Ana!").unwrap();
    follow();
    assert_eq!(screen.steps(), ["Reset 1", "Insert 1"]);
    phone.settle(&mut juniper);
    follow();
    assert_eq!(screen.steps(), ["Set 1"], "waiting becomes sending");

    // Ana writes while the next one is on its way: it moves, it is not taken out and put in.
    phone.app().send(ana, "How can I help?").unwrap();
    let (push, _) = phone.take_push();
    juniper.writes(ana, "Anybody there?");
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    juniper.writes(ana, "Ah, hello");
    phone.settle(&mut juniper);
    follow();
    let steps = screen.steps();
    assert!(!steps.iter().any(|step| step.starts_with("Remove")), "{steps:?}");
    assert_eq!(steps.iter().filter(|step| step.starts_with("Insert")).count(), 3, "{steps:?}");
}

#[test]
fn a_colleague_who_is_renamed_is_renamed_in_every_row() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    juniper.answers(juniper.mina, ana, "Hello Ana!");
    let phone = Phone::loaded(&mut juniper, 2);
    let (inbox, conversation) = (Screen::new(), Screen::new());
    let _first = phone.app().subscribe_inbox(ALL, inbox.clone()).unwrap();
    let _second = phone.app().subscribe_conversation(ana, conversation.clone()).unwrap();
    let renamed = story::juniper::person("Wilhelmina", &[Permission::Full], true);
    juniper.put(Scope::Shop, Entity::Staff, juniper.mina.0, &renamed);
    phone.poke();
    phone.settle(&mut juniper);
    inbox.comes_to(&phone.app().inbox(&ALL).unwrap()).unwrap();
    conversation.comes_to(&phone.app().conversation(ana).unwrap().rows).unwrap();
    assert_eq!(inbox.rows()[0].preview, "Wilhelmina: Hello Ana!");
    assert_eq!(story::lines(&conversation.rows())[1], "Wilhelmina [sending]: Hello Ana!");
}

#[test]
fn a_conversation_is_found_by_the_end_of_its_id_however_many_came_after_it() {
    let mut juniper = Juniper::new(1);
    let oldest = juniper.begins("Ana");
    let closed = juniper.begins("Ben");
    let mut head = juniper.head(closed);
    head.status = Field::new(Status::Closed);
    juniper.put_head(closed, head);
    for _ in 0..WINDOW_LIMIT_ROWS {
        juniper.env.advance_ms(1_000);
        let conversation = juniper.begins("Cleo");
        juniper.writes(conversation, "Hello");
    }
    let phone = Phone::loaded(&mut juniper, 2);
    let everything = InboxQuery { limit: usize::MAX, ..ALL };
    assert!(
        !phone.app().inbox(&everything).unwrap().iter().any(|row| row.id == oldest),
        "it is in no window"
    );
    let found = |ending: &str| -> Vec<ConversationId> {
        phone.app().conversations_ending_in(ending, 5).unwrap().iter().map(|row| row.id).collect()
    };
    for id in [oldest, closed] {
        let id_text = id.to_string();
        for ending in [&id_text, &id_text.to_uppercase(), &id_text[id_text.len() - 6..], &id_text[20..]] {
            assert_eq!(found(ending), [id], "{ending}");
        }
    }
    let several = found(&oldest.to_string()[35..]);
    assert_eq!(several.len(), 5, "one digit is not enough");
    assert!(several.is_sorted_by(|one, other| one > other), "the newest first");
    for nothing in ["", "-", "%", "_", "ana", "' OR 1", "🦋", &format!("0{oldest}")] {
        assert_eq!(found(nothing), [], "{nothing}");
    }
}

#[test]
fn the_status_is_told_when_it_changes() {
    struct Heard(Mutex<Vec<SyncState>>, Condvar);
    impl StatusListener for Heard {
        fn on_status(&self, status: SyncStatus) {
            self.0.lock().unwrap().push(status.state);
            self.1.notify_all();
        }
    }
    let mut juniper = Juniper::new(1);
    let phone = Phone::loaded(&mut juniper, 2);
    let heard = Arc::new(Heard(Mutex::new(Vec::new()), Condvar::new()));
    let _subscription = phone.app().subscribe_status(heard.clone()).unwrap();
    assert_eq!(*heard.0.lock().unwrap(), [SyncState::UpToDate]);
    phone.poke();
    let (pull, _) = phone.take_pull();
    phone.fail(&pull, RequestError::Unreachable);
    phone.fire(Lane::Pull);
    phone.settle(&mut juniper);
    let expected = [SyncState::UpToDate, SyncState::Offline, SyncState::UpToDate];
    let (states, _) = heard
        .1
        .wait_timeout_while(heard.0.lock().unwrap(), PATIENCE, |states| states.len() < expected.len())
        .unwrap();
    assert_eq!(*states, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Every filter in every order, narrowed in every way; and the numbers are what is listed.
    #[test]
    fn steps_applied_are_the_list_asked_again_and_picked_by_hand(happenings in happenings()) {
        let mut watched = Watched::new(every_window);
        for happening in &happenings {
            watched.happens(happening);
            prop_assert_eq!(watched.check(), Ok(()), "after {:?}", happening);
        }
        watched.phone.settle(&mut watched.juniper);
        prop_assert_eq!(watched.check(), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// `shown` and what follows from it are kept up to date by each transaction; made again they are the same.
    #[test]
    fn what_is_kept_up_to_date_is_what_is_made_from_scratch(happenings in happenings()) {
        let mut watched = Watched::new(|_, _| Vec::new());
        for happening in &happenings {
            watched.happens(happening);
        }
        watched.look_away();
        let (before, after) = watched.phone.shown_from_scratch();
        prop_assert_eq!(before, after);
    }

    /// Applying a mutation's result to the old state = a fresh fetch: a phone that lived through everything and one
    /// that signs in now show the same.
    #[test]
    fn following_the_log_is_loading_afresh(happenings in happenings()) {
        let mut watched = Watched::new(|_, _| Vec::new());
        for happening in &happenings {
            watched.happens(happening);
        }
        watched.phone.app().take(Event::GaveUp);
        watched.phone.app().take(Event::SyncNow);
        watched.phone.settle(&mut watched.juniper);
        // Refused replies stay on the phone that made them; the drafts that they were stay elsewhere until then. What
        // waited for one of them leaves when it is deleted, and may be refused in turn.
        loop {
            let rows = watched.phone.app().outbox().unwrap();
            let refused: Vec<_> =
                rows.iter().filter(|row| matches!(row.state, OutboxState::NotSent { .. })).collect();
            if refused.is_empty() {
                prop_assert_eq!(rows, [], "what waits for nothing leaves");
                break;
            }
            for row in refused {
                watched.phone.app().delete_unsent(row.id).unwrap();
            }
            watched.phone.settle(&mut watched.juniper);
        }
        let fresh = Phone::loaded(&mut watched.juniper, 99);
        for filter in InboxFilter::ALL {
            let query = InboxQuery::of(filter);
            let rows = |app: &App| app.inbox(&query).unwrap();
            let (followed, loaded) = (rows(watched.phone.app()), rows(fresh.app()));
            for row in &followed {
                let customer = |app: &App| app.customer(row.id).unwrap();
                let (mine, theirs) = (customer(watched.phone.app()), customer(fresh.app()));
                prop_assert_eq!((mine.tags, mine.notes), (theirs.tags, theirs.notes));
            }
            prop_assert_eq!(followed, loaded);
        }
    }
}

/// Eight shells subscribe, listen and cancel while the list changes under them.
#[test]
fn a_thousand_rounds_of_subscribing_from_eight_threads_lose_no_step() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 1_000;
    let mut juniper = Juniper::new(1);
    let conversations: Vec<ConversationId> = (0..12)
        .map(|_| {
            let conversation = juniper.begins("Ana");
            juniper.writes(conversation, "Hello");
            conversation
        })
        .collect();
    let phone = Phone::loaded(&mut juniper, 2);
    let query = InboxQuery { limit: 10, ..ALL };
    let barrier = Barrier::new(THREADS + 1);
    let failed = AtomicBool::new(false);
    let why = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (app, barrier, failed, why) = (phone.app().clone(), &barrier, &failed, &why);
            let query = query.clone();
            scope.spawn(move || {
                let mut screen = Screen::new();
                let mut subscription = app.subscribe_inbox(query.clone(), screen.clone()).unwrap();
                for round in 0..ROUNDS {
                    barrier.wait();
                    if (round + thread) % 3 != 0 {
                        screen.cancel(&subscription);
                        screen = Screen::new();
                        subscription = app.subscribe_inbox(query.clone(), screen.clone()).unwrap();
                    }
                    barrier.wait();
                    // A panic here would leave the others waiting at the barrier for ever.
                    if !failed.load(Ordering::SeqCst)
                        && let Err(broken) = screen.comes_to(&app.inbox(&query).unwrap())
                    {
                        failed.store(true, Ordering::SeqCst);
                        why.lock().unwrap().push(format!("thread {thread}, round {round}: {broken}"));
                    }
                    barrier.wait();
                }
            });
        }
        for round in 0..ROUNDS {
            juniper.writes(conversations[round * 7 % conversations.len()], &format!("Message {round}"));
            phone.app().take(Event::TimerFired(Lane::Pull));
            let (pull, asked) = phone.take_pull();
            barrier.wait();
            phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
            barrier.wait();
            barrier.wait();
        }
    });
    assert_eq!(*why.lock().unwrap(), Vec::<String>::new());
}
