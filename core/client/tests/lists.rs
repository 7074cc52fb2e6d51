//! What a shell shows: the rows it was given, and the steps that it applied to them, are at every moment the list that
//! it would be given if it asked again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use shopbell_core::domain::message::Delivery;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::staff::Permission;
use shopbell_core::domain::sync::{Entity, Scope};
use shopbell_core::sync::{Answer, Event, Lane, RequestError};
use shopbell_core::{
    App, ConversationId, ConversationListener, Diff, InboxFilter, InboxListener, InboxQuery, InboxRow,
    MessageRow, StatusListener, Subscription, SyncState, SyncStatus,
};
use story::phone::answer_from;
use story::{Juniper, Phone};

/// How long a test waits for a listener before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A screen: applies what it hears, as a shell does.
struct Screen<T> {
    shown: Mutex<Shown<T>>,
    changed: Condvar,
}

struct Shown<T> {
    rows: Vec<T>,
    steps: Vec<String>,
    cancelled: bool,
    broken: Option<String>,
}

impl<T: Clone + PartialEq + std::fmt::Debug> Screen<T> {
    fn new() -> Arc<Self> {
        let shown = Shown { rows: Vec::new(), steps: Vec::new(), cancelled: false, broken: None };
        Arc::new(Screen { shown: Mutex::new(shown), changed: Condvar::new() })
    }

    fn hear(&self, diffs: Vec<Diff<T>>) {
        let mut shown = self.shown.lock().unwrap();
        if shown.cancelled {
            shown.broken = Some("called after it was cancelled".to_owned());
        }
        for diff in diffs {
            if !fits(shown.rows.len(), &diff) {
                shown.broken = Some(format!("{diff:?} does not fit {:?}", shown.rows));
                break;
            }
            shown.steps.push(step_name(&diff));
            shopbell_core::diff::apply(&mut shown.rows, &diff);
        }
        self.changed.notify_all();
    }

    /// Waits until these rows are shown.
    fn comes_to(&self, rows: &[T]) -> Result<(), String> {
        let (shown, waited) = self
            .changed
            .wait_timeout_while(self.shown.lock().unwrap(), PATIENCE, |shown| {
                shown.broken.is_none() && shown.rows != rows
            })
            .unwrap();
        match &shown.broken {
            Some(broken) => Err(broken.clone()),
            None if waited.timed_out() => Err(format!("shows {:?}\ninstead of {rows:?}", shown.rows)),
            None => Ok(()),
        }
    }

    fn rows(&self) -> Vec<T> {
        self.shown.lock().unwrap().rows.clone()
    }

    /// The steps since the last time, by name.
    fn steps(&self) -> Vec<String> {
        std::mem::take(&mut self.shown.lock().unwrap().steps)
    }

    fn cancel(&self, subscription: &Subscription) {
        subscription.cancel();
        self.shown.lock().unwrap().cancelled = true;
    }
}

fn fits<T>(length: usize, diff: &Diff<T>) -> bool {
    match diff {
        Diff::Reset { .. } => true,
        Diff::Insert { index, .. } => *index <= length,
        Diff::Set { index, .. } | Diff::Remove { index } => *index < length,
        Diff::Move { from, to } => *from < length && *to < length,
    }
}

fn step_name<T>(diff: &Diff<T>) -> String {
    match diff {
        Diff::Reset { rows } => format!("Reset {}", rows.len()),
        Diff::Insert { index, .. } => format!("Insert {index}"),
        Diff::Set { index, .. } => format!("Set {index}"),
        Diff::Remove { index } => format!("Remove {index}"),
        Diff::Move { from, to } => format!("Move {from} {to}"),
    }
}

impl InboxListener for Screen<InboxRow> {
    fn on_diffs(&self, diffs: Vec<Diff<InboxRow>>) {
        self.hear(diffs);
    }
}

impl ConversationListener for Screen<MessageRow> {
    fn on_diffs(&self, diffs: Vec<Diff<MessageRow>>) {
        self.hear(diffs);
    }
}

const ALL: InboxQuery = InboxQuery { filter: InboxFilter::All, limit: 50 };

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

