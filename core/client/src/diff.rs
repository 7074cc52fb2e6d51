//! How a list changed: five kinds of step, applied in order by whoever shows it.
//!
//! A shell keeps the rows it was given and applies each step; it never compares lists itself. The property that
//! matters is tested: the steps applied to the old list give exactly the new one.

use std::collections::{BTreeMap, BTreeSet};

/// One step. Indexes are those of the list as the steps before left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diff<T> {
    /// The list is now these rows; whatever was there before is gone.
    Reset {
        /// All rows.
        rows: Vec<T>,
    },
    /// A new row.
    Insert {
        /// Where it stands now.
        index: usize,
        /// The row.
        row: T,
    },
    /// The same row (by id) with other contents.
    Set {
        /// Where it stands.
        index: usize,
        /// The row.
        row: T,
    },
    /// A row is gone.
    Remove {
        /// Where it stood.
        index: usize,
    },
    /// A row stands elsewhere: taken out at `from`, then put in at `to`.
    Move {
        /// Where it stood.
        from: usize,
        /// Where it stands once it was taken out and put in again.
        to: usize,
    },
}

/// A row that stays the same row while its contents change.
pub trait Keyed {
    /// What it stays the same by.
    type Key: Ord + Clone;
    /// Its key.
    fn key(&self) -> Self::Key;
}

/// Applies one step, as a shell does.
///
/// # Panics
/// When a step names a place that is not in the list: it was made for another one.
pub fn apply<T: Clone>(rows: &mut Vec<T>, diff: &Diff<T>) {
    match diff {
        Diff::Reset { rows: all } => rows.clone_from(all),
        Diff::Insert { index, row } => rows.insert(*index, row.clone()),
        Diff::Set { index, row } => rows[*index] = row.clone(),
        Diff::Remove { index } => {
            rows.remove(*index);
        }
        Diff::Move { from, to } => {
            let row = rows.remove(*from);
            rows.insert(*to, row);
        }
    }
}

/// The steps that turn `old` into `new`. Keys are unique within each. As few rows move as possible.
pub fn diff<T: Keyed + Clone + PartialEq>(old: &[T], new: &[T]) -> Vec<Diff<T>> {
    let mut steps = Vec::new();
    let wanted: BTreeSet<T::Key> = new.iter().map(Keyed::key).collect();
    let mut present: Vec<T::Key> = old.iter().map(Keyed::key).collect();
    for index in (0..present.len()).rev() {
        if !wanted.contains(&present[index]) {
            present.remove(index);
            steps.push(Diff::Remove { index });
        }
    }

    let before: BTreeMap<T::Key, &T> = old.iter().map(|row| (row.key(), row)).collect();
    let places: BTreeMap<T::Key, usize> = new.iter().enumerate().map(|(at, row)| (row.key(), at)).collect();
    let stay = longest_rising(&present.iter().map(|key| places[key]).collect::<Vec<_>>());
    // Each row goes right behind the one that precedes it in `new`; those that stay are in order among themselves.
    let mut index = 0;
    for (place, row) in new.iter().enumerate() {
        let key = row.key();
        match before.get(&key) {
            None => {
                present.insert(index, key);
                steps.push(Diff::Insert { index, row: row.clone() });
            }
            Some(was) => {
                let from = position(&present, &key);
                if stay.contains(&place) {
                    index = from;
                } else {
                    present.remove(from);
                    index -= usize::from(from < index);
                    present.insert(index, key);
                    if from != index {
                        steps.push(Diff::Move { from, to: index });
                    }
                }
                if *was != row {
                    steps.push(Diff::Set { index, row: row.clone() });
                }
            }
        }
        index += 1;
    }
    steps
}

fn position<K: Ord>(keys: &[K], key: &K) -> usize {
    keys.iter().position(|present| present == key).expect("it was in the old list and was not removed")
}

/// The members of a longest rising subsequence of distinct numbers.
fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    let mut tails: Vec<usize> = Vec::new(); // tails[n]: index of the smallest end of a rising run of n + 1
    let mut previous = vec![None; numbers.len()];
    for (index, number) in numbers.iter().enumerate() {
        let length = tails.partition_point(|tail| numbers[*tail] < *number);
        previous[index] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(index);
        } else {
            tails[length] = index;
        }
    }
    let mut members = BTreeSet::new();
    let mut next = tails.last().copied();
    while let Some(index) = next {
        members.insert(numbers[index]);
        next = previous[index];
    }
    members
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
