//! Search on the phone: what somebody who types sees, and what they never do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Base;
use shopbell_core::domain::customer::Customer;
use shopbell_core::domain::ids::{EpochId, NoteId};
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::mutation::add_note::AddNote;
use shopbell_core::domain::mutation::delete_note::DeleteNote;
use shopbell_core::domain::mutation::edit_note::EditNote;
use shopbell_core::domain::sync::{Entity, ProblemKind, Row};
use shopbell_core::sync::{Answer, Call, Event};
use shopbell_core::{ConversationId, Error, InboxFilter, SearchQuery, SearchedPage};
use story::phone::{answer_from, found};
use story::{Juniper, Phone, poll_once};

const NOTHING: [&str; 0] = [];

/// The shop with two conversations, and Theo's phone that has loaded it.
fn shop() -> (Juniper, Phone, ConversationId, ConversationId) {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana Lima");
    let bo = juniper.begins("陳小寶");
    juniper.writes(ana, "Is the blue scarf back?");
    juniper.writes(bo, "有沒有藍色的圍巾？");
    juniper.answers(juniper.theo, ana, "The blue SCARF comes on Monday.");
    let phone = Phone::loaded(&mut juniper, 2);
    (juniper, phone, ana, bo)
}

/// Applies everything that happened at the shop.
fn hears(phone: &Phone, juniper: &mut Juniper) {
    phone.poke();
    phone.settle(juniper);
}

#[test]
fn what_was_said_is_found_by_conversation_the_newest_first() {
    let (mut juniper, phone, _, bo) = shop();
    let scarf =
        ["Ana Lima", "  message: The blue [SCARF] comes on Monday.", "  message: Is the blue [scarf] back?"];
    assert_eq!(phone.finds("scarf"), scarf);
    assert_eq!(phone.finds("back BLUE"), ["Ana Lima", "  message: Is the [blue] scarf [back]?"]);
    assert_eq!(phone.finds("圍巾"), ["陳小寶", "  message: 有沒有藍色的[圍巾]？"]);
    assert_eq!(phone.finds("巾"), ["陳小寶", "  message: 有沒有藍色的圍[巾]？"]);
    juniper.answers(juniper.mina, bo, "Blue scarf, 藍色圍巾");
    hears(&phone, &mut juniper);
    let newest = ["陳小寶", "  message: Blue [scarf], 藍色圍巾"];
    assert_eq!(phone.finds("scarf"), [&newest[..], &scarf].concat());
}

#[test]
fn as_a_word_is_typed_it_finds_fewer() {
    let (_, phone, _, _) = shop();
    let counts: Vec<usize> = ["m", "mo", "mon", "mond", "monda", "monday", "monday ", "monday x"]
        .map(|typed| phone.finds(typed).len())
        .to_vec();
    assert_eq!(counts, [0, 0, 2, 2, 2, 2, 2, 0]);
    assert_eq!(phone.finds("l"), ["Ana Lima", "  name: Ana [L]ima"]);
    assert_eq!(phone.finds("陳"), ["陳小寶", "  name: [陳]小寶"]);
}

#[test]
fn names_tags_and_notes_are_found_as_they_are_now() {
    let (mut juniper, phone, ana, _) = shop();
    let customer = juniper.head(ana).customer;
    phone.app().add_tag(ana, "Wholesale").unwrap();
    let note = NoteId::new(&juniper.env);
    let add = AddNote { customer, note, text: "Prefers a call: 06 12 34 56 78".to_owned() };
    juniper.changes_customer(juniper.mina, &Operation::AddNote(add), None).unwrap();
    phone.settle(&mut juniper);
    hears(&phone, &mut juniper);
    assert_eq!(phone.finds("whole"), ["Ana Lima", "  tag: [Whole]sale"]);
    assert_eq!(phone.finds("lima wholesale"), ["Ana Lima", "  name: Ana [Lima]", "  tag: [Wholesale]"]);
    assert_eq!(phone.finds("0612345678"), ["Ana Lima", "  note: Prefers a call: [06 12 34 56 78]"]);

    phone.app().remove_tag(ana, "wholesale").unwrap();
    let ver = juniper.notes(customer)[&note].text.ver;
    let edit = EditNote { customer, note, text: "Never call".to_owned() };
    juniper.changes_customer(juniper.mina, &Operation::EditNote(edit), Some(Base::Ver(ver))).unwrap();
    let renamed = Customer { name: Some("Ana Sousa".to_owned()), number: 1, tags: Default::default() };
    phone.settle(&mut juniper);
    juniper.put(juniper.inbox_scope(), Entity::Customer, customer.0, &renamed);
    hears(&phone, &mut juniper);
    for gone in ["wholesale", "lima", "0612345678", "prefers"] {
        assert_eq!(phone.finds(gone), NOTHING, "{gone}");
    }
    assert_eq!(phone.finds("sousa"), ["Ana Sousa", "  name: Ana [Sousa]"]);
    assert_eq!(phone.finds("never"), ["Ana Sousa", "  note: [Never] call"]);
    let ver = juniper.notes(customer)[&note].text.ver;
    let delete = Operation::DeleteNote(DeleteNote { customer, note });
    juniper.changes_customer(juniper.mina, &delete, Some(Base::Ver(ver))).unwrap();
    hears(&phone, &mut juniper);
    assert_eq!(phone.finds("never"), NOTHING);
    assert_eq!(leftovers(&phone, &["lima", "wholesale", "prefers", "never"]), NOTHING);
}

