//! Checks the words of all languages against each other and turns each message into a typed function, so that a word
//! that is missing, or an argument that is left out, is an error of the build.

#[path = "src/catalog.rs"]
mod catalog;
#[path = "src/check.rs"]
mod check;
#[path = "src/folder.rs"]
mod folder;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use catalog::{Catalog, Message, Source};
use folder::File;

/// Words of others: `server/widget` compiles the widget's, and the phones' shells get theirs by `export-strings`.
const NOT_FOR_RUST: &[&str] = &["widget.ftl", "shell.ftl"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=.");
    let files = folder::read(&PathBuf::from(env::var("CARGO_MANIFEST_DIR")?))?;
    let sources: Vec<Source<'_>> = files.iter().map(File::source).collect();
    let catalogs = check::whole(&sources).map_err(|wrong| {
        tell(&wrong);
        "the words are not whole: the list is above, CONTRIBUTING.md says how to add a word"
    })?;
    let code = code(&catalogs[check::FIRST], &files)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

#[expect(clippy::print_stderr, reason = "what `main` answers is shown on one line; this has many")]
fn tell(wrong: &str) {
    eprintln!("{wrong}");
}

fn code(english: &Catalog, files: &[File]) -> Result<String, std::fmt::Error> {
    let is_for_rust = |file: &str| !NOT_FOR_RUST.contains(&file);
    let mut code = String::new();
    for (key, message) in english.messages.iter().filter(|(_, message)| is_for_rust(&message.file)) {
        function(&mut code, key, message)?;
    }
    writeln!(code, "/// What the functions say: the tag of a language, then a file of it.")?;
    writeln!(code, "const SOURCES: &[(&str, &str)] = &[")?;
    for file in files.iter().filter(|file| is_for_rust(&file.name)) {
        writeln!(code, "    ({:?}, include_str!({:?})),", file.language, file.path)?;
    }
    writeln!(code, "];")?;
    Ok(code)
}

fn function(code: &mut String, key: &str, message: &Message) -> std::fmt::Result {
    let mut names = message.variables();
    names.sort_unstable();
    writeln!(code, "/// ```text")?;
    for line in message.source.lines() {
        writeln!(code, "/// {line}")?;
    }
    let life = if names.is_empty() { "" } else { "<'a>" };
    let parameters: String =
        names.iter().map(|name| format!(", {name}: impl Into<FluentValue<'a>>")).collect();
    let values: String = names.iter().map(|name| format!("({name:?}, {name}.into()), ")).collect();
    let function = key.replace('-', "_");
    writeln!(code, "/// ```\npub fn {function}{life}(lang: Lang{parameters}) -> String {{")?;
    writeln!(code, "    format(lang, {key:?}, [{values}])\n}}")
}
