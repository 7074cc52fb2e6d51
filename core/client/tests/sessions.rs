//! A session that ends keeps everything; a device that was removed keeps nothing; and neither is mistaken for the
//! other.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::path::Path;

use shopbell_core::domain::sync::ProblemKind;
use shopbell_core::sync::{Answer, Call, Event, Lane, RequestError};
use shopbell_core::{Error, Lang, Notice, SignOut, SyncState};
use story::phone::{SERVER, answer_from};
use story::{Phone, ana_asks, poll_once};

fn secrets(phone: &Phone) -> String {
    std::fs::read_to_string(phone.folder().join("secrets.json")).unwrap_or_default()
}

#[test]
fn an_ended_token_is_replaced_once_and_everything_goes_on() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.poke();
    let ((push, _), (pull, _)) = (phone.take_push(), phone.take_pull());
    phone.refuse(&push, ProblemKind::SignInAgain);
    phone.refuse(&pull, ProblemKind::SignInAgain);
    let refresh = phone.take("refresh");
    let Call::Refresh(asked) = &refresh.call else { panic!() };
    assert_eq!(asked.refresh_token, "refresh 1");
    assert!(refresh.token.is_none() && phone.is_quiet(), "one refresh, and nothing else leaves before it");

    phone.answer(&refresh, Answer::Refreshed(juniper.tokens(2)));
    let (pull, _) = phone.take_pull();
    assert_eq!(pull.token.as_ref().unwrap().0, "access 2");
    assert!(secrets(&phone).contains("refresh 2"), "on disk before it is used");
    let answer = answer_from(&mut juniper, &pull.call);
    phone.answer(&pull, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_late_refusal_of_the_old_token_does_not_refresh_again() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.poke();
    let ((push, _), (pull, _)) = (phone.take_push(), phone.take_pull());
    phone.refuse(&pull, ProblemKind::SignInAgain);
    let refresh = phone.take("refresh");
    phone.answer(&refresh, Answer::Refreshed(juniper.tokens(2)));
    phone.refuse(&push, ProblemKind::SignInAgain);
    assert!(!phone.wants("refresh"));
    let (push, _) = phone.take_push();
    assert_eq!(push.token.as_ref().unwrap().0, "access 2");
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_refresh_whose_answer_was_lost_is_made_again_with_the_same_token() {
    let (juniper, mut phone, _) = ana_asks();
    phone.poke();
    let (pull, _) = phone.take_pull();
    phone.refuse(&pull, ProblemKind::SignInAgain);
    let lost = phone.take("refresh");
    phone.fail(&lost, RequestError::Unreachable);
    phone.fire(Lane::Refresh);
    let again = phone.take("refresh");
    phone.crash();
    phone.requests().into_iter().for_each(|request| phone.refuse(&request, ProblemKind::SignInAgain));
    let after_crash = phone.take("refresh");
    for request in [&lost, &again, &after_crash] {
        let Call::Refresh(asked) = &request.call else { panic!() };
        assert_eq!(asked.refresh_token, "refresh 1");
    }
    phone.answer(&after_crash, Answer::Refreshed(juniper.tokens(2)));
    assert!(phone.wants("pull"));
}

#[test]
fn a_session_that_ended_keeps_everything_and_asks_to_sign_in_again() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (push, _) = phone.take_push();
    phone.refuse(&push, ProblemKind::SignInAgain);
    let refresh = phone.take("refresh");
    phone.refuse(&refresh, ProblemKind::SignInAgain);
    let account = phone.app().account().unwrap();
    for _ in 0..2 {
        assert_eq!(phone.app().status().state, SyncState::SignInAgain);
        assert!(phone.is_quiet());
        assert_eq!(phone.live(), None);
        assert_eq!(phone.reads(ana)[1], "Me [waiting]: Since today!");
        phone.app().send(ana, "And the red one too").unwrap();
        phone.crash();
    }
    phone.sign_in(&mut juniper);
    assert_eq!(phone.app().account().unwrap(), account, "the device id too");
    phone.settle(&mut juniper);
    assert_eq!(juniper.messages(ana).len(), 4);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_page_of_somebody_in_between_ends_no_session() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.poke();
    let (pull, _) = phone.take_pull();
    phone.fail(&pull, RequestError::Garbled); // a hotel's sign-in page
    assert!(matches!(phone.app().status().state, SyncState::Trouble { .. }));
    phone.fire(Lane::Pull);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
    assert_eq!(phone.reads(ana).len(), 1);
}

#[test]
fn a_removed_device_deletes_everything() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (push, pushed) = phone.take_push();
    phone.refuse(&push, ProblemKind::DeviceRemoved);
    assert_eq!(phone.app().status().state, SyncState::Removed);
    assert_eq!(phone.app().account(), None);
    assert_eq!(phone.app().conversation(ana), Err(Error::NotFound { id: ana.to_string() }));
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.dump(), Vec::<String>::new());
    assert_eq!(secrets(&phone), "");
    assert_nothing_is_left(&phone, &["Since today!", "blue one", "Ana", "Theo", "refresh 1", SERVER]);
    let at = phone.app_now();
    assert_eq!(phone.app().notices().unwrap(), [Notice::Removed { at }]);
    assert_eq!(phone.live(), None);
    assert!(phone.is_quiet());
    // Whoever signs in here later is another device.
    phone.crash();
    assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
    assert_eq!(phone.app().notices().unwrap().len(), 1, "until the person has read it");
    phone.app().dismiss_notices().unwrap();
    assert_eq!(phone.app().notices().unwrap(), []);
    phone.sign_in(&mut juniper);
    assert_ne!(phone.app().account().unwrap().device, pushed.device);
}

