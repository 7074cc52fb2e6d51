//! A damaged database: whatever became of it, the phone opens, says so, and sends what could still be read, once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use shopbell_core::domain::message::Message;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::Row;
use shopbell_core::{ConversationId, Lang, Notice, OutboxState, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone, ana_asks};

const DATABASE: &str = "shopbell.db";
/// What SQLite begins a database with.
const PAGE_BYTES: usize = 4_096;
/// Where the schema's number stands in the file: a flipped bit there can look like a newer version.
const SCHEMA_NUMBER: std::ops::Range<usize> = 60..64;

fn notices(phone: &Phone) -> Vec<(u32, u32)> {
    let notices = phone.app().notices().unwrap();
    notices
        .iter()
        .map(|notice| match notice {
            Notice::Salvaged { saved, lost, .. } => (*saved, *lost),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn set_aside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("damaged-")).collect()
}

/// What the shop has of Theo's, in the order in which the customer reads it.
fn texts(juniper: &Juniper, conversation: ConversationId) -> Vec<String> {
    let rows: Vec<Row> = juniper.messages(conversation);
    rows.iter().map(|row| row.read::<Message>().unwrap().text).collect()
}

/// Everything in the log is moved into the database itself.
fn checkpointed(folder: &Path) {
    let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// The pages that a table or an index stands on.
fn pages_of(folder: &Path, name: &str) -> Vec<usize> {
    let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
    let root: i64 = database
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [name], |row| row.get(0))
        .unwrap();
    vec![usize::try_from(root).unwrap() - 1]
}

fn overwrite(folder: &Path, page: usize, byte: u8) {
    let mut bytes = std::fs::read(folder.join(DATABASE)).unwrap();
    bytes[page * PAGE_BYTES..(page + 1) * PAGE_BYTES].fill(byte);
    std::fs::write(folder.join(DATABASE), bytes).unwrap();
}

#[test]
fn what_was_not_sent_is_saved_and_sent_once() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let ben = juniper.begins("Ben");
    juniper.writes(ben, "Hello");
    phone.poke();
    phone.settle(&mut juniper);
    let device = phone.app().account().unwrap().device;
    // One was taken in and its answer lost, one never left, one was refused, one is a draft.
    phone.app().send(ana, "Since today!").unwrap();
    let (push, _) = phone.take_push();
    let _lost = answer_from(&mut juniper, &push.call);
    phone.app().send(ana, "And the red one too").unwrap();
    phone.app().set_draft(ben, "Hello Ben, we").unwrap();
    phone.closed(|folder| {
        checkpointed(folder);
        for page in pages_of(folder, "conversation").into_iter().chain(pages_of(folder, "profile")) {
            overwrite(folder, page, 0);
        }
    });
    assert_eq!(notices(&phone), [(3, 0)]);
    assert_eq!(phone.app().account().unwrap().device, device, "the same device");
    assert_eq!(phone.app().outbox().unwrap().len(), 2);
    phone.settle(&mut juniper);
    assert_eq!(
        texts(&juniper, ana),
        ["Is the blue one back in stock?", "Since today!", "And the red one too"]
    );
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.app().draft(ben).unwrap(), "Hello Ben, we");
    assert_eq!(phone.reads(ana).len(), 3);
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
    assert_eq!(phone.integrity(), "ok");
}

