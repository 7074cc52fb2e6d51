//! The phone: the real core in this process, saying in lines what it holds and shows.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};

use shopbell_core::{
    App, AppOptions, CountsListener, Env as _, InboxCounts, InboxFilter, InboxQuery, Lang, StatusListener,
    SyncState, SyncStatus, SystemEnv,
};

use crate::Outcome;
use crate::shop::{EMAIL, PASSWORD};

/// A list on a screen.
pub const SCREEN_ROWS: u64 = 20;

/// What a phone says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// Since the process began, in milliseconds.
    pub at_ms: u64,
    /// Rows of the first screen.
    pub rows: u64,
    /// Conversations that are held.
    pub held: u64,
    /// The most memory that the process had so far, in KiB.
    pub peak_kib: u64,
    /// Everything is loaded.
    pub done: bool,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.at_ms, self.rows, self.held, self.peak_kib, u8::from(self.done))
    }
}

impl FromStr for Said {
    type Err = std::num::ParseIntError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let mut numbers = line.split(' ').map(u64::from_str);
        let mut next = || numbers.next().unwrap_or_else(|| "".parse());
        Ok(Self { at_ms: next()?, rows: next()?, held: next()?, peak_kib: next()?, done: next()? == 1 })
    }
}

/// Signs in, unless that was done, and loads to the end.
pub fn load(folder: &Path, address: &str) -> Outcome<()> {
    let began = SystemEnv.now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let app = App::open(AppOptions {
        folder: folder.to_owned(),
        device_name: "first-load".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: false,
        env: Arc::new(SystemEnv),
    })?;
    if app.account().is_none() {
        runtime.block_on(app.sign_in(address, EMAIL, PASSWORD, None))?;
    }
    let (changes, changed) = mpsc::sync_channel(1);
    let _counts = app.subscribe_counts(Arc::new(Changes(changes.clone())))?;
    let _status = app.subscribe_status(Arc::new(Changes(changes)))?;
    app.start();
    while changed.recv().is_ok() {
        let counts = app.counts()?;
        let rows =
            app.inbox(&InboxQuery { limit: SCREEN_ROWS as usize, ..InboxQuery::of(InboxFilter::All) })?;
        let said = Said {
            at_ms: u64::try_from(SystemEnv.now().since_ms(began))?,
            rows: rows.len() as u64,
            held: counts.all + counts.closed,
            peak_kib: peak_kib()?,
            done: app.status().state == SyncState::UpToDate,
        };
        println!("{said}");
        if said.done {
            break;
        }
    }
    app.stop();
    Ok(())
}

/// Says that something changed; one word is enough for many changes.
struct Changes(SyncSender<()>);

impl CountsListener for Changes {
    fn on_counts(&self, _counts: InboxCounts) {
        let _full = self.0.try_send(());
    }
}

impl StatusListener for Changes {
    fn on_status(&self, _status: SyncStatus) {
        let _full = self.0.try_send(());
    }
}

/// The most memory that this process had, in KiB.
fn peak_kib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
