//! "Add tag": the shop sorts a customer. Adds and removes of different tags never disturb each other.

use serde::{Deserialize, Serialize};

use crate::customer::{Customer, TAGS_LIMIT};
use crate::ids::CustomerId;
use crate::refusal::Refusal;
use crate::tag::Tag;

/// The arguments of `add_tag`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddTag {
    /// To whom.
    pub customer: CustomerId,
    /// Which one, as it was written.
    pub tag: String,
}

impl AddTag {
    pub(super) fn apply(&self, customer: &mut Customer) -> Result<(), Refusal> {
        let tag = Tag::new(&self.tag)?;
        if !customer.tags.contains(&tag) && customer.tags.len() >= TAGS_LIMIT {
            return Err(Refusal::TooManyTags { limit: TAGS_LIMIT });
        }
        customer.tags.add(tag);
        Ok(())
    }
}
