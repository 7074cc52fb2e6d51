//! What an app does differently when something fails.

use shopbell_core::Error;
use shopbell_l10n::Lang;

use crate::records::ShopChoice;

/// Why a call failed. `reason` is for the person: what happened, what was kept, what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CoreError {
    /// Show the sign-in screen.
    #[error("{reason}")]
    NotSignedIn {
        /// For the person.
        reason: String,
    },
    /// Ask for the password again.
    #[error("{reason}")]
    WrongPassword {
        /// For the person.
        reason: String,
    },
    /// The session ended: ask the person to sign in again. Everything is kept.
    #[error("{reason}")]
    SignInAgain {
        /// For the person.
        reason: String,
    },
    /// The address works in several shops: let the person choose, then sign in with that shop.
    #[error("{reason}")]
    ChooseShop {
        /// The shops.
        shops: Vec<ShopChoice>,
        /// For the person.
        reason: String,
    },
    /// No network, or no server there. What was written is kept.
    #[error("{reason}")]
    Unreachable {
        /// The address that was tried.
        address: String,
        /// For the person.
        reason: String,
    },
    /// Nothing was written: keep the composer as it is.
    #[error("{reason}")]
    TextEmpty {
        /// For the person.
        reason: String,
    },
    /// The text is over the limit: keep the composer as it is and show the limit.
    #[error("{reason}")]
    TextTooLong {
        /// The limit, in Unicode scalar values.
        limit_chars: u32,
        /// For the person.
        reason: String,
    },
    /// No such conversation here: leave the screen.
    #[error("{reason}")]
    NotFound {
        /// For the person.
        reason: String,
    },
    /// This device was removed and everything was deleted: show the sign-in screen and say so.
    #[error("{reason}")]
    Removed {
        /// For the person.
        reason: String,
    },
    /// Signing out would delete what is not sent: offer to send it or to export it.
    #[error("{reason}")]
    Unsent {
        /// How many changes, refused replies and drafts.
        count: u32,
        /// For the person.
        reason: String,
    },
    /// The app must be updated, or the server.
    #[error("{reason}")]
    Outdated {
        /// For the person.
        reason: String,
    },
    /// Anything else: show the reason.
    #[error("{reason}")]
    Other {
        /// For the person.
        reason: String,
    },
}

impl CoreError {
    pub(crate) fn from_core(error: &Error, lang: Lang) -> Self {
        let reason = error.message(lang);
        match error {
            Error::NotSignedIn => CoreError::NotSignedIn { reason },
            Error::WrongPassword => CoreError::WrongPassword { reason },
            Error::SignInAgain => CoreError::SignInAgain { reason },
            Error::ChooseShop { shops } => {
                CoreError::ChooseShop { shops: shops.iter().map(ShopChoice::from).collect(), reason }
            }
            Error::Unreachable { address } => CoreError::Unreachable { address: address.clone(), reason },
            Error::TextEmpty => CoreError::TextEmpty { reason },
            Error::TextTooLong { limit } => {
                CoreError::TextTooLong { limit_chars: u32::try_from(*limit).unwrap_or(u32::MAX), reason }
            }
            Error::NotFound { .. } => CoreError::NotFound { reason },
            Error::Removed => CoreError::Removed { reason },
            Error::Unsent { count } => CoreError::Unsent { count: *count, reason },
            Error::AppTooOld | Error::ServerTooOld | Error::NewerSchema { .. } => {
                CoreError::Outdated { reason }
            }
            _ => CoreError::Other { reason },
        }
    }
}

/// What reaches the listener's side when the foreign code failed: reported, and the core goes on.
impl From<uniffi::UnexpectedUniFFICallbackError> for CoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        CoreError::Other { reason: error.reason }
    }
}
