//! A scope is loaded again: because its cursor was too old, because it does not add up, or because the server began
//! another history. What no page brought goes, what came since stays, a crash loses nothing of what was seen.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Status;
use shopbell_core::domain::ids::EpochId;
use shopbell_core::domain::secret::SecretKind;
use shopbell_core::domain::sync::{Entity, Problem, ProblemKind, PutDraft, Scope, Survives};
use shopbell_core::sync::{Answer, Call, Event, RequestError};
use shopbell_core::{ConversationId, InboxFilter, MessageId, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone};

/// Ana wrote thrice, and Theo's phone has it; then the second message is gone, and no log says so any more.
fn one_is_gone() -> (Juniper, Phone, ConversationId) {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let second = juniper.writes(ana, "My address is …");
    juniper.writes(ana, "Anybody there?");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.loses_row(juniper.inbox_scope(), Entity::Message, second.0);
    (juniper, phone, ana)
}

fn answer_pull(juniper: &mut Juniper, phone: &Phone) {
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
}

fn seen(phone: &Phone) -> i64 {
    phone.database().query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap()
}

const ALL_THREE: [&str; 3] = ["Ana: Hello", "Ana: My address is …", "Ana: Anybody there?"];
const TWO: [&str; 3] = ["Ana: Hello", "(1 missing)", "Ana: Anybody there?"];

#[test]
fn a_cursor_that_is_too_old_leads_to_a_snapshot_that_sweeps_what_it_did_not_see() {
    let (mut juniper, phone, ana) = one_is_gone();
    juniper.reload = vec![juniper.inbox_scope()];
    phone.poke();
    answer_pull(&mut juniper, &phone);
    juniper.reload.clear();
    assert_eq!(phone.app().status().state, SyncState::Loading);
    assert_eq!(phone.reads(ana), ALL_THREE, "nothing disappears while it loads");
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), TWO);
    assert_eq!(phone.finds("address"), Vec::<String>::new());
    assert_eq!(seen(&phone), 0, "the marks are gone");
    phone.check_index();
}

#[test]
fn what_was_seen_before_a_crash_is_not_swept_after_it() {
    let (mut juniper, mut phone, ana) = one_is_gone();
    juniper.page_rows = 1;
    juniper.reload = vec![juniper.inbox_scope()];
    phone.poke();
    answer_pull(&mut juniper, &phone);
    juniper.reload.clear();
    let mut pages = 0;
    for _ in 0..20 {
        phone.crash();
        for request in phone.requests() {
            if matches!(&request.call, Call::Snapshot { scope: Scope::Inbox(_), .. }) {
                pages += 1;
            }
            let answer = answer_from(&mut juniper, &request.call);
            phone.answer(&request, answer);
        }
    }
    phone.settle(&mut juniper);
    assert_eq!(pages, 4, "a page that was stored is not asked for again");
    assert_eq!(phone.reads(ana), TWO);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Anybody there? (3 unread)"]);
}

#[test]
fn what_came_since_the_first_page_is_spared() {
    let (mut juniper, phone, ana) = one_is_gone();
    juniper.reload = vec![juniper.inbox_scope()];
    phone.poke();
    answer_pull(&mut juniper, &phone);
    juniper.reload.clear();
    let snapshot = phone.take("snapshot");
    let page = answer_from(&mut juniper, &snapshot.call);
    // While the page is on its way Theo's reply is accepted: its row comes beside the result, and is in no page.
    phone.app().send(ana, "Yes!").unwrap();
    let (push, _) = phone.take_push();
    let answer = answer_from(&mut juniper, &push.call);
    phone.answer(&push, answer);
    answer_pull(&mut juniper, &phone);
    let with_reply = |lines: [&'static str; 3]| [lines.as_slice(), &["Me [sending]: Yes!"]].concat();
    assert_eq!(phone.reads(ana), with_reply(ALL_THREE));
    phone.answer(&snapshot, page);
    assert_eq!(phone.reads(ana), with_reply(TWO));
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), with_reply(TWO));
}

