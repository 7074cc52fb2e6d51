//! Whatever happens, a phone that pulls what changed holds what a phone holds that loads everything anew.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shopbell_domain::conversation::{Base, Conversation, Ver};
use shopbell_domain::draft::Draft;
use shopbell_domain::ids::{ConversationId, MessageId, NoteId};
use shopbell_domain::message::{Author, Message};
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unstar::Unstar;
use shopbell_domain::note::Note;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, MutationResult, PullAnswer, Row, Scope, ScopeCursor};
use shopbell_server::chat::EventsAnswer;
use uuid::Uuid;

use crate::support::{Asked, Browser, Juniper, Phone, of};

/// Something that happens in the shop.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A customer writes.
    Write(usize),
    /// Theo answers a conversation, …
    Reply(usize),
    /// … shares a discount in it,
    Share(usize),
    /// changes one of his replies,
    Edit(usize),
    /// deletes one,
    Delete(usize),
    /// takes one back, in time or not,
    Cancel(usize),
    /// closes it,
    Close(usize),
    /// takes it,
    Assign(usize),
    /// reads it,
    Read(usize),
    /// wants to come back to it,
    MarkUnread(usize),
    /// puts a star on it or takes it away,
    Star(usize, bool),
    /// tags its customer or takes the tag away,
    Tag(usize, bool),
    /// notes something down about the customer,
    AddNote(usize),
    /// changes the newest note, looking at what it said now or at its beginning,
    EditNote(usize, bool),
    /// deletes the newest note,
    DeleteNote(usize),
    /// begins to write, or thinks better of it,
    Draft(usize, &'static str),
    /// sends what he has begun.
    SendDraft(usize),
    /// Replies are handed over.
    Deliver,
    /// Pia may do something else.
    Permit(bool),
    /// The phone pulls, with this limit.
    Pull(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..4usize).prop_map(Event::Write),
        3 => (0..4usize).prop_map(Event::Reply),
        1 => (0..4usize).prop_map(Event::Share),
        1 => (0..4usize).prop_map(Event::Edit),
        1 => (0..4usize).prop_map(Event::Delete),
        2 => (0..4usize).prop_map(Event::Cancel),
        2 => (0..4usize).prop_map(Event::Close),
        1 => (0..4usize).prop_map(Event::Assign),
        1 => (0..4usize).prop_map(Event::Read),
        1 => (0..4usize).prop_map(Event::MarkUnread),
        1 => (0..4usize, any::<bool>()).prop_map(|(which, on)| Event::Star(which, on)),
        2 => (0..4usize, any::<bool>()).prop_map(|(which, on)| Event::Tag(which, on)),
        2 => (0..4usize).prop_map(Event::AddNote),
        2 => (0..4usize, any::<bool>()).prop_map(|(which, is_late)| Event::EditNote(which, is_late)),
        1 => (0..4usize).prop_map(Event::DeleteNote),
        2 => (0..4usize, prop_oneof![Just("It is."), Just("")]).prop_map(|(which, text)| Event::Draft(which, text)),
        2 => (0..4usize).prop_map(Event::SendDraft),
        2 => Just(Event::Deliver),
        1 => any::<bool>().prop_map(Event::Permit),
        4 => (1..=5usize).prop_map(Event::Pull),
    ]
}

/// What a phone holds: each row as it stands, by scope.
#[derive(Default)]
struct Held {
    rows: BTreeMap<(Scope, Entity, Uuid), (i64, String)>,
    cursors: BTreeMap<Scope, i64>,
}

impl Held {
    fn take_row(&mut self, scope: Scope, row: &Row) {
        let key = (scope, row.entity, row.id);
        if self.rows.get(&key).is_some_and(|(ver, _)| *ver > row.ver.0) {
            return;
        }
        match &row.body {
            Some(body) => drop(self.rows.insert(key, (row.ver.0, body.get().to_owned()))),
            None => drop(self.rows.remove(&key)),
        }
    }

