//! Writes the shells' words as their platforms want them:
//! `cargo run -p shopbell-l10n --bin export-strings -- apple|android FOLDER`.
//!
//! A tool of the build: it reads the files of words from the source tree and never runs on anybody's phone.

use std::error::Error;
use std::fs;
use std::path::Path;

use shopbell_l10n::catalog::Source;
use shopbell_l10n::export::{android, apple};
use shopbell_l10n::folder::File;
use shopbell_l10n::{check, folder};

const USAGE: &str = "export-strings apple|android FOLDER";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [platform, to] = arguments.as_slice() else { return Err(USAGE.into()) };
    let files = folder::read(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    let sources: Vec<Source<'_>> = files.iter().map(File::source).collect();
    let catalogs = check::whole(&sources)?;
    let exported = match platform.as_str() {
        "apple" => apple::export(&catalogs)?,
        "android" => android::export(&catalogs)?,
        _ => return Err(USAGE.into()),
    };
    for file in exported {
        let path = Path::new(to).join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, file.text)?;
    }
    Ok(())
}
