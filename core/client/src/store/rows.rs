//! The one rule by which rows of the server come in: by `ver` within an epoch, whatever way they came.
//!
//! A row that is older than what is held, or of another epoch, changes nothing; so duplicates, late answers and any
//! order of answers are harmless.

use rusqlite::OptionalExtension;

use shopbell_domain::ids::{ConversationId, CustomerId, EpochId, MessageId, NoteId};
use shopbell_domain::message::Message;
use shopbell_domain::sync::{Entity, Row, Scope};
use uuid::Uuid;

use super::columns::id;
use super::tables::{self, Merged};
use super::{StoreError, Write};
use super::{drafts, notes};

/// Every table that holds rows of the server.
pub(super) const TABLES: [&str; 9] =
    ["shop", "staff", "channel", "customer", "note", "conversation", "message", "read_marker", "draft"];

/// How a row came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From a scope's log, by its cursor.
    Log,
    /// By snapshot, by history, or beside a result.
    Beside,
}

impl Write<'_> {
    /// Takes a row in, or the end of one. A kind that this version does not know is passed over.
    pub(crate) fn merge(
        &mut self,
        scope: Scope,
        row: &Row,
        epoch: EpochId,
        origin: Origin,
    ) -> Result<(), StoreError> {
        let Some(table) = table(row.entity) else {
            return Ok(());
        };
        let held = self.held(table, row)?;
        if held.as_ref().is_some_and(|held| held.epoch == epoch && held.ver >= row.ver.0) {
            return Ok(());
        }
        if row.ended {
            if held.is_some_and(|held| held.scope == scope.to_string()) {
                self.touch_row(row)?;
                self.before_text_changes(row.entity, row.id)?;
                self.delete_row(table, row)?;
            }
            return Ok(());
        }
        if held.is_none() && origin == Origin::Log && self.is_before_what_is_held(row)? {
            return Ok(());
        }
        // What a conversation is called follows from its customer, who stays the same.
        if row.entity != Entity::Conversation || held.is_none() {
            self.before_text_changes(row.entity, row.id)?;
        }
        let row_in = Merged { scope, row, epoch };
        let stored = match row.entity {
            Entity::Shop => tables::put_shop(self, &row_in),
            Entity::Staff => tables::put_staff(self, &row_in),
            Entity::Channel => tables::put_channel(self, &row_in),
            Entity::Customer => tables::put_customer(self, &row_in),
            Entity::Conversation => tables::put_conversation(self, &row_in),
            Entity::Message => tables::put_message(self, &row_in),
            Entity::ReadMarker => tables::put_read_marker(self, &row_in),
            Entity::Note => notes::put(self, &row_in),
            Entity::Draft => drafts::put(self, &row_in),
            Entity::Secret | Entity::Result | Entity::Other => Ok(None),
        };
        match stored {
            Ok(at) => self.newest_ms = self.newest_ms.max(at.unwrap_or(0)),
            // The rest of the answer must not suffer for one row that a newer server writes differently.
            Err(StoreError::Unreadable { what }) => {
                tracing::error!(entity = row.entity.as_str(), id = %row.id, what, "a row cannot be read");
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.touch_row(row)
    }

    /// All rows of a scope go.
    pub(super) fn delete_rows(&mut self, scope: Scope) -> Result<(), StoreError> {
        let is_searched = matches!(scope, Scope::Inbox(_));
        if is_searched {
            self.forget_every_text()?;
        }
        let scope = scope.to_string();
        let gone: Vec<ConversationId> = self
            .prepare(
                "SELECT id FROM conversation WHERE scope = ?1 UNION SELECT id FROM read_marker WHERE scope = ?1
                 UNION SELECT id FROM draft WHERE scope = ?1",
            )?
            .query_map([&scope], |row| id(row, "id"))?
            .collect::<Result<_, _>>()?;
        for table in TABLES {
            self.execute(&format!("DELETE FROM {table} WHERE scope = ?1"), [&scope])?;
        }
        self.touched.conversations.extend(gone);
        self.touched.names = true;
        while is_searched && !self.index_more()? {}
        Ok(())
    }

    fn held(&self, table: &str, row: &Row) -> Result<Option<Held>, StoreError> {
        let mut statement =
            self.prepare_cached(&format!("SELECT scope, ver, epoch FROM {table} WHERE id = ?1"))?;
        let held = statement
            .query_row([row.id.as_bytes()], |row| {
                Ok(Held { scope: row.get("scope")?, ver: row.get("ver")?, epoch: id(row, "epoch")? })
            })
            .optional()?;
        Ok(held)
    }

    /// A message from the log that is older than the oldest held of its conversation: history that was never asked
    /// for. Nothing else decides, so a hole never opens among those that are held.
    fn is_before_what_is_held(&self, row: &Row) -> Result<bool, StoreError> {
        if row.entity != Entity::Message {
            return Ok(false);
        }
        let Ok(message) = row.read::<Message>() else {
            return Ok(false);
        };
        let oldest: Option<i64> = self
            .prepare_cached("SELECT min(mseq) FROM message WHERE conversation = ?1")?
            .query_row([message.conversation.as_bytes()], |row| row.get(0))?;
        Ok(oldest.is_some_and(|oldest| message.mseq < oldest))
    }

    fn delete_row(&mut self, table: &str, row: &Row) -> Result<(), StoreError> {
        self.execute(&format!("DELETE FROM {table} WHERE id = ?1"), [row.id.as_bytes()])?;
        Ok(())
    }

    /// Notes whose picture a row is a part of. Called while the row is there.
    fn touch_row(&mut self, row: &Row) -> Result<(), StoreError> {
        match row.entity {
            Entity::Conversation | Entity::ReadMarker | Entity::Draft => self.touch(ConversationId(row.id)),
            Entity::Message => {
                let conversation: Option<ConversationId> = self
                    .prepare_cached("SELECT conversation FROM message WHERE id = ?1")?
                    .query_row([MessageId(row.id).as_bytes()], |row| id(row, "conversation"))
                    .optional()?;
                self.touched.conversations.extend(conversation);
            }
            Entity::Customer => {
                self.touched.customers.insert(CustomerId(row.id));
            }
            Entity::Note => {
                let customer: Option<CustomerId> = self
                    .prepare_cached("SELECT customer FROM note WHERE id = ?1")?
                    .query_row([NoteId(row.id).as_bytes()], |row| id(row, "customer"))
                    .optional()?;
                self.touched.customers.extend(customer);
            }
            Entity::Staff => {
                // What the outbox makes of a conversation or a customer depends on what people may do.
                let replayed: Vec<Uuid> = self
                    .prepare_cached("SELECT DISTINCT target FROM outbox")?
                    .query_map([], |row| id(row, "target"))?
                    .collect::<Result<_, _>>()?;
                replayed.into_iter().for_each(|target| self.touch_target(target));
                self.touched.names = true;
            }
            Entity::Shop | Entity::Secret | Entity::Channel => self.touched.names = true,
            Entity::Result | Entity::Other => {}
        }
        Ok(())
    }
}

/// What is held of a row.
struct Held {
    scope: String,
    ver: i64,
    epoch: EpochId,
}

fn table(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::Result | Entity::Other => None,
        known => Some(known.as_str()),
    }
}
