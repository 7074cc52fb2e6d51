//! What is measured. Each case does the same through the functions that apps call, their answers lowered as they are
//! handed over, and on the floor.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use shopbell_core::domain::env::FixedEnv;
use shopbell_core::domain::ids::MessageId;
use shopbell_core::domain::search::{Field, Query};
use shopbell_core::domain::sync::Row;
use shopbell_ffi::{InboxFilter, OpenOptions, SearchQuery, ShopbellApp, UniFfiTag};
use uniffi::Lower;

use crate::data::Data;
use crate::floor::Floor;
use crate::measure::{Budget, Outcome, in_turns, shown, timed};
use crate::phone::{Phone, change_rows};
use crate::words::{RARE_PAIR, RARE_WORD};

/// Rows of a list's first window, and messages of a conversation's.
const WINDOW_ROWS: u32 = 50;
/// Hits of a search that an app shows at first.
const HITS: u32 = 20;
/// Changes in one pull's answer, a head and a message each.
const CHANGES_A_PULL: i64 = 500;
/// Rows of all pulls together.
const CHANGED_ROWS: i64 = 10_000;
/// Replies that are enqueued one after the other.
const ENQUEUED: u64 = 200;
/// A keystroke of search may take this long, in seconds.
const KEYSTROKE_LIMIT_S: f64 = 0.002;
/// What a person types, letter by letter.
const TYPED: [&str; 3] = ["scarf col", "mein Paket", "藍色杯"];
/// The library may be this large, in bytes.
const LIBRARY_LIMIT_BYTES: f64 = 6.0 * 1024.0 * 1024.0;

