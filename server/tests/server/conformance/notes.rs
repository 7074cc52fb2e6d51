//! Notes about a customer: nothing that anybody wrote is lost when two write at once.

use serde_json::value::RawValue;
use shopbell_domain::conversation::{Base, Ver};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::NoteId;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::note::{NOTE_LIMIT_CHARS, NOTES_LIMIT, NOTES_WITH_CONFLICTS_LIMIT, Note, conflict_id};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, FaultKind, Outcome, RowRef};
use shopbell_server::storage::Caller;

use super::world::{World, customer};

impl World {
    fn add_note(&self, about: &str, note: NoteId, text: &str) -> Mutation {
        let add = AddNote { customer: customer(about), note, text: text.to_owned() };
        self.mutation(&Operation::AddNote(add), None)
    }

    fn edit_note(&self, note: NoteId, text: &str, base: Base) -> Mutation {
        let edit = EditNote { customer: customer("ana"), note, text: text.to_owned() };
        self.mutation(&Operation::EditNote(edit), Some(base))
    }

    fn delete_note(&self, note: NoteId, base: Base) -> Mutation {
        self.mutation(&Operation::DeleteNote(DeleteNote { customer: customer("ana"), note }), Some(base))
    }

    /// Ana has written, and Theo has noted this down about her.
    async fn noted(&self, text: &str) -> NoteId {
        self.writes("ana", "Hello").await;
        let note = NoteId::new(&self.env);
        assert_eq!(self.does(&self.theo, &self.add_note("ana", note, text)).await, Outcome::Accepted);
        note
    }

    fn note_row(&self, note: NoteId) -> RowRef {
        RowRef { scope: self.inbox_scope(), entity: Entity::Note, id: note.0 }
    }

    fn ana_row(&self) -> RowRef {
        RowRef { scope: self.inbox_scope(), entity: Entity::Customer, id: customer("ana").0 }
    }

    /// A note with its row's version, if it is not deleted.
    async fn note(&self, note: NoteId) -> Option<(Ver, Note)> {
        let row = self.row(&self.mina, self.note_row(note)).await?;
        (!row.ended).then(|| (row.ver, row.read().unwrap()))
    }

    /// What all notes say, and about which other one each conflicts.
    async fn texts(&self) -> Vec<(String, Option<NoteId>)> {
        let rows = self.all(&self.mina, self.inbox_scope()).await;
        let notes = rows.iter().filter(|row| row.entity == Entity::Note && !row.ended);
        let notes = notes.map(|row| row.read::<Note>().unwrap());
        let mut texts: Vec<_> = notes.map(|note| (note.text.value, note.conflicts_with)).collect();
        texts.sort();
        texts
    }

    async fn named(&self, caller: &Caller, mutation: &Mutation) -> Vec<RowRef> {
        self.result(caller, mutation).await.unwrap().rows
    }
}

pub async fn a_note_is_added_edited_and_deleted(world: World) {
    world.writes("ana", "Hello").await;
    let id = NoteId::new(&world.env);
    let add = world.add_note("ana", id, "Buys for her café\r\n");
    assert_eq!(world.does(&world.theo, &add).await, Outcome::Accepted);
    let added_at = world.env.now();
    let (ver, note) = world.note(id).await.unwrap();
    assert_eq!((note.customer, note.text.value.as_str()), (customer("ana"), "Buys for her café\n"));
    assert_eq!(
        (note.author, note.text.by, note.text.mutation),
        (world.theo.staff, Some(world.theo.staff), Some(add.mid))
    );
    assert_eq!((note.at, note.edited_at, note.text.ver), (added_at, None, ver));
    assert_eq!(world.named(&world.theo, &add).await, [world.note_row(id)]);

    let edit = world.edit_note(id, "Buys for two cafés", note.text.base());
    assert_eq!(world.does(&world.mina, &edit).await, Outcome::Accepted);
    let (ver, note) = world.note(id).await.unwrap();
    assert_eq!((note.author, note.text.by), (world.theo.staff, Some(world.mina.staff)));
    assert_eq!((note.at, note.edited_at, note.text.ver), (added_at, Some(world.env.now()), ver));
    assert_eq!(world.named(&world.mina, &edit).await, [world.note_row(id)]);

    let delete = world.delete_note(id, note.text.base());
    assert_eq!(world.does(&world.theo, &delete).await, Outcome::Accepted);
    let gone = world.row(&world.mina, world.note_row(id)).await.unwrap();
    assert!(gone.ended && gone.body.is_none() && gone.ver > ver);
    assert_eq!(world.named(&world.theo, &delete).await, [world.note_row(id)]);
    // What is gone is deleted already: its end comes along once more.
    let again = world.delete_note(id, note.text.base());
    assert_eq!(world.does(&world.mina, &again).await, Outcome::Accepted);
    assert_eq!(world.named(&world.mina, &again).await, [world.ana_row(), world.note_row(id)]);
    assert_eq!(world.row(&world.mina, world.note_row(id)).await.unwrap().ver, gone.ver);

    // One batch sees itself, by the mutation that it looks back to.
    let id = NoteId::new(&world.env);
    let add = world.add_note("ana", id, "Pays late");
    let edit = world.edit_note(id, "Pays on time", Base::Mutation(add.mid));
    let other = world.edit_note(id, "Pays early", Base::Mutation(edit.mid));
    let delete = world.delete_note(id, Base::Mutation(other.mid));
    world.push(&world.theo, &[add, edit, other]).await;
    assert_eq!(world.texts().await, [("Pays early".to_owned(), None)]);
    assert_eq!(world.does(&world.theo, &delete).await, Outcome::Accepted);
    assert_eq!(world.note(id).await, None);
    // Of a row that ends and comes back in one batch the last state is what others pull.
    let add = world.add_note("ana", id, "Pays by card");
    let delete = world.delete_note(id, Base::Mutation(add.mid));
    world.push(&world.theo, &[add, delete, world.add_note("ana", id, "Pays in cash")]).await;
    assert_eq!(world.texts().await, [("Pays in cash".to_owned(), None)]);
}

