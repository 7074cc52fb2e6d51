//! Snapshot and history.

use std::collections::BTreeSet;

use shopbell_domain::conversation::Base;
use shopbell_domain::customer::Customer;
use shopbell_domain::draft::Draft;
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ConversationId, DeviceId, InboxId, MessageId, NoteId, StaffId};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::note::Note;
use shopbell_domain::sync::{Entity, Row, RowRef, SNAPSHOT_MESSAGES, Scope};
use shopbell_domain::tag::Tag;
use shopbell_domain::time::Timestamp;
use shopbell_server::storage::{
    Caller, Denied, History, OperationError, Snapshot, SnapshotNext, SnapshotPosition, SnapshotRead,
};

use super::world::{World, conversation, customer, denied};

impl World {
    pub async fn page(
        &self,
        caller: &Caller,
        scope: Scope,
        position: Option<SnapshotPosition>,
    ) -> Result<SnapshotRead, OperationError> {
        let snapshot = Snapshot { caller: caller.clone(), scope, position, now: self.env.now() };
        self.storage.snapshot(snapshot).await
    }

    async fn close(&self, customer: &str) {
        let head = self.head(customer).await;
        let close = Close { conversation: conversation(customer), seen: head.last_inbound };
        let close = self.mutation(&Operation::Close(close), Some(head.status.base()));
        self.push(&self.theo, &[close]).await;
    }

    async fn history(
        &self,
        caller: &Caller,
        of: ConversationId,
        before: Option<i64>,
    ) -> Result<(Vec<i64>, bool), OperationError> {
        let history = History { caller: caller.clone(), conversation: of, before, limit: 2 };
        let answer = self.storage.history(history).await?;
        let mseq = |row: &Row| row.read::<Message>().unwrap().mseq;
        Ok((answer.rows.iter().map(mseq).collect(), answer.more))
    }
}

fn heads(rows: &[Row]) -> Vec<ConversationId> {
    let heads = rows.iter().filter(|row| row.entity == Entity::Conversation);
    heads.map(|row| ConversationId(row.id)).collect()
}

fn messages(rows: &[Row]) -> BTreeSet<(ConversationId, i64)> {
    let messages = rows.iter().filter(|row| row.entity == Entity::Message);
    let messages = messages.map(|row| row.read::<Message>().unwrap());
    messages.map(|message| (message.conversation, message.mseq)).collect()
}

pub async fn pages_bring_whole_conversations_newest_first(world: World) {
    let customers: Vec<String> = (0..45).map(|number| format!("customer {number}")).collect();
    for customer in &customers {
        world.writes(customer, "Hello").await;
    }
    world.close("customer 3").await;
    for number in 0..SNAPSHOT_MESSAGES + 1 {
        world.writes("customer 7", &format!("And {number}")).await;
    }
    let mut rows = Vec::new();
    let mut position = None;
    let mut pages = 0;
    loop {
        let page = world.page(&world.theo, world.inbox_scope(), position).await.unwrap();
        rows.extend(page.rows);
        pages += 1;
        position = page.next;
        if position.is_none() {
            break;
        }
    }
    assert!(pages >= 3, "{pages}");
    let mut newest_first: Vec<ConversationId> =
        customers.iter().rev().map(|customer| conversation(customer)).collect();
    newest_first.retain(|id| *id != conversation("customer 7"));
    newest_first.insert(0, conversation("customer 7"));
    assert_eq!(heads(&rows), newest_first);
    // Open ones with their newest messages, closed ones without any; each with its customer.
    let messages = messages(&rows);
    let of = |customer: &str| messages.iter().filter(|(id, _)| *id == conversation(customer)).count();
    assert_eq!((of("customer 3"), of("customer 4"), of("customer 7")), (0, 1, SNAPSHOT_MESSAGES));
    assert!(!messages.contains(&(conversation("customer 7"), 1)));
    assert_eq!(rows.iter().filter(|row| row.entity == Entity::Customer).count(), 45);
}