#[test]
fn the_person_is_told_until_they_have_read_it() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| {
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0xff);
        }
    });
    phone.settle(&mut juniper);
    let told = phone.app().notices().unwrap();
    let [Notice::Salvaged { kept_in, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(set_aside(phone.folder()), std::slice::from_ref(kept_in));
    insta::assert_snapshot!(
        told[0].message(Lang::En).replace(&kept_in.display().to_string(), "FOLDER"),
        @"The database here was damaged and was begun anew. 1 unsent change was saved and goes on; the rest comes from the server. The damaged file lies in FOLDER until you dismiss this."
    );
    let in_part =
        Notice::Salvaged { at: phone.app_now(), saved: 2, lost: 1, kept_in: PathBuf::from("FOLDER") };
    insta::assert_snapshot!(
        in_part.message(Lang::En),
        @"The database here was damaged and was begun anew. Unsent changes that were saved: 2; that could not be read: 1. Look in your conversations for what is missing and write it again. The damaged file lies in FOLDER until you dismiss this."
    );
    phone.crash();
    assert_eq!(phone.app().notices().unwrap(), told);
    phone.app().dismiss_notices().unwrap();
    assert_eq!(phone.app().notices().unwrap(), []);
    assert_eq!(set_aside(phone.folder()), Vec::<PathBuf>::new());
    phone.crash();
    assert_eq!(phone.app().notices().unwrap(), []);
}

#[test]
fn refused_replies_keep_their_text_and_their_reason() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (push, pushed) = phone.take_push();
    juniper.refuses(pushed.device, pushed.mutations[0].mid, Refusal::ChannelCannot);
    phone.answer(
        &push,
        shopbell_core::sync::Answer::Push(shopbell_core::domain::sync::PushAnswer {
            epoch: juniper.epoch,
            blocked: vec![],
            faults: vec![],
            failed: None,
        }),
    );
    phone.settle(&mut juniper);
    assert_eq!(phone.app().status().not_sent, 1);
    phone.closed(|folder| {
        checkpointed(folder);
        for page in pages_of(folder, "message") {
            overwrite(folder, page, 0);
        }
    });
    // Nobody needed that page to open: it is found when it is read.
    let _found = phone.app().conversation(ana);
    phone.app().take(shopbell_core::sync::Event::SyncNow);
    phone.settle(&mut juniper);
    let outbox = phone.app().outbox().unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].text.as_deref(), Some("Since today!"));
    assert!(matches!(&outbox[0].state, OutboxState::NotSent { code, .. } if code == "channel_cannot"));
    assert_eq!(phone.reads(ana).len(), 2, "the question, and the reply that was not sent");
    assert_eq!(notices(&phone), [(1, 0)]);
}

#[test]
fn rows_are_read_around_a_page_that_is_gone() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let long = |number: u32| format!("Reply {number} {}", "and so on ".repeat(40));
    let sent: Vec<String> = (0..60).map(long).collect();
    for text in &sent {
        phone.app().send(ana, text).unwrap();
    }
    phone.closed(|folder| {
        checkpointed(folder);
        // A leaf in the middle: the page that holds this reply's words.
        let bytes = std::fs::read(folder.join(DATABASE)).unwrap();
        let place = bytes.windows(8).position(|window| window == b"Reply 30").unwrap();
        overwrite(folder, place / PAGE_BYTES, 0);
    });
    let [(saved, lost)] = notices(&phone)[..] else { panic!() };
    assert_eq!(saved + lost, 60, "each is saved or known to be lost");
    assert!(lost > 0 && saved > 40, "{saved} saved, {lost} lost");
    phone.settle(&mut juniper);
    let arrived = texts(&juniper, ana);
    assert_eq!(arrived.len(), 1 + saved as usize);
    let expected: Vec<&String> = sent.iter().filter(|text| arrived.contains(text)).collect();
    assert_eq!(arrived[1..].iter().collect::<Vec<_>>(), expected, "in their order");
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn a_file_that_is_no_database_any_more_is_begun_anew() {
    for damage in [
        |folder: &Path| overwrite(folder, 0, 0),
        |folder: &Path| std::fs::write(folder.join(DATABASE), "").unwrap(),
        |folder: &Path| {
            // Who may write: SQLite opens it read-only.
            let mut bytes = std::fs::read(folder.join(DATABASE)).unwrap();
            bytes[18] = 6;
            std::fs::write(folder.join(DATABASE), bytes).unwrap();
        },
        |folder: &Path| std::fs::write(folder.join(DATABASE), "a letter to a friend".repeat(500)).unwrap(),
    ] {
        let (mut juniper, mut phone, ana) = ana_asks();
        let account = phone.app().account().unwrap();
        phone.closed(|folder| {
            checkpointed(folder);
            damage(folder);
        });
        assert_eq!(phone.app().account().unwrap(), account, "by the secrets");
        phone.settle(&mut juniper);
        assert_eq!(phone.reads(ana).len(), 1);
        assert_eq!(notices(&phone).len(), 1);
    }
}

#[test]
fn a_process_that_dies_in_the_middle_begins_again_with_the_same_file() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| {
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
        // It was moved, and half of a new one made.
        let aside = folder.join("damaged-0000000000001");
        std::fs::create_dir(&aside).unwrap();
        std::fs::rename(folder.join(DATABASE), aside.join(DATABASE)).unwrap();
        std::fs::write(folder.join("salvaging"), "damaged-0000000000001").unwrap();
        std::fs::write(folder.join(DATABASE), "half").unwrap();
    });
    assert_eq!(notices(&phone), [(1, 0)]);
    assert_eq!(set_aside(phone.folder()).len(), 1);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 2);
    phone.crash();
    assert_eq!(notices(&phone), [(1, 0)], "once");
}

