//! What a phone keeps: all open conversations and the newest closed ones, and those that somebody has to do with. What it
//! let go comes back by a head, and its newest messages are asked for.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::{Field, Status};
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::Row;
use shopbell_core::sync::{Answer, Call, Event, RequestError};
use shopbell_core::{ConversationId, Error, InboxFilter};
use story::{Juniper, Phone};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn held(phone: &Phone) -> i64 {
    phone.database().query_row("SELECT count(*) FROM conversation", [], |row| row.get(0)).unwrap()
}

fn is_held(phone: &Phone, conversation: ConversationId) -> bool {
    phone.app().holds(conversation).unwrap()
}

fn pull(juniper: &mut Juniper, phone: &Phone) {
    phone.app().take(Event::SyncNow);
    phone.settle(juniper);
}

/// A closed conversation that says this.
fn closed(juniper: &mut Juniper, name: &str, text: &str) -> ConversationId {
    let conversation = juniper.begins(name);
    juniper.writes(conversation, text);
    juniper.sets_status(conversation, Status::Closed);
    conversation
}

#[test]
fn old_closed_conversations_go_oldest_first_and_those_that_matter_stay() {
    let mut juniper = Juniper::new(1);
    let open = juniper.begins("Open");
    juniper.writes(open, "An open question");
    let names = ["Mine", "Starred", "Opened", "Drafted", "Waiting", "Refused"];
    let [mine, starred, opened, drafted, waiting, refused] =
        names.map(|name| closed(&mut juniper, name, "An old question"));
    let mut head = juniper.head(mine);
    head.assignee = Field::new(Some(juniper.theo));
    juniper.put_head(mine, head);
    let mut head = juniper.head(starred);
    head.starred = true;
    juniper.put_head(starred, head);
    let plain: Vec<ConversationId> =
        (0..250).map(|number| closed(&mut juniper, "Plain", &format!("Plain question {number}"))).collect();
    juniper.env.advance_ms(91 * DAY_MS);
    let young = closed(&mut juniper, "Young", "A young question");
    let mut phone = Phone::loaded(&mut juniper, 2);
    phone.app().conversation(opened).unwrap();
    phone.app().set_draft(drafted, "I will look").unwrap();
    phone.app().send(refused, "A refused reply").unwrap();
    let (push, asked) = phone.take_push();
    let mid = asked.mutations[0].mid;
    juniper.refuses(asked.device, mid, Refusal::TextEmpty);
    let mut none = asked.clone();
    none.mutations.clear();
    phone.answer(&push, Answer::Push(juniper.takes(&none)));
    phone.settle(&mut juniper);
    phone.app().take(Event::NetworkDown);
    phone.app().send(waiting, "A reply that waits").unwrap();
    assert_eq!(held(&phone), 258, "there are fewer than are kept whatever their age");

    let (more, evicted) = phone.evicts(1);
    assert!(more, "a part at a time");
    assert_eq!(evicted, 200);
    assert!(!is_held(&phone, plain[0]) && is_held(&phone, plain[249]), "the oldest first");
    let (more, evicted) = phone.evicts(1);
    assert_eq!((more, evicted), (false, 50));
    for kept in [open, mine, starred, opened, drafted, waiting, refused, young] {
        assert!(is_held(&phone, kept));
    }
    assert_eq!(held(&phone), 8);
    assert_eq!(phone.evicts(1), (false, 0));
    assert_eq!(phone.finds("plain question"), Vec::<String>::new(), "nothing is found that is not held");
    phone.check_index();
    let (kept, anew) = phone.shown_from_scratch();
    assert_eq!(kept, anew);
}

#[test]
fn the_larger_of_the_newest_and_of_ninety_days_is_kept() {
    let mut juniper = Juniper::new(1);
    let all: Vec<ConversationId> = (0..6).map(|_| closed(&mut juniper, "Cleo", "Thank you")).collect();
    juniper.env.advance_ms(80 * DAY_MS);
    closed(&mut juniper, "Dora", "Thank you");
    let mut phone = Phone::loaded(&mut juniper, 2);
    assert_eq!(phone.evicts(2), (false, 0), "all are younger than ninety days, more than the two newest");
    juniper.env.advance_ms(20 * DAY_MS);
    closed(&mut juniper, "Emma", "Thank you");
    pull(&mut juniper, &phone);
    // The device's clock decides nothing about what is old.
    phone.env.advance_ms(1_000 * DAY_MS);
    assert_eq!(phone.evicts(4), (false, 4));
    assert_eq!(held(&phone), 4);
    assert!(is_held(&phone, all[4]) && !is_held(&phone, all[3]), "among the four newest");
}

