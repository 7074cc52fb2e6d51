//! What a person may see may change at any moment: a scope that is granted is loaded, one that is taken away goes with
//! its rows, one that is granted anew is loaded anew. What the person wrote stays.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::staff::Permission;
use shopbell_core::domain::sync::{Entity, ProblemKind, Row};
use shopbell_core::sync::{Answer, Lane};
use shopbell_core::{Error, InboxFilter};
use story::juniper::person;
use story::phone::answer_from;
use story::{Juniper, Phone};

#[test]
fn a_scope_that_is_taken_away_goes_with_its_rows_and_the_outbox_stays() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    phone.app().send(ana, "Hello Ana!").unwrap();
    let (push, _) = phone.take_push();
    phone.refuse(&push, ProblemKind::Internal);

    juniper.granted.remove(&juniper.inbox_scope());
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    assert_eq!(phone.app().conversation(ana), Err(Error::NotFound { id: ana.to_string() }));
    let dump = phone.dump();
    assert!(!dump.iter().any(|row| row.starts_with("message:") || row.starts_with("customer:")), "{dump:?}");
    assert_eq!(phone.app().outbox().unwrap()[0].text.as_deref(), Some("Hello Ana!"));
    assert_eq!(phone.app().staff().unwrap().len(), 2, "what is still granted stays");

    // Granted again: loaded again, and the reply is where it was.
    juniper.granted.insert(juniper.inbox_scope(), 2);
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    let snapshot = phone.take("snapshot");
    let answer = answer_from(&mut juniper, &snapshot.call);
    phone.answer(&snapshot, answer);
    assert_eq!(phone.reads(ana), ["Ana: Hello", "Me [waiting]: Hello Ana!"]);
}

#[test]
fn what_was_asked_for_under_another_grant_is_dropped() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::signed_in(&mut juniper, 2);
    let late = loop {
        let request = phone.requests().remove(0);
        match &request.call {
            shopbell_core::sync::Call::Snapshot { scope, .. } if *scope == juniper.inbox_scope() => {
                break request;
            }
            call => {
                let answer = answer_from(&mut juniper, call);
                phone.answer(&request, answer);
                while phone.wants("pull") {
                    let (pull, asked) = phone.take_pull();
                    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
                }
            }
        }
    };
    let Answer::Snapshot(page) = answer_from(&mut juniper, &late.call) else { panic!() };
    // Taken away and granted again while the page is on its way.
    juniper.granted.insert(juniper.inbox_scope(), 2);
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    phone.answer(&late, Answer::Snapshot(page));
    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), ["Ana: Hello"]);
}

#[test]
fn a_scope_that_is_granted_anew_is_loaded_anew() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let second = juniper.writes(ana, "Anybody there?");
    let phone = Phone::loaded(&mut juniper, 2);
    // While it was not granted, a message went: no log entry of that reached the phone.
    let gone: Vec<Row> = juniper.messages(ana).into_iter().filter(|row| row.id == second.0).collect();
    juniper.forget_in_snapshot(&gone);
    juniper.granted.insert(juniper.inbox_scope(), 2);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), ["Ana: Hello", "(1 missing)"]);
}

#[test]
fn a_snapshot_of_what_was_taken_away_meanwhile_asks_what_is_granted() {
    let mut juniper = Juniper::new(1);
    let phone = Phone::signed_in(&mut juniper, 2);
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    let snapshot = phone.take("snapshot");
    phone.refuse(&snapshot, ProblemKind::NoPermission);
    assert!(phone.wants("pull"));
    phone.settle(&mut juniper);
    phone.fire(Lane::Snapshot);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().staff().unwrap().len(), 2);
}

#[test]
fn people_and_what_may_be_assigned_to_them() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Hello");
    let phone = Phone::loaded(&mut juniper, 2);
    let people = phone.app().staff().unwrap();
    let who: Vec<_> =
        people.iter().map(|row| (row.name.as_str(), row.me, row.owner, row.assignable)).collect();
    assert_eq!(who, [("Mina", false, true, true), ("Theo", true, false, true)]);

    phone.app().assign(ana, juniper.mina).unwrap();
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Hello (1 unread) → Mina"]);
    // Theo loses the permission while his change waits: it is not shown any more, and the server will say so.
    juniper.put(
        shopbell_core::domain::sync::Scope::Shop,
        Entity::Staff,
        juniper.theo.0,
        &person("Theo", &[Permission::Chat], false),
    );
    phone.poke();
    let (pull, asked) = phone.take_pull();
    phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Hello (1 unread)"]);
    assert!(!phone.app().staff().unwrap()[1].assignable);
}

#[test]
fn a_kind_of_row_that_only_a_newer_server_knows_is_passed_over() {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    let phone = Phone::loaded(&mut juniper, 2);
    juniper.writes(ana, "Hello");
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let mut answer = juniper.pull(&asked);
    let part = answer.scopes.iter_mut().find(|part| part.scope == juniper.inbox_scope()).unwrap();
    part.rows.insert(
        0,
        serde_json::from_str(&format!(
            r#"{{"entity":"hologram","id":"{}","ver":{},"body":{{"a":1}}}}"#,
            ana.0, part.cursor
        ))
        .unwrap(),
    );
    part.rows.insert(
        0,
        serde_json::from_str(&format!(
            r#"{{"entity":"message","id":"{}","ver":{},"body":{{"author":{{"robot":7}}}}}}"#,
            juniper.shop.0, part.cursor
        ))
        .unwrap(),
    );
    phone.answer(&pull, Answer::Pull(answer));
    assert_eq!(phone.reads(ana), ["Ana: Hello"]);
}
