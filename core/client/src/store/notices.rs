//! What the person must be told, in a file beside the database: it outlives the database that it tells of.

use std::path::Path;

use super::{Store, StoreError, files, salvage};
use crate::notice::Notice;

/// How many are kept; the oldest goes first.
const KEPT_LIMIT: usize = 10;

impl Store {
    /// What the person was not told yet, oldest first. What cannot be read is none.
    pub(crate) fn notices(&self) -> Result<Vec<Notice>, StoreError> {
        read(&self.folder)
    }

    /// The person has read them; the damaged database that was set aside goes with them.
    pub(crate) fn dismiss_notices(&mut self) -> Result<(), StoreError> {
        salvage::forget_set_aside(&self.folder)?;
        files::remove(&self.folder, files::NOTICES).map_err(files::failed(&self.folder))
    }
}

/// Whether there are any in a folder whose database is not open.
pub(crate) fn are_there(folder: &Path) -> bool {
    folder.join(files::NOTICES).exists()
}

/// As they stand in the file; nothing when there are none.
pub(super) fn bytes(notices: &[Notice]) -> Vec<u8> {
    if notices.is_empty() {
        return Vec::new();
    }
    serde_json::to_vec(notices).expect("numbers and a path are JSON")
}

/// Adds one, durably.
pub(super) fn add(folder: &Path, notice: Notice) -> Result<(), StoreError> {
    let mut notices = read(folder)?;
    notices.push(notice);
    let too_many = notices.len().saturating_sub(KEPT_LIMIT);
    notices.drain(..too_many);
    files::write(folder, files::NOTICES, &bytes(&notices)).map_err(files::failed(folder))
}

fn read(folder: &Path) -> Result<Vec<Notice>, StoreError> {
    let stored = files::read(folder, files::NOTICES).map_err(files::failed(folder))?;
    Ok(stored.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}
