//! What staff note down about Ana, two of them at once.

use std::collections::BTreeMap;

use super::add_note::AddNote;
use super::add_tag::AddTag;
use super::delete_note::DeleteNote;
use super::edit_note::EditNote;
use super::remove_tag::RemoveTag;
use super::*;
use crate::conversation::{Base, Ver};
use crate::customer::{Customer, TAGS_LIMIT, Tags};
use crate::env::{Env, FixedEnv};
use crate::ids::NoteId;
use crate::note::{NOTE_LIMIT_CHARS, NOTES_LIMIT, NOTES_WITH_CONFLICTS_LIMIT, conflict_id};
use crate::staff::{Actor, Permission, Permissions};

struct Story {
    env: FixedEnv,
    ana: CustomerId,
    subject: CustomerSubject,
    mina: StaffId,
    theo: StaffId,
    seq: i64,
}

impl Story {
    fn new() -> Self {
        let env = FixedEnv::seeded(11);
        let customer = Customer { name: Some("Ana".into()), number: 1, tags: Tags::default() };
        let subject = CustomerSubject::new(customer, BTreeMap::new());
        let (ana, mina, theo) = (CustomerId::new(&env), StaffId::new(&env), StaffId::new(&env));
        Self { env, ana, subject, mina, theo, seq: 10 }
    }

    fn facts(&self, staff: StaffId, base: Option<Base>) -> Facts {
        Facts {
            actor: Actor { staff, permissions: Permissions::of([Permission::Customers]) },
            mid: MutationId::new(&self.env),
            base,
            now: self.env.now(),
            named_staff: None,
            seen_number: None,
            text_limit_chars: 100,
            channel_revises: true,
        }
    }

    /// What the server does: decides and gives the change its version.
    fn does(&mut self, operation: &Operation, facts: &Facts) -> Result<(), Refusal> {
        operation.apply_to_customer(facts, &mut self.subject)?;
        self.seq += 1;
        let ver = Ver(self.seq);
        self.subject.notes.values_mut().for_each(|note| note.stamp(ver));
        assert_eq!(self.subject.notes_count, self.subject.notes.len());
        Ok(())
    }

    fn add_tag(&mut self, tag: &str) -> Result<(), Refusal> {
        let operation = Operation::AddTag(AddTag { customer: self.ana, tag: tag.to_owned() });
        let facts = self.facts(self.theo, None);
        self.does(&operation, &facts)
    }

    fn add_note(&mut self, text: &str) -> Result<NoteId, Refusal> {
        let note = NoteId::new(&self.env);
        let operation = Operation::AddNote(AddNote { customer: self.ana, note, text: text.to_owned() });
        let facts = self.facts(self.theo, None);
        self.does(&operation, &facts).map(|()| note)
    }

    fn edit(&self, note: NoteId, text: &str) -> Operation {
        Operation::EditNote(EditNote { customer: self.ana, note, text: text.to_owned() })
    }

    fn texts(&self) -> Vec<&str> {
        self.subject.notes.values().map(|note| note.text.value.as_str()).collect()
    }
}

#[test]
fn a_customer_has_so_many_tags_and_no_more() {
    let mut story = Story::new();
    for number in 0..TAGS_LIMIT {
        story.add_tag(&format!("tag {number}")).unwrap();
    }
    assert_eq!(story.add_tag("one more"), Err(Refusal::TooManyTags { limit: TAGS_LIMIT }));
    story.add_tag("TAG 7").unwrap(); // is there already
    let remove = Operation::RemoveTag(RemoveTag { customer: story.ana, tag: " Tag  7 ".into() });
    let facts = story.facts(story.mina, None);
    story.does(&remove, &facts).unwrap();
    story.add_tag("one more").unwrap();
    assert_eq!(story.add_tag(" \n"), Err(Refusal::TextEmpty));
    assert_eq!(story.add_tag(&"a".repeat(500)), Err(Refusal::TextTooLong { limit_chars: 40 }));
    assert_eq!(story.subject.customer.tags.len(), TAGS_LIMIT);
}

#[test]
fn a_note_says_who_wrote_it_and_who_changed_it() {
    let mut story = Story::new();
    let note = story.add_note("Buys for her café").unwrap();
    let base = story.subject.notes[&note].text.base();
    let edit = story.edit(note, "Buys for her café and pays late");
    let facts = story.facts(story.mina, Some(base));
    story.does(&edit, &facts).unwrap();
    let note = &story.subject.notes[&note];
    assert_eq!((note.author, note.text.by), (story.theo, Some(story.mina)));
    assert_eq!(note.edited_at, Some(facts.now));
}

#[test]
fn two_edits_of_one_note_are_both_kept() {
    let mut story = Story::new();
    let note = story.add_note("Size 38").unwrap();
    let base = Some(story.subject.notes[&note].text.base());
    let (minas, theos) = (story.edit(note, "Size 39"), story.edit(note, "Size 38, wide"));
    let facts = story.facts(story.mina, base);
    story.does(&minas, &facts).unwrap();
    let facts = story.facts(story.theo, base);
    story.does(&theos, &facts).unwrap();
    assert_eq!(story.subject.notes[&note].text.value, "Size 39");
    let kept = &story.subject.notes[&conflict_id(facts.mid)];
    assert_eq!((kept.text.value.as_str(), kept.author), ("Size 38, wide", story.theo));
    assert_eq!(kept.conflicts_with, Some(note));
}

