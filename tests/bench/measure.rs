//! Two ways to do the same, timed in turns in one run: what the machine does meanwhile hits both.

use std::time::Instant;

/// One line of the report.
pub struct Outcome {
    pub name: &'static str,
    /// What Shopbell took, in words with a unit.
    pub shopbell: String,
    /// What it was measured against, and what that took.
    pub against: String,
    pub ratio: f64,
    pub budget: Budget,
}

/// How a ratio (or an absolute figure) is judged.
#[derive(Clone, Copy)]
pub enum Budget {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
}

impl Outcome {
    pub fn is_ok(&self) -> bool {
        match self.budget {
            Budget::AtMost(limit) => self.ratio <= limit,
            Budget::AtLeast(limit) => self.ratio >= limit,
        }
    }

    pub fn line(&self) -> String {
        let (sign, limit) = match self.budget {
            Budget::AtMost(limit) => ("≤", limit),
            Budget::AtLeast(limit) => ("≥", limit),
        };
        format!(
            "{} shopbell={} against={} ratio={:.2} budget={sign}{limit} {}",
            self.name,
            self.shopbell,
            self.against,
            self.ratio,
            if self.is_ok() { "ok" } else { "over" }
        )
    }
}

/// The medians of both, in seconds, after a round that is not counted.
pub fn in_turns(rounds: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let mut seconds = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let (first, second) = (timed(&mut one), timed(&mut other));
        if round > 0 {
            seconds.0.push(first);
            seconds.1.push(second);
        }
    }
    (median(seconds.0), median(seconds.1))
}

/// How long it takes, in seconds.
#[expect(clippy::disallowed_methods, reason = "the machine's time is what is measured")]
pub fn timed(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64()
}

pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// A time that a person can read.
pub fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.0}µs", s * 1e6),
        s if s < 1.0 => format!("{:.2}ms", s * 1e3),
        s => format!("{s:.2}s"),
    }
}
