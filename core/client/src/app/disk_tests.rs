//! A disk that is full or cannot be written: it is said, what was there is kept, and once there is room everything goes
//! on by itself. The limits are SQLite's own, set on the one connection that writes.

use std::sync::{Arc, Mutex};

use shopbell_domain::env::FixedEnv;
use shopbell_domain::ids::{ConversationId, DeviceId, EpochId, ShopId, StaffId};
use shopbell_domain::sync::{Refreshed, SignedIn, SignedInShop, SignedInStaff};

use super::*;
use crate::status::SyncState;
use crate::store::Write;
use crate::sync::{Answer, Effect, RequestError};

/// A network that keeps what it was asked for.
#[derive(Default)]
struct Wire(Mutex<Vec<crate::sync::Request>>);

impl Network for Wire {
    fn perform(&self, effect: Effect) {
        if let Effect::Send(request) = effect {
            self.0.lock().unwrap().push(request);
        }
    }

    fn set_server(&self, _address: &str) {}

    fn stop(&self) {}
}

struct Scene {
    app: App,
    wire: Arc<Wire>,
    env: Arc<FixedEnv>,
    folder: tempfile::TempDir,
}

fn options(folder: &std::path::Path, env: &Arc<FixedEnv>) -> AppOptions {
    AppOptions {
        folder: folder.to_owned(),
        device_name: "Theo's phone".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: false,
        env: Arc::clone(env) as _,
    }
}

fn signed_in(env: &FixedEnv) -> Event {
    let answer = SignedIn {
        shop: SignedInShop { id: ShopId::new(env), name: "Juniper".into() },
        staff: SignedInStaff { id: StaffId::new(env), name: "Theo".into() },
        session: Refreshed {
            epoch: EpochId::new(env),
            access_token: "access".into(),
            access_expires_at: env.now(),
            refresh_token: "refresh 1".into(),
        },
    };
    Event::SignedIn { server: "https://inbox.juniper.example".into(), answer: Box::new(answer) }
}

/// Theo's phone, with a draft that only it has.
fn scene() -> Scene {
    let env = Arc::new(FixedEnv::seeded(1));
    let folder = tempfile::tempdir().unwrap();
    let wire = Arc::new(Wire::default());
    let app = App::open_with(options(folder.path(), &env), None, Arc::clone(&wire) as _).unwrap();
    app.take(signed_in(&env));
    app.take(Event::Started);
    app.shared().with_store(hold_conversations).unwrap();
    write(&app, 1, "Since today!").unwrap();
    Scene { app, wire, env, folder }
}

/// Two conversations, as a pull would have brought them.
fn hold_conversations(store: &mut Store) -> Result<(), StoreError> {
    let insert = "INSERT INTO conversation (id, scope, ver, epoch, customer, channel, status, status_ver, assignee_ver,
             started_at, activity_at, last_mseq, inbound_count)
         VALUES (?1, 'inbox', 1, ?1, ?1, ?1, 'open', 1, 1, 1, 1, 0, 0)";
    let hold = |to: &mut Write<'_>| {
        for id in 1..=2 {
            to.execute(insert, [uuid::Uuid::from_u128(id).as_bytes()])?;
        }
        Ok::<(), StoreError>(())
    };
    store.write(hold).map(|_| ())
}

/// Puts a text into a composer.
fn write(app: &App, conversation: u128, text: &str) -> Result<(), Error> {
    app.set_draft(ConversationId(uuid::Uuid::from_u128(conversation)), text)
}

fn drafts(app: &App) -> Vec<String> {
    app.unsent().unwrap().drafts.into_iter().map(|draft| draft.text).collect()
}

fn set(app: &App, pragma: &str, value: i64) {
    app.shared().with_store(|store| store.set_for_test(pragma, value)).unwrap();
}

/// The disk holds no page more than there are.
fn fill(app: &App) {
    set(app, "max_page_count", 1);
}

fn make_room(app: &App) {
    set(app, "max_page_count", 1_000_000);
}

#[test]
fn a_full_disk_is_said_and_what_was_there_is_kept() {
    let scene = scene();
    fill(&scene.app);
    let long = "And the red one too. ".repeat(900);
    let error = write(&scene.app, 2, &long).unwrap_err();
    assert_eq!(error, Error::DiskFull);
    insta::assert_snapshot!(
        error.message(Lang::En),
        @"The disk here is full, so nothing new can be saved. What was saved before is kept. Make room; it goes on by itself."
    );
    assert_eq!(drafts(&scene.app), ["Since today!"]);
    make_room(&scene.app);
    write(&scene.app, 2, &long).unwrap();
    assert_eq!(drafts(&scene.app).len(), 2);
    drop(scene.app);
    let again = App::open(AppOptions { offline: true, ..options(scene.folder.path(), &scene.env) }).unwrap();
    assert_eq!(drafts(&again).len(), 2);
}