#[test]
fn an_edit_of_a_note_that_was_deleted_is_kept_and_a_changed_note_is_not_deleted() {
    let mut story = Story::new();
    let (first, second) = (story.add_note("Size 38").unwrap(), story.add_note("Likes blue").unwrap());
    let base = Some(story.subject.notes[&second].text.base());
    let delete = |note| Operation::DeleteNote(DeleteNote { customer: story.ana, note });
    let (delete_first, delete_second) = (delete(first), delete(second));
    let facts = story.facts(story.mina, Some(story.subject.notes[&first].text.base()));
    story.does(&delete_first, &facts).unwrap();
    story.does(&delete_first, &facts).unwrap(); // it is gone already

    let edit = story.edit(first, "Size 39");
    let facts = story.facts(story.theo, base);
    story.does(&edit, &facts).unwrap();
    let edit = story.edit(second, "Likes green");
    story.does(&edit, &story.facts(story.theo, base)).unwrap();
    let refused = story.does(&delete_second, &story.facts(story.mina, base));
    assert_eq!(refused, Err(Refusal::ChangedSince { by: Some(story.theo) }));
    let mut texts = story.texts();
    texts.sort_unstable();
    assert_eq!(texts, ["Likes green", "Size 39"]);
}

#[test]
fn edits_made_offline_follow_each_other() {
    let mut story = Story::new();
    let note = story.add_note("Size 38").unwrap();
    let first = story.facts(story.theo, Some(story.subject.notes[&note].text.base()));
    let second = story.facts(story.theo, Some(Base::Mutation(first.mid)));
    for (text, facts) in [("Size 39", first), ("Size 40", second)] {
        let edit = story.edit(note, text);
        story.does(&edit, &facts).unwrap();
    }
    assert_eq!(story.texts(), ["Size 40"]);
}

#[test]
fn a_note_has_a_limit_and_so_has_their_number() {
    let mut story = Story::new();
    let too_long = story.add_note(&"a".repeat(NOTE_LIMIT_CHARS + 1));
    assert_eq!(too_long, Err(Refusal::TextTooLong { limit_chars: NOTE_LIMIT_CHARS }));
    assert_eq!(story.add_note("\u{200B}"), Err(Refusal::TextEmpty));
    let mut last = story.add_note("first").unwrap();
    for number in 1..NOTES_LIMIT {
        last = story.add_note(&format!("note {number}")).unwrap();
    }
    assert_eq!(story.add_note("one more"), Err(Refusal::TooManyNotes { limit: NOTES_LIMIT }));
    // Somebody's edit that came too late has room, as often again.
    let late = |text: &str, story: &mut Story| {
        let edit = story.edit(last, text);
        let facts = story.facts(story.mina, Some(Base::Ver(Ver(1))));
        story.does(&edit, &facts)
    };
    for number in NOTES_LIMIT..NOTES_WITH_CONFLICTS_LIMIT {
        late(&format!("note {number}"), &mut story).unwrap();
    }
    let before = story.subject.clone();
    let refused = Err(Refusal::TooManyNotes { limit: NOTES_WITH_CONFLICTS_LIMIT });
    assert_eq!(late("one more", &mut story), refused);
    assert_eq!(story.subject, before);
    assert_eq!(story.texts().len(), NOTES_WITH_CONFLICTS_LIMIT);
    // One that comes in time needs no room; a deleted one makes some.
    let in_time = story.edit(last, "in time");
    let base = Some(story.subject.notes[&last].text.base());
    story.does(&in_time, &story.facts(story.mina, base)).unwrap();
    let base = Some(story.subject.notes[&last].text.base());
    let delete = Operation::DeleteNote(DeleteNote { customer: story.ana, note: last });
    story.does(&delete, &story.facts(story.mina, base)).unwrap();
    late("one more", &mut story).unwrap();
}

#[test]
fn what_counts_is_how_many_notes_there_are_not_how_many_are_looked_at() {
    let mut story = Story::new();
    story.subject.notes_count = NOTES_LIMIT;
    let add = Operation::AddNote(AddNote {
        customer: story.ana,
        note: NoteId::new(&story.env),
        text: "one more".to_owned(),
    });
    let facts = story.facts(story.theo, None);
    let refused = add.apply_to_customer(&facts, &mut story.subject);
    assert_eq!(refused, Err(Refusal::TooManyNotes { limit: NOTES_LIMIT }));
    story.subject.notes_count -= 1;
    add.apply_to_customer(&facts, &mut story.subject).unwrap();
    assert_eq!((story.subject.notes.len(), story.subject.notes_count), (1, NOTES_LIMIT));
}

#[test]
fn an_operation_never_changes_what_it_is_not_about() {
    let mut story = Story::new();
    let conversation = ConversationId::new(&story.env);
    let facts = story.facts(story.theo, None);
    let star = Operation::Star(star::Star { conversation });
    assert_eq!(star.target(), Target::Conversation(conversation));
    assert_eq!(star.apply_to_customer(&facts, &mut story.subject), Err(Refusal::Unreadable));
    let nobody = Facts { actor: Actor { staff: story.theo, permissions: Permissions::default() }, ..facts };
    let tag = Operation::AddTag(AddTag { customer: story.ana, tag: "VIP".into() });
    let refused = tag.apply_to_customer(&nobody, &mut story.subject);
    assert_eq!(refused, Err(Refusal::NoPermission { needs: Permission::Customers }));
    assert!(story.subject.customer.tags.is_empty());
}
