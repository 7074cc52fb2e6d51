//! Snapshot: loading a scope page by page (docs/sync.md 4). The `seq` that is noted first is where the pulls go on,
//! so a page may read rows in any later state.
//!
//! An inbox comes by whole conversations, newest activity first, since that is what a person looks at. A conversation
//! whose activity changes while the pages are read moves up, past the pages; it would bring its new message by pull
//! but never the ones before it. So the last pages bring, whole, every conversation that changed since the noted
//! `seq`.

use rusqlite::{Connection, params};
use shopbell_domain::ids::{ConversationId, CustomerId, InboxId, ShopId};
use shopbell_domain::sync::{Entity, Row, SNAPSHOT_MESSAGES, Scope};
use shopbell_domain::time::Timestamp;

use super::columns::{id, time};
use super::messages::StoredMessage;
use super::pull::{logged, present};
use super::{history, notes, rows, standing};
use crate::storage::{
    Caller, Denied, OperationError, Snapshot, SnapshotNext, SnapshotPosition, SnapshotRead,
};

/// Rows a page of a small scope.
const PAGE_ROWS: usize = 1_000;
/// Conversations a page of an inbox, each with at most `SNAPSHOT_MESSAGES` messages.
pub(super) const PAGE_CONVERSATIONS: usize = 20;
/// A snapshot brings closed conversations too while it has brought fewer than this …
const CLOSED_LIMIT: u64 = 10_000;
/// … or while their last activity is at most this old, in milliseconds: 90 days.
const CLOSED_AGE_LIMIT_MS: i64 = 90 * 24 * 3_600 * 1_000;

pub(super) const NEWEST_SQL: &str = "SELECT id, activity_at FROM conversation \
     WHERE shop = ?1 AND inbox = ?2 AND (activity_at, id) < (?3, ?4) \
     ORDER BY activity_at DESC, id DESC LIMIT ?5";
pub(super) const OPEN_SQL: &str = "SELECT id, activity_at FROM conversation \
     WHERE shop = ?1 AND inbox = ?2 AND status = 'open' AND (activity_at, id) < (?3, ?4) \
     ORDER BY activity_at DESC, id DESC LIMIT ?5";
pub(super) const MOVED_SQL: &str = "SELECT id, seq FROM log \
     WHERE shop = ?1 AND scope = ?2 AND seq > ?3 AND entity = 'conversation' ORDER BY seq LIMIT ?4";

pub(super) fn snapshot(conn: &Connection, asked: &Snapshot) -> Result<SnapshotRead, OperationError> {
    let granted = standing::granted(conn, &asked.caller)?;
    let Some(grant) = granted.iter().find(|grant| grant.scope == asked.scope) else {
        return Err(why_not(conn, &asked.caller, asked.scope)?.into());
    };
    let position = match asked.position {
        Some(position) => position,
        None => first_position(asked.scope, standing::shop_seq(conn, asked.caller.shop)?, asked.now),
    };
    let reader = Reader { conn, shop: asked.caller.shop, scope: asked.scope };
    let (rows, next) = match (position.next, asked.scope) {
        (SnapshotNext::Rows(after), _) => reader.rows(position, after)?,
        (_, Scope::Inbox(inbox)) => reader.conversations(position, inbox)?,
        _ => return Err(Denied::NotFound.into()),
    };
    Ok(SnapshotRead { grant: grant.grant, noted: position.noted, rows, next })
}

fn first_position(scope: Scope, noted: i64, now: Timestamp) -> SnapshotPosition {
    let next = match scope {
        Scope::Inbox(_) => {
            SnapshotNext::Newest(Timestamp::from_millis(i64::MAX), ConversationId(uuid::Uuid::max()))
        }
        _ => SnapshotNext::Rows(0),
    };
    SnapshotPosition { noted, begun_at: now, brought: 0, next }
}

/// Why a scope is not granted: it is somebody else's, or it is not in this shop at all.
pub(super) fn why_not(conn: &Connection, caller: &Caller, scope: Scope) -> Result<Denied, OperationError> {
    let (sql, of) = match scope {
        Scope::Shop | Scope::Replies => return Ok(Denied::NoPermission),
        Scope::Inbox(id) | Scope::InboxDiscounts(id) | Scope::InboxDraftOrders(id) => {
            ("SELECT 1 FROM inbox WHERE shop = ?1 AND id = ?2", id.0)
        }
        Scope::User(id) => ("SELECT 1 FROM staff WHERE shop = ?1 AND id = ?2", id.0),
        Scope::Device(id) => ("SELECT 1 FROM device WHERE shop = ?1 AND id = ?2", id.0),
    };
    let exists = conn.prepare_cached(sql)?.exists(params![caller.shop.as_bytes(), of.as_bytes()])?;
    Ok(if exists { Denied::NoPermission } else { Denied::NotFound })
}

type Page = (Vec<Row>, Option<SnapshotPosition>);

struct Reader<'c> {
    conn: &'c Connection,
    shop: ShopId,
    scope: Scope,
}

