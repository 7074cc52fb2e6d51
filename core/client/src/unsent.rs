//! What would be lost with this database: what the server does not have, and what it refused.

use std::collections::BTreeSet;

use rusqlite::Connection;

use shopbell_domain::ids::{ConversationId, MutationId};
use shopbell_l10n::Lang;

use crate::account::Account;
use crate::inbox::customer_of;
use crate::outbox::{self, OutboxRow, OutboxState};
use crate::store::{self, StoreError};

/// What only this device has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// What was refused, then what waits, each oldest first.
    pub changes: Vec<OutboxRow>,
    /// What was begun and is in no other place.
    pub drafts: Vec<DraftRow>,
    /// How many changes wait beside those: what takes a reply back, and what is brought back to a server that has lost
    /// it, which may be the only copy there is.
    pub others: u32,
}

/// A text that somebody began to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// To which conversation.
    pub conversation: ConversationId,
    /// What to call the customer; empty when they are not held any more.
    pub customer: String,
    /// The text.
    pub text: String,
}

impl Unsent {
    pub(crate) fn read(from: &Connection, lang: Lang) -> Result<Unsent, StoreError> {
        let drafts = store::drafts_only_here(from)?.into_iter().map(|draft| {
            Ok(DraftRow {
                conversation: draft.conversation,
                customer: customer_of(from, lang, draft.conversation.0)?.unwrap_or_default(),
                text: draft.text,
            })
        });
        let changes = outbox::list_at_most(from, lang, usize::MAX)?;
        let listed: BTreeSet<MutationId> = changes.iter().map(|row| row.id).collect();
        let waiting = store::oldest(from, usize::MAX)?;
        let others =
            waiting.iter().filter(|entry| !entry.set_aside && !listed.contains(&entry.mutation.mid)).count();
        Ok(Unsent {
            drafts: drafts.collect::<Result<_, StoreError>>()?,
            others: u32::try_from(others).unwrap_or(u32::MAX),
            changes,
        })
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        let told = u32::try_from(self.changes.len() + self.drafts.len()).unwrap_or(u32::MAX);
        told.saturating_add(self.others)
    }

    /// All of it as a text that a person can keep: what it is, to whom, and the words.
    pub(crate) fn export(&self, account: &Account, lang: Lang) -> String {
        let who = |name: &str| match name {
            "" => shopbell_l10n::somebody(lang),
            name => name.to_owned(),
        };
        let title =
            shopbell_l10n::unsent_title(lang, account.staff.name.as_str(), account.shop.name.as_str());
        let changes = self.changes.iter().map(|row| {
            let text = row.text.as_deref().unwrap_or(&row.name);
            match &row.state {
                OutboxState::NotSent { reason, .. } => {
                    shopbell_l10n::unsent_refused(lang, who(&row.customer), reason.as_str(), text)
                }
                OutboxState::Waiting | OutboxState::Cancelling | OutboxState::SetAside => {
                    shopbell_l10n::unsent_waiting(lang, who(&row.customer), text)
                }
            }
        });
        let drafts = self
            .drafts
            .iter()
            .map(|row| shopbell_l10n::unsent_draft(lang, who(&row.customer), row.text.as_str()));
        let parts: Vec<String> = std::iter::once(title).chain(changes).chain(drafts).collect();
        parts.join("\n\n") + "\n"
    }
}
