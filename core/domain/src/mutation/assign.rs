//! "Assign": this person answers the conversation. *Join* is assigning to oneself.

use serde::{Deserialize, Serialize};

use super::subject::{Facts, compare_and_set};
use crate::conversation::Conversation;
use crate::ids::{ConversationId, StaffId};
use crate::refusal::Refusal;
use crate::staff::ASSIGNEE_NEEDS;

/// The arguments of `assign`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assign {
    /// Which one.
    pub conversation: ConversationId,
    /// To whom.
    pub assignee: StaffId,
}

impl Assign {
    pub(super) fn apply(&self, facts: &Facts, head: &mut Conversation) -> Result<(), Refusal> {
        let assignee = facts.named_staff.as_ref().ok_or(Refusal::UnknownStaff)?;
        if !assignee.permissions.allow_all(&ASSIGNEE_NEEDS) {
            return Err(Refusal::AssigneeMayNot { staff: self.assignee });
        }
        compare_and_set(&mut head.assignee, Some(self.assignee), facts)
    }
}
