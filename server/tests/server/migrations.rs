//! A database of an earlier server is brought up to date with everything in it kept.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;
use shopbell_domain::conversation::Conversation;
use shopbell_domain::customer::Customer;
use shopbell_domain::draft::Draft;
use shopbell_domain::env::FixedEnv;
use shopbell_domain::ids::{ConversationId, DeviceId, EpochId, InboxId, MessageId, NoteId};
use shopbell_domain::message::{Author, Delivery, Message};
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::note::Note;
use shopbell_domain::sync::{Entity, Outcome, Scope, SignedIn};
use shopbell_server::outgoing::Step;
use shopbell_server::storage::sqlite::{Mode, SqliteOptions, SqliteStorage};
use shopbell_server::storage::{CommitListener, Committed, Storage as _};
use shopbell_server::{AppState, ManualEnv, app};

use crate::support::{Asked, Phone, config, of, sign_in};

const SCHEMA_0001: &str = include_str!("migrations/schema_0001.sql");

struct Nobody;

impl CommitListener for Nobody {
    fn committed(&self, _committed: &Committed) {}
}

/// A server of this version opens the database and closes it again.
async fn migrate(path: &Path) {
    let storage = SqliteStorage::open(SqliteOptions {
        path: path.to_owned(),
        revocations: path.with_extension("revocations"),
        limit_pages: None,
        vfs: None,
        mode: Mode::Inline,
        is_shared: false,
        new_epoch: EpochId::new(&FixedEnv::seeded(1)),
        listener: Arc::new(Nobody),
    });
    storage.unwrap().close().await.unwrap();
}

