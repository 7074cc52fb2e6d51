//! Drafts: what a person has begun to write is on disk at once, on their other devices soon, in nobody's way, and never
//! lost to a row of the server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use proptest::prelude::*;
use shopbell_core::domain::draft::{DRAFT_LIMIT_CHARS, Draft};
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::{DRAFT_BODY_LIMIT_BYTES, Entity, ProblemKind, PutDraft, Scope};
use shopbell_core::sync::{Call, Event, LATEST_MS, Lane, QUIET_MS, Request, RequestError};
use shopbell_core::{ConversationId, Error, InboxFilter, MessageId};
use story::phone::answer_from;
use story::{Juniper, Phone, ana_asks};

/// The oldest draft that was sent and not taken.
fn take_draft(phone: &Phone) -> (Request, ConversationId, PutDraft) {
    let request = phone.take("draft");
    match request.call.clone() {
        Call::Draft { conversation, put } => (request, conversation, put),
        other => panic!("{other:?}"),
    }
}

/// Time goes on, and the draft's timer goes off when it is due.
fn wait_ms(phone: &Phone, millis: i64) {
    phone.env.advance_ms(millis);
    if phone.timer_ms(Lane::Draft).is_some_and(|left| left <= 0) {
        phone.fire(Lane::Draft);
    }
}

fn on_server(juniper: &Juniper, conversation: ConversationId) -> Option<(MessageId, String)> {
    let draft: Option<Draft> = juniper.get(Scope::User(juniper.theo), Entity::Draft, conversation.0);
    draft.map(|draft| (draft.message, draft.text))
}

#[test]
fn a_draft_is_on_disk_at_once_and_in_the_list() {
    let (_juniper, mut phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since\ntod").unwrap();
    assert_eq!(phone.app().draft(ana).unwrap(), "Since\ntod");
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Draft: Since tod (1 unread)"]);
    phone.crash();
    assert_eq!(phone.app().draft(ana).unwrap(), "Since\ntod");
    assert!(phone.app().inbox(&shopbell_core::InboxQuery::of(InboxFilter::All)).unwrap()[0].draft);
    phone.app().set_draft(ana, "").unwrap();
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock? (1 unread)"]);
}

#[test]
fn a_draft_is_sent_once_the_person_stops_writing_and_at_the_latest_after_five_seconds() {
    let (mut juniper, phone, ana) = ana_asks();
    for (letters, text) in ["S", "Si", "Sin"].iter().enumerate() {
        phone.app().set_draft(ana, text).unwrap();
        assert_eq!(phone.timer_ms(Lane::Draft), Some(QUIET_MS), "after {letters} letters");
        wait_ms(&phone, 400);
        assert!(!phone.wants("draft"));
    }
    wait_ms(&phone, QUIET_MS - 400);
    let (request, conversation, put) = take_draft(&phone);
    assert_eq!((conversation, put.text.as_str()), (ana, "Sin"));

    // While that is under way the person writes on without a pause.
    let mut written = 0;
    while phone.timer_ms(Lane::Draft) != Some(0) {
        written += 1;
        phone.app().set_draft(ana, &"word ".repeat(written)).unwrap();
        phone.answer(&request, answer_from(&mut juniper, &request.call)); // late, and again and again
        assert!(!phone.wants("draft"));
        phone.env.advance_ms(500);
    }
    assert_eq!(i64::try_from(written).unwrap() * 500, LATEST_MS);
    phone.fire(Lane::Draft);
    assert_eq!(take_draft(&phone).2.text, "word ".repeat(written));
}

#[test]
fn one_is_in_flight_and_the_newest_text_follows() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since").unwrap();
    wait_ms(&phone, QUIET_MS);
    let (first, _, _) = take_draft(&phone);
    for text in ["Since y", "Since yesterday", "Since today"] {
        phone.app().set_draft(ana, text).unwrap();
        wait_ms(&phone, QUIET_MS);
    }
    assert!(!phone.wants("draft"), "one in flight");
    phone.answer(&first, answer_from(&mut juniper, &first.call));
    let (second, _, put) = take_draft(&phone);
    assert_eq!(put.text, "Since today");
    phone.answer(&second, answer_from(&mut juniper, &second.call));
    assert!(!phone.wants("draft"));
    assert_eq!(on_server(&juniper, ana).unwrap().1, "Since today");
}

