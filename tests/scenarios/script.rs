//! Steps as lines of text, so that a story can be written down, found by chance, shortened and kept.

use shopbell_core::ConversationId;
use shopbell_domain::staff::Permission;
use shopbell_tests::world::{Beginning, Broken, How, Kind, Person, Place, Way, World};

/// Small answers, so that what must come along comes along.
const PULL_ROWS: usize = 2;
/// A limit that no reply of a story keeps to.
const NO_TEXT_CHARS: usize = 3;
const USUAL_TEXT_CHARS: usize = 1_000;

/// A story that is being played. Ana has written once, every phone is up to date, and backup 0 was made.
pub struct Played {
    pub world: World,
    how: How,
    replies: usize,
}

impl Played {
    pub fn begin(way: Way, how: How, phones: &[Person]) -> Played {
        let beginning = Beginning { seed: 1, way, phones, pull_rows: Some(PULL_ROWS) };
        let mut world = World::begin(beginning);
        let ana = world.add_customer("Ana");
        world.writes(ana, true);
        for phone in 0..phones.len() {
            world.sync(phone);
        }
        world.back_up();
        Played { world, how, replies: 0 }
    }

    /// Plays steps until nothing moves any more; what does not hold, and after which step. `all` of them must apply.
    pub fn play(mut self, steps: &[impl AsRef<str>], all: bool) -> Result<World, String> {
        for step in steps {
            let step = step.as_ref();
            if !self.step(step) && all {
                return Err(format!("\"{step}\" does not apply"));
            }
            self.world.check_step().map_err(|Broken(why)| format!("after \"{step}\": {why}"))?;
        }
        self.world.quiesce();
        self.world.check_rest().map_err(|Broken(why)| format!("in the end: {why}"))?;
        Ok(self.world)
    }

    /// Does one. Answers whether it applied.
    pub fn step(&mut self, step: &str) -> bool {
        let words: Vec<&str> = step.split(' ').collect();
        match words.as_slice() {
            [phone, "replies", "to", name] => {
                let (phone, conversation) = (number(phone), self.conversation(name));
                self.replies += 1;
                let text = format!("Reply {}", self.replies);
                self.world.reply(phone, conversation, &text).is_some()
            }
            [phone, "replies", "to", name, "with", "a", "discount"] => {
                let (phone, conversation) = (number(phone), self.conversation(name));
                self.replies += 1;
                let text = format!("Reply {}", self.replies);
                self.world.share(phone, conversation, &text).is_some()
            }
            [phone, "cancels"] => {
                let newest = self.world.replies(number(phone)).pop();
                newest.is_some_and(|(_, message)| self.world.take_back(number(phone), message))
            }
            [phone, "retries"] => {
                let oldest = self.world.phones[number(phone)].not_sent().first().copied();
                oldest.is_some_and(|mutation| self.world.retry(number(phone), mutation))
            }
            [phone, "deletes", "what", "was", "refused"] => {
                let oldest = self.world.phones[number(phone)].not_sent().first().copied();
                oldest.inspect(|mutation| self.world.delete_unsent(number(phone), *mutation)).is_some()
            }
            [phone, "deletes", "a", "reply"] => {
                let oldest = self.world.replies(number(phone)).first().copied();
                let deletes =
                    oldest.is_some_and(|(of, message)| self.world.delete(number(phone), of, message));
                self.world.sync(number(phone));
                deletes
            }
            [phone, "closes", name] => {
                let conversation = self.conversation(name);
                self.world.close(number(phone), conversation).is_some()
            }
            [phone, "reopens", name] => {
                let conversation = self.conversation(name);
                self.world.reopen(number(phone), conversation).is_some()
            }
            [phone, "asks", "for", "history", "of", name] => {
                let conversation = self.conversation(name);
                self.world.ask_history(number(phone), conversation)
            }
            [phone, "pushes"] => self.world.leave(number(phone), Kind::Push),
            [phone, "pulls"] => self.world.leave(number(phone), Kind::Pull),
            [phone, "loads"] => self.world.leave(number(phone), Kind::Snapshot),
            ["first", rest @ ..] => self.packet(rest, Place::Oldest),
            ["last", rest @ ..] => self.packet(rest, Place::Newest),
            [_, "of", ..] => self.packet(&words, Place::Oldest),
            ["hand", "over"] => self.world.hand_over(),
            ["die", "before", "handing", "over"] => self.world.die_handing_over(false),
            ["die", "after", "handing", "over"] => self.world.die_handing_over(true),
            ["restore", backup] => {
                let exists = number(backup) < self.world.server.backups();
                if exists {
                    self.world.restore(number(backup), self.how);
                }
                exists
            }
            _ => {
                self.plain_step(&words);
                true
            }
        }
    }

