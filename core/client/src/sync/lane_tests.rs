use shopbell_domain::env::FixedEnv;

use super::*;

#[test]
fn waits_grow_to_a_limit_and_differ_between_phones() {
    let mina = FixedEnv::seeded(1);
    let mut lane = LaneState::default();
    let mut longest = i64::try_from(RETRY_BASE_MS).unwrap();
    let limit = i64::try_from(RETRY_LIMIT_MS).unwrap();
    for _ in 0..12 {
        let wait = lane.failed(&mina, true, 0);
        assert!((longest / 2..=longest).contains(&wait), "{wait} of {longest}");
        longest = (longest * 2).min(limit);
    }
    let theo = FixedEnv::seeded(2);
    assert_ne!(LaneState::default().failed(&mina, true, 0), LaneState::default().failed(&theo, true, 0),);
}

#[test]
fn a_server_may_ask_for_a_longer_wait_but_not_for_ever() {
    let env = FixedEnv::seeded(3);
    assert_eq!(LaneState::default().failed(&env, false, 20_000), 20_000);
    let limit = i64::try_from(RETRY_AFTER_LIMIT_MS).unwrap();
    assert_eq!(LaneState::default().failed(&env, false, u64::MAX), limit);
}

#[test]
fn an_ended_token_is_replaced_at_once_but_only_once_in_a_row() {
    let mut lane = LaneState::default();
    assert!(lane.token_ended());
    assert!(!lane.token_ended());
    lane.worked();
    assert!(lane.token_ended());
}