pub async fn two_who_edit_at_once_are_both_kept(world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    let first = world.edit_note(id, "Likes green", base);
    let second = world.edit_note(id, "Likes red", base);
    assert_eq!(world.does(&world.mina, &first).await, Outcome::Accepted);
    assert_eq!(world.does(&world.theo, &second).await, Outcome::Accepted);
    assert_eq!(world.texts().await, [("Likes green".to_owned(), None), ("Likes red".to_owned(), Some(id))]);
    let kept = conflict_id(second.mid);
    let (ver, note) = world.note(kept).await.unwrap();
    assert_eq!((note.author, note.text.by, note.text.ver), (world.theo.staff, Some(world.theo.staff), ver));
    assert_eq!(world.named(&world.theo, &second).await, [world.note_row(kept), world.note_row(id)]);
    // Both wrote the same: there is nothing to keep beside it.
    let same = world.edit_note(id, "Likes green", base);
    assert_eq!(world.does(&world.theo, &same).await, Outcome::Accepted);
    assert_eq!(world.named(&world.theo, &same).await, [world.ana_row(), world.note_row(id)]);
    assert_eq!(world.texts().await.len(), 2);
    // The one that was kept is a note like any other.
    let settled = world.delete_note(kept, note.text.base());
    assert_eq!(world.does(&world.mina, &settled).await, Outcome::Accepted);
    assert_eq!(world.texts().await, [("Likes green".to_owned(), None)]);
}

pub async fn a_delete_does_not_take_what_nobody_saw(world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    let edit = world.edit_note(id, "Likes green", base);
    world.does(&world.mina, &edit).await;
    let delete = world.delete_note(id, base);
    let refused = Outcome::Refused(Refusal::ChangedSince { by: Some(world.mina.staff) });
    assert_eq!(world.does(&world.theo, &delete).await, refused);
    let mut without_base = world.delete_note(id, base);
    without_base.base = None;
    assert_eq!(world.does(&world.theo, &without_base).await, Outcome::Refused(Refusal::Unreadable));
    assert_eq!(world.texts().await, [("Likes green".to_owned(), None)]);
}

pub async fn an_edit_of_a_deleted_note_is_kept(world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    world.does(&world.mina, &world.delete_note(id, base)).await;
    let edit = world.edit_note(id, "Likes green", base);
    assert_eq!(world.does(&world.theo, &edit).await, Outcome::Accepted);
    assert_eq!(world.texts().await, [("Likes green".to_owned(), Some(id))]);
    // The result names both: the end of the one and the note that keeps the text.
    assert_eq!(
        world.named(&world.theo, &edit).await,
        [world.note_row(conflict_id(edit.mid)), world.note_row(id)]
    );
}

pub async fn a_note_id_is_one_note(world: World) {
    let id = world.noted("Likes blue").await;
    world.writes("bo", "Hello").await;
    let already = Outcome::Refused(Refusal::AlreadySent);
    assert_eq!(world.does(&world.theo, &world.add_note("ana", id, "Again")).await, already);
    assert_eq!(world.does(&world.theo, &world.add_note("bo", id, "About Bo")).await, already);
    // Nor does an id that follows from a mutation overwrite somebody else's note.
    let mut edit = world.edit_note(NoteId::new(&world.env), "Likes green", Base::Ver(Ver(1)));
    assert_eq!(
        world.does(&world.theo, &world.add_note("bo", conflict_id(edit.mid), "Likes tea")).await,
        Outcome::Accepted
    );
    assert_eq!(world.does(&world.theo, &edit).await, already);
    // An edit cannot reach a note through another customer.
    let (ver, _) = world.note(id).await.unwrap();
    edit = world.edit_note(id, "Mine", Base::Ver(ver));
    edit.args = RawValue::from_string(
        edit.args.get().replace(&customer("ana").to_string(), &customer("bo").to_string()),
    )
    .unwrap();
    assert_eq!(world.does(&world.theo, &edit).await, Outcome::Accepted);
    assert_eq!(
        world.texts().await,
        [("Likes blue".to_owned(), None), ("Likes tea".to_owned(), None), ("Mine".to_owned(), Some(id))]
    );
    assert_eq!(world.note(id).await.unwrap().0, ver);
}

