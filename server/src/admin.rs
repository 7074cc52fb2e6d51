//! What those who run the server do from the command line: shops, channels, staff.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use shopbell_domain::channel::ChannelKind;
use shopbell_domain::ids::{ChannelId, DeviceId, InboxId, ShopId, StaffId};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::text::{self, NAME_LIMIT_CHARS};
use shopbell_l10n::{self as l10n, Lang};

use crate::auth::{PASSWORD_MIN_CHARS, PasswordCost, PasswordError, Passwords};
use crate::channel::Channels;
use crate::config::Config;
use crate::env::ServerEnv;
use crate::serve::{self, StartError};
use crate::state::AppState;
use crate::storage::{
    BackupError, CommitListener, Committed, Denied, DeviceRecord, NewChannel, NewShop, NewStaff,
    OperationError, ShopRecord, StaffRecord, Storage, StorageError,
};

/// The longest address that somebody signs in with, in Unicode scalar values (RFC 5321).
const EMAIL_LIMIT_CHARS: usize = 254;
/// Characters of a web chat's public key after `pk_`, five random bits each.
const PUBLIC_KEY_CHARS: usize = 32;
/// Crockford's base 32: no letter that is taken for a digit.
const PUBLIC_KEY_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why something was not set up. Its words say what to do.
#[derive(Debug)]
pub enum AdminError {
    /// The shop is not there.
    UnknownShop,
    /// The person is not of the shop's staff.
    UnknownStaff,
    /// Somebody in this shop has the address already.
    EmailTaken,
    /// This is no address that somebody could sign in with.
    EmailInvalid,
    /// Nothing visible in the name, or too long.
    NameInvalid,
    /// Too short, or longer than a kilobyte.
    PasswordLength,
    /// There is no such permission.
    UnknownPermission {
        /// The word.
        word: String,
    },
    /// This is no web origin.
    OriginInvalid {
        /// What was given.
        origin: String,
    },
    /// No channel of this kind is built in.
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// Too much at once.
    Busy,
    /// The shop has no such device, or it was removed.
    UnknownDevice,
    /// A backup replaces a backup and nothing else.
    BackupTaken {
        /// What stands there.
        file: PathBuf,
    },
    /// A backup cannot be written.
    BackupFile {
        /// Where to.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database could not do it.
    Storage(StorageError),
}

impl AdminError {
    /// What whoever asked for it is told.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            AdminError::UnknownShop => l10n::server_admin_unknown_shop(lang),
            AdminError::UnknownStaff => l10n::server_admin_unknown_staff(lang),
            AdminError::EmailTaken => l10n::server_admin_email_taken(lang),
            AdminError::EmailInvalid => l10n::server_admin_email_invalid(lang),
            AdminError::NameInvalid => l10n::server_admin_name_invalid(lang, NAME_LIMIT_CHARS as i64),
            AdminError::PasswordLength => l10n::server_admin_password_length(lang, PASSWORD_MIN_CHARS as i64),
            AdminError::UnknownPermission { word } => {
                l10n::server_admin_unknown_permission(lang, word.as_str(), permission_words())
            }
            AdminError::OriginInvalid { origin } => l10n::server_admin_origin_invalid(lang, origin.as_str()),
            AdminError::UnknownKind { kind } => l10n::server_admin_unknown_kind(lang, kind.as_str()),
            AdminError::UnknownDevice => l10n::server_admin_unknown_device(lang),
            AdminError::BackupTaken { file } => {
                l10n::server_admin_backup_taken(lang, file.display().to_string())
            }
            AdminError::BackupFile { file, source } => {
                l10n::server_admin_backup_file(lang, file.display().to_string(), source.to_string())
            }
            AdminError::Busy => l10n::server_admin_busy(lang),
            AdminError::Storage(error) => error.words(lang),
        }
    }
}

impl std::fmt::Display for AdminError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl std::error::Error for AdminError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            AdminError::Storage(source) => Some(source),
            _ => None,
        }
    }
}