/// The words are in no file of the folder, whatever it is called.
fn assert_nothing_is_left(phone: &Phone, words: &[&str]) {
    fn look(folder: &Path, words: &[&str]) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, words);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for word in words {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} is in {}", path.display());
            }
        }
    }
    look(phone.folder(), words);
}

const HOW: [SignOut; 2] = [SignOut::IfNothingUnsent, SignOut::DeleteUnsent];

#[test]
fn signing_out_says_what_would_be_lost_and_deletes_nothing_before() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.app().set_draft(ana, "And the red").unwrap();
    let error = poll_once(phone.app().sign_out(SignOut::IfNothingUnsent)).unwrap().unwrap_err();
    assert_eq!(error, Error::Unsent { count: 2 });
    insta::assert_snapshot!(
        error.message(Lang::En),
        @"2 changes have not been sent yet and would be deleted. Nothing was deleted; send or export them first."
    );
    insta::assert_snapshot!(phone.app().export_unsent().unwrap(), @r"
    Not sent yet by Theo at Juniper

    For Ana, waiting to be sent: Since today!

    For Ana, a draft: And the red
    ");
    // Where sending cannot be, it says so.
    assert!(poll_once(phone.app().sign_out(SignOut::SendFirst)).unwrap().is_err());
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().unsent().unwrap().count(), 0);
    assert_eq!(juniper.messages(ana).len(), 2);
}

#[test]
fn signing_out_leaves_nothing_on_the_disk() {
    for how in HOW {
        let (mut juniper, mut phone, ana) = ana_asks();
        if how == SignOut::DeleteUnsent {
            phone.app().send(ana, "Since today!").unwrap();
            phone.app().set_draft(ana, "And the red one").unwrap();
        }
        let device = phone.app().account().unwrap().device;
        let spool = phone.folder().join("spool");
        std::fs::create_dir(&spool).unwrap();
        std::fs::write(spool.join("1"), "Ana: Is the blue one back in stock?").unwrap();
        std::fs::write(phone.folder().join("letter.txt"), "not ours").unwrap();
        assert_eq!(poll_once(phone.app().sign_out(how)), Some(Ok(())));
        let words = ["Since today!", "And the red", "blue one", "Ana", "Theo", "refresh 1", SERVER];
        assert_nothing_is_left(&phone, &words);
        assert_eq!(std::fs::read_to_string(phone.folder().join("letter.txt")).unwrap(), "not ours");
        assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
        assert_eq!(phone.app().account(), None);
        assert_eq!(phone.app().notices().unwrap(), []);
        assert_eq!(poll_once(phone.app().sign_out(how)), Some(Err(Error::NotSignedIn)));
        phone.requests();
        phone.app().take(Event::SyncNow);
        assert!(phone.is_quiet());
        phone.crash();
        assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
        // One device id a database: the next one is another device.
        phone.sign_in(&mut juniper);
        assert_ne!(phone.app().account().unwrap().device, device);
        phone.settle(&mut juniper);
        assert_eq!(phone.reads(ana).len(), 1, "what was deleted unsent was not sent");
    }
}

#[test]
fn a_late_answer_brings_nothing_back_after_signing_out() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.poke();
    let (pull, _) = phone.take_pull();
    juniper.writes(ana, "Hello?");
    let answer = answer_from(&mut juniper, &pull.call);
    assert_eq!(poll_once(phone.app().sign_out(SignOut::IfNothingUnsent)), Some(Ok(())));
    phone.answer(&pull, answer);
    assert_nothing_is_left(&phone, &["Hello?", "blue one"]);
    assert_eq!(phone.dump(), Vec::<String>::new());
}

#[test]
fn deleting_that_was_broken_off_is_gone_on_with_before_anything_is_shown() {
    let (_, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| std::fs::write(folder.join("erasing"), "").unwrap());
    assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
    assert_nothing_is_left(&phone, &["Since today!", "blue one", "refresh 1"]);
    assert!(!phone.folder().join("erasing").exists());
}

#[test]
fn nobody_signs_in_to_somebody_elses_database() {
    let (mut juniper, phone, ana) = ana_asks();
    let theo = phone.app().account().unwrap();
    let mut answer = juniper.sign_in_theo(theo.device);
    (answer.staff.id, answer.staff.name) = (juniper.mina, "Mina".to_owned());
    phone.app().take(Event::SignedIn { server: SERVER.to_owned(), answer: Box::new(answer) });
    assert_eq!(phone.app().account().unwrap(), theo);
    assert_eq!(phone.reads(ana).len(), 1);
}

#[test]
fn the_device_id_survives_the_loss_of_the_database() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let device = phone.app().account().unwrap().device;
    phone.lose_database();
    assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
    phone.sign_in(&mut juniper);
    assert_eq!(phone.app().account().unwrap().device, device);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana).len(), 1);
}

#[test]
fn a_live_connection_whose_token_ended_gets_a_new_one() {
    let (juniper, phone, _) = ana_asks();
    let number = phone.live().unwrap();
    phone.app().take(Event::LiveClosed { number, token_ended: true });
    let refresh = phone.take("refresh");
    phone.answer(&refresh, Answer::Refreshed(juniper.tokens(2)));
    assert_eq!(phone.live(), Some(number + 1));
    // Once more without a word that it was good: not again at once.
    phone.app().take(Event::LiveClosed { number: number + 1, token_ended: true });
    assert!(!phone.wants("refresh"));
    assert!(phone.timer_ms(Lane::Live).is_some());
}

#[cfg(unix)]
#[test]
fn tokens_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_, phone, _) = ana_asks();
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(phone.folder().join("secrets.json")), 0o600);
    assert!(!phone.dump().iter().any(|row| row.contains("refresh 1") || row.contains("access 1")));
    assert!(phone.dump().iter().any(|row| row.contains(SERVER)));
}
