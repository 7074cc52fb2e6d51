//! What is shared in secret, and what happens to a message after it was sent.

use super::delete_message::DeleteMessage;
use super::edit_message::EditMessage;
use super::send_message::SendMessage;
use super::*;
use crate::conversation::{Conversation, ReadMarker, Ver};
use crate::env::{Env, FixedEnv};
use crate::ids::{ChannelId, CustomerId};
use crate::message::{Author, Message};
use crate::secret::{SECRET_TITLE_LIMIT_CHARS, SecretPart};
use crate::staff::Actor;

/// Theo answers Ana.
struct Story {
    env: FixedEnv,
    conversation: ConversationId,
    message: MessageId,
    theo: StaffId,
    subject: Subject,
}

impl Story {
    fn new() -> Self {
        let env = FixedEnv::seeded(7);
        let (conversation, message, theo) =
            (ConversationId::new(&env), MessageId::new(&env), StaffId::new(&env));
        let head = Conversation::begin(CustomerId::new(&env), ChannelId::new(&env), env.now());
        let subject = Subject { head, marker: ReadMarker::new(conversation), message: None };
        Self { env, conversation, message, theo, subject }
    }

    /// Theo's reply is there.
    fn replied(text: &str) -> Self {
        let mut story = Self::new();
        let send = story.send(text, None);
        let added = send.apply(&story.facts(story.theo), &mut story.subject).unwrap().unwrap();
        story.subject.message =
            Some(Message::new(story.conversation, 1, added.author, added.text, story.env.now()));
        story
    }

    fn facts(&self, staff: StaffId) -> Facts {
        let permissions = Permissions::of([Permission::Customers, Permission::Discounts]);
        Facts {
            actor: Actor { staff, permissions },
            mid: MutationId::new(&self.env),
            base: None,
            now: self.env.now(),
            named_staff: None,
            seen_number: None,
            text_limit_chars: 100,
            channel_revises: true,
        }
    }

    fn send(&self, text: &str, secret: Option<SecretPart>) -> Operation {
        let (conversation, message) = (self.conversation, self.message);
        Operation::SendMessage(SendMessage { conversation, message, text: text.to_owned(), secret })
    }

    fn edit(&self, text: &str) -> Operation {
        let (conversation, message) = (self.conversation, self.message);
        Operation::EditMessage(EditMessage { conversation, message, text: text.to_owned() })
    }

    fn delete(&self) -> Operation {
        Operation::DeleteMessage(DeleteMessage { conversation: self.conversation, message: self.message })
    }

    fn says(&self) -> (&str, &str) {
        let preview = self.subject.head.preview.as_ref().unwrap();
        (&self.subject.message.as_ref().unwrap().text, &preview.text)
    }
}

fn discount(title: &str, body: &str) -> SecretPart {
    SecretPart { kind: SecretKind::Discount, title: title.to_owned(), body: body.to_owned() }
}

#[test]
fn a_shared_discount_leaves_a_stub_where_everybody_reads() {
    let mut story = Story::new();
    let send = story.send("", Some(discount(" JUNIPER10 ", "Ten percent off")));
    let added = send.apply(&story.facts(story.theo), &mut story.subject).unwrap().unwrap();
    assert_eq!(added.secret, Some(discount("JUNIPER10", "Ten percent off")));
    assert_eq!(added.secret.unwrap().told(&added.text), "JUNIPER10\nTen percent off");
    let head = serde_json::to_string(&story.subject.head).unwrap();
    assert!(!head.contains("JUNIPER10") && !head.contains("percent"), "{head}");
    assert_eq!(story.subject.head.preview.unwrap().shared, Some(SecretKind::Discount));
}

#[test]
fn sharing_takes_the_permission_for_what_is_shared() {
    let mut story = Story::new();
    let part = SecretPart { kind: SecretKind::DraftOrder, title: "#1042".into(), body: String::new() };
    let refused = story.send("Here", Some(part)).apply(&story.facts(story.theo), &mut story.subject);
    assert_eq!(refused, Err(Refusal::NoPermission { needs: Permission::DraftOrders }));
    assert_eq!(story.subject.head.last_mseq, 0);
}

