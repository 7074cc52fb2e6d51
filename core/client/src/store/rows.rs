//! The one rule by which rows of the server come in: by `ver` within an epoch, whatever way they came.
//!
//! A row that is older than what is held, or of another epoch, changes nothing; so duplicates, late answers and any
//! order of answers are harmless.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use shopbell_domain::ids::{ConversationId, CustomerId, EpochId, MessageId, NoteId};
use shopbell_domain::message::Message;
use shopbell_domain::sync::{Entity, Row, Scope};
use uuid::Uuid;

use super::columns::id;
use super::tables::{self, Merged};
use super::{StoreError, Write};
use super::{drafts, notes};

/// What stands in a scope and is kept here, each in the table of its name. Results are no rows that are kept.
pub(super) fn entities(scope: Scope) -> &'static [Entity] {
    match scope {
        Scope::Shop => &[Entity::Shop, Entity::Staff, Entity::Channel],
        Scope::Inbox(_) => &[Entity::Customer, Entity::Note, Entity::Conversation, Entity::Message],
        Scope::InboxDiscounts(_) | Scope::InboxDraftOrders(_) => &[Entity::Secret],
        Scope::User(_) => &[Entity::ReadMarker, Entity::Draft],
        Scope::Replies | Scope::Device(_) => &[],
    }
}

/// What a transaction did not take in, or let go: an older answer that is still on its way could bring it back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dropped {
    /// Of these conversations.
    pub(crate) conversations: BTreeSet<ConversationId>,
    /// Of any.
    pub(crate) all: bool,
}

/// How a row came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From a scope's log, by its cursor.
    Log,
    /// By snapshot, by history, or beside a result.
    Beside,
}

impl Write<'_> {
    /// Takes a row in, or the end of one. A kind that this version does not know, or that does not belong to the scope, is
    /// passed over.
    pub(crate) fn merge(
        &mut self,
        scope: Scope,
        row: &Row,
        epoch: EpochId,
        origin: Origin,
    ) -> Result<(), StoreError> {
        if !entities(scope).contains(&row.entity) {
            return Ok(());
        }
        let table = row.entity.as_str();
        let held = self.held(table, row)?;
        if held.as_ref().is_some_and(|held| held.epoch == epoch && held.ver >= row.ver.0) {
            return Ok(());
        }
        if row.ended {
            match held {
                Some(held) if held.scope == scope.to_string() => self.delete_held(row.entity, row.id)?,
                Some(_) => {}
                None => self.dropped.all = true, // of what conversation it was is not known
            }
            return Ok(());
        }
        if held.is_none() && origin == Origin::Log && self.is_before_what_is_held(row)? {
            return Ok(());
        }
        if row.entity == Entity::Conversation {
            self.note_head(row, origin)?;
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
            Entity::Secret => tables::put_secret(self, &row_in),
            Entity::Result | Entity::Other => Ok(None),
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
        self.touch_row(row.entity, row.id)
    }

    /// Deletes a row, whose index entries go with it.
    pub(super) fn delete_held(&mut self, entity: Entity, id: Uuid) -> Result<(), StoreError> {
        self.touch_row(entity, id)?;
        self.before_text_changes(entity, id)?;
        self.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", entity.as_str()))?
            .execute([id.as_bytes()])?;
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
    fn is_before_what_is_held(&mut self, row: &Row) -> Result<bool, StoreError> {
        if row.entity != Entity::Message {
            return Ok(false);
        }
        let Ok(message) = row.read::<Message>() else {
            return Ok(false);
        };
        let oldest: Option<i64> = self
            .prepare_cached("SELECT min(mseq) FROM message WHERE conversation = ?1")?
            .query_row([message.conversation.as_bytes()], |row| row.get(0))?;
        let is_before = oldest.is_some_and(|oldest| message.mseq < oldest);
        if is_before {
            self.dropped.conversations.insert(message.conversation);
        }
        Ok(is_before)
    }

    /// Notes whose picture a row is a part of. Called while the row is there.
    fn touch_row(&mut self, entity: Entity, row: Uuid) -> Result<(), StoreError> {
        match entity {
            Entity::Conversation | Entity::ReadMarker | Entity::Draft => self.touch(ConversationId(row)),
            Entity::Secret => {
                let conversation: Option<ConversationId> = self
                    .prepare_cached("SELECT conversation FROM secret WHERE id = ?1")?
                    .query_row([row.as_bytes()], |row| id(row, "conversation"))
                    .optional()?;
                self.touched.conversations.extend(conversation);
            }
            Entity::Message => {
                let conversation: Option<ConversationId> = self
                    .prepare_cached("SELECT conversation FROM message WHERE id = ?1")?
                    .query_row([MessageId(row).as_bytes()], |row| id(row, "conversation"))
                    .optional()?;
                self.touched.conversations.extend(conversation);
            }
            Entity::Customer => {
                self.touched.customers.insert(CustomerId(row));
            }
            Entity::Note => {
                let customer: Option<CustomerId> = self
                    .prepare_cached("SELECT customer FROM note WHERE id = ?1")?
                    .query_row([NoteId(row).as_bytes()], |row| id(row, "customer"))
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
            Entity::Shop | Entity::Channel => self.touched.names = true,
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
