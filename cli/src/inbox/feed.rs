//! What is new: which messages `watch` has not shown yet.
//!
//! The inbox tells which conversations changed; what was shown before is remembered by message id and state.

use std::collections::BTreeMap;

use shopbell_core::{
    ConversationId, ConversationView, Diff, InboxRow, MessageKind, MessageRow, MessageState, RowId, diff,
};

/// The list as it stands, and what of it was shown.
#[derive(Debug, Default)]
pub struct Feed {
    rows: Vec<InboxRow>,
    loaded: bool,
    shown: BTreeMap<ConversationId, BTreeMap<RowId, Option<MessageState>>>,
}

impl Feed {
    /// Takes a batch of diffs in and gives the rows that changed. The first list is where things stood: nothing in
    /// it is news.
    pub fn conversations(&mut self, diffs: Vec<Diff<InboxRow>>) -> Vec<InboxRow> {
        let mut changed = Vec::new();
        for diff in diffs {
            match &diff {
                Diff::Reset { rows } if self.loaded => {
                    changed.extend(rows.iter().filter(|row| !self.rows.contains(row)).cloned());
                }
                Diff::Insert { row, .. } | Diff::Set { row, .. } => changed.push(row.clone()),
                Diff::Reset { .. } | Diff::Remove { .. } | Diff::Move { .. } => {}
            }
            diff::apply(&mut self.rows, &diff);
            self.loaded = true;
        }
        changed
    }

    /// The person has just seen the whole conversation.
    pub fn was_shown(&mut self, view: &ConversationView) {
        let shown = self.shown.entry(view.head.id).or_default();
        for row in &view.rows {
            if let MessageKind::Message { state, .. } = &row.kind {
                shown.insert(row.id, state.clone());
            }
        }
    }

    /// The messages of a changed conversation that are new or stand differently than when they were shown.
    ///
    /// Of a conversation that was never shown only what is unread is news, and own messages that wait.
    pub fn messages(&mut self, head: &InboxRow, rows: &[MessageRow]) -> Vec<MessageRow> {
        let first_time = !self.shown.contains_key(&head.id);
        let shown = self.shown.entry(head.id).or_default();
        let mut unread = usize::try_from(head.unread).unwrap_or(0);
        let mut news = Vec::new();
        for row in rows.iter().rev() {
            let MessageKind::Message { state, .. } = &row.kind else { continue };
            let is_news = match shown.get(&row.id) {
                Some(before) => before != state,
                None if !first_time => true,
                None if state.is_some() => *state != Some(MessageState::Sent),
                None => {
                    let is_unread = unread > 0;
                    unread = unread.saturating_sub(1);
                    is_unread
                }
            };
            if is_news {
                news.push(row.clone());
            }
            shown.insert(row.id, state.clone());
        }
        news.reverse();
        news
    }
}
