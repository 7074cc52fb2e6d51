//! The rows of one conversation: what is held, the holes, and what is on its way.

use rusqlite::{Connection, OptionalExtension, Row};

use shopbell_domain::ids::{ConversationId, MessageId, StaffId};
use shopbell_domain::message::Delivery;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::time::Timestamp;
use shopbell_l10n::Lang;

use super::{Author, MessageKind, MessageRow, MessageState, RowId, Shared, SharedWords};
use crate::account::StaffName;
use crate::inbox::{customer_name, staff_name};
use crate::outbox::{channel_refusal_words, refusal_words};
use crate::store::{self, Entry, Profile, StoreError};

pub(crate) const MESSAGES: &str =
    "SELECT message.id, message.mseq, message.author, staff.name AS author_name, message.text,
        message.at, message.delivery, message.refused_by_channel, message.shared, message.deleted,
        message.revision_ver IS NOT NULL AS revised, message.brought_by, brought.name AS brought_name,
        secret.title, secret.body
    FROM message LEFT JOIN staff ON staff.id = message.author
    LEFT JOIN staff AS brought ON brought.id = message.brought_by
    LEFT JOIN secret ON secret.id = message.id
    WHERE message.conversation = ?1 ORDER BY message.mseq DESC LIMIT ?2";

/// The newest `limit` messages that are held, oldest first, with the holes between them; then the replies that are on
/// their way or were refused, in the order in which they were made. Each message stands there once.
pub(crate) fn rows(
    connection: &Connection,
    conversation: ConversationId,
    limit: usize,
    lang: Lang,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut writer = RowWriter::new(connection, conversation, lang)?;
    let mut rows = Vec::new();
    let mut previous = 0;
    for held in writer.held(limit)? {
        rows.extend(gap(previous, held.mseq));
        previous = held.mseq;
        rows.push(writer.message(held));
    }
    if let Some(head) = store::head(connection, conversation)?
        && !store::is_of_before(connection, conversation)?
    {
        rows.extend(gap(previous, head.last_mseq + 1));
    }
    rows.extend(writer.refused()?);
    rows.extend(writer.waiting()?);
    Ok(rows)
}

/// What must happen so that earlier messages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// They are held: a larger window shows them.
    Held,
    /// The server must be asked for those before this `mseq`.
    Ask {
        /// The `mseq` of the message after the hole.
        before: i64,
    },
    /// There are none.
    None,
}

/// What must happen so that the newest hole of a window closes, or the window grows.
pub(crate) fn earlier(
    connection: &Connection,
    conversation: ConversationId,
    limit: usize,
) -> Result<Earlier, StoreError> {
    let last = store::head(connection, conversation)?.map_or(0, |head| head.last_mseq);
    let mut statement = connection
        .prepare_cached("SELECT mseq FROM message WHERE conversation = ?1 ORDER BY mseq DESC LIMIT ?2")?;
    // One more than the window shows, to know whether what precedes it is held.
    let places = statement
        .query_map((conversation.as_bytes(), as_limit(limit + 1)), |row| row.get::<_, i64>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut after = last + 1;
    for place in &places {
        if *place < after - 1 {
            return Ok(Earlier::Ask { before: after });
        }
        after = *place;
    }
    Ok(match after {
        _ if places.len() > limit => Earlier::Held,
        first if first > 1 => Earlier::Ask { before: first },
        _ => Earlier::None,
    })
}

fn gap(previous: i64, next: i64) -> Option<MessageRow> {
    let missing = u64::try_from(next - previous - 1).ok().filter(|missing| *missing > 0)?;
    Some(MessageRow { id: RowId::Gap { before: next }, kind: MessageKind::Gap { missing } })
}

fn as_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A message that is held.
struct Held {
    id: MessageId,
    mseq: i64,
    author: Option<StaffId>,
    author_name: Option<String>,
    text: String,
    at: Timestamp,
    delivery: Option<String>,
    refused_by_channel: Option<String>,
    shared: Option<Shared>,
    deleted: bool,
    revised: bool,
    brought_by: Option<StaffId>,
    brought_name: Option<String>,
}

/// Words rows of one conversation.
struct RowWriter<'a> {
    connection: &'a Connection,
    conversation: ConversationId,
    lang: Lang,
    me: Option<StaffName>,
    customer: String,
}