#[test]
fn a_draft_holds_neither_a_push_nor_a_pull_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since").unwrap();
    wait_ms(&phone, QUIET_MS);
    let (request, _, _) = take_draft(&phone);
    phone.app().star(ana).unwrap();
    phone.poke();
    assert!(phone.wants("push") && phone.wants("pull"));
    phone.fail(&request, RequestError::Unreachable);
    phone.settle(&mut juniper);
    assert_eq!(
        on_server(&juniper, ana).unwrap().1,
        "Since",
        "somebody answered, so it was tried again at once"
    );
}

#[test]
fn a_draft_comes_to_the_other_devices_and_its_message_goes_once() {
    let (mut juniper, phone, ana) = ana_asks();
    let other = Phone::loaded(&mut juniper, 99);
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    other.poke();
    other.settle(&mut juniper);
    assert_eq!(other.app().draft(ana).unwrap(), "Since today");
    assert_eq!(other.list(InboxFilter::All), ["Ana: Draft: Since today (1 unread)"]);

    let sent = other.app().send(ana, "Since today!").unwrap();
    assert_eq!(Some(sent), on_server(&juniper, ana).map(|(message, _)| message), "under the draft's id");
    assert_eq!(other.app().draft(ana).unwrap(), "");
    other.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana), None);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today", "it has not heard yet");
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "");
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
}

#[test]
fn sending_takes_the_draft_away_in_the_same_transaction() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().set_draft(ana, "Since today!").unwrap();
    phone.app().send(ana, "Since today!").unwrap();
    phone.crash();
    assert_eq!(phone.app().draft(ana).unwrap(), "", "the server's row is of the message that waits");
    assert_eq!(phone.list(InboxFilter::All), ["Ana: You: Since today! (1 unread) (1 waiting)"]);
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana), None);
    phone.app().set_draft(ana, "And").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    let next = on_server(&juniper, ana).unwrap();
    assert_ne!(Some(next.0), juniper.messages(ana).last().map(|row| MessageId(row.id)), "another message");
}

#[test]
fn a_refused_reply_does_not_come_back_as_a_draft_too() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    phone.app().send(ana, "Since today").unwrap();
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "");
    assert_eq!(phone.reads(ana)[1], "Me [internal]: Since today");
}

/// Theo began "Since today", sent it, and the server refused it.
fn refused_reply() -> (Juniper, Phone, ConversationId) {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::Internal);
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    (juniper, phone, ana)
}

#[test]
fn a_refused_reply_that_is_deleted_takes_its_draft_along_on_all_devices() {
    let (mut juniper, mut phone, ana) = refused_reply();
    let other = Phone::loaded(&mut juniper, 99);
    assert_eq!(
        other.app().draft(ana).unwrap(),
        "Since today",
        "the words are not only on the phone that failed"
    );
    assert_eq!(phone.app().draft(ana).unwrap(), "");
    let refused = phone.app().outbox().unwrap()[0].id;
    phone.app().delete_unsent(refused).unwrap();
    assert_eq!(phone.app().draft(ana).unwrap(), "");
    phone.crash();
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana), None);
    other.poke();
    other.settle(&mut juniper);
    assert_eq!(other.app().draft(ana).unwrap(), "");
    assert_eq!(phone.app().draft(ana).unwrap(), "");
}

#[test]
fn what_was_written_on_elsewhere_outlives_the_refused_reply() {
    let (mut juniper, phone, ana) = refused_reply();
    let other = Phone::loaded(&mut juniper, 99);
    other.app().set_draft(ana, "Since today, in blue").unwrap();
    wait_ms(&other, QUIET_MS);
    other.settle(&mut juniper);
    phone.poke();
    phone.settle(&mut juniper);
    let refused = phone.app().outbox().unwrap()[0].id;
    phone.app().delete_unsent(refused).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana).unwrap().1, "Since today, in blue");
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today, in blue");
    phone.app().send(ana, "Since today, in blue").unwrap();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today, in blue");
    assert_eq!(on_server(&juniper, ana), None);
}

