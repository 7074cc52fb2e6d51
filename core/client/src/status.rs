//! How syncing goes, in a form that a screen shows as it is: a thin bar, a sentence, a button.

use shopbell_l10n::Lang;

/// What syncing is doing, or what a person must do so that it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// Nobody has signed in on this profile.
    NotSignedIn,
    /// Signed in, but syncing was not started or is paused.
    Stopped,
    /// The first answer has not come yet.
    Connecting,
    /// A list is being loaded for the first time.
    Loading,
    /// What is stored is what the server had at the last pull, less than about a minute ago.
    UpToDate,
    /// The server cannot be reached. It is tried again by itself.
    Offline,
    /// The session ended. Everything is kept; the person must sign in again.
    SignInAgain,
    /// The shop removed this device. Everything was deleted.
    Removed,
    /// The server is older than this app.
    ServerTooOld,
    /// This app is older than the server.
    AppTooOld,
    /// The server or the disk fails; it is tried again by itself.
    Trouble {
        /// What failed, for whoever helps.
        reason: String,
    },
}

/// How syncing goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
    /// How many replies are not settled yet.
    pub waiting: u32,
    /// How many replies were refused and stand under "Not sent".
    pub not_sent: u32,
}

impl SyncStatus {
    /// The sentence for a bar above the list; `None` when there is nothing to say.
    pub fn message(&self, lang: Lang) -> Option<String> {
        match &self.state {
            SyncState::Stopped | SyncState::Connecting | SyncState::Loading | SyncState::UpToDate => None,
            SyncState::NotSignedIn => Some(shopbell_l10n::error_not_signed_in(lang)),
            SyncState::Offline => Some(shopbell_l10n::offline_bar(lang, self.waiting)),
            SyncState::SignInAgain => Some(shopbell_l10n::error_sign_in_again(lang)),
            SyncState::Removed => Some(shopbell_l10n::error_removed(lang)),
            SyncState::ServerTooOld => Some(shopbell_l10n::error_too_old(lang)),
            SyncState::AppTooOld => Some(shopbell_l10n::error_too_new(lang)),
            SyncState::Trouble { reason } => Some(shopbell_l10n::sync_trouble(lang, reason.as_str())),
        }
    }
}

/// Hears how syncing goes.
pub trait StatusListener: Send + Sync {
    /// The status is now this one. Called one after the other, never while a lock of the core is held.
    fn on_status(&self, status: SyncStatus);
}
