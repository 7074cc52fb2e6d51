//! The outbox's table: one row a mutation, in the order in which they were made.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use shopbell_domain::conversation::Base;
use shopbell_domain::ids::{ConversationId, EpochId, MessageId, MutationId};
use shopbell_domain::mutation::{Mutation, Operation, Target, VERSION};
use shopbell_domain::time::Timestamp;

use super::columns::{id, maybe_id};
use super::{StoreError, Write};

const COLUMNS: &str =
    "position, mid, target, name, v, args, base, depends_on, client_ts, shown_at, left_epoch, fault,
     inverse, cancelled_by, replay, origin";

/// A mutation that is not settled.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// What is sent.
    pub(crate) mutation: Mutation,
    /// The conversation or the customer that it is about.
    pub(crate) target: Uuid,
    /// Where the list shows it.
    pub(crate) shown_at: Timestamp,
    /// The epoch under which it was first handed to the network.
    pub(crate) left_epoch: Option<EpochId>,
    /// A fault of this program: it is not sent again.
    pub(crate) set_aside: bool,
    /// What takes it back.
    pub(crate) inverse: Option<StoredOperation>,
    /// Its place in the order in which they are sent.
    pub(crate) place: i64,
    /// The cancel that is sent instead of it.
    pub(crate) cancelled_by: Option<MutationId>,
}

/// An operation beside the mutation that it takes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredOperation {
    /// Which one (`Operation::name`).
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) args: Box<RawValue>,
}

impl StoredOperation {
    /// As what it is; `None` when this version does not know it.
    pub(crate) fn operation(&self) -> Option<Operation> {
        Mutation {
            mid: MutationId(Uuid::nil()),
            name: self.name.clone(),
            v: VERSION,
            args: self.args.clone(),
            base: None,
            depends_on: Vec::new(),
            attempted_epoch: None,
            replay: None,
            origin: None,
            client_ts: Timestamp::from_millis(0),
        }
        .operation()
        .ok()
    }
}

impl From<&Operation> for StoredOperation {
    fn from(operation: &Operation) -> Self {
        Self { name: operation.name().to_owned(), args: operation.to_args() }
    }
}

/// Those about one conversation or customer, in order.
pub(crate) fn of_target(connection: &Connection, target: Uuid) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE target = ?1 ORDER BY position"))?;
    let rows = statement.query_map([target.as_bytes()], read)?;
    rows.map(|row| row.map_err(StoreError::from)?).collect()
}

/// The oldest ones, in order.
pub(crate) fn oldest(connection: &Connection, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare_cached(&oldest_sql())?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], read)?;
    rows.map(|row| row.map_err(StoreError::from)?).collect()
}

/// Asks for the oldest ones, in order.
pub(super) fn oldest_sql() -> String {
    format!("SELECT {COLUMNS} FROM outbox ORDER BY position LIMIT ?1")
}

/// One of them.
pub(crate) fn one(connection: &Connection, mid: MutationId) -> Result<Option<Entry>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE mid = ?1"))?
        .query_row([mid.as_bytes()], read)
        .optional()?
        .transpose()
}

/// The reply that is to become this message.
pub(crate) fn reply(connection: &Connection, message: MessageId) -> Result<Option<Entry>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE message = ?1"))?
        .query_row([message.as_bytes()], read)
        .optional()?
        .transpose()
}

/// How many replies are not settled. What is only brought back to a restored server was settled.
pub(crate) fn waiting(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM outbox WHERE message IS NOT NULL AND fault IS NULL AND replay IS NULL",
        )?
        .query_row([], |row| row.get(0))?)
}

/// How many replies of one conversation are not settled.
pub(super) fn waiting_in(connection: &Connection, conversation: ConversationId) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM outbox
             WHERE target = ?1 AND message IS NOT NULL AND fault IS NULL AND replay IS NULL",
        )?
        .query_row([conversation.as_bytes()], |row| row.get(0))?)
}

