//! What happened to a profile that its person must be told, kept on disk until they have read it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

/// Something that a person must be told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The shop removed this device or this person: everything here was deleted, what was not sent too.
    Removed {
        /// When, by this device's clock.
        at: Timestamp,
    },
    /// The database was damaged: a new one was begun, with what could be read of what was not sent.
    Salvaged {
        /// When, by this device's clock.
        at: Timestamp,
        /// How many changes, refused replies and drafts were saved.
        saved: u32,
        /// How many were seen that could not be read. Where whole pages are gone, nobody can tell how many stood there.
        lost: u32,
        /// Where the damaged database lies, until the notice is dismissed.
        kept_in: PathBuf,
    },
}

impl Notice {
    /// What happened, what was kept and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Notice::Removed { .. } => shopbell_l10n::error_removed(lang),
            Notice::Salvaged { saved, lost: 0, kept_in, .. } => {
                shopbell_l10n::notice_salvaged(lang, *saved, path(kept_in))
            }
            Notice::Salvaged { saved, lost, kept_in, .. } => {
                shopbell_l10n::notice_salvaged_in_part(lang, path(kept_in), *lost, *saved)
            }
        }
    }
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
