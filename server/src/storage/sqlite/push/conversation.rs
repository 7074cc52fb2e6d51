//! Mutations about a conversation: replies, its head, the reader's own marker.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::conversation::ReadMarker;
use shopbell_domain::ids::{ConversationId, InboxId, MessageId, ShopId, StaffId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::mutation::{Facts, Mutation, NewMessage, Operation, Subject};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{ASSIGNEE_NEEDS, Staff};
use shopbell_domain::sync::RowRef;

use super::{Context, Decided};
use crate::storage::OperationError;
use crate::storage::sqlite::changes::Changed;
use crate::storage::sqlite::group::Tx;
use crate::storage::sqlite::heads::{self, StoredHead};
use crate::storage::sqlite::messages::StoredMessage;
use crate::storage::sqlite::{chat, drafts, messages, outgoing, rows, secrets};

/// Decides on an operation whose permission was checked, and stores what changed.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    conversation: ConversationId,
) -> Result<Decided, OperationError> {
    let Some(stored) = heads::load(tx.conn, context.shop, conversation)? else {
        return Ok(Err(Refusal::UnknownConversation));
    };
    let facts = facts(tx.conn, context, mutation, operation, conversation, &stored)?;
    let marker = marker(tx.conn, context, conversation)?;
    let own = own_message(tx.conn, context.shop, operation, conversation)?;
    let message = own.as_ref().map(|own| own.message.clone());
    let mut subject = Subject { head: stored.head.clone(), marker, message };
    let added = match operation.apply(&facts, &mut subject) {
        Ok(added) => added,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(message) = &added
        && messages::is_known(tx.conn, context.shop, message.id)?
    {
        return Ok(Err(Refusal::AlreadySent));
    }
    let mut named = store(tx, context, operation, conversation, &stored, &subject, marker)?;
    if let Some(message) = added {
        named.extend(store_reply(tx, context, conversation, &stored, &subject, message)?);
    }
    if let (Some(before), Some(after)) = (&own, &subject.message) {
        named.extend(store_revised(tx, context.shop, stored.inbox, before, after)?);
    }
    Ok(Ok(named))
}

/// The message that an operation revises, if it stands in this conversation.
fn own_message(
    conn: &Connection,
    shop: ShopId,
    operation: &Operation,
    conversation: ConversationId,
) -> rusqlite::Result<Option<StoredMessage>> {
    let Some(message) = operation.own_message() else { return Ok(None) };
    let found = messages::load(conn, shop, message)?;
    Ok(found.filter(|stored| stored.message.conversation == conversation))
}

fn facts(
    conn: &Connection,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    conversation: ConversationId,
    stored: &StoredHead,
) -> Result<Facts, OperationError> {
    let mut facts = context.facts(mutation);
    if let Some(named) = operation.named_staff() {
        facts.named_staff = named_staff(conn, context.shop, named)?;
    }
    if let Some(seen) = operation.seen_message() {
        facts.seen_number = seen_number(conn, context.shop, conversation, seen)?;
    }
    let kind: String = conn
        .prepare_cached("SELECT kind FROM channel WHERE shop = ?1 AND id = ?2")?
        .query_row(params![context.shop.as_bytes(), stored.head.channel.as_bytes()], |row| row.get(0))?;
    if let Some(capabilities) = context.kinds.get(&ChannelKind::new(kind)) {
        facts.text_limit_chars = capabilities.text_limit_chars;
        facts.channel_revises = capabilities.revises;
    }
    if let Operation::EditMessage(args) = operation
        && let Some((_, secret)) = secrets::load(conn, context.shop, args.message)?
    {
        // The customer goes on reading what is shared, below the new text.
        let below = secret.part.told("").chars().count() + 1;
        facts.text_limit_chars = facts.text_limit_chars.saturating_sub(below);
    }
    Ok(facts)
}

fn named_staff(conn: &Connection, shop: ShopId, named: StaffId) -> rusqlite::Result<Option<Staff>> {
    conn.prepare_cached(
        "SELECT name, email, permissions, owner FROM staff WHERE shop = ?1 AND id = ?2 AND removed_at IS NULL",
    )?
    .query_row(params![shop.as_bytes(), named.as_bytes()], |row| rows::staff(row, 0))
    .optional()
}

/// Whether conversations may be assigned to this person.
pub(super) fn may_be_assigned(conn: &Connection, shop: ShopId, staff: StaffId) -> rusqlite::Result<bool> {
    let staff = named_staff(conn, shop, staff)?;
    Ok(staff.is_some_and(|staff| staff.permissions.allow_all(&ASSIGNEE_NEEDS)))
}

fn seen_number(
    conn: &Connection,
    shop: ShopId,
    conversation: ConversationId,
    seen: MessageId,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT inbound_number FROM message WHERE shop = ?1 AND id = ?2 AND conversation = ?3",
    )?
    .query_row(params![shop.as_bytes(), seen.as_bytes(), conversation.as_bytes()], |row| row.get(0))
    .optional()
    .map(Option::flatten)
}

