//! The files of words on the disk of whoever builds. Nothing of this runs where Shopbell runs: there the words are part
//! of the binary.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::catalog::Source;

/// A file of words.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// The tag of its language, which its folder is named after.
    pub language: String,
    /// Its name within the folder.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

impl File {
    /// As the checks and the exporters read it.
    pub fn source(&self) -> Source<'_> {
        Source { language: &self.language, file: &self.name, text: &self.text }
    }
}

/// Every `<language>/<name>.ftl` below `folder`, in a fixed order.
///
/// # Errors
/// When a folder or a file cannot be read, with its path.
pub fn read(folder: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for language in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for path in entries(&language)? {
            if path.extension().is_some_and(|extension| extension == "ftl") {
                let text = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
                let (language, name) = (last_part(&language), last_part(&path));
                files.push(File { path, language, name, text });
            }
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut paths: Vec<PathBuf> =
        read.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
