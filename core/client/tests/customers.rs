//! What staff note down about customers and how they sort their conversations: tags, notes, stars, what is marked unread.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::mutation::add_tag::AddTag;
use shopbell_core::domain::mutation::edit_note::EditNote;
use shopbell_core::domain::note::{NOTES_LIMIT, NOTES_WITH_CONFLICTS_LIMIT};
use shopbell_core::domain::sync::Entity;
use shopbell_core::{
    ConversationId, CustomerListener, CustomerView, Error, InboxFilter, NoteId, OutboxState,
};
use story::phone::answer_from;
use story::{Phone, ana_asks};

/// The notes as a person reads them, newest first.
fn notes(phone: &Phone, conversation: ConversationId) -> Vec<String> {
    let view = phone.app().customer(conversation).unwrap();
    view.notes
        .iter()
        .map(|note| {
            let mut line = format!("{}: {}", note.author, note.text);
            for (there, word) in [
                (note.edited_at.is_some(), " (edited)"),
                (note.conflicts_with.is_some(), " (conflict)"),
                (note.waiting, " (waiting)"),
            ] {
                if there {
                    line.push_str(word);
                }
            }
            line
        })
        .collect()
}

fn tags(phone: &Phone, conversation: ConversationId) -> Vec<String> {
    phone.app().customer(conversation).unwrap().tags.iter().map(|tag| tag.as_str().to_owned()).collect()
}

#[test]
fn a_tag_is_on_every_conversation_of_the_customer_at_once() {
    let (mut juniper, phone, ana) = ana_asks();
    let customer = juniper.head(ana).customer;
    let second = juniper.comes_back(juniper.channel, customer);
    juniper.writes(second, "Hello again");
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().add_tag(ana, "  VIP ").unwrap();
    phone.app().add_tag(ana, "wholesale").unwrap();
    let tagged = [
        "Ana: Hello again (1 unread) #VIP #wholesale",
        "Ana: Is the blue one back in stock? (1 unread) #VIP #wholesale",
    ];
    assert_eq!(phone.list(InboxFilter::All), tagged);
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All), tagged);

    assert_eq!(phone.app().add_tag(second, "vip").unwrap(), None, "they have it");
    assert_eq!(phone.app().remove_tag(second, "loud").unwrap(), None, "they do not have it");
    phone.app().remove_tag(second, "vip").unwrap();
    assert_eq!(tags(&phone, ana), ["wholesale"]);
    phone.settle(&mut juniper);
    assert_eq!(tags(&phone, ana), ["wholesale"]);
}

#[test]
fn colleagues_who_tag_at_the_same_time_do_not_disturb_each_other() {
    let (mut juniper, phone, ana) = ana_asks();
    let customer = juniper.head(ana).customer;
    phone.app().add_tag(ana, "VIP").unwrap();
    let add = Operation::AddTag(AddTag { customer, tag: "press".to_owned() });
    juniper.changes_customer(juniper.mina, &add, None).unwrap();
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(tags(&phone, ana), ["press", "VIP"]);
}

#[test]
fn what_cannot_be_a_tag_or_a_note_is_refused_at_once_and_nothing_is_written() {
    let (_juniper, phone, ana) = ana_asks();
    let app = phone.app();
    for empty in ["", "   ", "\u{200B}\t"] {
        assert_eq!(app.add_tag(ana, empty), Err(Error::TextEmpty));
        assert_eq!(app.add_note(ana, empty), Err(Error::TextEmpty));
    }
    assert_eq!(app.add_tag(ana, &"long ".repeat(9)), Err(Error::TextTooLong { limit: 40 }));
    assert_eq!(app.add_note(ana, &"1 MB".repeat(1 << 18)), Err(Error::TextTooLong { limit: 10_000 }));
    assert_eq!(app.edit_note(ana, NoteId(ana.0), "Hello"), Err(Error::NotFound { id: ana.to_string() }));
    let nowhere = ConversationId(unknown());
    assert_eq!(app.add_tag(nowhere, "VIP"), Err(Error::NotFound { id: nowhere.to_string() }));
    assert_eq!(app.outbox().unwrap(), []);

    for number in 0..100 {
        app.add_tag(ana, &format!("tag {number}")).unwrap();
    }
    assert_eq!(app.add_tag(ana, "one more"), Err(Error::TooManyTags { limit: 100 }));
    insta::assert_snapshot!(
        app.add_tag(ana, "one more").unwrap_err().message(shopbell_core::Lang::En),
        @"A customer carries at most 100 tags. Take one away, then add this one."
    );
    assert_eq!(app.add_tag(ana, "TAG 7").unwrap(), None);
}

