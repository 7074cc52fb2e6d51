use proptest::prelude::*;

use super::assign::Assign;
use super::close::Close;
use super::mark_read::MarkRead;
use super::reopen::Reopen;
use super::send_message::SendMessage;
use super::unassign::Unassign;
use super::*;
use crate::conversation::{Conversation, ReadMarker, Status, Ver};
use crate::env::{Env, FixedEnv};
use crate::ids::{ChannelId, CustomerId};
use crate::message::{Author, Preview};
use crate::staff::{Actor, Permissions, Staff};

/// Ana wrote one message; Mina owns the shop, Theo answers.
struct Story {
    env: FixedEnv,
    conversation: ConversationId,
    subject: Subject,
    mina: StaffId,
    theo: StaffId,
    seq: i64,
}

impl Story {
    fn new() -> Self {
        let env = FixedEnv::seeded(7);
        let conversation = ConversationId::new(&env);
        let head = Conversation::begin(CustomerId::new(&env), ChannelId::new(&env), env.now());
        let subject = Subject { head, marker: ReadMarker::new(conversation), message: None };
        let (mina, theo) = (StaffId::new(&env), StaffId::new(&env));
        let mut story = Self { env, conversation, subject, mina, theo, seq: 10 };
        story.ana_writes("Is the blue one back in stock?");
        story
    }

    fn ana_writes(&mut self, text: &str) -> MessageId {
        let message = MessageId::new(&self.env);
        let preview = Preview::of(message, Author::Customer, text.to_owned());
        self.subject.head.record_inbound(preview, self.env.now());
        self.commit();
        message
    }

    /// What the server does at the end of a transaction.
    fn commit(&mut self) {
        self.seq += 1;
        self.subject.head.stamp(Ver(self.seq));
    }

    fn facts(&self, staff: StaffId, base: Option<Base>) -> Facts {
        Facts {
            actor: Actor { staff, permissions: Permissions::of([Permission::Chat, Permission::Customers]) },
            mid: MutationId::new(&self.env),
            base,
            now: self.env.now(),
            named_staff: None,
            seen_number: None,
            text_limit_chars: 100,
            channel_revises: true,
        }
    }

    fn status_base(&self) -> Option<Base> {
        Some(self.subject.head.status.base())
    }

    fn assignee_base(&self) -> Option<Base> {
        Some(self.subject.head.assignee.base())
    }

    fn close(&self, seen: Option<MessageId>) -> Operation {
        Operation::Close(Close { conversation: self.conversation, seen })
    }

    fn assign(&self, assignee: StaffId) -> Operation {
        Operation::Assign(Assign { conversation: self.conversation, assignee })
    }
}

fn colleague(permissions: impl IntoIterator<Item = Permission>) -> Staff {
    Staff {
        name: "Theo".into(),
        email: "theo@juniper.example".into(),
        permissions: Permissions::of(permissions),
        owner: false,
    }
}

#[test]
fn a_reply_becomes_the_newest_line() {
    let mut story = Story::new();
    let message = MessageId::new(&story.env);
    let send = Operation::SendMessage(SendMessage {
        conversation: story.conversation,
        message,
        text: "Yes,\nsince today!".into(),
        secret: None,
    });
    let facts = story.facts(story.theo, None);
    let added = send.apply(&facts, &mut story.subject).unwrap().unwrap();
    assert_eq!(
        added,
        NewMessage {
            id: message,
            author: Author::Staff(story.theo),
            text: "Yes,\nsince today!".into(),
            secret: None
        }
    );
    let preview = story.subject.head.preview.clone().unwrap();
    assert_eq!((preview.author, preview.text.as_str()), (Author::Staff(story.theo), "Yes, since today!"));
    assert_eq!((story.subject.head.last_mseq, story.subject.head.inbound_count), (2, 1));
}

#[test]
fn a_reply_that_cannot_be_sent_changes_nothing() {
    let mut story = Story::new();
    let before = story.subject.clone();
    for (text, refusal) in
        [(" \n".to_owned(), Refusal::TextEmpty), ("a".repeat(101), Refusal::TextTooLong { limit_chars: 100 })]
    {
        let send = SendMessage {
            conversation: story.conversation,
            message: MessageId::new(&story.env),
            text,
            secret: None,
        };
        let facts = story.facts(story.theo, None);
        assert_eq!(Operation::SendMessage(send).apply(&facts, &mut story.subject), Err(refusal));
    }
    assert_eq!(story.subject, before);
}

