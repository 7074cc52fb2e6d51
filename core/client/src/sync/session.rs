//! Staying signed in: new tokens are on disk before they are used, one refresh is in flight at a time, and a session
//! that has ended keeps everything and asks the person to sign in again.

use shopbell_domain::sync::{Refresh, Refreshed, SignedIn};
use shopbell_domain::time::Timestamp;

use super::engine::Engine;
use super::lane::Lane;
use super::request::{Call, RequestError, Token};
use crate::account::{Account, AccountShop, StaffName};
use crate::notice::Notice;
use crate::secrets::Tokens;
use crate::store::{Profile, Store, StoreError};

impl Engine {
    pub(super) fn send_refresh(&mut self) {
        if let Some(tokens) = &self.tokens {
            let refresh_token = tokens.refresh.clone();
            self.send(Call::Refresh(Refresh { refresh_token }), None);
        }
    }

    pub(super) fn refreshed(
        &mut self,
        store: &mut Store,
        answer: Refreshed,
        _now: Timestamp,
    ) -> Result<Option<RequestError>, StoreError> {
        self.keep_tokens(store, Some(Tokens { access: answer.access_token, refresh: answer.refresh_token }))?;
        // Another epoch is not taken from here: the next request is answered with it, and says so.
        Ok(None)
    }

    pub(super) fn signed_in(&mut self, store: &mut Store, server: &str, answer: SignedIn, now: Timestamp) {
        let session = answer.session;
        let outcome = store.write(|to| {
            let Some(profile) = Profile::read(to)? else {
                return Err(StoreError::Unreadable { what: "profile" });
            };
            let account = Account {
                server: server.to_owned(),
                shop: AccountShop { id: answer.shop.id, name: answer.shop.name },
                staff: StaffName { id: answer.staff.id, name: answer.staff.name },
                device: profile.device,
            };
            // One database a person (docs/sync.md 17): whoever asked finds the other one's name there.
            if profile.account.as_ref().is_some_and(|before| !before.is_of(&account)) {
                return Ok(false);
            }
            to.set_account(&account)?;
            // Another one is not taken from here: the next request is answered with what is left of the present one.
            if profile.epoch.is_none() {
                to.begin_epoch(session.epoch)?;
            }
            Ok(true)
        });
        if self.note(Lane::Pull, outcome, now) != Some(true) {
            return;
        }
        let tokens = Tokens { access: session.access_token, refresh: session.refresh_token };
        if let Err(error) = self.keep_tokens(store, Some(tokens)) {
            self.storage_failed(Lane::Pull, &error, now);
            return;
        }
        self.removed = false;
        self.lane(Lane::Refresh).wanted = false;
        self.close_live(); // it was another session's
        self.want_everything();
    }

    /// The session has ended. Everything is kept.
    pub(super) fn sign_in_again(&mut self, store: &Store, now: Timestamp) {
        if let Err(error) = self.keep_tokens(store, None) {
            self.storage_failed(Lane::Refresh, &error, now);
            return;
        }
        self.lane(Lane::Refresh).wanted = false;
    }

    /// The shop removed this device or this person: everything here goes, what was not sent too.
    pub(super) fn remove_everything(&mut self, store: &mut Store, now: Timestamp) {
        // The tokens first: whatever becomes of the files, nobody is let in with them.
        self.tokens = None;
        self.removed = true;
        let erased = store.erase(&[Notice::Removed { at: now }]).or_else(|error| {
            tracing::warn!(%error, "that everything goes is not written down; it goes all the same");
            store.erase_unnoted()
        });
        if let Err(error) = erased {
            self.storage_failed(Lane::Pull, &error, now);
        }
        self.begin_anew();
    }

    /// The store holds another database now: nothing that was under way counts.
    pub(crate) fn begin_anew(&mut self) {
        self.close_live();
        self.give_up();
        self.drafts_stored.clear();
        self.blocked.clear();
        self.draft_due = None;
        self.touched.names = true;
        self.want_everything();
    }

    /// The person signed out: nobody is signed in any more. Answers the token by which the server is told.
    pub(crate) fn signed_out(&mut self) -> Option<Token> {
        let tokens = self.tokens.take();
        self.removed = false;
        self.begin_anew();
        tokens.map(|tokens| Token(tokens.access))
    }
}
