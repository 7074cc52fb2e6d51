//! Benchmarks: Shopbell and the floor on the same data in the same run, a line each.
//!
//! `scripts/bench` builds this as the phones' library is built and runs it. A budget that is missed is reported, never
//! an error: timings of a shared machine are no test.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its lines are what it is for")]

mod cases;
mod data;
mod floor;
mod measure;
mod phone;
mod shop;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use cases::CASES;
use data::Data;

fn main() -> ExitCode {
    let (mut quick, mut names, mut paths) = (false, Vec::new(), Vec::new());
    for word in std::env::args().skip(1) {
        match word.strip_prefix("--") {
            Some("quick") => quick = true,
            Some(path) if path.contains('=') => paths.push(path.to_owned()),
            Some(other) => return refuse(&format!("--{other} is no flag")),
            None => names.push(word),
        }
    }
    if let Some(unknown) = names.iter().find(|name| !CASES.iter().any(|(known, _)| known == *name)) {
        let known: Vec<_> = CASES.iter().map(|(name, _)| *name).collect();
        return refuse(&format!("There is no benchmark `{unknown}`. There are: {}.", known.join(", ")));
    }
    let path = |name: &str| {
        let found = paths.iter().find_map(|path| path.strip_prefix(name)?.strip_prefix('='));
        found.map(PathBuf::from).unwrap_or_default()
    };
    let stamp = path("stamp").display().to_string();
    let data = match Data::ready(&path("data"), path("library"), &stamp, quick) {
        Ok(data) => data,
        Err(error) => return refuse(&format!("The data could not be made: {error}")),
    };
    for (name, measure) in CASES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            println!("{}", measure(&data).line());
        }
    }
    ExitCode::SUCCESS
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}
