//! What phones bring back to a server that was restored (docs/sync.md 18, 19): replays of what had been settled, replies
//! that had left without a result, and customers' messages that they hold.
//!
//! Nothing of it is handed to a channel, since it may have been before; only a reply without a result is, and only where
//! the channel dedupes by our message id. A replay is recorded whatever its author may do now: a refusal would say "not
//! sent" of what the customer has. What people *do* with a conversation, or with what the customer reads, needs its
//! permission all the same, since nobody can tell a replay from a lie; without it nothing changes.

use rusqlite::{OptionalExtension, params};
use shopbell_domain::channel::ChannelKind;
use shopbell_domain::conversation::{Field, ReadMarker, Status, Ver};
use shopbell_domain::ids::{ChannelId, ConversationId, MutationId};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::mutation::{Mutation, Operation, Replay, Restored, Subject, Target};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Actor, Permission, Permissions};
use shopbell_domain::sync::Outcome;
use uuid::Uuid;

use super::{Context, Decided, cancel, conversation, customer, origin};
use crate::storage::OperationError;
use crate::storage::sqlite::changes::Changed;
use crate::storage::sqlite::columns::id;
use crate::storage::sqlite::group::Tx;
use crate::storage::sqlite::heads::{self, StoredHead};
use crate::storage::sqlite::{drafts, epochs, messages, notes, outgoing, restored, secrets, standing};

/// Whether a mutation is brought back, and so comes before all that a phone has new.
pub(super) fn is_brought(mutation: &Mutation) -> bool {
    mutation.replay.is_some() || mutation.attempted_epoch.is_some() || mutation.name == "recover_message"
}

/// Decides on what is brought back. `None`: it is not, and is decided on as everything else.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
) -> Result<Option<Decided>, OperationError> {
    let survived = epochs::survived(tx.conn, context.shop)?;
    let present = standing::epoch(tx.conn)?;
    match (&mutation.replay, mutation.attempted_epoch, survived) {
        // Nothing can be brought back to a server that has lost nothing.
        (Some(replay), _, Some(survived)) if replay.epoch != present => {
            replayed(tx, context, mutation, operation, replay, survived).map(Some)
        }
        (Some(_), ..) => Ok(Some(Err(Refusal::Unreadable))),
        (None, Some(epoch), Some(_))
            if epoch != present && matches!(operation, Operation::SendMessage(_)) =>
        {
            attempted(tx, context, mutation, operation).map(Some)
        }
        (None, Some(_), None) => Ok(Some(Err(Refusal::Unreadable))),
        (None, ..) if matches!(operation, Operation::RecoverMessage(_)) => {
            recovered(tx, context, mutation, operation, survived.is_some()).map(Some)
        }
        _ => Ok(None),
    }
}

fn replayed(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    replay: &Replay,
    survived: i64,
) -> Result<Decided, OperationError> {
    match operation {
        Operation::SendMessage(_) => {
            let delivery = if replay.seen_sent { Delivery::SentBeforeRestore } else { Delivery::Unknown };
            sent(tx, context, mutation, operation, delivery)
        }
        Operation::Close(_) | Operation::Reopen(_) | Operation::Assign(_) | Operation::Unassign(_) => {
            field(tx, context, mutation, operation, replay, survived)
        }
        Operation::AddNote(_) | Operation::EditNote(_) | Operation::DeleteNote(_) => {
            note(tx, context, mutation, operation, replay, survived)
        }
        Operation::EditMessage(_) | Operation::DeleteMessage(_) => {
            revised(tx, context, mutation, operation, replay, survived)
        }
        Operation::Cancel(args) => {
            // It was cancelled, so it was never handed over, whatever the restored queue says.
            let known = super::recorded(tx.conn, context.shop, args.mutation)?;
            if known.is_some_and(|known| known.is_of(context) && known.outcome == Outcome::Accepted) {
                outgoing::note_not_handed(tx.conn, context.shop, context.device, args.message)?;
            }
            Ok(Ok(cancel::decide(tx, context, mutation, args)?.unwrap_or_default()))
        }
        _ => Ok(Ok(usual(tx, context, mutation, operation)?.unwrap_or_default())),
    }
}

