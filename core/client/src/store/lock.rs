//! One process a folder: an advisory lock that the system frees when the process ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use super::StoreError;
use super::files::LOCK;

/// The folder is this process's for as long as this lives.
#[derive(Debug)]
pub(super) struct FolderLock {
    file: File,
}

impl Drop for FolderLock {
    /// Said aloud, not left to the closing of the file: 2026-11, on Linux, the lock outlived that for a moment once in
    /// sixty times, and whoever opened the folder next was told that it is in use.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the folder's lock is freed when the process ends");
        }
    }
}

impl FolderLock {
    /// Makes the folder if it is not there (for its owner only) and locks it.
    pub(super) fn take(folder: &Path) -> Result<FolderLock, StoreError> {
        let failed = |source| StoreError::File { path: folder.to_owned(), source };
        make_private(folder).map_err(failed)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(LOCK))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// Makes a folder for its owner only, if it is not there.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