#[test]
fn a_secret_part_has_a_title_and_limits() {
    let mut story = Story::new();
    for (text, part, why) in [
        ("Here", discount(" ", "Ten percent off"), Refusal::TextEmpty),
        (
            "Here",
            discount(&"x".repeat(201), ""),
            Refusal::TextTooLong { limit_chars: SECRET_TITLE_LIMIT_CHARS },
        ),
        ("Here", discount("JUNIPER10", &"x".repeat(100)), Refusal::TextTooLong { limit_chars: 100 }),
    ] {
        let facts = story.facts(story.theo);
        assert_eq!(story.send(text, Some(part)).apply(&facts, &mut story.subject), Err(why));
    }
}

#[test]
fn an_edit_says_something_else_in_the_conversation_and_in_the_list() {
    let mut story = Story::replied("Yes, since today");
    story.edit("Yes, since\nyesterday").apply(&story.facts(story.theo), &mut story.subject).unwrap();
    assert_eq!(story.says(), ("Yes, since\nyesterday", "Yes, since yesterday"));
}

#[test]
fn of_two_edits_made_apart_the_first_stands_and_the_second_is_told() {
    let mut story = Story::replied("Yes");
    let first = story.facts(story.theo);
    story.edit("Yes, ten").apply(&first, &mut story.subject).unwrap();
    story.subject.message.as_mut().unwrap().stamp(Ver(12));

    let late = story.edit("Yes, twelve").apply(&story.facts(story.theo), &mut story.subject);
    assert_eq!(late, Err(Refusal::ChangedSince { by: Some(story.theo) }));
    let mut seen = story.facts(story.theo);
    seen.base = Some(Base::Ver(Ver(12)));
    story.edit("Yes, twelve").apply(&seen, &mut story.subject).unwrap();
    let mut offline = story.facts(story.theo);
    offline.base = Some(Base::Mutation(seen.mid));
    story.edit("Yes, thirteen").apply(&offline, &mut story.subject).unwrap();
    assert_eq!(story.says().0, "Yes, thirteen");
}

#[test]
fn a_deleted_message_keeps_its_place_without_its_words_and_stays_deleted() {
    let mut story = Story::replied("A mistake");
    story.delete().apply(&story.facts(story.theo), &mut story.subject).unwrap();
    assert_eq!(story.says(), ("", ""));
    assert_eq!(story.subject.head.last_mseq, 1);
    assert!(story.subject.head.preview.as_ref().unwrap().deleted);
    story.delete().apply(&story.facts(story.theo), &mut story.subject).unwrap();
    let late = story.edit("No mistake").apply(&story.facts(story.theo), &mut story.subject);
    assert_eq!(late, Err(Refusal::MessageDeleted));
}

#[test]
fn only_the_author_may_and_only_where_the_channel_can() {
    let mut story = Story::replied("Yes");
    let mina = StaffId::new(&story.env);
    for operation in [story.edit("No"), story.delete()] {
        assert_eq!(operation.apply(&story.facts(mina), &mut story.subject), Err(Refusal::NotTheAuthor));
        let mut by_mail = story.facts(story.theo);
        by_mail.channel_revises = false;
        assert_eq!(operation.apply(&by_mail, &mut story.subject), Err(Refusal::ChannelCannot));
        let mut unknown = Subject { message: None, ..story.subject.clone() };
        assert_eq!(operation.apply(&story.facts(story.theo), &mut unknown), Err(Refusal::UnknownMessage));
        story.subject.message.as_mut().unwrap().author = Author::Customer;
        assert_eq!(operation.apply(&story.facts(story.theo), &mut story.subject), Err(Refusal::NotTheAuthor));
        story.subject.message.as_mut().unwrap().author = Author::Staff(story.theo);
    }
    assert_eq!(story.says(), ("Yes", "Yes"));
}