/// A case: its name and what it does.
pub type Case = (&'static str, fn(&Data) -> Outcome);

/// All of them, in the order in which they run.
pub const CASES: &[Case] = &[
    ("list", list),
    ("open", open),
    ("search-word", |data| search(data, "search-word", RARE_WORD)),
    ("search-pair", |data| search(data, "search-pair", RARE_PAIR)),
    ("keystroke", keystroke),
    ("cold", cold),
    ("pull", pull),
    ("enqueue", enqueue),
    ("size", size),
    ("library", library),
];

fn list(data: &Data) -> Outcome {
    let app = app(&data.phone);
    let list = app.inbox(InboxFilter::All, WINDOW_ROWS);
    let floor = data.floor();
    let (one, other) = in_turns(
        data.rounds(200),
        || lowered(list.rows().expect("the list is stored")),
        || kept(floor.list(WINDOW_ROWS as usize).expect("the floor has a list")),
    );
    times("list", one, other, Budget::AtMost(2.5))
}

fn open(data: &Data) -> Outcome {
    let app = app(&data.phone);
    let ids: Vec<_> = (0..data.conversations).step_by(data.conversations as usize / 200).collect();
    let ids: Vec<_> = ids.iter().map(|n| data.shop.conversation(*n).id).collect();
    let floor = data.floor();
    let (mut next, mut next_floor) = (ids.iter().cycle(), ids.iter().cycle());
    let (one, other) = in_turns(
        data.rounds(200),
        || {
            let id = next.next().expect("a cycle has no end").to_string();
            let conversation = app.conversation(id).expect("it is held");
            lowered(conversation.view().expect("it is stored"));
        },
        || {
            let id = next_floor.next().expect("a cycle has no end");
            kept(floor.messages(id.as_bytes(), WINDOW_ROWS as usize).expect("the floor has it"));
        },
    );
    times("open", one, other, Budget::AtMost(2.5))
}

fn search(data: &Data, name: &'static str, words: &str) -> Outcome {
    let app = app(&data.phone);
    let floor = data.floor();
    let terms = Query::parse(words).narrow(Field::Text).expect("something to look for");
    let (one, other) = in_turns(
        data.rounds(100),
        || find(&app, words),
        || kept(floor.search(&terms, HITS as usize).expect("the floor has an index")),
    );
    times(name, one, other, Budget::AtMost(4.0))
}

/// The slowest keystroke of a few words, each the median of its repetitions.
fn keystroke(data: &Data) -> Outcome {
    let app = app(&data.phone);
    let mut slowest = (0.0, String::new());
    for typed in TYPED {
        for (end, c) in typed.char_indices() {
            let so_far = &typed[..end + c.len_utf8()];
            let (seconds, _) = in_turns(data.rounds(20), || find(&app, so_far), || {});
            if seconds > slowest.0 {
                slowest = (seconds, so_far.to_owned());
            }
        }
    }
    let against = format!("limit-for-“{}”:{}", slowest.1, shown(KEYSTROKE_LIMIT_S));
    let ratio = slowest.0 / KEYSTROKE_LIMIT_S;
    Outcome { name: "keystroke", shopbell: shown(slowest.0), against, ratio, budget: Budget::AtMost(1.0) }
}

/// From nothing open to the first list. The system's file cache is as warm for one as for the other.
fn cold(data: &Data) -> Outcome {
    let (one, other) = in_turns(
        data.rounds(20),
        || {
            let app = app(&data.phone);
            lowered(app.inbox(InboxFilter::All, WINDOW_ROWS).rows().expect("the list is stored"));
        },
        || kept(data.floor().list(WINDOW_ROWS as usize).expect("the floor has a list")),
    );
    times("cold", one, other, Budget::AtMost(1.5))
}

fn pull(data: &Data) -> Outcome {
    let (phone_folder, floor_file) = data.copies();
    let phone = Phone::open(&phone_folder, &data.shop, data.conversations);
    phone.start();
    let mut floor = Floor::open(&floor_file).expect("the copy is there");
    let (mut one, mut other) = (0.0, 0.0);
    for first in (0..CHANGED_ROWS / 2).step_by(CHANGES_A_PULL as usize) {
        let changes = first + 10..first + 10 + CHANGES_A_PULL;
        let at = |change: i64| change.unsigned_abs() * 17 % data.conversations;
        let rows: Vec<Row> =
            changes.flat_map(|change| change_rows(&data.shop, at(change), change * 2)).collect();
        let answer = rows.clone();
        one += timed(|| phone.apply(answer));
        other += timed(|| floor.apply(&rows).expect("the floor takes rows"));
    }
    times("pull", one, other, Budget::AtMost(1.3))
}

fn enqueue(data: &Data) -> Outcome {
    let (phone_folder, floor_file) = data.copies();
    let app = app(&phone_folder);
    let floor = Floor::open(&floor_file).expect("the copy is there");
    let env = FixedEnv::seeded(9);
    let (mut n, mut n_floor) = (0..ENQUEUED, 0..ENQUEUED);
    let composers: Vec<_> = (0..ENQUEUED)
        .map(|n| {
            let id = data.shop.conversation(n).id.to_string();
            app.conversation(id).expect("it is held").composer()
        })
        .collect();
    let (one, other) = in_turns(
        ENQUEUED as usize - 1,
        || {
            let composer = &composers[n.next().unwrap_or(0) as usize];
            composer.send("It does, and on gas.".to_owned()).expect("the disk has room");
        },
        || {
            let id = data.shop.conversation(n_floor.next().unwrap_or(0)).id;
            let message = MessageId::new(&env);
            floor
                .enqueue(message.as_bytes(), id.as_bytes(), "It does, and on gas.")
                .expect("the disk has room");
        },
    );
    let against = format!("bare-sqlite:{:.0}/s", 1.0 / other);
    let shopbell = format!("{:.0}/s", 1.0 / one);
    Outcome { name: "enqueue", shopbell, against, ratio: other / one, budget: Budget::AtLeast(0.9) }
}

fn size(data: &Data) -> Outcome {
    let (one, other) = (bytes_of(&data.phone.join("shopbell.db")), bytes_of(&data.floor));
    let mebibytes = |bytes: f64| format!("{:.0}MiB", bytes / 1024.0 / 1024.0);
    Outcome {
        name: "size",
        shopbell: mebibytes(one),
        against: format!("bare-sqlite:{}", mebibytes(other)),
        ratio: one / other,
        budget: Budget::AtMost(1.3),
    }
}

fn library(data: &Data) -> Outcome {
    let bytes = bytes_of(&data.library);
    Outcome {
        name: "library",
        shopbell: format!("{:.2}MiB", bytes / 1024.0 / 1024.0),
        against: "limit:6MiB".to_owned(),
        ratio: bytes / LIBRARY_LIMIT_BYTES,
        budget: Budget::AtMost(1.0),
    }
}

fn app(folder: &Path) -> Arc<ShopbellApp> {
    ShopbellApp::open(OpenOptions {
        folder: folder.display().to_string(),
        device_name: "bench".to_owned(),
        platform: "bench".to_owned(),
        language: "en".to_owned(),
        offline: true,
    })
    .expect("the profile is ours")
}

/// Asks as the search field of an app does.
fn find(app: &ShopbellApp, typed: &str) {
    let query = SearchQuery { text: typed.to_owned(), channel: None, limit: HITS };
    lowered(app.search(query).expect("the index is there"));
}

/// As an app gets it: in a buffer, which is freed at once.
fn lowered<T: Lower<UniFfiTag>>(answer: T) {
    std::hint::black_box(T::lower_into_rust_buffer(answer)).destroy();
}

fn kept<T>(answer: T) {
    std::hint::black_box(&answer);
}

fn times(name: &'static str, one: f64, other: f64, budget: Budget) -> Outcome {
    Outcome {
        name,
        shopbell: shown(one),
        against: format!("bare-sqlite:{}", shown(other)),
        ratio: one / other,
        budget,
    }
}

fn bytes_of(file: &PathBuf) -> f64 {
    std::fs::metadata(file).map_or(f64::NAN, |found| found.len() as f64)
}
