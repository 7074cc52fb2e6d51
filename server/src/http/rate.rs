//! How often one address or browser may ask. Buckets fill by the environment's clock, so a limit is a function of the
//! requests and their times.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use shopbell_domain::ids::SessionId;
use shopbell_domain::sync::{Problem, ProblemKind};
use shopbell_domain::time::Timestamp;

use super::problem::HttpProblem;
use crate::config::Rate;
use crate::state::AppState;

/// The most buckets that are kept. When they are all in use they are thrown away together: whoever can ask from so
/// many addresses gains one burst by it, and nobody is locked out.
const BUCKETS_LIMIT: usize = 100_000;

/// Whose bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bucket {
    SignIn(IpAddr),
    ChatBegin(IpAddr),
    ChatAddress(IpAddr),
    ChatSession(SessionId),
    ChatMessage(SessionId),
}

/// The buckets in use.
#[derive(Default)]
pub(crate) struct Limiter(Mutex<BTreeMap<Bucket, Level>>);

struct Level {
    requests: f64,
    at: Timestamp,
}

impl Limiter {
    /// Takes a request out of a bucket, or says when there will be one.
    pub(super) fn take(&self, bucket: Bucket, rate: Rate, now: Timestamp) -> Result<(), HttpProblem> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_LIMIT {
            buckets.clear();
        }
        let burst = f64::from(rate.burst);
        let level = buckets.entry(bucket).or_insert(Level { requests: burst, at: now });
        // A clock that jumped back must not empty a bucket.
        let gained = level_gain(now.since_ms(level.at), rate);
        level.requests = (level.requests + gained).min(burst);
        level.at = now;
        if level.requests >= 1.0 {
            level.requests -= 1.0;
            return Ok(());
        }
        let wait_ms = ((1.0 - level.requests) / rate.per_second * 1_000.0).ceil();
        let mut problem = Problem::new(ProblemKind::SlowDown);
        problem.retry_after_ms = Some(wait_ms as u64);
        Err(problem.into())
    }
}

fn level_gain(elapsed_ms: i64, rate: Rate) -> f64 {
    elapsed_ms.max(0) as f64 / 1_000.0 * rate.per_second
}

/// The address that a request came from.
pub(super) struct Address(pub(super) IpAddr);

impl FromRequestParts<AppState> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
        let trusted = &state.config.trusted_proxies;
        if !trusted.contains(&peer) {
            return Ok(Self(network(peer)));
        }
        // Each proxy adds the address that it saw at the end. The last one that is not a trusted proxy asked; what
        // stands before it is anybody's word.
        let forwarded = parts.headers.get_all("x-forwarded-for");
        let forwarded: Vec<&str> = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let mut from_the_end = forwarded.iter().rev().map(|address| written_address(address));
        let asked = from_the_end.find(|address| !address.is_some_and(|address| trusted.contains(&address)));
        Ok(Self(network(asked.flatten().unwrap_or(peer))))
    }
}

/// An address as proxies write it, with a port or without.
fn written_address(written: &str) -> Option<IpAddr> {
    let written = written.trim();
    let with_port = || written.parse::<SocketAddr>().ok().map(|address| address.ip());
    written.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

/// One customer has a whole /64 of IPv6: its addresses count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 64)).into()),
    }
}
