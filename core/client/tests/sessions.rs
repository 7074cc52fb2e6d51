//! A session that ends keeps everything; a device that was removed keeps nothing; and neither is mistaken for the
//! other.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::sync::ProblemKind;
use shopbell_core::sync::{Answer, Call, Event, Lane, RequestError};
use shopbell_core::{Error, SyncState};
use story::phone::{SERVER, answer_from};
use story::{Phone, ana_asks};

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
    assert_eq!(phone.live(), None);
    assert!(phone.is_quiet());
    // Whoever signs in here later is another device.
    phone.crash();
    assert_eq!(phone.app().status().state, SyncState::NotSignedIn);
    phone.sign_in(&mut juniper);
    assert_ne!(phone.app().account().unwrap().device, pushed.device);
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