#[test]
fn a_new_epoch_sweeps_what_the_server_has_lost() {
    let (mut juniper, phone, ana) = one_is_gone();
    let survives = vec![Survives { epoch: juniper.epoch, seq: juniper.seq }];
    let ben = juniper.begins("Ben");
    juniper.answers(juniper.mina, ben, "Hello Ben"); // what Ben wrote would be brought back
    let put = PutDraft { message: MessageId::new(&juniper.env), text: "On Monday".into() };
    juniper.stores_draft(ana, &put);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All).len(), 2);
    // A backup is restored from before Ben was written to and the draft was begun.
    juniper.epoch = EpochId::new(&juniper.env);
    let head = juniper.head(ben);
    let inbox = juniper.inbox_scope();
    for (entity, id) in [(Entity::Conversation, ben.0), (Entity::Customer, head.customer.0)] {
        juniper.loses_row(inbox, entity, id);
    }
    for message in juniper.messages(ben) {
        juniper.loses_row(inbox, Entity::Message, message.id);
    }
    juniper.loses_row(Scope::User(juniper.theo), Entity::Draft, ana.0);
    juniper.seq = survives[0].seq;
    let mut problem = Problem { survives, ..Problem::new(ProblemKind::EpochChanged) };
    problem.epoch = Some(juniper.epoch);
    phone.poke();
    let (pull, _) = phone.take_pull();
    phone.fail(&pull, RequestError::Problem(Box::new(problem)));
    phone.app().take(Event::SyncNow);
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Anybody there? (3 unread)"]);
    assert_eq!(phone.reads(ana), TWO);
    let dump = phone.dump();
    assert!(!dump.iter().any(|row| row.contains("Ben") || row.contains("On Monday")), "{dump:?}");
}

#[test]
fn a_grant_that_changes_in_the_middle_of_loading_begins_anew() {
    let (mut juniper, phone, ana) = one_is_gone();
    juniper.page_rows = 1;
    juniper.reload = vec![juniper.inbox_scope()];
    phone.poke();
    answer_pull(&mut juniper, &phone);
    juniper.reload.clear();
    let first = phone.take("snapshot");
    let answer = answer_from(&mut juniper, &first.call);
    phone.answer(&first, answer);
    let second = phone.take("snapshot");
    let late = answer_from(&mut juniper, &second.call);
    juniper.granted.insert(juniper.inbox_scope(), 2);
    juniper.writes(ana, "Hello again");
    phone.poke();
    answer_pull(&mut juniper, &phone);
    assert_eq!(
        phone.list(InboxFilter::All),
        Vec::<String>::new(),
        "what was loaded under the grant before is gone"
    );
    assert_eq!(seen(&phone), 0);
    phone.answer(&second, late);
    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), [TWO.as_slice(), &["Ana: Hello again"]].concat());
}

#[test]
fn a_row_that_came_by_an_answer_before_the_first_page_does_not_outlive_its_end() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    for number in 1..=52 {
        juniper.writes(ana, &format!("Message {number}"));
    }
    let older = juniper.messages(ana)[..2].to_vec();
    juniper.forget_in_snapshot(&older);
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.remember(&older);
    assert!(story::poll_once(phone.app().load_earlier(ana)).is_none());
    let asked = phone.take("history");
    let history = answer_from(&mut juniper, &asked.call);
    juniper.reload = vec![juniper.inbox_scope()];
    phone.poke();
    answer_pull(&mut juniper, &phone);
    juniper.reload.clear();
    phone.answer(&asked, history);
    assert_eq!(phone.reads(ana)[..2], ["Ana: Message 1", "Ana: Message 2"]);
    // It ends before the first page is read.
    juniper.loses_row(juniper.inbox_scope(), Entity::Message, older[0].id);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[..2], ["(1 missing)", "Ana: Message 2"]);
}

