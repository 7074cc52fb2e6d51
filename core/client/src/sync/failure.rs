//! Why a try failed, as far as anybody would do something different about it. Codes here; the words are made where they
//! are shown.

use shopbell_domain::sync::{Problem, ProblemKind};
use shopbell_l10n::Lang;

use super::request::RequestError;
use crate::error::{Disk, StoreError};

/// Why a try failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answered.
    Unreachable,
    /// The server is older than this app.
    ServerTooOld,
    /// This app is older than the server.
    AppTooOld,
    /// The server asks to come back later.
    Busy,
    /// Somebody answered, but not as a Shopbell server does.
    Unreadable,
    /// The server said no, for a reason that only whoever runs it can mend.
    Refused(ProblemKind),
    /// Something in between, such as a proxy, said no.
    Between {
        /// What it said.
        said: String,
    },
    /// The server refuses the tokens that it has just given.
    OwnTokens,
    /// The server took changes in and gave no result for them.
    NoResult,
    /// The disk here is full.
    DiskFull,
    /// The disk here cannot be written.
    DiskReadOnly,
    /// The disk or the database here fails.
    Storage {
        /// What it said.
        said: String,
    },
}

impl Failure {
    /// What it means that a request failed like this.
    pub fn of(error: &RequestError) -> Failure {
        match error {
            RequestError::Unreachable => Failure::Unreachable,
            RequestError::Garbled => Failure::Unreadable,
            RequestError::Problem(problem) => Failure::of_problem(problem),
        }
    }

    /// What happened, in one sentence for a person.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Failure::Unreachable => shopbell_l10n::trouble_unreachable(lang),
            Failure::ServerTooOld => shopbell_l10n::error_too_old(lang),
            Failure::AppTooOld => shopbell_l10n::error_too_new(lang),
            Failure::Busy => shopbell_l10n::trouble_busy(lang),
            Failure::Unreadable => shopbell_l10n::trouble_unreadable(lang),
            Failure::Refused(kind) => shopbell_l10n::trouble_server(lang, kind.title(lang)),
            Failure::Between { said } => shopbell_l10n::trouble_server(lang, said.as_str()),
            Failure::OwnTokens => shopbell_l10n::trouble_own_tokens(lang),
            Failure::NoResult => shopbell_l10n::trouble_no_result(lang),
            Failure::DiskFull => shopbell_l10n::error_disk_full(lang),
            Failure::DiskReadOnly => shopbell_l10n::error_disk_read_only(lang),
            Failure::Storage { said } => shopbell_l10n::trouble_storage(lang, said.as_str()),
        }
    }

    fn of_problem(problem: &Problem) -> Failure {
        match problem.kind() {
            Some(ProblemKind::ProtocolTooNew) => Failure::ServerTooOld,
            Some(ProblemKind::SlowDown | ProblemKind::Busy) => Failure::Busy,
            Some(kind) => Failure::Refused(kind),
            None if problem.is_ours() => Failure::AppTooOld,
            None => Failure::Between { said: format!("{} {}", problem.status, problem.title) },
        }
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        match error.disk() {
            Disk::Full => Failure::DiskFull,
            Disk::ReadOnly => Failure::DiskReadOnly,
            Disk::Damaged | Disk::Failing => Failure::Storage { said: error.to_string() },
        }
    }
}