#[test]
fn an_opened_conversation_is_kept_for_thirty_days() {
    let mut juniper = Juniper::new(1);
    let cleo = closed(&mut juniper, "Cleo", "Thank you");
    juniper.env.advance_ms(100 * DAY_MS);
    closed(&mut juniper, "Dora", "Thank you");
    let mut phone = Phone::loaded(&mut juniper, 2);
    phone.app().conversation(cleo).unwrap();
    phone.env.advance_ms(30 * DAY_MS);
    assert_eq!(phone.evicts(1), (false, 0));
    phone.app().conversation(cleo).unwrap();
    phone.env.advance_ms(30 * DAY_MS + 1);
    assert_eq!(phone.evicts(1), (false, 1));
    assert!(!is_held(&phone, cleo));
    assert_eq!(phone.app().conversation(cleo), Err(Error::NotFound { id: cleo.to_string() }));
}

#[test]
fn what_was_let_go_comes_back_with_its_newest_messages() {
    let mut juniper = Juniper::new(1);
    let cleo = juniper.begins("Cleo");
    for number in 1..=70 {
        juniper.writes(cleo, &format!("Message {number}"));
    }
    juniper.sets_status(cleo, Status::Closed);
    juniper.env.advance_ms(100 * DAY_MS);
    closed(&mut juniper, "Dora", "Thank you");
    let mut phone = Phone::loaded(&mut juniper, 2);
    assert_eq!(phone.evicts(1), (false, 1));
    // Cleo writes again.
    juniper.writes(cleo, "Message 71");
    juniper.sets_status(cleo, Status::Open);
    phone.poke();
    let (asked, question) = phone.take_pull();
    phone.answer(&asked, Answer::Pull(juniper.pull(&question)));
    assert_eq!(phone.list(InboxFilter::All), ["Cleo: Message 71 (71 unread)"]);
    assert_eq!(
        phone.reads(cleo),
        ["(70 missing)", "Ana: Message 71"].map(|line| line.replace("Ana", "Cleo"))
    );
    let asked = phone.take("history");
    assert!(matches!(asked.call, Call::History { before: 72, limit: 50, .. }), "{asked:?}");
    // Nobody answers: it is asked again after the next complete pull, also when the process died meanwhile.
    phone.fail(&asked, RequestError::Unreachable);
    assert!(!phone.wants("history"));
    phone.crash();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(cleo)[..2], ["(21 missing)", "Cleo: Message 22"]);
    assert_eq!(phone.reads(cleo).len(), 51, "the window did not grow by itself");
    pull(&mut juniper, &phone);
    assert!(phone.is_quiet(), "it is asked once");
}

#[test]
fn a_closed_conversation_that_becomes_mine_gets_its_newest_messages() {
    let mut juniper = Juniper::new(1);
    let cleo = closed(&mut juniper, "Cleo", "Thank you");
    let messages: Vec<Row> = juniper.messages(cleo);
    juniper.forget_in_snapshot(&messages);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&messages);
    assert_eq!(phone.reads(cleo), ["(1 missing)"], "of what is closed a snapshot brings the head only");
    let mut head = juniper.head(cleo);
    head.assignee = Field::new(Some(juniper.theo));
    juniper.put_head(cleo, head);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(cleo), ["Cleo: Thank you"]);
}

/// More conversations than are kept, through the phone's own door: once a day, after a complete pull.
#[test]
fn it_happens_by_itself_once_a_day() {
    let mut juniper = Juniper::new(1);
    let first = closed(&mut juniper, "Cleo", "Thank you");
    let customer = juniper.head(first).customer;
    let channel = juniper.channel;
    for _ in 0..10_000 {
        let one = juniper.comes_back(channel, customer);
        let mut head = juniper.head(one);
        head.status = Field::new(Status::Closed);
        head.activity_at = head.activity_at.plus_ms(1_000);
        juniper.put_head(one, head);
    }
    let phone = Phone::loaded(&mut juniper, 2);
    assert_eq!(held(&phone), 10_001, "none is older than ninety days");
    juniper.env.advance_ms(100 * DAY_MS);
    juniper.begins("Dora");
    pull(&mut juniper, &phone);
    assert_eq!(held(&phone), 10_002, "it was looked for today already");
    phone.env.advance_ms(DAY_MS);
    pull(&mut juniper, &phone);
    assert_eq!(held(&phone), 10_001, "those of the same moment stay together");
    assert!(!is_held(&phone, first));
}
