//! Mutations about a customer: tags and notes.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shopbell_domain::ids::{CustomerId, NoteId, ShopId};
use shopbell_domain::mutation::{CustomerSubject, Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::sync::RowRef;

use super::{Context, Decided};
use crate::storage::OperationError;
use crate::storage::sqlite::changes::Changed;
use crate::storage::sqlite::customers::{self, StoredCustomer};
use crate::storage::sqlite::group::Tx;
use crate::storage::sqlite::notes;

/// Decides on an operation whose permission was checked, and stores what changed.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    customer: CustomerId,
) -> Result<Decided, OperationError> {
    let Some(stored) = customers::load(tx.conn, context.shop, customer)? else {
        return Ok(Err(Refusal::UnknownCustomer));
    };
    let before = subject(tx.conn, context.shop, customer, &stored, named_note(operation))?;
    let mut after = before.clone();
    if let Err(refusal) = operation.apply_to_customer(&context.facts(mutation), &mut after) {
        return Ok(Err(refusal));
    }
    for added in after.notes.keys().filter(|id| !before.notes.contains_key(id)) {
        // Ids are unique in the shop; what has this one is another note.
        if notes::load(tx.conn, context.shop, *added)?.is_some() {
            return Ok(Err(Refusal::AlreadySent));
        }
    }
    store(tx, context.shop, customer, &stored, &before, &after, named_note(operation)).map(Ok)
}

/// What an operation looks at: of the notes only the one that it names, and how many there are. They are long, and a
/// push may hold hundreds.
fn subject(
    conn: &Connection,
    shop: ShopId,
    customer: CustomerId,
    stored: &StoredCustomer,
    named: Option<NoteId>,
) -> rusqlite::Result<CustomerSubject> {
    let customer_now = stored.customer.clone();
    let Some(named) = named else { return Ok(CustomerSubject::new(customer_now, BTreeMap::new())) };
    let found = notes::load(conn, shop, named)?.filter(|stored| stored.note.customer == customer);
    Ok(CustomerSubject {
        customer: customer_now,
        notes: found.map(|stored| (named, stored.note)).into_iter().collect(),
        notes_count: notes::count(conn, shop, customer)?,
    })
}

/// The note that an operation is about.
pub(super) fn named_note(operation: &Operation) -> Option<NoteId> {
    match operation {
        Operation::AddNote(args) => Some(args.note),
        Operation::EditNote(args) => Some(args.note),
        Operation::DeleteNote(args) => Some(args.note),
        _ => None,
    }
}

/// Stores what an operation made of its subject and names the rows: what changed, the row that it was about even when
/// that is as it was, and the customer when nothing changed at all.
fn store(
    tx: &mut Tx<'_>,
    shop: ShopId,
    customer: CustomerId,
    stored: &StoredCustomer,
    before: &CustomerSubject,
    after: &CustomerSubject,
    named: Option<NoteId>,
) -> Result<Vec<RowRef>, OperationError> {
    let customer_row = Changed::Customer(stored.inbox, customer);
    let note_row = |id: NoteId| Changed::Note(stored.inbox, id);
    let mut rows = Vec::new();
    if after.customer != before.customer {
        customers::set_tags(tx.conn, shop, customer, &after.customer.tags)?;
        tx.changes.touch(shop, customer_row);
        rows.push(customer_row);
    }
    for (id, note) in after.notes.iter().filter(|(id, note)| before.notes.get(id) != Some(note)) {
        notes::put(tx.conn, shop, *id, note)?;
        tx.changes.touch(shop, note_row(*id));
        rows.push(note_row(*id));
    }
    for id in before.notes.keys().filter(|id| !after.notes.contains_key(id)) {
        notes::delete(tx.conn, shop, *id)?;
        tx.changes.end(shop, note_row(*id));
        rows.push(note_row(*id));
    }
    if rows.is_empty() {
        rows.push(customer_row);
    }
    if let Some(named) = named.map(note_row).filter(|named| !rows.contains(named)) {
        rows.push(named);
    }
    Ok(rows.into_iter().map(Changed::row_ref).collect())
}
