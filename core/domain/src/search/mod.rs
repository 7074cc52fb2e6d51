//! What a search finds, as pure functions: how texts are compared, which terms stand for them in an index, and what a
//! query means.
//!
//! Phones and servers index with [`indexed`] and ask with [`Query::narrow`] and [`Query::exact`]; an index only proposes,
//! and [`Query::matches`] decides on the text itself. So an index keeps no positions, which makes it half as large, and
//! both sides find the same. Nothing that a person types is an operator: quotes, `AND`, `*` are text like any other.

mod fold;
mod index;
mod pieces;
mod place;
mod query;

pub use index::indexed;
pub use place::{PLACES_A_MS, first_place, free_place, names};
pub use query::Query;

/// What of a query counts, in Unicode scalar values.
pub const QUERY_LIMIT_CHARS: usize = 200;
/// The most words, signs and runs of a query that count.
pub const TERMS_LIMIT: usize = 16;
/// What of a word tells it apart, in Unicode scalar values.
pub const WORD_LIMIT_CHARS: usize = 64;
/// Rises with each change to what [`indexed`] makes of a text: what was indexed by another one is indexed anew.
pub const RULES: i64 = 1;

/// Where a text stands, which decides from how many letters on the beginning of a word finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A customer's name and tags: from the first letter on.
    Name,
    /// Messages and notes: from the third. In a million messages nearly all have a word that begins with a given letter.
    Text,
}

impl Field {
    /// From how many characters on the beginning of a word stands for it.
    pub(crate) fn beginning_from_chars(self) -> usize {
        match self {
            Field::Name => 1,
            Field::Text => 3,
        }
    }
}
