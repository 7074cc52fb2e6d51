//! What is shared in a message and only some of the staff may see: as it is written, and as it is shown.

use shopbell_core::Error;
use shopbell_core::domain::secret::{SecretKind, SecretPart};

use crate::records::not_found;

/// Something to share in a reply that only some of the staff may see.
#[derive(uniffi::Record)]
pub struct SharedPart {
    /// `discount` or `draft_order`.
    pub kind: String,
    /// One line: a code, a number.
    pub title: String,
    /// What else there is to say; may be empty.
    pub body: String,
}

impl SharedPart {
    pub(crate) fn to_core(&self) -> Result<SecretPart, Error> {
        let kind = SecretKind::from_word(&self.kind).ok_or_else(|| not_found(&self.kind))?;
        Ok(SecretPart { kind, title: self.title.clone(), body: self.body.clone() })
    }
}

/// What is shared in a message: everybody who sees the message sees the kind, only some see more.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Shared {
    /// `discount` or `draft_order`.
    pub kind: String,
    /// Its title; none when this person may not see it, or it has not come.
    pub title: Option<String>,
    /// What else there is to say.
    pub body: Option<String>,
}

impl From<shopbell_core::Shared> for Shared {
    fn from(shared: shopbell_core::Shared) -> Self {
        let (title, body) = shared.words.map(|words| (words.title, words.body)).unzip();
        Self { kind: shared.kind.as_str().to_owned(), title, body }
    }
}
