//! Problem documents (RFC 9457): how the server says no.

use serde::{Deserialize, Serialize};
use shopbell_l10n::{self as l10n, Lang};

use crate::ids::{EpochId, ShopId};

/// The content type of a problem document.
pub const PROBLEM_CONTENT_TYPE: &str = "application/problem+json";
const TYPE_PREFIX: &str = "https://shopbell.dev/problems/";

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $status:literal, $title:path;)+) => {
        /// What kind of no it is; the last part of the document's `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemKind { $($(#[$doc])* $variant,)+ }

        impl ProblemKind {
            /// Every kind, in the order of docs/protocol.md.
            pub const ALL: &'static [ProblemKind] = &[$(ProblemKind::$variant),+];

            /// The last part of its `type`.
            pub fn as_str(self) -> &'static str {
                match self { $(ProblemKind::$variant => $word,)+ }
            }

            /// The HTTP status that carries it.
            pub fn status(self) -> u16 {
                match self { $(ProblemKind::$variant => $status,)+ }
            }

            /// A short summary.
            pub fn title(self, lang: Lang) -> String {
                match self { $(ProblemKind::$variant => $title(lang),)+ }
            }
        }
    };
}

problems! {
    /// No token, a forged or ended one, or the password changed.
    SignInAgain = "sign-in-again", 401, l10n::problem_sign_in_again;
    /// An unknown address or a wrong password.
    WrongPassword = "wrong-password", 401, l10n::problem_wrong_password;
    /// Web chat: the session's token is unknown.
    SessionExpired = "session-expired", 401, l10n::problem_session_expired;
    /// A scope or operation that this person may not use.
    NoPermission = "no-permission", 403, l10n::problem_no_permission;
    /// Web chat: the page is not one of the shop's.
    OriginNotAllowed = "origin-not-allowed", 403, l10n::problem_origin_not_allowed;
    /// Unknown, or another shop's.
    NotFound = "not-found", 404, l10n::problem_not_found;
    /// Web chat: no shop has this public key.
    UnknownShopKey = "unknown-shop-key", 404, l10n::problem_unknown_shop_key;
    /// The path does not take this method.
    MethodNotAllowed = "method-not-allowed", 405, l10n::problem_method_not_allowed;
    /// The request names another epoch; `epoch` is the present one.
    EpochChanged = "epoch-changed", 409, l10n::problem_epoch_changed;
    /// The address works in several shops; `shops` names them.
    ChooseShop = "choose-shop", 409, l10n::problem_choose_shop;
    /// The device or person was removed: everything is deleted.
    DeviceRemoved = "device-removed", 410, l10n::problem_device_removed;
    /// The body is over the limit.
    TooLarge = "too-large", 413, l10n::problem_too_large;
    /// Not JSON, a wrong type, a missing field.
    Malformed = "malformed", 422, l10n::problem_malformed;
    /// Web chat: an empty text, or one over the limit.
    TextInvalid = "text-invalid", 422, l10n::problem_text_invalid;
    /// The phone speaks a newer protocol.
    ProtocolTooNew = "protocol-too-new", 426, l10n::problem_protocol_too_new;
    /// Too many requests.
    SlowDown = "slow-down", 429, l10n::problem_slow_down;
    /// A bug or a full disk; nothing was accepted.
    Internal = "internal", 500, l10n::problem_internal;
    /// Too busy, or stopping.
    Busy = "busy", 503, l10n::problem_busy;
}

impl ProblemKind {
    /// The kind that a document's `type` stands for.
    pub fn from_type(uri: &str) -> Option<ProblemKind> {
        let word = uri.strip_prefix(TYPE_PREFIX)?;
        ProblemKind::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// A problem document. Members that do not belong to its kind are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind as a URI.
    #[serde(rename = "type")]
    pub kind_uri: String,
    /// A short summary of the kind, in the language that was accepted.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, in English, without customers' words or secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// `epoch-changed`: the present epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<EpochId>,
    /// `epoch-changed`: what is left of each earlier history of this shop's, oldest first. An epoch that is not among
    /// them is one that this server never had: nothing of it is left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub survives: Vec<Survives>,
    /// `choose-shop`: the shops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shops: Vec<ShopChoice>,
    /// `too-large`: the limit in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<usize>,
    /// `text-invalid`: the limit in Unicode scalar values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_chars: Option<usize>,
    /// `protocol-too-new`: the newest protocol that this server speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supported: Option<u32>,
    /// `slow-down` and `busy`: when to try again, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// How much of an earlier history a restore has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survives {
    /// The epoch.
    pub epoch: EpochId,
    /// The highest `seq` of it that is still so.
    pub seq: i64,
}

/// A shop to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopChoice {
    /// Its id.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
}

impl Problem {
    /// A document of this kind.
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind_uri: format!("{TYPE_PREFIX}{}", kind.as_str()),
            title: kind.title(Lang::En),
            status: kind.status(),
            ..Self::default()
        }
    }

    /// Its kind, unless it is of a newer server or of somebody else in between.
    pub fn kind(&self) -> Option<ProblemKind> {
        ProblemKind::from_type(&self.kind_uri)
    }

    /// Whether it is of this protocol: then a kind that is not known is one of a newer server.
    pub fn is_ours(&self) -> bool {
        self.kind_uri.starts_with(TYPE_PREFIX)
    }

    /// With what happened this time.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

#[cfg(test)]
#[path = "problem_tests.rs"]
mod tests;