pub async fn a_text_that_will_not_do_is_refused(world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    let long = Refusal::TextTooLong { limit_chars: NOTE_LIMIT_CHARS };
    for (text, refusal) in [
        (" \n\u{200b}".to_owned(), Refusal::TextEmpty),
        ("ż".repeat(NOTE_LIMIT_CHARS + 1), long.clone()),
        ("a".repeat(20_000), long),
    ] {
        let refused = Outcome::Refused(refusal);
        assert_eq!(
            world.does(&world.theo, &world.add_note("ana", NoteId::new(&world.env), &text)).await,
            refused
        );
        assert_eq!(world.does(&world.theo, &world.edit_note(id, &text, base)).await, refused);
    }
    let at_the_limit = "ż".repeat(NOTE_LIMIT_CHARS);
    assert_eq!(world.does(&world.theo, &world.edit_note(id, &at_the_limit, base)).await, Outcome::Accepted);
    assert_eq!(world.texts().await, [(at_the_limit, None)]);
}

pub async fn a_customer_has_so_many_notes(world: World) {
    world.writes("ana", "Hello").await;
    let add = |number| world.add_note("ana", NoteId::new(&world.env), &format!("Note {number}"));
    let many: Vec<Mutation> = (0..NOTES_LIMIT).map(add).collect();
    world.push(&world.theo, &many).await;
    let refused = Outcome::Refused(Refusal::TooManyNotes { limit: NOTES_LIMIT });
    assert_eq!(world.does(&world.theo, &add(NOTES_LIMIT)).await, refused);
    assert_eq!(world.texts().await.len(), NOTES_LIMIT);

    // Edits that come too late have room of their own, which ends too.
    let gone = NoteId::new(&world.env);
    let late = |number| world.edit_note(gone, &format!("Note {number}"), Base::Ver(Ver(1)));
    let many: Vec<Mutation> = (NOTES_LIMIT..NOTES_WITH_CONFLICTS_LIMIT).map(late).collect();
    world.push(&world.theo, &many).await;
    assert_eq!(world.texts().await.len(), NOTES_WITH_CONFLICTS_LIMIT);
    let refused = Outcome::Refused(Refusal::TooManyNotes { limit: NOTES_WITH_CONFLICTS_LIMIT });
    assert_eq!(world.does(&world.theo, &late(NOTES_WITH_CONFLICTS_LIMIT)).await, refused);
    let (ver, _) = world.note(conflict_id(many[0].mid)).await.unwrap();
    let in_time = world.edit_note(conflict_id(many[0].mid), "In time", Base::Ver(ver));
    assert_eq!(world.does(&world.mina, &in_time).await, Outcome::Accepted);
    assert_eq!(world.texts().await.len(), NOTES_WITH_CONFLICTS_LIMIT);
}

pub async fn the_same_note_again_is_no_other_note(mut world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    world.does(&world.mina, &world.edit_note(id, "Likes green", base)).await;
    let conflicting = world.edit_note(id, "Likes red", base);
    world.does(&world.theo, &conflicting).await;
    let kept = world.note(conflict_id(conflicting.mid)).await.unwrap();
    world.does(&world.mina, &world.delete_note(conflict_id(conflicting.mid), kept.1.text.base())).await;
    world.crash();
    // The answer was lost and it comes again: the note that it made stays deleted.
    assert_eq!(world.does(&world.theo, &conflicting).await, Outcome::Accepted);
    assert_eq!(world.texts().await, [("Likes green".to_owned(), None)]);
    let mut other = conflicting.clone();
    other.base = None;
    assert_eq!(world.push(&world.theo, &[other]).await.faults[0].kind, FaultKind::ArgsDiffer);
}

pub async fn who_may_not_see_a_customer_may_not_note(world: World) {
    let id = world.noted("Likes blue").await;
    let base = world.note(id).await.unwrap().1.text.base();
    let all = || {
        [
            world.add_note("ana", NoteId::new(&world.env), "Hello"),
            world.edit_note(id, "Likes green", base),
            world.delete_note(id, base),
        ]
    };
    for mutation in all() {
        assert_eq!(world.does(&world.noor, &mutation).await, Outcome::Refused(Refusal::UnknownCustomer));
    }
    let none = Permissions::of([Permission::Chat]);
    world.storage.set_permissions(world.shop, world.theo.staff, none).await.unwrap();
    for mutation in all().into_iter().chain([world.add_note("nobody", id, "Hello")]) {
        let refused = Outcome::Refused(Refusal::NoPermission { needs: Permission::Customers });
        assert_eq!(world.does(&world.theo, &mutation).await, refused);
    }
    assert_eq!(world.texts().await, [("Likes blue".to_owned(), None)]);
}
