//! A person who writes to the shop.

use serde::{Deserialize, Serialize};

/// A row of an inbox: a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// What they, or the page they wrote from, call them. Nobody has checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A number within the shop, for those who gave no name ("Visitor 12").
    pub number: i64,
}

impl Customer {
    /// What to call them on a screen.
    pub fn shown_name(&self, lang: shopbell_l10n::Lang) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None => shopbell_l10n::visitor_name(lang, self.number),
        }
    }
}
