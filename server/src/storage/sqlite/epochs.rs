//! Epochs: this server's histories (docs/sync.md 18, 20). A restore begins a new one, and so does a database that is
//! older than what the revocation store was told of it. What is left of each earlier one is kept, a line a shop: phones
//! bring back what came after.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::ids::{EpochId, ShopId};
use shopbell_domain::sync::Survives;

use super::columns::id;
use super::revocations::{Given, Revocations};
use super::standing;
use crate::storage::{Denied, NewEpoch, OperationError, StorageError};

/// The epoch of a database that is opened. `new_epoch` becomes it when the database has none yet, or when it is not the
/// newest state that the store knows of.
pub(super) fn open(
    conn: &Connection,
    store: &Revocations,
    new_epoch: EpochId,
) -> Result<EpochId, StorageError> {
    let found = conn
        .query_row("SELECT epoch, has_revocations FROM server", [], |row| {
            Ok((id(row, 0, EpochId)?, row.get::<_, bool>(1)?))
        })
        .optional()?;
    let Some((epoch, had_store)) = found else {
        conn.execute(
            "INSERT INTO server (one, epoch, has_revocations) VALUES (1, ?1, 1)",
            params![new_epoch.as_bytes()],
        )?;
        store.follow(new_epoch, &Given::new())?;
        return Ok(new_epoch);
    };
    let seqs = seqs(conn)?;
    let is_newest = match store.history()? {
        // The store is new: with a database of an earlier version, or because the file was lost.
        None => !had_store,
        Some((known, given)) if known == epoch => is_up_to(&seqs, &given),
        // A restore that ended before the store heard of it.
        Some((known, _)) => is_ancestor(conn, known)?,
    };
    if is_newest {
        store.follow(epoch, &seqs)?;
        conn.execute("UPDATE server SET has_revocations = 1", [])?;
        return Ok(epoch);
    }
    tracing::warn!(%epoch, %new_epoch, "the database is older than what was given out of it: a new epoch begins");
    begin(conn, new_epoch)?;
    conn.execute("UPDATE server SET has_revocations = 1", [])?;
    store.follow(new_epoch, &seqs)?;
    Ok(new_epoch)
}

/// Begins a new epoch, in one transaction: what is left of the present one is noted, and the outgoing queue stands
/// still until [`outgoing::recover`](super::outgoing::recover) knows which providers dedupe.
pub(super) fn begin(conn: &Connection, new_epoch: EpochId) -> Result<(), StorageError> {
    let transaction = conn.unchecked_transaction()?;
    let epoch = standing::epoch(&transaction)?;
    for (shop, seq) in seqs(&transaction)? {
        transaction.execute(
            "INSERT INTO survives (shop, epoch, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![shop.as_bytes(), epoch.as_bytes(), seq],
        )?;
    }
    transaction.execute("UPDATE server SET epoch = ?1", params![new_epoch.as_bytes()])?;
    transaction.execute_batch(
        "UPDATE outgoing SET state = 'restored' WHERE state IN ('queued', 'sending', 'parked');
         DELETE FROM replayed;",
    )?;
    transaction.commit()?;
    Ok(())
}

/// How far the log of each shop is.
pub(super) fn seqs(conn: &Connection) -> rusqlite::Result<BTreeMap<ShopId, i64>> {
    conn.prepare("SELECT id, seq FROM shop")?
        .query_map([], |row| Ok((id(row, 0, ShopId)?, row.get(1)?)))?
        .collect()
}

fn is_up_to(seqs: &BTreeMap<ShopId, i64>, given: &Given) -> bool {
    given.iter().all(|(shop, given)| seqs.get(shop).copied().unwrap_or(0) >= *given)
}

fn is_ancestor(conn: &Connection, epoch: EpochId) -> rusqlite::Result<bool> {
    conn.prepare("SELECT 1 FROM survives WHERE epoch = ?1")?.exists(params![epoch.as_bytes()])
}

/// The present epoch, if it is the one that was asked for; otherwise what is left of the earlier ones.
pub(super) fn require(conn: &Connection, shop: ShopId, asked: EpochId) -> Result<EpochId, OperationError> {
    let epoch = standing::epoch(conn)?;
    if asked == epoch { Ok(epoch) } else { Err(changed(conn, shop)?.into()) }
}

/// That a request is of another history than the present one.
pub(super) fn changed(conn: &Connection, shop: ShopId) -> rusqlite::Result<Denied> {
    let survives = conn
        .prepare_cached("SELECT epoch, seq FROM survives WHERE shop = ?1 ORDER BY place")?
        .query_map(params![shop.as_bytes()], |row| {
            Ok(Survives { epoch: id(row, 0, EpochId)?, seq: row.get(1)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok(Denied::EpochChanged(NewEpoch { epoch: standing::epoch(conn)?, survives }))
}

/// The highest `seq` of a shop that survived the last restore; `None` when there was none.
pub(super) fn survived(conn: &Connection, shop: ShopId) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT seq FROM survives WHERE shop = ?1 ORDER BY place DESC LIMIT 1")?
        .query_row(params![shop.as_bytes()], |row| row.get(0))
        .optional()
}