/// Answers everything and says how many scopes were loaded.
fn settle_counting_loads(juniper: &mut Juniper, phone: &Phone) -> Vec<Scope> {
    let mut loaded = Vec::new();
    for _ in 0..50 {
        for request in phone.requests() {
            if let Call::Snapshot { scope, page: None } = &request.call {
                loaded.push(*scope);
            }
            let answer = answer_from(juniper, &request.call);
            phone.answer(&request, answer);
        }
    }
    loaded
}

#[test]
fn checksums_are_asked_for_at_the_start_and_every_six_hours() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let mut phone = Phone::loaded(&mut juniper, 2);
    let asks = |phone: &Phone, juniper: &mut Juniper| {
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
        asked.checksums
    };
    assert!(!asks(&phone, &mut juniper), "they were compared at the first complete pull");
    phone.env.advance_ms(6 * 60 * 60 * 1_000 - 1);
    assert!(!asks(&phone, &mut juniper));
    phone.env.advance_ms(1);
    assert!(asks(&phone, &mut juniper));
    assert!(!asks(&phone, &mut juniper));
    phone.crash();
    let (_, asked) = phone.take_pull();
    assert!(asked.checksums);
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_checksums() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    phone.env.advance_ms(-365 * 24 * 60 * 60 * 1_000);
    phone.poke();
    let (_, asked) = phone.take_pull();
    assert!(asked.checksums);
}

#[test]
fn a_scope_that_does_not_add_up_is_loaded_again_and_counted() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let closed = juniper.begins("Cleo");
    juniper.sets_status(closed, Status::Closed);
    let discounts = SecretKind::Discount.scope(juniper.inbox);
    let shared = juniper.shares(juniper.mina, ana, SecretKind::Discount, "WINTER20", "");
    juniper.granted.insert(discounts, 1);
    let mut phone = Phone::loaded(&mut juniper, 2);
    phone.crash();
    assert_eq!(settle_counting_loads(&mut juniper, &phone), [], "everything adds up");
    assert_eq!(phone.app().progress().mismatches, 0);

    // An open head, a secret part and a colleague are not what the server has; nor is a closed head, which is not compared.
    let broken = [
        ("UPDATE conversation SET status = 'closed' WHERE id = ?1", ana.0),
        ("DELETE FROM secret WHERE id = ?1", shared.0),
        ("UPDATE staff SET ver = 0 WHERE id = ?1", juniper.mina.0),
        ("UPDATE conversation SET ver = 0 WHERE id = ?1", closed.0),
    ];
    for (sql, id) in broken {
        phone.closed(|folder| {
            let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
            assert_eq!(database.execute(sql, [id.as_bytes()]).unwrap(), 1);
        });
    }
    let loaded = settle_counting_loads(&mut juniper, &phone);
    assert_eq!(loaded, [Scope::Shop, juniper.inbox_scope(), discounts]);
    assert_eq!(phone.app().progress().mismatches, 3);
    phone.crash();
    assert_eq!(settle_counting_loads(&mut juniper, &phone), [], "they add up again");
    assert_eq!(phone.reads(ana)[1], "Mina [sending]: <discount: WINTER20 | >");
}

#[test]
fn the_list_is_shown_while_it_is_still_being_loaded() {
    let mut juniper = Juniper::new(1);
    juniper.page_rows = 7;
    for number in 0..30 {
        let customer = juniper.begins(&format!("Customer {number}"));
        juniper.writes(customer, "Hello");
    }
    let phone = Phone::signed_in(&mut juniper, 2);
    let mut first_list = None;
    for _ in 0..100 {
        for request in phone.requests() {
            let answer = answer_from(&mut juniper, &request.call);
            phone.answer(&request, answer);
            if first_list.is_none() && !phone.list(InboxFilter::All).is_empty() {
                first_list = Some((phone.app().status().state, phone.list(InboxFilter::All).len()));
            }
        }
    }
    assert_eq!(first_list, Some((SyncState::Loading, 5)));
    assert_eq!(phone.list(InboxFilter::All).len(), 30);
}
