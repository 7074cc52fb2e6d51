use super::*;

#[test]
fn nothing_is_asked_without_its_shop() {
    let (shop, inbox) = (ShopId(Uuid::from_u128(1)), InboxId(Uuid::from_u128(2)));
    let query = Query::parse("blue OR \"scarf");
    let granted = [Scope::Inbox(inbox), Scope::InboxDiscounts(inbox)];
    assert!(expression(shop, &granted[..1], &query).unwrap().starts_with(
        "(\"…0000000000000000000000000000000100000000000000000000000000000002\") AND \"blue\" AND \"or\" AND "
    ));
    assert!(expression(shop, &granted, &query).unwrap().starts_with(
        "(\"…0000000000000000000000000000000100000000000000000000000000000002\" OR \
         \"…00000000000000000000000000000001inbox00000000000000000000000000000002discounts\") AND \"blue\" AND "
    ));
    assert_eq!(expression(shop, &[], &query), None);
    assert_eq!(expression(shop, &granted, &Query::parse("\"*")), None);
}

/// The database of a server before there was an index, with as many messages of Ana's in one millisecond.
fn older_database(messages: u128) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    for migration in &super::super::migrations::MIGRATIONS[..2] {
        conn.execute_batch(migration).unwrap();
    }
    conn.execute_batch(
        "PRAGMA user_version = 2;
         INSERT INTO server (one, epoch) VALUES (1, zeroblob(16));
         INSERT INTO customer (shop, id, inbox, name, number, tags)
             VALUES (zeroblob(16), zeroblob(16), zeroblob(16), 'Ana Lima', 1, '[\"VIP\"]');
         INSERT INTO conversation (shop, id, inbox, customer, channel, address, status, started_at, activity_at, preview)
             VALUES (zeroblob(16), zeroblob(16), zeroblob(16), zeroblob(16), zeroblob(16), '', 'open', 500, 500, 'null');
         INSERT INTO note (shop, id, customer, author, text, at)
             VALUES (zeroblob(16), zeroblob(16), zeroblob(16), zeroblob(16), 'likes blue', 700);",
    )
    .unwrap();
    for number in 0..messages {
        conn.execute(
            "INSERT INTO message (shop, id, conversation, mseq, text, at) VALUES (zeroblob(16), ?1, zeroblob(16), ?2, ?3, 600)",
            params![Uuid::from_u128(number).as_bytes(), number as i64, format!("blue {number}")],
        )
        .unwrap();
    }
    super::super::migrations::migrate(&conn).unwrap();
    conn
}

fn count(conn: &Connection, typed: &str) -> i64 {
    let expression =
        expression(ShopId(Uuid::nil()), &[Scope::Inbox(InboxId(Uuid::nil()))], &Query::parse(typed)).unwrap();
    conn.query_row("SELECT count(*) FROM search WHERE search MATCH ?1", [expression], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_secret_part_is_proposed_to_those_who_ask_in_its_scope() {
    let conn = older_database(1);
    bring_up_to_date(&conn).unwrap();
    let (shop, inbox) = (ShopId(Uuid::nil()), InboxId(Uuid::nil()));
    conn.execute_batch(
        "INSERT INTO secret (shop, id, kind, title, body) VALUES (zeroblob(16), zeroblob(16), 'discount', 'BLUE15', '');",
    )
    .unwrap();
    update(&conn, shop, Entity::Secret, Uuid::nil()).unwrap();
    let proposed = |scopes: &[Scope]| {
        let expression = expression(shop, scopes, &Query::parse("blue15")).unwrap();
        conn.query_row("SELECT count(*) FROM search WHERE search MATCH ?1", [expression], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap()
    };
    let (own, parts, orders) =
        (Scope::Inbox(inbox), Scope::InboxDiscounts(inbox), Scope::InboxDraftOrders(inbox));
    assert_eq!((proposed(&[own]), proposed(&[own, orders])), (0, 0));
    assert_eq!((proposed(&[own, parts]), proposed(&[own, parts, orders])), (1, 1));
    // It goes with its row.
    conn.execute_batch("DELETE FROM secret").unwrap();
    update(&conn, shop, Entity::Secret, Uuid::nil()).unwrap();
    assert_eq!(proposed(&[parts]), 0);
    assert_eq!(count(&conn, "blue"), 2);
    // Of a message that was deleted nothing is left to propose.
    conn.execute_batch("UPDATE message SET deleted = 1").unwrap();
    update(&conn, shop, Entity::Message, Uuid::nil()).unwrap();
    assert_eq!(count(&conn, "blue"), 1);
}

#[test]
fn an_older_database_is_indexed_whole_and_only_once() {
    let messages = BATCH_ROWS as u128 + 700;
    let conn = older_database(messages);
    assert_eq!(count(&conn, "blue"), 0);
    // A crash in the middle: the first texts are in, and nobody knows.
    add_missing(&conn, "message", 0).unwrap();
    bring_up_to_date(&conn).unwrap();
    assert_eq!(count(&conn, "blue"), messages as i64 + 1);
    assert_eq!((count(&conn, "ana"), count(&conn, "vip")), (1, 1));
    let places: i64 = conn.query_row("SELECT count(*) FROM search_place", [], |row| row.get(0)).unwrap();
    assert_eq!(places, messages as i64 + 2);
    // Those that found no place in their millisecond stand a little later, those of another time where they belong.
    let newest: String = conn
        .query_row("SELECT entity FROM search_place ORDER BY place DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let oldest: String = conn
        .query_row("SELECT entity FROM search_place ORDER BY place LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!((newest.as_str(), oldest.as_str()), ("note", "conversation"));
    let changes = conn.total_changes();
    bring_up_to_date(&conn).unwrap();
    assert_eq!(conn.total_changes(), changes);
}

#[test]
fn what_was_indexed_by_other_rules_is_indexed_anew() {
    let conn = older_database(3);
    bring_up_to_date(&conn).unwrap();
    conn.execute_batch(
        "UPDATE server SET search_rules = 999;
         INSERT INTO search (rowid, terms) VALUES (1, 'of an older rule');",
    )
    .unwrap();
    bring_up_to_date(&conn).unwrap();
    let of_before: i64 = conn
        .query_row("SELECT count(*) FROM search WHERE search MATCH 'older'", [], |row| row.get(0))
        .unwrap();
    assert_eq!((of_before, count(&conn, "blue")), (0, 4));
}
