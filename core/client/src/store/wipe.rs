//! Losing a scope: everything that came with it goes in one transaction, index entries first (docs/sync.md 16).
//!
//! What the person wrote stays while it is not settled: the outbox, and what stands under "Not sent", with their own
//! text only. The transaction queues the scope's files for deletion and notes that the database must be scrubbed: SQLite
//! leaves deleted words in pages that are free (`cleanup`).

use shopbell_domain::ids::ConversationId;
use shopbell_domain::secret::SecretKind;
use shopbell_domain::sync::{Entity, Scope};
use uuid::Uuid;

use super::columns::id;
use super::rows::entities;
use super::{StoreError, Write};

/// How many rows of a secret scope go at a time, so that their words are not all in memory at once.
const STEP_ROWS: usize = 500;

/// Conversations and customers that are in another scope than `?1`, and so stay.
const STAYS: &str =
    "SELECT id FROM conversation WHERE scope <> ?1 UNION SELECT id FROM customer WHERE scope <> ?1";

impl Write<'_> {
    /// A scope is not granted any more, or not as it was: it goes with all that came with it. The outbox stays.
    pub(crate) fn end_scope(&mut self, scope: Scope) -> Result<(), StoreError> {
        match scope {
            Scope::Inbox(_) => self.wipe_inbox(scope)?,
            Scope::InboxDiscounts(inbox) => {
                self.wipe_secrets(scope, SecretKind::Discount, Scope::Inbox(inbox))?;
            }
            Scope::InboxDraftOrders(inbox) => {
                self.wipe_secrets(scope, SecretKind::DraftOrder, Scope::Inbox(inbox))?;
            }
            Scope::Shop | Scope::Replies | Scope::User(_) | Scope::Device(_) => self.delete_rows(scope)?,
        }
        self.queue_files_of(scope)?;
        self.forget_seen(scope)?;
        self.execute("DELETE FROM scope WHERE scope = ?1", [scope.to_string()])?;
        self.dropped.all = true;
        self.begin_scrub()
    }

    /// The index forgets everything at once, then takes in again what stays.
    fn wipe_inbox(&mut self, scope: Scope) -> Result<(), StoreError> {
        self.forget_every_text()?;
        self.forget_changes(scope)?;
        self.delete_rows(scope)?;
        self.execute_batch(
            "DELETE FROM newest_due WHERE conversation NOT IN (SELECT id FROM conversation);
             DELETE FROM opened WHERE conversation NOT IN (SELECT id FROM conversation);",
        )?;
        while !self.index_more()? {}
        Ok(())
    }

    /// What was settled about what goes is forgotten; of what was refused only the person's own words stay.
    fn forget_changes(&mut self, scope: Scope) -> Result<(), StoreError> {
        let scope = scope.to_string();
        for sql in [
            "DELETE FROM journal WHERE (listed = 0 OR name = 'recover_message') AND target NOT IN",
            "UPDATE journal SET inverse = NULL WHERE target NOT IN",
            "UPDATE outbox SET inverse = NULL WHERE target NOT IN",
            // The customer's name is not the person's own word.
            "UPDATE outbox SET origin = CASE WHEN json_valid(origin) THEN json_remove(origin, '$.name') END
                 WHERE origin IS NOT NULL AND target NOT IN",
            // What is on its way back to a server that had lost it, but for the person's own words.
            "DELETE FROM outbox WHERE (name = 'recover_message' OR replay IS NOT NULL AND name <> 'send_message')
                 AND target NOT IN",
        ] {
            self.execute(&format!("{sql} ({STAYS})"), [&scope])?;
        }
        Ok(())
    }

    /// Each secret part goes with exactly its terms, and so do settled replies that shared one.
    fn wipe_secrets(&mut self, scope: Scope, kind: SecretKind, inbox: Scope) -> Result<(), StoreError> {
        loop {
            let gone: Vec<Uuid> = self
                .prepare_cached("SELECT id FROM secret WHERE scope = ?1 ORDER BY id LIMIT ?2")?
                .query_map((scope.to_string(), STEP_ROWS as i64), |row| id(row, "id"))?
                .collect::<Result<_, _>>()?;
            for secret in &gone {
                self.delete_held(Entity::Secret, *secret)?;
            }
            self.index_what_changed()?;
            if gone.len() < STEP_ROWS {
                break;
            }
        }
        self.execute(
            &format!(
                "DELETE FROM journal WHERE listed = 0 AND name = 'send_message' AND target NOT IN ({STAYS})
                 AND CASE WHEN json_valid(CAST(args AS TEXT))
                     THEN json_extract(CAST(args AS TEXT), '$.secret.kind') = ?2 END"
            ),
            (inbox.to_string(), kind.as_str()),
        )?;
        Ok(())
    }

    fn delete_rows(&mut self, scope: Scope) -> Result<(), StoreError> {
        let name = scope.to_string();
        let gone: Vec<ConversationId> = self
            .prepare(
                "SELECT id FROM conversation WHERE scope = ?1 UNION SELECT id FROM read_marker WHERE scope = ?1
                 UNION SELECT id FROM draft WHERE scope = ?1",
            )?
            .query_map([&name], |row| id(row, "id"))?
            .collect::<Result<_, _>>()?;
        for entity in entities(scope) {
            self.execute(&format!("DELETE FROM {} WHERE scope = ?1", entity.as_str()), [&name])?;
        }
        self.touched.conversations.extend(gone);
        self.touched.names = true;
        Ok(())
    }
}
