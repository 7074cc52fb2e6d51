//! Rows: what scopes are made of and what pulls bring.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::conversation::Ver;

/// What kind of thing a row is. A kind of a newer server is [`Entity::Other`] and is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// `shop::Shop`; id: the shop's.
    Shop,
    /// `staff::Staff`; id: the person's.
    Staff,
    /// `channel::Channel`; id: the channel's.
    Channel,
    /// `customer::Customer`; id: the customer's.
    Customer,
    /// `conversation::Conversation`; id: the conversation's.
    Conversation,
    /// `message::Message`; id: the message's.
    Message,
    /// `secret::Secret`; id: the message's.
    Secret,
    /// `note::Note`; id: the note's.
    Note,
    /// `draft::Draft`; id: the conversation's.
    Draft,
    /// `conversation::ReadMarker`; id: the conversation's.
    ReadMarker,
    /// `sync::MutationResult`; id: the mutation's.
    Result,
    /// A kind that this version does not know.
    #[serde(other)]
    Other,
}

impl Entity {
    /// The word that stands for it in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Entity::Shop => "shop",
            Entity::Staff => "staff",
            Entity::Channel => "channel",
            Entity::Customer => "customer",
            Entity::Conversation => "conversation",
            Entity::Message => "message",
            Entity::Secret => "secret",
            Entity::Note => "note",
            Entity::Draft => "draft",
            Entity::ReadMarker => "read_marker",
            Entity::Result => "result",
            Entity::Other => "other",
        }
    }

    /// The kind that `word` stands for.
    pub fn from_word(word: &str) -> Entity {
        [
            Entity::Shop,
            Entity::Staff,
            Entity::Channel,
            Entity::Customer,
            Entity::Conversation,
            Entity::Message,
            Entity::Secret,
            Entity::Note,
            Entity::Draft,
            Entity::ReadMarker,
            Entity::Result,
        ]
        .into_iter()
        .find(|entity| entity.as_str() == word)
        .unwrap_or(Entity::Other)
    }
}

/// A row in its present state, or the end of its membership of a scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What kind of thing it is.
    pub entity: Entity,
    /// Which one.
    pub id: Uuid,
    /// The log `seq` of its last change. Rows merge by it within an epoch.
    pub ver: Ver,
    /// Its present state; left out when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<RawValue>>,
    /// It is not in this scope any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ended: bool,
}

impl Row {
    /// A row that is there.
    pub fn live(entity: Entity, id: Uuid, ver: Ver, body: &impl Serialize) -> Self {
        let body = serde_json::value::to_raw_value(body).expect("bodies are structs of strings and numbers");
        Self { entity, id, ver, body: Some(body), ended: false }
    }

    /// A row whose membership ended.
    pub fn ended(entity: Entity, id: Uuid, ver: Ver) -> Self {
        Self { entity, id, ver, body: None, ended: true }
    }

    /// Its body as what it is.
    ///
    /// # Errors
    /// When there is none, or it is not a `T`: a bug on the other side, never the person's doing.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.body.as_deref().map_or("null", RawValue::get))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