pub async fn old_closed_conversations_stay_behind_and_open_ones_never(world: World) {
    const DAY_MS: i64 = 24 * 3_600 * 1_000;
    for number in 0..50 {
        let customer = format!("customer {number}");
        world.writes(&customer, "Hello").await;
        if number % 10 != 0 {
            world.close(&customer).await;
        }
    }
    let brought = async |so_far: u64| {
        let first = world.page(&world.theo, world.inbox_scope(), None).await.unwrap();
        let begin = SnapshotNext::Newest(Timestamp::from_millis(i64::MAX), ConversationId(uuid::Uuid::max()));
        let begin = SnapshotPosition { brought: so_far, next: begin, ..first.next.unwrap() };
        let (mut found, mut position) = (Vec::new(), Some(begin));
        while position.is_some() {
            let page = world.page(&world.theo, world.inbox_scope(), position).await.unwrap();
            found.extend(heads(&page.rows));
            position = page.next;
        }
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "one came twice");
        found.len()
    };
    // Ten thousand are brought already: closed ones only come while they are young.
    assert_eq!(brought(10_000).await, 50);
    world.env.advance_ms(91 * DAY_MS);
    assert_eq!(brought(10_000).await, 5);
    // The five newest of the ten thousand are among these, 49 to 45, and then the five open ones.
    assert_eq!(brought(9_995).await, 10);
    assert_eq!(brought(0).await, 50);
}

pub async fn a_conversation_that_moves_while_pages_are_read_comes_whole(world: World) {
    for number in 0..45 {
        world.writes(&format!("customer {number}"), "Hello").await;
    }
    world.writes_by(1, "customer 0", "Two").await;
    // The oldest is now the first; let another one be the oldest, with two messages.
    world.writes_by(1, "customer 1", "Two").await;
    for number in 2..45 {
        world.writes(&format!("customer {number}"), "Again").await;
    }
    let first = world.page(&world.theo, world.inbox_scope(), None).await.unwrap();
    assert!(!heads(&first.rows).contains(&conversation("customer 0")));
    // It moves up, past the page that was read.
    world.writes("customer 0", "Are you there?").await;
    let mut rows = first.rows;
    let mut position = first.next;
    while position.is_some() {
        let page = world.page(&world.theo, world.inbox_scope(), position).await.unwrap();
        assert_eq!(page.noted, first.noted);
        rows.extend(page.rows);
        position = page.next;
    }
    let held = messages(&rows);
    for mseq in 1..=3 {
        assert!(held.contains(&(conversation("customer 0"), mseq)), "message {mseq}");
    }
}

pub async fn small_scopes_leave_out_what_ended(world: World) {
    world.storage.remove_staff(world.shop, world.theo.staff, world.env.now()).await.unwrap();
    let page = world.page(&world.mina, Scope::Shop, None).await.unwrap();
    assert_eq!(page.next, None);
    let staff = page.rows.iter().filter(|row| row.entity == Entity::Staff);
    let mut staff: Vec<uuid::Uuid> = staff.map(|row| row.id).collect();
    staff.sort();
    assert_eq!(staff, [world.mina.staff.0, world.pia.staff.0]);
    assert!(page.rows.iter().all(|row| !row.ended));
    let replies = world.page(&world.mina, Scope::Replies, None).await.unwrap();
    assert!(replies.rows.is_empty() && replies.next.is_none());
}

pub async fn somebody_elses_scope_is_refused(world: World) {
    let there = [
        world.inbox_scope(),
        Scope::InboxDiscounts(world.inbox),
        Scope::Replies,
        Scope::User(world.mina.staff),
        Scope::Device(world.mina.device),
    ];
    for scope in there {
        assert_eq!(denied(world.page(&world.pia, scope, None).await), Denied::NoPermission, "{scope}");
    }
    // Of another shop, or nowhere: not even that it exists is told.
    for scope in [
        world.inbox_scope(),
        Scope::User(world.mina.staff),
        Scope::Device(world.mina.device),
        Scope::Inbox(InboxId::new(&world.env)),
        Scope::User(StaffId::new(&world.env)),
        Scope::Device(DeviceId::new(&world.env)),
    ] {
        assert_eq!(denied(world.page(&world.noor, scope, None).await), Denied::NotFound, "{scope}");
    }
}

pub async fn history_goes_back_page_by_page(world: World) {
    for number in 0..5 {
        world.writes("ana", &format!("Message {number}")).await;
    }
    let ana = conversation("ana");
    assert_eq!(world.history(&world.theo, ana, None).await.unwrap(), (vec![5, 4], true));
    assert_eq!(world.history(&world.theo, ana, Some(4)).await.unwrap(), (vec![3, 2], true));
    assert_eq!(world.history(&world.theo, ana, Some(2)).await.unwrap(), (vec![1], false));
    assert_eq!(world.history(&world.theo, ana, Some(-5)).await.unwrap(), (vec![], false));
    assert_eq!(denied(world.history(&world.pia, ana, None).await), Denied::NotFound);
    assert_eq!(denied(world.history(&world.noor, ana, None).await), Denied::NotFound);
    assert_eq!(denied(world.history(&world.theo, conversation("nobody"), None).await), Denied::NotFound);
}

