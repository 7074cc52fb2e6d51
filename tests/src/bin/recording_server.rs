//! The real server with two further channels whose provider is another process, for `kill -9`: one dedupes by our
//! message id, the other does not.
//!
//! It takes `shopbell serve`'s flags as far as the rounds need them, and `--provider ADDRESS`. A delivery is a line of
//! JSON to the provider and a line back; a connection that ends without one is a lost answer. What customers write
//! comes as lines of JSON on standard input, and each is answered by a line once it is stored: whoever sent it sends it
//! again when that line does not come, as a provider's webhook does.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::ids::ChannelId;
use shopbell_server::channel::{Channel, Delivered, Incoming, receive};
use shopbell_server::storage::Outgoing;
use shopbell_server::{Config, Server, SystemEnv};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// The channels' kinds, and whether their provider dedupes.
const KINDS: [(&str, bool); 2] = [("dedupes", true), ("forgets", false)];
const TEXT_LIMIT_CHARS: usize = 1_000;
/// Lines that were read and wait.
const LINES_LIMIT: usize = 64;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = flags()?;
    let flag = |name: &str| flags.get(name).ok_or_else(|| format!("--{name} is missing"));
    let mut config = Config::new(flag("data")?, flag("listen")?.parse()?);
    config.demo_shop = flags.get("demo-shop").cloned();
    let provider = flag("provider")?.parse()?;
    for (kind, dedupes) in KINDS {
        config.extra_channels.push(Arc::new(Recording { kind, dedupes, provider }));
    }
    let env = Arc::new(SystemEnv);
    let server = Server::start(config, env.clone()).await.map_err(|error| format!("{error:?}"))?;
    let channels = channels(&server).await?;
    say(&format!("http://{}", server.address()))?;

    let mut stop = signal(SignalKind::terminate())?;
    let mut lines = lines_of_stdin();
    loop {
        let line = tokio::select! {
            _ = stop.recv() => break,
            line = lines.recv() => line,
        };
        let Some(line) = line else { break };
        let written: Written = serde_json::from_str(&line)?;
        let incoming = Incoming {
            channel: *channels.get(&written.kind).ok_or("no such kind")?,
            event: written.event.clone(),
            customer: written.customer.clone(),
            name: Some(written.customer),
            text: written.text,
        };
        receive(&**server.storage(), &*env, incoming).await?;
        say(&json!({ "received": written.event }).to_string())?;
    }
    Ok(server.stop().await?)
}

/// What a customer wrote.
#[derive(Deserialize)]
struct Written {
    kind: String,
    event: String,
    customer: String,
    text: String,
}

/// A channel whose provider is another process.
struct Recording {
    kind: &'static str,
    dedupes: bool,
    provider: SocketAddr,
}

#[async_trait]
impl Channel for Recording {
    fn kind(&self) -> ChannelKind {
        ChannelKind::new(self.kind)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { dedupes: self.dedupes, revises: false, text_limit_chars: TEXT_LIMIT_CHARS }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> Delivered {
        let Ok(provider) = TcpStream::connect(self.provider).await else {
            return Delivered::Retry { after_ms: None };
        };
        self.hand_over(provider, outgoing).await.unwrap_or(Delivered::Lost)
    }
}

impl Recording {
    async fn hand_over(&self, provider: TcpStream, outgoing: &Outgoing) -> std::io::Result<Delivered> {
        let message = json!({
            "kind": self.kind,
            "message": outgoing.message,
            "attempt": outgoing.attempt,
            "customer": outgoing.address,
            "text": outgoing.text,
        });
        let mut provider = BufReader::new(provider);
        provider.write_all(format!("{message}\n").as_bytes()).await?;
        provider.flush().await?;
        let mut answer = String::new();
        provider.read_line(&mut answer).await?;
        Ok(match answer.trim_end() {
            "taken" => Delivered::Accepted,
            _ => Delivered::Lost,
        })
    }
}

/// The shop's channels by kind; those that are not there yet are made.
async fn channels(server: &Server) -> Result<BTreeMap<String, ChannelId>, Box<dyn Error>> {
    let shop = server.storage().shops().await?.into_iter().next().ok_or("no shop is set up")?;
    let inbox = *shop.inboxes.first().ok_or("the shop has no inbox")?;
    let mut channels: BTreeMap<_, _> =
        shop.channels.iter().map(|channel| (channel.kind.as_str().to_owned(), channel.id)).collect();
    for (kind, _) in KINDS {
        if !channels.contains_key(kind) {
            let created = server.admin().create_channel(shop.id, inbox, kind, kind).await?;
            channels.insert(kind.to_owned(), created.id);
        }
    }
    Ok(channels)
}

/// `--name value` pairs.
fn flags() -> Result<BTreeMap<String, String>, String> {
    let mut words = std::env::args().skip(1);
    let mut flags = BTreeMap::new();
    while let Some(word) = words.next() {
        let name = word.strip_prefix("--").ok_or_else(|| format!("{word} is no flag"))?;
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        flags.insert(name.to_owned(), value);
    }
    Ok(flags)
}

/// The lines of standard input, from a thread that does not keep the process from ending.
fn lines_of_stdin() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(LINES_LIMIT);
    thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