    /// Applies an answer. Whether there was more.
    fn take(&mut self, answer: &PullAnswer) -> bool {
        for scope in &answer.scopes {
            assert_eq!(scope.from, self.cursors[&scope.scope]);
            self.cursors.insert(scope.scope, scope.cursor);
            scope.rows.iter().for_each(|row| self.take_row(scope.scope, row));
        }
        for also in &answer.also {
            also.rows.iter().for_each(|row| self.take_row(also.scope, row));
        }
        answer.scopes.iter().any(|scope| scope.more)
    }

    async fn pull(&mut self, phone: &Phone, limit: usize) -> bool {
        let cursors: Vec<ScopeCursor> = self
            .cursors
            .iter()
            .map(|(scope, cursor)| ScopeCursor { scope: *scope, cursor: *cursor })
            .collect();
        let answer = phone.pull(&cursors, limit).await;
        self.take(&answer)
    }
}

async fn happens(event: Event, juniper: &Juniper, theo: &Phone, browsers: &[Browser]) {
    let rows = theo.all(juniper.inbox()).await;
    let heads = of(&rows, Entity::Conversation);
    let chosen = |number: usize| {
        heads
            .get(number % heads.len().max(1))
            .map(|(id, head)| (ConversationId(*id), Conversation::clone(head)))
    };
    let mutation = match event {
        Event::Write(customer) => {
            juniper.env.advance_ms(1_000);
            browsers[customer].write("Is it blue?").await;
            None
        }
        Event::Deliver => {
            juniper.deliver().await;
            None
        }
        Event::Permit(customers) => {
            let permission = if customers { Permission::Customers } else { Permission::Products };
            let permissions = Permissions::of([permission]);
            juniper.admin().set_permissions(juniper.shop.shop, juniper.pia, permissions).await.unwrap();
            None
        }
        Event::Reply(number) => chosen(number).map(|theirs| theo.reply(theirs.0, "It is.")),
        Event::Share(number) => chosen(number).map(|(conversation, _)| {
            let (message, text) = (MessageId::new(&*theo.env), String::new());
            let part =
                SecretPart { kind: SecretKind::Discount, title: "BLUE15".to_owned(), body: String::new() };
            let send = SendMessage { conversation, message, text, secret: Some(part) };
            theo.mutation(&Operation::SendMessage(send), None)
        }),
        Event::Edit(number) => own_reply(&rows, number).map(|(message, known)| {
            let (conversation, text) = (known.conversation, format!("{} Or green.", known.text));
            let edit = EditMessage { conversation, message, text };
            theo.mutation(&Operation::EditMessage(edit), known.revision.map(|revision| revision.base()))
        }),
        Event::Delete(number) => own_reply(&rows, number).map(|(message, known)| {
            let delete = DeleteMessage { conversation: known.conversation, message };
            theo.mutation(&Operation::DeleteMessage(delete), None)
        }),
        Event::Cancel(number) => match own_reply(&rows, number) {
            Some((message, known)) => {
                let results =
                    of::<MutationResult>(&theo.all(Scope::Device(theo.device)).await, Entity::Result);
                let sent =
                    results.iter().find(|(_, result)| result.rows.iter().any(|row| row.id == message.0));
                sent.map(|(_, result)| {
                    let cancel = Cancel { conversation: known.conversation, mutation: result.mid, message };
                    theo.mutation(&Operation::Cancel(cancel), None)
                })
            }
            None => None,
        },
        Event::Close(number) => chosen(number).map(|theirs| theo.close(&theirs)),
        Event::Assign(number) => chosen(number).map(|theirs| theo.assign(&theirs, theo.me())),
        Event::Read(number) => chosen(number).map(|theirs| theo.mark_read(&theirs)),
        Event::MarkUnread(number) => chosen(number).map(|(conversation, _)| {
            theo.mutation(&Operation::MarkUnread(MarkUnread { conversation }), None)
        }),
        Event::Star(number, on) => chosen(number).map(|(conversation, _)| {
            let star = Operation::Star(Star { conversation });
            let unstar = Operation::Unstar(Unstar { conversation });
            theo.mutation(if on { &star } else { &unstar }, None)
        }),
        Event::Tag(number, on) => chosen(number).map(|(_, head)| {
            let (customer, tag) = (head.customer, "VIP".to_owned());
            let add = Operation::AddTag(AddTag { customer, tag: tag.clone() });
            let remove = Operation::RemoveTag(RemoveTag { customer, tag });
            theo.mutation(if on { &add } else { &remove }, None)
        }),
        Event::AddNote(number) => chosen(number).map(|(_, head)| {
            let note = NoteId::new(&*theo.env);
            let add = AddNote { customer: head.customer, note, text: "Likes blue".to_owned() };
            theo.mutation(&Operation::AddNote(add), None)
        }),
        Event::EditNote(number, is_late) => {
            let newest = chosen(number).and_then(|theirs| newest_note(&rows, &theirs.1));
            newest.map(|(note, known)| {
                let text = format!("{} and green", known.text.value);
                let edit = EditNote { customer: known.customer, note, text };
                let base = if is_late { Base::Ver(Ver(1)) } else { known.text.base() };
                theo.mutation(&Operation::EditNote(edit), Some(base))
            })
        }
        Event::DeleteNote(number) => {
            let newest = chosen(number).and_then(|theirs| newest_note(&rows, &theirs.1));
            newest.map(|(note, known)| {
                let delete = DeleteNote { customer: known.customer, note };
                theo.mutation(&Operation::DeleteNote(delete), Some(known.text.base()))
            })
        }
        Event::Draft(number, text) => {
            if let Some((conversation, _)) = chosen(number) {
                assert_eq!(theo.put_draft(conversation, text).await.status, 204);
            }
            None
        }
        Event::SendDraft(number) => {
            let drafts = of::<Draft>(&theo.all(Scope::User(theo.me())).await, Entity::Draft);
            drafts.get(number % drafts.len().max(1)).map(|(_, draft)| {
                let (conversation, message, text) = (draft.conversation, draft.message, draft.text.clone());
                let send = SendMessage { conversation, message, text, secret: None };
                theo.mutation(&Operation::SendMessage(send), None)
            })
        }
        Event::Pull(_) => None,
    };
    if let Some(mutation) = mutation {
        theo.push(&[mutation]).await;
    }
}

