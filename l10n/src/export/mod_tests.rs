use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::*;
use crate::catalog::Source;
use crate::folder::File;
use crate::{check, folder};

const ENGLISH: &str = r#"
a-plain = Ask Ana's "friend" <b> & co. \ 100 %
b-argument = { $name } saved 100 % of { $amount }
c-reference = @{ $name }
d-question = ?
e-lines =
    One
    two
f-spaces = { "  " }a  b{ " " }
g-counted = { $count ->
    [one] { $count } reply
   *[other] { $count } replies
}
h-both = { $count ->
    [one] { $name } sent { $count } reply (50 %)
   *[other] { $name } sent { $count } replies (50 %)
}
"#;

/// Messages of each kind, with every character that either platform takes for something else.
fn samples() -> Catalogs {
    let polish = ENGLISH
        .replace("[one] { $count } reply", "[one] { $count } odpowiedź\n    [few] { $count } odpowiedzi\n    [many] { $count } odpowiedzi")
        .replace("[one] { $name } sent { $count } reply (50 %)", "[one] Od { $name }: { $count } (50 %)\n    [few] Od { $name }: { $count }\n    [many] { $count } (od { $name })");
    let chinese = ENGLISH
        .replace("    [one] { $count } reply\n", "")
        .replace("    [one] { $name } sent { $count } reply (50 %)\n", "");
    let source = |language, text| Source { language, file: SHELL, text };
    check::whole(&[source("en", ENGLISH), source("pl", &polish), source("zh-Hant", &chinese)]).unwrap()
}

fn shipped() -> Catalogs {
    let files = folder::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    check::whole(&files.iter().map(File::source).collect::<Vec<_>>()).unwrap()
}

#[test]
fn every_character_survives_in_an_apple_catalog() {
    insta::assert_snapshot!(apple::export(&samples()).unwrap()[0].text);
}

#[test]
fn every_character_survives_in_android_resources() {
    let files = android::export(&samples()).unwrap();
    let texts = files.iter().map(|file| format!("{}\n{}", file.path.display(), file.text));
    insta::assert_snapshot!(texts.collect::<String>());
}

