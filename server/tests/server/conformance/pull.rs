//! Pull.

use std::collections::BTreeMap;

use shopbell_domain::sync::{Entity, Row, Scope};

use super::world::{World, denied};

pub async fn what_a_result_names_comes_along_beyond_the_limit(world: World) {
    world.writes("ana", "Hello").await;
    let device = Scope::Device(world.theo.device);
    let reply = world.reply("ana", "Yes");
    world.push(&world.theo, std::slice::from_ref(&reply)).await;
    let answer = world.pull(&world.theo, &[(world.inbox_scope(), 0), (device, 0)], 1).await;
    // The device's own result comes first: the one row that the limit allows.
    let results = answer.scopes.iter().find(|scope| scope.scope == device).unwrap();
    assert_eq!((results.rows.len(), results.more), (1, false));
    let inbox = answer.scopes.iter().find(|scope| scope.scope == world.inbox_scope()).unwrap();
    assert_eq!((inbox.rows.len(), inbox.more, inbox.cursor), (0, true, 0));
    let [also] = answer.also.as_slice() else { panic!("{:?}", answer.also) };
    assert_eq!(also.scope, world.inbox_scope());
    let mut kinds: Vec<Entity> = also.rows.iter().map(|row| row.entity).collect();
    kinds.sort();
    assert_eq!(kinds, [Entity::Conversation, Entity::Message]);
    // What is in the answer already is not repeated.
    let answer = world.pull(&world.theo, &[(world.inbox_scope(), 0), (device, 0)], 100).await;
    assert!(answer.also.is_empty());
}

pub async fn small_answers_add_up_to_the_whole(world: World) {
    for text in ["One", "Two", "Three"] {
        world.writes("ana", text).await;
        world.writes("bo", text).await;
        world.push(&world.theo, &[world.reply("ana", text)]).await;
    }
    let scopes = [Scope::Shop, world.inbox_scope(), Scope::Device(world.theo.device)];
    let mut whole = BTreeMap::new();
    for scope in scopes {
        take(&mut whole, scope, world.all(&world.theo, scope).await);
    }
    for limit in 1..=5 {
        let mut held = BTreeMap::new();
        let mut cursors = scopes.map(|scope| (scope, 0));
        loop {
            let answer = world.pull(&world.theo, &cursors, limit).await;
            let rows: usize = answer.scopes.iter().map(|scope| scope.rows.len()).sum();
            assert!(rows <= limit);
            let more = answer.scopes.iter().any(|scope| scope.more);
            for scope in answer.scopes {
                let cursor = cursors.iter_mut().find(|(known, _)| *known == scope.scope).unwrap();
                assert_eq!(scope.from, cursor.1);
                assert!(scope.cursor >= cursor.1);
                cursor.1 = scope.cursor;
                assert!(scope.rows.is_sorted_by_key(|row| row.ver));
                take(&mut held, scope.scope, scope.rows);
            }
            if !more {
                break;
            }
        }
        assert_eq!(held, whole, "limit {limit}");
    }
}

fn take(held: &mut BTreeMap<(Scope, Entity, uuid::Uuid), String>, scope: Scope, rows: Vec<Row>) {
    for row in rows {
        held.insert((scope, row.entity, row.id), serde_json::to_string(&row).unwrap());
    }
}

pub async fn a_cursor_the_server_never_gave_is_another_history(world: World) {
    let seq = world.pull(&world.theo, &[(Scope::Shop, 0)], 1_000).await.scopes[0].cursor;
    assert!(world.try_pull(&world.theo, &[(Scope::Shop, seq)], 10).await.is_ok());
    let ahead = world.try_pull(&world.theo, &[(Scope::Shop, seq + 1)], 10).await;
    assert_eq!(denied(ahead), world.epoch_changed());
}

pub async fn scopes_that_are_not_granted_are_left_out(world: World) {
    world.writes("ana", "Hello").await;
    let theirs = [
        world.inbox_scope(),
        Scope::Replies,
        Scope::InboxDiscounts(world.inbox),
        Scope::User(world.mina.staff),
        Scope::Device(world.mina.device),
    ];
    let asked: Vec<(Scope, i64)> = theirs.into_iter().chain([Scope::Shop]).map(|scope| (scope, 0)).collect();
    let answer = world.pull(&world.pia, &asked, 1_000).await;
    let answered: Vec<Scope> = answer.scopes.iter().map(|scope| scope.scope).collect();
    assert_eq!(answered, [Scope::Shop]);
    let granted: Vec<Scope> = answer.granted.iter().map(|grant| grant.scope).collect();
    assert_eq!(granted, [Scope::Shop, Scope::User(world.pia.staff), Scope::Device(world.pia.device)]);
    // Another shop's person sees nothing of this one, whatever they ask for.
    let answer = world.pull(&world.noor, &[(world.inbox_scope(), 0)], 1_000).await;
    assert!(answer.scopes.is_empty());
}
