//! A phone whose clock is a year off, or is set right meanwhile: nothing is lost, and nothing waits for a year.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::SyncState;
use shopbell_core::domain::message::Message;
use shopbell_core::domain::sync::ProblemKind;
use shopbell_core::sync::{Answer, Event, Lane};
use story::ana_asks;
use story::phone::Phone;

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

fn journal(phone: &Phone) -> i64 {
    phone.database().query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_session_goes_on_with_a_clock_that_is_a_year_off() {
    for year in [YEAR_MS, -YEAR_MS] {
        let (mut juniper, mut phone, ana) = ana_asks();
        phone.env.advance_ms(year);
        phone.crash();
        let (pull, _) = phone.take_pull();
        phone.refuse(&pull, ProblemKind::SignInAgain);
        let refresh = phone.take("refresh");
        phone.answer(&refresh, Answer::Refreshed(juniper.tokens(2)));
        assert!(phone.wants("pull"), "when a token ends is for the server to say");
        phone.app().send(ana, "Since today!").unwrap();
        phone.settle(&mut juniper);
        assert_eq!(juniper.messages(ana).len(), 2);
        assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
        assert_eq!(phone.app().status().state, SyncState::UpToDate);
    }
}

#[test]
fn what_was_settled_is_remembered_though_the_clock_says_a_year_has_passed() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    assert_eq!(journal(&phone), 1);
    phone.env.advance_ms(YEAR_MS);
    phone.crash();
    assert_eq!(journal(&phone), 1);
    // Settled while the clock is a year late, looked at once it is right again.
    phone.env.advance_ms(-2 * YEAR_MS);
    phone.settle(&mut juniper);
    phone.app().send(ana, "And the red one too").unwrap();
    phone.settle(&mut juniper);
    assert_eq!(journal(&phone), 2);
    phone.env.advance_ms(YEAR_MS);
    phone.crash();
    assert_eq!(journal(&phone), 2);
    // But when a month has truly passed, the server's times say so too.
    phone.settle(&mut juniper);
    let month = 31 * 24 * 60 * 60 * 1_000;
    phone.env.advance_ms(month);
    juniper.env.advance_ms(month);
    juniper.writes(ana, "Hello again");
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    phone.crash();
    assert_eq!(journal(&phone), 0);
}

#[test]
fn a_draft_does_not_wait_for_a_clock_that_was_set_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Hello Ana, we").unwrap();
    phone.env.advance_ms(-YEAR_MS);
    phone.fire(Lane::Draft);
    assert!(phone.wants("draft"), "it leaves now");
    phone.settle(&mut juniper);
    assert_eq!(phone.app().unsent().unwrap().count(), 0);
}

#[test]
fn what_was_written_under_a_wrong_clock_is_sent_in_the_order_in_which_it_was_written() {
    let (mut juniper, phone, ana) = ana_asks();
    for (number, jump) in [YEAR_MS, -2 * YEAR_MS, YEAR_MS].into_iter().enumerate() {
        phone.app().send(ana, &format!("Reply {number}")).unwrap();
        phone.env.advance_ms(jump);
    }
    phone.settle(&mut juniper);
    let texts: Vec<String> =
        juniper.messages(ana).iter().map(|row| row.read::<Message>().unwrap().text).collect();
    assert_eq!(texts[1..], ["Reply 0", "Reply 1", "Reply 2"]);
}
