//! A new phone of a shop with many conversations: the first screen shows before the load ends, a load that is cut goes
//! on where it was, and memory does not grow with what is loaded.
//!
//! `first-load --conversations 100000 --cuts 10 --seed 7` makes a shop on a real server, then loads it on a phone in a
//! process of its own that is killed at random moments, then once more on another phone without a cut, and prints what
//! it saw. `first-load phone FOLDER ADDRESS` is that process. Times are reported; what must hold is checked.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its lines are what it is for")]

mod phone;
mod shop;

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::str::FromStr;

use shop::Shop;

/// Whatever goes wrong ends the campaign.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What a phone may take at its most while it loads, over what it takes when a tenth is loaded.
const GROWTH_LIMIT: f64 = 1.5;
/// Growth below this says nothing: the caches of SQLite fill once, whatever is loaded. In KiB.
const GROWTH_FLOOR_KIB: u64 = 48 * 1024;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["phone", folder, address] => phone::load(Path::new(folder), address),
        flags => asked(flags).and_then(|asked| campaign(&asked)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("first-load: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
struct Asked {
    conversations: u64,
    cuts: u64,
    seed: u64,
}

fn asked(flags: &[&str]) -> Outcome<Asked> {
    let mut asked = Asked { conversations: 2_000, cuts: 10, seed: 1 };
    for flag in flags.chunks(2) {
        let [name, value] = flag else { return Err(format!("{flag:?} has no value").into()) };
        let place = match *name {
            "--conversations" => &mut asked.conversations,
            "--cuts" => &mut asked.cuts,
            "--seed" => &mut asked.seed,
            _ => return Err(format!("{name} is no flag").into()),
        };
        *place = u64::from_str(value)?;
    }
    Ok(asked)
}

fn campaign(asked: &Asked) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let shop = Shop::open(&folder.path().join("server"), asked.conversations)?;
    println!("first-load: {} conversations, {} cuts, seed {}", asked.conversations, asked.cuts, asked.seed);
    cut_load(asked, &folder.path().join("cut"), &shop.address)?;
    whole_load(asked, &folder.path().join("whole"), &shop.address)?;
    println!("first-load: 2 loads passed, 0 failed");
    Ok(())
}

/// Kills the phone when it holds about so much more, again and again, until it is through.
fn cut_load(asked: &Asked, folder: &Path, address: &str) -> Outcome<()> {
    let mut held_at_cut = 0;
    let mut seed = asked.seed;
    for cut in 1..=asked.cuts {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = asked.conversations / (asked.cuts + 1);
        let until = part * cut - (seed >> 33) % (part / 4 + 1);
        let mut phone = Phone::start(folder, address)?;
        let mut held = None;
        while let Some(said) = phone.says()? {
            if held.is_none() && said.held < held_at_cut {
                return Err(format!("after cut {cut} the phone holds {} of {held_at_cut}", said.held).into());
            }
            held = Some(said.held);
            if said.done {
                return Err(format!("the load ended before cut {cut}").into());
            }
            if said.held >= until {
                break;
            }
        }
        phone.process.kill()?;
        phone.process.wait()?;
        held_at_cut = held.ok_or("the phone said nothing")?;
    }
    let through = Phone::start(folder, address)?.run_to_the_end()?;
    if through.held != asked.conversations {
        return Err(format!("{} of {} are there", through.held, asked.conversations).into());
    }
    println!(
        "cut load: {} cuts, nothing was loaded from the beginning, all {} there",
        asked.cuts, through.held
    );
    Ok(())
}

/// Loads without a cut and looks at the clock and at memory.
fn whole_load(asked: &Asked, folder: &Path, address: &str) -> Outcome<()> {
    let mut phone = Phone::start(folder, address)?;
    let (mut screen, mut early) = (None, None);
    let end = loop {
        let said = phone.says()?.ok_or("the phone ended early")?;
        if screen.is_none() && said.rows >= phone::SCREEN_ROWS {
            screen = Some(said);
        }
        if early.is_none() && said.held * 10 >= asked.conversations {
            early = Some(said);
        }
        if said.done {
            break said;
        }
    };
    let screen = screen.ok_or("the first screen never showed")?;
    if screen.done || screen.held * 2 > asked.conversations {
        return Err(format!("the first screen showed only when {} were loaded", screen.held).into());
    }
    let early = early.ok_or("nothing was loaded")?;
    let growth = end.peak_kib as f64 / early.peak_kib as f64;
    println!(
        "whole load: first screen after {} ms with {} loaded, all {} after {} ms; memory at most {} KiB when a tenth \
         was loaded, {} KiB at the end ({growth:.2}×)",
        screen.at_ms, screen.held, end.held, end.at_ms, early.peak_kib, end.peak_kib
    );
    if growth > GROWTH_LIMIT && end.peak_kib - early.peak_kib > GROWTH_FLOOR_KIB {
        return Err(format!("memory grew {growth:.2}× with what was loaded").into());
    }
    Ok(())
}

/// A phone in a process of its own.
struct Phone {
    process: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Phone {
    fn start(folder: &Path, address: &str) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("phone")
            .arg(folder)
            .arg(address)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        Ok(Self { process, lines: BufReader::new(output).lines() })
    }

    fn says(&mut self) -> Outcome<Option<phone::Said>> {
        Ok(self.lines.next().transpose()?.map(|line| line.parse()).transpose()?)
    }

    fn run_to_the_end(mut self) -> Outcome<phone::Said> {
        let mut last = None;
        while let Some(said) = self.says()? {
            last = Some(said);
        }
        self.process.wait()?;
        last.filter(|said| said.done).ok_or_else(|| "the phone ended early".into())
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