impl Reader<'_> {
    /// A small scope, by its log. What ended is not in it; what changes later comes by pull.
    fn rows(&self, position: SnapshotPosition, after: i64) -> Result<Page, OperationError> {
        let found = logged(self.conn, self.shop, self.scope, after, PAGE_ROWS)?;
        let next = match found.last() {
            Some(last) if found.len() == PAGE_ROWS && last.2.0 < position.noted => {
                Some(SnapshotPosition { next: SnapshotNext::Rows(last.2.0), ..position })
            }
            _ => None,
        };
        let mut rows = Vec::new();
        for entry in found {
            if !entry.3 {
                rows.push(present(self.conn, self.shop, self.scope, entry)?);
            }
        }
        Ok((rows, next))
    }

    fn conversations(&self, position: SnapshotPosition, inbox: InboxId) -> Result<Page, OperationError> {
        let (found, next) = match position.next {
            SnapshotNext::Newest(at, before) => self.newest(position, inbox, at, before)?,
            SnapshotNext::Open(at, before) => {
                let found = self.page(OPEN_SQL, inbox, at, before)?;
                let next = match full_page_end(&found) {
                    Some((id, at)) => SnapshotNext::Open(at, id),
                    None => SnapshotNext::Moved(position.noted),
                };
                (ids(found), Some(next))
            }
            SnapshotNext::Moved(after) => self.moved(after)?,
            SnapshotNext::Rows(_) => (Vec::new(), None),
        };
        let brought = position.brought + found.len() as u64;
        let mut rows = Vec::new();
        for conversation in found {
            self.whole(conversation, &mut rows)?;
        }
        Ok((rows, next.map(|next| SnapshotPosition { brought, next, ..position })))
    }

    /// Conversations of either status, as long as the window of closed ones reaches.
    fn newest(
        &self,
        position: SnapshotPosition,
        inbox: InboxId,
        at: Timestamp,
        before: ConversationId,
    ) -> Result<(Vec<ConversationId>, Option<SnapshotNext>), OperationError> {
        let mut found = self.page(NEWEST_SQL, inbox, at, before)?;
        let end = full_page_end(&found);
        let oldest = position.begun_at.plus_ms(-CLOSED_AGE_LIMIT_MS);
        let in_window = found
            .iter()
            .zip(position.brought..)
            .take_while(|((_, at), number)| *number < CLOSED_LIMIT || *at >= oldest)
            .count();
        let next = if in_window < found.len() {
            let (last_at, last) = match in_window.checked_sub(1).map(|last| found[last]) {
                Some((id, at)) => (at, id),
                None => (at, before),
            };
            SnapshotNext::Open(last_at, last)
        } else {
            match end {
                Some((id, at)) => SnapshotNext::Newest(at, id),
                None => SnapshotNext::Moved(position.noted),
            }
        };
        found.truncate(in_window);
        Ok((ids(found), Some(next)))
    }

    /// Conversations that changed after `after`, by that change: one that changes again moves on and is read again.
    fn moved(&self, after: i64) -> Result<(Vec<ConversationId>, Option<SnapshotNext>), OperationError> {
        let key = params![self.shop.as_bytes(), self.scope.to_string(), after, PAGE_CONVERSATIONS as i64];
        let found = self
            .conn
            .prepare_cached(MOVED_SQL)?
            .query_map(key, |row| Ok((id(row, 0, ConversationId)?, row.get(1)?)))?
            .collect::<Result<Vec<(ConversationId, i64)>, _>>()?;
        let next = full_page_end(&found).map(|(_, seq)| SnapshotNext::Moved(seq));
        Ok((ids(found), next))
    }

    fn page(
        &self,
        sql: &str,
        inbox: InboxId,
        at: Timestamp,
        before: ConversationId,
    ) -> Result<Vec<(ConversationId, Timestamp)>, OperationError> {
        let key = params![
            self.shop.as_bytes(),
            inbox.as_bytes(),
            at.millis(),
            before.as_bytes(),
            PAGE_CONVERSATIONS as i64
        ];
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_map(key, |row| Ok((id(row, 0, ConversationId)?, time(row, 1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(found)
    }

    /// A conversation's head, its customer with all notes about them and, while it is open, its newest messages.
    fn whole(&self, conversation: ConversationId, into: &mut Vec<Row>) -> Result<(), OperationError> {
        let key = params![self.shop.as_bytes(), conversation.as_bytes()];
        let (customer, is_open) = self
            .conn
            .prepare_cached("SELECT customer, status = 'open' FROM conversation WHERE shop = ?1 AND id = ?2")?
            .query_row(key, |row| Ok((id(row, 0, CustomerId)?, row.get::<_, bool>(1)?)))?;
        into.extend(rows::load(self.conn, self.shop, self.scope, Entity::Customer, customer.0)?);
        for (note, stored) in notes::about(self.conn, self.shop, customer)? {
            into.push(Row::live(Entity::Note, note.0, stored.ver, &stored.note));
        }
        into.extend(rows::load(self.conn, self.shop, self.scope, Entity::Conversation, conversation.0)?);
        if is_open {
            let newest = history::newest(self.conn, self.shop, conversation, i64::MAX, SNAPSHOT_MESSAGES)?;
            into.extend(newest.iter().map(StoredMessage::row));
        }
        Ok(())
    }
}

/// The last element of a page that is full: there may be another one after it.
fn full_page_end<T: Copy>(page: &[T]) -> Option<T> {
    page.last().copied().filter(|_| page.len() == PAGE_CONVERSATIONS)
}

fn ids<T>(page: Vec<(ConversationId, T)>) -> Vec<ConversationId> {
    page.into_iter().map(|(id, _)| id).collect()
}