/// One thing that may happen.
#[derive(Clone, Debug)]
enum Happening {
    Writes(usize),
    ColleagueAnswers(usize),
    Begins,
    Sends(usize),
    Closes(usize),
    Reopens(usize),
    Reads(usize),
    Assigns(usize, bool),
    Unassigns(usize),
    Delivered,
    Pull,
    Push,
    PushRefused,
    PushLost,
    Discards,
    LosesInbox,
    Crash,
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let which = 0usize..6;
    let one = prop_oneof![
        3 => which.clone().prop_map(Happening::Writes),
        2 => which.clone().prop_map(Happening::ColleagueAnswers),
        1 => Just(Happening::Begins),
        3 => which.clone().prop_map(Happening::Sends),
        2 => which.clone().prop_map(Happening::Closes),
        1 => which.clone().prop_map(Happening::Reopens),
        2 => which.clone().prop_map(Happening::Reads),
        2 => (which.clone(), any::<bool>()).prop_map(|(which, mina)| Happening::Assigns(which, mina)),
        1 => which.prop_map(Happening::Unassigns),
        1 => Just(Happening::Delivered),
        6 => Just(Happening::Pull),
        3 => Just(Happening::Push),
        1 => Just(Happening::PushRefused),
        1 => Just(Happening::PushLost),
        1 => Just(Happening::Discards),
        1 => Just(Happening::LosesInbox),
        1 => Just(Happening::Crash),
    ];
    proptest::collection::vec(one, 1..30)
}

/// The phone with a screen for each window and one for a conversation.
struct Watched {
    juniper: Juniper,
    phone: Phone,
    conversations: Vec<ConversationId>,
    windows: Vec<(InboxQuery, Arc<Screen<InboxRow>>, Subscription)>,
    opened: Option<(Arc<Screen<MessageRow>>, Subscription)>,
}

impl Watched {
    fn new() -> Watched {
        let mut juniper = Juniper::new(1);
        let conversations: Vec<ConversationId> = ["Ana", "Ben", "Cleo"]
            .iter()
            .map(|name| {
                let conversation = juniper.begins(name);
                juniper.writes(conversation, "Hello");
                conversation
            })
            .collect();
        let phone = Phone::loaded(&mut juniper, 2);
        let mut watched = Watched { juniper, phone, conversations, windows: Vec::new(), opened: None };
        watched.watch();
        watched
    }

    fn watch(&mut self) {
        self.windows.clear();
        for (filter, limit) in [
            (InboxFilter::All, 50),
            (InboxFilter::All, 2),
            (InboxFilter::Mine, 50),
            (InboxFilter::Unassigned, 2),
            (InboxFilter::Closed, 50),
        ] {
            let query = InboxQuery { filter, limit };
            let screen = Screen::new();
            let subscription = self.phone.app().subscribe_inbox(query, screen.clone()).unwrap();
            self.windows.push((query, screen, subscription));
        }
        let screen = Screen::new();
        let subscription = self.phone.app().subscribe_conversation(self.conversations[0], screen.clone());
        self.opened = subscription.ok().map(|subscription| (screen, subscription));
    }

    fn happens(&mut self, happening: &Happening) {
        if let Happening::Crash = happening {
            self.windows.clear();
            self.opened = None;
            self.phone.crash();
            self.watch();
            return;
        }
        let which = |index: usize| self.conversations[index % self.conversations.len()];
        let app = self.phone.app().clone();
        // What is not held cannot be changed; that is an answer, not a failure.
        let _answer = match *happening {
            Happening::Writes(index) => {
                self.juniper.writes(which(index), "One more thing");
                Ok(None)
            }
            Happening::ColleagueAnswers(index) => {
                self.juniper.answers(self.juniper.mina, which(index), "Let me see");
                Ok(None)
            }
            Happening::Begins => {
                let conversation = self.juniper.begins("Dora");
                self.juniper.writes(conversation, "Hello there");
                self.conversations.push(conversation);
                Ok(None)
            }
            Happening::Sends(index) => app.send(which(index), "Hello!").map(|_| None),
            Happening::Closes(index) => app.close(which(index)).map(Some),
            Happening::Reopens(index) => app.reopen(which(index)).map(Some),
            Happening::Reads(index) => app.mark_read(which(index)),
            Happening::Assigns(index, mina) => {
                let assignee = if mina { self.juniper.mina } else { self.juniper.theo };
                app.assign(which(index), assignee).map(Some)
            }
            Happening::Unassigns(index) => app.unassign(which(index)).map(Some),
            Happening::Discards => {
                let first = app.outbox().unwrap().first().map(|row| row.id);
                first.map_or(Ok(None), |id| app.discard(id).map(|()| None))
            }
            Happening::Delivered => {
                let messages = self.juniper.messages(self.conversations[0]);
                let own =
                    messages.iter().rev().find(|row| row.body.as_ref().unwrap().get().contains("queued"));
                if let Some(row) = own {
                    self.juniper.delivered(shopbell_core::MessageId(row.id), Delivery::Sent);
                }
                Ok(None)
            }
            Happening::Pull => {
                app.take(Event::TimerFired(Lane::Pull));
                self.answer("pull");
                Ok(None)
            }
            Happening::Push => {
                self.answer("push");
                Ok(None)
            }
            Happening::PushRefused => {
                if self.phone.wants("push") {
                    let (request, push) = self.phone.take_push();
                    for mutation in &push.mutations {
                        self.juniper.refuses(push.device, mutation.mid, Refusal::Internal);
                    }
                    let answer = answer_from(&mut self.juniper, &request.call);
                    self.phone.answer(&request, answer);
                }
                Ok(None)
            }
            Happening::PushLost => {
                if self.phone.wants("push") {
                    let (request, push) = self.phone.take_push();
                    self.juniper.takes(&push);
                    self.phone.fail(&request, RequestError::Unreachable);
                    self.phone.fire(Lane::Push);
                }
                Ok(None)
            }
            Happening::LosesInbox => {
                let scope = self.juniper.inbox_scope();
                let grant = self.juniper.granted[&scope];
                self.juniper.granted.insert(scope, grant + 1);
                Ok(None)
            }
            Happening::Crash => Ok(None), // above
        };
    }

