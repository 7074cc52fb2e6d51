//! What must hold between the languages, so that nobody meets a word that is missing or a hole that is not filled.
//!
//! Every language has exactly the messages of English, each in the file of the same name, with the same variables, and
//! a form for each of its own plural categories. The build runs this and fails on the first run that finds anything,
//! with everything that was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::catalog::{self, Body, Catalog, Finding, Form, Message, Part, Source};

/// The language that is written first, by whoever needs a word.
pub const FIRST: &str = "en";

/// The plural categories of each language for cardinal numbers (CLDR 48, supplemental/plurals).
const CATEGORIES: &[(&str, &[&str])] = &[
    ("en", &["one", "other"]),
    ("fr", &["one", "many", "other"]),
    ("pl", &["one", "few", "many", "other"]),
    ("zh-Hant", &["other"]),
];

/// The languages' messages, by tag.
pub type Catalogs = BTreeMap<String, Catalog>;

/// Reads and compares all languages.
///
/// # Errors
/// Everything that is wrong, as one text for whoever mends it: findings with file, line and key, then for each language
/// the messages that it lacks, in English, ready to be pasted and translated.
pub fn whole(sources: &[Source<'_>]) -> Result<Catalogs, String> {
    let mut findings = Vec::new();
    let mut catalogs = Catalogs::new();
    let languages: BTreeSet<&str> = sources.iter().map(|source| source.language).collect();
    for language in languages {
        let own: Vec<Source<'_>> =
            sources.iter().copied().filter(|source| source.language == language).collect();
        catalogs.insert(language.to_owned(), catalog::read(&own, &mut findings));
    }
    let first = catalogs.get(FIRST).cloned().unwrap_or_default();
    let mut missing = String::new();
    for (language, catalog) in &catalogs {
        match categories(language) {
            Some(categories) => compare(&first, language, catalog, categories, &mut findings),
            None => findings.push(Finding {
                path: catalog::path(language, ""),
                line: 1,
                key: String::new(),
                what: "the language's plural categories are not known: add them to l10n/src/check.rs"
                    .to_owned(),
            }),
        }
        missing.push_str(&lacking(&first, language, catalog));
    }
    findings.sort();
    let found: Vec<String> = findings.iter().map(Finding::to_string).collect();
    match (found.is_empty(), missing.is_empty()) {
        (true, true) => Ok(catalogs),
        _ => Err(format!("\n{}\n{missing}", found.join("\n"))),
    }
}

/// The plural categories of a language.
pub fn categories(language: &str) -> Option<&'static [&'static str]> {
    CATEGORIES.iter().find(|(tag, _)| *tag == language).map(|(_, categories)| *categories)
}

fn compare(
    first: &Catalog,
    language: &str,
    catalog: &Catalog,
    categories: &[&str],
    findings: &mut Vec<Finding>,
) {
    for (key, message) in &catalog.messages {
        let mut say = |what: String| {
            let path = catalog::path(language, &message.file);
            findings.push(Finding { path, line: message.line, key: key.clone(), what });
        };
        wrong_forms(&message.body, categories).into_iter().for_each(&mut say);
        match first.messages.get(key) {
            None => say("English has no such message: remove it, or add it to English".to_owned()),
            Some(english) => {
                if english.file != message.file {
                    say(format!("stands in {} in English", english.file));
                }
                differences(english, message, categories).into_iter().for_each(&mut say);
            }
        }
    }
}

/// A choice has a form for each plural category of its language, and none for another.
fn wrong_forms(body: &Body, categories: &[&str]) -> Vec<String> {
    let Body::Plural { forms, .. } = body else { return Vec::new() };
    let has =
        |wanted: &str| forms.iter().any(|(form, _)| matches!(form, Form::Category(word) if word == wanted));
    let lacks = categories.iter().filter(|category| !has(category));
    let lacks = lacks.map(|category| format!("lacks the plural form [{category}]"));
    let foreign = forms.iter().filter(|(form, _)| match form {
        Form::Category(word) => !categories.contains(&word.as_str()),
        Form::Exactly(_) => false,
    });
    let foreign = foreign.map(|(form, _)| format!("this language has no plural form {form}"));
    lacks.chain(foreign).collect()
}