/// A shop that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedShop {
    /// Its id.
    pub shop: ShopId,
    /// The key of its web chat.
    pub public_key: String,
    /// Its inbox.
    pub inbox: InboxId,
    /// Its web chat.
    pub web_chat: ChannelId,
}

/// A channel that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedChannel {
    /// Its id.
    pub id: ChannelId,
    /// The key that pages embed; a web chat's only.
    pub public_key: Option<String>,
}

/// A person to add to a shop.
#[derive(Clone, Debug)]
pub struct StaffToCreate {
    /// The shop.
    pub shop: ShopId,
    /// Their name.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// Their password.
    pub password: String,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether the shop is theirs. Owners may do everything.
    pub owner: bool,
}

/// Sets up shops and staff.
#[derive(Clone)]
pub struct Admin {
    storage: Arc<dyn Storage>,
    env: Arc<dyn ServerEnv>,
    passwords: Passwords,
    channels: Channels,
}

/// Nobody waits in a process that only sets up; phones of a running server see changes when they pull.
struct Nobody;

impl CommitListener for Nobody {
    fn committed(&self, _committed: &Committed) {}
}

impl Admin {
    /// In the data folder of a server that runs, or does not.
    ///
    /// # Errors
    /// When the folder or the database cannot be used.
    pub fn open(
        data_dir: &Path,
        password_cost: PasswordCost,
        env: Arc<dyn ServerEnv>,
    ) -> Result<Self, StartError> {
        let mut config = Config::new(data_dir, ([127, 0, 0, 1], 0).into());
        config.storage_mode = crate::storage::sqlite::Mode::Inline;
        // Without a server the schema is brought up to date, under the same lock that a server takes.
        let (taken, is_shared) = match serve::take_data_folder(data_dir) {
            Err(StartError::DataFolderInUse { .. }) => (None, true),
            taken => (Some(taken?), false),
        };
        let storage = serve::open_storage(&config, &*env, Arc::new(Nobody), is_shared)?;
        drop(taken);
        let channels = Channels::new(&storage, &[]);
        Ok(Self { storage, env, passwords: Passwords::new(password_cost), channels })
    }

    /// In a running server.
    pub fn of(state: &AppState) -> Self {
        Self {
            storage: state.storage.clone(),
            env: state.env.clone(),
            passwords: state.passwords.clone(),
            channels: state.channels.clone(),
        }
    }

    /// Writes everything to the main file and lets go of it.
    ///
    /// # Errors
    /// When the database could not be closed in order.
    pub async fn close(self) -> Result<(), AdminError> {
        match self.storage.close().await {
            // The running server does it.
            Ok(()) | Err(StorageError::Busy) => Ok(()),
            Err(error) => Err(AdminError::Storage(error)),
        }
    }

    /// Creates a shop with an inbox and a web chat that pages of `origins` may embed.
    ///
    /// # Errors
    /// When the name or an origin is none.
    pub async fn create_shop(&self, name: &str, origins: &[String]) -> Result<CreatedShop, AdminError> {
        let name = self.name(name)?;
        let origins = origins.iter().map(|origin| {
            web_origin(origin).ok_or_else(|| AdminError::OriginInvalid { origin: origin.clone() })
        });
        let origins = origins.collect::<Result<Vec<_>, _>>()?;
        let env = &*self.env;
        let (shop, inbox) = (ShopId::new(env), InboxId::new(env));
        let public_key = public_key(env);
        let new_shop = NewShop {
            id: shop,
            name: name.clone(),
            public_key: public_key.clone(),
            origins,
            inbox,
            now: env.now(),
        };
        self.storage.create_shop(new_shop).await.map_err(shop_error)?;
        let web_chat = ChannelId::new(env);
        let channel = NewChannel {
            shop,
            id: web_chat,
            kind: ChannelKind::new(ChannelKind::WEB_CHAT),
            name,
            inbox,
            public_key: Some(public_key.clone()),
        };
        self.storage.create_channel(channel).await.map_err(shop_error)?;
        Ok(CreatedShop { shop, public_key, inbox, web_chat })
    }

