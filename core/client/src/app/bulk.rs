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
                done.extend(match action {
                    BulkAction::Close => outbox::enqueue_change(to, *id, Intent::Close, mid, now)?,
                    BulkAction::Reopen => outbox::enqueue_change(to, *id, Intent::Reopen, mid, now)?,
                    BulkAction::Star => outbox::enqueue_change(to, *id, Intent::Star, mid, now)?,
                    BulkAction::Unstar => outbox::enqueue_change(to, *id, Intent::Unstar, mid, now)?,
                    BulkAction::MarkRead => outbox::enqueue_change(to, *id, Intent::MarkRead, mid, now)?,
                    BulkAction::MarkUnread => outbox::enqueue_change(to, *id, Intent::MarkUnread, mid, now)?,
                    BulkAction::Assign(staff) => {
                        outbox::enqueue_change(to, *id, Intent::Assign(*staff), mid, now)?
                    }
                    BulkAction::Unassign => outbox::enqueue_change(to, *id, Intent::Unassign, mid, now)?,
                    BulkAction::AddTag(tag) => {
                        outbox::enqueue_for_customer(to, *id, CustomerIntent::AddTag(tag), mid, now)?
                    }
                });
            }
            Ok(done)
        })
    }

    /// Takes changes back, the last one first: what never left this phone is dropped, the rest is changed back where
    /// nobody has changed it since. Answers the changes that this made, which may be undone in their turn.
    ///
    /// # Errors
    /// [`Error::CannotUndo`] for a reply, [`Error::NotFound`] for what is not remembered, [`Error::TooManyAtOnce`],
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
