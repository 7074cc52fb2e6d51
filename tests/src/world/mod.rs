//! A whole shop in one thread, as a function of its seed: the real server without a socket, phones with the real core,
//! customers, their providers, and a network that does only what it is told.
//!
//! Nothing happens by itself here. A phone is offline unless a step says otherwise; what it sends lies in the network
//! until a step delivers, doubles or loses it; a queued reply leaves when a step hands it over; the clock stands
//! between steps. So a scenario is a list of steps, every interleaving can be written down, and a run can be repeated.
//! The world must never look into an engine or a handler to decide what comes next: it asks what a person would see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod check;
mod customer;
mod network;
mod people;
mod phone;
mod provider;
mod server;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shopbell_core::{ConversationId, MessageId, MutationId};
use shopbell_domain::staff::Permission;
use shopbell_server::ManualEnv;
use tempfile::TempDir;

pub use check::{Broken, everything, is_closed};
pub use customer::Customer;
pub use network::{Kind, Packet, Place};
pub use phone::Phone;
pub use provider::{Provider, Way};
pub use server::{How, Server};

/// How long a step takes, in milliseconds.
const STEP_MS: i64 = 100;

/// Somebody of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// Owns the shop.
    Mina,
    /// Answers.
    Theo,
    /// Answers too, and her permissions change.
    Pia,
}

impl Person {
    /// Everybody.
    pub const ALL: [Person; 3] = [Person::Mina, Person::Theo, Person::Pia];

    /// Their first name.
    pub fn name(self) -> &'static str {
        match self {
            Person::Mina => "Mina",
            Person::Theo => "Theo",
            Person::Pia => "Pia",
        }
    }

    fn email(self) -> String {
        format!("{}@juniper.example", self.name().to_lowercase())
    }
}

/// How a world begins.
#[derive(Clone, Copy, Debug)]
pub struct Beginning<'a> {
    /// What everything follows from.
    pub seed: u64,
    /// By which way customers write.
    pub way: Way,
    /// Whose phones there are.
    pub phones: &'a [Person],
    /// How many rows a pull brings at most; `None`: as many as the phone asks for.
    pub pull_rows: Option<usize>,
}

/// What a person did that the checks must know of.
#[derive(Clone, Debug)]
struct Reply {
    phone: usize,
    conversation: ConversationId,
    message: MessageId,
    text: String,
    /// The person does not want it any more.
    gone: bool,
    /// With a discount.
    shared: bool,
}

/// A conversation was closed on a phone.
#[derive(Clone, Debug)]
struct Closing {
    phone: usize,
    conversation: ConversationId,
    mutation: MutationId,
    /// How many replies had been written before.
    replies: usize,
}

/// A shop, everybody in it and everything between them.
pub struct World {
    env: Arc<ManualEnv>,
    /// The server.
    pub server: Server,
    /// The phones.
    pub phones: Vec<Phone>,
    /// How many phones there ever were.
    phones_made: u64,
    /// The customers.
    pub customers: Vec<Customer>,
    /// What is under way, oldest first.
    pub net: Vec<Packet>,
    way: Way,
    pull_rows: Option<usize>,
    permissions: BTreeMap<Person, BTreeSet<Permission>>,
    replies: Vec<Reply>,
    closings: Vec<Closing>,
    /// The customers' messages that each person has had on a screen when they said so.
    seen: BTreeMap<Person, BTreeSet<String>>,
    was_restored: bool,
    /// What a restore took away from everybody: such a message may be missing.
    forgotten: BTreeSet<String>,
    /// Replies whose journal went with a permission before a restore.
    wiped: BTreeSet<MessageId>,
    trace: Vec<String>,
    folder: TempDir,
}

impl World {
    /// A shop with these phones, signed in and up to date, and customers who have not written yet.
    pub fn begin(beginning: Beginning<'_>) -> World {
        let folder = tempfile::tempdir().unwrap();
        let env = Arc::new(ManualEnv::seeded(beginning.seed));
        let mut server = Server::open(&folder.path().join("server"), &env);
        let permissions: BTreeMap<_, _> =
            Person::ALL.iter().map(|person| (*person, server.hire(*person))).collect();
        let mut world = World {
            env,
            server,
            phones: Vec::new(),
            phones_made: 0,
            customers: Vec::new(),
            net: Vec::new(),
            way: beginning.way,
            pull_rows: beginning.pull_rows,
            permissions,
            replies: Vec::new(),
            closings: Vec::new(),
            seen: BTreeMap::new(),
            was_restored: false,
            forgotten: BTreeSet::new(),
            wiped: BTreeSet::new(),
            trace: Vec::new(),
            folder,
        };
        for person in beginning.phones {
            world.add_phone(*person);
        }
        for phone in 0..world.phones.len() {
            world.sync(phone);
        }
        world
    }

    /// One more phone, signed in; it has not loaded anything.
    pub fn add_phone(&mut self, person: Person) -> usize {
        let folder = self.folder.path().join(format!("phone-{}", self.phones_made));
        let phone = Phone::open(folder, person, &self.env, self.phones_made);
        phone.sign_in(&self.server);
        self.phones.push(phone);
        self.phones_made += 1;
        self.phones.len() - 1
    }

    /// One more customer, who has not written yet.
    pub fn add_customer(&mut self, name: &str) -> usize {
        let customer = Customer::new(name, self.way, &self.server);
        self.customers.push(customer);
        self.customers.len() - 1
    }

    /// Everything that happened, in order, for whoever compares two runs.
    pub fn trace(&self) -> &[String] {
        &self.trace
    }

    /// A line for the trace.
    pub fn note(&mut self, line: impl Into<String>) {
        self.trace.push(line.into());
    }

    /// Time passes.
    pub fn wait_ms(&mut self, millis: i64) {
        self.env.advance_ms(millis);
    }

    /// Begins a step.
    fn step(&mut self, what: impl Into<String>) {
        self.wait_ms(STEP_MS);
        self.note(what);
    }

    /// Faults stop: everybody talks to the server until nothing moves.
    pub fn quiesce(&mut self) {
        self.note("quiesce");
        self.net.clear();
        for customer in 0..self.customers.len() {
            while self.customer_again(customer) {}
        }
        for phone in 0..self.phones.len() {
            self.crash_phone(phone);
        }
        for _ in 0..3 {
            for phone in 0..self.phones.len() {
                self.sync(phone);
            }
            while self.hand_over() {}
        }
        for phone in 0..self.phones.len() {
            self.sync(phone);
        }
    }
}
