//! Drafts: the last value that the server got stands, until it is sent.

use shopbell_domain::conversation::Ver;
use shopbell_domain::draft::Draft;
use shopbell_domain::ids::MessageId;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, Outcome, Row, RowRef, Scope};
use shopbell_server::storage::{Caller, Denied, OperationError};

use super::world::{World, conversation, denied};

impl World {
    async fn try_draft(
        &self,
        caller: &Caller,
        to: &str,
        message: MessageId,
        text: &str,
    ) -> Result<(), OperationError> {
        let draft = Draft { conversation: conversation(to), message, text: text.to_owned() };
        self.storage.put_draft(caller.clone(), draft).await
    }

    async fn draft(&self, caller: &Caller, message: MessageId, text: &str) {
        self.try_draft(caller, "ana", message, text).await.unwrap();
    }

    fn send(&self, message: MessageId, text: &str) -> Mutation {
        let send =
            SendMessage { conversation: conversation("ana"), message, text: text.to_owned(), secret: None };
        self.mutation(&Operation::SendMessage(send), None)
    }

    async fn draft_row(&self, of: &Caller) -> Option<Row> {
        self.row(of, draft_row(of)).await
    }

    /// What stands as a draft to Ana.
    async fn drafted(&self, of: &Caller) -> Option<String> {
        let row = self.draft_row(of).await.filter(|row| !row.ended)?;
        Some(row.read::<Draft>().unwrap().text)
    }
}

fn draft_row(of: &Caller) -> RowRef {
    RowRef { scope: Scope::User(of.staff), entity: Entity::Draft, id: conversation("ana").0 }
}

pub async fn the_last_value_stands_for_its_person_only(mut world: World) {
    world.writes("ana", "Is it blue?").await;
    let (first, second) = (MessageId::new(&world.env), MessageId::new(&world.env));
    world.draft(&world.theo, first, "It").await;
    world.draft(&world.theo, first, "It is").await;
    world.draft(&world.theo, second, "Yes \u{0}\r\n").await;
    let row = world.draft_row(&world.theo).await.unwrap();
    let draft = Draft { conversation: conversation("ana"), message: second, text: "Yes \u{0}\r\n".into() };
    assert_eq!(row.read::<Draft>().unwrap(), draft);
    assert!(row.ver > Ver::PENDING);
    // The same again is no change: no device is woken by it.
    world.draft(&world.theo, second, "Yes \u{0}\r\n").await;
    assert_eq!(world.draft_row(&world.theo).await.unwrap().ver, row.ver);
    assert_eq!(world.drafted(&world.mina).await, None);
    world.draft(&world.mina, MessageId::new(&world.env), "No").await;
    world.crash();
    assert_eq!(world.drafted(&world.theo).await.as_deref(), Some("Yes \u{0}\r\n"));
    assert_eq!(world.drafted(&world.mina).await.as_deref(), Some("No"));
}

pub async fn an_empty_text_takes_it_away(world: World) {
    world.writes("ana", "Is it blue?").await;
    let message = MessageId::new(&world.env);
    // Where there is none nothing happens.
    world.draft(&world.theo, message, "").await;
    assert!(world.draft_row(&world.theo).await.is_none());
    world.draft(&world.theo, message, "It is").await;
    let ver = world.draft_row(&world.theo).await.unwrap().ver;
    // Under whatever id: the person has nothing more to say.
    world.draft(&world.theo, MessageId::new(&world.env), "").await;
    let row = world.draft_row(&world.theo).await.unwrap();
    assert!(row.ended && row.ver > ver);
    world.draft(&world.theo, message, "It is").await;
    assert_eq!(world.drafted(&world.theo).await.as_deref(), Some("It is"));
}

pub async fn sending_takes_it_away_and_a_late_one_brings_nothing_back(world: World) {
    world.writes("ana", "Is it blue?").await;
    let (message, next) = (MessageId::new(&world.env), MessageId::new(&world.env));
    world.draft(&world.theo, message, "It is").await;
    world.draft(&world.mina, next, "Let me look").await;
    let send = world.send(message, "It is!");
    assert_eq!(world.does(&world.theo, &send).await, Outcome::Accepted);
    assert!(world.draft_row(&world.theo).await.unwrap().ended);
    assert!(world.result(&world.theo, &send).await.unwrap().rows.contains(&draft_row(&world.theo)));
    // It was on its way from the other device; so was the wish to throw it away.
    world.draft(&world.theo, message, "It is").await;
    assert_eq!(world.drafted(&world.theo).await, None);
    world.draft(&world.theo, next, "Anything else?").await;
    world.draft(&world.theo, message, "").await;
    assert_eq!(world.drafted(&world.theo).await.as_deref(), Some("Anything else?"));
    // Another reply leaves it, a refused one too, and a colleague's is theirs.
    let other = world.send(MessageId::new(&world.env), "One more thing");
    assert_eq!(world.does(&world.theo, &other).await, Outcome::Accepted);
    assert!(matches!(world.does(&world.theo, &world.send(next, " ")).await, Outcome::Refused(_)));
    assert_eq!(world.does(&world.mina, &world.send(next, "I looked")).await, Outcome::Accepted);
    assert_eq!(world.drafted(&world.theo).await.as_deref(), Some("Anything else?"));
    assert_eq!(world.drafted(&world.mina).await, None);
}

pub async fn a_conversation_out_of_sight_takes_no_draft(world: World) {
    world.writes("ana", "Is it blue?").await;
    let message = MessageId::new(&world.env);
    for (caller, to) in [(&world.theo, "nobody"), (&world.noor, "ana"), (&world.pia, "ana")] {
        assert_eq!(denied(world.try_draft(caller, to, message, "Hello").await), Denied::NotFound);
    }
    // What counts is what is permitted now, not what the caller brings along.
    let none = Permissions::of([Permission::Chat]);
    world.storage.set_permissions(world.shop, world.theo.staff, none).await.unwrap();
    assert_eq!(denied(world.try_draft(&world.theo, "ana", message, "Hello").await), Denied::NotFound);
    world
        .storage
        .remove_device(world.shop, world.mina.device, shopbell_domain::env::Env::now(&world.env))
        .await
        .unwrap();
    assert_eq!(denied(world.try_draft(&world.mina, "ana", message, "Hello").await), Denied::DeviceRemoved);
    assert!(world.draft_row(&world.theo).await.is_none());
}