#[test]
fn nobody_changes_anything_without_the_permission() {
    let mut story = Story::new();
    let before = story.subject.clone();
    let mut facts = story.facts(story.theo, story.status_base());
    facts.actor.permissions = Permissions::of([Permission::Chat, Permission::Products]);
    let conversation = story.conversation;
    let message = MessageId::new(&story.env);
    for operation in [
        Operation::SendMessage(SendMessage { conversation, message, text: "Hello".into(), secret: None }),
        story.close(story.subject.head.last_inbound),
        Operation::Reopen(Reopen { conversation }),
        Operation::MarkRead(MarkRead { conversation, message }),
        story.assign(story.mina),
        Operation::Unassign(Unassign { conversation }),
    ] {
        let refused = operation.apply(&facts, &mut story.subject);
        assert_eq!(refused, Err(Refusal::NoPermission { needs: Permission::Customers }), "{operation:?}");
    }
    assert_eq!(story.subject, before);
}

#[test]
fn closing_over_an_unseen_message_is_refused() {
    let mut story = Story::new();
    let seen = story.subject.head.last_inbound;
    let facts = story.facts(story.theo, story.status_base());
    let close = story.close(seen);
    story.ana_writes("And the red one?");
    assert_eq!(close.apply(&facts, &mut story.subject), Err(Refusal::CustomerWroteSince));

    let facts = story.facts(story.theo, story.status_base());
    let unknown = story.close(Some(MessageId::new(&story.env)));
    assert_eq!(unknown.apply(&facts, &mut story.subject), Err(Refusal::CustomerWroteSince));

    let close = story.close(story.subject.head.last_inbound);
    assert_eq!(close.apply(&facts, &mut story.subject), Ok(None));
    assert_eq!(story.subject.head.status.value, Status::Closed);
    assert_eq!(story.subject.head.status.by, Some(story.theo));
}

#[test]
fn a_customers_message_reopens() {
    let mut story = Story::new();
    let facts = story.facts(story.theo, story.status_base());
    story.close(story.subject.head.last_inbound).apply(&facts, &mut story.subject).unwrap();
    story.commit();
    story.ana_writes("One more thing");
    assert_eq!(story.subject.head.status.value, Status::Open);
    assert_eq!(story.subject.head.status.by, None);
}

#[test]
fn the_first_of_two_assignments_wins_and_the_second_hears_who_was_first() {
    let mut story = Story::new();
    let mut mina = story.facts(story.mina, story.assignee_base());
    let mut theo = story.facts(story.theo, story.assignee_base());
    mina.named_staff = Some(colleague(ASSIGNEE));
    theo.named_staff = Some(colleague(ASSIGNEE));
    story.assign(story.mina).apply(&mina, &mut story.subject).unwrap();
    story.commit();
    let refused = story.assign(story.theo).apply(&theo, &mut story.subject);
    assert_eq!(refused, Err(Refusal::ChangedSince { by: Some(story.mina) }));
    assert_eq!(story.subject.head.assignee.value, Some(story.mina));
}

const ASSIGNEE: [Permission; 2] = [Permission::Chat, Permission::Customers];

#[test]
fn asking_for_what_already_is_so_is_no_conflict() {
    let mut story = Story::new();
    let stale = story.assignee_base();
    let mut facts = story.facts(story.mina, stale);
    facts.named_staff = Some(colleague(ASSIGNEE));
    story.assign(story.theo).apply(&facts, &mut story.subject).unwrap();
    story.commit();
    let settled = story.subject.clone();
    let mut again = story.facts(story.theo, stale);
    again.named_staff = Some(colleague(ASSIGNEE));
    assert_eq!(story.assign(story.theo).apply(&again, &mut story.subject), Ok(None));
    assert_eq!(story.subject, settled);
}

#[test]
fn assign_then_unassign_made_offline_name_each_other() {
    let mut story = Story::new();
    let mut first = story.facts(story.theo, story.assignee_base());
    first.named_staff = Some(colleague(ASSIGNEE));
    story.assign(story.theo).apply(&first, &mut story.subject).unwrap();
    // Not settled: the next change names the mutation, on the phone and, when it arrives, on the server.
    assert_eq!(story.subject.head.assignee.base(), Base::Mutation(first.mid));
    let second = story.facts(story.theo, Some(Base::Mutation(first.mid)));
    story.commit();
    let unassign = Operation::Unassign(Unassign { conversation: story.conversation });
    assert_eq!(unassign.apply(&second, &mut story.subject), Ok(None));
    assert_eq!(story.subject.head.assignee.value, None);
}