/// What a query gives, a line a row.
fn lines(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values = (0..columns).map(|column| row.get::<_, Value>(column));
        Ok(format!("{:?}", values.collect::<Result<Vec<_>, _>>()?))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// The query for everything that a database holds, a table each, by the columns that it has now.
fn everything(conn: &Connection) -> Vec<String> {
    let mut tables = conn
        .prepare(
            "SELECT format('SELECT %s FROM %s ORDER BY 1, 2', group_concat(columns.name), tables.name)
             FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.schema = 'main' AND tables.name NOT LIKE 'sqlite_%'
             GROUP BY tables.name",
        )
        .unwrap();
    tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn schema(conn: &Connection) -> Vec<String> {
    let mut schema = lines(conn, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
    schema.extend(lines(conn, "PRAGMA user_version"));
    schema
}

#[tokio::test]
async fn everything_in_the_first_schema_is_kept_and_the_schema_is_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let (path, fresh) = (dir.path().join("shopbell.db"), dir.path().join("fresh.db"));
    let old = Connection::open(&path).unwrap();
    old.execute_batch(SCHEMA_0001).unwrap();
    let queries = everything(&old);
    let before: Vec<Vec<String>> = queries.iter().map(|sql| lines(&old, sql)).collect();
    let full = |table: &str| {
        let at = queries.iter().position(|sql| sql.contains(&format!(" FROM {table} "))).unwrap();
        before[at].len()
    };
    assert_eq!((full("outgoing"), full("mutation"), full("log")), (5, 9, 33));
    old.close().unwrap();

    for _ in 0..2 {
        migrate(&path).await;
        migrate(&fresh).await;
        let (migrated, fresh) = (Connection::open(&path).unwrap(), Connection::open(&fresh).unwrap());
        let after: Vec<Vec<String>> = queries.iter().map(|sql| lines(&migrated, sql)).collect();
        assert_eq!(after, before);
        assert_eq!(schema(&migrated), schema(&fresh));
        // What browsers were shown stands where it stood.
        let moved =
            "SELECT count(*) FROM chat_event WHERE place <> n OR (SELECT count(*) FROM chat_event) <> 4";
        assert_eq!(lines(&migrated, moved), ["[Integer(0)]"]);
        assert_eq!(lines(&migrated, "PRAGMA foreign_key_check"), Vec::<String>::new());
        assert_eq!(lines(&migrated, "PRAGMA integrity_check"), ["[Text(\"ok\")]"]);
    }
}

#[tokio::test]
async fn who_was_removed_before_there_was_a_revocation_store_stands_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shopbell.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(SCHEMA_0001).unwrap();
    old.execute_batch(
        "UPDATE staff SET removed_at = 1 WHERE name = 'Theo';
         UPDATE staff SET token_generation = 4 WHERE name = 'Mina';",
    )
    .unwrap();
    // Theo, and a device that was removed.
    let removed = "SELECT shop, id FROM staff WHERE removed_at IS NOT NULL
         UNION SELECT shop, id FROM device WHERE removed_at IS NOT NULL ORDER BY 1, 2";
    let removed = lines(&old, removed);
    assert_eq!(removed.len(), 2);
    let mina = lines(&old, "SELECT shop, id, token_generation, password_hash FROM staff WHERE name = 'Mina'");
    old.close().unwrap();
    migrate(&path).await;
    let store = Connection::open(path.with_extension("revocations")).unwrap();
    assert_eq!(lines(&store, "SELECT shop, id FROM removed ORDER BY 1, 2"), removed);
    assert_eq!(lines(&store, "SELECT shop, staff, generation, hash FROM password"), mina);
    let given = lines(&store, "SELECT shop, seq FROM given ORDER BY shop");
    let migrated = Connection::open(&path).unwrap();
    assert_eq!(given, lines(&migrated, "SELECT id, seq FROM shop ORDER BY id"));
}

#[tokio::test]
async fn a_key_that_pages_embed_still_opens_the_first_web_chat() {
    let dir = tempfile::tempdir().unwrap();
    let old = Connection::open(dir.path().join("shopbell.db")).unwrap();
    old.execute_batch(SCHEMA_0001).unwrap();
    // A shop that had a second web chat, which no page could reach.
    old.execute_batch(
        "INSERT INTO channel (shop, id, kind, name, inbox)
         SELECT shop, x'ffffffffffff7fffbfffffffffffffff', kind, 'Wholesale', inbox
         FROM channel WHERE name = 'Juniper & Clay'",
    )
    .unwrap();
    old.close().unwrap();

    let state = AppState::open(config(dir.path()), Arc::new(ManualEnv::seeded(9))).await.unwrap();
    let shops = state.storage.shops().await.unwrap();
    let keys = |name: &str| {
        let shop = shops.iter().find(|shop| shop.name == name).unwrap();
        let key = Some(shop.public_key.clone());
        let keys: Vec<_> = shop.channels.iter().map(|channel| channel.public_key.clone()).collect();
        (shop, key, keys)
    };
    let (juniper, key, keys_of_juniper) = keys("Juniper & Clay");
    assert_eq!(keys_of_juniper, [key, None]);
    let (_, key, keys_of_kettle) = keys("Kettle & Co");
    assert_eq!(keys_of_kettle, [key]);

    let begin = serde_json::json!({ "key": "pk_e6b2dt5945vxcpf613f46d2jhbtaff2s", "name": "Ana" });
    let begun = Asked::post("/chat/v1/sessions").json(begin).of(&app(state.clone())).await;
    let begun: serde_json::Value = begun.expect(201);
    assert!(begun["session"].is_string());
    let led = state.storage.chat_shop(juniper.public_key.clone()).await.unwrap();
    assert_eq!((led.shop, led.channel), (juniper.id, juniper.channels[0].id));
}

#[tokio::test]
async fn what_waited_goes_out_and_lists_work_on_rows_from_before() {
    let dir = tempfile::tempdir().unwrap();
    let old = Connection::open(dir.path().join("shopbell.db")).unwrap();
    old.execute_batch(SCHEMA_0001).unwrap();
    let inbox: [u8; 16] = old
        .query_row(
            "SELECT inbox.id FROM inbox JOIN shop ON shop.id = shop WHERE name = 'Juniper & Clay'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let inbox = Scope::Inbox(InboxId::from_slice(&inbox).unwrap());
    old.close().unwrap();

    let env = Arc::new(ManualEnv::seeded(9));
    env.advance_ms(24 * 3_600 * 1_000);
    let state = AppState::open(config(dir.path()), env.clone()).await.unwrap();
    while state.outgoing_worker().step().await.unwrap() == Step::Handed {}
    let (router, device) = (app(state), DeviceId::new(&*env));
    let signed_in: SignedIn =
        Asked::post("/v1/sessions").json(sign_in("Theo", device)).of(&router).await.expect(201);
    let theo = Phone { router, env: env.clone(), device, signed_in };

    let rows = theo.all(inbox).await;
    let replies = of::<Message>(&rows, Entity::Message).into_iter();
    let mut replies: Vec<_> =
        replies.filter_map(|(_, message)| Some((message.text, message.delivery?))).collect();
    replies.sort();
    let expected = [
        ("And light.", Delivery::Sent),
        ("In two days.", Delivery::Refused),
        ("It is.", Delivery::Sent),
        ("Shall I keep one?", Delivery::Sent),
        ("We do.", Delivery::Unknown),
    ];
    assert_eq!(replies, expected.map(|(text, delivery)| (text.to_owned(), delivery)));

    let (id, head) = of::<Conversation>(&rows, Entity::Conversation).remove(0);
    let (conversation, customer) = (ConversationId(id), head.customer);
    assert!(!head.starred);
    let (tag, text) = ("VIP".to_owned(), "Likes blue".to_owned());
    let operations = [
        Operation::Star(Star { conversation }),
        Operation::MarkUnread(MarkUnread { conversation }),
        Operation::AddTag(AddTag { customer, tag }),
        Operation::AddNote(AddNote { customer, note: NoteId::new(&*env), text }),
    ];
    for operation in operations {
        let mutation = theo.mutation(&operation, None);
        theo.push(std::slice::from_ref(&mutation)).await;
        assert_eq!(theo.outcome(&mutation).await, Some(Outcome::Accepted), "{operation:?}");
    }
    // What was sent before can be edited and deleted, by whoever wrote it.
    let mine = |message: &Message| message.author == Author::Staff(theo.me());
    let sent = of::<Message>(&rows, Entity::Message).into_iter().filter(|(_, message)| mine(message));
    let sent: Vec<_> = sent.map(|(id, message)| (message.conversation, MessageId(id))).collect();
    let [(first_in, first), (second_in, second), ..] = sent[..] else { panic!("{sent:?}") };
    let text = "It was.".to_owned();
    for operation in [
        Operation::EditMessage(EditMessage { conversation: first_in, message: first, text }),
        Operation::DeleteMessage(DeleteMessage { conversation: second_in, message: second }),
    ] {
        let mutation = theo.mutation(&operation, None);
        theo.push(std::slice::from_ref(&mutation)).await;
        assert_eq!(theo.outcome(&mutation).await, Some(Outcome::Accepted), "{operation:?}");
    }
    assert_eq!(theo.put_draft(conversation, "Yes").await.status, 204);
    let rows = theo.all(inbox).await;
    let mut revised: Vec<_> = of::<Message>(&rows, Entity::Message)
        .into_iter()
        .filter(|(_, message)| message.revision.is_some())
        .map(|(_, message)| (message.text, message.deleted))
        .collect();
    revised.sort_by_key(|(_, deleted)| *deleted);
    assert_eq!(revised, [("It was.".to_owned(), false), (String::new(), true)]);
    let heads = of::<Conversation>(&rows, Entity::Conversation);
    let starred: Vec<_> = heads.iter().filter(|(_, head)| head.starred).map(|(id, _)| *id).collect();
    assert_eq!(starred, [id]);
    let tagged =
        of::<Customer>(&rows, Entity::Customer).into_iter().filter(|(_, customer)| !customer.tags.is_empty());
    assert_eq!(tagged.map(|(id, _)| id).collect::<Vec<_>>(), [customer.0]);
    assert_eq!(of::<Note>(&rows, Entity::Note).len(), 1);
    assert_eq!(of::<Draft>(&theo.all(Scope::User(theo.me())).await, Entity::Draft).len(), 1);
}
