//! What an operation changed, collected until its end: only then are `seq` numbers given, by one statement, and
//! written to the rows and the log (docs/sync.md 23). So the row that holds a shop's `seq` is locked for the shortest
//! time, and all rows of an operation have their versions at once.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::ids::{
    ChannelId, ConversationId, CustomerId, DeviceId, InboxId, MessageId, MutationId, NoteId, ShopId, StaffId,
};
use shopbell_domain::secret::SecretKind;
use shopbell_domain::sync::{Entity, RowRef, Scope};

use super::rows;
use crate::storage::{Committed, Denied, OperationError};

/// Which row changed, with what tells the scopes that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Changed {
    Shop(ShopId),
    Staff(StaffId),
    Channel(ChannelId),
    Customer(InboxId, CustomerId),
    Conversation(InboxId, ConversationId),
    Message(InboxId, MessageId),
    Secret(InboxId, SecretKind, MessageId),
    Note(InboxId, NoteId),
    Draft(StaffId, ConversationId),
    ReadMarker(StaffId, ConversationId),
    Result(DeviceId, MutationId),
}

impl Changed {
    /// The row as results name it. Every row is in one scope so far.
    pub(super) fn row_ref(self) -> RowRef {
        let (scope, entity, id) = match self {
            Changed::Shop(id) => (Scope::Shop, Entity::Shop, id.0),
            Changed::Staff(id) => (Scope::Shop, Entity::Staff, id.0),
            Changed::Channel(id) => (Scope::Shop, Entity::Channel, id.0),
            Changed::Customer(inbox, id) => (Scope::Inbox(inbox), Entity::Customer, id.0),
            Changed::Conversation(inbox, id) => (Scope::Inbox(inbox), Entity::Conversation, id.0),
            Changed::Message(inbox, id) => (Scope::Inbox(inbox), Entity::Message, id.0),
            Changed::Secret(inbox, kind, id) => (kind.scope(inbox), Entity::Secret, id.0),
            Changed::Note(inbox, id) => (Scope::Inbox(inbox), Entity::Note, id.0),
            Changed::Draft(staff, id) => (Scope::User(staff), Entity::Draft, id.0),
            Changed::ReadMarker(staff, id) => (Scope::User(staff), Entity::ReadMarker, id.0),
            Changed::Result(device, id) => (Scope::Device(device), Entity::Result, id.0),
        };
        RowRef { scope, entity, id }
    }
}

/// What an operation changed, one entry a change: of a row's entries the last one stands.
#[derive(Default)]
pub(super) struct Changes(Vec<(ShopId, Changed, bool)>);

/// A point to which [`Changes::rewind`] goes back.
pub(super) struct Mark(usize);

impl Changes {
    /// A row is there in a new state.
    pub(super) fn touch(&mut self, shop: ShopId, row: Changed) {
        self.0.push((shop, row, false));
    }

    /// A row is in its scope no more.
    pub(super) fn end(&mut self, shop: ShopId, row: Changed) {
        self.0.push((shop, row, true));
    }

    /// The present point, before a part of the operation that may be taken back.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.0.len())
    }

    /// Forgets what changed since `mark`.
    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.0.truncate(mark.0);
    }

    /// Each changed row once, with whether it ended, in the order in which they changed first.
    fn rows(self) -> BTreeMap<ShopId, Vec<(Changed, bool)>> {
        let mut shops: BTreeMap<ShopId, Vec<(Changed, bool)>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (shop, row, ended) in self.0 {
            let rows = shops.entry(shop).or_default();
            let place = *places.entry((shop, row)).or_insert(rows.len());
            match rows.get_mut(place) {
                Some((_, known)) => *known = ended,
                None => rows.push((row, ended)),
            }
        }
        shops
    }

    /// Gives the numbers and writes them; the last thing that an operation does.
    pub(super) fn write(self, conn: &Connection, committed: &mut Committed) -> Result<(), OperationError> {
        for (shop, rows) in self.rows() {
            let count = rows.len() as i64;
            let last: i64 = conn
                .prepare_cached("UPDATE shop SET seq = seq + ?2 WHERE id = ?1 RETURNING seq")?
                .query_row(params![shop.as_bytes(), count], |row| row.get(0))
                .map_err(|error| match error {
                    rusqlite::Error::QueryReturnedNoRows => Denied::NotFound.into(),
                    error => OperationError::from(error),
                })?;
            committed.seqs.insert(shop, last);
            for (seq, (row, ended)) in (last - count + 1..).zip(rows) {
                let named = row.row_ref();
                if !ended {
                    rows::stamp(conn, shop, row, Ver(seq))?;
                }
                conn.prepare_cached(
                    "INSERT INTO log (shop, scope, entity, id, seq, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (shop, scope, entity, id) DO UPDATE SET seq = excluded.seq, ended = excluded.ended,
                         ended_at = NULL",
                )?
                .execute(params![
                    shop.as_bytes(),
                    named.scope.to_string(),
                    named.entity.as_str(),
                    named.id.as_bytes(),
                    seq,
                    ended
                ])?;
                committed.scopes.insert((shop, named.scope));
            }
        }
        Ok(())
    }
}
