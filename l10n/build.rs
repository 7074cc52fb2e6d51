//! Turns each message of `en/*.ftl` into a typed function, so that a missing word or a missing argument is a
//! compile error at the place that needs it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast;

/// `widget.ftl` is compiled by `server/widget`, which loads only its own words.
const NOT_FOR_RUST: &str = "widget.ftl";

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=en");
    let mut code = String::new();
    let mut sources = String::new();
    let mut seen = BTreeSet::new();
    for path in fluent_files(Path::new("en"))? {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let resource = fluent_syntax::parser::parse(text.as_str())
            .map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
        for entry in &resource.body {
            if let ast::Entry::Message(message) = entry {
                if !seen.insert(message.id.name.to_owned()) {
                    return Err(format!("{}: {} stands there twice", path.display(), message.id.name));
                }
                function(&mut code, message).map_err(|error| error.to_string())?;
            }
        }
        let absolute = fs::canonicalize(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        writeln!(sources, "    include_str!({absolute:?}),").map_err(|error| error.to_string())?;
    }
    writeln!(code, "const ENGLISH: &[&str] = &[\n{sources}];").map_err(|error| error.to_string())?;
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&out).join("words.rs"), code).map_err(|error| error.to_string())
}

fn fluent_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .filter(|path| path.file_name().is_some_and(|name| name != NOT_FOR_RUST))
        .collect();
    files.sort();
    Ok(files)
}

fn function(code: &mut String, message: &ast::Message<&str>) -> std::fmt::Result {
    let mut names = BTreeSet::new();
    if let Some(pattern) = &message.value {
        variables(pattern, &mut names);
    }
    let key = message.id.name;
    let mut signature = String::new();
    let mut inserts = String::new();
    for name in &names {
        write!(signature, ", {name}: impl Into<FluentValue<'a>>")?;
        writeln!(inserts, "    arguments.set({name:?}, {name});")?;
    }
    let life = if names.is_empty() { "" } else { "<'a>" };
    let binding = if names.is_empty() { "let" } else { "let mut" };
    writeln!(code, "/// `{key}`")?;
    writeln!(code, "pub fn {}{life}(lang: Lang{signature}) -> String {{", key.replace('-', "_"))?;
    writeln!(
        code,
        "    {binding} arguments = FluentArgs::new();\n{inserts}    format(lang, {key:?}, &arguments)\n}}"
    )
}

fn variables(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            expression_variables(expression, names);
        }
    }
}

fn expression_variables(expression: &ast::Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => inline_variables(inline, names),
        ast::Expression::Select { selector, variants } => {
            inline_variables(selector, names);
            for variant in variants {
                variables(&variant.value, names);
            }
        }
    }
}

fn inline_variables(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => expression_variables(expression, names),
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_variables(argument, names);
            }
        }
        _ => {}
    }
}
