//! Two people act on one conversation without a network: every pair of operations, each person's phone first once.
//!
//! What becomes of the second is a rule (docs/sync.md, "Who wins"); the table that the rule and the world agree on is
//! the golden file beside this one. All phones end up alike, and alike to one that was loaded just now.

use std::fmt;

use shopbell_core::{ConversationId, MessageId, MessageKind, MutationId, OutboxState, Status};
use shopbell_domain::mutation::Operation;
use shopbell_tests::world::{Beginning, Kind, Person, Way, World};

/// Only a phone that brings a message back to a restored server asks for it: the traces do.
const AFTER_A_RESTORE: &str = "recover_message";
const PEOPLE: [Person; 2] = [Person::Theo, Person::Mina];
/// Whose conversation it is before somebody else takes it.
const ASSIGNED_BEFORE: Person = Person::Pia;

fn operations() -> impl Iterator<Item = &'static str> + Clone {
    Operation::NAMES.iter().copied().filter(|name| *name != AFTER_A_RESTORE)
}

/// What becomes of the second of two changes that were made from the same state.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// There was nothing to change.
    Nothing,
    /// It was accepted.
    Accepted,
    /// It was accepted, and stands beside what the first one made.
    Beside,
    /// It was refused, with this code.
    Refused(String),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Fate::Nothing => "-",
            Fate::Accepted => "accepted",
            Fate::Beside => "kept beside",
            Fate::Refused(code) => code,
        })
    }
}

/// Who wins.
fn second(before: Before, first: &str, second: &str) -> Fate {
    let changed = || Fate::Refused("changed_since".to_owned());
    match (first, second) {
        // Compare and set: whoever comes second looked at something else, unless the first one changed nothing.
        ("close", "reopen") if !before.closed => changed(),
        ("reopen", "close") if before.closed => changed(),
        ("unassign", "assign") if before.assigned => changed(),
        ("assign", "assign" | "unassign") => changed(),
        // A delete of a text that changed meanwhile is refused; an edit of one that changed or went is kept beside it.
        ("edit_note", "delete_note") => changed(),
        ("edit_note" | "delete_note", "edit_note") => Fate::Beside,
        // Replies are only added, stars and tags are the last one's, what was read is each person's own.
        _ => Fate::Accepted,
    }
}

/// The state from which both changes mean something; where they cannot both, Theo's does.
#[derive(Clone, Copy)]
struct Before {
    closed: bool,
    assigned: bool,
    starred: bool,
    tagged: bool,
    noted: bool,
    /// Who has sent a reply.
    answered: [bool; 2],
}

impl Before {
    fn of([theos, minas]: [&str; 2]) -> Before {
        let wants = |name: &str, against: &str| theos == name || (minas == name && theos != against);
        Before {
            closed: wants("reopen", "close"),
            assigned: wants("unassign", "assign"),
            starred: wants("unstar", "star"),
            tagged: wants("remove_tag", "add_tag"),
            noted: [theos, minas].iter().any(|name| ["edit_note", "delete_note"].contains(name)),
            answered: [theos, minas].map(|name| ["edit_message", "delete_message"].contains(&name)),
        }
    }
}

