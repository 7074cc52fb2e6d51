//! What a phone does when it signs in: asks what is granted, loads it page by page, then follows the log.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::message::Message;
use shopbell_core::domain::sync::Scope;
use shopbell_core::sync::{Call, Lane};
use shopbell_core::{InboxFilter, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone};

#[test]
fn the_list_is_there_after_one_load() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Is the blue one back in stock?");
    juniper.answers(juniper.mina, ana, "Since today!");
    let ben = juniper.begins("Ben");
    juniper.writes(ben, "Do you ship to Norway?");
    let phone = Phone::signed_in(&mut juniper, 2);
    assert_eq!(phone.app().status().state, SyncState::Connecting);
    phone.settle(&mut juniper);
    assert_eq!(
        phone.list(InboxFilter::All),
        ["Ben: Do you ship to Norway? (1 unread)", "Ana: Mina: Since today! (1 unread)"]
    );
    assert_eq!(phone.reads(ana), ["Ana: Is the blue one back in stock?", "Mina [sending]: Since today!"]);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
    assert_eq!(phone.integrity(), "ok");
}

#[test]
fn the_phone_asks_what_is_granted_then_loads_the_shop_first() {
    let mut juniper = Juniper::new(1);
    let phone = Phone::signed_in(&mut juniper, 2);
    let (first, pull) = phone.take_pull();
    assert_eq!(pull.scopes, []);
    phone.answer(&first, answer_from(&mut juniper, &first.call));
    // Results and one's own rows are pulled from the start; what is large comes by snapshot, the names first.
    let (_, pull) = phone.take_pull();
    assert!(pull.scopes.iter().all(|asked| asked.cursor == 0));
    let scopes: Vec<Scope> = pull.scopes.iter().map(|asked| asked.scope).collect();
    assert!(matches!(scopes[..], [Scope::Device(_), Scope::User(_)]), "{scopes:?}");
    assert!(matches!(phone.take("snapshot").call, Call::Snapshot { scope: Scope::Shop, page: None }));
}

#[test]
fn loading_goes_on_after_a_crash_and_pulls_from_the_noted_seq() {
    let mut juniper = Juniper::new(1);
    juniper.page_rows = 2;
    let ana = juniper.begins("Ana");
    for number in 1..=5 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let mut phone = Phone::signed_in(&mut juniper, 2);
    let mut pages = 0;
    let mut noted = 0;
    for _ in 0..30 {
        phone.crash();
        for request in phone.requests() {
            if let Call::Snapshot { scope: Scope::Inbox(_), page } = &request.call {
                if page.is_none() {
                    noted = juniper.seq;
                }
                pages += 1;
            }
            phone.answer(&request, answer_from(&mut juniper, &request.call));
        }
        if noted > 0 && juniper.seq == noted {
            // While the pages are read the log goes on: the pull from the noted `seq` must bring this.
            juniper.writes(ana, "Message 6");
        }
    }
    phone.settle(&mut juniper);
    assert_eq!(pages, 4, "seven rows, two a page; a page that was stored is not asked for again");
    assert_eq!(phone.reads(ana).last().unwrap(), "Ana: Message 6");
    assert_eq!(phone.reads(ana).len(), 6);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Message 6 (6 unread)"]);
}

#[test]
fn a_page_of_another_reading_begins_the_loading_again() {
    let mut juniper = Juniper::new(1);
    juniper.page_rows = 1;
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::signed_in(&mut juniper, 2);
    // Everything but the inbox.
    let mut second = None;
    for _ in 0..40 {
        for request in phone.requests() {
            match &request.call {
                Call::Snapshot { scope: Scope::Inbox(_), page: Some(_) } => second = Some(request),
                call => phone.answer(&request, answer_from(&mut juniper, call)),
            }
        }
    }
    let second = second.expect("the second page is asked for");
    let mut page = juniper.snapshot(juniper.inbox_scope(), Some("1@0"));
    page.noted += 7;
    phone.answer(&second, shopbell_core::sync::Answer::Snapshot(page));
    phone.fire(Lane::Snapshot);
    assert!(matches!(phone.take("snapshot").call, Call::Snapshot { page: None, .. }));
}

#[test]
fn a_hole_is_shown_and_closed_by_asking() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=130 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let all = juniper.messages(ana);
    let older: Vec<_> = all.iter().filter(|row| row.read::<Message>().unwrap().mseq <= 80).cloned().collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert_eq!(phone.reads(ana)[..2], ["(80 missing)", "Ana: Message 81"]);
    assert_eq!(phone.reads(ana).len(), 51);

    let app = phone.app().clone();
    for (missing, first) in [(30, "Ana: Message 31"), (0, "Ana: Message 1")] {
        let asked = story::poll_once(app.load_earlier(ana));
        assert!(asked.is_none(), "the answer must come from the server");
        phone.settle(&mut juniper);
        let read = phone.reads(ana);
        if missing > 0 {
            assert_eq!(read[..2], [format!("({missing} missing)"), first.to_owned()]);
        } else {
            assert_eq!(read[0], first);
        }
    }
    // Nothing is before the first message: answered at once, nothing is asked.
    assert!(story::poll_once(app.load_earlier(ana)).unwrap().is_ok());
    assert!(phone.is_quiet());
}

#[test]
fn a_message_from_the_log_before_what_is_held_is_left_to_history() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=60 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let all = juniper.messages(ana);
    let older: Vec<_> = all.iter().filter(|row| row.read::<Message>().unwrap().mseq <= 10).cloned().collect();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    // Message 5 changes: the log brings it, but a lone message 5 would tear a second hole.
    let fifth: Message = all[4].read().unwrap();
    let fifth = Message { text: "Message 5, corrected".into(), ..fifth };
    juniper.put(juniper.inbox_scope(), shopbell_core::domain::sync::Entity::Message, all[4].id, &fifth);
    phone.poke();
    phone.settle(&mut juniper);
    let held: i64 = phone.database().query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    assert_eq!(held, 50);
    // One that is held is changed by the log, wherever it stands.
    let last: Message = all[59].read().unwrap();
    let last = Message { text: "Message 60, corrected".into(), ..last };
    juniper.put(juniper.inbox_scope(), shopbell_core::domain::sync::Entity::Message, all[59].id, &last);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana).last().unwrap(), "Ana: Message 60, corrected");
}