#[test]
fn an_older_row_of_the_server_never_stands_before_what_is_written_here() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    let elsewhere = PutDraft { message: MessageId(unknown()), text: "Sin".to_owned() };
    juniper.stores_draft(ana, &elsewhere);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today", "its PUT was not answered");
    // A pull leaves, then the PUT is answered, then the pull brings what was there before.
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let before = shopbell_core::sync::Answer::Pull(juniper.pull(&asked));
    wait_ms(&phone, QUIET_MS);
    let (request, _, _) = take_draft(&phone);
    phone.answer(&request, answer_from(&mut juniper, &request.call));
    phone.answer(&pull, before);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today");
    // From the next pull on the server's row stands, whoever wrote it.
    juniper.stores_draft(ana, &PutDraft { text: "Since Monday".to_owned(), ..elsewhere });
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since Monday");
}

#[test]
fn what_is_written_on_after_another_device_sent_it_is_a_draft_of_its_own() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    let other = Phone::loaded(&mut juniper, 99);
    let sent = other.app().send(ana, "Since today").unwrap();
    other.settle(&mut juniper);
    // This phone has not heard of it.
    phone.app().set_draft(ana, "Since today, and the red one too").unwrap();
    wait_ms(&phone, QUIET_MS);
    phone.settle(&mut juniper);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today, and the red one too");
    let (message, text) = on_server(&juniper, ana).unwrap();
    assert_eq!(text, "Since today, and the red one too");
    assert_ne!(message, sent);
    assert_eq!(phone.app().send(ana, &text).unwrap(), message);
}

#[test]
fn a_draft_for_a_conversation_that_is_gone_stays_here_and_is_not_sent_again() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, QUIET_MS);
    let (request, _, _) = take_draft(&phone);
    phone.refuse(&request, ProblemKind::NotFound);
    assert!(!phone.wants("draft"));
    phone.crash();
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana), None);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today");

    juniper.granted.remove(&juniper.inbox_scope());
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().draft(ana).unwrap(), "Since today", "the words are the person's own");
    phone.app().set_draft(ana, "Since").unwrap();
    wait_ms(&phone, QUIET_MS);
    assert!(!phone.wants("draft"));
    phone.app().set_draft(ana, "").unwrap();
    assert_eq!(phone.app().set_draft(ana, "S"), Err(Error::NotFound { id: ana.to_string() }));
    assert_eq!(
        phone.app().set_draft(ConversationId(unknown()), "S").err().map(|error| error.code()),
        Some("not_found")
    );
}

#[test]
fn a_draft_that_is_too_long_leaves_the_one_before() {
    let (_juniper, phone, ana) = ana_asks();
    phone.app().set_draft(ana, "Since").unwrap();
    assert_eq!(phone.app().set_draft(ana, &"x".repeat(20_001)), Err(Error::TextTooLong { limit: 20_000 }));
    assert_eq!(phone.app().draft(ana).unwrap(), "Since");
    phone.app().set_draft(ana, &"x".repeat(20_000)).unwrap();
}

#[test]
fn the_longest_draft_fits_into_a_request_whatever_it_is_written_with() {
    let (mut juniper, phone, ana) = ana_asks();
    for character in ["🦋", "\u{1}", "\"", "語"] {
        let longest = character.repeat(DRAFT_LIMIT_CHARS);
        phone.app().set_draft(ana, &longest).unwrap();
        wait_ms(&phone, QUIET_MS);
        let (request, _, put) = take_draft(&phone);
        assert_eq!(put.text, longest);
        let bytes = request.call.body().unwrap().len();
        assert!(bytes <= DRAFT_BODY_LIMIT_BYTES, "{bytes} bytes of {character:?}");
        phone.answer(&request, answer_from(&mut juniper, &request.call));
        phone.settle(&mut juniper);
        assert_eq!(on_server(&juniper, ana).unwrap().1, longest);
        assert_eq!(phone.app().draft(ana).unwrap(), longest);
    }
}

