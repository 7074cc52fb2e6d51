//! A scope is lost while the phone is offline, with replies that wait, an open conversation and somebody who reads: at the
//! next contact its rows, index entries and files are gone, and its words are in no byte of what is on the disk. What the
//! person wrote and was not settled stays, and nothing that comes late brings anything back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::fs;
use std::path::Path;

use shopbell_core::domain::customer::{Customer, Tags};
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::mutation::add_note::AddNote;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::secret::SecretKind;
use shopbell_core::domain::staff::Permission;
use shopbell_core::domain::sync::{Entity, Scope};
use shopbell_core::store::{SPOOL, spool_name};
use shopbell_core::sync::{Answer, Event, Request};
use shopbell_core::{ConversationId, Error, InboxFilter, MessageRow, NoteId, OutboxState};
use story::phone::answer_from;
use story::screen::Screen;
use story::{Juniper, Phone, lines};

/// In everything that customers and colleagues wrote.
const FOREIGN: &str = "quokka";
/// In every secret part.
const SECRET: &str = "zebra";
const CONVERSATIONS: usize = 50;
const MESSAGES: usize = 100;

/// Fifty customers with a hundred messages each, every fifth of which shares a discount, and Theo's phone with all of it.
fn shop() -> (Juniper, Phone, Vec<ConversationId>) {
    let mut juniper = Juniper::new(1);
    let conversations: Vec<ConversationId> =
        (0..CONVERSATIONS).map(|number| juniper.begins(&format!("Ana {FOREIGN} {number}"))).collect();
    for number in 0..MESSAGES {
        for (which, conversation) in conversations.iter().enumerate() {
            let words = format!("{FOREIGN} {which} {number}");
            if number % 5 == 4 {
                let title = format!("{SECRET}{which}");
                juniper.shares(juniper.mina, *conversation, SecretKind::Discount, &title, SECRET);
            } else {
                juniper.writes(*conversation, &words);
            }
        }
    }
    let note = AddNote {
        customer: juniper.head(conversations[0]).customer,
        note: NoteId::new(&juniper.env),
        text: format!("Likes the {FOREIGN}"),
    };
    juniper.changes_customer(juniper.mina, &Operation::AddNote(note), None).unwrap();
    juniper.granted.insert(SecretKind::Discount.scope(juniper.inbox), 1);
    let phone = Phone::loaded(&mut juniper, 2);
    assert!(is_on_disk(phone.folder(), FOREIGN) && is_on_disk(phone.folder(), SECRET));
    (juniper, phone, conversations)
}

/// Whether the word is in any byte of any file of a folder.
fn is_on_disk(folder: &Path, word: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_on_disk(&path, word);
        }
        let bytes = fs::read(&path).unwrap();
        bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}

fn plant(phone: &Phone, scope: Scope, grant: i64, text: &str) {
    let spool = phone.folder().join(SPOOL);
    fs::create_dir_all(&spool).unwrap();
    fs::write(spool.join(spool_name(scope, grant, "1")), text).unwrap();
}

fn spooled(phone: &Phone) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(phone.folder().join(SPOOL))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What Theo did before and while he is offline: a settled reply, a refused one, one that waits, and a note of Mina's
/// that he deleted.
fn works(juniper: &mut Juniper, phone: &Phone, conversation: ConversationId) {
    let app = phone.app();
    app.send(conversation, "A settled reply").unwrap();
    phone.settle(juniper);
    app.send(conversation, "A refused reply").unwrap();
    let (push, asked) = phone.take_push();
    juniper.refuses(
        asked.device,
        asked.mutations[0].mid,
        Refusal::NoPermission { needs: Permission::Customers },
    );
    let mut none = asked.clone();
    none.mutations.clear();
    phone.answer(&push, Answer::Push(juniper.takes(&none)));
    phone.settle(juniper);
    app.take(Event::NetworkDown);
    app.send(conversation, "A reply that waits").unwrap();
    let note = app.customer(conversation).unwrap().notes[0].id;
    app.delete_note(conversation, note).unwrap();
}

/// Back online: the first thing that is heard is what is granted now.
fn contact(juniper: &mut Juniper, phone: &Phone) {
    phone.app().take(Event::NetworkUp);
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
}

fn own(phone: &Phone) -> Vec<String> {
    let rows = phone.app().outbox().unwrap();
    rows.iter()
        .map(|row| {
            let state = match &row.state {
                OutboxState::NotSent { code, .. } => code.as_str(),
                _ => "waiting",
            };
            format!("{} {:?} {:?} [{state}]", row.name, row.customer, row.text.as_deref().unwrap_or("-"))
        })
        .collect()
}

