//! Prints what a compiled library exports, one line a thing, for bindings/surface.txt (`scripts/bindings --surface`).
//!
//! It reads what uniffi stored in the library, so it shows what apps get and not what the sources mean. What an app's
//! code depends on is in it: names, types, the order of fields and variants. What it does not depend on, such as the
//! order of methods or a comment, must not be, or else every diff would have to be read twice.

use std::error::Error;
use std::io::Write;

use uniffi_bindgen::interface::{Argument, AsType, Callable, Enum, Field, Object, Type, Variant};
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

fn main() -> Result<(), Box<dyn Error>> {
    let library = std::env::args().nth(1).ok_or("which library?")?;
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let metadata = loader.load_metadata(library.as_ref())?;
    let mut out = std::io::stdout().lock();
    for interface in loader.load_cis(metadata)? {
        out.write_all(surface(&interface).as_bytes())?;
    }
    Ok(())
}

/// Everything that is exported: functions, objects, listeners, records, enums, errors, each kind by name.
fn surface(interface: &ComponentInterface) -> String {
    let (errors, enums): (Vec<&Enum>, Vec<&Enum>) =
        interface.enum_definitions().iter().partition(|one| interface.is_name_used_as_error(one.name()));
    let (listeners, objects): (Vec<&Object>, Vec<&Object>) =
        interface.object_definitions().iter().partition(|one| one.has_callback_interface());
    let functions = interface.function_definitions().iter().map(|one| signature("function", one.name(), one));
    let records = interface
        .record_definitions()
        .iter()
        .map(|one| block("record", one.name(), one.fields().iter().map(field).collect()));

    [
        sorted(functions.collect()),
        sorted(objects.into_iter().map(|one| object("object", one)).collect()),
        sorted(listeners.into_iter().map(|one| object("listener", one)).collect()),
        sorted(records.collect()),
        sorted(enums.into_iter().map(|one| variants("enum", one)).collect()),
        sorted(errors.into_iter().map(|one| variants("error", one)).collect()),
    ]
    .concat()
    .join("\n\n")
        + "\n"
}

fn object(kind: &str, object: &Object) -> String {
    let constructors = object.constructors().into_iter().map(|one| signature("constructor", one.name(), one));
    let methods = object.methods().into_iter().map(|one| signature("method", one.name(), one));
    block(kind, object.name(), [sorted(constructors.collect()), sorted(methods.collect())].concat())
}

fn variants(kind: &str, of: &Enum) -> String {
    block(kind, of.name(), of.variants().iter().map(variant).collect())
}

fn variant(variant: &Variant) -> String {
    let fields: Vec<String> = variant.fields().iter().map(field).collect();
    if fields.is_empty() {
        variant.name().to_owned()
    } else {
        format!("{}({})", variant.name(), fields.join(", "))
    }
}

fn field(field: &Field) -> String {
    typed(field.name(), &field.as_type())
}

fn signature(kind: &str, name: &str, callable: &dyn Callable) -> String {
    let asynchronous = if callable.is_async() { "async " } else { "" };
    let arguments: Vec<String> =
        callable.arguments().into_iter().map(|one: &Argument| typed(one.name(), &one.as_type())).collect();
    let answer = callable.return_type().map(|one| format!(" -> {}", type_name(one))).unwrap_or_default();
    let error = callable.throws_type().map(|one| format!(" throws {}", type_name(one))).unwrap_or_default();
    format!("{asynchronous}{kind} {name}({}){answer}{error}", arguments.join(", "))
}

fn typed(name: &str, of: &Type) -> String {
    format!("{name}: {}", type_name(of))
}

fn type_name(of: &Type) -> String {
    match of {
        Type::Optional { inner_type } => format!("{}?", type_name(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", type_name(inner_type)),
        Type::Map { key_type, value_type } => format!("[{}: {}]", type_name(key_type), type_name(value_type)),
        _ => of.name().map_or_else(|| format!("{of:?}").to_lowercase(), str::to_owned),
    }
}

fn block(kind: &str, name: &str, lines: Vec<String>) -> String {
    lines.into_iter().fold(format!("{kind} {name}"), |text, line| text + "\n    " + &line)
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}