#[test]
fn pausing_sends_what_was_not_sent() {
    let (mut juniper, phone, ana) = ana_asks();
    let ben = juniper.begins("Ben");
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().set_draft(ana, "Since today").unwrap();
    phone.app().set_draft(ben, "Hello Ben").unwrap();
    phone.app().take(Event::Paused);
    let (first, _, _) = take_draft(&phone);
    phone.answer(&first, answer_from(&mut juniper, &first.call));
    let (second, _, _) = take_draft(&phone);
    phone.answer(&second, answer_from(&mut juniper, &second.call));
    assert!(phone.is_quiet(), "nothing else is begun");
    assert_eq!(on_server(&juniper, ana).unwrap().1, "Since today");
    assert_eq!(on_server(&juniper, ben).unwrap().1, "Hello Ben");

    phone.app().set_draft(ana, "Since").unwrap();
    phone.app().take(Event::GaveUp);
    wait_ms(&phone, LATEST_MS);
    assert!(phone.is_quiet(), "the process sleeps");
    phone.app().take(Event::Resumed);
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana).unwrap().1, "Since");
}

#[test]
fn a_draft_that_was_begun_offline_is_sent_when_the_network_is_back() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().network_changed(false);
    phone.app().set_draft(ana, "Since today").unwrap();
    wait_ms(&phone, LATEST_MS);
    assert!(phone.is_quiet());
    phone.app().network_changed(true);
    phone.settle(&mut juniper);
    assert_eq!(on_server(&juniper, ana).unwrap().1, "Since today");
}

fn unknown() -> uuid::Uuid {
    uuid::Uuid::from_u128(77)
}

#[derive(Clone, Debug)]
enum Step {
    Writes(usize, u8),
    Sends(usize),
    Waits,
    DraftArrives,
    DraftAnswerIsLost,
    Pull,
    Push,
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0usize..2;
    let one = prop_oneof![
        4 => (who.clone(), 0u8..4).prop_map(|(who, text)| Step::Writes(who, text)),
        1 => who.prop_map(Step::Sends),
        3 => Just(Step::Waits),
        3 => Just(Step::DraftArrives),
        1 => Just(Step::DraftAnswerIsLost),
        3 => Just(Step::Pull),
        2 => Just(Step::Push),
        1 => Just(Step::Crash),
    ];
    proptest::collection::vec(one, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// With one device that writes, the composer shows what was written last, at every moment, whatever is under way;
    /// in the end the server has the same.
    #[test]
    fn the_composer_shows_what_was_written_last(steps in steps()) {
        let mut juniper = Juniper::new(1);
        let conversations = [juniper.begins("Ana"), juniper.begins("Ben")];
        let mut phone = Phone::loaded(&mut juniper, 2);
        let mut written = ["", ""];
        for step in &steps {
            match step {
                Step::Writes(who, text) => {
                    written[*who] = ["", "Since", "Since today", "Hello"][usize::from(*text)];
                    phone.app().set_draft(conversations[*who], written[*who]).unwrap();
                }
                Step::Sends(who) => {
                    phone.app().send(conversations[*who], "Hello!").unwrap();
                    written[*who] = "";
                }
                Step::Waits => wait_ms(&phone, QUIET_MS),
                Step::DraftArrives | Step::DraftAnswerIsLost if phone.wants("draft") => {
                    let (request, _, _) = take_draft(&phone);
                    let answer = answer_from(&mut juniper, &request.call);
                    match step {
                        Step::DraftArrives => phone.answer(&request, answer),
                        _ => phone.fail(&request, RequestError::Unreachable),
                    }
                }
                Step::Pull | Step::Push => {
                    phone.app().take(Event::TimerFired(Lane::Pull));
                    let kind = if matches!(step, Step::Pull) { "pull" } else { "push" };
                    if phone.wants(kind) {
                        let request = phone.take(kind);
                        let answer = answer_from(&mut juniper, &request.call);
                        phone.answer(&request, answer);
                    }
                }
                Step::Crash => phone.crash(),
                Step::DraftArrives | Step::DraftAnswerIsLost => {}
            }
            for (conversation, text) in conversations.iter().zip(written) {
                prop_assert_eq!(phone.app().draft(*conversation).unwrap(), text, "after {:?}", step);
            }
        }
        phone.app().take(Event::GaveUp);
        phone.app().take(Event::SyncNow);
        phone.settle(&mut juniper);
        for (conversation, text) in conversations.iter().zip(written) {
            prop_assert_eq!(phone.app().draft(*conversation).unwrap(), text);
            prop_assert_eq!(on_server(&juniper, *conversation).map_or(String::new(), |(_, text)| text), text);
        }
        let (kept, again) = phone.shown_from_scratch();
        prop_assert_eq!(kept, again);
    }
}
