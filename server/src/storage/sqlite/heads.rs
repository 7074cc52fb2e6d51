//! Conversation heads as they stand in their table.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shopbell_domain::conversation::{Conversation, Field, Status, Ver};
use shopbell_domain::ids::{
    ChannelId, ConversationId, CustomerId, InboxId, MessageId, MutationId, ShopId, StaffId,
};
use shopbell_domain::sync::Entity;

use super::columns::{id, json, maybe_id, time, to_json, word};
use super::search_index;

/// A head with what only the server knows of it.
pub(super) struct StoredHead {
    /// The inbox that it is in.
    pub(super) inbox: InboxId,
    /// What the channel's provider calls the customer.
    pub(super) address: String,
    /// The row's version.
    pub(super) ver: Ver,
    /// The head.
    pub(super) head: Conversation,
}

/// The head of a conversation of this shop.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
) -> rusqlite::Result<Option<StoredHead>> {
    conn.prepare_cached(
        "SELECT inbox, address, ver, customer, channel, status, status_ver, status_by, status_mutation, assignee,
             assignee_ver, assignee_by, assignee_mutation, started_at, activity_at, last_mseq, inbound_count,
             last_inbound, preview, starred
         FROM conversation WHERE shop = ?1 AND id = ?2",
    )?
    .query_row(params![shop.as_bytes(), conversation.as_bytes()], read)
    .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredHead> {
    Ok(StoredHead {
        inbox: id(row, 0, InboxId)?,
        address: row.get(1)?,
        ver: Ver(row.get(2)?),
        head: Conversation {
            customer: id(row, 3, CustomerId)?,
            channel: id(row, 4, ChannelId)?,
            status: Field {
                value: word(row, 5, status_from_word)?,
                ver: Ver(row.get(6)?),
                by: maybe_id(row, 7, StaffId)?,
                mutation: maybe_id(row, 8, MutationId)?,
            },
            assignee: Field {
                value: maybe_id(row, 9, StaffId)?,
                ver: Ver(row.get(10)?),
                by: maybe_id(row, 11, StaffId)?,
                mutation: maybe_id(row, 12, MutationId)?,
            },
            started_at: time(row, 13)?,
            activity_at: time(row, 14)?,
            last_mseq: row.get(15)?,
            inbound_count: row.get(16)?,
            last_inbound: maybe_id(row, 17, MessageId)?,
            preview: json(row, 18)?,
            starred: row.get(19)?,
        },
    })
}

/// Stores a conversation that begins. Its head follows by [`update`].
pub(super) fn insert(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    stored: &StoredHead,
) -> rusqlite::Result<()> {
    let head = &stored.head;
    conn.prepare_cached(
        "INSERT INTO conversation (shop, id, inbox, customer, channel, address, status, started_at, activity_at,
             preview)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 'null')",
    )?
    .execute(params![
        shop.as_bytes(),
        conversation.as_bytes(),
        stored.inbox.as_bytes(),
        head.customer.as_bytes(),
        head.channel.as_bytes(),
        stored.address,
        status_word(head.status.value),
        head.started_at.millis(),
    ])?;
    search_index::update(conn, shop, Entity::Conversation, conversation.0)
}

/// Stores a head that changed.
pub(super) fn update(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    ver: Ver,
    head: &Conversation,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE conversation SET ver = ?3, status = ?4, status_ver = ?5, status_by = ?6, status_mutation = ?7,
             assignee = ?8, assignee_ver = ?9, assignee_by = ?10, assignee_mutation = ?11, activity_at = ?12,
             last_mseq = ?13, inbound_count = ?14, last_inbound = ?15, preview = ?16, starred = ?17
         WHERE shop = ?1 AND id = ?2",
    )?
    .execute(params![
        shop.as_bytes(),
        conversation.as_bytes(),
        ver.0,
        status_word(head.status.value),
        head.status.ver.0,
        head.status.by.map(|id| *id.as_bytes()),
        head.status.mutation.map(|id| *id.as_bytes()),
        head.assignee.value.map(|id| *id.as_bytes()),
        head.assignee.ver.0,
        head.assignee.by.map(|id| *id.as_bytes()),
        head.assignee.mutation.map(|id| *id.as_bytes()),
        head.activity_at.millis(),
        head.last_mseq,
        head.inbound_count,
        head.last_inbound.map(|id| *id.as_bytes()),
        to_json(&head.preview)?,
        head.starred,
    ])?;
    Ok(())
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Closed => "closed",
    }
}

fn status_from_word(word: &str) -> Option<Status> {
    [Status::Open, Status::Closed].into_iter().find(|status| status_word(*status) == word)
}
