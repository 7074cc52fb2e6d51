//! Stories by chance: whatever happens, in whatever order, holds. One that does not is shortened, and what is left is
//! a trace to keep.

use shopbell_domain::env::{Env as _, FixedEnv};
use shopbell_tests::world::{Person, Way};

use crate::script::Played;
use crate::traces::how;

const PHONES: [Person; 3] = [Person::Theo, Person::Theo, Person::Pia];
const WALKS: u64 = 30;
const STEPS: usize = 30;

/// What can happen, as often as it stands here. `#` is a phone.
const STEPS_BY_WEIGHT: &str = "
    # replies to Ana; # replies to Ana; # replies to Ana; # replies to Ben; # replies to Ben
    # replies to Ana with a discount; # cancels; # cancels; # retries; # deletes what was refused; # deletes a reply
    # closes Ana; # closes Ana; # reopens Ana; # reads Ana; # reads Ben
    # pushes; # pushes; # pushes; # pushes; # pushes; # pulls; # pulls; # pulls; # pulls; # pulls; # loads; # loads
    # asks for history of Ana; first history of # arrives; first history of # is answered
    first push of # arrives; first push of # arrives; last push of # arrives; first push of # arrives and stays
    first push of # is answered; last push of # is answered
    first pull of # arrives; first pull of # arrives; last pull of # arrives; first pull of # is answered
    first pull of # is answered; last pull of # is answered; first pull of # is answered and stays
    first snapshot of # arrives; first snapshot of # is answered; first snapshot of # is answered and stays
    # syncs; # syncs; # syncs; # syncs; # crashes; # signs in again
    Ana writes; Ana writes; Ana writes unheard; Ben writes; Ben writes unheard
    hand over; hand over; hand over; die before handing over; die after handing over; the server crashes; replies are refused; replies are taken
    Pia loses customers; Pia gets customers; Pia gets customers; Theo loses discounts; Theo gets discounts
    Theo loses customers; Theo gets customers; Theo gets customers
    backup; backup; restore 0; restore 0; restore 1";

struct Dice(FixedEnv);

impl Dice {
    fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill_random(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % sides as u64).unwrap()
    }
}

fn steps(seed: u64) -> Vec<String> {
    let dice = Dice(FixedEnv::seeded(seed));
    let by_weight: Vec<&str> =
        STEPS_BY_WEIGHT.split([';', '\n']).map(str::trim).filter(|step| !step.is_empty()).collect();
    let step = || {
        let step = by_weight[dice.below(by_weight.len())];
        step.replace('#', &dice.below(PHONES.len()).to_string())
    };
    (0..STEPS).map(|_| step()).collect()
}

fn outcome(way: Way, steps: &[String]) -> Result<(), String> {
    Played::begin(way, how(way), &PHONES).play(steps, false).map(drop)
}

/// Leaves steps out as long as something does not hold.
fn shortened(way: Way, mut steps: Vec<String>) -> Vec<String> {
    let mut size = steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            if outcome(way, &fewer).is_err() {
                steps = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    steps
}

#[test]
fn whatever_happens_holds() {
    for seed in 0..WALKS {
        let way = Way::ALL[usize::try_from(seed).unwrap() % Way::ALL.len()];
        let steps = steps(seed);
        if outcome(way, &steps).is_err() {
            let steps = shortened(way, steps);
            let why = outcome(way, &steps).unwrap_err();
            panic!("seed {seed}, {way:?}: {why}\n{}", steps.join("\n"));
        }
    }
}
