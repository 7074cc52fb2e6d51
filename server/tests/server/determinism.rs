//! A run is a function of its seed: the same requests give the same bytes and the same database.

use shopbell_domain::env::{Env as _, FixedEnv};
use shopbell_domain::ids::NoteId;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::sync::{Scope, ScopeCursor};

use crate::support::{Asked, Juniper, the_conversation};

/// What a run answered, byte by byte, and what it left in the database.
async fn run(seed: u64) -> (Vec<Vec<u8>>, String) {
    let juniper = Juniper::open_with(seed, |_| {}).await;
    let dice = FixedEnv::seeded(seed);
    let roll = |sides: u8| {
        let mut byte = [0];
        dice.fill_random(&mut byte);
        byte[0] % sides
    };
    let phones = [juniper.phone("Mina").await, juniper.phone("Theo").await];
    let ana = juniper.browser().await;
    let mut answers = vec![ana.write_as(&ana.session, "Hello").await.body];
    for number in 0..60 {
        juniper.env.advance_ms(i64::from(roll(200)) * 10);
        let phone = &phones[usize::from(roll(2))];
        let theirs = (the_conversation(&phone.all(juniper.inbox()).await), phone.me());
        let answer = match roll(12) {
            0 => ana.write_as(&shopbell_domain::ids::new_uuid(&*juniper.env).to_string(), "And?").await,
            1 => ana.ask(Asked::get("/chat/v1/events?after=0")).await,
            2 => {
                juniper.deliver().await;
                continue;
            }
            3 => phone.snapshot(juniper.inbox(), None).await,
            4 => {
                let scopes = [Scope::Shop, juniper.inbox(), Scope::Device(phone.device)];
                let scopes = scopes.map(|scope| ScopeCursor { scope, cursor: 0 });
                phone.ask(Asked::post("/v1/pull").json(phone.pull_body(&scopes, 7))).await
            }
            other => {
                let ((conversation, head), customer) = (&theirs.0, theirs.0.1.customer);
                let mutation = match other {
                    8 => {
                        let answer = phone.put_draft(*conversation, &format!("Draft {number}")).await;
                        assert_eq!(answer.status, 204);
                        continue;
                    }
                    9 => {
                        let add = AddTag { customer, tag: format!("tag {}", roll(4)) };
                        phone.mutation(&Operation::AddTag(add), None)
                    }
                    10 => {
                        let note = NoteId::new(&*juniper.env);
                        let add = AddNote { customer, note, text: format!("Note {number}") };
                        phone.mutation(&Operation::AddNote(add), None)
                    }
                    11 => {
                        let (note, text) = (NoteId::new(&*juniper.env), format!("Edited elsewhere {number}"));
                        let edit = Operation::EditNote(EditNote { customer, note, text });
                        phone.mutation(&edit, Some(head.status.base()))
                    }
                    5 => phone.close(&theirs.0),
                    6 => phone.assign(&theirs.0, theirs.1),
                    _ => phone.reply(theirs.0.0, &format!("Answer {number}")),
                };
                phone.ask(Asked::post("/v1/push").json(phone.push_body(&[mutation]))).await
            }
        };
        assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
        answers.push(answer.body);
    }
    juniper.state.storage.close().await.unwrap();
    (answers, dump(&juniper.dir.path().join("shopbell.db")))
}

/// Every row of every table.
fn dump(path: &std::path::Path) -> String {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut tables = conn
        .prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .unwrap();
    let tables = tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap();
    let mut dump = String::new();
    for table in tables {
        let mut rows = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<rusqlite::types::Value> =
                (0..columns).map(|column| row.get(column).unwrap()).collect();
            dump.push_str(&format!("{table} {values:?}\n"));
        }
    }
    dump
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let (first, second) = (run(7).await, run(7).await);
    assert_eq!(first.0, second.0);
    assert_eq!(first.1, second.1);
    assert!(first.1.lines().count() > 50);
    assert_ne!(run(8).await.1, first.1);
}