#[test]
fn a_change_does_not_wait_for_one_that_was_lost() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
        let lost = shopbell_core::MutationId(uuid_of(7));
        let names = format!("[\"{lost}\"]");
        database.execute("UPDATE outbox SET depends_on = ?1", [names]).unwrap();
        drop(database);
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    let (_, pushed) = phone.take_push();
    assert_eq!(pushed.mutations[0].depends_on, []);
    phone.crash();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 2);
}

#[test]
fn a_reply_does_not_wait_for_a_cancel_that_was_lost() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let _on_its_way = phone.take_push();
    phone.app().take_back(message).unwrap();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
        database.execute("DELETE FROM outbox WHERE name = 'cancel'", []).unwrap();
        database.execute("UPDATE outbox SET origin = '{\"name\":'", []).unwrap();
        drop(database);
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    let origin: Option<String> =
        phone.database().query_row("SELECT origin FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(origin, None, "no JSON: a wipe could not take the name out of it");
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(texts(&juniper, ana).len(), 2);
}

#[test]
fn a_scope_that_is_lost_meanwhile_is_wiped_with_what_was_saved_of_it() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    phone.closed(|folder| {
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    assert_eq!(set_aside(phone.folder()).len(), 1);
    let inbox = juniper.inbox_scope();
    juniper.granted.remove(&inbox);
    phone.settle(&mut juniper);
    assert_eq!(set_aside(phone.folder()), Vec::<PathBuf>::new());
    for file in std::fs::read_dir(phone.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for words in ["Since today!", "Is the blue one"] {
            assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{words}");
        }
    }
    assert_eq!(phone.app().status().state, SyncState::UpToDate);
}

#[test]
fn a_wipe_that_was_not_at_its_end_takes_what_was_set_aside() {
    let (_, mut phone, _) = ana_asks();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
        database.execute("UPDATE scrub SET pending = 2", []).unwrap();
        drop(database);
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    assert_eq!(notices(&phone), [(0, 0)]);
    assert_eq!(set_aside(phone.folder()), Vec::<PathBuf>::new());
}

#[test]
fn what_others_put_there_stays() {
    let (_, mut phone, _) = ana_asks();
    phone.closed(|folder| {
        std::fs::create_dir(folder.join("damaged-goods")).unwrap();
        std::fs::write(folder.join("damaged-2026"), "a list of parcels").unwrap();
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    phone.app().dismiss_notices().unwrap();
    let left: Vec<String> = set_aside(phone.folder())
        .iter()
        .map(|path| path.file_name().unwrap().display().to_string())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&"damaged-goods".to_owned()) && left.contains(&"damaged-2026".to_owned()));
}

#[test]
fn a_change_whose_words_are_no_text_is_counted_as_lost() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.app().send(ana, "And the red one too").unwrap();
    phone.app().set_draft(ana, "And the").unwrap();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
        database
            .execute_batch(
                "UPDATE outbox SET name = CAST(x'ff' AS TEXT) WHERE position = (SELECT max(position) FROM outbox);
                 UPDATE composer SET text = CAST(x'ff' AS TEXT);",
            )
            .unwrap();
    });
    assert_eq!(notices(&phone), [(1, 2)]);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 2);
}

#[test]
fn after_a_change_at_the_last_place_there_is_more_can_be_sent() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| {
        let database = rusqlite::Connection::open(folder.join(DATABASE)).unwrap();
        database.execute("UPDATE outbox SET position = ?1", [i64::MAX]).unwrap();
        drop(database);
        checkpointed(folder);
        for page in pages_of(folder, "profile") {
            overwrite(folder, page, 0);
        }
    });
    phone.settle(&mut juniper);
    phone.app().send(ana, "And the red one too").unwrap();
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana)[1..], ["Since today!", "And the red one too"]);
}

fn uuid_of(number: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([number; 16])
}

#[test]
fn secrets_that_are_damaged_ask_to_sign_in_again() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let account = phone.app().account().unwrap();
    phone.app().send(ana, "Since today!").unwrap();
    phone.closed(|folder| std::fs::write(folder.join("secrets.json"), "{\"device\":").unwrap());
    assert_eq!(phone.app().status().state, SyncState::SignInAgain);
    assert_eq!(phone.app().account().unwrap(), account, "the device id too: the database has it");
    phone.sign_in(&mut juniper);
    phone.settle(&mut juniper);
    assert_eq!(texts(&juniper, ana).len(), 2);
}