#[test]
fn only_those_who_may_answer_are_assigned() {
    let mut story = Story::new();
    let mut facts = story.facts(story.mina, story.assignee_base());
    facts.named_staff = Some(colleague([Permission::Chat]));
    let refused = story.assign(story.theo).apply(&facts, &mut story.subject);
    assert_eq!(refused, Err(Refusal::AssigneeMayNot { staff: story.theo }));
    facts.named_staff = None;
    assert_eq!(story.assign(story.theo).apply(&facts, &mut story.subject), Err(Refusal::UnknownStaff));
}

#[test]
fn an_unknown_name_or_version_is_refused_by_name() {
    let env = FixedEnv::seeded(1);
    let reopen = Operation::Reopen(Reopen { conversation: ConversationId::new(&env) });
    let mut mutation = Mutation::new(MutationId::new(&env), &reopen, None, env.now());
    assert_eq!(mutation.operation(), Ok(reopen));
    mutation.v = 2;
    assert_eq!(mutation.operation(), Err(Refusal::UnknownMutation));
    mutation.v = VERSION;
    mutation.name = "dance".into();
    assert_eq!(mutation.operation(), Err(Refusal::UnknownMutation));
    mutation.name = "assign".into();
    assert_eq!(mutation.operation(), Err(Refusal::Unreadable));
}

#[test]
fn a_mutation_travels_in_these_words() {
    let env = FixedEnv::seeded(3);
    let send = Operation::SendMessage(SendMessage {
        conversation: ConversationId::new(&env),
        message: MessageId::new(&env),
        text: "Yes!".into(),
        secret: None,
    });
    let mutation = Mutation::new(MutationId::new(&env), &send, Some(Base::Ver(Ver(12))), env.now());
    insta::assert_snapshot!(
        serde_json::to_string(&mutation).unwrap(),
        @r#"{"mid":"019cadc6-9a80-7b2d-8871-7d29b579226a","name":"send_message","v":1,"args":{"conversation":"019cadc6-9a80-7b7e-be6c-2639dc181ae4","message":"019cadc6-9a80-7221-aa56-a46373f01489","text":"Yes!"},"base":{"ver":12},"client_ts":1772442000000}"#
    );
}

proptest! {
    /// The marker takes the maximum and an unknown message never moves it, in whatever order marks arrive.
    #[test]
    fn a_read_marker_only_rises(numbers in proptest::collection::vec(proptest::option::of(1i64..50), 0..12)) {
        let mut story = Story::new();
        for number in &numbers {
            let before = story.subject.marker.count;
            let mut facts = story.facts(story.theo, None);
            facts.seen_number = *number;
            let mark = MarkRead { conversation: story.conversation, message: MessageId::new(&story.env) };
            Operation::MarkRead(mark).apply(&facts, &mut story.subject).unwrap();
            prop_assert!(story.subject.marker.count >= before);
        }
        prop_assert_eq!(story.subject.marker.count, numbers.iter().flatten().copied().max().unwrap_or(0));
    }
}

#[test]
fn a_star_is_shared_and_unread_is_personal_until_the_next_read() {
    let mut story = Story::new();
    let conversation = story.conversation;
    let mut facts = story.facts(story.theo, None);
    for operation in [
        Operation::Star(star::Star { conversation }),
        Operation::MarkUnread(mark_unread::MarkUnread { conversation }),
    ] {
        operation.apply(&facts, &mut story.subject).unwrap();
    }
    assert!(story.subject.head.starred && story.subject.marker.marked_unread);

    let message = story.subject.head.last_inbound.unwrap();
    let read = Operation::MarkRead(MarkRead { conversation, message });
    read.apply(&facts, &mut story.subject).unwrap();
    assert!(story.subject.marker.marked_unread, "a message that is unknown was not read");
    facts.seen_number = Some(1);
    read.apply(&facts, &mut story.subject).unwrap();
    assert_eq!((story.subject.marker.count, story.subject.marker.marked_unread), (1, false));

    Operation::Unstar(unstar::Unstar { conversation }).apply(&facts, &mut story.subject).unwrap();
    assert!(!story.subject.head.starred);
}