#[test]
fn losing_customers_leaves_no_byte_of_them_and_every_own_word() {
    let (mut juniper, phone, conversations) = shop();
    let ana = conversations[0];
    let inbox = juniper.inbox_scope();
    works(&mut juniper, &phone, ana);
    let screen = Screen::<MessageRow>::new();
    let subscription = phone.app().subscribe_conversation(ana, screen.clone()).unwrap();
    plant(&phone, inbox, 1, FOREIGN);
    plant(&phone, SecretKind::Discount.scope(juniper.inbox), 1, SECRET);
    plant(&phone, Scope::Shop, 1, "What is still granted stays");
    assert!(is_on_disk(phone.folder(), "settled reply"));

    juniper.granted.remove(&inbox);
    juniper.granted.remove(&SecretKind::Discount.scope(juniper.inbox));
    contact(&mut juniper, &phone);

    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    assert_eq!(phone.app().conversation(ana), Err(Error::NotFound { id: ana.to_string() }));
    assert_eq!(phone.finds(FOREIGN), Vec::<String>::new());
    assert!(!is_on_disk(phone.folder(), FOREIGN), "in a file of the profile");
    assert!(!is_on_disk(phone.folder(), SECRET), "in a file of the profile");
    assert!(!is_on_disk(phone.folder(), "settled reply"), "the journal goes with its scope");
    assert_eq!(spooled(&phone), [spool_name(Scope::Shop, 1, "1")]);
    assert_eq!(
        own(&phone),
        [
            r#"send_message "" "A refused reply" [no_permission]"#,
            r#"send_message "" "A reply that waits" [waiting]"#,
            r#"delete_note "" "-" [waiting]"#,
        ]
    );
    // The open conversation shows own words only.
    let shows = ["Me [no_permission]: A refused reply", "Me [waiting]: A reply that waits"];
    screen.comes_to_be(|rows| lines(rows) == shows).unwrap();
    drop(subscription);
    assert_eq!(phone.integrity(), "ok");
    phone.check_index();
}

#[test]
fn losing_discounts_leaves_no_byte_of_them_and_everything_else() {
    let (mut juniper, phone, conversations) = shop();
    let ana = conversations[0];
    let discounts = SecretKind::Discount.scope(juniper.inbox);
    works(&mut juniper, &phone, ana);
    plant(&phone, discounts, 1, SECRET);
    plant(&phone, juniper.inbox_scope(), 1, FOREIGN);
    let read = phone.reads(ana);
    assert!(read.iter().any(|line| line.contains(SECRET)));
    let found = phone.app();
    let held: i64 = phone.database().query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    assert_eq!(held as usize, CONVERSATIONS * MESSAGES + 1);

    juniper.granted.remove(&discounts);
    contact(&mut juniper, &phone);

    assert!(!is_on_disk(phone.folder(), SECRET), "in a file of the profile");
    assert!(is_on_disk(phone.folder(), FOREIGN));
    assert_eq!(spooled(&phone), [spool_name(juniper.inbox_scope(), 1, "1")]);
    let without: Vec<String> = read
        .iter()
        .map(|line| match line.split_once("<discount: ") {
            Some((before, _)) => format!("{before}<discount>"),
            None => line.clone(),
        })
        .collect();
    assert_eq!(phone.reads(ana), without);
    let now: i64 = phone.database().query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
    assert_eq!(now, held, "no message went");
    assert_eq!(own(&phone).len(), 3);
    let query = shopbell_core::SearchQuery { text: "quokka 7".into(), channel: None, limit: 50 };
    assert!(!found.search(&query).unwrap().groups.is_empty(), "what is left is found");
    phone.check_index();
}

/// Somebody reads while the scope is wiped: their state of the database keeps the old pages alive. The words go at the
/// next complete pull, or when the phone is opened again, whatever comes first.
#[test]
fn a_reader_only_delays_the_last_byte() {
    for crashes in [false, true] {
        let (mut juniper, mut phone, _) = shop();
        let reader = phone.database();
        reader.execute_batch("BEGIN; SELECT count(*) FROM message").unwrap();
        let _snapshot: i64 = reader.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
        juniper.granted.remove(&juniper.inbox_scope());
        juniper.granted.remove(&SecretKind::Discount.scope(juniper.inbox));
        contact(&mut juniper, &phone);
        assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new(), "nobody is shown it any more");
        assert!(is_on_disk(phone.folder(), FOREIGN), "the reader still sees it");
        assert_ne!(scrub_pending(&phone), 0);
        drop(reader);
        if crashes {
            phone.crash();
        } else {
            phone.app().take(Event::SyncNow);
            phone.settle(&mut juniper);
        }
        assert_eq!(scrub_pending(&phone), 0);
        assert!(!is_on_disk(phone.folder(), FOREIGN) && !is_on_disk(phone.folder(), SECRET));
    }
}

fn scrub_pending(phone: &Phone) -> i64 {
    phone.database().query_row("SELECT pending FROM scrub", [], |row| row.get(0)).unwrap()
}

