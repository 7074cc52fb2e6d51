//! The traces of `traces.txt`, played by every way that a customer can write.

use shopbell_tests::world::{How, Person, Way};

use crate::script::{Played, person};

const TRACES: &str = include_str!("traces.txt");

struct Trace {
    title: &'static str,
    phones: Vec<Person>,
    steps: Vec<&'static str>,
}

fn traces() -> Vec<Trace> {
    let parts = TRACES.split("\n# ").skip(1);
    parts
        .map(|part| {
            let mut lines = part.lines().filter(|line| !line.is_empty());
            let title = lines.next().unwrap();
            let phones = lines.next().and_then(|line| line.strip_prefix("phones of ")).unwrap();
            Trace { title, phones: phones.split(", ").map(person).collect(), steps: lines.collect() }
        })
        .collect()
}

/// Where a restore may be one that nobody tells the server of.
pub fn how(way: Way) -> How {
    if way == Way::Dedupes { How::ByHand } else { How::Command }
}

#[test]
fn every_trace_holds_by_every_way() {
    let traces = traces();
    assert_eq!(traces.len(), 39);
    let mut broken = Vec::new();
    for trace in &traces {
        // The web chat takes every text.
        let refuses = trace.steps.contains(&"replies are refused");
        for way in Way::ALL.into_iter().filter(|way| !(refuses && *way == Way::WebChat)) {
            let outcome = Played::begin(way, how(way), &trace.phones).play(&trace.steps, true);
            if let Err(why) = outcome {
                broken.push(format!("{way:?}: {} ({})\n  {why}", trace.title, trace.steps.join(", ")));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
