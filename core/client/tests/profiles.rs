//! Several people and several shops on one phone, each in a folder of their own, over a real socket.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use shopbell_core::{App, AppOptions, Error, Lang, ProfileRow, Profiles, SignOut, SystemEnv};
use story::Juniper;
use story::server::Server;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A shop where Ana wrote, a phone on which nobody has signed in, and a runtime to wait on.
struct Scene {
    server: Server,
    profiles: Profiles,
    root: TempDir,
    runtime: Runtime,
}

fn options(folder: &Path) -> AppOptions {
    AppOptions {
        folder: folder.to_owned(),
        device_name: "the counter's tablet".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: false,
        env: Arc::new(SystemEnv),
    }
}

impl Scene {
    fn begin() -> Scene {
        let mut juniper = Juniper::new(1);
        let ana = juniper.begins("Ana");
        juniper.writes(ana, "Is the blue one back in stock?");
        let root = tempfile::tempdir().unwrap();
        let profiles = Profiles::new(options(root.path())).unwrap();
        Scene { server: Server::start(juniper), profiles, root, runtime: Runtime::new().unwrap() }
    }

    fn sign_in(&self, password: &str) -> Result<App, Error> {
        let address = &self.server.address;
        self.runtime.block_on(self.profiles.sign_in(address, "theo@juniper.example", password, None))
    }

    fn mina_signs_in(&self) -> Result<App, Error> {
        let mina = self.server.juniper().mina;
        self.server.signs_in_as(mina);
        self.sign_in("correct horse")
    }

    fn theo_signs_in(&self) -> Result<App, Error> {
        let theo = self.server.juniper().theo;
        self.server.signs_in_as(theo);
        self.sign_in("correct horse")
    }

    fn only_folder(&self) -> PathBuf {
        let mut folders = std::fs::read_dir(self.root.path()).unwrap().map(|entry| entry.unwrap().path());
        let folder = folders.next().unwrap();
        assert_eq!(folders.next(), None);
        folder
    }

    fn folders(&self) -> usize {
        std::fs::read_dir(self.root.path()).unwrap().count()
    }
}

fn synced(scene: &Scene, app: &App) {
    scene.runtime.block_on(app.sync()).unwrap();
}

#[test]
fn each_person_has_a_database_and_a_device_id_of_their_own() {
    let scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    theo.send(scene.server.juniper().conversations()[0], "Since today!").unwrap();
    let mina = scene.mina_signs_in().unwrap();
    let (of_theo, of_mina) = (theo.account().unwrap(), mina.account().unwrap());
    assert_ne!(of_theo.device, of_mina.device);
    assert_ne!(of_theo.staff.id, of_mina.staff.id);
    assert_eq!(mina.unsent().unwrap().count(), 0, "nothing of his");
    let rows = scene.profiles.list().unwrap();
    let accounts: Vec<_> = rows.iter().map(|row| row.account.clone().unwrap()).collect();
    assert_eq!(accounts.len(), 2);
    assert!(accounts.contains(&of_theo) && accounts.contains(&of_mina));
    assert!(rows.iter().all(|row| row.signed_in));
    assert_eq!(scene.folders(), 2, "nothing else is left");
}

#[test]
fn whoever_signs_in_again_finds_what_they_left() {
    let scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    let account = theo.account().unwrap();
    theo.stop();
    theo.set_draft(scene.server.juniper().conversations()[0], "And the red").unwrap();
    let before = theo.unsent().unwrap();
    assert!(matches!(scene.theo_signs_in(), Err(Error::InUse)), "his profile is open");
    drop(theo);
    let again = scene.theo_signs_in().unwrap();
    assert_eq!(again.account().unwrap(), account, "the device id too");
    assert_eq!(again.draft(scene.server.juniper().conversations()[0]).unwrap(), before.drafts[0].text);
    assert_eq!(scene.folders(), 1);
}

#[test]
fn whoever_signs_in_again_finds_what_they_left_though_the_secrets_are_damaged() {
    let scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    let account = theo.account().unwrap();
    theo.stop();
    theo.set_draft(scene.server.juniper().conversations()[0], "And the red").unwrap();
    let before = theo.unsent().unwrap();
    drop(theo);
    std::fs::write(scene.only_folder().join("secrets.json"), "{\"device\":").unwrap();
    let again = scene.theo_signs_in().unwrap();
    assert_eq!(again.account().unwrap(), account, "the device id too: the database has it");
    assert_eq!(again.draft(scene.server.juniper().conversations()[0]).unwrap(), before.drafts[0].text);
    assert_eq!(scene.folders(), 1);
}

#[test]
fn what_is_not_sent_is_not_removed_because_it_is_not_known_whose_it_is() {
    let scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    theo.stop();
    theo.send(scene.server.juniper().conversations()[0], "Since today!").unwrap();
    drop(theo);
    let folder = scene.only_folder();
    let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
    database.execute("UPDATE profile SET shop = NULL, staff = NULL", []).unwrap();
    drop(database);
    let id = folder.file_name().unwrap().to_string_lossy().into_owned();
    let remove = |how| scene.runtime.block_on(scene.profiles.remove(&id, how));
    assert_eq!(remove(SignOut::IfNothingUnsent), Err(Error::Unsent { count: 1 }));
    assert_eq!(remove(SignOut::SendFirst), Err(Error::Unsent { count: 1 }));
    assert_eq!(scene.folders(), 1);
    assert_eq!(remove(SignOut::DeleteUnsent), Ok(()));
    assert_eq!(scene.folders(), 0);
}

