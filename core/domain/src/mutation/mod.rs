//! Every change that a person can make, as data: made on a phone, kept in its outbox, sent to the server, applied
//! there at most once.
//!
//! One operation a file. Each has its arguments and one pure `apply`, which the server runs to decide and the phone
//! runs to show the outbox over the server's rows. `apply` changes what it is given only when it succeeds. `undo` says
//! which operation takes one back.

pub mod add_note;
pub mod add_tag;
pub mod assign;
pub mod cancel;
pub mod close;
pub mod delete_message;
pub mod delete_note;
pub mod edit_message;
pub mod edit_note;
pub mod mark_read;
pub mod mark_unread;
pub mod recover_message;
pub mod remove_tag;
pub mod reopen;
mod replay;
pub mod send_message;
pub mod star;
mod subject;
pub mod unassign;
mod undo;
pub mod unstar;

pub use replay::{Origin, Replay, Restored};
pub use subject::{CustomerSubject, Facts, NewMessage, Subject};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::conversation::Base;
use crate::ids::{ConversationId, CustomerId, EpochId, MessageId, MutationId, StaffId};
use crate::refusal::Refusal;
use crate::secret::SecretKind;
use crate::staff::{Permission, Permissions};
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
    /// It was settled before the server was restored, and is brought back. Not a part of "the same arguments" either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
    /// Where its conversation came from: with what is brought to a server that may have lost it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
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
            replay: None,
            origin: None,
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

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A conversation: [`Operation::apply`].
    Conversation(ConversationId),
    /// A customer, in whatever conversation: [`Operation::apply_to_customer`].
    Customer(CustomerId),
}

macro_rules! operations {
    ($($name:literal => $variant:ident($args:ty) on $target:ident($field:ident)),+ $(,)?) => {
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

            /// What it is about.
            pub fn target(&self) -> Target {
                match self { $(Operation::$variant(args) => Target::$target(args.$field),)+ }
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
    "send_message" => SendMessage(send_message::SendMessage) on Conversation(conversation),
    "edit_message" => EditMessage(edit_message::EditMessage) on Conversation(conversation),
    "delete_message" => DeleteMessage(delete_message::DeleteMessage) on Conversation(conversation),
    "recover_message" => RecoverMessage(recover_message::RecoverMessage) on Conversation(conversation),
    "cancel" => Cancel(cancel::Cancel) on Conversation(conversation),
    "close" => Close(close::Close) on Conversation(conversation),
    "reopen" => Reopen(reopen::Reopen) on Conversation(conversation),
    "mark_read" => MarkRead(mark_read::MarkRead) on Conversation(conversation),
    "mark_unread" => MarkUnread(mark_unread::MarkUnread) on Conversation(conversation),
    "assign" => Assign(assign::Assign) on Conversation(conversation),
    "unassign" => Unassign(unassign::Unassign) on Conversation(conversation),
    "star" => Star(star::Star) on Conversation(conversation),
    "unstar" => Unstar(unstar::Unstar) on Conversation(conversation),
    "add_tag" => AddTag(add_tag::AddTag) on Customer(customer),
    "remove_tag" => RemoveTag(remove_tag::RemoveTag) on Customer(customer),
    "add_note" => AddNote(add_note::AddNote) on Customer(customer),
    "edit_note" => EditNote(edit_note::EditNote) on Customer(customer),
    "delete_note" => DeleteNote(delete_note::DeleteNote) on Customer(customer),
}

impl Operation {
    /// Which permissions it takes, all of them. Checked again whenever it is applied.
    pub fn needs(&self) -> &'static [Permission] {
        use Permission::{Customers, Discounts, DraftOrders};
        match self {
            Operation::SendMessage(args) => match args.secret.as_ref().map(|secret| secret.kind) {
                Some(SecretKind::Discount) => &[Customers, Discounts],
                Some(SecretKind::DraftOrder) => &[Customers, DraftOrders],
                None => &[Customers],
            },
            _ => &[Customers],
        }
    }

    /// What this person lacks to ask for it.
    ///
    /// # Errors
    /// [`Refusal::NoPermission`] with the first permission that is missing.
    pub fn check_permissions(&self, permissions: &Permissions) -> Result<(), Refusal> {
        match self.needs().iter().find(|needs| !permissions.allow(**needs)) {
            Some(needs) => Err(Refusal::NoPermission { needs: *needs }),
            None => Ok(()),
        }
    }

    /// The message that [`Subject::message`] must be.
    pub fn own_message(&self) -> Option<MessageId> {
        match self {
            Operation::EditMessage(args) => Some(args.message),
            Operation::DeleteMessage(args) => Some(args.message),
            _ => None,
        }
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

    /// Makes a change to a conversation: `subject` becomes what it is afterwards, and the message that it adds is
    /// returned.
    ///
    /// # Errors
    /// Why it is refused; `subject` is then as it was. An operation on a customer is [`Refusal::Unreadable`] here.
    pub fn apply(&self, facts: &Facts, subject: &mut Subject) -> Result<Option<NewMessage>, Refusal> {
        self.check_permission(facts)?;
        match self {
            Operation::SendMessage(args) => return args.apply(facts, &mut subject.head).map(Some),
            Operation::RecoverMessage(args) => return args.apply(facts, &mut subject.head).map(Some),
            Operation::EditMessage(args) => args.apply(facts, subject)?,
            Operation::DeleteMessage(args) => args.apply(facts, subject)?,
            Operation::Cancel(_) => {} // the server looks for what it cancels; nothing else changes
            Operation::Close(args) => args.apply(facts, &mut subject.head)?,
            Operation::Reopen(args) => args.apply(facts, &mut subject.head)?,
            Operation::MarkRead(args) => args.apply(facts, &mut subject.marker),
            Operation::MarkUnread(args) => args.apply(&mut subject.marker),
            Operation::Assign(args) => args.apply(facts, &mut subject.head)?,
            Operation::Unassign(args) => args.apply(facts, &mut subject.head)?,
            Operation::Star(args) => args.apply(&mut subject.head),
            Operation::Unstar(args) => args.apply(&mut subject.head),
            _ => return Err(Refusal::Unreadable),
        }
        Ok(None)
    }

    /// Makes a change to a customer: `subject` becomes what it is afterwards.
    ///
    /// # Errors
    /// Why it is refused; `subject` is then as it was. An operation on a conversation is [`Refusal::Unreadable`] here.
    pub fn apply_to_customer(&self, facts: &Facts, subject: &mut CustomerSubject) -> Result<(), Refusal> {
        self.check_permission(facts)?;
        match self {
            Operation::AddTag(args) => args.apply(&mut subject.customer),
            Operation::RemoveTag(args) => {
                args.apply(&mut subject.customer);
                Ok(())
            }
            Operation::AddNote(args) => args.apply(facts, subject),
            Operation::EditNote(args) => args.apply(facts, subject),
            Operation::DeleteNote(args) => args.apply(facts, subject),
            _ => Err(Refusal::Unreadable),
        }
    }

    fn check_permission(&self, facts: &Facts) -> Result<(), Refusal> {
        self.check_permissions(&facts.actor.permissions)
    }
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "customer_tests.rs"]
mod customer_tests;

#[cfg(test)]
#[path = "revise_tests.rs"]
mod revise_tests;
