//! `POST /v1/search`: what a phone does not hold.

use serde::{Deserialize, Serialize};

use super::pull::AlsoRows;
use super::row::Row;
use super::scope::Scope;
use crate::ids::EpochId;

/// A page of what matches, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// The server's epoch, as the phone knows it.
    pub epoch: EpochId,
    /// Where: an inbox.
    pub scope: Scope,
    /// What the person typed. What is beyond `search::QUERY_LIMIT_CHARS` is left out.
    pub query: String,
    /// The `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The most conversations, 1 to [`super::SEARCH_LIMIT_CONVERSATIONS`].
    pub limit: usize,
}

/// What matches, as rows that the phone takes in and searches itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// The server's epoch.
    pub epoch: EpochId,
    /// The scope that the rows are of.
    pub scope: Scope,
    /// Its grant number.
    pub grant: i64,
    /// The scope's `seq` at which this was read.
    pub seq: i64,
    /// Whole matches: the heads, their customers, and the notes and messages that match, in their present state.
    pub rows: Vec<Row>,
    /// What to ask for next, or nothing when this was the last page. Opaque.
    #[serde(default)]
    pub next: Option<String>,
    /// The secret parts of these messages that this person may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoRows>,
}
