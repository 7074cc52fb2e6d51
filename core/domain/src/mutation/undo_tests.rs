//! For each operation: what it does, and that undoing it brings back what was there.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::conversation::{Base, Conversation, Field, ReadMarker, Ver};
use crate::customer::{Customer, Tags};
use crate::env::{Env, FixedEnv};
use crate::ids::{ChannelId, ConversationId, CustomerId, MessageId, StaffId};
use crate::mutation::Facts;
use crate::note::Note;
use crate::staff::{Actor, Permission, Permissions, Staff};

struct Story {
    env: FixedEnv,
    conversation: ConversationId,
    customer: CustomerId,
    theo: StaffId,
}

impl Story {
    fn new() -> Self {
        let env = FixedEnv::seeded(3);
        let conversation = ConversationId::new(&env);
        let (customer, theo) = (CustomerId::new(&env), StaffId::new(&env));
        Self { env, conversation, customer, theo }
    }

    fn facts(&self, base: Option<Base>) -> Facts {
        let permissions = Permissions::of([Permission::Chat, Permission::Customers]);
        Facts {
            actor: Actor { staff: self.theo, permissions: permissions.clone() },
            mid: MutationId::new(&self.env),
            base,
            now: self.env.now(),
            named_staff: Some(Staff {
                name: "Theo".into(),
                email: "theo@juniper.example".into(),
                permissions,
                owner: false,
            }),
            seen_number: Some(1),
            text_limit_chars: 100,
            channel_revises: true,
        }
    }

    fn head(&self) -> Conversation {
        let mut head = Conversation::begin(self.customer, ChannelId::new(&self.env), self.env.now());
        head.last_inbound = Some(MessageId::new(&self.env));
        head.inbound_count = 1;
        head.stamp(Ver(7));
        head
    }

    fn note(&self, text: &str) -> Note {
        Note {
            customer: self.customer,
            text: Field { ver: Ver(7), ..Field::new(text.to_owned()) },
            author: self.theo,
            at: self.env.now(),
            edited_at: None,
            conflicts_with: None,
        }
    }

    fn base_of(&self, operation: &Operation, subject: &Subject) -> Option<Base> {
        match operation {
            Operation::Close(_) | Operation::Reopen(_) => Some(subject.head.status.base()),
            Operation::Assign(_) | Operation::Unassign(_) => Some(subject.head.assignee.base()),
            _ => None,
        }
    }
}

/// What a person sees of a conversation; versions and who changed what last are not among it.
fn seen(subject: &Subject) -> (Status, Option<StaffId>, bool, bool) {
    let unread = crate::conversation::unread(&subject.head, Some(&subject.marker)) > 0;
    let head = &subject.head;
    (head.status.value, head.assignee.value, head.starred, unread || subject.marker.marked_unread)
}

fn seen_of_customer(subject: &CustomerSubject) -> (Vec<&str>, Vec<&str>) {
    let notes = subject.notes.values().map(|note| note.text.value.as_str()).collect();
    (subject.customer.tags.iter().map(Tag::as_str).collect(), notes)
}

proptest! {
    #[test]
    fn undoing_a_change_to_a_conversation_brings_back_what_was_seen(
        which in 0..8_usize, closed: bool, assigned: bool, starred: bool, count in 0..2_i64, marked: bool,
    ) {
        let story = Story::new();
        let conversation = story.conversation;
        let mut head = story.head();
        head.starred = starred;
        if closed {
            head.status = Field { ver: Ver(8), ..Field::new(Status::Closed) };
        }
        if assigned {
            head.assignee = Field { ver: Ver(9), ..Field::new(Some(StaffId::new(&story.env))) };
        }
        let message = head.last_inbound.unwrap();
        let marker = ReadMarker { count, marked_unread: marked, ..ReadMarker::new(conversation) };
        let mut subject = Subject { head, marker, message: None };
        let operation = [
            Operation::Close(Close { conversation, seen: Some(message) }),
            Operation::Reopen(Reopen { conversation }),
            Operation::Assign(Assign { conversation, assignee: story.theo }),
            Operation::Unassign(Unassign { conversation }),
            Operation::Star(Star { conversation }),
            Operation::Unstar(Unstar { conversation }),
            Operation::MarkRead(MarkRead { conversation, message }),
            Operation::MarkUnread(MarkUnread { conversation }),
        ][which].clone();
        // A read of what is read already is never asked for.
        prop_assume!(!matches!(operation, Operation::MarkRead(_)) || count == 0 || marked);

        let before = subject.clone();
        let facts = story.facts(story.base_of(&operation, &subject));
        operation.apply(&facts, &mut subject).unwrap();
        match operation.inverse(&before) {
            None => prop_assert_eq!(seen(&subject), seen(&before), "only what changes nothing has no inverse"),
            Some(inverse) => {
                let base = story.base_of(&inverse, &subject).map(|_| Base::Mutation(facts.mid));
                inverse.apply(&story.facts(base), &mut subject).unwrap();
                prop_assert_eq!(seen(&subject), seen(&before));
            }
        }
    }

    #[test]
    fn undoing_a_change_to_a_customer_brings_back_what_was_seen(which in 0..5_usize, tagged: bool) {
        let story = Story::new();
        let customer = story.customer;
        let note = NoteId::new(&story.env);
        let tag = "VIP".to_owned();
        let tags = if tagged { Tags::from(vec![Tag::new(&tag).unwrap()]) } else { Tags::default() };
        let notes = BTreeMap::from([(note, story.note("Buys for her café"))]);
        let mut subject = CustomerSubject::new(Customer { name: None, number: 1, tags }, notes);
        let text = "Pays by invoice".to_owned();
        let operation = [
            Operation::AddTag(AddTag { customer, tag: tag.clone() }),
            Operation::RemoveTag(RemoveTag { customer, tag: tag.to_lowercase() }),
            Operation::AddNote(AddNote { customer, note: NoteId::new(&story.env), text: text.clone() }),
            Operation::EditNote(EditNote { customer, note, text }),
            Operation::DeleteNote(DeleteNote { customer, note }),
        ][which].clone();

        let before = subject.clone();
        let facts = story.facts(Some(Base::Ver(Ver(7))));
        operation.apply_to_customer(&facts, &mut subject).unwrap();
        match operation.inverse_for_customer(&before, facts.mid) {
            None => prop_assert_eq!(seen_of_customer(&subject), seen_of_customer(&before)),
            Some(inverse) => {
                let mine = story.facts(Some(Base::Mutation(facts.mid)));
                inverse.apply_to_customer(&mine, &mut subject).unwrap();
                // A tag comes back as it was written by whoever took it away.
                let (tags, notes) = seen_of_customer(&subject);
                let (tags_before, notes_before) = seen_of_customer(&before);
                prop_assert_eq!(tags.join(" ").to_lowercase(), tags_before.join(" ").to_lowercase());
                prop_assert_eq!(notes, notes_before);
            }
        }
    }
}

#[test]
fn undoing_a_mark_never_reads_what_nobody_has_read() {
    let story = Story::new();
    let conversation = story.conversation;
    let before = Subject { head: story.head(), marker: ReadMarker::new(conversation), message: None };
    let mark = Operation::MarkUnread(MarkUnread { conversation });
    assert_eq!(mark.inverse(&before), None);
}
