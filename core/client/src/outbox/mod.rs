//! What people did here and the server has not settled, and what it refused.
//!
//! A change is on disk before anybody sees it. It leaves the outbox only in the transaction that applies its result,
//! to the journal; a refused one is kept there with its text until the person takes it off the list. What never left
//! goes when the person undoes it or takes it back. After a restore of the server, what was settled comes back into it.
//! Nothing else ever deletes from it but the loss of a scope, which leaves the person's own words.

mod customer;
mod enqueue;
mod list;
mod revise;
mod settle;
mod undo;
mod unsent;
mod words;

pub(crate) use customer::{CustomerIntent, enqueue_for_customer};
pub(crate) use enqueue::{Intent, enqueue, enqueue_change, send, share};
pub(crate) use list::{list, list_at_most};
pub(crate) use revise::{delete_message, edit_message};
pub(crate) use settle::{Settled, refuse_here, set_aside, settle};
pub(crate) use undo::undo;
pub(crate) use unsent::{delete_unsent, edit_unsent, retry, take_reply_back};
pub(crate) use words::{channel_refusal_words, refusal_words};

use shopbell_domain::ids::{ConversationId, MutationId};
use shopbell_domain::time::Timestamp;

/// One change in the outbox or under "Not sent".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Which mutation.
    pub id: MutationId,
    /// What it does (`send_message`, `close` …).
    pub name: String,
    /// The conversation that it is about; `None` when it is about the customer, in whatever conversation.
    pub conversation: Option<ConversationId>,
    /// What to call the customer; empty when they are not held any more.
    pub customer: String,
    /// The text of a reply or a note; a tag.
    pub text: Option<String>,
    /// When it was made, by this device's clock.
    pub at: Timestamp,
    /// What became of it so far.
    pub state: OutboxState,
}

/// What became of a change so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxState {
    /// On disk here, sent by itself; its result has not come.
    Waiting,
    /// It is being taken back. Whether that comes in time only the server knows.
    Cancelling,
    /// A fault of this program: it was reported and is not sent again. A reply "may not have arrived".
    SetAside,
    /// The server refused it.
    NotSent {
        /// Why, as a word for scripts.
        code: String,
        /// Why, and what to do, in words for a person.
        reason: String,
    },
}
