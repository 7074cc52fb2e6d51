//! `res/values*/strings.xml`: Android's string resources, which Kotlin's desktop window reads too. Text is `%1$s`, the
//! number that chooses a form is `%1$d`. Names have `_` where keys have `-`.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Call, Exported, NotExportable};
use crate::catalog::{Catalog, Part};
use crate::check::{Catalogs, FIRST};

/// One file a language.
///
/// # Errors
/// When a message says what the platforms cannot.
pub fn export(catalogs: &Catalogs) -> Result<Vec<Exported>, NotExportable> {
    let calls = Call::all(catalogs)?;
    Ok(catalogs
        .iter()
        .map(|(tag, catalog)| Exported {
            path: PathBuf::from("res").join(folder(tag)).join("strings.xml"),
            text: resources(&calls, catalog),
        })
        .collect())
}

/// `values` for the language that is shown where no other fits; BCP 47 tags with a script need Android's own notation.
fn folder(tag: &str) -> String {
    match tag {
        FIRST => "values".to_owned(),
        tag if tag.contains('-') => format!("values-b+{}", tag.replace('-', "+")),
        tag => format!("values-{tag}"),
    }
}

fn resources(calls: &[Call<'_>], catalog: &Catalog) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<resources>\n");
    for call in calls {
        let name = call.key.replace('-', "_");
        let forms = call.forms(catalog);
        // Writing to a String cannot fail.
        let _ = if call.is_plural() {
            let items = forms.iter().map(|(category, parts)| {
                format!("        <item quantity=\"{category}\">{}</item>\n", text(call, parts))
            });
            let items: String = items.collect();
            writeln!(xml, "    <plurals name=\"{name}\">\n{items}    </plurals>")
        } else {
            writeln!(xml, "    <string name=\"{name}\">{}</string>", text(call, forms[0].1))
        };
    }
    xml.push_str("</resources>\n");
    xml
}

fn text(call: &Call<'_>, parts: &[Part]) -> String {
    let is_format = !call.names.is_empty();
    let mut written = String::new();
    for part in parts {
        match part {
            Part::Text(words) => written.push_str(&escaped(words, is_format)),
            Part::Variable(name) => {
                let argument = call.argument(name);
                let kind = if argument.is_count { 'd' } else { 's' };
                let _ = write!(written, "%{}${kind}", argument.place);
            }
        }
    }
    let written = with_spaces(&written);
    // At the beginning these would be a reference to a resource or to an attribute of the theme.
    if written.starts_with(['@', '?']) { format!("\\{written}") } else { written }
}

/// As aapt2 reads it: first XML, then its own escapes, then a format where there are arguments.
fn escaped(words: &str, is_format: bool) -> String {
    let mut written = String::new();
    for c in words.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '\'' | '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '%' if is_format => written.push_str("%%"),
            c => written.push(c),
        }
    }
    written
}

/// Spaces at the ends, and all but the first of several, would be taken away.
fn with_spaces(text: &str) -> String {
    let ends_at = text.trim_end_matches(' ').len();
    let mut is_after_space = true;
    let mut written = String::new();
    for (at, c) in text.char_indices() {
        if c == ' ' && (is_after_space || at >= ends_at) {
            written.push_str("\\u0020");
        } else {
            written.push(c);
        }
        is_after_space = c == ' ';
    }
    written
}
