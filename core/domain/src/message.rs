//! One message of a conversation, from a customer, from staff or about what happened.

use serde::{Deserialize, Serialize};

use crate::conversation::{Base, Ver};
use crate::ids::{ConversationId, MessageId, MutationId, StaffId};
use crate::secret::SecretKind;
use crate::time::Timestamp;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The conversation's customer.
    Customer,
    /// A person of the shop.
    Staff(StaffId),
}

/// How far a message to the customer has come. It never goes back to an earlier state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Stored by the server, not yet handed to the channel's provider.
    Queued,
    /// Handed over, or about to be; the answer is not known yet.
    Sending,
    /// The answer was lost and the provider cannot be asked again safely: "may not have arrived".
    Unknown,
    /// The channel's provider refused it.
    Refused,
    /// Accepted by the provider.
    Sent,
    /// A phone brought it back to a server that was restored, and had seen it as sent: "sent before the restore".
    SentBeforeRestore,
}

impl Delivery {
    /// The word that stands for it in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Delivery::Queued => "queued",
            Delivery::Sending => "sending",
            Delivery::Unknown => "unknown",
            Delivery::Refused => "refused",
            Delivery::Sent => "sent",
            Delivery::SentBeforeRestore => "sent_before_restore",
        }
    }

    /// The state that `word` stands for.
    pub fn from_word(word: &str) -> Option<Delivery> {
        [
            Delivery::Queued,
            Delivery::Sending,
            Delivery::Unknown,
            Delivery::Refused,
            Delivery::Sent,
            Delivery::SentBeforeRestore,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }

    /// Whether the customer has it for all that is known.
    pub fn arrived(self) -> bool {
        matches!(self, Delivery::Sent | Delivery::SentBeforeRestore)
    }
}

/// A row of an inbox: a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its place there: 1, 2, 3 … without a hole. Given by the server; device clocks order nothing.
    pub mseq: i64,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub text: String,
    /// When the server stored it.
    pub at: Timestamp,
    /// For a customer's message: how many of theirs there are in the conversation up to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound_number: Option<i64>,
    /// For a message to the customer: how far it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Why the channel refused it, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_by_channel: Option<String>,
    /// Something is shared in it that only some may see: a row of the secret scope under the same id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SecretKind>,
    /// Its last edit or its deletion; none: it stands as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// It was deleted: its words are gone, its place is kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// For a customer's message that a restored server had lost: whose phone brought it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_by: Option<StaffId>,
}

/// The last edit of a message's text, or its deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its version: what the next edit names.
    pub ver: Ver,
    /// The mutation that made it, so that a later one made offline can name it.
    pub mutation: MutationId,
    /// When.
    pub at: Timestamp,
}

impl Revision {
    /// One that is made now.
    pub fn made(mutation: MutationId, now: Timestamp) -> Self {
        Self { ver: Ver::PENDING, mutation, at: now }
    }

    /// Whether an edit that was made looking at `base` is the next one.
    pub fn follows(&self, base: &Base) -> bool {
        match base {
            Base::Ver(ver) => *ver == self.ver && self.ver != Ver::PENDING,
            Base::Mutation(mid) => *mid == self.mutation,
        }
    }

    /// What an edit made now must name as its base.
    pub fn base(&self) -> Base {
        if self.ver == Ver::PENDING { Base::Mutation(self.mutation) } else { Base::Ver(self.ver) }
    }
}

impl Message {
    /// A message that says this and nothing else yet.
    pub fn new(conversation: ConversationId, mseq: i64, author: Author, text: String, at: Timestamp) -> Self {
        Self {
            conversation,
            mseq,
            author,
            text,
            at,
            inbound_number: None,
            delivery: None,
            refused_by_channel: None,
            shared: None,
            revision: None,
            deleted: false,
            brought_by: None,
        }
    }

    /// Gives the change of this transaction its version.
    pub fn stamp(&mut self, ver: Ver) {
        if let Some(revision) = self.revision.as_mut().filter(|revision| revision.ver == Ver::PENDING) {
            revision.ver = ver;
        }
    }
}

/// What a message looks like in a list: who wrote the last line, and that line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// One line of it (`text::preview`). Nothing of a secret part stands here: it is everybody's.
    pub text: String,
    /// Something is shared in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SecretKind>,
    /// It was deleted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
}

impl Preview {
    /// Of a message in which nothing is shared.
    pub fn of(message: MessageId, author: Author, text: String) -> Self {
        Self { message, author, text, shared: None, deleted: false }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
