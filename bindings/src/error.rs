//! What an app does differently when something fails.

use shopbell_core::Error;
use shopbell_l10n::Lang;

use crate::records::ShopChoice;

/// Why a call failed. `message` is for the person: what happened, what was kept, what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CoreError {
    /// Show the sign-in screen.
    #[error("{message}")]
    NotSignedIn {
        /// For the person.
        message: String,
    },
    /// Ask for the password again.
    #[error("{message}")]
    WrongPassword {
        /// For the person.
        message: String,
    },
    /// The session ended: ask the person to sign in again. Everything is kept.
    #[error("{message}")]
    SignInAgain {
        /// For the person.
        message: String,
    },
    /// The address works in several shops: let the person choose, then sign in with that shop.
    #[error("{message}")]
    ChooseShop {
        /// The shops.
        shops: Vec<ShopChoice>,
        /// For the person.
        message: String,
    },
    /// No network, or no server there. What was written is kept.
    #[error("{message}")]
    Unreachable {
        /// The address that was tried.
        address: String,
        /// For the person.
        message: String,
    },
    /// Nothing was written: keep the composer as it is.
    #[error("{message}")]
    TextEmpty {
        /// For the person.
        message: String,
    },
    /// The text is over the limit: keep the composer as it is and show the limit.
    #[error("{message}")]
    TextTooLong {
        /// The limit, in Unicode scalar values.
        limit_chars: u32,
        /// For the person.
        message: String,
    },
    /// No such conversation here: leave the screen.
    #[error("{message}")]
    NotFound {
        /// For the person.
        message: String,
    },
    /// This device was removed and everything was deleted: show the sign-in screen and say so.
    #[error("{message}")]
    Removed {
        /// For the person.
        message: String,
    },
    /// The app must be updated, or the server.
    #[error("{message}")]
    Outdated {
        /// For the person.
        message: String,
    },
    /// Anything else: show the message.
    #[error("{message}")]
    Other {
        /// For the person.
        message: String,
    },
}

impl CoreError {
    pub(crate) fn from_core(error: &Error, lang: Lang) -> Self {
        let message = error.message(lang);
        match error {
            Error::NotSignedIn => CoreError::NotSignedIn { message },
            Error::WrongPassword => CoreError::WrongPassword { message },
            Error::SignInAgain => CoreError::SignInAgain { message },
            Error::ChooseShop { shops } => {
                CoreError::ChooseShop { shops: shops.iter().map(ShopChoice::from).collect(), message }
            }
            Error::Unreachable { address } => CoreError::Unreachable { address: address.clone(), message },
            Error::TextEmpty => CoreError::TextEmpty { message },
            Error::TextTooLong { limit } => {
                CoreError::TextTooLong { limit_chars: u32::try_from(*limit).unwrap_or(u32::MAX), message }
            }
            Error::NotFound { .. } => CoreError::NotFound { message },
            Error::Removed => CoreError::Removed { message },
            Error::AppTooOld | Error::ServerTooOld | Error::NewerSchema { .. } => {
                CoreError::Outdated { message }
            }
            _ => CoreError::Other { message },
        }
    }
}

/// What reaches the listener's side when the foreign code failed: reported, and the core goes on.
impl From<uniffi::UnexpectedUniFFICallbackError> for CoreError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        CoreError::Other { message: error.reason }
    }
}