#[test]
fn what_is_brought_back_to_a_restored_server_counts_as_not_sent() {
    let scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    theo.stop();
    theo.send(scene.server.juniper().conversations()[0], "Since today!").unwrap();
    drop(theo);
    let folder = scene.only_folder();
    let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
    let replay = "{\"epoch\":\"00000000-0000-0000-0000-000000000001\",\"seq\":1}";
    database.execute("UPDATE outbox SET replay = ?1", [replay]).unwrap();
    drop(database);
    let id = folder.file_name().unwrap().to_string_lossy().into_owned();
    let removed = scene.runtime.block_on(scene.profiles.remove(&id, SignOut::IfNothingUnsent));
    assert_eq!(removed, Err(Error::Unsent { count: 1 }));
    let theo = scene.profiles.open(&id).unwrap();
    let unsent = theo.unsent().unwrap();
    assert_eq!((unsent.changes.len(), unsent.others, unsent.count()), (0, 1, 1));
}

#[test]
fn a_sign_in_that_fails_leaves_nothing() {
    let scene = Scene::begin();
    assert!(matches!(scene.sign_in("wrong"), Err(Error::WrongPassword)));
    assert!(matches!(scene.sign_in("two shops"), Err(Error::ChooseShop { .. })));
    assert_eq!(scene.folders(), 0);
    // One that was broken off is swept at the next start.
    let broken_off = scene.root.path().join("signing-in-0000000000000001");
    drop(App::open(options(&broken_off)).unwrap());
    assert_eq!(scene.profiles.list().unwrap(), []);
    Profiles::new(options(scene.root.path())).unwrap();
    assert_eq!(scene.folders(), 0);
}

#[test]
fn one_is_removed_and_the_others_stay() {
    let scene = Scene::begin();
    let (theo, mina) = (scene.theo_signs_in().unwrap(), scene.mina_signs_in().unwrap());
    synced(&scene, &theo);
    theo.stop();
    let of_mina = mina.account();
    theo.set_draft(scene.server.juniper().conversations()[0], "And the red").unwrap();
    let rows = scene.profiles.list().unwrap();
    let id_of = |app: &App| {
        let row = rows.iter().find(|row| row.account == app.account()).unwrap();
        row.id.clone()
    };
    let (his, hers) = (id_of(&theo), id_of(&mina));
    let remove = |how| scene.runtime.block_on(scene.profiles.remove(&his, how));
    assert_eq!(remove(SignOut::DeleteUnsent), Err(Error::InUse));
    drop((theo, mina));
    assert_eq!(remove(SignOut::IfNothingUnsent), Err(Error::Unsent { count: 1 }));
    assert_eq!(remove(SignOut::DeleteUnsent), Ok(()));
    assert_eq!(
        scene.profiles.list().unwrap(),
        [ProfileRow { id: hers.clone(), account: of_mina, signed_in: true }]
    );
    assert!(matches!(scene.profiles.open(&his), Err(Error::NotFound { .. })));
    assert!(matches!(scene.profiles.open("../etc"), Err(Error::NotFound { .. })));
    assert!(scene.profiles.open(&hers).is_ok());
    assert_eq!(scene.folders(), 1);
}

#[test]
fn what_waits_is_sent_before_signing_out_and_the_server_is_told() {
    let mut scene = Scene::begin();
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    let ana = scene.server.juniper().conversations()[0];
    theo.stop();
    theo.send(ana, "Since today!").unwrap();
    theo.set_draft(ana, "And the red").unwrap();
    assert_eq!(
        scene.runtime.block_on(theo.sign_out(SignOut::IfNothingUnsent)),
        Err(Error::Unsent { count: 2 })
    );
    assert_eq!(scene.server.signed_out(), 0);
    assert_eq!(scene.runtime.block_on(theo.sign_out(SignOut::SendFirst)), Ok(()));
    assert_eq!(scene.server.juniper().messages(ana).len(), 2);
    assert_eq!(scene.server.signed_out(), 1);
    assert_eq!(theo.account(), None);
    assert_eq!(scene.profiles.list().unwrap(), []);
    drop(theo);
    // Without a server it says that sending cannot be, and keeps everything; with nothing unsent it goes all the same.
    let theo = scene.theo_signs_in().unwrap();
    synced(&scene, &theo);
    theo.stop();
    scene.server.gone();
    theo.set_draft(ana, "And the blue").unwrap();
    let unreachable = scene.runtime.block_on(theo.sign_out(SignOut::SendFirst));
    assert!(matches!(unreachable, Err(Error::Unreachable { .. })), "{unreachable:?}");
    assert_eq!(theo.unsent().unwrap().count(), 1);
    theo.set_draft(ana, "").unwrap();
    assert_eq!(scene.runtime.block_on(theo.sign_out(SignOut::SendFirst)), Ok(()));
}

#[test]
fn another_server_is_another_database() {
    let scene = Scene::begin();
    let here = scene.theo_signs_in().unwrap();
    let elsewhere = Server::start(Juniper::new(1)); // a copy: the same ids
    let there = scene.runtime.block_on(scene.profiles.sign_in(
        &elsewhere.address,
        "theo@juniper.example",
        "correct horse",
        None,
    ));
    let there = there.unwrap();
    assert_eq!(there.account().unwrap().staff, here.account().unwrap().staff);
    assert_ne!(there.account().unwrap().device, here.account().unwrap().device);
    assert_eq!(scene.profiles.list().unwrap().len(), 2);
}
