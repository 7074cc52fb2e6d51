//! Pull: what changed in a device's scopes since its cursors, read in one transaction (docs/sync.md 3, 9).

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::ShopId;
use shopbell_domain::sync::{
    AlsoRows, Entity, Grant, MutationResult, PullAnswer, Row, RowRef, Scope, ScopeCursor, ScopeRows,
};

use super::columns::{id, word};
use super::{checksums, epochs, retention, rows, standing};
use crate::storage::{OperationError, Pull, StorageError};

/// The changes of a scope after a `seq`, oldest first.
pub(super) const CHANGES_SQL: &str = "SELECT entity, id, seq, ended FROM log \
     WHERE shop = ?1 AND scope = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";

pub(super) fn pull(conn: &Connection, pull: &Pull) -> Result<PullAnswer, OperationError> {
    let request = &pull.request;
    let shop = pull.caller.shop;
    let epoch = epochs::require(conn, shop, request.epoch)?;
    let granted = standing::granted(conn, &pull.caller)?;
    let shop_seq = standing::shop_seq(conn, shop)?;
    // A cursor that the server never gave.
    if request.scopes.iter().any(|asked| asked.cursor > shop_seq) {
        return Err(epochs::changed(conn, shop)?.into());
    }
    let mut left = request.limit;
    let (mut scopes, mut reload) = (Vec::new(), Vec::new());
    for (grant, asked) in asked_and_granted(&granted, &request.scopes) {
        if retention::is_too_old(conn, shop, asked)? {
            reload.push(grant.scope);
            continue;
        }
        let mut scope_rows = changes(conn, shop, grant, asked, shop_seq, left)?;
        if request.checksums && !scope_rows.more {
            scope_rows.checksum = checksums::checksum(conn, shop, grant.scope)?;
        }
        left -= scope_rows.rows.len();
        scopes.push(scope_rows);
    }
    let also = also(conn, shop, &granted, &scopes)?;
    let backed_up = standing::backed_up(conn, shop)?;
    Ok(PullAnswer { epoch, granted, scopes, also, reload, backed_up })
}

/// The scopes to answer, each once. The device's own results come first: they settle its outbox, and a busy inbox
/// must not keep them out of a small answer.
fn asked_and_granted<'a>(
    granted: &'a [Grant],
    asked: &'a [ScopeCursor],
) -> impl Iterator<Item = (Grant, ScopeCursor)> + 'a {
    granted.iter().rev().filter_map(move |grant| {
        let asked = asked.iter().find(|asked| asked.scope == grant.scope)?;
        Some((*grant, *asked))
    })
}

fn changes(
    conn: &Connection,
    shop: ShopId,
    grant: Grant,
    asked: ScopeCursor,
    shop_seq: i64,
    limit: usize,
) -> Result<ScopeRows, OperationError> {
    let mut found = logged(conn, shop, grant.scope, asked.cursor, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let cursor = match found.last() {
        Some(last) if more => last.2.0,
        None if more => asked.cursor,
        _ => shop_seq,
    };
    let rows = found
        .into_iter()
        .map(|change| present(conn, shop, grant.scope, change))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ScopeRows {
        scope: grant.scope,
        grant: grant.grant,
        from: asked.cursor,
        cursor,
        more,
        rows,
        checksum: None,
    })
}

/// An entry of the log: which row, at which `seq`, and whether it ended.
pub(super) type Logged = (Entity, uuid::Uuid, Ver, bool);

pub(super) fn logged(
    conn: &Connection,
    shop: ShopId,
    scope: Scope,
    after: i64,
    limit: usize,
) -> Result<Vec<Logged>, OperationError> {
    let key = params![shop.as_bytes(), scope.to_string(), after, limit as i64];
    let found = conn
        .prepare_cached(CHANGES_SQL)?
        .query_map(key, |row| {
            let entity = word(row, 0, |word| Some(Entity::from_word(word)))?;
            Ok((entity, id(row, 1, |id| id)?, Ver(row.get(2)?), row.get(3)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(found)
}

/// The row that an entry of the log stands for, in its present state.
pub(super) fn present(
    conn: &Connection,
    shop: ShopId,
    scope: Scope,
    (entity, row_id, ver, ended): Logged,
) -> Result<Row, OperationError> {
    if ended {
        return Ok(Row::ended(entity, row_id, ver));
    }
    rows::load(conn, shop, scope, entity, row_id)?.ok_or_else(|| {
        let what = format!("the log of {scope} names a {} that is not there", entity.as_str());
        StorageError::Corrupt(what).into()
    })
}

/// The present state of what the result rows of this answer name, in every granted scope, beyond the limit and
/// without what the answer has already: the phone lets go of its own version of them when it sees the result.
fn also(
    conn: &Connection,
    shop: ShopId,
    granted: &[Grant],
    scopes: &[ScopeRows],
) -> Result<Vec<AlsoRows>, OperationError> {
    let mut answered = BTreeSet::new();
    let mut named = BTreeSet::new();
    for scope in scopes {
        for row in &scope.rows {
            answered.insert(RowRef { scope: scope.scope, entity: row.entity, id: row.id });
            if row.entity == Entity::Result {
                let result: MutationResult = row.read().map_err(StorageError::other)?;
                named.extend(result.rows);
            }
        }
    }
    let mut also: Vec<AlsoRows> = Vec::new();
    for wanted in named.difference(&answered) {
        let Some(grant) = granted.iter().find(|grant| grant.scope == wanted.scope) else { continue };
        let Some(entry) = entry(conn, shop, wanted)? else { continue };
        let row = present(conn, shop, wanted.scope, entry)?;
        match also.iter_mut().find(|rows| rows.scope == wanted.scope) {
            Some(rows) => rows.rows.push(row),
            None => also.push(AlsoRows { scope: grant.scope, grant: grant.grant, rows: vec![row] }),
        }
    }
    Ok(also)
}

fn entry(conn: &Connection, shop: ShopId, wanted: &RowRef) -> Result<Option<Logged>, OperationError> {
    let key =
        params![shop.as_bytes(), wanted.scope.to_string(), wanted.entity.as_str(), wanted.id.as_bytes()];
    let found = conn
        .prepare_cached(
            "SELECT seq, ended FROM log WHERE shop = ?1 AND scope = ?2 AND entity = ?3 AND id = ?4",
        )?
        .query_row(key, |row| Ok((wanted.entity, wanted.id, Ver(row.get(0)?), row.get(1)?)))
        .optional()?;
    Ok(found)
}