/// What happens to the file.
#[derive(Clone, Debug)]
enum Harm {
    Zeroed {
        page: prop::sample::Index,
    },
    Garbage {
        page: prop::sample::Index,
        byte: u8,
    },
    /// Where a page says what is on it and where; words that are other words are beyond what SQLite can tell.
    Flipped {
        page: prop::sample::Index,
        at: usize,
        bit: u8,
    },
    Cut {
        at: prop::sample::Index,
    },
}

fn harms() -> impl Strategy<Value = Vec<Harm>> {
    let one = prop_oneof![
        3 => any::<prop::sample::Index>().prop_map(|page| Harm::Zeroed { page }),
        2 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(page, byte)| Harm::Garbage { page, byte }),
        2 => (any::<prop::sample::Index>(), 0..64_usize, 0..8_u8)
            .prop_map(|(page, at, bit)| Harm::Flipped { page, at, bit }),
        1 => any::<prop::sample::Index>().prop_map(|at| Harm::Cut { at }),
    ];
    proptest::collection::vec(one, 1..4)
}

fn harm(file: &Path, harms: &[Harm]) {
    let mut bytes = std::fs::read(file).unwrap();
    for harm in harms {
        if bytes.is_empty() {
            break;
        }
        let pages = bytes.len().div_ceil(PAGE_BYTES);
        let mut fill = |page: usize, with: &dyn Fn(usize) -> u8| {
            let end = ((page + 1) * PAGE_BYTES).min(bytes.len());
            for (at, byte) in bytes[page * PAGE_BYTES..end].iter_mut().enumerate() {
                *byte = with(at);
            }
        };
        match harm {
            Harm::Zeroed { page } => fill(page.index(pages), &|_| 0),
            Harm::Garbage { page, byte } => {
                let byte = *byte;
                fill(page.index(pages), &|at| byte.wrapping_mul(31).wrapping_add((at % 251) as u8));
            }
            Harm::Flipped { page, at, bit } => {
                let at = page.index(pages) * PAGE_BYTES + at;
                if at < bytes.len() && !SCHEMA_NUMBER.contains(&at) {
                    bytes[at] ^= 1 << bit;
                }
            }
            Harm::Cut { at } => bytes.truncate(at.index(bytes.len())),
        }
    }
    std::fs::write(file, bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Of the database and its log: each reply arrives at most once, those that were saved arrive, and the phone goes on.
    #[test]
    fn whatever_happens_to_the_file_the_phone_opens_and_sends_what_is_left_once(
        database in harms(), log in prop::option::of(harms())
    ) {
        let (mut juniper, mut phone, ana) = ana_asks();
        for number in 0..12 {
            let name = format!("Customer {number}");
            let conversation = juniper.begins(&name);
            juniper.writes(conversation, &"Where is my parcel? ".repeat(30));
        }
        phone.poke();
        phone.settle(&mut juniper);
        for number in 0..20 {
            phone.app().send(ana, &format!("Reply {number} {}", "of some length ".repeat(20))).unwrap();
        }
        phone.closed(|folder| {
            let log_file = folder.join("shopbell.db-wal");
            match &log {
                Some(harms) if log_file.exists() => harm(&log_file, harms),
                _ => checkpointed(folder),
            }
            harm(&folder.join(DATABASE), &database);
        });
        for _ in 0..4 {
            let _read = phone.app().conversation(ana);
            phone.app().take(shopbell_core::sync::Event::SyncNow);
            phone.settle(&mut juniper);
        }
        let mut arrived = texts(&juniper, ana);
        let count = arrived.len();
        arrived.sort();
        arrived.dedup();
        prop_assert_eq!(arrived.len(), count, "none twice");
        prop_assert_eq!(phone.app().outbox().unwrap().iter().filter(|row| row.state == OutboxState::Waiting).count(), 0);
        let saved: u32 = notices(&phone).iter().map(|(saved, _)| *saved).max().unwrap_or(0);
        prop_assert!(count > saved as usize, "{} arrived, {} were saved", count - 1, saved);
        phone.crash();
        phone.settle(&mut juniper);
        prop_assert_eq!(phone.app().account().is_some(), true);
    }
}
