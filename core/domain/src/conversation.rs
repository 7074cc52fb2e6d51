//! A conversation's head: what the list shows of it and what the rules decide on.
//!
//! The same functions change a head on the server, where they decide, and on the phone, where they replay the outbox
//! over the server's row; so both can only come to the same result.

use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, ConversationId, CustomerId, MessageId, MutationId, StaffId};
use crate::message::Preview;
use crate::time::Timestamp;

/// A version: the log `seq` of the change that made it. `Ver::PENDING` while that change has no `seq` yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ver(pub i64);

impl Ver {
    /// Not stored by the server yet: it gets its number when the transaction that made it ends.
    pub const PENDING: Ver = Ver(0);
}

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody should look at it.
    Open,
    /// Done, until the customer writes again.
    Closed,
}

/// A value that people change by compare-and-set, with what a change must name to be the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field<T> {
    /// The present value.
    pub value: T,
    /// The version of its last change (of this field, never of the row).
    pub ver: Ver,
    /// Who made the last change; `None`: the customer's message or the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<StaffId>,
    /// The mutation that made the last change, so that a later one made offline can name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutation: Option<MutationId>,
}

impl<T: PartialEq> Field<T> {
    /// A field that nobody has changed yet.
    pub fn new(value: T) -> Self {
        Self { value, ver: Ver::PENDING, by: None, mutation: None }
    }

    /// Whether a change that was made looking at `base` is the next one.
    pub fn follows(&self, base: &Base) -> bool {
        match base {
            Base::Ver(ver) => *ver == self.ver && self.ver != Ver::PENDING,
            Base::Mutation(mid) => self.mutation == Some(*mid),
        }
    }

    /// What a change made now must name as its base.
    pub fn base(&self) -> Base {
        match (self.ver, self.mutation) {
            (Ver::PENDING, Some(mid)) => Base::Mutation(mid),
            (ver, _) => Base::Ver(ver),
        }
    }

    /// Gives the change its version, once it has one.
    pub fn stamp(&mut self, ver: Ver) {
        if self.ver == Ver::PENDING {
            self.ver = ver;
        }
    }
}

/// What the person who made a change was looking at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The field at this version.
    Ver(Ver),
    /// The field as this earlier mutation of the same device left it.
    Mutation(MutationId),
}

/// A row of an inbox: a conversation's head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Who wrote.
    pub customer: CustomerId,
    /// Where, and so where replies go.
    pub channel: ChannelId,
    /// Open or closed.
    pub status: Field<Status>,
    /// Who answers it.
    pub assignee: Field<Option<StaffId>>,
    /// To follow up: shared by the whole shop, the last change stands.
    #[serde(default, skip_serializing_if = "is_false")]
    pub starred: bool,
    /// When the first message came.
    pub started_at: Timestamp,
    /// When the newest message came.
    pub activity_at: Timestamp,
    /// The `mseq` of the newest message.
    pub last_mseq: i64,
    /// How many messages the customer wrote. Unread = this less the reader's marker.
    pub inbound_count: i64,
    /// The customer's newest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound: Option<MessageId>,
    /// The newest message as the list shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
}

impl Conversation {
    /// A conversation that a customer begins, before its first message is recorded.
    pub fn begin(customer: CustomerId, channel: ChannelId, now: Timestamp) -> Self {
        Self {
            customer,
            channel,
            status: Field::new(Status::Open),
            assignee: Field::new(None),
            starred: false,
            started_at: now,
            activity_at: now,
            last_mseq: 0,
            inbound_count: 0,
            last_inbound: None,
            preview: None,
        }
    }

    /// Records a customer's message: it is counted, shown, and reopens the conversation.
    pub fn record_inbound(&mut self, preview: Preview, now: Timestamp) {
        self.inbound_count += 1;
        self.last_inbound = Some(preview.message);
        self.record(preview, now);
        if self.status.value != Status::Open {
            self.status = Field::new(Status::Open);
        }
    }

    /// Records a message to the customer.
    pub fn record_outbound(&mut self, preview: Preview, now: Timestamp) {
        self.record(preview, now);
    }

    /// Gives the changes of this transaction their version.
    pub fn stamp(&mut self, ver: Ver) {
        self.status.stamp(ver);
        self.assignee.stamp(ver);
    }

    fn record(&mut self, preview: Preview, now: Timestamp) {
        self.last_mseq += 1;
        self.activity_at = self.activity_at.max(now);
        self.preview = Some(preview);
    }
}

/// A row of `user:<id>`: how much of a conversation this person has read. Its id is the conversation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// The conversation.
    pub conversation: ConversationId,
    /// How many of the customer's messages are read.
    pub count: i64,
    /// The person wants to come back to it, whatever is read; the next read clears it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub marked_unread: bool,
}

impl ReadMarker {
    /// Nothing is read yet.
    pub fn new(conversation: ConversationId) -> Self {
        Self { conversation, count: 0, marked_unread: false }
    }
}

/// How many of the customer's messages a reader has not seen.
pub fn unread(head: &Conversation, marker: Option<&ReadMarker>) -> i64 {
    (head.inbound_count - marker.map_or(0, |marker| marker.count)).max(0)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
