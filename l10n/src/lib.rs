//! The words that people see, one source for every part of Shopbell.
//!
//! `en/*.ftl` (Fluent) hold the words; the build makes one function a message, so a word that is not there, or an
//! argument that is left out, does not compile. No I/O: the texts are part of the binary. A crate that is not a
//! screen or a door asks for words as late as it can, and stores codes, never words.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language that Shopbell speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    En,
}

impl Lang {
    /// The language for a BCP 47 tag such as `en-GB`; English for what is not spoken here.
    pub fn from_tag(_tag: &str) -> Lang {
        Lang::En
    }
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

fn format(lang: Lang, key: &str, arguments: &FluentArgs<'_>) -> String {
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned(); // cannot be: the functions are made from the same files
    };
    bundle.format_pattern(pattern, Some(arguments), &mut Vec::new()).into_owned()
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static BUNDLE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    match lang {
        Lang::En => BUNDLE.get_or_init(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![unic_langid::LanguageIdentifier::default()]);
            // A terminal shows the isolation marks as boxes; screens isolate names themselves.
            bundle.set_use_isolating(false);
            for source in ENGLISH {
                let resource =
                    FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(whole, _)| whole);
                bundle.add_resource_overriding(resource);
            }
            bundle
        }),
    }
}

#[cfg(test)]
#[path = "lib_tests.rs"]
mod tests;