fn marker(
    conn: &Connection,
    context: &Context<'_>,
    conversation: ConversationId,
) -> rusqlite::Result<ReadMarker> {
    let key = params![context.shop.as_bytes(), context.actor.staff.as_bytes(), conversation.as_bytes()];
    let marker = conn
        .prepare_cached(
            "SELECT count, marked_unread FROM read_marker
             WHERE shop = ?1 AND staff = ?2 AND conversation = ?3",
        )?
        .query_row(key, |row| Ok(ReadMarker { conversation, count: row.get(0)?, marked_unread: row.get(1)? }))
        .optional()?;
    Ok(marker.unwrap_or(ReadMarker::new(conversation)))
}

/// Stores what an operation made of its subject and names the row that it was about, even when that is as it was: the
/// phone that shows the change must have its present state before it lets go of its own.
fn store(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    operation: &Operation,
    conversation: ConversationId,
    before: &StoredHead,
    after: &Subject,
    marker: ReadMarker,
) -> Result<Vec<RowRef>, OperationError> {
    let shop = context.shop;
    let head_row = Changed::Conversation(before.inbox, conversation);
    let marker_row = Changed::ReadMarker(context.actor.staff, conversation);
    if after.head != before.head {
        heads::update(tx.conn, shop, conversation, before.ver, &after.head)?;
        tx.changes.touch(shop, head_row);
    }
    if after.marker != marker {
        tx.conn
            .prepare_cached(
                "INSERT INTO read_marker (shop, staff, conversation, count, marked_unread)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (shop, staff, conversation)
                 DO UPDATE SET count = excluded.count, marked_unread = excluded.marked_unread",
            )?
            .execute(params![
                shop.as_bytes(),
                context.actor.staff.as_bytes(),
                conversation.as_bytes(),
                after.marker.count,
                after.marker.marked_unread
            ])?;
        tx.changes.touch(shop, marker_row);
    }
    let about = match operation {
        Operation::MarkRead(_) | Operation::MarkUnread(_) => marker_row,
        _ => head_row,
    };
    Ok(vec![about.row_ref()])
}

/// Stores and queues a reply; the draft that it was is gone.
fn store_reply(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    conversation: ConversationId,
    before: &StoredHead,
    after: &Subject,
    added: NewMessage,
) -> Result<Vec<RowRef>, OperationError> {
    let (shop, staff) = (context.shop, context.actor.staff);
    let message = Message {
        delivery: Some(Delivery::Queued),
        shared: added.secret.as_ref().map(|secret| secret.kind),
        ..Message::new(conversation, after.head.last_mseq, added.author, added.text, context.now)
    };
    messages::insert(tx.conn, shop, added.id, &message)?;
    outgoing::queue(tx, shop, added.id, conversation, message.mseq, context.device, context.now)?;
    let message_row = Changed::Message(before.inbox, added.id);
    tx.changes.touch(shop, message_row);
    let mut named = vec![message_row.row_ref()];
    if let Some(part) = &added.secret {
        named.push(secrets::insert(tx, shop, before.inbox, added.id, part)?.row_ref());
    }
    if drafts::end(tx, shop, staff, conversation, added.id)? {
        named.push(Changed::Draft(staff, conversation).row_ref());
    }
    Ok(named)
}

/// Stores what an edit or a deletion made of a message, and shows it to the customer where its channel can. The row is
/// named even when it is as it was.
fn store_revised(
    tx: &mut Tx<'_>,
    shop: ShopId,
    inbox: InboxId,
    before: &StoredMessage,
    after: &Message,
) -> Result<Vec<RowRef>, OperationError> {
    let row = Changed::Message(inbox, before.id);
    let mut named = vec![row.row_ref()];
    if *after != before.message {
        messages::update(tx.conn, shop, before.id, after)?;
        tx.changes.touch(shop, row);
        if after.deleted {
            named.extend(secrets::end(tx, shop, inbox, before.id)?.map(Changed::row_ref));
            outgoing::give_up_deleted(tx, shop, before.id)?;
        }
        chat::show_again(tx, shop, before.id)?;
    }
    Ok(named)
}
