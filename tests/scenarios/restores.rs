//! A server is restored from a backup that is some minutes old: no reply comes twice, each is shown as what it is, what
//! phones hold is back, and what was taken away since stays away.

use shopbell_core::{Author, ConversationId, MessageKind, MessageState};
use shopbell_domain::staff::Permission;
use shopbell_tests::world::{Beginning, How, Kind, Person, Place, Way, World};

const THEOS: usize = 0;
/// Theo's second one; it is removed after the backup.
const REMOVED: usize = 1;
/// Pia may see no customers any more, after the backup.
const PIAS: usize = 2;
/// Not heard of for three days, with a reply that it has not sent.
const AWAY: usize = 3;
const MINAS: usize = 4;
const PHONES: [Person; 5] = [Person::Theo, Person::Theo, Person::Pia, Person::Mina, Person::Mina];

/// Long enough that access tokens end in between.
const BACKUP_AGE_MS: i64 = 20 * 60 * 1_000;
const THREE_DAYS_MS: i64 = 3 * 24 * 3_600 * 1_000;

fn say(world: &mut World, phone: usize, to: ConversationId, text: &str) {
    world.reply(phone, to, text).unwrap();
    world.check_step().unwrap();
}

fn story(way: Way, how: How) -> World {
    let mut world = World::begin(Beginning { seed: 11, way, phones: &PHONES, pull_rows: None });
    let names = ["Ana", "Ben", "Cleo", "Dan", "Eve"];
    let [ana, ben, cleo, dan, eve] = names.map(|name| {
        let customer = world.add_customer(name);
        world.writes(customer, true);
        world.customers[customer].conversation()
    });
    for phone in 0..PHONES.len() {
        world.sync(phone);
    }
    say(&mut world, AWAY, eve, "Written on the train");
    say(&mut world, THEOS, cleo, "In sending");
    world.sync(THEOS);
    say(&mut world, THEOS, ben, "Queued");
    world.sync(THEOS);
    let backup = world.back_up_handing_over();

    while world.hand_over() {}
    world.wait_ms(BACKUP_AGE_MS);
    say(&mut world, THEOS, ana, "Settled");
    world.sync(THEOS);
    assert!(world.hand_over());
    world.sync(THEOS);
    world.writes(0, true);
    world.sync(MINAS);
    say(&mut world, THEOS, dan, "On the wire");
    assert!(world.leave(THEOS, Kind::Push));
    world.deliver(0, false);
    assert!(world.hand_over());
    let answer = world.find(THEOS, Kind::Push, true, Place::Oldest).unwrap();
    world.lose(answer);
    world.permit(Person::Pia, Permission::Customers, false);
    world.remove_phone(REMOVED);
    world.restore(backup, how);

    for phone in [PIAS, MINAS, REMOVED, THEOS, MINAS] {
        world.sync(phone);
        world.check_step().unwrap();
        while world.hand_over() {}
        world.check_step().unwrap();
    }
    world.wait_ms(THREE_DAYS_MS);
    world.sync(AWAY);
    while world.hand_over() {}
    world.quiesce();
    world.check_rest().unwrap();
    assert_eq!(brought_by(&world, ana), [None, Some("Mina".to_owned())]);
    assert!(world.phones[REMOVED].is_removed());
    assert_eq!(world.phones[PIAS].conversations(), []);
    world
}

/// Whose phone brought each of a customer's messages back.
fn brought_by(world: &World, conversation: ConversationId) -> Vec<Option<String>> {
    let rows = world.phones[THEOS].rows(conversation).into_iter();
    rows.filter_map(|row| match row.kind {
        MessageKind::Message { author: Author::Customer, brought_by, .. } => Some(brought_by),
        _ => None,
    })
    .collect()
}

/// How far a reply has come, as Mina sees it.
fn state(world: &World, name: &str) -> MessageState {
    let customer = world.customers.iter().find(|customer| customer.name == name).unwrap();
    let rows = world.phones[MINAS].rows(customer.conversation()).into_iter();
    let mut states = rows.filter_map(|row| match row.kind {
        MessageKind::Message { state, .. } => state,
        MessageKind::Gap { .. } => None,
    });
    let state = states.next().unwrap();
    assert_eq!(states.next(), None);
    state
}

#[test]
fn no_reply_comes_twice_and_each_is_shown_as_what_it_is() {
    for how in [How::Command, How::ByHand] {
        for (way, doubtful) in [(Way::Dedupes, MessageState::Sent), (Way::Forgets, MessageState::Unknown)] {
            let world = story(way, how);
            for (name, expected) in [
                ("Ana", MessageState::SentBeforeRestore),
                ("Ben", doubtful.clone()),
                ("Cleo", doubtful.clone()),
                ("Dan", doubtful.clone()),
                // Its phone had pushed before it heard of the restore, so it may have arrived for all it knows.
                ("Eve", doubtful.clone()),
            ] {
                assert_eq!(state(&world, name), expected, "{way:?}, {how:?}: the reply to {name}");
                let customer = world.customers.iter().find(|customer| customer.name == name).unwrap();
                let never_left = name == "Eve" && way == Way::Forgets;
                assert_eq!(customer.has(&world.server).len(), usize::from(!never_left), "{name}, {way:?}");
            }
        }
    }
}