    /// Creates a channel of any registered kind. A web chat gets a key of its own, also the shop's second one.
    ///
    /// # Errors
    /// When there is no such shop, inbox or kind.
    pub async fn create_channel(
        &self,
        shop: ShopId,
        inbox: InboxId,
        kind: &str,
        name: &str,
    ) -> Result<CreatedChannel, AdminError> {
        let kind = ChannelKind::new(kind);
        if self.channels.get(&kind).is_none() {
            return Err(AdminError::UnknownKind { kind: kind.as_str().to_owned() });
        }
        let name = self.name(name)?;
        let id = ChannelId::new(&*self.env);
        let public_key = (kind.as_str() == ChannelKind::WEB_CHAT).then(|| public_key(&*self.env));
        let channel = NewChannel { shop, id, kind, name, inbox, public_key: public_key.clone() };
        self.storage.create_channel(channel).await.map_err(shop_error)?;
        Ok(CreatedChannel { id, public_key })
    }

    /// Adds a person to a shop.
    ///
    /// # Errors
    /// When the shop is unknown, the address is taken there, or the name, address or password will not do.
    pub async fn create_staff(&self, staff: StaffToCreate) -> Result<StaffId, AdminError> {
        let name = self.name(&staff.name)?;
        if !is_email(&staff.email) {
            return Err(AdminError::EmailInvalid);
        }
        let password_hash = self.hash(&staff.password).await?;
        let id = StaffId::new(&*self.env);
        let permissions = if staff.owner { Permissions::of([Permission::Full]) } else { staff.permissions };
        let new_staff = NewStaff {
            shop: staff.shop,
            id,
            name,
            email: staff.email,
            password_hash,
            permissions,
            owner: staff.owner,
        };
        self.storage.create_staff(new_staff).await.map_err(shop_error)?;
        Ok(id)
    }

    /// Sets what a person may do.
    ///
    /// # Errors
    /// When they are not of the shop's staff.
    pub async fn set_permissions(
        &self,
        shop: ShopId,
        staff: StaffId,
        permissions: Permissions,
    ) -> Result<(), AdminError> {
        self.storage.set_permissions(shop, staff, permissions).await.map_err(staff_error)
    }

    /// Sets a password; all sessions of the person end.
    ///
    /// # Errors
    /// When they are not of the shop's staff, or the password will not do.
    pub async fn set_password(&self, shop: ShopId, staff: StaffId, password: &str) -> Result<(), AdminError> {
        let password_hash = self.hash(password).await?;
        self.storage.set_password(shop, staff, password_hash).await.map_err(staff_error)
    }