#[test]
fn a_reply_is_found_before_it_has_left_and_once_when_it_has() {
    let (mut juniper, phone, ana, _) = shop();
    phone.app().send(ana, "It is merino wool.").unwrap();
    let expected = ["Ana Lima", "  message: It is [merino] wool."];
    assert_eq!(phone.finds("merino"), expected);
    phone.settle(&mut juniper);
    assert_eq!(phone.finds("merino"), expected);
    phone.app().add_note(ana, "Loves merino").unwrap();
    assert_eq!(phone.finds("loves"), ["Ana Lima", "  note: [Loves] merino"]);
    phone.settle(&mut juniper);
    assert_eq!(phone.finds("loves"), ["Ana Lima", "  note: [Loves] merino"]);
}

#[test]
fn old_history_that_comes_later_stands_where_it_belongs() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 0..3 {
        juniper.writes(ana, &format!("Blue {number}"));
    }
    let old = juniper.messages(ana);
    let bo = juniper.begins("Bo");
    juniper.writes(bo, "Blue, too");
    juniper.forget_in_snapshot(&old[..2]);
    let phone = Phone::loaded(&mut juniper, 2);
    let before = ["Bo", "  message: [Blue], too", "Ana", "  message: [Blue] 2"];
    assert_eq!(phone.finds("blue"), before);
    juniper.remember(&old[..2]);
    assert!(poll_once(phone.app().load_earlier(ana)).is_none());
    phone.settle(&mut juniper);
    let after = ["  message: [Blue] 1", "  message: [Blue] 0"];
    assert_eq!(phone.finds("blue"), [&before[..], &after].concat());
}

#[test]
fn a_conversation_of_another_channel_is_left_out() {
    let (mut juniper, phone, _, _) = shop();
    let second = juniper.opens_channel("Second chat");
    let cleo = juniper.begins_on(second, "Cleo");
    juniper.writes(cleo, "A scarf, please");
    hears(&phone, &mut juniper);
    phone.app().send(cleo, "Which scarf?").unwrap();
    let of = |channel| {
        let query = SearchQuery { text: "scarf".to_owned(), channel: Some(channel), limit: 50 };
        found(&phone.app().search(&query).unwrap())
    };
    assert_eq!(of(second), ["Cleo", "  message: Which [scarf]?", "  message: A [scarf], please"]);
    assert_eq!(of(juniper.channel).len(), 3);
}

#[test]
fn no_more_than_the_limit_is_shown_and_that_there_is_more_is_said() {
    let (mut juniper, phone, ana, _) = shop();
    for number in 0..5 {
        juniper.writes(ana, &format!("Green {number}"));
    }
    hears(&phone, &mut juniper);
    for (limit, count, more) in
        [(0, 0, true), (3, 3, true), (4, 4, true), (5, 5, false), (usize::MAX, 5, false)]
    {
        let view =
            phone.app().search(&SearchQuery { text: "green".to_owned(), channel: None, limit }).unwrap();
        let hits: usize = view.groups.iter().map(|group| group.hits.len()).sum();
        assert_eq!((hits, view.more), (count, more), "{limit}");
    }
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let (_, phone, _, _) = shop();
    for typed in
        ["", " ", "\"", "*", "NEAR(", "blue AND", "a:b", "\0", "\u{202E}", "🧣", &"手".repeat(10_000)]
    {
        assert_eq!(phone.finds(typed), NOTHING, "{typed:?}");
    }
    assert_eq!(phone.finds(&"scarf ".repeat(2_000)).len(), 3, "what is beyond the limit is left out");
}