#[test]
fn some_of_the_shells_words_in_all_languages() {
    let some = ["action-undo", "inbox-row-draft", "conversation-left-email", "settings-sign-out-unsent"];
    let mut shown = String::new();
    let catalog: Value = serde_json::from_str(&apple::export(&shipped()).unwrap()[0].text).unwrap();
    for key in some {
        shown.push_str(&format!("{key} {:#}\n", catalog["strings"][key]["localizations"]));
    }
    for file in android::export(&shipped()).unwrap() {
        shown.push_str(&format!("{}\n", file.path.display()));
        let xml = roxmltree::Document::parse(&file.text).unwrap();
        for key in some {
            let named =
                |node: &roxmltree::Node<'_, '_>| node.attribute("name") == Some(&key.replace('-', "_"));
            let range = xml.descendants().find(named).unwrap().range();
            shown.push_str(&format!("    {}\n", &file.text[range]));
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_whole_apple_catalog_says_what_the_files_say() {
    let catalogs = shipped();
    let exported: Value = serde_json::from_str(&apple::export(&catalogs).unwrap()[0].text).unwrap();
    assert_eq!(
        (&exported["sourceLanguage"], &exported["version"]),
        (&Value::from("en"), &Value::from("1.0"))
    );
    let calls = Call::all(&catalogs).unwrap();
    assert_eq!(exported["strings"].as_object().unwrap().len(), calls.len());
    for call in &calls {
        for (tag, catalog) in &catalogs {
            let localization = &exported["strings"][call.key]["localizations"][tag];
            let mut read = BTreeMap::new();
            if call.is_plural() {
                let variations = match &localization["substitutions"][call.names[0]] {
                    Value::Null => &localization["variations"]["plural"],
                    substitution => &substitution["variations"]["plural"],
                };
                for (category, unit) in variations.as_object().unwrap() {
                    read.insert(category.as_str(), value(unit));
                }
            } else {
                read.insert("other", value(localization));
            }
            let said = |text: &str| {
                call.names
                    .iter()
                    .enumerate()
                    .fold(text.to_owned(), |text, (index, name)| {
                        let is_count = call.argument(name).is_count;
                        let placed = format!("%{}${}", index + 1, if is_count { "lld" } else { "@" });
                        let alone = if is_count { "%lld" } else { "%@" };
                        let hole = format!("{{{name}}}");
                        text.replace(&placed, &hole).replace(alone, &hole).replace("%arg", &hole)
                    })
                    .replace("%%", "%")
            };
            let read: BTreeMap<_, _> =
                read.into_iter().map(|(category, text)| (category, said(text))).collect();
            assert_eq!(read, plainly(call, catalog), "{tag} {}", call.key);
        }
    }
}

#[test]
fn the_whole_of_androids_resources_says_what_the_files_say() {
    let catalogs = shipped();
    let files = android::export(&catalogs).unwrap();
    let paths: Vec<_> = files.iter().map(|file| file.path.to_str().unwrap()).collect();
    let folders = ["values", "values-fr", "values-pl", "values-b+zh+Hant"];
    assert_eq!(paths, folders.map(|folder| format!("res/{folder}/strings.xml")));
    for ((tag, catalog), file) in catalogs.iter().zip(&files) {
        let xml = roxmltree::Document::parse(&file.text).unwrap();
        let calls = Call::all(&catalogs).unwrap();
        let elements: Vec<_> = xml.root_element().children().filter(roxmltree::Node::is_element).collect();
        assert_eq!(elements.len(), calls.len());
        for (call, element) in calls.iter().zip(elements) {
            assert_eq!(element.attribute("name"), Some(call.key.replace('-', "_").as_str()));
            let items = element.children().filter(roxmltree::Node::is_element);
            let forms = items.map(|item| (item.attribute("quantity").unwrap(), item.text().unwrap()));
            let mut read: BTreeMap<_, _> = forms.collect();
            if element.has_tag_name("string") {
                read.insert("other", element.text().unwrap());
            }
            let read: BTreeMap<_, _> =
                read.into_iter().map(|(form, text)| (form, read_back(call, text))).collect();
            assert_eq!(read, plainly(call, catalog), "{tag} {}", call.key);
        }
    }
}

#[test]
fn a_form_for_one_number_cannot_be_exported() {
    let text = "left = { $count ->\n    [0] Nothing\n    [one] { $count }\n   *[other] { $count }\n}";
    let catalogs = check::whole(&[Source { language: "en", file: SHELL, text }]).unwrap();
    let refused = android::export(&catalogs).unwrap_err();
    assert_eq!(refused, apple::export(&catalogs).unwrap_err());
    assert_eq!(
        refused.to_string(),
        "left: a form for one number, such as [0], is nothing that Android knows: make it a message of its own"
    );
}

fn value(unit: &Value) -> &str {
    assert_eq!(unit["stringUnit"]["state"], "translated");
    unit["stringUnit"]["value"].as_str().unwrap()
}

/// As aapt2 and then `String.format` would read it, with the arguments' names for their values.
fn read_back(call: &Call<'_>, text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match (c, rest.chars().next()) {
            ('\\', Some('n')) => said.push('\n'),
            ('\\', Some('u')) => {
                said.push(char::from_u32(u32::from_str_radix(&rest[1..5], 16).unwrap()).unwrap());
                rest = &rest[4..];
            }
            ('\\', Some(escaped)) => said.push(escaped),
            ('%', Some('%')) if !call.names.is_empty() => said.push('%'),
            ('%', Some(_)) if !call.names.is_empty() => {
                let place: usize = rest[..1].parse().unwrap();
                let is_count = call.argument(call.names[place - 1]).is_count;
                assert_eq!(&rest[1..3], if is_count { "$d" } else { "$s" });
                said.push_str(&format!("{{{}}}", call.names[place - 1]));
                rest = &rest[2..];
            }
            _ => {
                said.push(c);
                continue;
            }
        }
        rest = &rest[1..];
    }
    said
}

/// The forms as the file has them, with `{name}` for each variable.
fn plainly<'l>(call: &Call<'_>, catalog: &'l Catalog) -> BTreeMap<&'l str, String> {
    let texts = call.forms(catalog).into_iter().map(|(category, parts)| {
        let words = parts.iter().map(|part| match part {
            Part::Text(words) => words.clone(),
            Part::Variable(name) => format!("{{{name}}}"),
        });
        (category, words.collect())
    });
    texts.collect()
}
