//! What happens between phones and the server, and to the server: what leaves, arrives, is lost; crashes, backups and
//! restores, permissions.

use std::collections::BTreeSet;

use shopbell_core::ConversationId;
use shopbell_core::sync::{Event, Request};
use shopbell_domain::staff::Permission;

use super::{How, Kind, Packet, Person, Phone, Place, World, network};

/// How many requests a phone may make until it comes to rest.
const REST_LIMIT: usize = 2_000;
/// The longest wait of a phone that a session without faults sits out, in milliseconds.
const PATIENCE_MS: i64 = 20_000;
/// How many such waits.
const WAITS_LIMIT: usize = 8;
/// Either lets a person see customers.
const SEES_CUSTOMERS: [Permission; 2] = [Permission::Full, Permission::Customers];

impl World {
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
    fn exchange(&mut self, phone: usize, request: &Request) {
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
    /// Answers whether a provider was given anything.
    pub fn die_handing_over(&mut self, reached: bool) -> bool {
        self.step(format!("dies handing over, reached: {reached}"));
        self.server.die_handing_over(reached, |_| {})
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
        self.forget_what_nobody_holds();
        for reply in &self.replies {
            if !self.phones[reply.phone].remembers(reply.message) {
                self.wiped.insert(reply.message);
            }
        }
        self.server.restore(backup, how);
        self.was_restored = true;
        for customer in &mut self.customers {
            customer.lost |= !self.server.knows(customer.conversation());
        }
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
        if self.was_restored {
            self.forget_what_nobody_holds();
        }
    }

    /// What was said before a restore comes back only from whoever holds it and may say so.
    fn forget_what_nobody_holds(&mut self) {
        let may = |person| self.permissions[&person].iter().any(|held| SEES_CUSTOMERS.contains(held));
        let phones = self.phones.iter().filter(|phone| may(phone.person));
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
}
