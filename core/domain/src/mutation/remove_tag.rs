//! "Remove tag": the customer does not belong there any more.

use serde::{Deserialize, Serialize};

use crate::customer::Customer;
use crate::ids::CustomerId;
use crate::tag::Tag;

/// The arguments of `remove_tag`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveTag {
    /// From whom.
    pub customer: CustomerId,
    /// Which one, whatever its case.
    pub tag: String,
}

impl RemoveTag {
    /// What is not there needs no removing, nor does what cannot be a tag.
    pub(super) fn apply(&self, customer: &mut Customer) {
        if let Ok(tag) = Tag::new(&self.tag) {
            customer.tags.remove(&tag);
        }
    }
}
