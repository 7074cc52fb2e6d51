//! What is left to do once a scope was lost: its files go, and the database is written anew, so that the words are in no
//! byte of it. Both are noted in the transaction that wiped the scope, done before anything else is served, and tried
//! again at the next opening and after each complete pull until they are done (docs/sync.md 16).

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use shopbell_domain::sync::Scope;

use super::{Store, StoreError, Write, salvage, scopes};

/// The folder of files that others put there for this process: what a notification showed.
pub const SPOOL: &str = "spool";

/// The name of an entry of the spool: it carries the scope that its words are of, and the grant number. While it is being
/// written it has another one, which begins with a dot.
pub fn spool_name(scope: Scope, grant: i64, entry: &str) -> String {
    format!("{}@{grant}@{entry}", scope.to_string().replace(':', ".").replace('/', "+"))
}

/// What an entry's name says; `None` for what is no entry.
fn scope_of(name: &str) -> Option<(Scope, i64)> {
    let mut parts = name.split('@');
    let scope = parts.next()?.replace('.', ":").replace('+', "/").parse().ok()?;
    Some((scope, parts.next()?.parse().ok()?))
}

/// How far scrubbing has come, as `scrub.pending` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scrub {
    /// There is nothing to scrub.
    Done = 0,
    /// The database is to be written anew.
    Vacuum = 1,
    /// It was, into the log; the log is to be moved into the database and emptied.
    Checkpoint = 2,
}

impl Write<'_> {
    pub(super) fn queue_files_of(&mut self, scope: Scope) -> Result<(), StoreError> {
        let is_of_it = |name: &&String| scope_of(name).is_some_and(|(of, _)| of == scope);
        for name in spool(self.folder)?.iter().filter(is_of_it) {
            self.execute(
                "INSERT OR IGNORE INTO file_to_delete (path) VALUES (?1)",
                [format!("{SPOOL}/{name}")],
            )?;
        }
        Ok(())
    }

    /// Notes that what this transaction deletes must be in no byte of the database.
    pub(super) fn begin_scrub(&mut self) -> Result<(), StoreError> {
        self.wiped = true;
        self.execute("UPDATE scrub SET pending = ?1", [Scrub::Vacuum as i64])?;
        Ok(())
    }
}

impl Store {
    /// Does what is left to do after a scope was lost. What fails is tried again at the next time.
    pub(super) fn clean_up(&mut self) {
        for done in [self.sweep_files(), self.scrub()] {
            if let Err(error) = done {
                tracing::warn!(%error, "what was taken away is not wiped from the disk yet; it is tried again");
            }
        }
    }

    /// Tries again what could not be done at once; cheap when nothing is left to do.
    pub(crate) fn clean_up_what_is_left(&mut self) -> Result<(), StoreError> {
        let left = self.read(|from| {
            let mut statement = from.prepare_cached(
                "SELECT 1 FROM scrub WHERE pending > 0 UNION ALL SELECT 1 FROM file_to_delete",
            )?;
            Ok(statement.exists([])?)
        })?;
        if left {
            self.clean_up();
        }
        Ok(())
    }

    fn sweep_files(&mut self) -> Result<(), StoreError> {
        let queued: Vec<String> = self.read(|from| {
            let mut statement = from.prepare_cached("SELECT path FROM file_to_delete ORDER BY path")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })?;
        for path in queued {
            remove(&self.folder.join(&path))?;
            self.write(|to| -> Result<(), StoreError> {
                to.execute("DELETE FROM file_to_delete WHERE path = ?1", [&path])?;
                Ok(())
            })?;
        }
        let granted = self.read(scopes::all)?;
        for name in spool(&self.folder)? {
            // Whoever writes there may not have heard of the loss yet.
            let is_being_written = name.starts_with('.');
            let is_granted = scope_of(&name).is_some_and(|(scope, grant)| {
                granted.iter().any(|held| held.scope == scope && held.grant == grant)
            });
            if !is_being_written && !is_granted {
                remove(&self.folder.join(SPOOL).join(&name))?;
            }
        }
        Ok(())
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        if self.scrub_pending()? == Scrub::Done {
            return Ok(());
        }
        let readers = self.readers.clone();
        let Some(_paused) = readers.pause() else {
            tracing::info!("somebody is reading: the database is scrubbed later");
            return Ok(());
        };
        self.writer.flush_prepared_statement_cache();
        if self.scrub_pending()? == Scrub::Vacuum {
            salvage::forget_set_aside(&self.folder)?; // its words are the same
            self.writer.execute_batch("VACUUM")?;
            self.set_scrub_pending(Scrub::Checkpoint)?;
        }
        if self.checkpoint()? {
            self.set_scrub_pending(Scrub::Done)?;
        } else {
            tracing::info!("somebody is reading: the log is emptied later");
        }
        Ok(())
    }

    fn scrub_pending(&self) -> Result<Scrub, StoreError> {
        let pending: i64 = self.read(|from| {
            Ok(from.prepare_cached("SELECT pending FROM scrub")?.query_row([], |row| row.get(0))?)
        })?;
        Ok(match pending {
            0 => Scrub::Done,
            2 => Scrub::Checkpoint,
            _ => Scrub::Vacuum,
        })
    }

    fn set_scrub_pending(&self, state: Scrub) -> Result<(), StoreError> {
        self.writer.execute("UPDATE scrub SET pending = ?1", [state as i64])?;
        Ok(())
    }
}

/// The names of what is in the spool.
fn spool(folder: &Path) -> Result<Vec<String>, StoreError> {
    let spool = folder.join(SPOOL);
    let failed = |source| StoreError::File { path: spool.clone(), source };
    let entries = match fs::read_dir(&spool) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StoreError::File { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}
