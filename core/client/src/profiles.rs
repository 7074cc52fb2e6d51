//! Several shops and several people on one phone: a folder a (server, shop, person), each a profile of its own.
//!
//! A profile is never handed to somebody else. Who signs in is known only once the server has said so: until then
//! everything lies in a folder of its own, which is moved to its place, or given up when that person is here already.
//!
//! The root holds words of customers and tokens of sessions, and what was not sent is nowhere else. So it must neither be
//! copied by the device's backups nor be thought a cache: on iOS the shell sets `isExcludedFromBackup` on it, on Android
//! it lies in `noBackupFilesDir`.

use std::fs;
use std::path::{Path, PathBuf};

use shopbell_domain::ids::{ShopId, hashed_uuid};
use uuid::Uuid;

use crate::account::Account;
use crate::app::{App, AppOptions, SignOut};
use crate::env::random_below;
use crate::error::{Error, StoreError};
use crate::secrets::{FileSecrets, SecretStore};
use crate::store;
use crate::store::files::sync_folder;

/// How the folder of somebody begins who is not known yet.
const SIGNING_IN: &str = "signing-in-";

/// The profiles of one phone.
#[derive(Clone)]
pub struct Profiles {
    options: AppOptions,
}

/// A profile, as a list of accounts shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// What it is opened by. It never changes and says nothing about the person.
    pub id: String,
    /// Whose it is; `None` where the shop removed this device and the person was not told yet: open it, it says so.
    pub account: Option<Account>,
    /// Whether the session goes on; else the person has to sign in again.
    pub signed_in: bool,
}

impl Profiles {
    /// The profiles in the folder `options.folder`, which is made when it is not there. What was left by somebody whose
    /// signing in was broken off is deleted.
    ///
    /// # Errors
    /// [`Error::DiskReadOnly`], [`Error::Storage`].
    pub fn new(options: AppOptions) -> Result<Profiles, Error> {
        store::make_private(&options.folder).map_err(failed(&options.folder))?;
        let profiles = Profiles { options };
        for name in profiles.folders()? {
            if name.starts_with(SIGNING_IN) {
                match store::discard(&profiles.path(&name)) {
                    Ok(()) | Err(StoreError::InUse) => {} // somebody is signing in just now
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(profiles)
    }

    /// All of them, by shop and person. No database is opened.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn list(&self) -> Result<Vec<ProfileRow>, Error> {
        let mut rows = Vec::new();
        for id in self.folders()?.into_iter().filter(|name| Uuid::parse_str(name).is_ok()) {
            let folder = self.path(&id);
            let secrets = FileSecrets::new(&folder).load().map_err(failed(&folder))?;
            let signed_in = secrets.as_ref().is_some_and(|secrets| secrets.tokens.is_some());
            let account = secrets.and_then(|secrets| secrets.account);
            if account.is_some() || store::has_notices(&folder) {
                rows.push(ProfileRow { id, account, signed_in });
            }
        }
        rows.sort_by_cached_key(|row| {
            let names =
                row.account.as_ref().map(|account| (account.shop.name.clone(), account.staff.name.clone()));
            (names.is_none(), names, row.id.clone())
        });
        Ok(rows)
    }

    /// Opens one. [`App::start`] begins syncing.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InUse`] when it is open already, else as [`App::open`].
    pub fn open(&self, id: &str) -> Result<App, Error> {
        if Uuid::parse_str(id).is_err() || !self.path(id).is_dir() {
            return Err(Error::NotFound { id: id.to_owned() });
        }
        App::open(AppOptions { folder: self.path(id), ..self.options.clone() })
    }

    /// Signs in and opens the profile of whoever that is: theirs, if they are here already, else a new one.
    ///
    /// # Errors
    /// [`Error::InUse`] when their profile is open: sign in there. Else as [`App::sign_in`]; nobody's profile was changed
    /// then.
    pub async fn sign_in(
        &self,
        server: &str,
        email: &str,
        password: &str,
        shop: Option<ShopId>,
    ) -> Result<App, Error> {
        let number = random_below(self.options.env.as_ref(), u64::MAX);
        let staging = self.path(&format!("{SIGNING_IN}{number:016x}"));
        let outcome = self.sign_in_at(&staging, server, email, password, shop).await;
        if staging.exists() {
            store::discard(&staging)?;
        }
        outcome
    }

    /// Signs out of one and deletes it.
    ///
    /// # Errors
    /// [`Error::InUse`] when it is open: sign out there. Else as [`App::sign_out`], but that nobody is signed in is none;
    /// nothing was deleted then.
    pub async fn remove(&self, id: &str, how: SignOut) -> Result<(), Error> {
        let app = self.open(id)?;
        match app.sign_out(how).await {
            Ok(()) => {}
            Err(Error::NotSignedIn) => {
                // Whose it was may be lost while what they wrote is not.
                let count = app.unsent()?.count();
                if count > 0 && how != SignOut::DeleteUnsent {
                    return Err(Error::Unsent { count });
                }
            }
            Err(error) => return Err(error),
        }
        drop(app);
        Ok(store::discard(&self.path(id))?)
    }

    async fn sign_in_at(
        &self,
        staging: &Path,
        server: &str,
        email: &str,
        password: &str,
        shop: Option<ShopId>,
    ) -> Result<App, Error> {
        let app = App::open(AppOptions { folder: staging.to_owned(), ..self.options.clone() })?;
        let account = app.sign_in(server, email, password, shop).await?;
        app.stop();
        let id = id_of(&account);
        let place = self.path(&id);
        let theirs = self.held(&id);
        if !matches!(theirs, Ok(None)) {
            // The session of another device id: ended, or the server would go on listing it.
            app.sign_out(SignOut::DeleteUnsent).await?;
        }
        if let Some(theirs) = theirs? {
            theirs.sign_in(server, email, password, Some(account.shop.id)).await?;
            return Ok(theirs);
        }
        drop(app);
        if place.exists() {
            store::discard(&place)?;
        }
        fs::rename(staging, &place).map_err(failed(staging))?;
        sync_folder(&self.options.folder).map_err(failed(&self.options.folder))?;
        self.open(&id)
    }

    /// A profile that is somebody's, opened; `None` where nothing would be lost with the folder. The database is asked,
    /// not the secrets: they can be damaged while everything that was not sent is still there.
    fn held(&self, id: &str) -> Result<Option<App>, Error> {
        if !self.path(id).is_dir() {
            return Ok(None);
        }
        let app = self.open(id)?;
        let is_held =
            app.read_account()?.is_some() || app.unsent()?.count() > 0 || !app.notices()?.is_empty();
        Ok(is_held.then_some(app))
    }

    /// The names of the folders in the root.
    fn folders(&self) -> Result<Vec<String>, Error> {
        let read = || {
            let mut names = Vec::new();
            for entry in fs::read_dir(&self.options.folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    names.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
            Ok(names)
        };
        Ok(read().map_err(failed(&self.options.folder))?)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.options.folder.join(name)
    }
}

impl std::fmt::Debug for Profiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profiles").field("folder", &self.options.folder).finish_non_exhaustive()
    }
}

/// A name that only this person of this shop on this server has, and that tells nobody who they are.
fn id_of(account: &Account) -> String {
    let server = account.server.as_bytes();
    hashed_uuid(&[b"profile", server, account.shop.id.as_bytes(), account.staff.id.as_bytes()]).to_string()
}

fn failed(folder: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let path = folder.to_owned();
    move |source| StoreError::File { path: path.clone(), source }
}