#[test]
fn what_comes_while_the_disk_is_full_comes_again_once_there_is_room() {
    let scene = scene();
    let pull = scene.wire.0.lock().unwrap().remove(0);
    set(&scene.app, "query_only", 1);
    // An answer that has to be stored: the scopes that are granted.
    let device: DeviceId = scene.app.account().unwrap().device;
    let epoch =
        scene.app.shared().with_store(|store| store.read(Profile::read)).unwrap().unwrap().epoch.unwrap();
    let answer = shopbell_domain::sync::PullAnswer {
        epoch,
        granted: vec![shopbell_domain::sync::Grant {
            scope: shopbell_domain::sync::Scope::Device(device),
            grant: 1,
        }],
        scopes: vec![],
        also: vec![],
        reload: vec![],
        backed_up: None,
    };
    scene.app.take(Event::Answered { id: pull.id, result: Ok(Answer::Pull(answer.clone())) });
    let SyncState::Trouble { reason } = scene.app.status().state else {
        panic!("{:?}", scene.app.status());
    };
    insta::assert_snapshot!(
        reason,
        @"The disk here cannot be written. What was saved before is kept. Check that the app may write in its folder and that the disk is not locked."
    );
    assert_eq!(write(&scene.app, 2, "And the red one too"), Err(Error::DiskReadOnly));
    assert_eq!(drafts(&scene.app), ["Since today!"]);
    set(&scene.app, "query_only", 0);
    scene.wire.0.lock().unwrap().clear();
    scene.app.take(Event::TimerFired(crate::sync::Lane::Pull));
    let again = scene.wire.0.lock().unwrap().remove(0);
    scene.app.take(Event::Answered { id: again.id, result: Ok(Answer::Pull(answer)) });
    assert!(!matches!(scene.app.status().state, SyncState::Trouble { .. }), "{:?}", scene.app.status());
}

#[test]
fn new_tokens_that_cannot_be_kept_are_not_used_and_the_old_ones_stay() {
    let scene = scene();
    let pull = scene.wire.0.lock().unwrap().remove(0);
    let problem = shopbell_domain::sync::Problem::new(shopbell_domain::sync::ProblemKind::SignInAgain);
    let refused = Err(RequestError::Problem(Box::new(problem)));
    scene.app.take(Event::Answered { id: pull.id, result: refused });
    let refresh = scene.wire.0.lock().unwrap().pop().unwrap();
    // A folder in the place of the file: nothing can be written there, whoever one is.
    let beside = scene.folder.path().join("secrets.json.new");
    std::fs::create_dir(&beside).unwrap();
    let refreshed = Refreshed {
        epoch: EpochId::new(scene.env.as_ref()),
        access_token: "access 2".into(),
        access_expires_at: scene.env.now(),
        refresh_token: "refresh 2".into(),
    };
    let answered = |id| {
        scene.app.take(Event::Answered { id, result: Ok(Answer::Refreshed(refreshed.clone())) });
    };
    scene.wire.0.lock().unwrap().clear();
    answered(refresh.id);
    let secrets = || std::fs::read_to_string(scene.folder.path().join("secrets.json")).unwrap();
    assert!(secrets().contains("refresh 1"));
    assert!(matches!(scene.app.status().state, SyncState::Trouble { .. }));
    assert!(scene.wire.0.lock().unwrap().iter().all(|request| request.token.is_none()));
    std::fs::remove_dir(&beside).unwrap();
    scene.app.take(Event::TimerFired(crate::sync::Lane::Refresh));
    let again = scene.wire.0.lock().unwrap().pop().unwrap();
    answered(again.id);
    assert!(secrets().contains("refresh 2"));
}

#[test]
fn nothing_is_deleted_where_signing_out_cannot_be_written_down() {
    let scene = scene();
    std::fs::create_dir(scene.folder.path().join("erasing.new")).unwrap();
    let shared = scene.app.shared();
    assert!(shared.with_store(|store| store.erase(&[])).is_err());
    assert_eq!(drafts(&scene.app), ["Since today!"]);
    assert!(scene.app.account().is_some());
}

#[test]
fn a_removed_device_deletes_everything_where_nothing_can_be_written_down() {
    let scene = scene();
    let pull = scene.wire.0.lock().unwrap().remove(0);
    std::fs::create_dir(scene.folder.path().join("erasing.new")).unwrap();
    let problem = shopbell_domain::sync::Problem::new(shopbell_domain::sync::ProblemKind::DeviceRemoved);
    let removed = Err(RequestError::Problem(Box::new(problem)));
    scene.app.take(Event::Answered { id: pull.id, result: removed });
    assert_eq!(scene.app.status().state, SyncState::Removed);
    assert_eq!(drafts(&scene.app), Vec::<String>::new());
    assert!(!scene.folder.path().join("secrets.json").exists());
    assert!(scene.app.account().is_none());
}

#[test]
fn each_kind_of_failing_disk_is_told_apart() {
    let file = |kind: std::io::ErrorKind| {
        Error::from(StoreError::File { path: "folder".into(), source: kind.into() })
    };
    assert_eq!(file(std::io::ErrorKind::StorageFull), Error::DiskFull);
    assert_eq!(file(std::io::ErrorKind::ReadOnlyFilesystem), Error::DiskReadOnly);
    assert_eq!(file(std::io::ErrorKind::PermissionDenied), Error::DiskReadOnly);
    assert!(matches!(file(std::io::ErrorKind::TimedOut), Error::Storage { .. }));
}
