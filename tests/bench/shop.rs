//! The benchmark's shop: conversations and messages as the rows that a server sends, each a function of its number.

use shopbell_core::domain::channel::{Channel, ChannelKind};
use shopbell_core::domain::conversation::{Conversation, Field, Status, Ver};
use shopbell_core::domain::customer::{Customer, Tags};
use shopbell_core::domain::ids::{
    ChannelId, ConversationId, CustomerId, EpochId, InboxId, MessageId, ShopId, StaffId, hashed_uuid,
};
use shopbell_core::domain::message::{Author, Delivery, Message, Preview};
use shopbell_core::domain::shop::Shop;
use shopbell_core::domain::staff::{Permission, Permissions, Staff};
use shopbell_core::domain::sync::{Entity, Row, Scope};
use shopbell_core::domain::tag::Tag;
use shopbell_core::domain::text::preview;
use shopbell_core::domain::time::Timestamp;
use uuid::Uuid;

use crate::words::{Words, number};

/// Messages of a conversation.
pub const MESSAGES_EACH: u64 = 10;
/// The `ver` of every row at first.
pub const SEQ: i64 = 1;
/// One conversation in this many is closed.
const CLOSED_ONE_IN: u64 = 5;
/// One conversation in this many is Theo's.
const ASSIGNED_ONE_IN: u64 = 8;
/// One customer in this many has a tag.
const TAGGED_ONE_IN: u64 = 10;
const FIRST_MS: i64 = 1_700_000_000_000;
const MINUTE_MS: i64 = 60_000;

/// The shop and its people.
pub struct BenchShop {
    pub shop: ShopId,
    pub theo: StaffId,
    pub mina: StaffId,
    pub inbox: InboxId,
    pub channel: ChannelId,
    pub epoch: EpochId,
    words: Words,
}

/// A conversation with everything in it.
pub struct Whole {
    pub id: ConversationId,
    pub customer_id: CustomerId,
    pub customer: Customer,
    pub head: Conversation,
    pub messages: Vec<(MessageId, Message)>,
}

impl BenchShop {
    pub fn new() -> Self {
        Self {
            shop: ShopId(id("shop", 0)),
            theo: StaffId(id("staff", 1)),
            mina: StaffId(id("staff", 2)),
            inbox: InboxId(id("inbox", 0)),
            channel: ChannelId(id("channel", 0)),
            epoch: EpochId(id("epoch", 0)),
            words: Words::new(),
        }
    }

    /// The rows of the scope `shop`.
    pub fn shop_rows(&self) -> Vec<Row> {
        let person = |name: &str, permissions: &[Permission]| Staff {
            name: name.to_owned(),
            email: format!("{}@juniper.example", name.to_lowercase()),
            permissions: Permissions::of(permissions.iter().copied()),
            owner: permissions.contains(&Permission::Full),
        };
        let kind = ChannelKind::new(ChannelKind::WEB_CHAT);
        let channel = Channel { kind, name: "Web chat".to_owned(), inbox: self.inbox };
        vec![
            row(Entity::Shop, self.shop.0, &Shop { name: "Juniper & Clay".to_owned() }),
            row(Entity::Staff, self.theo.0, &person("Theo", &[Permission::Chat, Permission::Customers])),
            row(Entity::Staff, self.mina.0, &person("Mina", &[Permission::Full])),
            row(Entity::Channel, self.channel.0, &channel),
        ]
    }

    pub fn inbox_scope(&self) -> Scope {
        Scope::Inbox(self.inbox)
    }

    /// Conversation `n`; later ones are newer. The customer and Theo take turns.
    pub fn conversation(&self, n: u64) -> Whole {
        let customer_id = CustomerId(id("customer", n));
        let id_ = ConversationId(id("conversation", n));
        let tags = if number(20, n).is_multiple_of(TAGGED_ONE_IN) {
            vec![Tag::new("VIP").expect("a tag")]
        } else {
            vec![]
        };
        let customer = Customer { name: self.words.name(n), number: n as i64 + 1, tags: Tags::from(tags) };
        let begins = FIRST_MS + n as i64 * MINUTE_MS;
        let mut head = Conversation::begin(customer_id, self.channel, Timestamp::from_millis(begins));
        let mut messages = Vec::new();
        for m in 0..MESSAGES_EACH {
            let text = self.words.text(n, m);
            let at = Timestamp::from_millis(begins + m as i64 * 1_000);
            let message_id = MessageId(id("message", n * MESSAGES_EACH + m));
            let inbound = m % 2 == 0;
            let author = if inbound { Author::Customer } else { Author::Staff(self.theo) };
            let line = Preview::of(message_id, author, preview(&text));
            if inbound {
                head.record_inbound(line, at)
            } else {
                head.record_outbound(line, at)
            }
            messages.push((
                message_id,
                Message {
                    inbound_number: inbound.then_some(head.inbound_count),
                    delivery: (!inbound).then_some(Delivery::Sent),
                    ..Message::new(id_, head.last_mseq, author, text, at)
                },
            ));
        }
        if number(21, n).is_multiple_of(CLOSED_ONE_IN) {
            head.status = Field::new(Status::Closed);
        }
        if number(22, n).is_multiple_of(ASSIGNED_ONE_IN) {
            head.assignee = Field::new(Some(self.theo));
        }
        head.stamp(Ver(SEQ));
        Whole { id: id_, customer_id, customer, head, messages }
    }

    /// A change to conversation `n`: its customer writes once more. `change` counts the changes and is the `ver`.
    pub fn change(&self, n: u64, change: i64) -> (Whole, MessageId, Message) {
        let mut whole = self.conversation(n);
        let message_id = MessageId(hashed_uuid(&[b"change", &change.to_be_bytes()]));
        let text = self.words.text(n, 500 + change as u64 % 400);
        let at = Timestamp::from_millis(FIRST_MS + 200_000 * MINUTE_MS + change * 1_000);
        let line = Preview::of(message_id, Author::Customer, preview(&text));
        whole.head.record_inbound(line, at);
        whole.head.stamp(Ver(change));
        let message = Message {
            inbound_number: Some(whole.head.inbound_count),
            ..Message::new(whole.id, whole.head.last_mseq, Author::Customer, text, at)
        };
        (whole, message_id, message)
    }
}

impl Whole {
    /// As rows.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = vec![
            row(Entity::Customer, self.customer_id.0, &self.customer),
            row(Entity::Conversation, self.id.0, &self.head),
        ];
        rows.extend(self.messages.iter().map(|(id, message)| row(Entity::Message, id.0, message)));
        rows
    }
}

fn row(entity: Entity, id: Uuid, body: &impl serde::Serialize) -> Row {
    Row::live(entity, id, Ver(SEQ), body)
}

fn id(kind: &str, n: u64) -> Uuid {
    hashed_uuid(&[b"bench", kind.as_bytes(), &n.to_be_bytes()])
}
