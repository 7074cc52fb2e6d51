//! The files of a profile's folder: their names, writing one whole, and deleting all of them.
//!
//! Only what this crate made is ever deleted: a person may have chosen a folder that holds other things. Deleting is
//! begun by a marker on disk, so that a process that dies in the middle goes on with it before anything else is served.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::{DATABASE, SPOOL, StoreError};

/// Who has the folder open.
pub(super) const LOCK: &str = "lock";
/// What may stand beside the database, after its name.
pub(super) const DATABASE_PARTS: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How the folder of a database that was set aside begins.
pub(super) const SET_ASIDE: &str = "damaged-";
/// What was in the middle of being set aside.
pub(super) const SALVAGING: &str = "salvaging";
/// What the person has not been told yet.
pub(super) const NOTICES: &str = "notices.json";
/// The session's tokens, where no Keychain or Keystore holds them.
pub(crate) const SECRETS: &str = "secrets.json";
/// Everything is being deleted. It holds what the person is told afterwards.
const ERASING: &str = "erasing";
/// A file while it is being written.
const BESIDE: &str = ".new";

/// Writes a file of mode 0600: whoever reads sees the old one or the new one, never half. Durable when it returns.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = folder.join(format!("{name}{BESIDE}"));
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(name))?;
    sync_folder(folder)
}

/// What a file holds; `None` when it is not there.
pub(crate) fn read(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Deletes a file, durably. One that is not there is none.
pub(crate) fn remove(folder: &Path, name: &str) -> io::Result<()> {
    unlink(&folder.join(name))?;
    unlink(&folder.join(format!("{name}{BESIDE}")))?;
    sync_folder(folder)
}

/// A rename is durable only once its folder is.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Notes on disk that everything is to be deleted, and what the person is told afterwards.
pub(super) fn begin_erasing(folder: &Path, notices: &[u8]) -> Result<(), StoreError> {
    write(folder, ERASING, notices).map_err(failed(folder))
}

/// Whether everything was to be deleted and some of it may still be there.
pub(super) fn is_erasing(folder: &Path) -> bool {
    folder.join(ERASING).exists()
}

/// Deletes everything that this crate made in the folder, but for its lock. Nothing may have the database open.
pub(super) fn erase(folder: &Path) -> Result<(), StoreError> {
    erase_all(folder).map_err(failed(folder))
}

fn erase_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_set_aside = is_set_aside(&entry)?;
        if !is_set_aside && !is_ours(&entry.file_name().to_string_lossy()) {
            continue;
        }
        // A link is deleted, not followed.
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            unlink(&entry.path())?;
        }
    }
    sync_folder(folder)?;
    if let Some(notices) = read(folder, ERASING)?.filter(|notices| !notices.is_empty()) {
        write(folder, NOTICES, &notices)?;
    }
    remove(folder, ERASING)
}

/// Takes away a folder in which nothing but its lock is left; one that holds other things stays.
pub(super) fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    let removed = unlink(&folder.join(LOCK)).and_then(|()| fs::remove_dir(folder));
    match removed {
        Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(failed(folder)(error)),
        _ => Ok(()),
    }
}

/// Whether it is the folder of a database that was set aside.
pub(super) fn is_set_aside(entry: &fs::DirEntry) -> io::Result<bool> {
    Ok(is_set_aside_name(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_dir())
}

/// Whether such a folder is called so: by when it was made, in digits only.
pub(super) fn is_set_aside_name(name: &str) -> bool {
    let made_at = name.strip_prefix(SET_ASIDE).unwrap_or_default();
    !made_at.is_empty() && made_at.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_ours(name: &str) -> bool {
    let whole = name.strip_suffix(BESIDE);
    let is_half_a_marker = whole == Some(ERASING);
    let name = whole.unwrap_or(name);
    let part = name.strip_prefix(DATABASE);
    part.is_some_and(|part| part.is_empty() || DATABASE_PARTS.contains(&part))
        || [SECRETS, NOTICES, SALVAGING, SPOOL].contains(&name)
        || is_half_a_marker
}

pub(super) fn unlink(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn failed(folder: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = folder.to_owned();
    move |source| StoreError::File { path: path.clone(), source }
}
