//! Each kind of row of the server: what of its body stands in which column, and back.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use serde::de::DeserializeOwned;

use shopbell_domain::channel::Channel;
use shopbell_domain::conversation::{Conversation, Field, ReadMarker, Status, Ver};
use shopbell_domain::customer::{Customer, Tags};
use shopbell_domain::ids::{ConversationId, CustomerId, EpochId, StaffId};
use shopbell_domain::message::{Author, Delivery, Message, Preview};
use shopbell_domain::secret::{Secret, SecretKind};
use shopbell_domain::shop::Shop;
use shopbell_domain::staff::Staff;
use shopbell_domain::sync::{Row, Scope};
use shopbell_domain::time::Timestamp;

use super::StoreError;
use super::columns::{id, maybe_id};
use crate::channel::ChannelRow;

/// A row that is taken in, with what it came with.
pub(super) struct Merged<'a> {
    pub(super) scope: Scope,
    pub(super) row: &'a Row,
    pub(super) epoch: EpochId,
}

impl Merged<'_> {
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(self.row.body.as_deref().map_or("null", |body| body.get()))
            .map_err(|_| StoreError::Unreadable { what: "row of the server" })
    }

    pub(super) fn scope(&self) -> String {
        self.scope.to_string()
    }
}

// Each `put_…` answers the newest server time in the row, in milliseconds since 1970-01-01 UTC, where it has one.

pub(super) fn put_shop(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let shop: Shop = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO shop (id, scope, ver, epoch, name) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((row.row.id.as_bytes(), row.scope(), row.row.ver.0, row.epoch.as_bytes(), shop.name))?;
    Ok(None)
}

pub(super) fn put_staff(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let staff: Staff = row.body()?;
    let permissions = serde_json::to_string(&staff.permissions).unwrap_or_else(|_| "[]".to_owned());
    to.prepare_cached(
        "INSERT OR REPLACE INTO staff (id, scope, ver, epoch, name, email, permissions, owner)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        staff.name,
        staff.email,
        permissions,
        staff.owner,
    ))?;
    Ok(None)
}

pub(super) fn put_channel(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let channel: Channel = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO channel (id, scope, ver, epoch, kind, name, inbox)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        channel.kind.as_str(),
        channel.name,
        channel.inbox.as_bytes(),
    ))?;
    Ok(None)
}

pub(super) fn put_customer(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let customer: Customer = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO customer (id, scope, ver, epoch, name, number, tags)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        customer.name,
        customer.number,
        tags_json(&customer.tags),
    ))?;
    Ok(None)
}

/// The server's row of a customer.
pub(super) fn customer(from: &Connection, customer: CustomerId) -> Result<Option<Customer>, StoreError> {
    Ok(from
        .prepare_cached("SELECT name, number, tags FROM customer WHERE id = ?1")?
        .query_row([customer.as_bytes()], |row| {
            let tags: String = row.get("tags")?;
            Ok(Customer { name: row.get("name")?, number: row.get("number")?, tags: tags_from_json(&tags) })
        })
        .optional()?)
}