/// The terms of these words that an index still has.
fn leftovers(phone: &Phone, words: &[&str]) -> Vec<String> {
    terms(phone).into_iter().filter(|term| words.iter().any(|word| term.starts_with(word))).collect()
}

/// Every term of the index, and SQLite's own check of it.
fn terms(phone: &Phone) -> Vec<String> {
    let database = phone.database();
    let mut terms = Vec::new();
    for index in ["search_name", "search_text"] {
        database.execute(&format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')"), []).unwrap();
        let vocabulary =
            format!("CREATE VIRTUAL TABLE temp.{index}_terms USING fts5vocab(main, {index}, row)");
        database.execute_batch(&vocabulary).unwrap();
        let mut statement = database.prepare(&format!("SELECT term FROM temp.{index}_terms")).unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        terms.extend(found.map(|term| term.unwrap()).collect::<Vec<String>>());
    }
    terms
}

#[test]
fn a_scope_that_is_lost_leaves_no_term() {
    let (mut juniper, phone, ana, _) = shop();
    phone.app().send(ana, "A word that I wrote").unwrap();
    let (push, _) = phone.take_push();
    phone.refuse(&push, ProblemKind::Internal);
    assert!(terms(&phone).iter().any(|term| term == "scarf"));
    juniper.granted.remove(&juniper.inbox_scope());
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(terms(&phone), NOTHING);
    assert!(!phone.dump().iter().any(|row| row.starts_with("search_place")));
    for word in ["scarf", "ana", "word"] {
        assert_eq!(phone.finds(word), NOTHING, "{word}");
    }
    juniper.granted.insert(juniper.inbox_scope(), 2);
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    while phone.wants("snapshot") {
        let snapshot = phone.take("snapshot");
        let answer = answer_from(&mut juniper, &snapshot.call);
        phone.answer(&snapshot, answer);
    }
    assert_eq!(phone.finds("scarf").len(), 3);
    assert_eq!(phone.finds("word"), ["Ana Lima", "  message: A [word] that I wrote"]);
}

mod by_chance {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use shopbell_core::domain::customer::Tags;
    use shopbell_core::domain::ids::CustomerId;
    use shopbell_core::domain::message::Message;
    use shopbell_core::domain::search::{Field, Query, names};
    use shopbell_core::domain::secret::SecretKind;
    use shopbell_core::store::Store;
    use shopbell_core::{MessageId, SearchHitKind, SearchView, Tag};
    use uuid::Uuid;

    use super::*;

    /// How many hits each search shows at most.
    const LIMIT: usize = 6;
    /// How often each case searches, in each of its two states.
    const QUERIES: usize = 10;

    #[derive(Clone, Debug)]
    enum Happening {
        Begins(String),
        Writes(usize, String),
        Replies(usize, String),
        Renamed(usize, Option<String>),
        Tagged(usize, Vec<String>),
        Noted(usize, String),
        NoteEdited(usize, String),
        NoteDeleted(usize),
        MessageEnds(usize),
        Shares(usize, String),
        Old(usize),
        LosesInbox,
        LosesDiscounts,
        Crash,
    }

    fn words() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "blue",
            "Blues",
            "BLUE",
            "scarf",
            "scarves",
            "écharpe",
            "echarpe",
            "Łódź",
            "Straße",
            "strasse",
            "İstanbul",
            "istanbul",
            "T-shirt",
            "tshirt",
            "ana@example.com",
            "ana",
            "Ana",
            "#1042",
            "1042",
            "104",
            "06 12 34 56 78",
            "0612345678",
            "手機殼",
            "手機",
            "殼",
            "iPhone手機",
            "ｉｐｈｏｎｅ",
            "ガイド",
            "ｶﾞｲﾄﾞ",
            "한국어",
            "한국",
            "เสื้อ",
            "مَرْحَبًا",
            "مرحبا",
            "🙂",
            "👍🏽",
            "👍",
            "👩‍👩‍👧",
            "sho\u{200B}es",
            "shoes",
            "\"blue",
            "AND",
            "OR",
            "*",
            "international",
            "internal",
            "internationally",
            "l'écharpe",
            "a",
            "an",
        ]);
        let gap = prop::sample::select(vec![" ", " ", " ", ", ", "-", "", "\n"]);
        prop::collection::vec((word, gap), 1..6)
            .prop_map(|pairs| pairs.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
    }

    /// What somebody types: words of the texts, often cut off.
    fn typed() -> impl Strategy<Value = String> {
        (words(), any::<prop::sample::Index>(), 0..4).prop_map(|(words, cut, how)| {
            let ends: Vec<usize> = words.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
            match how {
                0 => words,
                1 => words.split_whitespace().next().unwrap_or_default().to_owned(),
                _ => words[..ends[cut.index(ends.len())]].to_owned(),
            }
        })
    }

    fn happenings() -> impl Strategy<Value = Vec<Happening>> {
        let which = 0..8_usize;
        let one = prop_oneof![
            2 => words().prop_map(Happening::Begins),
            6 => (which.clone(), words()).prop_map(|(which, text)| Happening::Writes(which, text)),
            2 => (which.clone(), words()).prop_map(|(which, text)| Happening::Replies(which, text)),
            1 => (which.clone(), prop::option::of(words())).prop_map(|(which, name)| Happening::Renamed(which, name)),
            2 => (which.clone(), prop::collection::vec(words(), 0..3)).prop_map(|(which, tags)| Happening::Tagged(which, tags)),
            2 => (which.clone(), words()).prop_map(|(which, text)| Happening::Noted(which, text)),
            1 => (which.clone(), words()).prop_map(|(which, text)| Happening::NoteEdited(which, text)),
            1 => which.clone().prop_map(Happening::NoteDeleted),
            1 => which.clone().prop_map(Happening::MessageEnds),
            2 => (which.clone(), words()).prop_map(|(which, title)| Happening::Shares(which, title)),
            1 => which.prop_map(Happening::Old),
            1 => Just(Happening::LosesInbox),
            1 => Just(Happening::LosesDiscounts),
            1 => Just(Happening::Crash),
        ];
        prop::collection::vec(one, 4..24)
    }

    struct World {
        juniper: Juniper,
        phone: Phone,
        conversations: Vec<ConversationId>,
        notes: Vec<(CustomerId, NoteId)>,
        said: Vec<MessageId>,
    }

    impl World {
        fn new() -> World {
            let mut juniper = Juniper::new(1);
            juniper.granted.insert(SecretKind::Discount.scope(juniper.inbox), 1);
            let conversations = vec![juniper.begins("Ana"), juniper.begins("Bo")];
            for conversation in &conversations {
                juniper.writes(*conversation, "Hello");
            }
            let phone = Phone::loaded(&mut juniper, 2);
            World { juniper, phone, conversations, notes: Vec::new(), said: Vec::new() }
        }

        fn happens(&mut self, happening: &Happening) {
            let of = |which: usize| self.conversations[which % self.conversations.len()];
            let juniper = &mut self.juniper;
            let scope = juniper.inbox_scope();
            match happening {
                Happening::Begins(name) => self.conversations.push(juniper.begins(name)),
                Happening::Writes(which, text) => {
                    self.said.push(juniper.writes(of(*which), text));
                }
                Happening::Replies(which, text) => {
                    let _nothing_visible = self.phone.app().send(of(*which), text);
                }
                Happening::Renamed(which, name) => {
                    let customer = juniper.head(of(*which)).customer;
                    let held: Customer = juniper.get(scope, Entity::Customer, customer.0).unwrap();
                    let renamed = Customer { name: name.clone(), ..held };
                    juniper.put(scope, Entity::Customer, customer.0, &renamed);
                }
                Happening::Tagged(which, tags) => {
                    let customer = juniper.head(of(*which)).customer;
                    let held: Customer = juniper.get(scope, Entity::Customer, customer.0).unwrap();
                    let tags: Vec<Tag> = tags.iter().filter_map(|tag| Tag::new(tag).ok()).collect();
                    let tagged = Customer { tags: Tags::from(tags), ..held };
                    juniper.put(scope, Entity::Customer, customer.0, &tagged);
                }
                Happening::Noted(which, text) => {
                    let customer = juniper.head(of(*which)).customer;
                    let note = NoteId::new(&juniper.env);
                    let add = AddNote { customer, note, text: text.clone() };
                    if juniper.changes_customer(juniper.mina, &Operation::AddNote(add), None).is_ok() {
                        self.notes.push((customer, note));
                    }
                }
                Happening::NoteEdited(which, text) => {
                    if let Some((customer, note)) = self.notes.get(*which).copied() {
                        let ver = juniper.notes(customer)[&note].text.ver;
                        let edit = Operation::EditNote(EditNote { customer, note, text: text.clone() });
                        let _refused = juniper.changes_customer(juniper.mina, &edit, Some(Base::Ver(ver)));
                    }
                }
                Happening::NoteDeleted(which) => {
                    if *which < self.notes.len() {
                        let (customer, note) = self.notes.remove(*which);
                        let ver = juniper.notes(customer)[&note].text.ver;
                        let delete = Operation::DeleteNote(DeleteNote { customer, note });
                        juniper.changes_customer(juniper.mina, &delete, Some(Base::Ver(ver))).unwrap();
                    }
                }
                Happening::MessageEnds(which) => {
                    if *which < self.said.len() {
                        juniper.end(scope, Entity::Message, self.said.remove(*which).0);
                    }
                }
                // History of before everything else, and of the same moment as other messages.
                Happening::Old(which) => {
                    if let Some(said) = self.said.get(*which) {
                        let said: Message = juniper.get(scope, Entity::Message, said.0).unwrap();
                        let old = Message { at: said.at.plus_ms(-5_000), mseq: 1_000 + said.mseq, ..said };
                        let id = MessageId::new(&juniper.env);
                        juniper.put(scope, Entity::Message, id.0, &old);
                        self.said.push(id);
                    }
                }
                Happening::LosesInbox => {
                    let grant = juniper.granted.remove(&scope).unwrap();
                    self.phone.poke();
                    self.phone.settle(juniper);
                    let empty = SearchView { groups: Vec::new(), more: false, complete: true };
                    let view = self.phone.app().search(&query("blue")).unwrap();
                    assert_eq!(view, empty);
                    assert_eq!(terms(&self.phone), NOTHING);
                    juniper.granted.insert(scope, grant + 1);
                }
                Happening::Shares(which, title) => {
                    let mina = juniper.mina;
                    let said = juniper.shares(mina, of(*which), SecretKind::Discount, title, "Until Sunday");
                    self.said.push(said);
                }
                Happening::LosesDiscounts => {
                    let grant = juniper.granted.get_mut(&SecretKind::Discount.scope(juniper.inbox));
                    *grant.unwrap() += 1;
                }
                Happening::Crash => self.phone.crash(),
            }
            self.phone.app().take(Event::SyncNow);
            self.phone.settle(&mut self.juniper);
        }

        /// Every text that is held and matches, by reading all of them: at, kind, id; the greatest first.
        fn naive(&self, typed: &str) -> (Vec<(i64, u8, Uuid)>, BTreeSet<ConversationId>) {
            let query = Query::parse(typed);
            let database = self.phone.database();
            let rows = |sql: &str| -> Vec<(i64, Uuid, String)> {
                let mut statement = database.prepare(sql).unwrap();
                let rows = statement
                    .query_map([], |row| Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?), row.get(2)?)));
                rows.unwrap().collect::<Result<_, _>>().unwrap()
            };
            let mut texts = Vec::new();
            for (kind, table) in [(0, "message"), (1, "note")] {
                for (at, id, text) in rows(&format!("SELECT at, id, text FROM {table}")) {
                    if query.matches(&text, Field::Text) {
                        texts.push((at, kind, id));
                    }
                }
            }
            let parts = "SELECT message.at, secret.id, secret.title || char(10) || secret.body
                         FROM secret JOIN message ON message.id = secret.id";
            for (at, id, text) in rows(parts) {
                if query.matches(&text, Field::Text) {
                    texts.push((at, 3, id));
                }
            }
            texts.sort();
            texts.reverse();
            let mut names_found: Vec<(i64, Uuid)> = Vec::new();
            let sql = "SELECT activity_at, conversation.id, json_object('name', name, 'number', number, 'tags', json(tags))
                       FROM conversation JOIN customer ON customer.id = conversation.customer";
            for (at, id, customer) in rows(sql) {
                let customer: Customer = serde_json::from_str(&customer).unwrap();
                if query.matches(&names(&customer), Field::Name) {
                    names_found.push((at, id));
                }
            }
            names_found.sort();
            let names = names_found.into_iter().rev().take(LIMIT).map(|(_, id)| ConversationId(id)).collect();
            (texts, names)
        }

        fn check(&self, typed: &str) {
            let (mut texts, names) = self.naive(typed);
            let view = self.phone.app().search(&query(typed)).unwrap();
            assert!(view.complete);
            assert!(view.more || texts.len() <= LIMIT);
            texts.truncate(LIMIT);
            // What is shared is found as the message that it is shared in.
            let kind_shown = |kind: u8| if kind == 3 { 0 } else { kind };
            texts = texts.into_iter().map(|(at, kind, id)| (at, kind_shown(kind), id)).collect();
            texts.sort();
            texts.reverse();
            let mut found_texts = Vec::new();
            let mut found_names = BTreeSet::new();
            for group in &view.groups {
                for hit in &group.hits {
                    assert!(hit.excerpt.iter().any(|part| part.marked), "{typed:?}: {hit:?}");
                    match hit.kind {
                        SearchHitKind::Message(id) => found_texts.push((hit.at.millis(), 0, id.0)),
                        SearchHitKind::Note(id) => found_texts.push((hit.at.millis(), 1, id.0)),
                        SearchHitKind::Name | SearchHitKind::Tag => {
                            found_names.insert(group.conversation.id);
                        }
                    }
                }
                assert!(group.hits.windows(2).all(|two| two[0].at >= two[1].at), "newest first");
            }
            assert!(view.groups.windows(2).all(|two| two[0].hits[0].at >= two[1].hits[0].at), "newest first");
            found_texts.sort();
            found_texts.reverse();
            assert_eq!(found_texts, texts, "{typed:?}");
            assert_eq!(found_names, names, "{typed:?}");
        }
    }

    fn query(typed: &str) -> SearchQuery {
        SearchQuery { text: typed.to_owned(), channel: None, limit: LIMIT }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 50, ..ProptestConfig::default() })]

        /// The index finds what reading everything finds: 1,000 searches.
        #[test]
        fn a_search_is_reading_everything(
            happenings in happenings(),
            typed in prop::collection::vec(typed(), 2 * QUERIES),
        ) {
            let mut world = World::new();
            let (first, second) = happenings.split_at(happenings.len() / 2);
            for (happenings, typed) in [(first, &typed[..QUERIES]), (second, &typed[QUERIES..])] {
                happenings.iter().for_each(|happening| world.happens(happening));
                typed.iter().for_each(|typed| world.check(typed));
            }
            // Nor does an index that is made again find anything else.
            let before: Vec<SearchView> =
                typed.iter().map(|typed| world.phone.app().search(&query(typed)).unwrap()).collect();
            let kept = terms(&world.phone);
            world.phone.closed(|folder| Store::open(folder, None).unwrap().index_again().unwrap());
            prop_assert_eq!(terms(&world.phone), kept);
            for (typed, before) in typed.iter().zip(before) {
                prop_assert_eq!(world.phone.app().search(&query(typed)).unwrap(), before);
            }
        }
    }
}