/// A translation says what English says: the same variables, the same numbers with a sentence of their own.
fn differences(english: &Message, message: &Message, categories: &[&str]) -> Vec<String> {
    let (wanted, found) = (names(english.variables()), names(message.variables()));
    let mut wrong: Vec<String> = Vec::new();
    for name in wanted.difference(&found) {
        wrong.push(format!("lacks {{ ${name} }}, which English has"));
    }
    for name in found.difference(&wanted) {
        wrong.push(format!("has {{ ${name} }}, which English has not"));
    }
    if exact_numbers(&english.body) != exact_numbers(&message.body) {
        let numbers: Vec<String> = exact_numbers(&english.body).iter().map(|form| form.to_string()).collect();
        wrong
            .push(format!("the numbers with a form of their own differ from English: {}", numbers.join(" ")));
    }
    match (&english.body, &message.body) {
        (Body::Plural { by, .. }, Body::Plain(_)) if categories.len() > 1 => {
            wrong.push(format!("needs a form for each plural category of ${by}: {}", categories.join(", ")));
        }
        (Body::Plural { by: wanted, .. }, Body::Plural { by, .. }) if wanted != by => {
            wrong.push(format!("chooses by ${by}, English by ${wanted}"));
        }
        (Body::Plain(_), Body::Plural { by, .. }) => {
            wrong.push(format!(
                "chooses by ${by}; English does not choose, so its number is not known to all readers"
            ));
        }
        _ => {}
    }
    for name in in_every_form(&english.body).intersection(&found) {
        for (form, text) in counted_forms(&message.body) {
            if !text.contains(&Part::Variable(name.clone())) {
                wrong.push(format!("lacks {{ ${name} }} in the form {form}"));
            }
        }
    }
    wrong
}

/// The messages that a language lacks, file by file, in English.
fn lacking(first: &Catalog, language: &str, catalog: &Catalog) -> String {
    let mut files: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for (key, english) in &first.messages {
        if !catalog.messages.contains_key(key) {
            files.entry(&english.file).or_default().push(english);
        }
    }
    let mut told = String::new();
    for (file, mut messages) in files {
        messages.sort_by_key(|message| message.line);
        let (path, count) = (catalog::path(language, file), messages.len());
        let _ = writeln!(told, "\n{path} lacks {count} of English. Add, translated:"); // to a String: cannot fail
        for message in messages {
            let _ = writeln!(told, "{}", message.source);
        }
    }
    told
}

fn names(variables: Vec<&str>) -> BTreeSet<String> {
    variables.into_iter().map(str::to_owned).collect()
}

fn exact_numbers(body: &Body) -> BTreeSet<&Form> {
    match body {
        Body::Plain(_) => BTreeSet::new(),
        Body::Plural { forms, .. } => {
            forms.iter().map(|(form, _)| form).filter(|form| matches!(form, Form::Exactly(_))).collect()
        }
    }
}

/// The forms that stand for more than one number; a form for exactly one need not say which.
fn counted_forms(body: &Body) -> Vec<(String, &[Part])> {
    match body {
        Body::Plain(text) => vec![("[other]".to_owned(), text)],
        Body::Plural { forms, .. } => forms
            .iter()
            .filter(|(form, _)| matches!(form, Form::Category(_)))
            .map(|(form, text)| (form.to_string(), text.as_slice()))
            .collect(),
    }
}

fn in_every_form(body: &Body) -> BTreeSet<String> {
    let mut forms = counted_forms(body).into_iter().map(|(_, text)| {
        text.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.clone()),
            Part::Text(_) => None,
        })
    });
    let first: BTreeSet<String> = forms.next().into_iter().flatten().collect();
    forms.fold(first, |common, form| {
        let form: BTreeSet<String> = form.collect();
        common.intersection(&form).cloned().collect()
    })
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