fn unknown() -> uuid::Uuid {
    uuid::Uuid::from_u128(77)
}

#[test]
fn a_note_is_written_edited_and_deleted_without_a_network() {
    let (mut juniper, phone, ana) = ana_asks();
    let app = phone.app();
    let first = app.add_note(ana, "Prefers blue.").unwrap();
    app.add_note(ana, "Lives in Lyon.").unwrap();
    assert_eq!(notes(&phone, ana), ["Theo: Lives in Lyon. (waiting)", "Theo: Prefers blue. (waiting)"]);
    app.edit_note(ana, first, "Prefers dark blue.").unwrap();
    assert_eq!(app.edit_note(ana, first, "Prefers dark blue.").unwrap(), None, "it says so");
    let edited = ["Theo: Lives in Lyon. (waiting)", "Theo: Prefers dark blue. (edited) (waiting)"];
    assert_eq!(notes(&phone, ana), edited);
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), ["Theo: Lives in Lyon.", "Theo: Prefers dark blue. (edited)"]);
    app.delete_note(ana, first).unwrap();
    assert_eq!(notes(&phone, ana), ["Theo: Lives in Lyon."]);
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), ["Theo: Lives in Lyon."]);
    assert_eq!(juniper.notes(juniper.head(ana).customer).len(), 1);
}

#[test]
fn an_edit_of_what_a_colleague_edited_meanwhile_is_kept_beside_it_and_a_delete_is_refused() {
    let (mut juniper, phone, ana) = ana_asks();
    let customer = juniper.head(ana).customer;
    let note = phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    let edit = |text: &str| Operation::EditNote(EditNote { customer, note, text: text.to_owned() });
    let base = juniper.notes(customer)[&note].text.base();
    phone.app().edit_note(ana, note, "Prefers dark blue.").unwrap();
    let (push, _) = phone.take_push();
    juniper.changes_customer(juniper.mina, &edit("Prefers red."), Some(base)).unwrap();
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), ["Theo: Prefers dark blue. (conflict)", "Theo: Prefers red. (edited)"]);

    phone.app().delete_note(ana, note).unwrap();
    let (push, _) = phone.take_push();
    let base = juniper.notes(customer)[&note].text.base();
    juniper.changes_customer(juniper.mina, &edit("Prefers green."), Some(base)).unwrap();
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), ["Theo: Prefers dark blue. (conflict)", "Theo: Prefers green. (edited)"]);
    let refused = phone.app().outbox().unwrap();
    assert_eq!((refused[0].conversation, refused[0].customer.as_str()), (None, "Ana"));
    phone.app().delete_unsent(refused[0].id).unwrap();
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn an_edit_that_comes_too_late_where_there_are_too_many_notes_is_kept_under_not_sent() {
    let (mut juniper, phone, ana) = ana_asks();
    let (customer, scope) = (juniper.head(ana).customer, juniper.inbox_scope());
    let note = phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    let theirs = juniper.notes(customer)[&note].clone();
    for _ in 1..NOTES_WITH_CONFLICTS_LIMIT {
        let another = NoteId::new(&juniper.env);
        juniper.put(scope, Entity::Note, another.0, &theirs);
    }
    let edit = Operation::EditNote(EditNote { customer, note, text: "Prefers red.".to_owned() });
    juniper.changes_customer(juniper.mina, &edit, Some(theirs.text.base())).unwrap();
    phone.app().edit_note(ana, note, "Prefers dark blue.").unwrap();
    phone.settle(&mut juniper);
    assert_eq!(juniper.notes(customer).len(), NOTES_WITH_CONFLICTS_LIMIT);
    let refused = phone.app().outbox().unwrap().remove(0);
    assert_eq!(refused.text.as_deref(), Some("Prefers dark blue."));
    assert!(matches!(refused.state, OutboxState::NotSent { code, .. } if code == "too_many_notes"));

    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().customer(ana).unwrap().notes.len(), NOTES_WITH_CONFLICTS_LIMIT);
    let limit = NOTES_LIMIT;
    assert_eq!(phone.app().add_note(ana, "Prefers dark blue."), Err(Error::TooManyNotes { limit }));
}

#[test]
fn a_note_waits_through_a_crash_and_is_stored_once() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().add_note(ana, "Prefers blue.").unwrap();
    let (push, _) = phone.take_push();
    answer_from(&mut juniper, &push.call); // it arrived, the answer is lost
    phone.crash();
    assert_eq!(notes(&phone, ana), ["Theo: Prefers blue. (waiting)"]);
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), ["Theo: Prefers blue."]);
}

