//! Rows of the protocol from the tables, and their versions into the tables. One body and one version a row, whatever
//! scopes it is in and whoever reads it.

use rusqlite::{Connection, OptionalExtension, Params, Row as SqlRow, params};
use serde::Serialize;
use shopbell_domain::channel::{Channel, ChannelKind};
use shopbell_domain::conversation::{ReadMarker, Ver};
use shopbell_domain::ids::{ConversationId, CustomerId, InboxId, MessageId, MutationId, NoteId, ShopId};
use shopbell_domain::shop::Shop;
use shopbell_domain::staff::Staff;
use shopbell_domain::sync::{Entity, MutationResult, Row, Scope};
use uuid::Uuid;

use super::changes::Changed;
use super::columns::{id, json};
use super::{customers, drafts, heads, messages, notes, secrets};

/// A row of `scope` in its present state.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    scope: Scope,
    entity: Entity,
    row_id: Uuid,
) -> rusqlite::Result<Option<Row>> {
    let key = params![shop.as_bytes(), row_id.as_bytes()];
    match entity {
        Entity::Shop => {
            let sql = "SELECT ver, name FROM shop WHERE id = ?1 AND id = ?2";
            one(conn, sql, key, entity, row_id, |row| Ok(Shop { name: row.get(1)? }))
        }
        Entity::Staff => {
            let sql = "SELECT ver, name, email, permissions, owner FROM staff WHERE shop = ?1 AND id = ?2";
            one(conn, sql, key, entity, row_id, |row| staff(row, 1))
        }
        Entity::Channel => {
            let sql = "SELECT ver, kind, name, inbox FROM channel WHERE shop = ?1 AND id = ?2";
            one(conn, sql, key, entity, row_id, |row| {
                let kind = ChannelKind::new(row.get::<_, String>(1)?);
                Ok(Channel { kind, name: row.get(2)?, inbox: id(row, 3, InboxId)? })
            })
        }
        Entity::Customer => {
            let stored = customers::load(conn, shop, CustomerId(row_id))?;
            Ok(stored.map(|stored| Row::live(entity, row_id, stored.ver, &stored.customer)))
        }
        Entity::Conversation => {
            let stored = heads::load(conn, shop, ConversationId(row_id))?;
            Ok(stored.map(|stored| Row::live(entity, row_id, stored.ver, &stored.head)))
        }
        Entity::Message => Ok(messages::load(conn, shop, MessageId(row_id))?.map(|stored| stored.row())),
        Entity::Note => {
            let stored = notes::load(conn, shop, NoteId(row_id))?;
            Ok(stored.map(|stored| Row::live(entity, row_id, stored.ver, &stored.note)))
        }
        Entity::Draft => {
            let Scope::User(staff) = scope else { return Ok(None) };
            let stored = drafts::load(conn, shop, staff, ConversationId(row_id))?;
            Ok(stored.map(|(ver, draft)| Row::live(entity, row_id, ver, &draft)))
        }
        Entity::ReadMarker => {
            let Scope::User(staff) = scope else { return Ok(None) };
            let sql = "SELECT ver, count, marked_unread FROM read_marker WHERE shop = ?1 AND conversation = ?2 AND staff = ?3";
            let key = params![shop.as_bytes(), row_id.as_bytes(), staff.as_bytes()];
            one(conn, sql, key, entity, row_id, |row| {
                Ok(ReadMarker {
                    conversation: ConversationId(row_id),
                    count: row.get(1)?,
                    marked_unread: row.get(2)?,
                })
            })
        }
        Entity::Result => {
            let sql = "SELECT ver, outcome, rows FROM mutation WHERE shop = ?1 AND mid = ?2";
            one(conn, sql, key, entity, row_id, |row| {
                Ok(MutationResult { mid: MutationId(row_id), outcome: json(row, 1)?, rows: json(row, 2)? })
            })
        }
        Entity::Secret => secrets::row(conn, shop, scope, MessageId(row_id)),
        Entity::Other => Ok(None),
    }
}

/// The body that `read` makes of the columns after the version, which is the first.
fn one<T: Serialize>(
    conn: &Connection,
    sql: &str,
    key: impl Params,
    entity: Entity,
    row_id: Uuid,
    read: impl FnOnce(&SqlRow<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<Row>> {
    conn.prepare_cached(sql)?
        .query_row(key, |row| Ok(Row::live(entity, row_id, Ver(row.get(0)?), &read(row)?)))
        .optional()
}

/// The person in the columns name, email, permissions, owner from `first` on.
pub(super) fn staff(row: &SqlRow<'_>, first: usize) -> rusqlite::Result<Staff> {
    Ok(Staff {
        name: row.get(first)?,
        email: row.get(first + 1)?,
        permissions: json(row, first + 2)?,
        owner: row.get(first + 3)?,
    })
}

/// Gives a changed row the version of its change.
pub(super) fn stamp(conn: &Connection, shop: ShopId, row: Changed, ver: Ver) -> rusqlite::Result<()> {
    let (sql, row_id) = match row {
        Changed::Conversation(_, conversation) => {
            if let Some(mut stored) = heads::load(conn, shop, conversation)? {
                stored.head.stamp(ver);
                heads::update(conn, shop, conversation, ver, &stored.head)?;
            }
            return Ok(());
        }
        Changed::Message(_, message) => return messages::stamp(conn, shop, message, ver),
        Changed::Secret(_, _, message) => return secrets::stamp(conn, shop, message, ver),
        Changed::Note(_, note) => return notes::stamp(conn, shop, note, ver),
        Changed::Draft(staff, conversation) => return drafts::stamp(conn, shop, staff, conversation, ver),
        Changed::ReadMarker(staff, conversation) => {
            conn.prepare_cached(
                "UPDATE read_marker SET ver = ?4 WHERE shop = ?1 AND staff = ?2 AND conversation = ?3",
            )?
            .execute(params![
                shop.as_bytes(),
                staff.as_bytes(),
                conversation.as_bytes(),
                ver.0
            ])?;
            return Ok(());
        }
        Changed::Shop(_) => {
            conn.prepare_cached("UPDATE shop SET ver = ?2 WHERE id = ?1")?
                .execute(params![shop.as_bytes(), ver.0])?;
            return Ok(());
        }
        Changed::Staff(id) => ("UPDATE staff SET ver = ?3 WHERE shop = ?1 AND id = ?2", id.0),
        Changed::Channel(id) => ("UPDATE channel SET ver = ?3 WHERE shop = ?1 AND id = ?2", id.0),
        Changed::Customer(_, id) => ("UPDATE customer SET ver = ?3 WHERE shop = ?1 AND id = ?2", id.0),
        Changed::Result(_, id) => ("UPDATE mutation SET ver = ?3 WHERE shop = ?1 AND mid = ?2", id.0),
    };
    conn.prepare_cached(sql)?.execute(params![shop.as_bytes(), row_id.as_bytes(), ver.0])?;
    Ok(())
}
