//! Every change that a person can make, as data: made on a phone, kept in its outbox, sent to the server, applied
//! there at most once.
//!
//! One operation a file. Each has its arguments and one pure `apply`, which the server runs to decide and the phone
//! runs to show the outbox over the server's rows. `apply` changes what it is given only when it succeeds.

pub mod assign;
pub mod close;
pub mod mark_read;
pub mod reopen;
pub mod send_message;
pub mod unassign;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::conversation::{Base, Conversation, ReadMarker};
use crate::ids::{ConversationId, EpochId, MessageId, MutationId, StaffId};
use crate::message::Preview;
use crate::refusal::Refusal;
use crate::staff::{Actor, Permission, Staff};
use crate::time::Timestamp;

/// The version of every operation so far; a server that knows only older ones refuses, and the text is kept.
pub const VERSION: u32 = 1;

/// A mutation as it is stored and as it travels. `args` are bytes: they are resent exactly as they were first stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mutation {
    /// Its id, chosen on the device.
    pub mid: MutationId,
    /// Which operation (`Operation::name`).
    pub name: String,
    /// Which version of it.
    pub v: u32,
    /// Its arguments, a JSON object.
    pub args: Box<RawValue>,
    /// What the person was looking at, for operations that compare and set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// Mutations that must have been accepted before this one. Not a part of "the same arguments".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<MutationId>,
    /// The earlier epoch under which it left without an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempted_epoch: Option<EpochId>,
    /// When the person made it, by the device's clock. It orders nothing.
    pub client_ts: Timestamp,
}

impl Mutation {
    /// A mutation that carries `operation`.
    pub fn new(mid: MutationId, operation: &Operation, base: Option<Base>, now: Timestamp) -> Self {
        Self {
            mid,
            name: operation.name().to_owned(),
            v: VERSION,
            args: operation.to_args(),
            base,
            depends_on: Vec::new(),
            attempted_epoch: None,
            client_ts: now,
        }
    }

    /// What it asks for.
    ///
    /// # Errors
    /// [`Refusal::UnknownMutation`] for a name or version from the future, [`Refusal::Unreadable`] for arguments that
    /// are not this operation's.
    pub fn operation(&self) -> Result<Operation, Refusal> {
        if self.v != VERSION {
            return Err(Refusal::UnknownMutation);
        }
        Operation::read(&self.name, self.args.get())
    }

    /// Whether `other` asks for the same thing under the same id (docs/sync.md 10).
    pub fn same_request(&self, other: &Mutation) -> bool {
        self.name == other.name
            && self.v == other.v
            && self.args.get() == other.args.get()
            && self.base == other.base
    }
}

macro_rules! operations {
    ($($name:literal => $variant:ident($args:ty)),+ $(,)?) => {
        /// What a mutation asks for.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = concat!("`", $name, "`")] $variant($args),)+
        }

        impl Operation {
            /// The names of all operations, as they stand in JSON.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Its name in JSON.
            pub fn name(&self) -> &'static str {
                match self { $(Operation::$variant(_) => $name,)+ }
            }

            /// The conversation that it is about.
            pub fn conversation(&self) -> ConversationId {
                match self { $(Operation::$variant(args) => args.conversation,)+ }
            }

            /// Its arguments as they are stored and sent.
            pub fn to_args(&self) -> Box<RawValue> {
                match self { $(Operation::$variant(args) => serde_json::value::to_raw_value(args),)+ }
                    .expect("arguments are structs of strings and numbers")
            }

            fn read(name: &str, args: &str) -> Result<Operation, Refusal> {
                match name {
                    $($name => serde_json::from_str(args).map(Operation::$variant),)+
                    _ => return Err(Refusal::UnknownMutation),
                }
                .map_err(|_| Refusal::Unreadable)
            }
        }
    };
}