mod older {
    use super::*;

    /// The shop, of which Theo's phone has not loaded an old conversation: Cleo's.
    fn with_cleo_left_out() -> (Juniper, Phone, Vec<Row>) {
        let mut juniper = Juniper::new(1);
        let cleo = juniper.begins("Cleo");
        juniper.writes(cleo, "A kettle, please");
        let scope = juniper.inbox_scope();
        juniper.granted.insert(scope, 1);
        let head = juniper.head(cleo);
        let mut rows = juniper.messages(cleo);
        rows.extend(juniper.snapshot(scope, None).rows);
        rows.retain(|row| row.entity == Entity::Message || [cleo.0, head.customer.0].contains(&row.id));
        juniper.forget_in_snapshot(&rows);
        let ana = juniper.begins("Ana");
        juniper.writes(ana, "A kettle for me");
        let phone = Phone::loaded(&mut juniper, 2);
        juniper.remember(&rows);
        (juniper, phone, rows)
    }

    #[test]
    fn what_the_server_finds_is_stored_and_found_here() {
        let (mut juniper, phone, _) = with_cleo_left_out();
        let ana = ["Ana", "  message: A [kettle] for me"];
        assert_eq!(phone.finds("kettle"), ana);
        juniper.page_rows = 1;
        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert_eq!(poll_once(search.as_mut()), None);
        let request = phone.take("search");
        let Call::Search { request: asked, .. } = &request.call else { panic!() };
        assert_eq!(
            (asked.query.as_str(), asked.scope, asked.epoch),
            ("kettle", juniper.inbox_scope(), juniper.epoch)
        );
        phone.answer(&request, answer_from(&mut juniper, &request.call));
        let next = Some("1".to_owned());
        let page = poll_once(search.as_mut()).unwrap().unwrap();
        assert_eq!(page, SearchedPage { conversations: 1, next: next.clone() });
        assert_eq!(phone.finds("kettle"), ana, "the newest page is what was here");

        let mut search = Box::pin(phone.app().search_older("kettle", next));
        assert_eq!(poll_once(search.as_mut()), None);
        phone.settle(&mut juniper);
        let page = poll_once(search.as_mut()).unwrap().unwrap();
        assert_eq!(page, SearchedPage { conversations: 1, next: None });
        let cleo = ["Cleo", "  message: A [kettle], please"];
        assert_eq!(phone.finds("kettle"), [&ana[..], &cleo].concat());
        assert_eq!(phone.list(InboxFilter::All).len(), 2);
    }

