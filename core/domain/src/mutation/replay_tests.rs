use super::*;
use crate::ids::EpochId;
use uuid::Uuid;

fn replay(seq: i64) -> Replay {
    Replay { epoch: EpochId(Uuid::nil()), seq, seen_sent: false }
}

/// A field of a server whose history survives up to 40.
fn field(ver: i64, replayed: Option<i64>) -> Restored {
    Restored { ver: Ver(ver), survived: 40, replayed }
}

#[test]
fn what_nobody_has_changed_since_the_restore_is_set() {
    assert!(replay(55).may_set(field(40, None)));
    assert!(replay(55).may_set(field(0, None)));
    assert!(!replay(55).may_set(field(41, None)), "Mina has changed it since");
}

#[test]
fn of_two_replays_the_one_that_came_last_before_the_restore_stands_whatever_their_order() {
    assert!(replay(60).may_set(field(43, Some(55))));
    assert!(!replay(55).may_set(field(43, Some(60))));
    assert!(!replay(55).may_set(field(43, Some(55))), "once is enough");
}
