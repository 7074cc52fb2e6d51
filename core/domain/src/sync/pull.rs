//! Pull: a phone asks for what changed in its scopes since its cursors.

use serde::{Deserialize, Serialize};

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
