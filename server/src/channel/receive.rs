//! What a channel hears from customers, into the inbox.

use shopbell_domain::env::Env;
use shopbell_domain::ids::{ChannelId, ConversationId, CustomerId, MessageId, SessionId, hashed_uuid};
use shopbell_domain::text::{self, TEXT_LIMIT_CHARS, TextError};
use shopbell_domain::time::Timestamp;

use crate::storage::{Inbound, OperationError, Storage};

/// The longest id that is taken from a provider, in bytes.
const ID_LIMIT_BYTES: usize = 1_024;

/// A customer's message as a provider told it, its signature checked.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The channel that it came by.
    pub channel: ChannelId,
    /// The provider's id of the event: the same one again changes nothing.
    pub event: String,
    /// What the provider calls the customer; replies go there.
    pub customer: String,
    /// What the provider says the customer's name is.
    pub name: Option<String>,
    /// What they wrote.
    pub text: String,
}

/// Why a message was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Nothing visible in it, or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The provider's id of the event or of the customer is longer than a kilobyte.
    #[error("the provider's id is too long")]
    IdTooLong,
    /// Not recorded; the provider must send it again.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

/// Records a customer's message and answers with its id. Ids follow from the provider's own, so that the same customer
/// always has the same conversation and the same event the same message.
///
/// # Errors
/// When the text or an id will not do, the channel is unknown or the database could not store it.
pub async fn receive(
    storage: &dyn Storage,
    env: &dyn Env,
    incoming: Incoming,
) -> Result<MessageId, ReceiveError> {
    let Incoming { channel, event, customer: address, name, text } = incoming;
    if event.len().max(address.len()) > ID_LIMIT_BYTES {
        return Err(ReceiveError::IdTooLong);
    }
    let text = text::message_text(&text, TEXT_LIMIT_CHARS)?;
    let of_channel =
        |what: &str, id: &str| hashed_uuid(&[what.as_bytes(), channel.as_bytes(), id.as_bytes()]);
    let message = MessageId(of_channel("message", &event));
    let recorded = storage
        .record_inbound(Inbound {
            channel,
            message,
            customer: CustomerId(of_channel("customer", &address)),
            conversation: ConversationId(of_channel("conversation", &address)),
            event,
            address,
            name: name.as_deref().and_then(text::name),
            text,
            chat: None,
            now: env.now(),
        })
        .await?;
    Ok(recorded.message)
}

/// A browser's message, its text checked, as every customer's message is recorded.
pub fn from_browser(
    channel: ChannelId,
    session: SessionId,
    name: Option<String>,
    message: MessageId,
    text: String,
    now: Timestamp,
) -> Inbound {
    let (customer, conversation) = chat_ids(session);
    Inbound {
        channel,
        // With the session: the same message id of another browser is not the same event.
        event: format!("{session}/{message}"),
        address: session.to_string(),
        name,
        message,
        text,
        customer,
        conversation,
        chat: Some(session),
        now,
    }
}

/// The customer and the conversation of a web-chat session: they follow from its id, so that a session that is made
/// again after a restore has the same ones.
pub fn chat_ids(session: SessionId) -> (CustomerId, ConversationId) {
    let of_session = |what: &str| hashed_uuid(&[what.as_bytes(), session.as_bytes()]);
    (CustomerId(of_session("customer")), ConversationId(of_session("conversation")))
}