/// One of the replies that were not deleted.
fn own_reply(rows: &[Row], number: usize) -> Option<(MessageId, Message)> {
    let messages = of::<Message>(rows, Entity::Message).into_iter();
    let replies: Vec<_> =
        messages.filter(|(_, message)| message.author != Author::Customer && !message.deleted).collect();
    let (id, message) = replies.get(number % replies.len().max(1))?;
    Some((MessageId(*id), message.clone()))
}

/// What a browser shows: the messages that were not deleted, and what they say.
async fn shown_to(browser: &Browser) -> Vec<(Uuid, String)> {
    let page: EventsAnswer = browser.ask(Asked::get("/chat/v1/events?after=0")).await.expect(200);
    assert!(!page.more);
    let events = page.events.into_iter().filter(|event| !event.message.deleted);
    events.map(|event| (event.message.id.0, event.message.text)).collect()
}

/// Whether each conversation's messages are numbered 1, 2, 3 … up to what its head says.
fn are_without_a_hole(rows: &[Row]) -> bool {
    let messages = of::<Message>(rows, Entity::Message);
    of::<Conversation>(rows, Entity::Conversation).iter().all(|(id, head)| {
        let of_this = messages.iter().filter(|(_, message)| message.conversation.0 == *id);
        let mut places: Vec<i64> = of_this.map(|(_, message)| message.mseq).collect();
        places.sort_unstable();
        places.into_iter().eq(1..=head.last_mseq)
    })
}

