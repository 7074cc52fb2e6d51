//! Results: what became of a mutation. Codes and ids, never words.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::row::Entity;
use super::scope::Scope;
use crate::ids::MutationId;
use crate::refusal::Refusal;

/// A row of `device:<id>`; its id is the mutation's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MutationResult {
    /// Which mutation.
    pub mid: MutationId,
    /// What became of it.
    pub outcome: Outcome,
    /// The rows that it changed. The pull that brings this row brings their present state as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowRef>,
}

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Applied.
    Accepted,
    /// Not applied, and why.
    Refused(Refusal),
    /// Taken back by a `cancel` before anything came of it.
    Cancelled,
}

/// Which row of which scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowRef {
    /// The scope.
    pub scope: Scope,
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub id: Uuid,
}
