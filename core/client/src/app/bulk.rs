//! Several conversations at once, and taking changes back: all in one transaction, or nothing.

use shopbell_domain::ids::{ConversationId, MutationId, StaffId};

use super::App;
use crate::error::Error;
use crate::inbox::WINDOW_LIMIT_ROWS;
use crate::outbox::{self, CustomerIntent, Intent};

/// The most conversations, or changes, at once.
pub const BULK_LIMIT: usize = WINDOW_LIMIT_ROWS;

/// What may be done with several conversations at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// They are done.
    Close,
    /// They are not.
    Reopen,
    /// To follow up.
    Star,
    /// Not any more.
    Unstar,
    /// They were read.
    MarkRead,
    /// The person wants to come back to them.
    MarkUnread,
    /// This person answers them.
    Assign(StaffId),
    /// Nobody in particular does.
    Unassign,
    /// Their customers get this tag.
    AddTag(String),
}

impl App {
    /// Does the same with several conversations. Those that need no change are left out of the answer.
    ///
    /// # Errors
    /// [`Error::TooManyAtOnce`], [`Error::NotFound`] for any, [`Error::NotSignedIn`], [`Error::Storage`], and for a tag
    /// those of `add_tag`; nothing changed then.
    pub fn bulk(&self, ids: &[ConversationId], action: &BulkAction) -> Result<Vec<MutationId>, Error> {
        self.check_signed_in()?;
        check_limit(ids.len())?;
        let now = self.now();
        self.shared().change(|to| {
            let mut done = Vec::new();
            for id in ids {
                let mid = self.new_mutation();
                let intent = match action {
                    BulkAction::Close => Intent::Close,
                    BulkAction::Reopen => Intent::Reopen,
                    BulkAction::Star => Intent::Star,
                    BulkAction::Unstar => Intent::Unstar,
                    BulkAction::MarkRead => Intent::MarkRead,
                    BulkAction::MarkUnread => Intent::MarkUnread,
                    BulkAction::Assign(staff) => Intent::Assign(*staff),
                    BulkAction::Unassign => Intent::Unassign,
                    BulkAction::AddTag(tag) => {
                        let intent = CustomerIntent::AddTag(tag);
                        done.extend(outbox::enqueue_for_customer(to, *id, intent, mid, now)?);
                        continue;
                    }
                };
                done.extend(outbox::enqueue_change(to, *id, intent, mid, now)?);
            }
            Ok(done)
        })
    }

    /// Takes changes back, the last one first: what never left this phone is dropped, the rest is changed back where
    /// nobody has changed it since. Answers the changes that this made, which may be undone in their turn.
    ///
    /// # Errors
    /// [`Error::CannotUndo`] for a reply that may be with the customer, [`Error::NotFound`] for what is not remembered, [`Error::TooManyAtOnce`],
    /// [`Error::NotSignedIn`], [`Error::Storage`]; nothing changed then.
    pub fn undo(&self, changes: &[MutationId]) -> Result<Vec<MutationId>, Error> {
        self.check_signed_in()?;
        check_limit(changes.len())?;
        let now = self.now();
        self.shared().change(|to| outbox::undo(to, changes, || self.new_mutation(), now))
    }
}

fn check_limit(count: usize) -> Result<(), Error> {
    if count > BULK_LIMIT { Err(Error::TooManyAtOnce { limit: BULK_LIMIT }) } else { Ok(()) }
}
