//! The secret part of a message: what only some of the staff may see of something that was shared in it.
//!
//! The message itself carries a stub, the kind and nothing else; the part is a row of its own in a scope of its own, so
//! that whoever may not see it never gets it (docs/sync.md 1).

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, InboxId};
use crate::refusal::Refusal;
use crate::staff::Permission;
use crate::sync::Scope;
use crate::text;

/// The longest title of a secret part, in Unicode scalar values.
pub const SECRET_TITLE_LIMIT_CHARS: usize = 200;
/// The longest body of a secret part, in Unicode scalar values.
pub const SECRET_BODY_LIMIT_CHARS: usize = 2_000;

/// What was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// A discount.
    Discount,
    /// A draft order.
    DraftOrder,
}

impl SecretKind {
    /// Every kind there is.
    pub const ALL: [SecretKind; 2] = [SecretKind::Discount, SecretKind::DraftOrder];

    /// The word that stands for it in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            SecretKind::Discount => "discount",
            SecretKind::DraftOrder => "draft_order",
        }
    }

    /// The kind that `word` stands for.
    pub fn from_word(word: &str) -> Option<SecretKind> {
        SecretKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Which permission it takes to see and to share one, beside that for customers.
    pub fn needs(self) -> Permission {
        match self {
            SecretKind::Discount => Permission::Discounts,
            SecretKind::DraftOrder => Permission::DraftOrders,
        }
    }

    /// The scope that such parts of an inbox are in.
    pub fn scope(self, inbox: InboxId) -> Scope {
        match self {
            SecretKind::Discount => Scope::InboxDiscounts(inbox),
            SecretKind::DraftOrder => Scope::InboxDraftOrders(inbox),
        }
    }
}

/// What is shared in a message, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretPart {
    /// What it is.
    pub kind: SecretKind,
    /// One line: a code, a number.
    pub title: String,
    /// What else there is to say; may be empty.
    #[serde(default)]
    pub body: String,
}

impl SecretPart {
    /// As it is stored.
    ///
    /// # Errors
    /// [`Refusal::TextEmpty`] without a title, [`Refusal::TextTooLong`] with the limit that was passed.
    pub fn storable(&self) -> Result<SecretPart, Refusal> {
        let title = text::line(&self.title, SECRET_TITLE_LIMIT_CHARS)?;
        let body = match self.body.trim() {
            "" => String::new(),
            body => text::message_text(body, SECRET_BODY_LIMIT_CHARS)?,
        };
        Ok(SecretPart { kind: self.kind, title, body })
    }

    /// What the customer reads: the text, if there is one, then the title and the body.
    pub fn told(&self, text: &str) -> String {
        [text, &self.title, &self.body]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A row of a secret scope. Its id is the message's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The conversation that the message stands in.
    pub conversation: ConversationId,
    /// The part.
    #[serde(flatten)]
    pub part: SecretPart,
}