pub async fn customers_come_with_all_that_is_noted_about_them(world: World) {
    world.writes("ana", "Hello").await;
    world.writes("bo", "Hello").await;
    world.close("ana").await;
    let mut notes: Vec<NoteId> = (0..120).map(|_| NoteId::new(&world.env)).collect();
    let add = |note: &NoteId| {
        let add = AddNote { customer: customer("ana"), note: *note, text: "Likes blue".to_owned() };
        world.mutation(&Operation::AddNote(add), None)
    };
    let mut mutations: Vec<_> = notes.iter().map(add).collect();
    let base = Base::Mutation(mutations[7].mid);
    let delete = DeleteNote { customer: customer("ana"), note: notes.remove(7) };
    mutations.push(world.mutation(&Operation::DeleteNote(delete), Some(base)));
    let tag = AddTag { customer: customer("ana"), tag: "VIP".to_owned() };
    mutations.push(world.mutation(&Operation::AddTag(tag), None));
    world.push(&world.theo, &mutations).await;
    let page = world.page(&world.theo, world.inbox_scope(), None).await.unwrap();
    let of = |entity| page.rows.iter().filter(move |row| row.entity == entity);
    let ana = of(Entity::Customer).find(|row| row.id == customer("ana").0).unwrap();
    let ana: Customer = ana.read().unwrap();
    assert_eq!(ana.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["VIP"]);
    // Hers is closed, and her notes come all the same; each as it comes by pull.
    let mut brought: Vec<NoteId> = of(Entity::Note).map(|row| NoteId(row.id)).collect();
    brought.sort();
    notes.sort();
    assert_eq!(brought, notes);
    let row = of(Entity::Note).next().unwrap();
    let pulled = RowRef { scope: world.inbox_scope(), entity: Entity::Note, id: row.id };
    let pulled = world.row(&world.theo, pulled).await.unwrap();
    let note: Note = row.read().unwrap();
    assert_eq!((pulled.ver, pulled.read::<Note>().unwrap()), (row.ver, note.clone()));
    assert_eq!((note.customer, note.text.ver), (customer("ana"), row.ver));

    // A phone that has let her conversation go, to which it comes back, gets them beside its newest messages.
    let (caller, conversation) = (world.theo.clone(), conversation("ana"));
    let newest =
        world.storage.history(History { caller, conversation, before: None, limit: 10 }).await.unwrap();
    let [beside] = newest.also.as_slice() else { panic!("{:?}", newest.also) };
    assert_eq!((beside.scope, beside.grant), (newest.scope, newest.grant));
    let customers = beside.rows.iter().filter(|row| row.entity == Entity::Customer).map(|row| row.id);
    assert_eq!(customers.collect::<Vec<_>>(), [customer("ana").0]);
    assert_eq!(beside.rows.iter().filter(|row| row.entity == Entity::Note).count(), notes.len());
    let (caller, before) = (world.theo.clone(), Some(1));
    let older = world.storage.history(History { caller, conversation, before, limit: 10 }).await.unwrap();
    assert!(older.also.is_empty(), "older ones are asked for by a phone that holds her");
}

pub async fn a_person_loads_their_markers_and_drafts(world: World) {
    for name in ["ana", "bo"] {
        let hello = world.writes(name, "Hello").await;
        let read = MarkRead { conversation: conversation(name), message: hello.message };
        world.push(&world.theo, &[world.mutation(&Operation::MarkRead(read), None)]).await;
        let draft = Draft {
            conversation: conversation(name),
            message: MessageId::new(&world.env),
            text: "Yes".into(),
        };
        world.storage.put_draft(world.theo.clone(), draft.clone()).await.unwrap();
        world.storage.put_draft(world.mina.clone(), draft).await.unwrap();
    }
    let gone =
        Draft { conversation: conversation("bo"), message: MessageId::new(&world.env), text: String::new() };
    world.storage.put_draft(world.theo.clone(), gone).await.unwrap();
    let page = world.page(&world.theo, Scope::User(world.theo.staff), None).await.unwrap();
    let mut brought: Vec<_> =
        page.rows.iter().map(|row| (row.entity, ConversationId(row.id), row.ended)).collect();
    brought.sort();
    let mut expected = [
        (Entity::Draft, conversation("ana"), false),
        (Entity::ReadMarker, conversation("ana"), false),
        (Entity::ReadMarker, conversation("bo"), false),
    ];
    expected.sort();
    assert_eq!(brought, expected);
}
