//! What is shown = the server's rows + a replay of the outbox, by the rules of the domain.
//!
//! What the rules would refuse is left out: the server decides, and says so in a result.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::conversation::{Base, ReadMarker};
use shopbell_domain::customer::Customer;
use shopbell_domain::ids::{ConversationId, CustomerId, MessageId};
use shopbell_domain::message::{Message, Revision};
use shopbell_domain::mutation::{CustomerSubject, Facts, Mutation, Operation, Subject};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::Actor;
use shopbell_domain::text::TEXT_LIMIT_CHARS;
use shopbell_domain::time::Timestamp;

use super::{Entry, StoreError, notes, outbox, people, tables};

/// A conversation with its outbox applied; `None` when its head is not held.
pub(crate) fn replay(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<Subject>, StoreError> {
    let Some(head) = tables::head(connection, conversation)? else {
        return Ok(None);
    };
    let marker = tables::read_marker(connection, conversation)?;
    let mut subject = Subject { head, marker, message: None };
    let entries = outbox::of_target(connection, conversation.0)?;
    apply(connection, &entries, &mut subject, &mut BTreeMap::new())?;
    Ok(Some(subject))
}

/// The messages of a conversation that the outbox edits or deletes, as they are shown.
pub(crate) fn revised(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<BTreeMap<MessageId, Message>, StoreError> {
    let mut revised = BTreeMap::new();
    let mut entries = outbox::of_target(connection, conversation.0)?;
    entries.retain(|entry| entry.mutation.operation().is_ok_and(|asked| asked.own_message().is_some()));
    if !entries.is_empty()
        && let Some(head) = tables::head(connection, conversation)?
    {
        let mut subject = Subject { head, marker: ReadMarker::new(conversation), message: None };
        apply(connection, &entries, &mut subject, &mut revised)?;
    }
    Ok(revised)
}

/// Applies these, the messages that they change to `messages`.
fn apply(
    connection: &Connection,
    entries: &[Entry],
    subject: &mut Subject,
    messages: &mut BTreeMap<MessageId, Message>,
) -> Result<(), StoreError> {
    let Some(actor) = actor_of(connection, entries)? else {
        return Ok(());
    };
    for (entry, operation) in applied(entries) {
        if let Some(message) = added_message(&operation)
            && (holds_message(connection, message)? || counts_already(connection, entry)?)
        {
            continue;
        }
        let own = operation.own_message();
        subject.message = match own {
            Some(id) => match messages.remove(&id) {
                Some(message) => Some(message),
                None => super::message(connection, id)?,
            },
            None => None,
        };
        let mut facts =
            facts(connection, &actor, &entry.mutation, entry.shown_at, &operation, Some(subject))?;
        if entry.mutation.replay.is_some() {
            // It was accepted once; against what it was made does not count any more.
            facts.base = base_of(&operation, subject).or(facts.base);
        }
        let _refused_here = operation.apply(&facts, subject);
        if let (Some(id), Some(message)) = (own, subject.message.take()) {
            messages.insert(id, message);
        }
    }
    Ok(())
}

/// Whether the head that is held is still the one before a restore, which counts what is brought back.
fn counts_already(connection: &Connection, entry: &Entry) -> Result<bool, StoreError> {
    let brought_back = entry.mutation.replay.is_some() || entry.mutation.name == "recover_message";
    Ok(brought_back && is_of_before(connection, ConversationId(entry.target))?)
}

/// Whether the head that is held is of a history before the present one.
pub(crate) fn is_of_before(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM conversation WHERE id = ?1 AND epoch <> (SELECT epoch FROM profile)")?
        .exists([conversation.as_bytes()])?)
}

/// The message that a change adds.
fn added_message(operation: &Operation) -> Option<MessageId> {
    match operation {
        Operation::RecoverMessage(args) => Some(args.message),
        operation => outbox::message_of(operation),
    }
}

/// What the field that a change sets is based on now.
fn base_of(operation: &Operation, subject: &Subject) -> Option<Base> {
    match operation {
        Operation::Close(_) | Operation::Reopen(_) => Some(subject.head.status.base()),
        Operation::Assign(_) | Operation::Unassign(_) => Some(subject.head.assignee.base()),
        Operation::EditMessage(_) => subject.message.as_ref()?.revision.as_ref().map(Revision::base),
        _ => None,
    }
}

/// A customer with all notes and their outbox applied; `None` when they are not held.
pub(crate) fn replay_customer(
    connection: &Connection,
    customer: CustomerId,
) -> Result<Option<CustomerSubject>, StoreError> {
    let Some(held) = tables::customer(connection, customer)? else {
        return Ok(None);
    };
    let notes = notes::of_customer(connection, customer)?;
    replay_over(connection, customer, CustomerSubject::new(held, notes)).map(Some)
}

/// The same for the list, which shows no notes: no change to a note changes anything else.
pub(super) fn replay_without_notes(
    connection: &Connection,
    customer: CustomerId,
) -> Result<Option<Customer>, StoreError> {
    let Some(held) = tables::customer(connection, customer)? else {
        return Ok(None);
    };
    let subject = CustomerSubject::new(held, Default::default());
    Ok(Some(replay_over(connection, customer, subject)?.customer))
}

fn replay_over(
    connection: &Connection,
    customer: CustomerId,
    mut subject: CustomerSubject,
) -> Result<CustomerSubject, StoreError> {
    let entries = outbox::of_target(connection, customer.0)?;
    let Some(actor) = actor_of(connection, &entries)? else {
        return Ok(subject);
    };
    for (entry, operation) in applied(&entries) {
        let facts = facts(connection, &actor, &entry.mutation, entry.shown_at, &operation, None)?;
        let _refused_here = operation.apply_to_customer(&facts, &mut subject);
    }
    Ok(subject)
}

/// What a change would make of a conversation as it is shown now.
pub(crate) fn after(
    connection: &Connection,
    subject: &Subject,
    mutation: &Mutation,
    operation: &Operation,
) -> Result<Result<Subject, Refusal>, StoreError> {
    let Some(actor) = people::me(connection)? else {
        return Ok(Ok(subject.clone()));
    };
    let facts = facts(connection, &actor, mutation, mutation.client_ts, operation, Some(subject))?;
    let mut after = subject.clone();
    Ok(operation.apply(&facts, &mut after).map(|_| after))
}

/// What a change would make of a customer as they are shown now.
pub(crate) fn after_for_customer(
    connection: &Connection,
    subject: &CustomerSubject,
    mutation: &Mutation,
    operation: &Operation,
) -> Result<Result<CustomerSubject, Refusal>, StoreError> {
    let Some(actor) = people::me(connection)? else {
        return Ok(Ok(subject.clone()));
    };
    let facts = facts(connection, &actor, mutation, mutation.client_ts, operation, None)?;
    let mut after = subject.clone();
    Ok(operation.apply_to_customer(&facts, &mut after).map(|()| after))
}

/// Whether the server's row of this message is held: then it is shown, not the replay.
pub(crate) fn holds_message(connection: &Connection, message: MessageId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM message WHERE id = ?1")?.exists([message.as_bytes()])?)
}

/// Who made these; `None` also when there are none.
fn actor_of(connection: &Connection, entries: &[Entry]) -> Result<Option<Actor>, StoreError> {
    if entries.is_empty() { Ok(None) } else { people::me(connection) }
}

/// Those that are shown: neither set aside nor of a newer version of this app, which the server will know.
fn applied(entries: &[Entry]) -> impl Iterator<Item = (&Entry, Operation)> {
    entries
        .iter()
        .filter(|entry| !entry.set_aside)
        .filter_map(|entry| Some((entry, entry.mutation.operation().ok()?)))
}

/// What a decision needs to know, as far as it is held here. `subject` is the conversation that it is about.
fn facts(
    connection: &Connection,
    actor: &Actor,
    mutation: &Mutation,
    now: Timestamp,
    operation: &Operation,
    subject: Option<&Subject>,
) -> Result<Facts, StoreError> {
    Ok(Facts {
        actor: actor.clone(),
        mid: mutation.mid,
        base: mutation.base,
        now,
        named_staff: match operation.named_staff() {
            Some(staff) => people::person(connection, staff)?,
            None => None,
        },
        seen_number: match (operation.seen_message(), subject) {
            (Some(message), Some(subject)) => seen_number(connection, message, subject)?,
            _ => None,
        },
        text_limit_chars: TEXT_LIMIT_CHARS,
        channel_revises: true,
    })
}

/// The number of this message of the customer's. The newest one's number is known from the head even when the message
/// itself is not held.
fn seen_number(
    connection: &Connection,
    message: MessageId,
    subject: &Subject,
) -> Result<Option<i64>, StoreError> {
    let held: Option<Option<i64>> = connection
        .prepare_cached("SELECT inbound_number FROM message WHERE id = ?1 AND conversation = ?2")?
        .query_row((message.as_bytes(), subject.marker.conversation.as_bytes()), |row| row.get(0))
        .optional()?;
    let newest = (subject.head.last_inbound == Some(message)).then_some(subject.head.inbound_count);
    Ok(held.flatten().or(newest))
}
