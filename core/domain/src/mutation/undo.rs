//! Undo: which operation takes another one back. It is a mutation like any other, with "mine" as its base, so that it
//! changes nothing that a colleague has changed since.

use super::add_note::AddNote;
use super::add_tag::AddTag;
use super::assign::Assign;
use super::close::Close;
use super::delete_note::DeleteNote;
use super::edit_note::EditNote;
use super::mark_read::MarkRead;
use super::mark_unread::MarkUnread;
use super::remove_tag::RemoveTag;
use super::reopen::Reopen;
use super::star::Star;
use super::unassign::Unassign;
use super::unstar::Unstar;
use super::{CustomerSubject, Operation, Subject};
use crate::conversation::{Status, unread};
use crate::ids::{MutationId, NoteId, hashed_uuid};
use crate::tag::Tag;

impl Operation {
    /// What takes this change to a conversation back, told by what was there `before` it. `None`: it changes nothing
    /// there, or it cannot be taken back (a reply).
    pub fn inverse(&self, before: &Subject) -> Option<Operation> {
        let head = &before.head;
        match self {
            Operation::Close(args) => (head.status.value == Status::Open)
                .then_some(Operation::Reopen(Reopen { conversation: args.conversation })),
            Operation::Reopen(args) => {
                (head.status.value == Status::Closed).then_some(Operation::Close(Close {
                    conversation: args.conversation,
                    seen: head.last_inbound,
                }))
            }
            Operation::Assign(Assign { conversation, .. })
            | Operation::Unassign(Unassign { conversation }) => {
                let conversation = *conversation;
                Some(match head.assignee.value {
                    Some(assignee) => Operation::Assign(Assign { conversation, assignee }),
                    None => Operation::Unassign(Unassign { conversation }),
                })
                .filter(|inverse| inverse != self)
            }
            Operation::Star(args) => {
                (!head.starred).then_some(Operation::Unstar(Unstar { conversation: args.conversation }))
            }
            Operation::Unstar(args) => {
                head.starred.then_some(Operation::Star(Star { conversation: args.conversation }))
            }
            Operation::MarkRead(args) => {
                Some(Operation::MarkUnread(MarkUnread { conversation: args.conversation }))
            }
            Operation::MarkUnread(args) => {
                let was_read = !before.marker.marked_unread && unread(head, Some(&before.marker)) == 0;
                let message = head.last_inbound.filter(|_| was_read)?;
                Some(Operation::MarkRead(MarkRead { conversation: args.conversation, message }))
            }
            _ => None,
        }
    }

    /// The same for a change to a customer. `mid` is that change's.
    pub fn inverse_for_customer(&self, before: &CustomerSubject, mid: MutationId) -> Option<Operation> {
        // As it stands there, whatever its case in the change.
        let held = |written: &str| {
            let key = Tag::new(written).ok()?.key();
            before.customer.tags.iter().find(|tag| tag.key() == key)
        };
        match self {
            Operation::AddTag(args) => held(&args.tag)
                .is_none()
                .then(|| Operation::RemoveTag(RemoveTag { customer: args.customer, tag: args.tag.clone() })),
            Operation::RemoveTag(args) => held(&args.tag).map(|tag| {
                Operation::AddTag(AddTag { customer: args.customer, tag: tag.as_str().to_owned() })
            }),
            Operation::AddNote(args) => {
                Some(Operation::DeleteNote(DeleteNote { customer: args.customer, note: args.note }))
            }
            Operation::EditNote(args) => {
                let text = before.notes.get(&args.note)?.text.value.clone();
                Some(Operation::EditNote(EditNote { customer: args.customer, note: args.note, text }))
            }
            // A deleted note's id is spent: a late delete must not hit what was brought back.
            Operation::DeleteNote(args) => {
                let text = before.notes.get(&args.note)?.text.value.clone();
                let note = NoteId(hashed_uuid(&[b"undo delete note", mid.as_bytes()]));
                Some(Operation::AddNote(AddNote { customer: args.customer, note, text }))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
