//! Which closed conversations a phone keeps: the newest, and those that somebody here has to do with. The rest goes,
//! oldest first, a part at a time; the server has it still, and a head that comes back brings it back (docs/sync.md 4).
//!
//! Customers and what is noted about them stay: the log does not bring them again when they come back.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::ids::{ConversationId, MessageId, StaffId};
use shopbell_domain::sync::Entity;
use shopbell_domain::time::Timestamp;

use super::columns::id;
use super::{Profile, StoreError, Write};

/// So many conversations, the newest, are kept whatever their age.
pub(crate) const KEPT_CONVERSATIONS: usize = 10_000;
/// So long ago the newest message of a conversation is at least before it goes: 90 days, in milliseconds.
const KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// So long one is kept after it was opened here: 30 days, in milliseconds.
const OPENED_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How often the opening of the same conversation is noted, in milliseconds: once a day.
const OPENED_AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;
/// How many go in one transaction.
const STEP_CONVERSATIONS: usize = 200;

/// Whether a conversation is held and an opening of it now is to be noted.
pub(crate) fn is_opening_news(
    connection: &Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let noted: Option<Option<i64>> = connection
        .prepare_cached(
            "SELECT opened.at FROM conversation LEFT JOIN opened ON opened.conversation = conversation.id
             WHERE conversation.id = ?1",
        )?
        .query_row([conversation.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(noted.is_some_and(|at| at.is_none_or(|at| Timestamp::from_millis(at).plus_ms(OPENED_AGAIN_MS) <= now)))
}

impl Write<'_> {
    /// A person looks at this conversation.
    pub(crate) fn note_opened(
        &mut self,
        conversation: ConversationId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.prepare_cached("INSERT OR REPLACE INTO opened (conversation, at) VALUES (?1, ?2)")?
            .execute((conversation.as_bytes(), now.millis()))?;
        Ok(())
    }

    /// Lets some of what need not be kept go; answers whether there is more. `keep` is how many of the newest stay
    /// whatever their age; `now` is by this device's clock.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn evict(&mut self, keep: usize, now: Timestamp) -> Result<bool, StoreError> {
        self.forget_newest_that_came()?;
        let opened_since = now.plus_ms(-OPENED_KEPT_MS).millis();
        self.execute("DELETE FROM opened WHERE at < ?1", [opened_since])?;
        let Some(before) = self.oldest_kept(keep)? else {
            return Ok(false);
        };
        let me = Profile::read(self)?.and_then(|profile| profile.account).map(|account| account.staff.id);
        let gone: Vec<ConversationId> = self
            .prepare_cached(
                "SELECT id FROM conversation
                 WHERE status = 'closed' AND activity_at < ?1 AND starred = 0
                     AND (assignee IS NULL OR assignee IS NOT ?2)
                     AND NOT EXISTS (SELECT 1 FROM opened WHERE opened.conversation = conversation.id)
                     AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = conversation.id)
                     AND NOT EXISTS (SELECT 1 FROM composer WHERE composer.conversation = conversation.id)
                     AND NOT EXISTS (SELECT 1 FROM outbox WHERE target IN (conversation.id, conversation.customer))
                     AND NOT EXISTS (SELECT 1 FROM journal
                         WHERE listed = 1 AND target IN (conversation.id, conversation.customer))
                 ORDER BY activity_at, id LIMIT ?3",
            )?
            .query_map(
                (before, me.as_ref().map(StaffId::as_bytes), STEP_CONVERSATIONS as i64),
                |row| id(row, "id"),
            )?
            .collect::<Result<_, _>>()?;
        for conversation in &gone {
            self.evict_one(*conversation)?;
        }
        self.dropped.all |= !gone.is_empty();
        Ok(gone.len() == STEP_CONVERSATIONS)
    }

    /// What is older than this may go: by the server's clock, for this device's orders nothing. `None`: nothing may.
    fn oldest_kept(&self, keep: usize) -> Result<Option<i64>, StoreError> {
        let held: i64 = self.query_row("SELECT count(*) FROM conversation", [], |row| row.get(0))?;
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        if held <= keep {
            return Ok(None);
        }
        let sql =
            "SELECT min((SELECT activity_at FROM conversation ORDER BY activity_at DESC LIMIT 1 OFFSET ?1),
            (SELECT seen_at FROM profile) - ?2)";
        Ok(self.query_row(sql, (keep - 1, KEPT_MS), |row| row.get(0))?)
    }

    fn evict_one(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        let messages: Vec<MessageId> = self
            .prepare_cached("SELECT id FROM message WHERE conversation = ?1")?
            .query_map([conversation.as_bytes()], |row| id(row, "id"))?
            .collect::<Result<_, _>>()?;
        for message in messages {
            self.delete_held(Entity::Message, message.0)?;
        }
        self.delete_held(Entity::Conversation, conversation.0)?;
        self.forget_newest_due(conversation)
    }
}
