//! A shop, as its own staff see it.

use serde::{Deserialize, Serialize};

/// A row of the scope `shop`: the shop itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// What customers know it by.
    pub name: String,
}
