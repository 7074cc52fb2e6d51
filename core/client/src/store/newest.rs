//! Which conversations miss some of their newest messages: one that was closed, or not held, brings by the log only what
//! is new in it. They are noted in the transaction that brings the head, and stay noted until the server was asked
//! (docs/sync.md 4.2).

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::conversation::{Conversation, Status};
use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::{Row, SNAPSHOT_MESSAGES};

use super::columns::id;
use super::rows::Origin;
use super::{Profile, StoreError, Write, tables};

/// Those of which a message is missing among the newest.
const MISSING: &str = "SELECT newest_due.conversation, conversation.last_mseq + 1 AS before
    FROM newest_due JOIN conversation ON conversation.id = newest_due.conversation
    WHERE min(conversation.last_mseq, ?1) > (
        SELECT count(*) FROM message
        WHERE message.conversation = conversation.id AND message.mseq > conversation.last_mseq - ?1)";

/// The next one after `after`, in the order of ids, with the `mseq` before which its newest messages stand.
pub(crate) fn next_due(
    connection: &Connection,
    after: Option<ConversationId>,
) -> Result<Option<(ConversationId, i64)>, StoreError> {
    let after = after.unwrap_or(ConversationId(uuid::Uuid::nil()));
    Ok(connection
        .prepare_cached(&format!(
            "{MISSING} AND newest_due.conversation > ?2 ORDER BY newest_due.conversation LIMIT 1"
        ))?
        .query_row((SNAPSHOT_MESSAGES as i64, after.as_bytes()), |row| {
            Ok((id(row, "conversation")?, row.get("before")?))
        })
        .optional()?)
}

impl Write<'_> {
    /// A head is about to be stored: notes it when its conversation becomes one whose newest messages must be here.
    pub(super) fn note_head(&mut self, row: &Row, origin: Origin) -> Result<(), StoreError> {
        let Ok(head) = row.read::<Conversation>() else {
            return Ok(()); // whoever stores it says so
        };
        let conversation = ConversationId(row.id);
        let before = tables::head(self, conversation)?;
        let me = Profile::read(self)?.and_then(|profile| profile.account).map(|account| account.staff.id);
        let is_open = |head: &Conversation| head.status.value == Status::Open;
        // Of what is closed a snapshot brings no messages, whoever it is assigned to.
        let is_mine =
            |head: &Conversation| origin == Origin::Log && me.is_some() && head.assignee.value == me;
        let becomes = |is: &dyn Fn(&Conversation) -> bool| is(&head) && !before.as_ref().is_some_and(is);
        if becomes(&is_open) || becomes(&is_mine) {
            self.heads.insert(conversation);
        }
        Ok(())
    }

    /// At the end of a transaction, when the messages that came with the heads are there.
    pub(super) fn note_newest_due(&mut self) -> Result<(), StoreError> {
        for conversation in std::mem::take(&mut self.heads) {
            self.prepare_cached(
                "INSERT OR IGNORE INTO newest_due (conversation)
                 SELECT id FROM conversation WHERE id = ?1 AND min(last_mseq, ?2) > (
                     SELECT count(*) FROM message
                     WHERE message.conversation = conversation.id AND message.mseq > conversation.last_mseq - ?2)",
            )?
            .execute((conversation.as_bytes(), SNAPSHOT_MESSAGES as i64))?;
        }
        Ok(())
    }

    /// Forgets those whose newest messages came otherwise.
    pub(crate) fn forget_newest_that_came(&mut self) -> Result<(), StoreError> {
        if self.prepare_cached("SELECT 1 FROM newest_due")?.exists([])? {
            self.prepare_cached(&format!(
                "DELETE FROM newest_due WHERE conversation NOT IN (SELECT conversation FROM ({MISSING}))"
            ))?
            .execute([SNAPSHOT_MESSAGES as i64])?;
        }
        Ok(())
    }

    /// The server was asked for them.
    pub(crate) fn forget_newest_due(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        self.execute("DELETE FROM newest_due WHERE conversation = ?1", [conversation.as_bytes()])?;
        Ok(())
    }
}
