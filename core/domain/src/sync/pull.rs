//! Pull: a phone asks for what changed in its scopes since its cursors.

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::row::Row;
use super::scope::Scope;
use crate::ids::EpochId;

/// `POST /v1/pull`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The epoch that the cursors are of.
    pub epoch: EpochId,
    /// The scopes that the phone holds, with how far.
    pub scopes: Vec<ScopeCursor>,
    /// The most rows to bring, over all scopes.
    pub limit: usize,
    /// How long to wait when there is nothing new, in milliseconds.
    #[serde(default)]
    pub wait_ms: u64,
    /// Whether to say what the scopes that are in up to now must add up to.
    #[serde(default, skip_serializing_if = "is_false")]
    pub checksums: bool,
}

/// How much of a scope the phone holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeCursor {
    /// Which scope.
    pub scope: Scope,
    /// The `seq` up to which it holds it; 0 for nothing.
    pub cursor: i64,
}

/// A scope that the phone may hold now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Which scope.
    pub scope: Scope,
    /// Rises each time it is granted again. What was asked for under another number is dropped.
    pub grant: i64,
}

/// The answer to a pull, read in one transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PullAnswer {
    /// The server's epoch.
    pub epoch: EpochId,
    /// Every scope that this device is granted now.
    pub granted: Vec<Grant>,
    /// What is new in those that were asked for and are granted.
    pub scopes: Vec<ScopeRows>,
    /// The present state of the rows that this answer's result rows name, beyond the limit.
    #[serde(default)]
    pub also: Vec<AlsoRows>,
    /// Scopes whose cursor is so old that the log no longer says what ended since: they are to be loaded again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reload: Vec<Scope>,
    /// The shop's `seq` up to which a backup holds everything: what was settled before need not be kept to be replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_up: Option<i64>,
}

/// What is new in one scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScopeRows {
    /// Which scope.
    pub scope: Scope,
    /// Its grant number.
    pub grant: i64,
    /// The cursor that was asked with. The answer is applied only if it still is the phone's.
    pub from: i64,
    /// The cursor after `rows`.
    pub cursor: i64,
    /// Whether there is more after `cursor`.
    pub more: bool,
    /// The rows, oldest change first.
    pub rows: Vec<Row>,
    /// What the scope adds up to at `cursor`, read in the same transaction; only with `more` false, and only where it
    /// was asked for. Of an inbox the open heads, of other scopes all rows; of a device's results none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<Checksum>,
}

/// Rows beside the cursor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AlsoRows {
    /// Which scope they are of.
    pub scope: Scope,
    /// Its grant number.
    pub grant: i64,
    /// The rows.
    pub rows: Vec<Row>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
