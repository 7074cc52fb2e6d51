//! The words as they stand in the files: which messages a language has, of what parts, and where.
//!
//! Shared by the build, which turns messages into functions, and by the exporters. It reads texts, never files, and
//! takes the small part of Fluent that every reader of the words understands: text, `{ $variable }`, `{ "text" }`, and
//! one plural choice that is the whole message. Apple's and Android's formats and the widget know no more.

use std::collections::BTreeMap;
use std::fmt;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser::ParserError;

/// One file of one language.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// The language's tag, which is its folder's name.
    pub language: &'s str,
    /// The file's name within the folder.
    pub file: &'s str,
    /// What stands in it.
    pub text: &'s str,
}

/// Something that is wrong in the files, for whoever mends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the repository's root.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The message's key; empty where there is none.
    pub key: String,
    /// What is wrong.
    pub what: String,
}

/// All messages of one language.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// By key, which is unique over all files.
    pub messages: BTreeMap<String, Message>,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The file's name within the language's folder.
    pub file: String,
    /// Where it begins, counted from 1.
    pub line: usize,
    /// As it stands in the file, without its comment.
    pub source: String,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Always the same.
    Plain(Vec<Part>),
    /// One form for each kind of number.
    Plural {
        /// The variable that chooses.
        by: String,
        /// The forms, in the file's order.
        forms: Vec<(Form, Vec<Part>)>,
    },
}

/// When a form is chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// For exactly this number.
    Exactly(String),
    /// For numbers of this plural category, in CLDR's words: `one`, `few`, `other`, …
    Category(String),
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// What is put in.
    Variable(String),
}

/// Reads one language's files; what cannot be read becomes a finding.
pub fn read(sources: &[Source<'_>], findings: &mut Vec<Finding>) -> Catalog {
    let mut catalog = Catalog::default();
    for source in sources {
        match fluent_syntax::parser::parse(source.text) {
            Ok(resource) => read_entries(source, &resource.body, &mut catalog, findings),
            Err((resource, errors)) => {
                findings.extend(errors.iter().map(|error| unreadable(source, error)));
                read_entries(source, &resource.body, &mut catalog, findings);
            }
        }
    }
    catalog
}

impl Message {
    /// Its variables, in the order in which they first appear; the one that chooses the form comes first.
    pub fn variables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = match &self.body {
            Body::Plain(_) => Vec::new(),
            Body::Plural { by, .. } => vec![by],
        };
        for part in self.body.texts().into_iter().flatten() {
            if let Part::Variable(name) = part
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }
}

impl Body {
    /// The text, or the text of each form.
    pub fn texts(&self) -> Vec<&[Part]> {
        match self {
            Body::Plain(text) => vec![text],
            Body::Plural { forms, .. } => forms.iter().map(|(_, text)| text.as_slice()).collect(),
        }
    }
}

impl Source<'_> {
    /// From the repository's root.
    pub fn path(&self) -> String {
        path(self.language, self.file)
    }

    fn finding(&self, line: usize, key: &str, what: impl Into<String>) -> Finding {
        Finding { path: self.path(), line, key: key.to_owned(), what: what.into() }
    }

    /// Where a message begins. The parser does not say, but a key stands at the beginning of its line.
    fn line_of(&self, key: &str, nth: usize) -> usize {
        let begins =
            |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
        let found = self.text.lines().enumerate().filter(|(_, line)| begins(line)).nth(nth);
        found.map_or(1, |(index, _)| index + 1)
    }

    /// The message that begins at `line`, up to the next entry or comment.
    fn slice(&self, line: usize) -> String {
        let is_next =
            |line: &&str| !line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '#' || c == '-');
        let mut lines = self.text.lines().skip(line - 1);
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.take_while(is_next).collect();
        [&[first], rest.as_slice()].concat().join("\n").trim_end().to_owned()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.path, self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}

/// A language's file, from the repository's root.
pub fn path(language: &str, file: &str) -> String {
    format!("l10n/{language}/{file}")
}

fn unreadable(source: &Source<'_>, error: &ParserError) -> Finding {
    let entry = error.slice.clone().unwrap_or_else(|| error.pos.clone());
    let line = source.text.get(..entry.start).map_or(1, |before| before.matches('\n').count() + 1);
    let first = source.text.get(entry).and_then(|entry| entry.lines().next()).unwrap_or_default();
    let key = first.split_once('=').map_or("", |(key, _)| key.trim());
    source.finding(line, key, format!("cannot be read as Fluent: {}", error.kind))
}

fn read_entries(
    source: &Source<'_>,
    entries: &[Entry<&str>],
    catalog: &mut Catalog,
    findings: &mut Vec<Finding>,
) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Term(term) => {
                let line = source.line_of(&format!("-{}", term.id.name), 0);
                findings.push(source.finding(line, term.id.name, "terms are not used here: write it out"));
                continue;
            }
            _ => continue, // comments; and junk, which the parser has reported
        };
        let key = message.id.name;
        let nth = seen.entry(key).or_default();
        let line = source.line_of(key, *nth);
        *nth += 1;
        if !message.attributes.is_empty() {
            findings.push(source.finding(
                line,
                key,
                "attributes are not used here: make it a message of its own",
            ));
        }
        let Some(pattern) = &message.value else { continue };
        let body = match body(pattern) {
            Ok(body) => body,
            Err(what) => {
                findings.push(source.finding(line, key, what));
                continue;
            }
        };
        if let Some(first) = catalog.messages.get(key) {
            let first = format!("{}:{}", path(source.language, &first.file), first.line);
            findings.push(source.finding(line, key, format!("stands twice, first at {first}")));
            continue;
        }
        let message = Message { file: source.file.to_owned(), line, source: source.slice(line), body };
        catalog.messages.insert(key.to_owned(), message);
    }
}

fn body(pattern: &Pattern<&str>) -> Result<Body, String> {
    let [PatternElement::Placeable { expression: Expression::Select { selector, variants } }] =
        pattern.elements.as_slice()
    else {
        return text(pattern).map(Body::Plain);
    };
    let InlineExpression::VariableReference { id } = selector else {
        return Err("a choice is made by a { $variable } and nothing else".to_owned());
    };
    let mut forms = Vec::new();
    for variant in variants {
        let form = match &variant.key {
            VariantKey::NumberLiteral { value } => Form::Exactly((*value).to_owned()),
            VariantKey::Identifier { name } => Form::Category((*name).to_owned()),
        };
        if forms.iter().any(|(known, _)| *known == form) {
            return Err(format!("the form {form} stands twice"));
        }
        if variant.default && form != Form::Category("other".to_owned()) {
            return Err(format!("the form with the star is *[other], not *{form}"));
        }
        forms.push((form, text(&variant.value)?));
    }
    Ok(Body::Plural { by: id.name.to_owned(), forms })
}

fn text(pattern: &Pattern<&str>) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    for element in &pattern.elements {
        let words = match element {
            PatternElement::TextElement { value } => value,
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::StringLiteral { value } => value,
                InlineExpression::VariableReference { id } => {
                    parts.push(Part::Variable(id.name.to_owned()));
                    continue;
                }
                _ => return Err("only { $variable } and { \"text\" } may stand within text".to_owned()),
            },
            PatternElement::Placeable { .. } => {
                return Err("a choice is the whole message: write out each sentence".to_owned());
            }
        };
        match parts.last_mut() {
            Some(Part::Text(before)) => before.push_str(words),
            _ => parts.push(Part::Text((*words).to_owned())),
        }
    }
    Ok(parts)
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Form::Exactly(word) | Form::Category(word)) = self;
        write!(f, "[{word}]")
    }
}
