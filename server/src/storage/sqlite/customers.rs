//! Customers as they stand in their table.

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::customer::{Customer, Tags};
use shopbell_domain::ids::{CustomerId, InboxId, ShopId};

use super::columns::{id, json, to_json};
use super::search_index;

/// A customer with what only the server knows of them.
pub(super) struct StoredCustomer {
    /// The inbox that they wrote to.
    pub(super) inbox: InboxId,
    /// The row's version.
    pub(super) ver: Ver,
    /// The customer.
    pub(super) customer: Customer,
}

/// One customer.
pub(super) const ONE_SQL: &str =
    "SELECT inbox, ver, name, number, tags FROM customer WHERE shop = ?1 AND id = ?2";

/// A customer of this shop.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    customer: CustomerId,
) -> rusqlite::Result<Option<StoredCustomer>> {
    conn.prepare_cached(ONE_SQL)?
        .query_row(params![shop.as_bytes(), customer.as_bytes()], |row| {
            Ok(StoredCustomer {
                inbox: id(row, 0, InboxId)?,
                ver: Ver(row.get(1)?),
                customer: Customer { name: row.get(2)?, number: row.get(3)?, tags: json(row, 4)? },
            })
        })
        .optional()
}

/// Stores a customer who writes for the first time.
pub(super) fn insert(
    conn: &Connection,
    shop: ShopId,
    inbox: InboxId,
    id: CustomerId,
    customer: &Customer,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO customer (shop, id, inbox, name, number, tags) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        shop.as_bytes(),
        id.as_bytes(),
        inbox.as_bytes(),
        customer.name,
        customer.number,
        to_json(&customer.tags)?
    ])?;
    Ok(())
}

/// Stores the tags of a customer.
pub(super) fn set_tags(conn: &Connection, shop: ShopId, id: CustomerId, tags: &Tags) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE customer SET tags = ?3 WHERE shop = ?1 AND id = ?2")?.execute(params![
        shop.as_bytes(),
        id.as_bytes(),
        to_json(tags)?
    ])?;
    search_index::update_customer(conn, shop, id)
}
