//! The shells' words as their platforms want them: an Apple String Catalog and Android resources.
//!
//! Both know the same as `shell.ftl`: a text, or one form for each plural category of the language, with arguments that
//! are named by their place. Places are those of English, so that one call fits all languages.

pub mod android;
pub mod apple;

use std::path::PathBuf;

use crate::catalog::{Body, Catalog, Form, Message, Part};
use crate::check::{Catalogs, FIRST};

/// The file whose words are the shells'.
const SHELL: &str = "shell.ftl";

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Below the folder that was asked for.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Why a message cannot be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExportable {
    /// Its key.
    pub key: String,
}

impl std::fmt::Display for NotExportable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: a form for one number, such as [0], is nothing that Android knows: ", self.key)?;
        f.write_str("make it a message of its own")
    }
}

impl std::error::Error for NotExportable {}

/// An argument of a message: its place, counted from 1, and whether it is the number that chooses the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Argument {
    place: usize,
    is_count: bool,
}

/// One message of English, and how it is to be called.
struct Call<'c> {
    key: &'c str,
    english: &'c Message,
    names: Vec<&'c str>,
}

impl<'c> Call<'c> {
    /// The shells' messages, by key.
    fn all(catalogs: &'c Catalogs) -> Result<Vec<Call<'c>>, NotExportable> {
        let first = catalogs.get(FIRST).map(|catalog| &catalog.messages);
        let shells = first.into_iter().flatten().filter(|(_, message)| message.file == SHELL);
        shells
            .map(|(key, english)| {
                let has_numbers = match &english.body {
                    Body::Plain(_) => false,
                    Body::Plural { forms, .. } => {
                        forms.iter().any(|(form, _)| matches!(form, Form::Exactly(_)))
                    }
                };
                if has_numbers {
                    return Err(NotExportable { key: key.clone() });
                }
                Ok(Call { key, english, names: english.variables() })
            })
            .collect()
    }

    fn is_plural(&self) -> bool {
        matches!(self.english.body, Body::Plural { .. })
    }

    fn argument(&self, name: &str) -> Argument {
        let index = self.names.iter().position(|known| *known == name).unwrap_or_default();
        let is_count = matches!(&self.english.body, Body::Plural { by, .. } if by == name);
        Argument { place: index + 1, is_count }
    }

    /// The forms of a language, by CLDR's word for the category. A language that has only `other` may have it plain.
    fn forms<'l>(&self, language: &'l Catalog) -> Vec<(&'l str, &'l [Part])> {
        match language.messages.get(self.key).map(|message| &message.body) {
            None => Vec::new(),
            Some(Body::Plain(text)) => vec![("other", text)],
            Some(Body::Plural { forms, .. }) => forms
                .iter()
                .filter_map(|(form, text)| match form {
                    Form::Category(word) => Some((word.as_str(), text.as_slice())),
                    Form::Exactly(_) => None,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
