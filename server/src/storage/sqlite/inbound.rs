//! A customer's message arrives: stored once, counted, the conversation begun or reopened.

use rusqlite::{OptionalExtension, params};
use shopbell_domain::conversation::{Conversation, Ver};
use shopbell_domain::customer::{Customer, Tags};
use shopbell_domain::ids::{ChannelId, InboxId, MessageId, ShopId};
use shopbell_domain::message::{Author, Message, Preview};
use shopbell_domain::text::preview;

use super::changes::Changed;
use super::columns::id;
use super::group::Tx;
use super::heads::{self, StoredHead};
use super::{chat, customers, messages, restored};
use crate::storage::{Denied, Inbound, InboundRecorded, OperationError};

pub(super) fn record_inbound(tx: &mut Tx<'_>, inbound: &Inbound) -> Result<InboundRecorded, OperationError> {
    let (shop, inbox) = channel(tx, inbound.channel)?.ok_or(Denied::NotFound)?;
    if let Some(message) = known_event(tx, shop, inbound)? {
        return Ok(InboundRecorded { message, n: chat::event_number(tx.conn, shop, message)? });
    }
    if messages::is_known(tx.conn, shop, inbound.message)? {
        return brought_before(tx, shop, inbound);
    }
    restored::note_address(tx, shop, inbound.conversation, &inbound.address, inbound.now)?;
    let stored = match heads::load(tx.conn, shop, inbound.conversation)? {
        Some(stored) => stored,
        None => begin(tx, shop, inbox, inbound)?,
    };
    let mut head = stored.head.clone();
    let preview = Preview::of(inbound.message, Author::Customer, preview(&inbound.text));
    head.record_inbound(preview, inbound.now);
    heads::update(tx.conn, shop, inbound.conversation, stored.ver, &head)?;
    let (author, text) = (Author::Customer, inbound.text.clone());
    let message = Message {
        inbound_number: Some(head.inbound_count),
        ..Message::new(inbound.conversation, head.last_mseq, author, text, inbound.now)
    };
    messages::insert(tx.conn, shop, inbound.message, &message)?;
    tx.changes.touch(shop, Changed::Conversation(stored.inbox, inbound.conversation));
    tx.changes.touch(shop, Changed::Message(stored.inbox, inbound.message));
    note_event(tx, shop, inbound)
}

/// Notes the provider's event of a message that is stored, and shows it to the browser that it came from.
fn note_event(tx: &mut Tx<'_>, shop: ShopId, inbound: &Inbound) -> Result<InboundRecorded, OperationError> {
    tx.conn
        .prepare_cached("INSERT INTO inbound_event (shop, channel, event, message) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            shop.as_bytes(),
            inbound.channel.as_bytes(),
            inbound.event,
            inbound.message.as_bytes()
        ])?;
    let n = match inbound.chat {
        Some(session) => Some(chat::add_event(tx, shop, session, inbound.message)?),
        None => None,
    };
    Ok(InboundRecorded { message: inbound.message, n })
}

/// A message whose id is known although its event is not: a phone brought it back to a restored server before the
/// customer's own channel did. Any other is another message's id.
fn brought_before(
    tx: &mut Tx<'_>,
    shop: ShopId,
    inbound: &Inbound,
) -> Result<InboundRecorded, OperationError> {
    let was_brought = tx
        .conn
        .prepare_cached(
            "SELECT 1 FROM message WHERE shop = ?1 AND id = ?2 AND conversation = ?3 AND brought_by IS NOT NULL",
        )?
        .exists(params![shop.as_bytes(), inbound.message.as_bytes(), inbound.conversation.as_bytes()])?;
    if !was_brought {
        return Err(Denied::IdTaken.into());
    }
    restored::note_address(tx, shop, inbound.conversation, &inbound.address, inbound.now)?;
    note_event(tx, shop, inbound)
}

fn channel(tx: &Tx<'_>, channel: ChannelId) -> rusqlite::Result<Option<(ShopId, InboxId)>> {
    tx.conn
        .prepare_cached("SELECT shop, inbox FROM channel WHERE id = ?1")?
        .query_row(params![channel.as_bytes()], |row| Ok((id(row, 0, ShopId)?, id(row, 1, InboxId)?)))
        .optional()
}

fn known_event(tx: &Tx<'_>, shop: ShopId, inbound: &Inbound) -> rusqlite::Result<Option<MessageId>> {
    tx.conn
        .prepare_cached("SELECT message FROM inbound_event WHERE shop = ?1 AND channel = ?2 AND event = ?3")?
        .query_row(params![shop.as_bytes(), inbound.channel.as_bytes(), inbound.event], |row| {
            id(row, 0, MessageId)
        })
        .optional()
}

/// Stores a customer and the conversation that they begin.
fn begin(
    tx: &mut Tx<'_>,
    shop: ShopId,
    inbox: InboxId,
    inbound: &Inbound,
) -> Result<StoredHead, OperationError> {
    let number: i64 = tx
        .conn
        .prepare_cached("UPDATE shop SET customers = customers + 1 WHERE id = ?1 RETURNING customers")?
        .query_row(params![shop.as_bytes()], |row| row.get(0))?;
    let customer = Customer { name: inbound.name.clone(), number, tags: Tags::default() };
    customers::insert(tx.conn, shop, inbox, inbound.customer, &customer)?;
    tx.changes.touch(shop, Changed::Customer(inbox, inbound.customer));
    let stored = StoredHead {
        inbox,
        address: inbound.address.clone(),
        ver: Ver::PENDING,
        head: Conversation::begin(inbound.customer, inbound.channel, inbound.now),
    };
    heads::insert(tx.conn, shop, inbound.conversation, &stored)?;
    Ok(stored)
}
