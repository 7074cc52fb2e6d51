//! The real core over a real socket: signing in, syncing, hearing pokes, and what is said when it does not work.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use shopbell_core::domain::sync::{Problem, ProblemKind};
use shopbell_core::{
    App, AppOptions, ConversationId, Diff, Error, InboxFilter, InboxListener, InboxQuery, InboxRow, Lang,
    SyncReport, SyncState, SystemEnv,
};
use story::server::Server;
use story::{Juniper, lines};

const ALL: InboxQuery = InboxQuery::of(InboxFilter::All);
/// How long a test waits for a listener before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

fn open(folder: &Path, offline: bool) -> App {
    App::open(AppOptions {
        folder: folder.to_owned(),
        device_name: "Theo's laptop".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline,
        env: Arc::new(SystemEnv),
    })
    .unwrap()
}

/// Runs a future on no runtime at all, as a foreign language's executor does.
fn wait_for<T: Send>(future: impl Future<Output = T> + Send) -> T {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

fn ana_asks() -> (Server, ConversationId) {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Is the blue one back in stock?");
    (Server::start(juniper), ana)
}

fn sign_in(app: &App, server: &Server, password: &str) -> Result<shopbell_core::Account, Error> {
    wait_for(app.sign_in(&server.address, "theo@juniper.example", password, None))
}

/// A screen that waits for a last line.
#[derive(Default)]
struct Screen {
    rows: Mutex<Vec<InboxRow>>,
    changed: Condvar,
}

impl Screen {
    fn waits_for(&self, preview: &str) {
        let rows = self.rows.lock().unwrap();
        let (rows, waited) = self
            .changed
            .wait_timeout_while(rows, PATIENCE, |rows| rows.iter().all(|row| row.preview != preview))
            .unwrap();
        assert!(!waited.timed_out(), "{rows:?}");
    }
}

impl InboxListener for Screen {
    fn on_diffs(&self, diffs: Vec<Diff<InboxRow>>) {
        let mut rows = self.rows.lock().unwrap();
        diffs.iter().for_each(|diff| shopbell_core::diff::apply(&mut rows, diff));
        self.changed.notify_all();
    }
}

#[test]
fn from_signing_in_to_an_answer() {
    let (server, ana) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    assert_eq!(app.status().state, SyncState::NotSignedIn);
    let account = sign_in(&app, &server, "correct horse").unwrap();
    assert_eq!((account.shop.name.as_str(), account.staff.name.as_str()), ("Juniper", "Theo"));
    wait_for(app.sync()).unwrap();
    assert_eq!(app.inbox(&ALL).unwrap()[0].preview, "Is the blue one back in stock?");

    // Pokes bring what is new, without anybody asking.
    let screen = Arc::new(Screen::default());
    let _subscription = app.subscribe_inbox(ALL, screen.clone()).unwrap();
    server.juniper().writes(ana, "Anybody there?");
    server.poke();
    screen.waits_for("Anybody there?");

    app.send(ana, "Since today!").unwrap();
    wait_for(app.sync()).unwrap();
    assert_eq!(app.outbox().unwrap(), []);
    assert_eq!(server.juniper().messages(ana).len(), 3);
    assert_eq!(lines(&app.conversation(ana).unwrap().rows)[2], "Me [sending]: Since today!");

    // The token ends: a new one is fetched and the connection stands again.
    server.end_tokens();
    server.juniper().writes(ana, "Thank you");
    app.network_changed(true);
    screen.waits_for("Thank you");
}

#[test]
fn a_profile_that_is_not_syncing_syncs_once_when_asked() {
    let (server, ana) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    sign_in(&app, &server, "correct horse").unwrap();
    wait_for(app.sync()).unwrap();
    drop(app);

    let app = open(folder.path(), false);
    assert_eq!(app.status().state, SyncState::Stopped);
    app.send(ana, "Since today!").unwrap();
    app.close(ana).unwrap();
    let report = wait_for(app.sync()).unwrap();
    assert_eq!(report, SyncReport { accepted: 2, refused: 0, waiting: 0 });
    assert_eq!(app.status().state, SyncState::Stopped);
    assert_eq!(app.inbox(&InboxQuery::of(InboxFilter::Closed)).unwrap().len(), 1);
}

#[test]
fn why_somebody_cannot_sign_in() {
    let (mut server, _) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    assert_eq!(sign_in(&app, &server, "wrong"), Err(Error::WrongPassword));
    let Err(Error::ChooseShop { shops }) = sign_in(&app, &server, "two shops") else { panic!() };
    for (kind, error) in [
        (ProblemKind::Busy, Error::Busy),
        (ProblemKind::ProtocolTooNew, Error::ServerTooOld),
        (ProblemKind::DeviceRemoved, Error::Removed),
    ] {
        server.refuse(Some(Problem::new(kind)));
        assert_eq!(sign_in(&app, &server, "correct horse"), Err(error));
    }
    server.refuse(Some(Problem { status: 418, title: "Teapot".to_owned(), ..Problem::default() }));
    assert!(matches!(sign_in(&app, &server, "correct horse"), Err(Error::Other { .. })));
    server.refuse(None);
    let bad = wait_for(app.sign_in("not an address", "theo@juniper.example", "correct horse", None));
    assert_eq!(bad, Err(Error::BadAddress { address: "not an address".to_owned() }));
    assert_eq!(app.account(), None, "nothing was stored of all this");

    let account =
        wait_for(app.sign_in(&server.address, "theo@juniper.example", "two shops", Some(shops[0].shop)));
    let account = account.unwrap();
    // The profile is Theo's for good; he himself may sign in again.
    server.signs_in_as(server.juniper().mina);
    assert_eq!(sign_in(&app, &server, "correct horse"), Err(Error::OtherAccount { name: "Theo".to_owned() }));
    server.signs_in_as(account.staff.id);
    assert_eq!(sign_in(&app, &server, "correct horse"), Ok(account.clone()));

    server.gone();
    let unreachable = Error::Unreachable { address: server.address.clone() };
    assert_eq!(sign_in(&app, &server, "correct horse"), Err(unreachable));
    assert_eq!(app.account(), Some(account));
}

#[test]
fn without_a_server_everything_is_kept() {
    let (mut server, ana) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    sign_in(&app, &server, "correct horse").unwrap();
    wait_for(app.sync()).unwrap();
    server.gone();
    app.send(ana, "Since today!").unwrap();
    let unreachable = Error::Unreachable { address: server.address.clone() };
    assert_eq!(wait_for(app.sync()), Err(unreachable.clone()));
    assert_eq!(app.status().state, SyncState::Offline);
    app.pause();
    app.resume();
    app.stop();
    assert_eq!(wait_for(app.load_earlier(ana)), Ok(()), "nothing is missing, nobody is asked");
    drop(app);

    let app = open(folder.path(), true);
    assert_eq!(lines(&app.conversation(ana).unwrap().rows)[1], "Me [waiting]: Since today!");
    assert_eq!(wait_for(app.sync()), Err(unreachable.clone()));
    assert_eq!(sign_in(&app, &server, "correct horse"), Err(unreachable));
}

#[test]
fn whoever_stops_waiting_does_not_stop_the_work() {
    let (server, _) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    let screen = Arc::new(Screen::default());
    let _subscription = app.subscribe_inbox(ALL, screen.clone()).unwrap();
    let signing_in = app.sign_in(&server.address, "theo@juniper.example", "correct horse", None);
    assert!(story::poll_once(signing_in).is_none()); // and dropped
    screen.waits_for("Is the blue one back in stock?");
}

#[test]
fn earlier_messages_come_from_the_server() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=70 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older: Vec<_> = juniper.messages(ana).into_iter().take(20).collect();
    juniper.forget_in_snapshot(&older);
    let server = Server::start(juniper);
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    sign_in(&app, &server, "correct horse").unwrap();
    wait_for(app.sync()).unwrap();
    server.juniper().remember(&older);
    assert_eq!(lines(&app.conversation(ana).unwrap().rows)[0], "(20 missing)");
    wait_for(app.load_earlier(ana)).unwrap();
    assert_eq!(lines(&app.conversation(ana).unwrap().rows)[0], "Ana: Message 1");
    let nowhere = ConversationId(server.juniper().shop.0);
    assert_eq!(wait_for(app.load_earlier(nowhere)), Err(Error::NotFound { id: nowhere.to_string() }));
}

#[test]
fn work_that_goes_on_does_not_keep_the_profile_open() {
    let (mut server, _) = ana_asks();
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), false);
    sign_in(&app, &server, "correct horse").unwrap();
    wait_for(app.sync()).unwrap();
    let waiting = story::poll_once(app.sync());
    assert!(waiting.is_none());
    drop(app);
    server.gone();
    assert_eq!(open(folder.path(), true).inbox(&ALL).unwrap().len(), 1);
}