    /// All shops.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn shops(&self) -> Result<Vec<ShopRecord>, AdminError> {
        self.storage.shops().await.map_err(shop_error)
    }

    /// The staff of a shop.
    ///
    /// # Errors
    /// When the shop is unknown.
    pub async fn staff(&self, shop: ShopId) -> Result<Vec<StaffRecord>, AdminError> {
        self.storage.staff(shop).await.map_err(shop_error)
    }

    /// Removes a person from a shop's staff: each of their devices deletes everything when it is next heard of.
    ///
    /// # Errors
    /// When they are not of the shop's staff.
    pub async fn remove_staff(&self, shop: ShopId, staff: StaffId) -> Result<(), AdminError> {
        self.storage.remove_staff(shop, staff, self.env.now()).await.map_err(staff_error)
    }

    /// The devices of a shop's staff.
    ///
    /// # Errors
    /// When the shop is unknown.
    pub async fn devices(&self, shop: ShopId) -> Result<Vec<DeviceRecord>, AdminError> {
        self.storage.devices(shop).await.map_err(shop_error)
    }

    /// Removes a device: it deletes everything when it is next heard of.
    ///
    /// # Errors
    /// When the shop has no such device.
    pub async fn remove_device(&self, shop: ShopId, device: DeviceId) -> Result<(), AdminError> {
        self.storage.remove_device(shop, device, self.env.now()).await.map_err(|error| match error {
            OperationError::Denied(_) => AdminError::UnknownDevice,
            error => shop_error(error),
        })
    }

    /// Writes a backup: everything that is stored at this moment, while the server goes on. A backup that stands there
    /// is replaced once the new one is whole.
    ///
    /// # Errors
    /// When something else stands there, or the disk will not take it. Nothing is left of it then.
    pub async fn backup(&self, to: &Path) -> Result<(), AdminError> {
        self.storage.backup(to.to_owned()).await.map_err(|error| match error {
            BackupError::Taken { file } => AdminError::BackupTaken { file },
            BackupError::File { file, source } => AdminError::BackupFile { file, source },
            BackupError::Storage(StorageError::Busy) => AdminError::Busy,
            BackupError::Storage(error) => AdminError::Storage(error),
        })
    }

    fn name(&self, written: &str) -> Result<String, AdminError> {
        let is_too_long = written.trim().chars().count() > NAME_LIMIT_CHARS;
        text::name(written).filter(|_| !is_too_long).ok_or(AdminError::NameInvalid)
    }

    async fn hash(&self, password: &str) -> Result<String, AdminError> {
        self.passwords.hash(password, &*self.env).await.map_err(|error| match error {
            PasswordError::Length => AdminError::PasswordLength,
            PasswordError::Busy | PasswordError::Failed => AdminError::Busy,
        })
    }
}

/// The permissions that these words stand for.
///
/// # Errors
/// Which word stands for none.
pub fn permissions<W: AsRef<str>>(words: &[W]) -> Result<Permissions, AdminError> {
    let permission = |word: &W| {
        let word = word.as_ref();
        Permission::from_word(word).ok_or_else(|| AdminError::UnknownPermission { word: word.to_owned() })
    };
    words.iter().map(permission).collect::<Result<Vec<_>, _>>().map(Permissions::of)
}

fn permission_words() -> String {
    Permission::ALL.map(Permission::as_str).join(", ")
}

/// The web origin of an address, as browsers write it: scheme, host and a port that is not the usual one.
pub(crate) fn web_origin(address: &str) -> Option<String> {
    let address: axum::http::Uri = address.trim().trim_end_matches('/').parse().ok()?;
    let scheme = address.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let authority = address.authority()?;
    let is_bare = address.path_and_query().is_none_or(|path| path == "/");
    if !is_bare || authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    Some(match authority.port_u16() {
        Some(port) if (scheme, port) != ("http", 80) && (scheme, port) != ("https", 443) => {
            format!("{scheme}://{host}:{port}")
        }
        _ => format!("{scheme}://{host}"),
    })
}

fn public_key(env: &dyn ServerEnv) -> String {
    let mut random = [0; PUBLIC_KEY_CHARS];
    env.fill_random(&mut random);
    let symbols = random.map(|byte| char::from(PUBLIC_KEY_ALPHABET[usize::from(byte % 32)]));
    format!("pk_{}", symbols.iter().collect::<String>())
}

fn is_email(written: &str) -> bool {
    let written = written.trim();
    let is_clean = !written.chars().any(|c| c.is_whitespace() || c.is_control());
    let has_parts = written.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    is_clean && has_parts && written.chars().count() <= EMAIL_LIMIT_CHARS
}

fn shop_error(error: OperationError) -> AdminError {
    match error {
        OperationError::Denied(Denied::EmailTaken) => AdminError::EmailTaken,
        OperationError::Denied(_) => AdminError::UnknownShop,
        OperationError::Storage(StorageError::Busy) => AdminError::Busy,
        OperationError::Storage(error) => AdminError::Storage(error),
    }
}

fn staff_error(error: OperationError) -> AdminError {
    match error {
        OperationError::Denied(_) => AdminError::UnknownStaff,
        error => shop_error(error),
    }
}
