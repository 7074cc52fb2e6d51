//! "Cancel": an earlier mutation of the same device, handed to the network, is not to happen (docs/sync.md 13).
//!
//! It spends the cancelled mutation's id, so that a late packet of it changes nothing. Whether it comes in time only
//! the server knows; it changes nothing that is shown.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId, MutationId};

/// The arguments of `cancel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Where the reply was to go.
    pub conversation: ConversationId,
    /// The mutation that is not to happen: a `send_message` of this device.
    pub mutation: MutationId,
    /// The reply's message.
    pub message: MessageId,
}
