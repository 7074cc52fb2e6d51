//! Notes: what staff write down about a customer, for each other. A customer never sees one.

use serde::{Deserialize, Serialize};

use crate::conversation::{Field, Ver};
use crate::ids::{CustomerId, MutationId, NoteId, StaffId, hashed_uuid};
use crate::time::Timestamp;

/// The longest note, in Unicode scalar values.
pub const NOTE_LIMIT_CHARS: usize = 10_000;
/// The most notes about one customer that people begin.
pub const NOTES_LIMIT: usize = 500;
/// The most notes about one customer, with the edits that came too late and are notes of their own.
pub const NOTES_WITH_CONFLICTS_LIMIT: usize = 2 * NOTES_LIMIT;

/// A row of an inbox: a note about a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// About whom.
    pub customer: CustomerId,
    /// What it says; its version is what an edit names. `by` is who wrote this text.
    pub text: Field<String>,
    /// Who began it.
    pub author: StaffId,
    /// When it was stored.
    pub at: Timestamp,
    /// When its text was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// It is an edit that somebody made while a colleague changed this other note: both are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts_with: Option<NoteId>,
}

impl Note {
    /// Gives the change of this transaction its version.
    pub fn stamp(&mut self, ver: Ver) {
        self.text.stamp(ver);
    }
}

/// The id of the note that keeps an edit which came too late: it follows from the mutation, so that phone and server
/// make the same one.
pub fn conflict_id(mid: MutationId) -> NoteId {
    NoteId(hashed_uuid(&[b"note conflict", mid.as_bytes()]))
}
