//! Tags: short words by which a shop sorts its customers.

use serde::{Deserialize, Serialize};

use crate::text::{self, TextError};

/// The longest tag, in Unicode scalar values.
pub const TAG_LIMIT_CHARS: usize = 40;

/// A tag as it is shown: one line, without white space around it and with single spaces inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// The tag that somebody wrote.
    ///
    /// # Errors
    /// When nothing visible is in it, or it is longer than [`TAG_LIMIT_CHARS`]: a tag is refused, never cut.
    pub fn new(written: &str) -> Result<Self, TextError> {
        text::line(written, TAG_LIMIT_CHARS).map(Self)
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What tells tags apart: two that differ in their case only are the same.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl TryFrom<String> for Tag {
    type Error = TextError;

    fn try_from(written: String) -> Result<Self, TextError> {
        Tag::new(&written)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

#[cfg(test)]
#[path = "tag_tests.rs"]
mod tests;
