//! What a mutation carries when a phone brings it to a server that was restored (docs/sync.md 18, 19).

use serde::{Deserialize, Serialize};

use crate::conversation::Ver;
use crate::ids::{ChannelId, CustomerId, EpochId};
use crate::time::Timestamp;

/// How a mutation had been settled before the restore. The server records it again, and never hands it to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The history in which it was settled.
    pub epoch: EpochId,
    /// The `seq` of its result there; later replays of a field win by it.
    pub seq: i64,
    /// For a reply: the phone had seen it as sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub seen_sent: bool,
}

/// Where a conversation came from, for a server that has lost it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The customer.
    pub customer: CustomerId,
    /// What they are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The channel.
    pub channel: ChannelId,
    /// When it began.
    pub started_at: Timestamp,
}

/// A field that a replay may set, as it stands after the restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The version of its last change.
    pub ver: Ver,
    /// The highest `seq` that survived the restore.
    pub survived: i64,
    /// When a replay set it since: that replay's old `seq`.
    pub replayed: Option<i64>,
}

impl Replay {
    /// Whether this replay may set a field: when nobody has changed it since the restore, or only a replay of what
    /// came before this one.
    pub fn may_set(&self, field: Restored) -> bool {
        match field.replayed {
            Some(earlier) => earlier < self.seq,
            None => field.ver.0 <= field.survived,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
