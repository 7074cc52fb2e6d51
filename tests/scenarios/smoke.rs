//! The plainest stories, and that a run is a function of its seed.

use shopbell_tests::world::{Beginning, Person, Way, World};

/// Ana writes, two people reply without a network, and everybody comes to see the same.
fn two_reply_offline(way: Way, seed: u64) -> World {
    let phones = [Person::Mina, Person::Theo];
    let mut world = World::begin(Beginning { seed, way, phones: &phones, pull_rows: None });
    let ana = world.add_customer("Ana");
    world.writes(ana, true);
    let conversation = world.customers[ana].conversation();
    for phone in 0..phones.len() {
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
    assert_eq!(world.phones[0].rows(conversation), world.phones[0].rows(conversation));
    assert_eq!(world.phones[0].rows(conversation).len(), 5);
    world
}

#[test]
fn two_people_reply_without_a_network_and_everybody_agrees() {
    for way in Way::ALL {
        two_reply_offline(way, 1);
    }
}

#[test]
fn a_run_is_a_function_of_its_seed() {
    let (one, same, other) = (
        two_reply_offline(Way::WebChat, 7),
        two_reply_offline(Way::WebChat, 7),
        two_reply_offline(Way::WebChat, 8),
    );
    assert!(one.trace().len() > 50);
    assert_eq!(one.trace(), same.trace());
    assert_ne!(one.trace(), other.trace());
}