    fn answer(&mut self, kind: &str) {
        if self.phone.wants(kind) {
            let request = self.phone.take(kind);
            let answer = answer_from(&mut self.juniper, &request.call);
            self.phone.answer(&request, answer);
        }
        while self.phone.wants("snapshot") {
            let request = self.phone.take("snapshot");
            let answer = answer_from(&mut self.juniper, &request.call);
            self.phone.answer(&request, answer);
        }
    }

    /// The steps applied = the list asked again; kept up to date = made from scratch.
    fn check(&self) -> Result<(), String> {
        for (query, screen, _) in &self.windows {
            screen.comes_to(&self.phone.app().inbox(query).unwrap())?;
        }
        if let Some((screen, _)) = &self.opened {
            let rows = self.phone.app().conversation(self.conversations[0]).map(|view| view.rows);
            // What is not held any more has no messages of the server; own replies stay where they are listed.
            if let Ok(rows) = rows {
                screen.comes_to(&rows)?;
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn steps_applied_are_the_list_asked_again(happenings in happenings()) {
        let mut watched = Watched::new();
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

    /// The table `shown` is kept up to date by each transaction; made again from the others it is the same.
    #[test]
    fn what_is_kept_up_to_date_is_what_is_made_from_scratch(happenings in happenings()) {
        let mut watched = Watched::new();
        for happening in &happenings {
            watched.happens(happening);
        }
        let Watched { phone, windows, opened, .. } = watched;
        drop((windows, opened));
        let (before, after) = phone.shown_from_scratch();
        prop_assert_eq!(before, after);
    }

    /// Applying a mutation's result to the old state = a fresh fetch: a phone that lived through everything and one
    /// that signs in now show the same.
    #[test]
    fn following_the_log_is_loading_afresh(happenings in happenings()) {
        let mut watched = Watched::new();
        for happening in &happenings {
            watched.happens(happening);
        }
        watched.phone.app().take(Event::GaveUp);
        watched.phone.app().take(Event::SyncNow);
        watched.phone.settle(&mut watched.juniper);
        let fresh = Phone::loaded(&mut watched.juniper, 99);
        for filter in [InboxFilter::All, InboxFilter::Mine, InboxFilter::Unassigned, InboxFilter::Closed] {
            let query = InboxQuery { filter, limit: 50 };
            let without_refused = |app: &App| -> Vec<InboxRow> {
                app.inbox(&query).unwrap().into_iter().map(|row| InboxRow { not_sent: 0, ..row }).collect()
            };
            prop_assert_eq!(without_refused(watched.phone.app()), without_refused(fresh.app()));
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
    let query = InboxQuery { filter: InboxFilter::All, limit: 10 };
    let barrier = Barrier::new(THREADS + 1);
    let failed = AtomicBool::new(false);
    let why = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (app, barrier, failed, why) = (phone.app().clone(), &barrier, &failed, &why);
            scope.spawn(move || {
                let mut screen = Screen::new();
                let mut subscription = app.subscribe_inbox(query, screen.clone()).unwrap();
                for round in 0..ROUNDS {
                    barrier.wait();
                    if (round + thread) % 3 != 0 {
                        screen.cancel(&subscription);
                        screen = Screen::new();
                        subscription = app.subscribe_inbox(query, screen.clone()).unwrap();
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
