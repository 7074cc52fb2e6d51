//! What this person has begun to write: the server's rows, and before them what was written on this phone.
//!
//! A row of `composer` is on disk before anybody sees it, stands until the server has answered for it *and* a pull that
//! left after that answer is in, and is never overwritten by an older row of the server. What the server does not take
//! stays here.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use shopbell_domain::draft::Draft;
use shopbell_domain::ids::{ConversationId, MessageId, MutationId, hashed_uuid};

use super::columns::id;
use super::tables::{self, Merged};
use super::{StoreError, Write, holds_message};

/// Takes the server's row of a draft in.
pub(super) fn put(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let draft: Draft = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO draft (id, scope, ver, epoch, message, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        draft.message.as_bytes(),
        draft.text,
    ))?;
    Ok(None)
}

/// What is in the composer; `None` when nothing is.
pub(crate) fn draft(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Draft>, StoreError> {
    Ok(begun(connection, conversation)?.filter(|draft| !draft.text.is_empty()))
}

/// The same, also when its text was taken away and the server does not know yet.
pub(crate) fn begun(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Draft>, StoreError> {
    if let Some(here) = here(connection, conversation)? {
        return Ok(Some(here));
    }
    let theirs = connection
        .prepare_cached("SELECT id AS conversation, message, text FROM draft WHERE id = ?1")?
        .query_row([conversation.as_bytes()], read)
        .optional()?;
    match theirs {
        Some(draft) if !is_spent(connection, draft.message)? => Ok(Some(draft)),
        _ => Ok(None),
    }
}

/// Whether a message was made under this id: it waits, stands under "Not sent", or the server has it.
pub(crate) fn is_spent(connection: &Connection, message: MessageId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM journal WHERE message = ?1 AND (listed = 1 OR refusal IS NULL)
         UNION ALL SELECT 1 FROM outbox WHERE message = ?1",
    )?;
    Ok(holds_message(connection, message)? || statement.exists([message.as_bytes()])?)
}

/// One that the server does not have, if there is any.
pub(crate) fn unsent(connection: &Connection) -> Result<Option<Draft>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT conversation, message, text FROM composer WHERE state = 'unsent' ORDER BY conversation LIMIT 1",
        )?
        .query_row([], read)
        .optional()?)
}

/// All that only this device has, by conversation.
pub(crate) fn only_here(connection: &Connection) -> Result<Vec<Draft>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT conversation, message, text FROM composer WHERE state <> 'sent' AND text <> ''
         ORDER BY conversation",
    )?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

/// Whether the server has one whose row may not be here yet.
pub(crate) fn has_sent(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM composer WHERE state = 'sent'")?.exists([])?)
}

