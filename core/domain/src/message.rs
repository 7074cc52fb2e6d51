//! One message of a conversation, from a customer, from staff or about what happened.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId, StaffId};
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
        }
    }

    /// The state that `word` stands for.
    pub fn from_word(word: &str) -> Option<Delivery> {
        [Delivery::Queued, Delivery::Sending, Delivery::Unknown, Delivery::Refused, Delivery::Sent]
            .into_iter()
            .find(|state| state.as_str() == word)
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
}

/// What a message looks like in a list: who wrote the last line, and that line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// One line of it (`text::preview`).
    pub text: String,
}
