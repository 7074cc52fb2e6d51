//! A person who writes to the shop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::tag::Tag;

/// The most tags that a customer carries.
pub const TAGS_LIMIT: usize = 100;

/// A row of an inbox: a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// What they, or the page they wrote from, call them. Nobody has checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A number within the shop, for those who gave no name ("Visitor 12").
    pub number: i64,
    /// What the shop calls them, internally.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
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

/// A customer's tags: each once, whatever its case, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Tag>", into = "Vec<Tag>")]
pub struct Tags(BTreeMap<String, Tag>);

impl Tags {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether this one is among them, whatever its case.
    pub fn contains(&self, tag: &Tag) -> bool {
        self.0.contains_key(&tag.key())
    }

    /// Adds one. One that differs in its case only stays as it was first written.
    pub fn add(&mut self, tag: Tag) {
        self.0.entry(tag.key()).or_insert(tag);
    }

    /// Takes one away, whatever its case.
    pub fn remove(&mut self, tag: &Tag) {
        self.0.remove(&tag.key());
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.values()
    }
}

impl From<Vec<Tag>> for Tags {
    fn from(tags: Vec<Tag>) -> Self {
        let mut all = Tags::default();
        tags.into_iter().for_each(|tag| all.add(tag));
        all
    }
}

impl From<Tags> for Vec<Tag> {
    fn from(tags: Tags) -> Self {
        tags.0.into_values().collect()
    }
}
