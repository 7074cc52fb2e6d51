//! Drafts: what a person has begun to write and not sent, on all of their devices.
//!
//! A draft is a value, not a mutation: the last one that the server got stands. It carries the message id that it will
//! be sent under, so that one which was sent elsewhere meanwhile is not sent again and does not come back.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId};

/// The longest draft, in Unicode scalar values: more than a message may have, since it may still be shortened.
pub const DRAFT_LIMIT_CHARS: usize = 20_000;

/// A row of `user:<id>`: a draft. Its id is the conversation's. An empty one is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Where it is to go.
    pub conversation: ConversationId,
    /// The id that the message will have.
    pub message: MessageId,
    /// What is written so far.
    pub text: String,
}