    /// One that always applies.
    fn plain_step(&mut self, words: &[&str]) {
        match words {
            [phone, "reads", name] => {
                let conversation = self.conversation(name);
                self.world.read(number(phone), conversation);
            }
            [phone, "syncs"] => self.world.sync(number(phone)),
            [phone, "crashes"] => self.world.crash_phone(number(phone)),
            [phone, "signs", "in", "again"] => self.world.sign_in_again(number(phone)),
            [name, "writes"] => self.writes(name, true),
            [name, "writes", "unheard"] => self.writes(name, false),
            [name, "goes", "away"] => {
                let customer = self.customer(name);
                self.world.customers[customer].go_away();
            }
            [name, "forgets"] => {
                let customer = self.customer(name);
                self.world.customers[customer].forget();
            }
            [name, "loses", permission] => self.world.permit(person(name), permitted(permission), false),
            [name, "gets", permission] => self.world.permit(person(name), permitted(permission), true),
            ["replies", "are", "refused"] => self.world.limit_texts(NO_TEXT_CHARS),
            ["replies", "are", "taken"] => self.world.limit_texts(USUAL_TEXT_CHARS),
            ["backup"] => {
                self.world.back_up();
            }
            ["the", "server", "crashes"] => self.world.crash_server(),
            _ => panic!("no such step: {}", words.join(" ")),
        }
    }

    fn packet(&mut self, words: &[&str], place: Place) -> bool {
        let [kind, "of", phone, how @ ..] = words else { panic!("no packet: {words:?}") };
        let kind = match *kind {
            "push" => Kind::Push,
            "pull" => Kind::Pull,
            "history" => Kind::History,
            "snapshot" => Kind::Snapshot,
            _ => panic!("no kind of packet: {kind}"),
        };
        let (answered, stays) = match how {
            ["arrives"] => (false, false),
            ["arrives", "and", "stays"] => (false, true),
            ["is", "answered"] => (true, false),
            ["is", "answered", "and", "stays"] => (true, true),
            _ => panic!("nothing that happens to a packet: {how:?}"),
        };
        let at = self.world.find(number(phone), kind, answered, place);
        if let Some(at) = at {
            self.world.deliver(at, stays);
        }
        at.is_some()
    }

    fn writes(&mut self, name: &str, heard: bool) {
        let customer = self.customer(name);
        self.world.writes(customer, heard);
    }

    fn customer(&mut self, name: &str) -> usize {
        let known = self.world.customers.iter().position(|customer| customer.name == name);
        known.unwrap_or_else(|| self.world.add_customer(name))
    }

    fn conversation(&mut self, name: &str) -> ConversationId {
        let customer = self.customer(name);
        self.world.customers[customer].conversation()
    }
}

fn number(word: &str) -> usize {
    word.parse().unwrap()
}

pub fn person(name: &str) -> Person {
    Person::ALL.into_iter().find(|person| person.name() == name).unwrap()
}

fn permitted(word: &str) -> Permission {
    match word {
        "customers" => Permission::Customers,
        "discounts" => Permission::Discounts,
        _ => panic!("no permission of the traces: {word}"),
    }
}