impl Write<'_> {
    /// Puts a mutation at the end, with what takes it back.
    pub(crate) fn append(
        &mut self,
        mutation: &Mutation,
        operation: &Operation,
        inverse: Option<&Operation>,
    ) -> Result<(), StoreError> {
        self.put_at(None, mutation, operation, inverse)
    }

    /// Puts a cancel before all others, but for what is brought back to a restored server: that goes first.
    pub(crate) fn put_cancel(
        &mut self,
        mutation: &Mutation,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        let brought_back = self
            .prepare_cached("SELECT 1 FROM outbox WHERE replay IS NOT NULL OR name = 'recover_message'")?
            .exists([])?;
        if brought_back {
            self.append(mutation, operation, None)
        } else {
            self.put_first(mutation, operation)
        }
    }

    /// Puts a mutation before all others.
    pub(super) fn put_first(&mut self, mutation: &Mutation, operation: &Operation) -> Result<(), StoreError> {
        let place = self.first_place()?;
        self.put_at(place, mutation, operation, None)
    }

    /// Puts a mutation at a place of the order that is free; `None` is the end.
    pub(crate) fn put_at(
        &mut self,
        place: Option<i64>,
        mutation: &Mutation,
        operation: &Operation,
        inverse: Option<&Operation>,
    ) -> Result<(), StoreError> {
        let target = match operation.target() {
            Target::Conversation(conversation) => conversation.0,
            Target::Customer(customer) => customer.0,
        };
        let shown_at: i64 = self.prepare_cached(
            "SELECT max((SELECT seen_at FROM profile), coalesce((SELECT max(shown_at) FROM outbox), 0)) + 1",
        )?
        .query_row([], |row| row.get(0))?;
        self.prepare_cached(
            "INSERT INTO outbox (position, mid, target, message, name, v, args, base, depends_on, client_ts, shown_at,
                 inverse, origin)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute((
            place,
            mutation.mid.as_bytes(),
            target.as_bytes(),
            message_of(operation).as_ref().map(MessageId::as_bytes),
            &mutation.name,
            mutation.v,
            mutation.args.get().as_bytes(),
            mutation.base.as_ref().map(json),
            json(&mutation.depends_on),
            mutation.client_ts.millis(),
            shown_at,
            inverse.map(|inverse| json(&StoredOperation::from(inverse))),
            mutation.origin.as_ref().map(json),
        ))?;
        self.touch_target(target);
        Ok(())
    }

    /// The place before all others, and before what was refused: that may be sent again at its own; `None` when there
    /// are no others.
    pub(super) fn first_place(&self) -> Result<Option<i64>, StoreError> {
        Ok(self
            .prepare_cached(
                "SELECT min(place) - 1 FROM (SELECT position AS place FROM outbox
                     UNION ALL SELECT place FROM journal WHERE listed = 1)",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// Records, before they leave, under which epoch these left first.
    pub(crate) fn mark_left(&mut self, mids: &[MutationId], epoch: EpochId) -> Result<(), StoreError> {
        for mid in mids {
            self.prepare_cached("UPDATE outbox SET left_epoch = ?2 WHERE mid = ?1 AND left_epoch IS NULL")?
                .execute((mid.as_bytes(), epoch.as_bytes()))?;
        }
        Ok(())
    }

    /// Takes one out of the sending order for good, without losing it.
    pub(crate) fn mark_fault(&mut self, entry: &Entry, fault: &str) -> Result<(), StoreError> {
        self.execute("UPDATE outbox SET fault = ?2 WHERE mid = ?1", (entry.mutation.mid.as_bytes(), fault))?;
        self.touch_target(entry.target);
        Ok(())
    }

    /// Another mutation, which takes this one back, is sent instead of it.
    pub(crate) fn hold(&mut self, entry: &Entry, cancel: MutationId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE outbox SET cancelled_by = ?2 WHERE mid = ?1",
            (entry.mutation.mid.as_bytes(), cancel.as_bytes()),
        )?;
        self.touch_target(entry.target);
        Ok(())
    }

    /// It is sent again: what was to take it back came too late.
    pub(crate) fn release_hold(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.execute(
            "UPDATE outbox SET cancelled_by = NULL WHERE mid = ?1",
            [entry.mutation.mid.as_bytes()],
        )?;
        self.touch_target(entry.target);
        Ok(())
    }

    /// Takes one out. Only for those that were put into the journal in the same transaction, or that never left.
    pub(crate) fn remove_from_outbox(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.execute("DELETE FROM outbox WHERE mid = ?1", [entry.mutation.mid.as_bytes()])?;
        self.touch_target(entry.target);
        Ok(())
    }
}

/// The message id of a reply.
pub(crate) fn message_of(operation: &Operation) -> Option<MessageId> {
    match operation {
        Operation::SendMessage(args) => Some(args.message),
        _ => None,
    }
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Result<Entry, StoreError>> {
    let args: Vec<u8> = row.get("args")?;
    let base: Option<String> = row.get("base")?;
    let depends_on: String = row.get("depends_on")?;
    let left_epoch: Option<EpochId> = maybe_id(row, "left_epoch")?;
    let fault: Option<String> = row.get("fault")?;
    let (mid, name, v) = (id(row, "mid")?, row.get("name")?, row.get("v")?);
    let client_ts = Timestamp::from_millis(row.get("client_ts")?);
    let target = id(row, "target")?;
    let inverse: Option<String> = row.get("inverse")?;
    let shown_at = Timestamp::from_millis(row.get("shown_at")?);
    let (place, cancelled_by) = (row.get("position")?, maybe_id(row, "cancelled_by")?);
    let (replay, origin): (Option<String>, Option<String>) = (row.get("replay")?, row.get("origin")?);
    Ok((|| {
        Ok(Entry {
            mutation: Mutation {
                mid,
                name,
                v,
                args: raw(args)?,
                base: base.as_deref().map(read_base).transpose()?,
                depends_on: serde_json::from_str(&depends_on)
                    .map_err(|_| StoreError::Unreadable { what: "order of the outbox" })?,
                attempted_epoch: None,
                replay: replay
                    .map(|json| serde_json::from_str(&json))
                    .transpose()
                    .map_err(|_| StoreError::Unreadable { what: "replay of a mutation" })?,
                origin: origin.and_then(|json| serde_json::from_str(&json).ok()),
                client_ts,
            },
            target,
            shown_at,
            left_epoch,
            set_aside: fault.is_some(),
            inverse: read_inverse(inverse),
            place,
            cancelled_by,
        })
    })())
}

/// Arguments as they are stored: JSON, byte for byte.
pub(super) fn raw(bytes: Vec<u8>) -> Result<Box<RawValue>, StoreError> {
    let unreadable = StoreError::Unreadable { what: "arguments of a mutation" };
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(unreadable);
    };
    RawValue::from_string(text).map_err(|_| unreadable)
}

/// What takes a mutation back. One that cannot be read takes nothing back.
pub(super) fn read_inverse(json: Option<String>) -> Option<StoredOperation> {
    serde_json::from_str(&json?).ok()
}

fn read_base(json: &str) -> Result<Base, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Unreadable { what: "base of a mutation" })
}

pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("ids and numbers are JSON")
}