/// The newest note about a conversation's customer.
fn newest_note(rows: &[Row], head: &Conversation) -> Option<(NoteId, Note)> {
    let notes = of::<Note>(rows, Entity::Note).into_iter();
    let newest =
        notes.filter(|(_, note)| note.customer == head.customer).max_by_key(|(id, note)| (note.at, *id));
    newest.map(|(id, note)| (NoteId(id), note))
}

async fn run(before: Vec<Event>, after: Vec<Event>) {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let all = Permissions::of([Permission::Full]);
    juniper.admin().set_permissions(juniper.shop.shop, juniper.theo, all).await.unwrap();
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(juniper.browser().await);
    }
    for event in before {
        happens(event, &juniper, &theo, &browsers).await;
    }
    // One phone begins with a snapshot, the other with nothing at all.
    let discounts = SecretKind::Discount.scope(juniper.shop.inbox);
    let scopes =
        [Scope::Shop, juniper.inbox(), discounts, Scope::User(juniper.theo), Scope::Device(theo.device)];
    let mut loaded = Held::default();
    let mut pulled = Held::default();
    for scope in scopes {
        let (noted, rows) = theo.whole_snapshot(scope).await;
        rows.iter().for_each(|row| loaded.take_row(scope, row));
        loaded.cursors.insert(scope, noted);
        pulled.cursors.insert(scope, 0);
    }
    for event in after {
        happens(event, &juniper, &theo, &browsers).await;
        if let Event::Pull(limit) = event {
            loaded.pull(&theo, limit).await;
            pulled.pull(&theo, limit).await;
        }
    }
    while loaded.pull(&theo, 3).await {}
    while pulled.pull(&theo, 2).await {}
    let mut fresh = Held::default();
    for scope in scopes {
        fresh.cursors.insert(scope, 0);
    }
    while fresh.pull(&theo, 1_000).await {}
    assert_eq!(pulled.rows, fresh.rows);
    assert_eq!(pulled.cursors, loaded.cursors);
    // A snapshot leaves out the messages of closed conversations; everything that it brought is as fresh.
    for (key, row) in &loaded.rows {
        assert_eq!(fresh.rows.get(key), Some(row));
    }
    let without_messages = |held: &Held| {
        held.rows.keys().copied().filter(|(_, entity, _)| *entity != Entity::Message).collect::<Vec<_>>()
    };
    assert_eq!(without_messages(&loaded), without_messages(&fresh));
    assert!(are_without_a_hole(&theo.all(juniper.inbox()).await));
    // Customers were shown each message that stands, once, as it stands, and nothing that was taken back.
    juniper.deliver().await;
    let messages = of::<Message>(&theo.all(juniper.inbox()).await, Entity::Message).into_iter();
    let told = |message: &Message| match (message.shared, message.text.as_str()) {
        (None, text) => text.to_owned(),
        (Some(_), "") => "BLUE15".to_owned(),
        (Some(_), text) => format!("{text}\nBLUE15"),
    };
    let standing: BTreeMap<Uuid, String> =
        messages.filter(|(_, message)| !message.deleted).map(|(id, message)| (id, told(&message))).collect();
    let mut shown = Vec::new();
    for browser in &browsers {
        shown.extend(shown_to(browser).await);
    }
    shown.sort();
    assert_eq!(shown, standing.into_iter().collect::<Vec<_>>());
    // What is shared stands exactly where a message says so.
    let shared = of::<Message>(&theo.all(juniper.inbox()).await, Entity::Message).into_iter();
    let shared: BTreeSet<Uuid> =
        shared.filter(|(_, message)| message.shared.is_some()).map(|(id, _)| id).collect();
    let parts = fresh.rows.keys().filter(|(scope, ..)| *scope == discounts);
    assert_eq!(parts.map(|(_, _, id)| *id).collect::<BTreeSet<_>>(), shared);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn pulling_what_changed_comes_to_the_same_as_loading_everything(
        before in proptest::collection::vec(event(), 0..25),
        after in proptest::collection::vec(event(), 0..25),
    ) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(before, after));
    }
}