impl Write<'_> {
    /// Puts this into the composer. An empty text takes the draft away, also from the server. `fresh` is the id that its
    /// message will have, unless it has one. Answers whether anything changed; what is to go to a conversation that is
    /// not held any more stays here.
    pub(crate) fn set_draft(
        &mut self,
        conversation: ConversationId,
        text: &str,
        fresh: MessageId,
    ) -> Result<bool, StoreError> {
        let begun = begun(self, conversation)?;
        if begun.as_ref().map_or("", |draft| draft.text.as_str()) == text {
            return Ok(false);
        }
        let message = match begun {
            Some(draft) if !is_spent(self, draft.message)? => draft.message,
            _ => fresh,
        };
        let held = tables::head(self, conversation)?.is_some();
        if held || !text.is_empty() {
            self.put_here(conversation, message, text, if held { "unsent" } else { "kept" })?;
        } else {
            self.take_draft(conversation)?;
        }
        self.touch(conversation);
        Ok(true)
    }

    /// Takes away what is in the composer here: it was sent as a message.
    pub(crate) fn take_draft(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        self.prepare_cached("DELETE FROM composer WHERE conversation = ?1")?
            .execute([conversation.as_bytes()])?;
        self.touch(conversation);
        Ok(())
    }

    /// Takes away, also from the server, what a refused reply was written as: the person has deleted that reply. What was
    /// written on elsewhere after the refusal stays.
    pub(crate) fn take_draft_of(&mut self, refused: MutationId) -> Result<(), StoreError> {
        let begun = self
            .prepare_cached(
                "SELECT draft.id AS conversation, draft.message, draft.text
                 FROM journal JOIN draft ON draft.id = journal.target AND draft.message = journal.message
                 WHERE journal.mid = ?1 AND draft.epoch = journal.epoch AND draft.ver < journal.seq
                 AND NOT EXISTS (SELECT 1 FROM composer WHERE composer.conversation = draft.id)",
            )?
            .query_row([refused.as_bytes()], read)
            .optional()?;
        if let Some(draft) = begun
            && tables::head(self, draft.conversation)?.is_some()
        {
            self.put_here(draft.conversation, draft.message, "", "unsent")?;
        }
        Ok(())
    }

    /// The same of a reply that was taken back before it left, under whose id the server still has a draft.
    pub(crate) fn take_draft_under(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<(), StoreError> {
        let left_over: bool = self
            .prepare_cached(
                "SELECT 1 FROM draft WHERE id = ?1 AND message = ?2
                 AND NOT EXISTS (SELECT 1 FROM composer WHERE composer.conversation = draft.id)
                 AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.message = ?2)",
            )?
            .exists((conversation.as_bytes(), message.as_bytes()))?;
        if left_over && tables::head(self, conversation)?.is_some() {
            self.put_here(conversation, message, "", "unsent")?;
        }
        Ok(())
    }

    /// The server has this text, or does not take it (`taken` is false); unless something else was written meanwhile.
    pub(crate) fn draft_answered(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
        taken: bool,
    ) -> Result<(), StoreError> {
        let state = if taken { "sent" } else { "kept" };
        self.execute(
            "UPDATE composer SET state = ?4
             WHERE conversation = ?1 AND message = ?2 AND text = ?3 AND state = 'unsent'",
            (conversation.as_bytes(), message.as_bytes(), text, state),
        )?;
        Ok(())
    }

    /// The server's rows are in up to after it answered for the drafts here, but for `not_yet`: from now on they stand.
    pub(crate) fn release_drafts(&mut self, not_yet: &BTreeSet<ConversationId>) -> Result<(), StoreError> {
        let sent: Vec<Draft> = self
            .prepare_cached("SELECT conversation, message, text FROM composer WHERE state = 'sent'")?
            .query_map([], read)?
            .collect::<Result<_, _>>()?;
        for draft in sent.into_iter().filter(|draft| !not_yet.contains(&draft.conversation)) {
            self.take_draft(draft.conversation)?;
            if !draft.text.is_empty() && self.was_sent_otherwise(&draft)? {
                let message = MessageId(hashed_uuid(&[b"draft goes on", draft.message.as_bytes()]));
                self.put_here(draft.conversation, message, &draft.text, "unsent")?;
            }
        }
        Ok(())
    }

    /// Another device sent the message while this one wrote on: then the server dropped what came from here.
    fn was_sent_otherwise(&self, draft: &Draft) -> Result<bool, StoreError> {
        let sent: Option<String> = self
            .prepare_cached("SELECT text FROM message WHERE id = ?1")?
            .query_row([draft.message.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(sent.is_some_and(|sent| sent != draft.text))
    }

    fn put_here(
        &self,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
        state: &str,
    ) -> Result<(), StoreError> {
        self.prepare_cached(
            "INSERT OR REPLACE INTO composer (conversation, message, text, state) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((conversation.as_bytes(), message.as_bytes(), text, state))?;
        Ok(())
    }
}

fn here(connection: &Connection, conversation: ConversationId) -> Result<Option<Draft>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT conversation, message, text FROM composer WHERE conversation = ?1")?
        .query_row([conversation.as_bytes()], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft { conversation: id(row, "conversation")?, message: id(row, "message")?, text: row.get("text")? })
}