#[test]
fn a_customer_shows_their_other_conversations_and_is_told_when_they_change() {
    struct Heard(Mutex<Vec<CustomerView>>, Condvar);
    impl CustomerListener for Heard {
        fn on_customer(&self, customer: CustomerView) {
            self.0.lock().unwrap().push(customer);
            self.1.notify_all();
        }
    }
    let (mut juniper, phone, ana) = ana_asks();
    let customer = juniper.head(ana).customer;
    let heard = Arc::new(Heard(Mutex::new(Vec::new()), Condvar::new()));
    let _subscription = phone.app().subscribe_customer(ana, heard.clone()).unwrap();
    let other = juniper.comes_back(juniper.channel, customer);
    juniper.writes(other, "Hello again");
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.app().add_tag(other, "VIP").unwrap();
    let now = phone.app().customer(ana).unwrap();
    let (views, waited) = heard
        .1
        .wait_timeout_while(heard.0.lock().unwrap(), Duration::from_secs(60), |views| {
            views.last() != Some(&now)
        })
        .unwrap();
    assert!(!waited.timed_out(), "{views:?}");
    assert_eq!((views[0].name.as_str(), views[0].notes.len(), views[0].conversations.len()), ("Ana", 0, 0));
    assert_eq!(now.conversations.iter().map(|row| row.id).collect::<Vec<_>>(), [other]);
    let nowhere = ConversationId(unknown());
    assert_eq!(phone.app().customer(nowhere), Err(Error::NotFound { id: nowhere.to_string() }));
}

#[test]
fn a_star_is_everybodys_and_stays_when_the_conversation_is_closed() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().star(ana).unwrap();
    assert_eq!(phone.app().star(ana).unwrap(), None, "it is starred");
    phone.app().close(ana).unwrap();
    let starred = ["Ana: Is the blue one back in stock? (1 unread) ★"];
    assert_eq!(phone.list(InboxFilter::Starred), starred);
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::Starred), starred);
    assert!(juniper.head(ana).starred);
    let mut head = juniper.head(ana);
    head.starred = false; // Mina did what was to be done
    juniper.put_head(ana, head);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::Starred), Vec::<String>::new());
    assert_eq!(phone.app().unstar(ana).unwrap(), None);
}

#[test]
fn what_is_marked_unread_is_unread_on_every_device_until_it_is_read() {
    let (mut juniper, phone, ana) = ana_asks();
    assert_eq!(phone.app().counts().unwrap().unread, 1);
    phone.app().mark_read(ana).unwrap().unwrap();
    assert_eq!(phone.app().counts().unwrap().unread, 0);
    phone.app().mark_unread(ana).unwrap().unwrap();
    assert_eq!(phone.app().mark_unread(ana).unwrap(), None, "it is marked");
    let marked = ["Ana: Is the blue one back in stock? (marked unread)"];
    assert_eq!(phone.list(InboxFilter::All), marked);
    assert_eq!(phone.app().counts().unwrap().unread, 1);
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All), marked);
    let other = Phone::loaded(&mut juniper, 99);
    assert_eq!(other.list(InboxFilter::All), marked);

    other.app().mark_read(ana).unwrap().unwrap();
    other.settle(&mut juniper);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock?"]);
}

#[test]
fn joining_is_assigning_to_oneself() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().join(ana).unwrap();
    assert_eq!(phone.list(InboxFilter::Mine).len(), 1);
    phone.settle(&mut juniper);
    assert_eq!(juniper.head(ana).assignee.value, Some(juniper.theo));
}

#[test]
fn a_customer_whose_inbox_is_lost_goes_with_their_notes_but_not_with_what_waits() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    phone.app().add_note(ana, "Lives in Lyon.").unwrap();
    juniper.granted.remove(&juniper.inbox_scope());
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let answer = shopbell_core::sync::Answer::Pull(juniper.pull(&asked));
    phone.answer(&pull, answer);
    assert_eq!(phone.app().customer(ana), Err(Error::NotFound { id: ana.to_string() }));
    let left: i64 = phone.database().query_row("SELECT count(*) FROM note", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    let texts: Vec<_> = phone.app().outbox().unwrap().into_iter().filter_map(|row| row.text).collect();
    assert_eq!(texts, ["Lives in Lyon."]);
}

/// A row that a newer server ends or renames is followed like any other.
#[test]
fn a_note_that_a_colleague_deletes_goes() {
    let (mut juniper, phone, ana) = ana_asks();
    let note = phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    juniper.end(juniper.inbox_scope(), Entity::Note, note.0);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(notes(&phone, ana), Vec::<String>::new());
    assert!(!phone.dump().iter().any(|row| row.starts_with("note:")));
}
