//! A new phone in a shop with many conversations: it shows the newest before the rest is there, and a load that is
//! cut goes on where it was.

use shopbell_tests::world::{Beginning, Kind, Person, Place, Way, World};

const CONVERSATIONS: usize = 210;
/// A page is cut at each of these, by turns: the request is lost, the answer is lost, the process dies.
const CUTS: [usize; 10] = [1, 2, 3, 4, 6, 7, 9, 10, 12, 13];

/// Loads a new phone page by page. Answers how many pages were taken in.
fn load(world: &mut World, cuts: &[usize]) -> usize {
    let phone = world.add_phone(Person::Theo);
    ask(world, phone, Kind::Pull);
    let (mut pages, mut cut, mut held) = (0, 0, 0);
    while world.leave(phone, Kind::Snapshot) {
        assert!(pages < CONVERSATIONS, "the load begins again and again");
        if cuts.get(cut) == Some(&pages) {
            cut += 1;
            if cut % 3 != 0 {
                deliver(world, phone, Kind::Snapshot, false);
            }
            if cut % 3 == 2 {
                world.crash_phone(phone);
            }
            world.net.clear();
            continue;
        }
        deliver(world, phone, Kind::Snapshot, false);
        deliver(world, phone, Kind::Snapshot, true);
        pages += 1;
        let now_held = world.phones[phone].conversations().len();
        assert!(now_held >= held, "what was shown is gone");
        held = now_held;
        if pages == cuts.len() / 2 {
            assert!(held > 0 && held < CONVERSATIONS, "{held} of {CONVERSATIONS} are shown half-way");
        }
    }
    assert_eq!((cut, held), (cuts.len(), CONVERSATIONS));
    pages
}

fn ask(world: &mut World, phone: usize, kind: Kind) {
    assert!(world.leave(phone, kind));
    deliver(world, phone, kind, false);
    deliver(world, phone, kind, true);
}

fn deliver(world: &mut World, phone: usize, kind: Kind, answered: bool) {
    let at = world.find(phone, kind, answered, Place::Oldest).unwrap();
    world.deliver(at, false);
}

#[test]
fn a_load_that_is_cut_ten_times_goes_on_where_it_was() {
    let phones = [Person::Theo];
    let mut world = World::begin(Beginning { seed: 5, way: Way::Dedupes, phones: &phones, pull_rows: None });
    for number in 0..CONVERSATIONS {
        let customer = world.add_customer(&format!("Customer {number}"));
        world.writes(customer, true);
    }
    let uncut = load(&mut world, &[]);
    assert!(uncut > CUTS.len());
    assert_eq!(load(&mut world, &CUTS), uncut);
    world.quiesce();
    world.check_rest().unwrap();
}
