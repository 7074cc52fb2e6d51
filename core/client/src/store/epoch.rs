//! A new history of the server, after a restore: what it has lost and this phone holds goes back into the outbox, in the
//! transaction that takes the new epoch, so that no crash comes in between (docs/sync.md 18, 19).
//!
//! In front stand the customers' messages, so that their conversations are there again; then what was settled, in the
//! order in which it was; then what was not. The server records what is brought back and hands none of it to a customer.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::ids::{ConversationId, DeviceId, EpochId, MessageId, MutationId, hashed_uuid};
use shopbell_domain::message::Delivery;
use shopbell_domain::mutation::recover_message::RecoverMessage;
use shopbell_domain::mutation::{Mutation, Operation, Origin, Replay};
use shopbell_domain::sync::{Entity, Survives};
use shopbell_domain::time::Timestamp;
use uuid::Uuid;

use super::columns::{id, maybe_id};
use super::outbox::json;
use super::{Profile, StoreError, Write};

/// What is left of the histories before.
struct Left<'a>(&'a [Survives]);

impl Left<'_> {
    /// Whether what happened at `seq` of `epoch` is still so. Of a history that the server does not name nothing is.
    fn holds(&self, epoch: EpochId, seq: i64) -> bool {
        self.0.iter().any(|left| left.epoch == epoch && seq <= left.seq)
    }
}

/// What of the outbox is brought back to a server that may have lost it, and not settled yet.
const BROUGHT_BACK: &str = "fault IS NULL AND (replay IS NOT NULL OR name = 'recover_message'
     OR left_epoch IS NOT NULL AND left_epoch <> (SELECT epoch FROM profile))";

/// What waits for a reply that was refused: until the person has dealt with that one it is not sent.
const WAITS_FOR_REFUSED: &str = "EXISTS (SELECT 1 FROM json_each(outbox.depends_on) AS named
     JOIN journal ON journal.listed = 1 AND lower(hex(journal.mid)) = replace(named.value, '-', ''))";

/// A settled mutation that the server has lost.
struct Lost {
    position: i64,
    target: Uuid,
    message: Option<MessageId>,
    replay: Replay,
    settled_at: i64,
}

