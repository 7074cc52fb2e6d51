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
mod phone;
mod provider;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shopbell_core::sync::Event;
use shopbell_core::{ConversationId, MessageId, MutationId};
use shopbell_domain::secret::{SecretKind, SecretPart};
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
/// How many requests a phone may make until it comes to rest.
const REST_LIMIT: usize = 2_000;
/// The longest wait of a phone that a session without faults sits out, in milliseconds.
const PATIENCE_MS: i64 = 20_000;
/// How many such waits.
const WAITS_LIMIT: usize = 8;

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

    // What people do on their phones.

    /// Somebody replies. `None` when the phone does not hold the conversation.
    pub fn reply(&mut self, phone: usize, conversation: ConversationId, text: &str) -> Option<MessageId> {
        self.step(format!("{phone} replies {text}"));
        let message = self.phones[phone].app().send(conversation, text).ok()?;
        let text = text.to_owned();
        self.replies.push(Reply { phone, conversation, message, text, gone: false, shared: false });
        Some(message)
    }

    /// Somebody closes. `None` when the phone does not hold the conversation.
    pub fn close(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} closes"));
        self.looked_at(phone, conversation);
        let mutation = self.phones[phone].app().close(conversation).ok()?;
        let replies = self.replies.len();
        self.closings.push(Closing { phone, conversation, mutation, replies });
        Some(mutation)
    }

    /// Somebody opens a conversation again.
    pub fn reopen(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} reopens"));
        self.phones[phone].app().reopen(conversation).ok()
    }

    /// Somebody has read what is on the screen.
    pub fn read(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} reads"));
        self.looked_at(phone, conversation);
        self.phones[phone].app().mark_read(conversation).ok().flatten()
    }

    /// Somebody replies with a discount. `None` when the phone does not hold the conversation, or they may not.
    pub fn share(&mut self, phone: usize, conversation: ConversationId, text: &str) -> Option<MessageId> {
        self.step(format!("{phone} shares {text}"));
        let (kind, title) = (SecretKind::Discount, format!("Code for {text}"));
        let secret = SecretPart { kind, title, body: String::new() };
        let message = self.phones[phone].app().share(conversation, text, &secret).ok()?;
        let text = text.to_owned();
        self.replies.push(Reply { phone, conversation, message, text, gone: false, shared: true });
        Some(message)
    }

    /// Somebody takes a reply back that was just sent. Answers whether that could still be asked for.
    pub fn take_back(&mut self, phone: usize, message: MessageId) -> bool {
        self.step(format!("{phone} takes back"));
        let asked = self.phones[phone].app().take_back(message).is_ok();
        self.unwanted(message, asked);
        asked
    }

    /// Somebody deletes a reply that was sent.
    pub fn delete(&mut self, phone: usize, conversation: ConversationId, message: MessageId) -> bool {
        self.step(format!("{phone} deletes"));
        let asked = self.phones[phone].app().delete_message(conversation, message).is_ok();
        self.unwanted(message, asked);
        asked
    }

    /// Somebody sends a refused change again.
    pub fn retry(&mut self, phone: usize, mutation: MutationId) -> bool {
        self.step(format!("{phone} retries"));
        self.phones[phone].app().retry(mutation).is_ok()
    }

    /// Somebody takes a refused change off the list.
    pub fn delete_unsent(&mut self, phone: usize, mutation: MutationId) {
        self.step(format!("{phone} deletes what was refused"));
        let message = self.phones[phone].message_of(mutation);
        self.phones[phone].app().delete_unsent(mutation).unwrap();
        if let Some(message) = message {
            self.unwanted(message, true);
        }
    }

    fn unwanted(&mut self, message: MessageId, gone: bool) {
        for reply in self.replies.iter_mut().filter(|reply| reply.message == message) {
            reply.gone |= gone;
        }
    }

    /// The replies written on a phone, oldest first.
    pub fn replies(&self, phone: usize) -> Vec<(ConversationId, MessageId)> {
        let own = self.replies.iter().filter(|reply| reply.phone == phone);
        own.map(|reply| (reply.conversation, reply.message)).collect()
    }

    fn looked_at(&mut self, phone: usize, conversation: ConversationId) {
        let phone = &self.phones[phone];
        let texts = phone.customers_texts(conversation);
        self.seen.entry(phone.person).or_default().extend(texts);
    }

    // What customers do.

    /// A customer writes and posts; `heard` says whether they hear that it arrived.
    pub fn writes(&mut self, customer: usize, heard: bool) {
        self.step(format!("customer {customer} writes, heard: {heard}"));
        self.customers[customer].write();
        self.customers[customer].post(&self.server, &*self.env, heard);
    }

    /// A customer's page or provider tries again whatever was not heard of, and looks for what is new. Answers
    /// whether it did anything.
    pub fn customer_again(&mut self, customer: usize) -> bool {
        self.wait_ms(STEP_MS);
        let posted = self.customers[customer].post(&self.server, &*self.env, true);
        self.customers[customer].look(&self.server);
        posted
    }

    // The network.

    /// A phone is online for a moment: a request of this kind leaves, the others do not. Answers whether one did.
    pub fn leave(&mut self, phone: usize, kind: Kind) -> bool {
        self.step(format!("{phone} {kind:?}"));
        self.phones[phone].time_out(|call| Kind::of(call) == kind);
        self.phones[phone].app().take(Event::NetworkUp);
        self.take_requests(phone, kind)
    }

    /// Somebody asks for everything before what is held of a conversation.
    pub fn ask_history(&mut self, phone: usize, conversation: ConversationId) -> bool {
        self.step(format!("{phone} asks for history"));
        self.phones[phone].app().take(Event::NetworkUp);
        let event = Event::LoadEarlier { conversation, before: i64::MAX };
        self.phones[phone].app().take(event);
        self.take_requests(phone, Kind::History)
    }

    fn take_requests(&mut self, phone: usize, kind: Kind) -> bool {
        self.phones[phone].app().take(Event::NetworkDown);
        let mut left = false;
        for request in self.phones[phone].requests() {
            if Kind::of(&request.call) == kind && !left {
                left = true;
                self.net.push(self.phones[phone].packet(phone, request));
            } else {
                self.phones[phone].fail(request.id);
            }
        }
        left
    }

    /// A packet arrives: a request is answered, an answer is taken in. With `again` it stays under way as well.
    pub fn deliver(&mut self, at: usize, again: bool) {
        let packet = if again { self.net[at].clone() } else { self.net.remove(at) };
        self.step(format!("{packet:?}"));
        if packet.answer.is_none() {
            let answer = self.server.answer(&packet.request, self.pull_rows);
            self.note(format!("answered {answer:?}"));
            self.net.push(Packet { answer: Some(answer), ..packet });
        } else {
            self.phones[packet.phone].receive(packet);
        }
    }

    /// The packet of this phone and kind that stands at this place.
    pub fn find(&self, phone: usize, kind: Kind, answered: bool, place: Place) -> Option<usize> {
        let mut found = (0..self.net.len()).filter(|at| {
            let packet = &self.net[*at];
            (packet.phone, packet.kind(), packet.answer.is_some()) == (phone, kind, answered)
        });
        match place {
            Place::Oldest => found.next(),
            Place::Newest => found.next_back(),
        }
    }

    /// A packet is lost. The phone does not hear of it before it tries again.
    pub fn lose(&mut self, at: usize) {
        let packet = self.net.remove(at);
        self.step(format!("lost {packet:?}"));
    }

    /// A phone is online, without faults, until nothing moves; what is under way from before stays so. Who is asked to
    /// sign in again does.
    pub fn sync(&mut self, phone: usize) {
        self.step(format!("{phone} syncs"));
        self.phones[phone].time_out(|call| call.lane().is_some());
        self.phones[phone].app().take(Event::SyncNow);
        self.rest(phone);
        if self.phones[phone].is_asked_to_sign_in() {
            self.sign_in_again(phone);
            self.phones[phone].app().take(Event::SyncNow);
            self.rest(phone);
        }
    }

    /// Answers what a phone asks until it asks nothing more, then takes the network away.
    fn rest(&mut self, phone: usize) {
        let mut waits = 0;
        for _ in 0..REST_LIMIT {
            let requests = self.phones[phone].requests();
            if requests.is_empty() {
                if waits == WAITS_LIMIT || !self.sit_out(phone) {
                    self.phones[phone].app().take(Event::NetworkDown);
                    return;
                }
                waits += 1;
            }
            for request in requests {
                self.exchange(phone, &request);
            }
        }
        panic!("phone {phone} does not come to rest");
    }

    /// A request and its answer, without faults.
    fn exchange(&mut self, phone: usize, request: &shopbell_core::sync::Request) {
        self.note(format!("{phone}: {}", network::words(request)));
        let answer = self.server.answer(request, self.pull_rows);
        self.note(format!("answered {answer:?}"));
        self.phones[phone].app().take(Event::Answered { id: request.id, result: answer });
    }

    /// Waits for the timer after which a phone tries something again. Answers whether there is one.
    fn sit_out(&mut self, phone: usize) -> bool {
        let Some((lane, wait_ms)) = self.phones[phone].next_timer(PATIENCE_MS) else {
            return false;
        };
        self.wait_ms(wait_ms);
        self.phones[phone].app().take(Event::TimerFired(lane));
        true
    }

    /// A phone asks for whatever it shows as missing.
    pub fn fill_gaps(&mut self, phone: usize) {
        for conversation in self.phones[phone].conversations() {
            while let Some(before) = self.phones[phone].gap(conversation) {
                self.phones[phone].app().take(Event::NetworkUp);
                self.phones[phone].app().take(Event::LoadEarlier { conversation, before });
                self.rest(phone);
                assert_ne!(self.phones[phone].gap(conversation), Some(before), "the gap stays");
            }
        }
    }

    /// A phone's process dies and is started again.
    pub fn crash_phone(&mut self, phone: usize) {
        self.step(format!("{phone} crashes"));
        self.phones[phone].crash();
    }

    /// A phone's session ends; the person signs in again.
    pub fn sign_in_again(&mut self, phone: usize) {
        self.step(format!("{phone} signs in again"));
        self.phones[phone].sign_in(&self.server);
        self.phones[phone].app().take(Event::NetworkDown);
        for request in self.phones[phone].requests() {
            self.phones[phone].fail(request.id);
        }
    }

    // The server.

    /// The server hands the reply over whose turn it is. Answers whether there was one.
    pub fn hand_over(&mut self) -> bool {
        self.step("hands over");
        let handed = self.server.hand_over();
        for customer in &mut self.customers {
            customer.look(&self.server);
        }
        handed
    }

    /// The server dies while it hands over, before or after the provider has the reply, and starts again.
    pub fn die_handing_over(&mut self, reached: bool) {
        self.step(format!("dies handing over, reached: {reached}"));
        self.server.die_handing_over(reached, |_| {});
    }

    /// The server dies and starts again.
    pub fn crash_server(&mut self) {
        self.step("the server crashes");
        self.server.crash();
    }

    /// A backup is made; its number.
    pub fn back_up(&mut self) -> usize {
        self.step("backup");
        self.server.back_up()
    }

    /// A backup is made while a reply is on its way to a provider, who gets it; then the server dies and starts again.
    pub fn back_up_handing_over(&mut self) -> usize {
        self.step("backup while handing over");
        self.server.back_up_handing_over()
    }

    /// A backup is restored.
    pub fn restore(&mut self, backup: usize, how: How) {
        self.step(format!("restore {backup} {how:?}"));
        self.forget_what_nobody_holds(|_| true);
        for reply in &self.replies {
            if !self.phones[reply.phone].remembers(reply.message) {
                self.wiped.insert(reply.message);
            }
        }
        self.server.restore(backup, how);
    }

    /// A provider takes only texts up to so many characters from now on; replies that are longer are refused.
    pub fn limit_texts(&mut self, chars: usize) {
        self.step(format!("texts up to {chars}"));
        self.server.limit_texts(chars);
    }

    /// A person may do this, or may not do it any more.
    pub fn permit(&mut self, person: Person, permission: Permission, may: bool) {
        self.step(format!("{} {} {permission:?}", person.name(), if may { "gets" } else { "loses" }));
        let permissions = self.permissions.entry(person).or_default();
        if may {
            permissions.insert(permission);
        } else {
            permissions.remove(&permission);
        }
        let permissions = permissions.clone();
        self.server.permit(person, permissions);
        if !may {
            self.forget_what_nobody_holds(|phone| phone.person != person);
        }
    }

    /// What was said before a restore comes back only from whoever holds it and may say so.
    fn forget_what_nobody_holds(&mut self, may_say_so: impl Fn(&Phone) -> bool) {
        let phones = self.phones.iter().filter(|phone| may_say_so(phone));
        let held: BTreeSet<String> = phones.flat_map(Phone::all_customers_texts).collect();
        for customer in &self.customers {
            self.forgotten.extend(customer.unheld(&held));
        }
    }

    /// Somebody removes a phone from the shop.
    pub fn remove_phone(&mut self, phone: usize) {
        self.step(format!("{phone} is removed"));
        self.server.remove_device(self.phones[phone].device());
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