/// An edit or a deletion of an own message. What its author has said since stands; a deletion wins, as always.
fn revised(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    replay: &Replay,
    survived: i64,
) -> Result<Decided, OperationError> {
    let Some(message) = operation.own_message() else { return Ok(Err(Refusal::Unreadable)) };
    let revision = messages::load(tx.conn, context.shop, message)?.and_then(|stored| stored.message.revision);
    let text = match &revision {
        Some(revision) => Field {
            value: (),
            ver: revision.ver,
            by: Some(context.actor.staff),
            mutation: Some(revision.mutation),
        },
        None => Field::new(()),
    };
    let seen = SeenField { context, row: message.0, name: "text", is_new: revision.is_none(), survived };
    if matches!(operation, Operation::EditMessage(_)) && !replay.may_set(seen.restored(tx, &text)?) {
        return Ok(Ok(Vec::new()));
    }
    let mut mutation = mutation.clone();
    mutation.base = revision.map(|revision| revision.base());
    let decided = usual(tx, context, &mutation, operation)?;
    if decided.is_ok() {
        note_replayed(tx, context, message.0, "text", mutation.mid, replay)?;
    }
    Ok(Ok(decided.unwrap_or_default()))
}

/// As everything is decided on, the conversation or customer brought along.
fn usual(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
) -> Result<Decided, OperationError> {
    if let Err(refusal) = operation.check_permissions(&context.actor.permissions) {
        return Ok(Err(refusal));
    }
    match operation.target() {
        Target::Conversation(id) => {
            origin::conversation(tx, context, mutation, id)?;
            conversation::decide(tx, context, mutation, operation, id)
        }
        Target::Customer(id) => {
            origin::customer(tx, context, mutation, id)?;
            customer::decide(tx, context, mutation, operation, id)
        }
    }
}

/// A reply that left under an earlier epoch and brought no result: where the channel dedupes it is sent as any other;
/// where that is not to be, it may have arrived.
fn attempted(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
) -> Result<Decided, OperationError> {
    let Target::Conversation(conversation) = operation.target() else { return Ok(Err(Refusal::Unreadable)) };
    let Some(stored) = origin::conversation(tx, context, mutation, conversation)? else {
        return Ok(Err(Refusal::UnknownConversation));
    };
    if dedupes(tx, context, stored.head.channel)?
        && let Ok(named) = usual(tx, context, mutation, operation)?
    {
        restored::wait_behind(tx.conn, context.shop, context.device, conversation)?;
        if let Operation::SendMessage(args) = operation {
            outgoing::note_attempted(tx.conn, context.shop, args.message)?;
        }
        return Ok(Ok(named));
    }
    sent(tx, context, mutation, operation, Delivery::Unknown)
}

fn dedupes(tx: &Tx<'_>, context: &Context<'_>, channel: ChannelId) -> rusqlite::Result<bool> {
    let kind: Option<String> = tx
        .conn
        .prepare_cached("SELECT kind FROM channel WHERE shop = ?1 AND id = ?2")?
        .query_row(params![context.shop.as_bytes(), channel.as_bytes()], |row| row.get(0))
        .optional()?;
    let capabilities = kind.and_then(|kind| context.kinds.get(&ChannelKind::new(kind)));
    Ok(capabilities.is_some_and(|capabilities| capabilities.dedupes))
}