    #[test]
    fn what_was_asked_for_under_another_grant_is_dropped() {
        let (mut juniper, phone, _) = with_cleo_left_out();
        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert_eq!(poll_once(search.as_mut()), None);
        let request = phone.take("search");
        let Answer::Searched(mut answer) = answer_from(&mut juniper, &request.call) else { panic!() };
        answer.grant = 7;
        phone.answer(&request, Answer::Searched(answer));
        assert!(matches!(poll_once(search.as_mut()), Some(Err(Error::Other { .. }))));
        assert_eq!(phone.finds("kettle").len(), 2);
    }

    #[test]
    fn what_was_read_before_the_present_cursor_is_asked_again() {
        let (mut juniper, phone, rows) = with_cleo_left_out();
        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert_eq!(poll_once(search.as_mut()), None);
        let request = phone.take("search");
        let late = answer_from(&mut juniper, &request.call);
        // Cleo's message is taken away, which the phone passes over: it does not hold it.
        let message = rows.iter().find(|row| row.entity == Entity::Message).unwrap();
        juniper.end(juniper.inbox_scope(), Entity::Message, message.id);
        hears(&phone, &mut juniper);
        phone.answer(&request, late);
        assert_eq!(poll_once(search.as_mut()), None);
        phone.settle(&mut juniper);
        assert_eq!(poll_once(search.as_mut()).unwrap().unwrap().conversations, 1);
        assert_eq!(phone.finds("kettle"), ["Ana", "  message: A [kettle] for me"]);
    }

