//! Signing out: everything here is deleted, but not before the person was asked about what is not sent; and what a person
//! must be told about this profile.

use super::core::Shared;
use super::{App, ask};
use crate::env::wait_ms;
use crate::error::{Error, StoreError};
use crate::notice::Notice;
use crate::store::Profile;
use crate::sync::{Event, Token};
use crate::unsent::Unsent;

/// How long signing out waits for the server to hear of it, in milliseconds. It holds without that.
const TELL_LIMIT_MS: u64 = 3_000;

/// What signing out does about what is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOut {
    /// Signs out only when there is nothing such.
    IfNothingUnsent,
    /// Sends first, then signs out when nothing is left.
    SendFirst,
    /// Deletes it.
    DeleteUnsent,
}

impl App {
    /// What signing out would delete for good: what waits, what was refused, and drafts that are nowhere else.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn unsent(&self) -> Result<Unsent, Error> {
        Ok(self.handle.readers.read(|from| Unsent::read(from, self.lang()))?)
    }

    /// The same as a text to keep elsewhere.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Storage`].
    pub fn export_unsent(&self) -> Result<String, Error> {
        let account = self.read_account()?.ok_or(Error::NotSignedIn)?;
        Ok(self.unsent()?.export(&account, self.lang()))
    }

    /// Signs out: the database, its log, drafts, tokens and the device's id are deleted from the disk, the server is told
    /// if it can be reached, and the profile is as new. Whoever signs in next begins another database, which is another
    /// device to the server.
    ///
    /// # Errors
    /// [`Error::Unsent`] says how many would be lost; what sending says, for [`SignOut::SendFirst`];
    /// [`Error::NotSignedIn`], [`Error::DiskFull`], [`Error::DiskReadOnly`], [`Error::Storage`]. Nothing was deleted
    /// then.
    pub async fn sign_out(&self, how: SignOut) -> Result<(), Error> {
        let account = self.read_account()?.ok_or(Error::NotSignedIn)?;
        if how == SignOut::SendFirst
            && let Err(error) = ask::sync(self).await
            && self.unsent()?.count() > 0
        {
            return Err(error);
        }
        let token = self.shared().erase(how == SignOut::DeleteUnsent)?;
        if let (Some(token), Some(runner)) = (token, &self.handle.runner) {
            let http = runner.http();
            let told = async move {
                tokio::select! {
                    told = http.sign_out(&account.server, &token) => {
                        if let Err(error) = told {
                            tracing::info!(?error, "the server was not told of the signing out");
                        }
                    }
                    () = wait_ms(TELL_LIMIT_MS) => {}
                }
                Ok(())
            };
            ask::on_runtime(self, runner, told).await?;
        }
        Ok(())
    }

    /// What happened to this profile that the person was not told yet, oldest first. It stays until it is dismissed.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn notices(&self) -> Result<Vec<Notice>, Error> {
        self.shared().with_store(|store| store.notices())
    }

    /// The person has read them. A damaged database that was set aside is deleted.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn dismiss_notices(&self) -> Result<(), Error> {
        self.shared().with_store(|store| store.dismiss_notices())
    }
}

impl Shared {
    /// Deletes everything, in one go with the question whether there is something unsent. Answers the token that there
    /// was.
    fn erase(&self, with_unsent: bool) -> Result<Option<Token>, Error> {
        let mut core = self.lock();
        let core = &mut *core;
        let store = core.store.as_mut().ok_or(StoreError::Closed)?;
        let count = store.read(|from| Unsent::read(from, self.lang))?.count();
        if count > 0 && !with_unsent {
            return Err(Error::Unsent { count });
        }
        if store.read(Profile::read)?.is_none() {
            return Err(Error::NotSignedIn);
        }
        store.erase(&[])?;
        let token = core.engine.signed_out();
        self.dispatch_in(core, Event::GaveUp);
        Ok(token)
    }
}