/// Records a reply at the end of its conversation, without handing it to the channel.
fn sent(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    delivery: Delivery,
) -> Result<Decided, OperationError> {
    let Operation::SendMessage(args) = operation else { return Ok(Err(Refusal::Unreadable)) };
    let (shop, conversation) = (context.shop, args.conversation);
    let Some(stored) = origin::conversation(tx, context, mutation, conversation)? else {
        return Ok(Err(Refusal::UnknownConversation));
    };
    let message_row = Changed::Message(stored.inbox, args.message);
    let head_row = Changed::Conversation(stored.inbox, conversation);
    let mut named = vec![message_row.row_ref(), head_row.row_ref()];
    if messages::is_known(tx.conn, shop, args.message)? {
        return Ok(Ok(named));
    }
    let context = &with_all_permissions(context);
    let mut subject = subject(&stored, conversation);
    let added = match operation.apply(&context.facts(mutation), &mut subject) {
        Ok(Some(added)) => added,
        Ok(None) => return Ok(Err(Refusal::Unreadable)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let message = Message {
        delivery: Some(delivery),
        shared: added.secret.as_ref().map(|secret| secret.kind),
        ..Message::new(conversation, subject.head.last_mseq, added.author, added.text, context.now)
    };
    messages::insert(tx.conn, shop, added.id, &message)?;
    outgoing::note_handed(tx, shop, added.id, &message, context.device, context.now)?;
    heads::update(tx.conn, shop, conversation, stored.ver, &subject.head)?;
    tx.changes.touch(shop, message_row);
    tx.changes.touch(shop, head_row);
    if let Some(part) = &added.secret {
        named.push(secrets::insert(tx, shop, stored.inbox, added.id, part)?.row_ref());
    }
    let staff = context.actor.staff;
    if drafts::end(tx, shop, staff, conversation, added.id)? {
        named.push(Changed::Draft(staff, conversation).row_ref());
    }
    Ok(Ok(named))
}

/// A customer's message that a phone holds: counted as any other, marked with whose phone brought it.
fn recovered(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    is_restored: bool,
) -> Result<Decided, OperationError> {
    let Operation::RecoverMessage(args) = operation else { return Ok(Err(Refusal::Unreadable)) };
    if let Err(refusal) = operation.check_permissions(&context.actor.permissions) {
        return Ok(Err(refusal));
    }
    let (shop, conversation) = (context.shop, args.conversation);
    let stored = match is_restored {
        true => origin::conversation(tx, context, mutation, conversation)?,
        false => heads::load(tx.conn, shop, conversation)?,
    };
    let Some(stored) = stored else { return Ok(Err(Refusal::UnknownConversation)) };
    if !is_restored {
        return Ok(Err(Refusal::Unreadable));
    }
    let message_row = Changed::Message(stored.inbox, args.message);
    let head_row = Changed::Conversation(stored.inbox, conversation);
    let named = vec![message_row.row_ref(), head_row.row_ref()];
    if messages::is_known(tx.conn, shop, args.message)? {
        return Ok(Ok(named));
    }
    let mut subject = subject(&stored, conversation);
    let added = match operation.apply(&context.facts(mutation), &mut subject) {
        Ok(Some(added)) => added,
        Ok(None) => return Ok(Err(Refusal::Unreadable)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let at = args.at.min(context.now);
    let message = Message {
        inbound_number: Some(subject.head.inbound_count),
        brought_by: Some(context.actor.staff),
        ..Message::new(conversation, subject.head.last_mseq, added.author, added.text, at)
    };
    messages::insert(tx.conn, shop, added.id, &message)?;
    heads::update(tx.conn, shop, conversation, stored.ver, &subject.head)?;
    tx.changes.touch(shop, message_row);
    tx.changes.touch(shop, head_row);
    Ok(Ok(named))
}

fn subject(stored: &StoredHead, conversation: ConversationId) -> Subject {
    Subject { head: stored.head.clone(), marker: ReadMarker::new(conversation), message: None }
}

/// Status or assignment: set only where nobody but an older replay has changed it since the restore.
fn field(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    replay: &Replay,
    survived: i64,
) -> Result<Decided, OperationError> {
    let Target::Conversation(conversation) = operation.target() else { return Ok(Err(Refusal::Unreadable)) };
    let Some(stored) = origin::conversation(tx, context, mutation, conversation)? else {
        return Ok(Ok(Vec::new()));
    };
    let named = vec![Changed::Conversation(stored.inbox, conversation).row_ref()];
    if operation.check_permissions(&context.actor.permissions).is_err() {
        return Ok(Ok(named));
    }
    let is_new = is_new(tx, context, conversation, survived)?;
    let mut head = stored.head.clone();
    let name = match operation {
        Operation::Close(_) | Operation::Reopen(_) => "status",
        _ => "assignee",
    };
    let seen = SeenField { context, row: conversation.0, name, is_new, survived };
    let may = match name {
        "status" => replay.may_set(seen.restored(tx, &head.status)?),
        _ => replay.may_set(seen.restored(tx, &head.assignee)?),
    };
    let by = Some(context.actor.staff);
    let set = may
        && match operation {
            // The customer has written what the person had not seen: it stays open.
            Operation::Close(args) if head.last_inbound != args.seen => false,
            Operation::Close(_) => {
                head.status = changed(Status::Closed, by, mutation.mid);
                true
            }
            Operation::Reopen(_) => {
                head.status = changed(Status::Open, by, mutation.mid);
                true
            }
            Operation::Assign(args) => {
                head.assignee = changed(Some(args.assignee), by, mutation.mid);
                conversation::may_be_assigned(tx.conn, context.shop, args.assignee)?
            }
            _ => {
                head.assignee = changed(None, by, mutation.mid);
                true
            }
        };
    if set {
        heads::update(tx.conn, context.shop, conversation, stored.ver, &head)?;
        tx.changes.touch(context.shop, Changed::Conversation(stored.inbox, conversation));
        note_replayed(tx, context, conversation.0, name, mutation.mid, replay)?;
    }
    Ok(Ok(named))
}

fn changed<T>(value: T, by: Option<shopbell_domain::ids::StaffId>, mid: MutationId) -> Field<T> {
    Field { value, ver: Ver::PENDING, by, mutation: Some(mid) }
}

/// Whether a conversation began after the restore, as far as the server knows: its first message came since.
fn is_new(
    tx: &Tx<'_>,
    context: &Context<'_>,
    conversation: ConversationId,
    survived: i64,
) -> rusqlite::Result<bool> {
    let ver: Option<i64> = tx
        .conn
        .prepare_cached("SELECT ver FROM message WHERE shop = ?1 AND conversation = ?2 AND mseq = 1")?
        .query_row(params![context.shop.as_bytes(), conversation.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(ver.is_none_or(|ver| ver == Ver::PENDING.0 || ver > survived))
}

/// A field of a row, as a replay looks at it.
struct SeenField<'c, 'p> {
    context: &'c Context<'p>,
    row: Uuid,
    name: &'static str,
    is_new: bool,
    survived: i64,
}

impl SeenField<'_, '_> {
    fn restored<T>(&self, tx: &Tx<'_>, field: &Field<T>) -> rusqlite::Result<Restored> {
        let replayed: Option<(MutationId, i64)> = tx
            .conn
            .prepare_cached("SELECT mutation, seq FROM replayed WHERE shop = ?1 AND id = ?2 AND field = ?3")?
            .query_row(params![self.context.shop.as_bytes(), self.row.as_bytes(), self.name], |row| {
                Ok((id(row, 0, MutationId)?, row.get(1)?))
            })
            .optional()?;
        let replayed = replayed.filter(|(mutation, _)| field.mutation == Some(*mutation)).map(|(_, seq)| seq);
        // What has no version yet was changed just now, unless it is as a new row has it.
        let is_as_begun = self.is_new && field.mutation.is_none();
        let ver = match field.ver {
            _ if is_as_begun => Ver::PENDING,
            Ver::PENDING => Ver(i64::MAX),
            ver => ver,
        };
        Ok(Restored { ver, survived: self.survived, replayed })
    }
}

/// Remembers that a replay set a field: a later one may set it again.
fn note_replayed(
    tx: &Tx<'_>,
    context: &Context<'_>,
    row: Uuid,
    field: &str,
    mid: MutationId,
    replay: &Replay,
) -> rusqlite::Result<()> {
    tx.conn
        .prepare_cached(
            "INSERT INTO replayed (shop, id, field, mutation, seq) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET mutation = excluded.mutation, seq = excluded.seq",
        )?
        .execute(params![context.shop.as_bytes(), row.as_bytes(), field, mid.as_bytes(), replay.seq])?;
    Ok(())
}

/// A note, recorded whatever its author may do now. One whose text nobody else has changed since is changed again; of
/// another one both texts are kept, as always.
fn note(
    tx: &mut Tx<'_>,
    context: &Context<'_>,
    mutation: &Mutation,
    operation: &Operation,
    replay: &Replay,
    survived: i64,
) -> Result<Decided, OperationError> {
    let Some(note) = customer::named_note(operation) else { return Ok(Err(Refusal::Unreadable)) };
    let Target::Customer(about) = operation.target() else { return Ok(Err(Refusal::Unreadable)) };
    let context = &with_all_permissions(context);
    let mut mutation = mutation.clone();
    if let Some(stored) = notes::load(tx.conn, context.shop, note)? {
        let seen = SeenField { context, row: note.0, name: "text", is_new: false, survived };
        if replay.may_set(seen.restored(tx, &stored.note.text)?) {
            mutation.base = Some(stored.note.text.base());
        }
        if let (Operation::AddNote(_), Some(inbox)) =
            (operation, origin::customer(tx, context, &mutation, about)?)
        {
            return Ok(Ok(vec![Changed::Note(inbox, note).row_ref()]));
        }
    }
    let decided = usual(tx, context, &mutation, operation)?;
    if decided.is_ok() {
        note_replayed(tx, context, note.0, "text", mutation.mid, replay)?;
    }
    Ok(match (operation, decided) {
        // It is gone already, or says something that nobody deleted.
        (Operation::DeleteNote(_), Err(_)) => Ok(Vec::new()),
        (_, decided) => decided,
    })
}

/// The author could do it when they did it, whatever they may do now.
fn with_all_permissions<'p>(context: &Context<'p>) -> Context<'p> {
    let permissions = Permissions::of([Permission::Full]);
    let actor = Actor { staff: context.actor.staff, permissions };
    Context { shop: context.shop, device: context.device, actor, kinds: context.kinds, now: context.now }
}
