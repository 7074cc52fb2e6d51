//! A customer, ready to show: who they are, what the shop calls them, what colleagues wrote down about them, and what
//! else they wrote.

use std::collections::BTreeMap;

use rusqlite::Connection;

use shopbell_domain::conversation::Ver;
use shopbell_domain::customer::Tags;
use shopbell_domain::ids::{ConversationId, CustomerId, NoteId};
use shopbell_domain::mutation::Operation;
use shopbell_domain::note::conflict_id;
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use crate::inbox::{self, InboxRow};
use crate::store::{self, StoreError};

/// The most other conversations of a customer that are shown.
pub const CONVERSATIONS_LIMIT_ROWS: usize = 50;

/// A customer on the screen, as seen from one of their conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerView {
    /// Who.
    pub id: CustomerId,
    /// What to call them.
    pub name: String,
    /// Their number within the shop.
    pub number: i64,
    /// What the shop calls them, with what is in the outbox applied.
    pub tags: Tags,
    /// What colleagues wrote down, newest first, with what is in the outbox applied.
    pub notes: Vec<NoteRow>,
    /// Their other conversations, open or closed, newest activity first.
    pub conversations: Vec<InboxRow>,
}

impl CustomerView {
    /// A customer who is not held any more.
    pub(crate) fn unknown(id: CustomerId, lang: Lang) -> CustomerView {
        CustomerView {
            id,
            name: inbox::customer_name(lang, None, None),
            number: 0,
            tags: Tags::default(),
            notes: Vec::new(),
            conversations: Vec::new(),
        }
    }
}

/// A note about a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Which one.
    pub id: NoteId,
    /// What it says.
    pub text: String,
    /// Who began it.
    pub author: String,
    /// When the server stored it; until then, when it was written by this device's clock.
    pub at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// It is an edit that was made while a colleague changed this other note: both are kept.
    pub conflicts_with: Option<NoteId>,
    /// Whether a change of it is not settled yet.
    pub waiting: bool,
}

/// Hears how a customer changed.
pub trait CustomerListener: Send + Sync {
    /// The customer is now like this. Called one after the other, never while a lock of the core is held.
    fn on_customer(&self, customer: CustomerView);
}

/// A conversation's customer; `None` when either is not held.
pub(crate) fn view(
    connection: &Connection,
    conversation: ConversationId,
    lang: Lang,
) -> Result<Option<CustomerView>, StoreError> {
    let Some(head) = store::head(connection, conversation)? else {
        return Ok(None);
    };
    let id = head.customer;
    let Some(subject) = store::replay_customer(connection, id)? else {
        return Ok(None);
    };
    let waiting = waiting(connection, id)?;
    // In the order of the time that they are replayed at: device clocks order nothing.
    let mut notes: Vec<_> = subject.notes.into_iter().collect();
    notes.sort_by_key(|(id, note)| std::cmp::Reverse((note.at, *id)));
    let mut rows = Vec::new();
    for (id, note) in notes {
        let change = waiting.get(&id).filter(|_| note.text.ver == Ver::PENDING).copied().unwrap_or_default();
        rows.push(NoteRow {
            id,
            text: note.text.value,
            author: inbox::staff_name_of(connection, lang, note.author)?,
            at: change.begun.unwrap_or(note.at),
            edited_at: note.edited_at.map(|at| change.edited.unwrap_or(at)),
            conflicts_with: note.conflicts_with,
            waiting: waiting.contains_key(&id),
        });
    }
    let mut conversations = inbox::of_customer(connection, id, lang)?;
    conversations.retain(|row| row.id != conversation);
    conversations.truncate(CONVERSATIONS_LIMIT_ROWS);
    Ok(Some(CustomerView {
        id,
        name: inbox::customer_name(lang, subject.customer.name, Some(subject.customer.number)),
        number: subject.customer.number,
        tags: subject.customer.tags,
        notes: rows,
        conversations,
    }))
}

/// When what waits of a note was made, by this device's clock.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    begun: Option<Timestamp>,
    edited: Option<Timestamp>,
}

/// The notes that the outbox changes.
fn waiting(connection: &Connection, customer: CustomerId) -> Result<BTreeMap<NoteId, Waiting>, StoreError> {
    let mut waiting: BTreeMap<NoteId, Waiting> = BTreeMap::new();
    for entry in store::of_target(connection, customer.0)? {
        let made = entry.mutation.client_ts;
        match entry.mutation.operation() {
            Ok(Operation::AddNote(args)) => {
                waiting.entry(args.note).or_default().begun = Some(made);
            }
            Ok(Operation::EditNote(args)) => {
                waiting.entry(args.note).or_default().edited = Some(made);
                waiting.entry(conflict_id(entry.mutation.mid)).or_default().begun = Some(made);
            }
            _ => {}
        }
    }
    Ok(waiting)
}