/// A pair in its conversation.
struct Pair {
    /// Theo's and Mina's.
    operations: [&'static str; 2],
    conversation: ConversationId,
    did: [Did; 2],
}

/// What an app did with what a person asked for.
#[derive(Clone, Copy, Debug, Default)]
enum Did {
    #[default]
    Nothing,
    Mutation(MutationId),
    /// The only one of its name in its conversation.
    ByName,
    /// It takes this reply back.
    TakenBack(MessageId),
}

/// A world with a conversation for each pair, in which both have acted without a network.
fn both_have_acted() -> (World, Vec<Pair>) {
    let mut world = World::begin(Beginning { seed: 3, way: Way::Dedupes, phones: &PEOPLE, pull_rows: None });
    let mut pairs = Vec::new();
    for theos in operations() {
        for minas in operations() {
            let customer = world.add_customer(&format!("{theos}/{minas}"));
            world.writes(customer, true);
            let conversation = world.customers[customer].conversation();
            pairs.push(Pair { operations: [theos, minas], conversation, did: Default::default() });
        }
    }
    for phone in [0, 1] {
        world.sync(phone);
    }
    for pair in &pairs {
        prepare(&mut world, pair);
    }
    for phone in [0, 1] {
        world.sync(phone);
    }
    while world.hand_over() {}
    for phone in [0, 1] {
        world.sync(phone);
        for pair in pairs.iter().filter(|pair| pair.operations[phone] == "cancel") {
            world.reply(phone, pair.conversation, "Sent too soon").unwrap();
        }
        // It left, and was lost: only the server can say whether it came.
        assert!(world.leave(phone, Kind::Push));
        world.lose(0);
    }
    for pair in &mut pairs {
        for phone in 0..2 {
            pair.did[phone] = act(&mut world, phone, pair.conversation, pair.operations[phone]);
        }
    }
    (world, pairs)
}

fn prepare(world: &mut World, pair: &Pair) {
    let (before, conversation) = (Before::of(pair.operations), pair.conversation);
    let pia = world.server.staff(ASSIGNED_BEFORE);
    let app = world.phones[0].app();
    if before.starred {
        app.star(conversation).unwrap();
    }
    if before.assigned {
        app.assign(conversation, pia).unwrap();
    }
    if before.tagged {
        app.add_tag(conversation, "vip").unwrap();
    }
    if before.noted {
        app.add_note(conversation, "Likes blue").unwrap();
    }
    for phone in [0, 1].into_iter().filter(|phone| before.answered[*phone]) {
        world.reply(phone, conversation, &format!("{} has answered", PEOPLE[phone].name())).unwrap();
    }
    if before.closed {
        world.close(0, conversation).unwrap();
    }
}

fn says(person: Person) -> String {
    format!("{} says so", person.name())
}

/// Somebody does it.
fn act(world: &mut World, phone: usize, conversation: ConversationId, name: &str) -> Did {
    let me = world.phones[phone].person;
    let my_id = world.server.staff(me);
    let text = says(me);
    match name {
        "send_message" => {
            world.reply(phone, conversation, &text).unwrap();
            return Did::ByName;
        }
        "close" => return world.close(phone, conversation).map_or(Did::Nothing, Did::Mutation),
        "cancel" => {
            let message = own_message(world, phone, conversation);
            assert!(world.take_back(phone, message));
            return Did::TakenBack(message);
        }
        "mark_read" => return world.read(phone, conversation).map_or(Did::Nothing, Did::Mutation),
        _ => {}
    }
    let app = world.phones[phone].app();
    let note = || app.customer(conversation).unwrap().notes[0].id;
    let mutation = match name {
        "edit_message" => app.edit_message(conversation, own_message(world, phone, conversation), &text),
        "delete_message" => app.delete_message(conversation, own_message(world, phone, conversation)),
        "reopen" => app.reopen(conversation).map(Some),
        "assign" => app.assign(conversation, my_id).map(Some),
        "unassign" => app.unassign(conversation).map(Some),
        "mark_unread" => app.mark_unread(conversation),
        "star" => app.star(conversation),
        "unstar" => app.unstar(conversation),
        "add_tag" => app.add_tag(conversation, "vip"),
        "remove_tag" => app.remove_tag(conversation, "vip"),
        "add_note" => {
            app.add_note(conversation, &text).unwrap();
            return Did::ByName;
        }
        "edit_note" => app.edit_note(conversation, note(), &text),
        "delete_note" => app.delete_note(conversation, note()),
        _ => panic!("{name} has no place in the table of pairs"),
    };
    mutation.unwrap().map_or(Did::Nothing, Did::Mutation)
}

fn own_message(world: &World, phone: usize, conversation: ConversationId) -> MessageId {
    let replies = world.replies(phone).into_iter().rev();
    replies.filter(|(of, _)| *of == conversation).map(|(_, message)| message).next().unwrap()
}

/// What became of what a person did.
fn fate(world: &World, pair: &Pair, phone: usize) -> Fate {
    let name = pair.operations[phone];
    let rows = world.phones[phone].app().outbox().unwrap();
    let row = rows.iter().find(|row| match pair.did[phone] {
        Did::Nothing => false,
        Did::Mutation(mutation) => row.id == mutation,
        Did::TakenBack(_) => row.name == name && row.conversation == Some(pair.conversation),
        Did::ByName => row.name == name && row.conversation == Some(pair.conversation),
    });
    match (pair.did[phone], row.map(|row| &row.state)) {
        (Did::Nothing, _) => Fate::Nothing,
        (_, Some(OutboxState::NotSent { code, reason })) => {
            assert!(reason.len() > code.len(), "{name} was refused with the words \"{reason}\"");
            Fate::Refused(code.clone())
        }
        (_, Some(state)) => panic!("{name} of {:?} is {state:?}", pair.operations),
        (Did::TakenBack(message), None) => {
            assert_eq!(world.phones[phone].shows(pair.conversation, message), []);
            Fate::Accepted
        }
        (_, None) => {
            let notes = world.phones[phone].app().customer(pair.conversation).unwrap().notes;
            let text = says(world.phones[phone].person);
            let beside = notes.iter().any(|note| note.conflicts_with.is_some() && note.text == text);
            if beside { Fate::Beside } else { Fate::Accepted }
        }
    }
}

/// What everybody sees in the end.
fn state(world: &World, conversation: ConversationId) -> String {
    let app = world.phones[0].app();
    let view = app.conversation(conversation).unwrap();
    let customer = app.customer(conversation).unwrap();
    let mut words = vec![if view.head.status == Status::Closed { "closed" } else { "open" }.to_owned()];
    words.extend(view.head.assignee.map(|assignee| format!("→{}", assignee.name)));
    words.extend(view.head.starred.then(|| "★".to_owned()));
    words.extend(customer.tags.iter().map(|tag| format!("#{}", tag.as_str())));
    words.extend(customer.notes.iter().rev().map(|note| format!("note \"{}\"", note.text)));
    words.extend(view.rows.iter().skip(1).filter_map(|row| match &row.kind {
        MessageKind::Message { deleted: true, .. } => Some("deleted reply".to_owned()),
        MessageKind::Message { text, .. } => Some(format!("reply \"{text}\"")),
        MessageKind::Gap { .. } => None,
    }));
    let unread = world.phones.iter().map(|phone| {
        let head = phone.app().conversation(conversation).unwrap().head;
        format!("{}{}", head.unread, if head.marked_unread { "*" } else { "" })
    });
    words.push(format!("unread {}", unread.collect::<Vec<_>>().join("/")));
    words.join(", ")
}

#[test]
fn whoever_comes_second_is_told_and_everybody_sees_the_same() {
    let mut table = String::new();
    for (first, later) in [(0, 1), (1, 0)] {
        let (mut world, pairs) = both_have_acted();
        for phone in [first, later, first] {
            world.sync(phone);
        }
        world.quiesce();
        world.check_rest().unwrap();
        let names = PEOPLE.map(Person::name);
        table.push_str(&format!("\n{}'s change comes first, then {}'s\n", names[first], names[later]));
        for pair in &pairs {
            let [one, other] =
                [first, later].map(|phone| (pair.operations[phone], fate(&world, pair, phone)));
            assert!(matches!(one.1, Fate::Accepted | Fate::Nothing), "{:?}: {one:?}", pair.operations);
            let before = Before::of(pair.operations);
            if one.1 == Fate::Accepted && other.1 != Fate::Nothing {
                assert_eq!(other.1, second(before, one.0, other.0), "{one:?} came first, then {other:?}");
            }
            let state = state(&world, pair.conversation);
            let fates = [one, other].map(|(name, fate)| format!("{name:15} {fate:14}"));
            table.push_str(&format!("{} {state}\n", fates.join(" ")));
        }
    }
    insta::assert_snapshot!(table);
}
