use proptest::prelude::*;

use super::*;

/// A conversation of the inbox: an id, and what its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line(u8, &'static str);

impl Keyed for Line {
    type Key = u8;
    fn key(&self) -> u8 {
        self.0
    }
}

fn lines(ids: &[u8]) -> Vec<Line> {
    ids.iter().map(|id| Line(*id, "hello")).collect()
}

#[test]
fn nothing_changed_is_no_step() {
    assert_eq!(diff(&lines(&[1, 2, 3]), &lines(&[1, 2, 3])), []);
}

#[test]
fn a_new_message_moves_one_row_and_sets_it() {
    let (old, mut new) = (lines(&[1, 2, 3]), lines(&[3, 1, 2]));
    new[0].1 = "And the red one?";
    assert_eq!(
        diff(&old, &new),
        [Diff::Move { from: 2, to: 0 }, Diff::Set { index: 0, row: Line(3, "And the red one?") }]
    );
}

#[test]
fn a_row_that_sinks_moves_alone() {
    assert_eq!(diff(&lines(&[1, 2, 3, 4]), &lines(&[2, 3, 4, 1])), [Diff::Move { from: 0, to: 3 }]);
}

#[test]
fn a_full_window_drops_its_last_row() {
    assert_eq!(
        diff(&lines(&[1, 2, 3]), &lines(&[4, 1, 2])),
        [Diff::Remove { index: 2 }, Diff::Insert { index: 0, row: Line(4, "hello") }]
    );
}

fn some_lines() -> impl Strategy<Value = Vec<Line>> {
    let text = prop_oneof![Just("hello"), Just("You: Yes!"), Just("thanks")];
    proptest::collection::btree_map(0u8..24, text, 0..16)
        .prop_map(|rows| rows.into_iter().map(|(id, text)| Line(id, text)).collect::<Vec<_>>())
        .prop_shuffle()
}

proptest! {
    #[test]
    fn the_steps_applied_to_the_old_list_give_the_new_one(old in some_lines(), new in some_lines()) {
        let mut rows = old.clone();
        for step in diff(&old, &new) {
            let is_reset = matches!(step, Diff::Reset { .. });
            prop_assert!(!is_reset);
            apply(&mut rows, &step);
        }
        prop_assert_eq!(rows, new);
    }
}