operations! {
    "send_message" => SendMessage(send_message::SendMessage),
    "close" => Close(close::Close),
    "reopen" => Reopen(reopen::Reopen),
    "mark_read" => MarkRead(mark_read::MarkRead),
    "assign" => Assign(assign::Assign),
    "unassign" => Unassign(unassign::Unassign),
}

/// What a decision needs to know beside the conversation; whoever decides looks it up first.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who makes the change, with what they may do now.
    pub actor: Actor,
    /// The mutation.
    pub mid: MutationId,
    /// What the person was looking at.
    pub base: Option<Base>,
    /// The time: the server's there, the time of writing on a phone.
    pub now: Timestamp,
    /// The person whom [`Operation::named_staff`] names, if they are of this shop.
    pub named_staff: Option<Staff>,
    /// The `inbound_number` of the message that [`Operation::seen_message`] names, if it is in this conversation.
    pub seen_number: Option<i64>,
    /// The longest text that the conversation's channel takes, in Unicode scalar values.
    pub text_limit_chars: usize,
}

/// What a change may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The conversation's head.
    pub head: Conversation,
    /// The actor's own marker in it.
    pub marker: ReadMarker,
}

/// A message that a change adds to the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id, chosen on the device.
    pub id: MessageId,
    /// What it says, as it is stored.
    pub text: String,
}

impl Operation {
    /// Which permission it takes. Checked again whenever it is applied.
    pub fn needs(&self) -> Permission {
        Permission::Customers
    }

    /// The person whom [`Facts::named_staff`] must describe.
    pub fn named_staff(&self) -> Option<StaffId> {
        match self {
            Operation::Assign(args) => Some(args.assignee),
            _ => None,
        }
    }

    /// The customer's message whose number [`Facts::seen_number`] must give.
    pub fn seen_message(&self) -> Option<MessageId> {
        match self {
            Operation::MarkRead(args) => Some(args.message),
            _ => None,
        }
    }

    /// Makes the change: `subject` becomes what it is afterwards, and the message that it adds is returned.
    ///
    /// # Errors
    /// Why it is refused; `subject` is then as it was.
    pub fn apply(&self, facts: &Facts, subject: &mut Subject) -> Result<Option<NewMessage>, Refusal> {
        let needs = self.needs();
        if !facts.actor.permissions.allow(needs) {
            return Err(Refusal::NoPermission { needs });
        }
        match self {
            Operation::SendMessage(args) => args.apply(facts, &mut subject.head).map(Some),
            Operation::Close(args) => args.apply(facts, &mut subject.head).map(|()| None),
            Operation::Reopen(args) => args.apply(facts, &mut subject.head).map(|()| None),
            Operation::MarkRead(args) => {
                args.apply(facts, &mut subject.marker);
                Ok(None)
            }
            Operation::Assign(args) => args.apply(facts, &mut subject.head).map(|()| None),
            Operation::Unassign(args) => args.apply(facts, &mut subject.head).map(|()| None),
        }
    }
}

/// A preview of a message of this author, for the list.
fn preview_of(message: &NewMessage, author: StaffId) -> Preview {
    Preview {
        message: message.id,
        author: crate::message::Author::Staff(author),
        text: crate::text::preview(&message.text),
    }
}

/// Sets `field` by compare-and-set: nothing happens when it already has the value; a change made by somebody who was
/// looking at something else is refused.
fn compare_and_set<T: PartialEq>(
    field: &mut crate::conversation::Field<T>,
    value: T,
    facts: &Facts,
) -> Result<(), Refusal> {
    if field.value == value {
        return Ok(());
    }
    let base = facts.base.ok_or(Refusal::Unreadable)?;
    if !field.follows(&base) {
        return Err(Refusal::ChangedSince { by: field.by });
    }
    *field = crate::conversation::Field {
        value,
        ver: crate::conversation::Ver::PENDING,
        by: Some(facts.actor.staff),
        mutation: Some(facts.mid),
    };
    Ok(())
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
