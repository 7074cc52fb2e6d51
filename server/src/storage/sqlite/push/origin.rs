//! Makes a conversation and its customer again that a restore has lost, from what a phone says of them
//! (docs/sync.md 18.5). Where replies to it go the phone does not know: they wait until the customer is heard of again.

use rusqlite::{OptionalExtension, params};
use shopbell_domain::conversation::{Conversation, Ver};
use shopbell_domain::customer::{Customer, Tags};
use shopbell_domain::ids::{ConversationId, CustomerId, InboxId};
use shopbell_domain::mutation::{Mutation, Origin};
use shopbell_domain::text;

use super::Context;
use crate::storage::OperationError;
use crate::storage::sqlite::changes::Changed;
use crate::storage::sqlite::columns::id;
use crate::storage::sqlite::customers;
use crate::storage::sqlite::group::Tx;
use crate::storage::sqlite::heads::{self, StoredHead};

/// The conversation, made again if it is gone. `None`: it is gone, and nobody says where it came from.
pub(super) fn conversation(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    conversation: ConversationId,
) -> Result<Option<StoredHead>, OperationError> {
    if let Some(stored) = heads::load(tx.conn, context.shop, conversation)? {
        return Ok(Some(stored));
    }
    let Some(origin) = &mutation.origin else { return Ok(None) };
    let Some(inbox) = customer(tx, context, mutation, origin.customer)? else { return Ok(None) };
    let started_at = origin.started_at.min(context.now);
    let stored = StoredHead {
        inbox,
        address: String::new(),
        ver: Ver::PENDING,
        head: Conversation::begin(origin.customer, origin.channel, started_at),
    };
    heads::insert(tx.conn, context.shop, conversation, &stored)?;
    tx.changes.touch(context.shop, Changed::Conversation(inbox, conversation));
    Ok(Some(stored))
}

/// The inbox of a customer, who is made again if they are gone.
pub(super) fn customer(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    customer: CustomerId,
) -> Result<Option<InboxId>, OperationError> {
    let shop = context.shop;
    if let Some(stored) = customers::load(tx.conn, shop, customer)? {
        return Ok(Some(stored.inbox));
    }
    let Some(origin) = mutation.origin.as_ref().filter(|origin| origin.customer == customer) else {
        return Ok(None);
    };
    let Some(inbox) = inbox(tx, context, origin)? else { return Ok(None) };
    let number = tx
        .conn
        .prepare_cached("UPDATE shop SET customers = customers + 1 WHERE id = ?1 RETURNING customers")?
        .query_row(params![shop.as_bytes()], |row| row.get(0))?;
    let name = origin.name.as_deref().and_then(text::name);
    customers::insert(tx.conn, shop, inbox, customer, &Customer { name, number, tags: Tags::default() })?;
    tx.changes.touch(shop, Changed::Customer(inbox, customer));
    Ok(Some(inbox))
}

/// The inbox that a channel of this shop leads to.
fn inbox(tx: &Tx<'_>, context: &Context<'_>, origin: &Origin) -> rusqlite::Result<Option<InboxId>> {
    tx.conn
        .prepare_cached("SELECT inbox FROM channel WHERE shop = ?1 AND id = ?2")?
        .query_row(params![context.shop.as_bytes(), origin.channel.as_bytes()], |row| id(row, 0, InboxId))
        .optional()
}
