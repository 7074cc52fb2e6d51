//! Search: what a phone does not hold.

use std::collections::BTreeSet;

use shopbell_domain::conversation::{Base, Ver};
use shopbell_domain::ids::{EpochId, InboxId, NoteId};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::note::Note;
use shopbell_domain::sync::{Entity, Row};
use shopbell_server::storage::{Caller, Denied, Inbound, OperationError, Search, SearchRead};

use super::world::{World, customer, denied};

impl World {
    pub async fn try_search(
        &self,
        caller: &Caller,
        query: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<SearchRead, OperationError> {
        let (epoch, inbox) = (self.storage.epoch(), self.inbox);
        let query = query.to_owned();
        let search = Search { caller: caller.clone(), epoch, inbox, query, before, limit };
        self.storage.search(search).await
    }

    /// What Theo finds: messages and notes by what they say, other rows by their kind, in the order in which they come.
    async fn found(&self, query: &str) -> Vec<String> {
        let read = self.try_search(&self.theo, query, None, 50).await.unwrap();
        assert_eq!(read.next, None);
        said(&read.rows)
    }

    async fn tags_ana(&self, tag: &str) {
        let add = AddTag { customer: customer("ana"), tag: tag.to_owned() };
        self.push(&self.theo, &[self.mutation(&Operation::AddTag(add), None)]).await;
    }
}

fn said(rows: &[Row]) -> Vec<String> {
    let said = |row: &Row| match row.entity {
        Entity::Message => row.read::<Message>().unwrap().text,
        Entity::Note => row.read::<Note>().unwrap().text.value,
        other => other.as_str().to_owned(),
    };
    rows.iter().map(said).collect()
}

pub async fn what_was_written_comes_with_its_conversation(world: World) {
    world.writes("ana", "Is the blue scarf wool?").await;
    world.writes("bo", "Où est mon écharpe ?").await;
    world.push(&world.theo, &[world.reply("ana", "Yes, the scarf is merino.")]).await;
    let expected = ["customer", "conversation", "Yes, the scarf is merino.", "Is the blue scarf wool?"];
    assert_eq!(world.found("scarf").await, expected);
    assert_eq!(world.found("blue SCA").await, ["customer", "conversation", "Is the blue scarf wool?"]);
    assert_eq!(world.found("echarpe").await, ["customer", "conversation", "Où est mon écharpe ?"]);
    let none: [&str; 0] = [];
    for query in ["green", "blue écharpe", "scarf OR blue", "", "\"", "*"] {
        assert_eq!(world.found(query).await, none, "{query:?}");
    }
}

pub async fn names_tags_and_notes_are_found_as_they_are_now(world: World) {
    world.writes("Ana Lima", "Hello").await;
    world.writes("ana", "Hello").await;
    world.tags_ana("wholesale").await;
    let note = NoteId::new(&world.env);
    let add = AddNote { customer: customer("ana"), note, text: "Her number is 06 12 34 56 78".to_owned() };
    world.push(&world.theo, &[world.mutation(&Operation::AddNote(add), None)]).await;
    let one = ["customer", "conversation"];
    assert_eq!(world.found("l").await, one, "a name by its first letter");
    assert_eq!(world.found("ana").await, [one, one].concat());
    assert_eq!(world.found("whole").await, one);
    assert_eq!(world.found("0612345678").await, [&one[..], &["Her number is 06 12 34 56 78"]].concat());

    let remove = RemoveTag { customer: customer("ana"), tag: "wholesale".to_owned() };
    let ver = world.note_ver(note).await;
    let edit = EditNote { customer: customer("ana"), note, text: "She calls from 0700 900123".to_owned() };
    world
        .push(
            &world.theo,
            &[
                world.mutation(&Operation::RemoveTag(remove), None),
                world.mutation(&Operation::EditNote(edit), Some(Base::Ver(ver))),
            ],
        )
        .await;
    let none: [&str; 0] = [];
    assert_eq!(world.found("wholesale").await, none);
    assert_eq!(world.found("0612345678").await, none);
    assert_eq!(world.found("0700-900-123").await, world.found("0700900123").await, "grouped in another way");
    assert_eq!(world.found("0700900123").await, [&one[..], &["She calls from 0700 900123"]].concat());

    let ver = world.note_ver(note).await;
    let delete = Operation::DeleteNote(DeleteNote { customer: customer("ana"), note });
    world.push(&world.theo, &[world.mutation(&delete, Some(Base::Ver(ver)))]).await;
    assert_eq!(world.found("0700900123").await, none);
}

impl World {
    async fn note_ver(&self, note: NoteId) -> Ver {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let row = rows.iter().find(|row| row.id == note.0).unwrap();
        row.read::<Note>().unwrap().text.ver
    }
}

pub async fn pages_bring_the_newest_first_and_nothing_twice(world: World) {
    for number in 0..12 {
        let from = format!("customer {}", number % 5);
        world.writes(&from, &format!("Blue number {number}")).await;
    }
    let (mut before, mut messages, mut pages) = (None, Vec::new(), 0);
    loop {
        let read = world.try_search(&world.theo, "blue", before, 2).await.unwrap();
        let heads: BTreeSet<_> =
            read.rows.iter().filter(|row| row.entity == Entity::Conversation).map(|row| row.id).collect();
        assert!(heads.len() <= 2);
        messages.extend(said(&read.rows).into_iter().filter(|said| said.starts_with("Blue")));
        pages += 1;
        // What comes meanwhile is newer than all pages.
        world.writes("bo", "Blue, too").await;
        match read.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    let expected: Vec<String> = (0..12).rev().map(|number| format!("Blue number {number}")).collect();
    assert_eq!(messages, expected);
    assert_eq!(pages, 6);
}

pub async fn what_was_said_in_one_shop_stays_there(world: World) {
    world.writes("ana", "The blue scarf").await;
    let kettle = world.kettle_writes("The blue kettle").await;
    assert_eq!(world.found("blue").await, ["customer", "conversation", "The blue scarf"]);
    let search = Search {
        caller: world.noor.clone(),
        epoch: world.storage.epoch(),
        inbox: kettle,
        query: "blue".to_owned(),
        before: None,
        limit: 50,
    };
    let read = world.storage.search(search.clone()).await.unwrap();
    assert_eq!(said(&read.rows), ["customer", "conversation", "The blue kettle"]);

    let asked = async |caller: &Caller, inbox| {
        denied(world.storage.search(Search { caller: caller.clone(), inbox, ..search.clone() }).await)
    };
    assert_eq!(asked(&world.noor, world.inbox).await, Denied::NotFound);
    assert_eq!(asked(&world.theo, kettle).await, Denied::NotFound);
    assert_eq!(asked(&world.theo, InboxId::new(&world.env)).await, Denied::NotFound);
    assert_eq!(asked(&world.pia, world.inbox).await, Denied::NoPermission);
    let epoch = EpochId::new(&world.env);
    let other = world.storage.search(Search { epoch, ..search }).await;
    assert_eq!(denied(other), world.epoch_changed());
}

pub async fn what_was_refused_leaves_nothing_to_find(world: World) {
    world.writes("ana", "Hello").await;
    let message = world.writes("bo", "Hello").await.message;
    let taken = Inbound { message, ..world.inbound(1, "bo", "A stolen id") };
    assert_eq!(denied(world.storage.record_inbound(taken).await), Denied::IdTaken);
    let too_long = world.reply("ana", &"long ".repeat(100));
    world.push(&world.theo, &[too_long, world.reply("ana", "short")]).await;
    let none: [&str; 0] = [];
    assert_eq!(world.found("stolen").await, none);
    assert_eq!(world.found("long").await, none);
    assert_eq!(world.found("short").await, ["customer", "conversation", "short"]);
}

pub async fn what_stood_before_a_crash_is_found_after_it(mut world: World) {
    world.writes("ana", "The blue scarf").await;
    world.crash();
    world.writes("ana", "The blue hat").await;
    assert_eq!(world.found("blue").await, ["customer", "conversation", "The blue hat", "The blue scarf"]);
}
