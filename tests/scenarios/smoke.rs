//! The plainest stories, and that a run is a function of its seed.

use shopbell_core::OutboxState;
use shopbell_tests::world::{Beginning, Person, Way, World, is_closed};

const YEAR_MS: i64 = 365 * 24 * 3_600 * 1_000;

/// Ana writes, two people reply without a network, and everybody comes to see the same.
fn two_reply_offline(way: Way, seed: u64, clocks_ms: [i64; 2]) -> World {
    let phones = [Person::Mina, Person::Theo];
    let mut world = World::begin(Beginning { seed, way, phones: &phones, pull_rows: None });
    let ana = world.add_customer("Ana");
    world.writes(ana, true);
    let conversation = world.customers[ana].conversation();
    for (phone, wrong_ms) in clocks_ms.into_iter().enumerate() {
        world.phones[phone].set_clock_wrong(wrong_ms);
        world.sync(phone);
        world.reply(phone, conversation, "Since today!").unwrap();
        world.reply(phone, conversation, "And the red one too").unwrap();
        world.check_step().unwrap();
    }
    world.sync(1);
    world.sync(0);
    world.check_step().unwrap();
    world.quiesce();
    world.check_rest().unwrap();
    let has = world.customers[ana].has(&world.server);
    assert_eq!(has.len(), 4);
    assert_eq!(world.phones[0].rows(conversation).len(), 5);
    world
}

#[test]
fn two_people_reply_without_a_network_and_everybody_agrees() {
    for way in Way::ALL {
        two_reply_offline(way, 1, [0, 0]);
    }
}

#[test]
fn a_run_is_a_function_of_its_seed() {
    let (one, same, other) = (
        two_reply_offline(Way::WebChat, 7, [0, 0]),
        two_reply_offline(Way::WebChat, 7, [0, 0]),
        two_reply_offline(Way::WebChat, 8, [0, 0]),
    );
    assert!(one.trace().len() > 50);
    assert_eq!(one.trace(), same.trace());
    assert_ne!(one.trace(), other.trace());
}

#[test]
fn clocks_that_are_a_year_wrong_change_nothing() {
    for clocks_ms in [[-YEAR_MS, YEAR_MS], [YEAR_MS, 0]] {
        two_reply_offline(Way::WebChat, 1, clocks_ms);
    }
}

#[test]
fn a_close_over_what_was_not_seen_is_refused_with_her_name() {
    let phones = [Person::Theo];
    let mut world = World::begin(Beginning { seed: 1, way: Way::Forgets, phones: &phones, pull_rows: None });
    let ana = world.add_customer("Ana");
    world.writes(ana, true);
    world.sync(0);
    let conversation = world.customers[ana].conversation();
    let closing = world.close(0, conversation).unwrap();
    world.writes(ana, true);
    world.sync(0);
    let row = world.phones[0].app().outbox().unwrap().remove(0);
    let OutboxState::NotSent { code, reason } = row.state else { panic!("{row:?}") };
    assert_eq!((row.id, code.as_str()), (closing, "customer_wrote_since"));
    assert!(reason.contains("Ana"), "{reason}");
    assert!(!is_closed(world.phones[0].app(), conversation));
    world.quiesce();
    world.check_rest().unwrap();
}
