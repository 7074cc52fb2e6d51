//! Stars and marks: what people put on a conversation to find it again.

use shopbell_domain::conversation::ReadMarker;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unstar::Unstar;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::sync::{Entity, Outcome, RowRef, Scope};
use shopbell_server::storage::Caller;

use super::world::{World, conversation};

impl World {
    fn star(&self) -> Mutation {
        self.mutation(&Operation::Star(Star { conversation: conversation("ana") }), None)
    }

    fn mark_unread(&self) -> Mutation {
        self.mutation(&Operation::MarkUnread(MarkUnread { conversation: conversation("ana") }), None)
    }

    async fn marker(&self, of: &Caller) -> Option<ReadMarker> {
        self.row(of, marker(of)).await.map(|row| row.read().unwrap())
    }
}

fn marker(of: &Caller) -> RowRef {
    RowRef { scope: Scope::User(of.staff), entity: Entity::ReadMarker, id: conversation("ana").0 }
}

pub async fn a_star_is_everybodys(world: World) {
    world.writes("ana", "Hello").await;
    let before = world.head("ana").await;
    assert_eq!(world.does(&world.theo, &world.star()).await, Outcome::Accepted);
    assert!(world.head("ana").await.starred);
    // Again it changes nothing, and the row is named so that the phone can let go of its own.
    let again = world.star();
    let ver = world.pull(&world.mina, &[(world.inbox_scope(), 0)], 1_000).await.scopes[0].cursor;
    assert_eq!(world.does(&world.mina, &again).await, Outcome::Accepted);
    let head = RowRef { scope: world.inbox_scope(), entity: Entity::Conversation, id: conversation("ana").0 };
    assert_eq!(world.result(&world.mina, &again).await.unwrap().rows, [head]);
    assert!(world.pull(&world.mina, &[(world.inbox_scope(), ver)], 1_000).await.scopes[0].rows.is_empty());
    let unstar = Operation::Unstar(Unstar { conversation: conversation("ana") });
    assert_eq!(world.does(&world.mina, &world.mutation(&unstar, None)).await, Outcome::Accepted);
    // A star leaves the conversation's place and its fields as they are.
    assert_eq!(world.head("ana").await, before);
}

pub async fn unread_is_ones_own_until_the_next_read(world: World) {
    let hello = world.writes("ana", "Hello").await;
    let read = |message| Operation::MarkRead(MarkRead { conversation: conversation("ana"), message });
    let read = |message| world.mutation(&read(message), None);
    world.push(&world.theo, &[read(hello.message), world.mark_unread()]).await;
    let marked = ReadMarker { conversation: conversation("ana"), count: 1, marked_unread: true };
    assert_eq!(world.marker(&world.theo).await, Some(marked));
    assert_eq!(world.marker(&world.mina).await, None);
    // What cannot have been read leaves the mark, and names the marker all the same.
    let of_another = read(world.writes("bo", "Hello").await.message);
    assert_eq!(world.does(&world.theo, &of_another).await, Outcome::Accepted);
    assert_eq!(world.result(&world.theo, &of_another).await.unwrap().rows, [marker(&world.theo)]);
    assert_eq!(world.marker(&world.theo).await, Some(marked));
    world.does(&world.theo, &read(hello.message)).await;
    assert_eq!(world.marker(&world.theo).await, Some(ReadMarker { marked_unread: false, ..marked }));
    // Before anything was read there can be a mark, too.
    let unread = world.mark_unread();
    world.does(&world.mina, &unread).await;
    assert_eq!(world.marker(&world.mina).await, Some(ReadMarker { count: 0, ..marked }));
    assert_eq!(world.result(&world.mina, &unread).await.unwrap().rows, [marker(&world.mina)]);
}
