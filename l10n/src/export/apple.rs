//! `Localizable.xcstrings`: Apple's String Catalog, in JSON. Text is `%@`, the number that chooses a form is `%lld`.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::{Argument, Call, Exported, NotExportable};
use crate::catalog::Part;
use crate::check::{Catalogs, FIRST};

/// The one file that holds all languages.
///
/// # Errors
/// When a message says what the platforms cannot.
pub fn export(catalogs: &Catalogs) -> Result<Vec<Exported>, NotExportable> {
    let mut strings = Map::new();
    for call in Call::all(catalogs)? {
        let languages = catalogs.iter().map(|(tag, catalog)| {
            let forms = call.forms(catalog);
            (
                tag.clone(),
                if call.is_plural() { plural(&call, &forms) } else { unit(&text(&call, forms[0].1)) },
            )
        });
        let entry = json!({
            "extractionState": "manual",
            "localizations": languages.collect::<Map<String, Value>>(),
        });
        strings.insert(call.key.to_owned(), entry);
    }
    let catalog = json!({ "sourceLanguage": FIRST, "strings": strings, "version": "1.0" });
    Ok(vec![Exported { path: PathBuf::from("Localizable.xcstrings"), text: format!("{catalog:#}\n") }])
}

/// The forms of a message whose only argument is its number; where there are more, the number is a substitution, since
/// Apple chooses by the first argument otherwise.
fn plural(call: &Call<'_>, forms: &[(&str, &[Part])]) -> Value {
    let written = |parts| if call.names.len() > 1 { within(call, parts) } else { text(call, parts) };
    let forms = forms.iter().map(|(category, parts)| ((*category).to_owned(), unit(&written(parts))));
    let variations = json!({ "plural": forms.collect::<Map<String, Value>>() });
    if call.names.len() == 1 {
        return json!({ "variations": variations });
    }
    let count = call.names[0];
    json!({
        "stringUnit": { "state": "translated", "value": format!("%#@{count}@") },
        "substitutions": { count: { "argNum": 1, "formatSpecifier": "lld", "variations": variations } },
    })
}

fn unit(value: &str) -> Value {
    json!({ "stringUnit": { "state": "translated", "value": value } })
}

fn text(call: &Call<'_>, parts: &[Part]) -> String {
    formatted(call, parts, |argument| match (call.names.len(), argument.is_count) {
        (1, true) => "%lld".to_owned(),
        (1, false) => "%@".to_owned(),
        (_, true) => format!("%{}$lld", argument.place),
        (_, false) => format!("%{}$@", argument.place),
    })
}

/// Within a substitution the number is called `%arg`.
fn within(call: &Call<'_>, parts: &[Part]) -> String {
    formatted(call, parts, |argument| match argument.is_count {
        true => "%arg".to_owned(),
        false => format!("%{}$@", argument.place),
    })
}

fn formatted(call: &Call<'_>, parts: &[Part], specifier: impl Fn(Argument) -> String) -> String {
    let is_format = !call.names.is_empty();
    let written = parts.iter().map(|part| match part {
        Part::Text(words) if is_format => words.replace('%', "%%"),
        Part::Text(words) => words.clone(),
        Part::Variable(name) => specifier(call.argument(name)),
    });
    written.collect()
}
