//! The table `shown`: one row a conversation, as the list shows it.
//!
//! It follows from the other tables, and so do `shown_tag` and `tally`. They are not caches that may be late: each
//! transaction that touches a conversation brings its rows up to date, and a test makes all of them again and compares.

use rusqlite::Connection;

use shopbell_domain::conversation::unread;
use shopbell_domain::customer::Tags;
use shopbell_domain::ids::{ConversationId, StaffId};
use shopbell_domain::secret::SecretKind;
use shopbell_domain::text::preview;

use super::replay::{replay, replay_without_notes};
use super::tally::{self, Kind};
use super::{StoreError, Write, drafts, journal, outbox, tables};

/// Brings one conversation's rows up to date.
pub(super) fn recompute(connection: &Connection, conversation: ConversationId) -> Result<(), StoreError> {
    let before = tally::kind_of(connection, conversation)?;
    let Some(subject) = replay(connection, conversation)? else {
        if before.is_some() {
            delete(connection, conversation)?;
            tally::count(connection, before.as_ref(), None)?;
        }
        return Ok(());
    };
    let head = &subject.head;
    let customer = replay_without_notes(connection, head.customer)?;
    let tags = customer.as_ref().map(|customer| &customer.tags);
    let draft = drafts::draft(connection, conversation)?.map(|draft| preview(&draft.text));
    let last_line = head.preview.as_ref();
    let unread = unread(head, Some(&subject.marker));
    let not_sent = journal::not_sent_in(connection, conversation)?;
    let after = Kind {
        status: head.status.value,
        channel: head.channel,
        assignee: head.assignee.value,
        is_unread: unread > 0 || subject.marker.marked_unread,
        starred: head.starred,
        has_not_sent: not_sent > 0,
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO shown (conversation, customer, customer_name, customer_number, tags, channel,
                 status, assignee, starred, activity_at, unread, marked_unread, is_unread, waiting, not_sent,
                 preview_message, preview_author, preview_text, draft_text, preview_shared, preview_deleted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?
        .execute(rusqlite::params![
            conversation.as_bytes(),
            head.customer.as_bytes(),
            customer.as_ref().and_then(|customer| customer.name.as_deref()),
            customer.as_ref().map(|customer| customer.number),
            tags.map_or_else(|| "[]".to_owned(), tables::tags_json),
            head.channel.as_bytes(),
            tables::status_word(head.status.value),
            head.assignee.value.as_ref().map(StaffId::as_bytes),
            head.starred,
            head.activity_at.millis(),
            unread,
            subject.marker.marked_unread,
            after.is_unread,
            outbox::waiting_in(connection, conversation)?,
            not_sent,
            last_line.map(|preview| preview.message.as_bytes()),
            last_line.and_then(|preview| tables::author_column(preview.author)).as_ref().map(StaffId::as_bytes),
            last_line.map_or("", |preview| preview.text.as_str()),
            draft.unwrap_or_default(),
            last_line.and_then(|preview| preview.shared).map(SecretKind::as_str),
            last_line.is_some_and(|preview| preview.deleted),
        ])?;
    put_tags(connection, conversation, tags)?;
    tally::count(connection, before.as_ref(), Some(&after))
}

impl Write<'_> {
    /// Makes all of it again, as a check of what was kept up to date, or because a migration changed what it is.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn recompute_everything(&mut self) -> Result<(), StoreError> {
        self.execute_batch(
            "DELETE FROM shown; DELETE FROM shown_tag; DELETE FROM tally; UPDATE profile SET shown_stale = 0;",
        )?;
        let all: Vec<ConversationId> = self
            .prepare("SELECT id FROM conversation ORDER BY id")?
            .query_map([], |row| super::columns::id(row, "id"))?
            .collect::<Result<_, _>>()?;
        self.touched.conversations.extend(all);
        Ok(())
    }
}

fn delete(connection: &Connection, conversation: ConversationId) -> Result<(), StoreError> {
    for table in ["shown", "shown_tag"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE conversation = ?1"))?
            .execute([conversation.as_bytes()])?;
    }
    Ok(())
}

/// A row a tag, with what the list of that tag is cut and sorted by.
fn put_tags(
    connection: &Connection,
    conversation: ConversationId,
    tags: Option<&Tags>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM shown_tag WHERE conversation = ?1")?
        .execute([conversation.as_bytes()])?;
    for tag in tags.into_iter().flat_map(Tags::iter) {
        connection
            .prepare_cached(
                "INSERT INTO shown_tag (conversation, tag, status, is_unread, activity_at)
                 SELECT conversation, ?2, status, is_unread, activity_at FROM shown WHERE conversation = ?1",
            )?
            .execute((conversation.as_bytes(), tag.key()))?;
    }
    Ok(())
}
