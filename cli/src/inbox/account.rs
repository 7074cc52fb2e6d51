//! Who is signed in here, signing out, and what would be lost with it.

use clap::ArgMatches;
use serde_json::{Value, json};
use shopbell_core::{Account, Profiles, SignOut, SyncState};
use shopbell_l10n as words;

use super::{Session, failure, json as as_json, options};
use crate::failure::Failure;

impl Session {
    /// What happened to this profile: said before anything else, until the person has dismissed it.
    pub(super) fn tell_notices(&self) -> Result<(), Failure> {
        let notices = self.app.notices().map_err(|error| failure(&self.terminal, &error))?;
        for notice in &notices {
            self.terminal.aside(&notice.message(self.terminal.lang));
        }
        Ok(())
    }

    pub(super) fn dismiss_notices(&self, args: &ArgMatches) -> Result<(), Failure> {
        if args.get_flag("dismiss") {
            self.app.dismiss_notices().map_err(|error| failure(&self.terminal, &error))?;
        }
        Ok(())
    }

    /// The account of this profile, then those of the profiles in its folder.
    pub(super) fn accounts(&self) -> Result<(), Failure> {
        let failed = |error| failure(&self.terminal, &error);
        let profiles =
            Profiles::new(options(self.folder.clone(), &self.terminal, self.offline)).map_err(failed)?;
        let signed_in = self.app.status().state != SyncState::SignInAgain;
        let own = self.app.account().map(|account| (account, self.folder.clone(), signed_in));
        let within = profiles.list().map_err(failed)?;
        let within = within.into_iter().filter_map(|row| {
            let folder = self.folder.join(&row.id);
            row.account.map(|account| (account, folder, row.signed_in))
        });
        let accounts: Vec<_> = own.into_iter().chain(within).collect();
        if self.json {
            let rows = accounts.iter().map(|(account, folder, signed_in)| {
                let mut row = as_json::account(account);
                if let Value::Object(members) = &mut row {
                    members.insert("profile".to_owned(), json!(folder.display().to_string()));
                    members.insert("signed_in".to_owned(), json!(signed_in));
                }
                row
            });
            self.terminal.json(&rows.collect());
            return Ok(());
        }
        for (account, folder, signed_in) in &accounts {
            let said = self.account_line(account, *signed_in);
            self.terminal.line(&format!("{}  {said}", folder.display()));
        }
        Ok(())
    }

    pub(super) fn unsent(&self) -> Result<(), Failure> {
        let failed = |error| failure(&self.terminal, &error);
        let unsent = self.app.unsent().map_err(failed)?;
        if self.json {
            let drafts = unsent
                .drafts
                .iter()
                .map(|draft| json!({ "conversation": draft.conversation.to_string(), "text": draft.text }));
            self.terminal.json(&json!({
                "changes": unsent.changes.iter().map(as_json::outbox_row).collect::<Vec<_>>(),
                "drafts": drafts.collect::<Vec<_>>(),
            }));
        } else if unsent.count() == 0 {
            self.terminal.line(&words::inbox_outbox_empty(self.terminal.lang));
        } else {
            self.terminal.line(self.app.export_unsent().map_err(failed)?.trim_end());
        }
        Ok(())
    }

    pub(super) async fn sign_out(&self, args: &ArgMatches) -> Result<(), Failure> {
        let how = match (args.get_flag("send"), args.get_flag("delete-unsent")) {
            (true, _) => SignOut::SendFirst,
            (_, true) => SignOut::DeleteUnsent,
            _ => SignOut::IfNothingUnsent,
        };
        self.app.sign_out(how).await.map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&json!({ "signed_out": true }));
        } else {
            self.terminal.line(&words::inbox_signed_out(self.terminal.lang));
        }
        Ok(())
    }

    fn account_line(&self, account: &Account, signed_in: bool) -> String {
        let (shop, name) = (account.shop.name.as_str(), account.staff.name.as_str());
        let line = if signed_in { words::inbox_account } else { words::inbox_account_ended };
        line(self.terminal.lang, name, account.server.as_str(), shop)
    }
}
