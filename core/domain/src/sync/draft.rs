//! `PUT /v1/drafts/{conversation}`: the last one that the server gets stands.

use serde::{Deserialize, Serialize};

use crate::ids::MessageId;

/// What a person has begun to write; an empty text takes their draft away. Answered 204. One whose message was sent
/// already changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutDraft {
    /// The id that the message will have.
    pub message: MessageId,
    /// What is written so far, at most `draft::DRAFT_LIMIT_CHARS`.
    pub text: String,
}