impl Write<'_> {
    /// Takes another history of the server: every scope is loaded again, and what `survives` does not cover is brought
    /// back.
    pub(crate) fn take_epoch(&mut self, epoch: EpochId, survives: &[Survives]) -> Result<(), StoreError> {
        let Some(profile) = Profile::read(self)? else {
            return Err(StoreError::Unreadable { what: "profile" });
        };
        let left = Left(survives);
        self.settle_what_was_under_way()?;
        let recovered = self.lost_customers_messages(epoch, &left)?;
        // Each is put before all others: the last one first.
        for lost in self.lost_settled(&left)?.iter().rev() {
            self.bring_back(lost)?;
        }
        for message in recovered.iter().rev() {
            self.recover(*message, epoch, profile.device)?;
        }
        self.execute("UPDATE composer SET state = 'unsent' WHERE state = 'sent'", [])?;
        self.execute("UPDATE profile SET epoch = ?1, backed_up = NULL, owes_end = 1", [epoch.as_bytes()])?;
        self.load_every_scope_again()
    }

    /// Whether a conversation, or a customer, is on its way back to a server that has lost it: it stays on the screen
    /// until the server has answered.
    pub(super) fn is_being_brought_back(&self, entity: Entity, id: Uuid) -> Result<bool, StoreError> {
        let about = match entity {
            Entity::Conversation => "target = ?1",
            Entity::Customer => {
                "(target = ?1 OR target IN (SELECT id FROM conversation WHERE customer = ?1))"
            }
            _ => return Ok(false),
        };
        Ok(self
            .prepare_cached(&format!("SELECT 1 FROM outbox WHERE {about} AND {BROUGHT_BACK}"))?
            .exists([id.as_bytes()])?)
    }

    /// The server knows that everything was brought back. What it did not take is not there any more.
    pub(crate) fn end_of_what_was_brought_back(&mut self) -> Result<(), StoreError> {
        self.execute("UPDATE profile SET owes_end = 0", [])?;
        for entity in [Entity::Conversation, Entity::Customer] {
            let left_over: Vec<Uuid> = self
                .prepare(&format!(
                    "SELECT id FROM {} WHERE epoch <> (SELECT epoch FROM profile)
                     AND scope IN (SELECT scope FROM scope WHERE cursor IS NOT NULL)",
                    entity.as_str()
                ))?
                .query_map([], |row| id(row, "id"))?
                .collect::<Result<_, _>>()?;
            left_over.into_iter().try_for_each(|id| self.delete_held(entity, id))?;
        }
        Ok(())
    }

    /// What left and brought no result may have been lost or not: it goes again, and waits for nothing. A cancel that
    /// left would come too late whatever became of it, and so takes nothing back any more.
    fn settle_what_was_under_way(&mut self) -> Result<(), StoreError> {
        self.execute_batch(
            "DELETE FROM outbox WHERE name = 'cancel' AND replay IS NULL;
             UPDATE outbox SET cancelled_by = NULL;
             UPDATE outbox SET depends_on = '[]' WHERE name = 'send_message' AND left_epoch IS NOT NULL;",
        )?;
        let left: Vec<Uuid> = self
            .prepare("SELECT DISTINCT target FROM outbox WHERE left_epoch IS NOT NULL AND origin IS NULL")?
            .query_map([], |row| id(row, "target"))?
            .collect::<Result<_, _>>()?;
        for target in left {
            let origin = origin(self, target)?.map(|origin| json(&origin));
            self.execute(
                "UPDATE outbox SET origin = ?2 WHERE target = ?1 AND left_epoch IS NOT NULL",
                (target.as_bytes(), origin),
            )?;
        }
        let all: Vec<Uuid> = self
            .prepare("SELECT DISTINCT target FROM outbox")?
            .query_map([], |row| id(row, "target"))?
            .collect::<Result<_, _>>()?;
        all.into_iter().for_each(|target| self.touch_target(target));
        Ok(())
    }

    fn lost_settled(&self, left: &Left<'_>) -> Result<Vec<Lost>, StoreError> {
        let mut statement = self.prepare(
            "SELECT journal.position, journal.target, journal.message, journal.seq, journal.epoch,
                 journal.settled_at, message.delivery
             FROM journal LEFT JOIN message ON message.id = journal.message
             WHERE journal.refusal IS NULL AND journal.cancelled = 0 AND journal.seq IS NOT NULL
             ORDER BY journal.position",
        )?;
        let settled = statement.query_map([], |row| {
            let delivery: Option<String> = row.get("delivery")?;
            let seen = delivery.as_deref().and_then(Delivery::from_word);
            Ok(Lost {
                position: row.get("position")?,
                target: id(row, "target")?,
                message: maybe_id(row, "message")?,
                replay: Replay {
                    epoch: id(row, "epoch")?,
                    seq: row.get("seq")?,
                    seen_sent: seen.is_some_and(Delivery::arrived),
                },
                settled_at: row.get("settled_at")?,
            })
        })?;
        let mut lost: Vec<Lost> = settled.collect::<Result<_, _>>()?;
        lost.retain(|settled| !left.holds(settled.replay.epoch, settled.replay.seq));
        Ok(lost)
    }

    /// From the journal to the front of the outbox, byte for byte, shown where it stood.
    fn bring_back(&mut self, lost: &Lost) -> Result<(), StoreError> {
        let origin = origin(self, lost.target)?.map(|origin| json(&origin));
        let place = self.first_place()?;
        self.prepare_cached(
            "INSERT INTO outbox (position, mid, target, message, name, v, args, base, client_ts, shown_at, inverse,
                 replay, origin)
             SELECT ?2, mid, target, message, name, v, args, base, client_ts,
                 coalesce((SELECT at FROM message WHERE id = ?3), ?4), inverse, ?5, ?6
             FROM journal WHERE position = ?1",
        )?
        .execute((
            lost.position,
            place,
            lost.message.as_ref().map(MessageId::as_bytes),
            lost.settled_at,
            json(&lost.replay),
            origin,
        ))?;
        self.execute("DELETE FROM journal WHERE position = ?1", [lost.position])?;
        self.touch_target(lost.target);
        Ok(())
    }

    /// In the order of their conversations. One that is being brought back already is not brought twice.
    fn lost_customers_messages(&self, epoch: EpochId, left: &Left<'_>) -> Result<Vec<MessageId>, StoreError> {
        let mut statement = self.prepare(
            "SELECT id, ver, epoch FROM message WHERE author IS NULL AND epoch <> ?1 AND text <> ''
             ORDER BY conversation, mseq",
        )?;
        let being_recovered = self.being_recovered()?;
        let held = statement.query_map([epoch.as_bytes()], |row| {
            Ok((id::<MessageId>(row, "id")?, row.get::<_, i64>("ver")?, id::<EpochId>(row, "epoch")?))
        })?;
        let mut lost = Vec::new();
        for row in held {
            let (message, ver, of) = row?;
            // 0: its version is not known (`distrust_scope`); the server knows a message that it has.
            let is_left = ver > 0 && left.holds(of, ver);
            if !is_left && !being_recovered.contains(&message) {
                lost.push(message);
            }
        }
        Ok(lost)
    }

    fn being_recovered(&self) -> Result<BTreeSet<MessageId>, StoreError> {
        let mut statement = self.prepare("SELECT args FROM outbox WHERE name = 'recover_message'")?;
        let args = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        let mut messages = BTreeSet::new();
        for args in args {
            messages.extend(serde_json::from_slice::<RecoverMessage>(&args?).ok().map(|args| args.message));
        }
        Ok(messages)
    }

    /// Under an id that is the same whenever this epoch is taken.
    fn recover(&mut self, message: MessageId, epoch: EpochId, device: DeviceId) -> Result<(), StoreError> {
        let operation = self
            .prepare_cached("SELECT conversation, text, at FROM message WHERE id = ?1")?
            .query_row([message.as_bytes()], |row| {
                Ok(RecoverMessage {
                    conversation: id(row, "conversation")?,
                    message,
                    text: row.get("text")?,
                    at: Timestamp::from_millis(row.get("at")?),
                })
            })?;
        let (conversation, at) = (operation.conversation, operation.at);
        let hashed =
            hashed_uuid(&[b"recover message", device.as_bytes(), epoch.as_bytes(), message.as_bytes()]);
        let operation = Operation::RecoverMessage(operation);
        let mut mutation = Mutation::new(MutationId(hashed), &operation, None, at);
        mutation.origin = origin(self, conversation.0)?;
        self.put_first(&mutation, &operation)
    }
}

/// Whether everything that a restore lost was brought back, and the server does not know yet: what waits there for this
/// device goes on then. It does not wait for what a person has to decide first.
pub(crate) fn owes_end(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT 1 FROM profile WHERE owes_end = 1
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE {BROUGHT_BACK} AND NOT {WAITS_FOR_REFUSED})"
        ))?
        .exists([])?)
}

/// Where a conversation came from, or the customer's newest one; `None` when it is not held.
fn origin(connection: &Connection, target: Uuid) -> Result<Option<Origin>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT conversation.customer, customer.name, conversation.channel, conversation.started_at
             FROM conversation LEFT JOIN customer ON customer.id = conversation.customer
             WHERE conversation.id = ?1 OR conversation.customer = ?1
             ORDER BY conversation.id = ?1 DESC, conversation.started_at DESC LIMIT 1",
        )?
        .query_row([ConversationId(target).as_bytes()], |row| {
            Ok(Origin {
                customer: id(row, "customer")?,
                name: row.get("name")?,
                channel: id(row, "channel")?,
                started_at: Timestamp::from_millis(row.get("started_at")?),
            })
        })
        .optional()?)
}
