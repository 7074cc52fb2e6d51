//! Whose inboxes are on this device: several people and shops, signing out, and what a person must be told about it.

use std::path::PathBuf;
use std::sync::Arc;

use shopbell_core::{AppOptions, ShopId, SystemEnv};
use shopbell_l10n::Lang;

use crate::app::{OpenOptions, ShopbellApp};
use crate::error::CoreError;
use crate::guard::{guard, guard_async};
use crate::records::{Account, OutboxRow, not_found};

/// What signing out does about what is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SignOut {
    /// Signs out only when there is nothing such.
    IfNothingUnsent,
    /// Sends first, then signs out when nothing is left.
    SendFirst,
    /// Deletes it.
    DeleteUnsent,
}

/// What signing out would delete for good.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Unsent {
    /// What was refused, then what waits, each oldest first.
    pub changes: Vec<OutboxRow>,
    /// What was begun and is in no other place.
    pub drafts: Vec<DraftRow>,
}

/// A text that somebody began to write.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DraftRow {
    /// The conversation's id.
    pub conversation: String,
    /// The customer's name; empty when they are not held any more.
    pub customer: String,
    /// The text.
    pub text: String,
}

/// Something that the person must be told, once.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Notice {
    /// The shop removed this device; everything was deleted.
    Removed {
        /// For the person.
        reason: String,
    },
    /// The database was damaged and was begun anew.
    Salvaged {
        /// How many changes, refused replies and drafts were saved.
        saved: u32,
        /// How many were seen that could not be read.
        lost: u32,
        /// Where the damaged database lies until this is dismissed.
        kept_in: String,
        /// For the person.
        reason: String,
    },
}

/// A profile in a list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ProfileRow {
    /// What it is opened by.
    pub id: String,
    /// Whose it is; none where the shop removed this device and the person was not told yet.
    pub account: Option<Account>,
    /// Whether the session goes on.
    pub signed_in: bool,
}

#[uniffi::export]
impl ShopbellApp {
    /// What signing out would delete for good.
    pub fn unsent(&self) -> Result<Unsent, CoreError> {
        guard(self.lang, || {
            let unsent = self.app.unsent()?;
            Ok(Unsent {
                changes: unsent.changes.into_iter().map(OutboxRow::from).collect(),
                drafts: unsent.drafts.into_iter().map(DraftRow::from).collect(),
            })
        })
    }

    /// The same as a text to keep elsewhere.
    pub fn export_unsent(&self) -> Result<String, CoreError> {
        guard(self.lang, || self.app.export_unsent())
    }

    /// What happened here that the person was not told yet, oldest first.
    pub fn notices(&self) -> Result<Vec<Notice>, CoreError> {
        guard(self.lang, || {
            let notices = self.app.notices()?;
            Ok(notices.into_iter().map(|notice| told(notice, self.lang)).collect())
        })
    }

    /// The person has read them.
    pub fn dismiss_notices(&self) -> Result<(), CoreError> {
        guard(self.lang, || self.app.dismiss_notices())
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl ShopbellApp {
    /// Signs out and deletes everything here; `CoreError::Unsent` when that would lose something.
    pub async fn sign_out(&self, how: SignOut) -> Result<(), CoreError> {
        let app = self.app.clone();
        guard_async(self.lang, async move { app.sign_out(how.into()).await }).await
    }
}

/// The profiles of several people and shops, each in a folder of its own within one.
#[derive(uniffi::Object)]
pub struct Profiles {
    profiles: shopbell_core::Profiles,
    lang: Lang,
}

#[uniffi::export]
impl Profiles {
    /// Those in `options.folder`. It must be outside device backups, and is no cache.
    #[uniffi::constructor]
    pub fn open(options: OpenOptions) -> Result<Arc<Self>, CoreError> {
        let lang = Lang::from_tag(&options.language);
        guard(lang, || {
            let profiles = shopbell_core::Profiles::new(core_options(options))?;
            Ok(Arc::new(Self { profiles, lang }))
        })
    }

    /// All of them, by shop and person.
    pub fn list(&self) -> Result<Vec<ProfileRow>, CoreError> {
        guard(self.lang, || Ok(self.profiles.list()?.into_iter().map(ProfileRow::from).collect()))
    }

    /// Opens one that is not open.
    pub fn open_profile(&self, id: String) -> Result<Arc<ShopbellApp>, CoreError> {
        guard(self.lang, || Ok(Arc::new(ShopbellApp { app: self.profiles.open(&id)?, lang: self.lang })))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Profiles {
    /// Signs in and opens the profile of whoever that is. `shop` only after `CoreError::ChooseShop`.
    pub async fn sign_in(
        &self,
        server: String,
        email: String,
        password: String,
        shop: Option<String>,
    ) -> Result<Arc<ShopbellApp>, CoreError> {
        let (profiles, lang) = (self.profiles.clone(), self.lang);
        guard_async(self.lang, async move {
            let shop = shop.map(|id| id.parse::<ShopId>().map_err(|_| not_found(&id))).transpose()?;
            let app = profiles.sign_in(&server, &email, &password, shop).await?;
            Ok(Arc::new(ShopbellApp { app, lang }))
        })
        .await
    }

    /// Signs out of one that is not open, and deletes it.
    pub async fn remove(&self, id: String, how: SignOut) -> Result<(), CoreError> {
        let profiles = self.profiles.clone();
        guard_async(self.lang, async move { profiles.remove(&id, how.into()).await }).await
    }
}

/// How the core is opened for an app.
pub(crate) fn core_options(options: OpenOptions) -> AppOptions {
    AppOptions {
        lang: Lang::from_tag(&options.language),
        folder: PathBuf::from(options.folder),
        device_name: options.device_name,
        platform: options.platform,
        offline: options.offline,
        env: Arc::new(SystemEnv),
    }
}

fn told(notice: shopbell_core::Notice, lang: Lang) -> Notice {
    let reason = notice.message(lang);
    match notice {
        shopbell_core::Notice::Removed { .. } => Notice::Removed { reason },
        shopbell_core::Notice::Salvaged { saved, lost, kept_in, .. } => {
            Notice::Salvaged { saved, lost, kept_in: kept_in.display().to_string(), reason }
        }
    }
}

impl From<SignOut> for shopbell_core::SignOut {
    fn from(how: SignOut) -> Self {
        match how {
            SignOut::IfNothingUnsent => shopbell_core::SignOut::IfNothingUnsent,
            SignOut::SendFirst => shopbell_core::SignOut::SendFirst,
            SignOut::DeleteUnsent => shopbell_core::SignOut::DeleteUnsent,
        }
    }
}

impl From<shopbell_core::DraftRow> for DraftRow {
    fn from(row: shopbell_core::DraftRow) -> Self {
        Self { conversation: row.conversation.to_string(), customer: row.customer, text: row.text }
    }
}

impl From<shopbell_core::ProfileRow> for ProfileRow {
    fn from(row: shopbell_core::ProfileRow) -> Self {
        Self { id: row.id, account: row.account.map(Account::from), signed_in: row.signed_in }
    }
}
