//! The words that people see, one source for every part of Shopbell.
//!
//! `<language>/*.ftl` (Fluent) hold the words; the build checks the languages against each other and makes one function
//! a message, so a word that is not there, or an argument that is left out, does not compile. No I/O: the texts are part
//! of the binary. A crate that is not a screen or a door asks for words as late as it can, and stores codes, never words.

pub mod catalog;
pub mod check;
pub mod export;
pub mod folder;
mod language;

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use language::Lang;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

fn format<'a, const N: usize>(lang: Lang, key: &str, values: [(&'static str, FluentValue<'a>); N]) -> String {
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned(); // cannot be: the build has checked that every language has it
    };
    let arguments: FluentArgs<'a> = values.into_iter().collect();
    bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; Lang::all().len()] =
        [const { OnceLock::new() }; Lang::all().len()];
    BUNDLES[lang as usize].get_or_init(|| {
        let tag = lang.tag().parse().unwrap_or_default();
        let mut bundle: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![tag]);
        // A terminal shows the isolation marks as boxes; screens isolate names themselves.
        bundle.set_use_isolating(false);
        for (_, text) in SOURCES.iter().filter(|(tag, _)| *tag == lang.tag()) {
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(whole, _)| whole);
            bundle.add_resource_overriding(resource);
        }
        bundle
    })
}

#[cfg(test)]
#[path = "lib_tests.rs"]
mod tests;
