//! Secret parts of messages: rows of a scope of their own, under the message's id (docs/sync.md 1).
//!
//! They are never in a row of the inbox, in a preview or in a log. Whoever reads a message gets its part only beside
//! it, in the scope's own rows, and only when that scope is granted.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::{ConversationId, InboxId, MessageId, ShopId};
use shopbell_domain::secret::{Secret, SecretKind, SecretPart};
use shopbell_domain::sync::{AlsoRows, Entity, Grant, Row, Scope};

use super::changes::Changed;
use super::columns::{id, word};
use super::group::Tx;
use super::search_index;

/// One secret part, with the conversation that its message stands in.
pub(super) const ONE_SQL: &str = "SELECT secret.ver, message.conversation, secret.kind, secret.title, secret.body \
     FROM secret JOIN message ON message.shop = secret.shop AND message.id = secret.id \
     WHERE secret.shop = ?1 AND secret.id = ?2";

/// The part of a message of this shop.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    message: MessageId,
) -> rusqlite::Result<Option<(Ver, Secret)>> {
    conn.prepare_cached(ONE_SQL)?
        .query_row(params![shop.as_bytes(), message.as_bytes()], |row| {
            let secret = Secret { conversation: id(row, 1, ConversationId)?, part: part(row, 2)? };
            Ok((Ver(row.get(0)?), secret))
        })
        .optional()
}

/// The part in the columns kind, title, body from `first` on.
pub(super) fn part(row: &SqlRow<'_>, first: usize) -> rusqlite::Result<SecretPart> {
    let kind = word(row, first, SecretKind::from_word)?;
    Ok(SecretPart { kind, title: row.get(first + 1)?, body: row.get(first + 2)? })
}

/// What the customer reads of a message that says `text`, its part, if it has one, in the columns of [`part`].
pub(super) fn told(row: &SqlRow<'_>, first: usize, text: String) -> rusqlite::Result<String> {
    match row.get_ref(first)? {
        ValueRef::Null => Ok(text),
        _ => Ok(part(row, first)?.told(&text)),
    }
}

/// Stores the part of a message that was stored before it, and gives its row.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    shop: ShopId,
    inbox: InboxId,
    message: MessageId,
    part: &SecretPart,
) -> rusqlite::Result<Changed> {
    tx.conn
        .prepare_cached("INSERT INTO secret (shop, id, kind, title, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![shop.as_bytes(), message.as_bytes(), part.kind.as_str(), part.title, part.body])?;
    search_index::update(tx.conn, shop, Entity::Secret, message.0)?;
    let row = Changed::Secret(inbox, part.kind, message);
    tx.changes.touch(shop, row);
    Ok(row)
}

/// Takes the part of a message away, if it has one, and gives the row that ended.
pub(super) fn end(
    tx: &mut Tx<'_>,
    shop: ShopId,
    inbox: InboxId,
    message: MessageId,
) -> rusqlite::Result<Option<Changed>> {
    let Some((_, secret)) = load(tx.conn, shop, message)? else { return Ok(None) };
    tx.conn
        .prepare_cached("DELETE FROM secret WHERE shop = ?1 AND id = ?2")?
        .execute(params![shop.as_bytes(), message.as_bytes()])?;
    search_index::update(tx.conn, shop, Entity::Secret, message.0)?;
    let row = Changed::Secret(inbox, secret.part.kind, message);
    tx.changes.end(shop, row);
    Ok(Some(row))
}

/// A row of `scope`, if that is the scope that this part is in.
pub(super) fn row(
    conn: &Connection,
    shop: ShopId,
    scope: Scope,
    message: MessageId,
) -> rusqlite::Result<Option<Row>> {
    let found = load(conn, shop, message)?.filter(|(_, secret)| kind_of(scope) == Some(secret.part.kind));
    Ok(found.map(|(ver, secret)| Row::live(Entity::Secret, message.0, ver, &secret)))
}

/// The parts of these messages of an inbox that are in a scope which the reader is granted, by scope.
pub(super) fn also(
    conn: &Connection,
    shop: ShopId,
    inbox: InboxId,
    granted: &[Grant],
    messages: impl Iterator<Item = MessageId>,
) -> rusqlite::Result<Vec<AlsoRows>> {
    let mut also: Vec<AlsoRows> = scopes(inbox, granted)
        .map(|grant| AlsoRows { scope: grant.scope, grant: grant.grant, rows: Vec::new() })
        .collect();
    if also.is_empty() {
        return Ok(also);
    }
    for message in messages {
        let Some((ver, secret)) = load(conn, shop, message)? else { continue };
        let scope = secret.part.kind.scope(inbox);
        if let Some(granted) = also.iter_mut().find(|rows| rows.scope == scope) {
            granted.rows.push(Row::live(Entity::Secret, message.0, ver, &secret));
        }
    }
    also.retain(|rows| !rows.rows.is_empty());
    Ok(also)
}

/// The scope of an inbox that is granted, and those of its secret parts that are granted too.
pub(super) fn with_parts(inbox: InboxId, granted: &[Grant]) -> Vec<Scope> {
    let parts = scopes(inbox, granted).map(|grant| grant.scope);
    std::iter::once(Scope::Inbox(inbox)).chain(parts).collect()
}

/// The grants among `granted` that are for secret parts of this inbox.
fn scopes(inbox: InboxId, granted: &[Grant]) -> impl Iterator<Item = Grant> + '_ {
    SecretKind::ALL
        .into_iter()
        .filter_map(move |kind| granted.iter().find(|grant| grant.scope == kind.scope(inbox)).copied())
}

/// Which kind of parts a scope is for.
fn kind_of(scope: Scope) -> Option<SecretKind> {
    match scope {
        Scope::InboxDiscounts(_) => Some(SecretKind::Discount),
        Scope::InboxDraftOrders(_) => Some(SecretKind::DraftOrder),
        _ => None,
    }
}

/// Gives a part that is new the version of its change.
pub(super) fn stamp(conn: &Connection, shop: ShopId, message: MessageId, ver: Ver) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE secret SET ver = ?3 WHERE shop = ?1 AND id = ?2")?.execute(params![
        shop.as_bytes(),
        message.as_bytes(),
        ver.0
    ])?;
    Ok(())
}
