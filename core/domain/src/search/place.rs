//! What is searched, and in which order it stands.

use std::ops::Range;

use crate::customer::Customer;
use crate::time::Timestamp;

/// How many places of an index there are for each millisecond.
pub const PLACES_A_MS: i64 = 256;

/// The first place for a text of this time. It takes the first free one from here on, so that the newest have the highest
/// places, whenever they are indexed, and an index that is read backwards is sorted already.
///
/// Places are kept close together on purpose: an index stores the distances between them, which with the low bits of a
/// hash would take two bytes a term and text more.
pub fn first_place(at: Timestamp) -> i64 {
    at.millis().clamp(0, i64::MAX / (2 * PLACES_A_MS)) * PLACES_A_MS
}

/// The first free place from `first` on. `last_in` answers the highest place that is taken in a range.
///
/// # Errors
/// Those of `last_in`.
pub fn free_place<E>(
    mut first: i64,
    mut last_in: impl FnMut(Range<i64>) -> Result<Option<i64>, E>,
) -> Result<i64, E> {
    loop {
        let end = first + PLACES_A_MS;
        match last_in(first..end)? {
            None => return Ok(first),
            Some(last) if last + 1 < end => return Ok(last + 1),
            Some(_) => first = end, // so much in one millisecond: some of it stands later
        }
    }
}

/// What a conversation is found by besides what was written in it: its customer's name, or their number where they gave
/// none, and their tags, a line each.
pub fn names(customer: &Customer) -> String {
    let mut names = customer.name.clone().unwrap_or_else(|| customer.number.to_string());
    for tag in customer.tags.iter() {
        names.push('\n');
        names.push_str(tag.as_str());
    }
    names
}