/// The process dies right after the transaction that wiped the scope.
#[test]
fn what_a_crash_left_in_free_pages_is_scrubbed_at_the_next_opening() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 0..200 {
        juniper.writes(ana, &format!("{FOREIGN} {number}"));
    }
    let mut phone = Phone::loaded(&mut juniper, 2);
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
        database
            .execute_batch(
                "BEGIN;
                 INSERT INTO search_text (search_text) VALUES ('delete-all');
                 DELETE FROM search_place; DELETE FROM message; DELETE FROM conversation; DELETE FROM shown;
                 DELETE FROM tally; DELETE FROM scope WHERE scope LIKE 'inbox:%'; UPDATE scrub SET pending = 1;
                 COMMIT;",
            )
            .unwrap();
        drop(database);
        assert!(is_on_disk(folder, FOREIGN), "no row has it, and yet it is there");
    });
    assert!(!is_on_disk(phone.folder(), FOREIGN));
    assert_eq!(scrub_pending(&phone), 0);
}

#[test]
fn files_that_are_queued_are_swept_at_the_next_opening() {
    let mut juniper = Juniper::new(1);
    let mut phone = Phone::loaded(&mut juniper, 2);
    plant(&phone, juniper.inbox_scope(), 1, "of the present grant");
    plant(&phone, juniper.inbox_scope(), 2, "of another grant");
    fs::write(phone.folder().join("picture"), FOREIGN).unwrap();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
        database.execute("INSERT INTO file_to_delete (path) VALUES ('picture')", []).unwrap();
    });
    assert!(!is_on_disk(phone.folder(), FOREIGN));
    assert_eq!(spooled(&phone), [spool_name(juniper.inbox_scope(), 1, "1")]);
    assert!(!phone.dump().iter().any(|row| row.starts_with("file_to_delete")));
}

#[test]
fn nothing_that_comes_late_brings_it_back() {
    for granted_again in [false, true] {
        let mut juniper = Juniper::new(1);
        let ana = juniper.begins("Ana");
        for number in 1..=60 {
            juniper.writes(ana, &format!("{FOREIGN} {number}"));
        }
        let older = juniper.messages(ana)[..10].to_vec();
        juniper.forget_in_snapshot(&older);
        let phone = Phone::loaded(&mut juniper, 2);
        juniper.remember(&older);
        let app = phone.app().clone();
        assert!(story::poll_once(app.load_earlier(ana)).is_none());
        assert!(story::poll_once(app.search_older(FOREIGN, None)).is_none());
        juniper.reload = vec![juniper.inbox_scope()];
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
        juniper.reload.clear();
        let late: Vec<(Request, Answer)> = ["history", "search", "snapshot"]
            .into_iter()
            .map(|kind| {
                let request = phone.take(kind);
                let answer = answer_from(&mut juniper, &request.call);
                (request, answer)
            })
            .collect();
        juniper.granted.remove(&juniper.inbox_scope());
        if granted_again {
            juniper.granted.insert(juniper.inbox_scope(), 2);
        }
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
        for (request, answer) in late {
            phone.answer(&request, answer);
        }
        assert!(!is_on_disk(phone.folder(), FOREIGN), "granted again: {granted_again}");
        assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    }
}

#[test]
fn a_damaged_row_stops_nothing() {
    let (mut juniper, phone, ana) = story::ana_asks();
    phone.app().take(Event::NetworkDown);
    phone.app().send(ana, "A reply that waits").unwrap();
    phone.database().execute("UPDATE outbox SET origin = '{'", []).unwrap();
    juniper.granted.remove(&juniper.inbox_scope());
    contact(&mut juniper, &phone);
    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    assert_eq!(own(&phone).len(), 1, "what Theo wrote is kept");
}

#[test]
fn own_notes_and_drafts_stay_when_the_customer_goes() {
    let (mut juniper, phone, ana) = story::ana_asks();
    let customer = juniper.head(ana).customer;
    let who = Customer { name: Some(format!("Ana {FOREIGN}")), number: 1, tags: Tags::default() };
    juniper.put(juniper.inbox_scope(), Entity::Customer, customer.0, &who);
    phone.poke();
    phone.settle(&mut juniper);
    phone.app().take(Event::NetworkDown);
    phone.app().add_note(ana, "My own note").unwrap();
    phone.app().set_draft(ana, "My own draft").unwrap();
    juniper.granted.remove(&juniper.inbox_scope());
    contact(&mut juniper, &phone);
    assert!(!is_on_disk(phone.folder(), FOREIGN));
    assert_eq!(own(&phone), [r#"add_note "" "My own note" [waiting]"#]);
    assert!(phone.dump().iter().any(|row| row.starts_with("composer") && row.contains("My own draft")));
}