/// A customer's conversations.
pub(super) fn conversations_of(
    from: &Connection,
    customer: CustomerId,
) -> Result<Vec<ConversationId>, StoreError> {
    let mut statement = from.prepare_cached("SELECT id FROM conversation WHERE customer = ?1")?;
    let found = statement.query_map([customer.as_bytes()], |row| id(row, "id"))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The channels in the order of their tabs.
pub(crate) fn channels(from: &Connection) -> Result<Vec<ChannelRow>, StoreError> {
    let mut statement = from.prepare_cached("SELECT id, kind, name FROM channel ORDER BY name, id")?;
    let found = statement.query_map([], |row| {
        Ok(ChannelRow { id: id(row, "id")?, kind: row.get("kind")?, name: row.get("name")? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) fn put_read_marker(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let marker: ReadMarker = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO read_marker (id, scope, ver, epoch, count, marked_unread)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        marker.count,
        marker.marked_unread,
    ))?;
    Ok(None)
}

/// How much of a conversation this person has read.
pub(super) fn read_marker(from: &Connection, conversation: ConversationId) -> Result<ReadMarker, StoreError> {
    let held = from
        .prepare_cached("SELECT count, marked_unread FROM read_marker WHERE id = ?1")?
        .query_row([conversation.as_bytes()], |row| {
            Ok(ReadMarker {
                conversation,
                count: row.get("count")?,
                marked_unread: row.get("marked_unread")?,
            })
        })
        .optional()?;
    Ok(held.unwrap_or_else(|| ReadMarker::new(conversation)))
}

pub(super) fn put_message(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let message: Message = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO message (id, scope, ver, epoch, conversation, mseq, author, text, at,
             inbound_number, delivery, refused_by_channel, shared, revision_ver, revision_mutation, revision_at,
             deleted, brought_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?
    .execute(rusqlite::params![
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        message.conversation.as_bytes(),
        message.mseq,
        author_column(message.author).as_ref().map(StaffId::as_bytes),
        message.text,
        message.at.millis(),
        message.inbound_number,
        message.delivery.map(Delivery::as_str),
        message.refused_by_channel,
        message.shared.map(SecretKind::as_str),
        message.revision.map(|revision| revision.ver.0),
        message.revision.as_ref().map(|revision| revision.mutation.as_bytes()),
        message.revision.map(|revision| revision.at.millis()),
        message.deleted,
        message.brought_by.as_ref().map(StaffId::as_bytes),
    ])?;
    Ok(Some(message.at.millis()))
}

pub(super) fn put_conversation(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let head: Conversation = row.body()?;
    let preview = head.preview.as_ref();
    to.prepare_cached(
        "INSERT OR REPLACE INTO conversation (id, scope, ver, epoch, customer, channel,
             status, status_ver, status_by, status_mutation,
             assignee, assignee_ver, assignee_by, assignee_mutation,
             started_at, activity_at, last_mseq, inbound_count, last_inbound,
             preview_message, preview_author, preview_text, starred, preview_shared, preview_deleted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
             ?23, ?24, ?25)",
    )?
    .execute(rusqlite::params![
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        head.customer.as_bytes(),
        head.channel.as_bytes(),
        status_word(head.status.value),
        head.status.ver.0,
        head.status.by.as_ref().map(StaffId::as_bytes),
        head.status.mutation.as_ref().map(|mid| mid.as_bytes()),
        head.assignee.value.as_ref().map(StaffId::as_bytes),
        head.assignee.ver.0,
        head.assignee.by.as_ref().map(StaffId::as_bytes),
        head.assignee.mutation.as_ref().map(|mid| mid.as_bytes()),
        head.started_at.millis(),
        head.activity_at.millis(),
        head.last_mseq,
        head.inbound_count,
        head.last_inbound.as_ref().map(|message| message.as_bytes()),
        preview.map(|preview| preview.message.as_bytes()),
        preview.and_then(|preview| author_column(preview.author)).as_ref().map(StaffId::as_bytes),
        preview.map_or("", |preview| preview.text.as_str()),
        head.starred,
        preview.and_then(|preview| preview.shared).map(SecretKind::as_str),
        preview.is_some_and(|preview| preview.deleted),
    ])?;
    Ok(Some(head.activity_at.millis()))
}

/// The server's head of a conversation.
pub(crate) fn head(
    from: &Connection,
    conversation: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let mut statement = from.prepare_cached(
        "SELECT customer, channel, status, status_ver, status_by, status_mutation,
                assignee, assignee_ver, assignee_by, assignee_mutation,
                started_at, activity_at, last_mseq, inbound_count, last_inbound,
                preview_message, preview_author, preview_text, preview_shared, preview_deleted, starred
         FROM conversation WHERE id = ?1",
    )?;
    Ok(statement.query_row([conversation.as_bytes()], read_head).optional()?)
}

fn read_head(row: &SqlRow<'_>) -> rusqlite::Result<Conversation> {
    let status: String = row.get("status")?;
    let preview_author: Option<StaffId> = maybe_id(row, "preview_author")?;
    let preview_text: String = row.get("preview_text")?;
    let (shared, deleted) = (secret_kind(row, "preview_shared")?, row.get("preview_deleted")?);
    Ok(Conversation {
        customer: id(row, "customer")?,
        channel: id(row, "channel")?,
        status: Field {
            value: status_from_word(&status),
            ver: Ver(row.get("status_ver")?),
            by: maybe_id(row, "status_by")?,
            mutation: maybe_id(row, "status_mutation")?,
        },
        assignee: Field {
            value: maybe_id(row, "assignee")?,
            ver: Ver(row.get("assignee_ver")?),
            by: maybe_id(row, "assignee_by")?,
            mutation: maybe_id(row, "assignee_mutation")?,
        },
        starred: row.get("starred")?,
        started_at: Timestamp::from_millis(row.get("started_at")?),
        activity_at: Timestamp::from_millis(row.get("activity_at")?),
        last_mseq: row.get("last_mseq")?,
        inbound_count: row.get("inbound_count")?,
        last_inbound: maybe_id(row, "last_inbound")?,
        preview: maybe_id(row, "preview_message")?.map(|message| Preview {
            message,
            author: author_of(preview_author),
            text: preview_text,
            shared,
            deleted,
        }),
    })
}

pub(super) fn put_secret(to: &Connection, row: &Merged<'_>) -> Result<Option<i64>, StoreError> {
    let Secret { conversation, part } = row.body()?;
    to.prepare_cached(
        "INSERT OR REPLACE INTO secret (id, scope, ver, epoch, conversation, kind, title, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        row.row.id.as_bytes(),
        row.scope(),
        row.row.ver.0,
        row.epoch.as_bytes(),
        conversation.as_bytes(),
        part.kind.as_str(),
        part.title,
        part.body,
    ))?;
    Ok(None)
}

/// What is shared, by a column that is null where nothing is.
pub(crate) fn secret_kind(row: &SqlRow<'_>, column: &str) -> rusqlite::Result<Option<SecretKind>> {
    let word: Option<String> = row.get(column)?;
    Ok(word.as_deref().and_then(SecretKind::from_word))
}

/// The column for tags.
pub(super) fn tags_json(tags: &Tags) -> String {
    serde_json::to_string(tags).expect("tags are a list of strings")
}

/// The tags in a column. What cannot be read is none.
pub(crate) fn tags_from_json(json: &str) -> Tags {
    serde_json::from_str(json).unwrap_or_default()
}

/// The word that stands for a status in columns.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Closed => "closed",
    }
}

/// The status that a word in a column stands for.
pub(crate) fn status_from_word(word: &str) -> Status {
    if word == "closed" { Status::Closed } else { Status::Open }
}

/// Who wrote it, by a column that is null for the customer.
fn author_of(staff: Option<StaffId>) -> Author {
    staff.map_or(Author::Customer, Author::Staff)
}

/// The column for who wrote it.
pub(super) fn author_column(author: Author) -> Option<StaffId> {
    match author {
        Author::Customer => None,
        Author::Staff(staff) => Some(staff),
    }
}