impl<'a> RowWriter<'a> {
    fn new(connection: &'a Connection, conversation: ConversationId, lang: Lang) -> Result<Self, StoreError> {
        let me = Profile::read(connection)?.and_then(|profile| profile.account).map(|account| account.staff);
        let found: Option<(Option<String>, Option<i64>)> = connection
            .prepare_cached("SELECT customer_name, customer_number FROM shown WHERE conversation = ?1")?
            .query_row([conversation.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (name, number) = found.unwrap_or_default();
        Ok(Self { connection, conversation, lang, me, customer: customer_name(lang, name, number) })
    }

    fn held(&self, limit: usize) -> Result<Vec<Held>, StoreError> {
        let mut statement = self.connection.prepare_cached(MESSAGES)?;
        let mut held = statement
            .query_map((self.conversation.as_bytes(), as_limit(limit)), read)?
            .collect::<Result<Vec<_>, _>>()?;
        held.reverse();
        // What the outbox edits or deletes is shown so at once.
        let revised = store::revised(self.connection, self.conversation)?;
        for held in &mut held {
            if let Some(revised) = revised.get(&held.id) {
                held.text.clone_from(&revised.text);
                (held.revised, held.deleted) = (true, revised.deleted);
                held.shared = held.shared.take().filter(|_| !revised.deleted);
            }
        }
        Ok(held)
    }

    fn message(&mut self, held: Held) -> MessageRow {
        let (author, author_name) = match held.author {
            None => (Author::Customer, self.customer.clone()),
            Some(staff) => {
                let mine = self.me.as_ref().is_some_and(|me| me.id == staff);
                (if mine { Author::Me } else { Author::Colleague }, staff_name(self.lang, held.author_name))
            }
        };
        let state = held.author.map(|_| self.state(held.delivery.as_deref(), held.refused_by_channel));
        let lang = self.lang;
        let kind = MessageKind::Message {
            author,
            author_name,
            text: held.text,
            at: held.at,
            state,
            shared: held.shared,
            edited: held.revised && !held.deleted,
            deleted: held.deleted,
            brought_by: held.brought_by.map(|_| staff_name(lang, held.brought_name)),
        };
        MessageRow { id: RowId::Message(held.id), kind }
    }

    fn state(&self, delivery: Option<&str>, refused_by_channel: Option<String>) -> MessageState {
        match delivery.and_then(Delivery::from_word) {
            Some(Delivery::Queued | Delivery::Sending) => MessageState::Sending,
            Some(Delivery::Unknown) => MessageState::Unknown,
            Some(Delivery::Refused) => {
                let code = refused_by_channel.unwrap_or_default();
                MessageState::NotSent { reason: channel_refusal_words(self.lang, &code), code }
            }
            Some(Delivery::SentBeforeRestore) => MessageState::SentBeforeRestore,
            Some(Delivery::Sent) | None => MessageState::Sent,
        }
    }

    /// Replies that were refused.
    fn refused(&self) -> Result<Vec<MessageRow>, StoreError> {
        let mut rows = Vec::new();
        for refused in store::listed(self.connection, Some(self.conversation))? {
            if let Some(Operation::SendMessage(send)) = refused.asked.operation()
                && !store::holds_message(self.connection, send.message)?
            {
                let state = MessageState::NotSent {
                    code: refused.refusal.code().to_owned(),
                    reason: refusal_words(self.connection, self.lang, refused.target, &refused.refusal)?,
                };
                rows.push(self.own(send, refused.client_ts, state));
            }
        }
        Ok(rows)
    }

    /// Replies that are not settled, and what is brought back to a server that has lost it.
    fn waiting(&self) -> Result<Vec<MessageRow>, StoreError> {
        let mut rows = Vec::new();
        for entry in store::of_target(self.connection, self.conversation.0)? {
            match entry.mutation.operation() {
                Ok(Operation::SendMessage(send)) if !store::holds_message(self.connection, send.message)? => {
                    rows.push(self.own(send, entry.mutation.client_ts, waiting_state(&entry)));
                }
                Ok(Operation::RecoverMessage(args))
                    if !store::holds_message(self.connection, args.message)? =>
                {
                    rows.push(MessageRow {
                        id: RowId::Message(args.message),
                        kind: MessageKind::Message {
                            author: Author::Customer,
                            author_name: self.customer.clone(),
                            text: args.text,
                            at: args.at,
                            state: None,
                            shared: None,
                            edited: false,
                            deleted: false,
                            brought_by: None,
                        },
                    });
                }
                _ => {}
            }
        }
        Ok(rows)
    }

    fn own(&self, send: SendMessage, at: Timestamp, state: MessageState) -> MessageRow {
        MessageRow {
            id: RowId::Message(send.message),
            kind: MessageKind::Message {
                author: Author::Me,
                author_name: self.me.as_ref().map(|me| me.name.clone()).unwrap_or_default(),
                text: send.text,
                at,
                state: Some(state),
                shared: send.secret.map(|part| Shared {
                    kind: part.kind,
                    words: Some(SharedWords { title: part.title, body: part.body }),
                }),
                edited: false,
                deleted: false,
                brought_by: None,
            },
        }
    }
}

/// How far a reply of the outbox has come. One that is brought back is what it was before the restore.
fn waiting_state(entry: &Entry) -> MessageState {
    match (entry.mutation.replay, entry.cancelled_by) {
        _ if entry.set_aside => MessageState::Unknown,
        (Some(replay), _) if replay.seen_sent => MessageState::Sent,
        (Some(_), _) => MessageState::Unknown,
        (None, Some(_)) => MessageState::Cancelling,
        (None, None) => MessageState::Waiting,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Held> {
    let (title, body): (Option<String>, Option<String>) = (row.get("title")?, row.get("body")?);
    let words = title.map(|title| SharedWords { title, body: body.unwrap_or_default() });
    Ok(Held {
        id: store::id(row, "id")?,
        mseq: row.get("mseq")?,
        author: store::maybe_id(row, "author")?,
        author_name: row.get("author_name")?,
        text: row.get("text")?,
        at: Timestamp::from_millis(row.get("at")?),
        delivery: row.get("delivery")?,
        refused_by_channel: row.get("refused_by_channel")?,
        shared: store::secret_kind(row, "shared")?.map(|kind| Shared { kind, words }),
        deleted: row.get("deleted")?,
        revised: row.get("revised")?,
        brought_by: store::maybe_id(row, "brought_by")?,
        brought_name: row.get("brought_name")?,
    })
}
