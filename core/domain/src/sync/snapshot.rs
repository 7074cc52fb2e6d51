//! Snapshot and history: loading a scope for the first time, and what is older than a snapshot brings.

use serde::{Deserialize, Serialize};

use super::pull::AlsoRows;
use super::row::Row;
use super::scope::Scope;
use crate::ids::EpochId;

/// `GET /v1/scopes/{scope}/snapshot?page=…`: one page of a scope's rows, each in any state since `noted`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SnapshotPage {
    /// The server's epoch.
    pub epoch: EpochId,
    /// Which scope.
    pub scope: Scope,
    /// Its grant number.
    pub grant: i64,
    /// The scope's `seq` before the first page was read: the cursor to pull from once all pages are in.
    pub noted: i64,
    /// The rows. A page of an inbox is whole conversations, newest activity first.
    pub rows: Vec<Row>,
    /// What to ask for next, or nothing when this was the last page. Opaque.
    #[serde(default)]
    pub next: Option<String>,
}

/// `GET /v1/conversations/{id}/messages?before=…&limit=…`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HistoryAnswer {
    /// The server's epoch.
    pub epoch: EpochId,
    /// The scope that the rows are of.
    pub scope: Scope,
    /// Its grant number.
    pub grant: i64,
    /// The scope's `seq` at which this was read.
    pub seq: i64,
    /// The messages, newest first.
    pub rows: Vec<Row>,
    /// Whether there are older ones.
    pub more: bool,
    /// The secret parts of these messages that this person may see; beside the newest messages also the customer and
    /// the notes about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoRows>,
}