    #[test]
    fn without_a_network_or_another_epoch_the_answer_is_no_and_what_is_here_is_found() {
        let (mut juniper, phone, _) = with_cleo_left_out();
        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert_eq!(poll_once(search.as_mut()), None);
        let request = phone.take("search");
        phone.fail(&request, shopbell_core::sync::RequestError::Unreachable);
        assert!(matches!(poll_once(search.as_mut()), Some(Err(Error::Unreachable { .. }))));

        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert_eq!(poll_once(search.as_mut()), None);
        let request = phone.take("search");
        let Answer::Searched(mut answer) = answer_from(&mut juniper, &request.call) else { panic!() };
        answer.epoch = EpochId::new(&juniper.env);
        phone.answer(&request, Answer::Searched(answer));
        assert!(poll_once(search.as_mut()).unwrap().is_err());

        phone.app().take(Event::NetworkDown);
        let mut search = Box::pin(phone.app().search_older("kettle", None));
        assert!(matches!(poll_once(search.as_mut()), Some(Err(Error::Unreachable { .. }))));
        assert_eq!(phone.finds("kettle").len(), 2);
        assert!(phone.is_quiet());
        let nobody = Phone::new(9);
        assert_eq!(poll_once(nobody.app().search_older("kettle", None)), Some(Err(Error::NotSignedIn)));
    }
}
