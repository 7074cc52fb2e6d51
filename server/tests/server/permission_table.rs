//! Who may do what: one table of resource, action and role, got by asking a server. What it prints stands in
//! `snapshots/`, so that a right that changes is seen in review.
//!
//! Each role has a shop of its own. The person was allowed everything first and did their part there, so that each cell
//! says what *their rights now* allow and nothing else; then the rights became the role's.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ConversationId, MessageId, MutationId, NoteId};
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::cancel::Cancel;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::recover_message::RecoverMessage;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unassign::Unassign;
use shopbell_domain::mutation::unstar::Unstar;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::note::Note;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{
    Entity, MutationResult, Outcome, PullAnswer, PushAnswer, Scope, ScopeCursor, SearchAnswer,
};
use uuid::Uuid;

use crate::support::{Answered, Asked, Juniper, Phone, hire, of, the_conversation};

/// Whose rights a column shows.
#[derive(Clone, Copy)]
enum Role {
    Owner,
    Allowed(&'static [Permission]),
    Removed,
    OfAnotherShop,
}

const ROLES: &[(&str, Role)] = &[
    ("owner", Role::Owner),
    ("full", Role::Allowed(&[Permission::Full])),
    ("customers", Role::Allowed(&[Permission::Customers])),
    ("customers, discounts", Role::Allowed(&[Permission::Customers, Permission::Discounts])),
    ("discounts only", Role::Allowed(&[Permission::Discounts])),
    ("chat only", Role::Allowed(&[Permission::Chat])),
    ("none", Role::Allowed(&[])),
    ("removed", Role::Removed),
    ("another shop", Role::OfAnotherShop),
];

/// How a right is found out.
enum Ask {
    /// By a mutation: what became of it.
    Change(fn(&Scene) -> Operation),
    /// By a request: whether it is answered.
    Request(fn(&Scene) -> Asked),
    /// By a pull of this scope: whether it brings rows of this kind.
    Rows(fn(&Scene) -> Scope, Entity),
    /// By a search for these words: whether it finds something.
    Search(&'static str),
    /// There is nothing to ask yet.
    NotBuilt,
}

use Ask::{Change, NotBuilt, Request, Rows, Search};

/// The rows of the table. What takes something away comes after what needs it.
const RIGHTS: &[(&str, &str, Ask)] = &[
    ("conversations", "read", Rows(Scene::inbox, Entity::Conversation)),
    ("conversations", "load", Request(|scene| scene.snapshot(scene.inbox()))),
    ("conversations", "search", Search("hello")),
    (
        "conversations",
        "close",
        Change(|s| Operation::Close(Close { conversation: s.id, seen: s.head.last_inbound })),
    ),
    ("conversations", "reopen", Change(|s| Operation::Reopen(Reopen { conversation: s.id }))),
    (
        "conversations",
        "assign",
        Change(|s| Operation::Assign(Assign { conversation: s.id, assignee: s.colleague.me() })),
    ),
    ("conversations", "unassign", Change(|s| Operation::Unassign(Unassign { conversation: s.id }))),
    (
        "conversations",
        "mark read",
        Change(|s| Operation::MarkRead(MarkRead { conversation: s.id, message: s.hello })),
    ),
    ("conversations", "mark unread", Change(|s| Operation::MarkUnread(MarkUnread { conversation: s.id }))),
    ("conversations", "star", Change(|s| Operation::Star(Star { conversation: s.id }))),
    ("conversations", "unstar", Change(|s| Operation::Unstar(Unstar { conversation: s.id }))),
    ("messages", "read", Rows(Scene::inbox, Entity::Message)),
    ("messages", "read older", Request(|s| Asked::get(format!("/v1/conversations/{}/messages", s.id)))),
    ("messages", "send", Change(|s| s.sends(None))),
    ("messages", "edit own", Change(|s| s.edits(s.own[0]))),
    ("messages", "edit a colleague's", Change(|s| s.edits(s.theirs))),
    ("messages", "delete own", Change(|s| s.deletes(s.own[0]))),
    ("messages", "delete a colleague's", Change(|s| s.deletes(s.theirs))),
    ("messages", "take own back in time", Change(Scene::cancels)),
    ("messages", "bring back after a restore", Change(Scene::recovers)),
    ("discounts", "read", Rows(|s| s.parts(SecretKind::Discount), Entity::Secret)),
    ("discounts", "load", Request(|s| s.snapshot(s.parts(SecretKind::Discount)))),
    ("discounts", "search", Search("JUNIPER15")),
    ("discounts", "share", Change(|s| s.sends(Some(SecretKind::Discount)))),
    ("draft orders", "read", Rows(|s| s.parts(SecretKind::DraftOrder), Entity::Secret)),
    ("draft orders", "load", Request(|s| s.snapshot(s.parts(SecretKind::DraftOrder)))),
    ("draft orders", "search", Search("JUNIPER-7")),
    ("draft orders", "share", Change(|s| s.sends(Some(SecretKind::DraftOrder)))),
    ("customers", "read", Rows(Scene::inbox, Entity::Customer)),
    (
        "customers",
        "tag",
        Change(|s| Operation::AddTag(AddTag { customer: s.head.customer, tag: "VIP".to_owned() })),
    ),
    (
        "customers",
        "take a tag off",
        Change(|s| Operation::RemoveTag(RemoveTag { customer: s.head.customer, tag: "VIP".to_owned() })),
    ),
    ("notes", "read", Rows(Scene::inbox, Entity::Note)),
    ("notes", "write", Change(|s| s.notes(NoteId::new(&*s.me.env)))),
    (
        "notes",
        "edit a colleague's",
        Change(|s| {
            Operation::EditNote(EditNote {
                customer: s.head.customer,
                note: s.note,
                text: "Likes green".to_owned(),
            })
        }),
    ),
    (
        "notes",
        "delete a colleague's",
        Change(|s| Operation::DeleteNote(DeleteNote { customer: s.head.customer, note: s.note })),
    ),
    ("drafts", "read own", Rows(|s| Scope::User(s.me.me()), Entity::Draft)),
    ("drafts", "write own", Request(Scene::drafts)),
    ("drafts", "read a colleague's", Request(|s| s.snapshot(Scope::User(s.colleague.me())))),
    ("results", "read own", Request(|s| s.snapshot(Scope::Device(s.me.device)))),
    ("results", "read another device's", Request(|s| s.snapshot(Scope::Device(s.colleague.device)))),
    ("shop", "read", Rows(|_| Scope::Shop, Entity::Shop)),
    ("channels", "read", Rows(|_| Scope::Shop, Entity::Channel)),
    ("channels", "connect, change, remove", NotBuilt),
    ("staff", "read", Rows(|_| Scope::Shop, Entity::Staff)),
    ("staff", "invite, change, remove", NotBuilt),
    ("groups", "read, change", NotBuilt),
    ("saved replies", "load", Request(|s| s.snapshot(Scope::Replies))),
    ("saved replies", "write, change, delete", NotBuilt),
    ("schedule", "read, change", NotBuilt),
    ("greetings", "read, change", NotBuilt),
    ("pictures", "read, send", NotBuilt),
    ("session", "end", Request(|_| Asked::new("DELETE", "/v1/sessions/current"))),
];

/// One role's shop: Ana wrote, a colleague answered and shared, and so did the person whose rights are asked for.
struct Scene {
    juniper: Juniper,
    /// Whose rights are asked for.
    me: Phone,
    colleague: Phone,
    id: ConversationId,
    head: Conversation,
    hello: MessageId,
    /// Messages of one's own; of another shop's person there are none, and these are a colleague's.
    own: [MessageId; 2],
    /// The mutation that sent the second of them, which still waits to be handed over.
    own_mutation: MutationId,
    theirs: MessageId,
    /// A colleague's note, with what a change of it names.
    note: NoteId,
    note_base: Option<Base>,
}

impl Scene {
    async fn set(role: Role) -> Self {
        let juniper = Juniper::open().await;
        let database = rusqlite::Connection::open(juniper.dir.path().join("shopbell.db")).unwrap();
        // As after a restore: before it nobody can bring anything back.
        database
            .execute("INSERT INTO survives (shop, epoch, seq) SELECT id, zeroblob(16), 0 FROM shop", [])
            .unwrap();
        juniper.browser().await.write("Hello").await;
        let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
        let all = Permissions::of([Permission::Full]);
        juniper.admin().set_permissions(juniper.shop.shop, juniper.theo, all).await.unwrap();
        let (me, colleague) = match role {
            Role::Owner => (mina, theo),
            _ => (theo, mina),
        };
        let (id, head) = the_conversation(&colleague.all(juniper.inbox()).await);
        let mut scene = Scene {
            me,
            colleague,
            id,
            hello: head.last_inbound.unwrap(),
            head,
            own: [MessageId(Uuid::nil()); 2],
            own_mutation: MutationId(Uuid::nil()),
            theirs: MessageId(Uuid::nil()),
            note: NoteId::new(&*juniper.env),
            note_base: None,
            juniper,
        };
        scene.play().await;
        let (admin, shop) = (scene.juniper.admin(), scene.juniper.shop.shop);
        match role {
            Role::Owner => {}
            Role::Allowed(permissions) => {
                let permissions = Permissions::of(permissions.iter().copied());
                admin.set_permissions(shop, scene.me.me(), permissions).await.unwrap();
            }
            Role::Removed => {
                let (storage, now) = (&scene.juniper.state.storage, scene.juniper.env.now());
                storage.remove_staff(shop, scene.me.me(), now).await.unwrap();
            }
            Role::OfAnotherShop => {
                let kettle = admin.create_shop("Kettle & Co", &[]).await.unwrap();
                hire(&admin, kettle.shop, "Noor", &[Permission::Full], false).await;
                scene.me = scene.juniper.phone("Noor").await;
            }
        }
        scene
    }

    /// What happened before the rights became the role's.
    async fn play(&mut self) {
        let theirs = self.colleague.reply(self.id, "Hello Ana");
        let parts = SecretKind::ALL.map(|kind| self.colleague.mutation(&self.sends(Some(kind)), None));
        let noted = self.colleague.mutation(&self.notes(self.note), None);
        self.colleague.push(&[&[theirs.clone(), noted], &parts[..]].concat()).await;
        self.juniper.deliver().await;
        let own = [self.me.reply(self.id, "Hello from me"), self.me.reply(self.id, "And once more")];
        self.me.push(&own).await;
        assert_eq!(self.me.put_draft(self.id, "A thought").await.status, 204);
        self.own = own.each_ref().map(sent);
        (self.own_mutation, self.theirs) = (own[1].mid, sent(&theirs));
    }

    /// What a cell says.
    async fn cell(&mut self, ask: &Ask) -> String {
        match ask {
            NotBuilt => "not built".to_owned(),
            Request(request) => match said(&self.me.ask(request(self)).await) {
                word if word == "yes" => self.yes().to_owned(),
                word => word,
            },
            Rows(scope, entity) => {
                let body = self.me.pull_body(&[ScopeCursor { scope: scope(self), cursor: 0 }], 1_000);
                let answer = self.me.ask(Asked::post("/v1/pull").json(body)).await;
                if answer.status != 200 {
                    return said(&answer);
                }
                let answer: PullAnswer = answer.expect(200);
                let mut rows = answer.scopes.iter().flat_map(|scope| &scope.rows);
                if rows.any(|row| row.entity == *entity) { self.yes() } else { "-" }.to_owned()
            }
            Search(query) => {
                let answer = self.me.search(self.inbox(), query, None).await;
                if answer.status != 200 {
                    return said(&answer);
                }
                let found: SearchAnswer = answer.expect(200);
                if found.rows.is_empty() { "-" } else { self.yes() }.to_owned()
            }
            Change(operation) => {
                self.look().await;
                let operation = operation(self);
                let mutation = self.me.mutation(&operation, self.base(&operation));
                let body = self.me.push_body(std::slice::from_ref(&mutation));
                let answer = self.me.ask(Asked::post("/v1/push").json(body)).await;
                if answer.status != 200 {
                    return said(&answer);
                }
                let pushed: PushAnswer = answer.expect(200);
                assert_eq!((pushed.faults.len(), pushed.blocked.len(), pushed.failed), (0, 0, None));
                became(self.me.result(&mutation).await.unwrap())
            }
        }
    }

    /// Of what there is something in each shop, somebody of another one gets their own.
    fn yes(&self) -> &'static str {
        let of_juniper = self.me.signed_in.shop.id == self.juniper.shop.shop;
        if of_juniper { "yes" } else { "own shop's" }
    }

    /// Looks at what changes name as their base.
    async fn look(&mut self) {
        let rows = self.colleague.all(self.inbox()).await;
        (_, self.head) = the_conversation(&rows);
        let notes = of::<Note>(&rows, Entity::Note);
        let note = notes.iter().find(|(id, _)| *id == self.note.0);
        self.note_base = note.map(|(_, note)| note.text.base());
    }

    fn base(&self, operation: &Operation) -> Option<Base> {
        match operation {
            Operation::Close(_) | Operation::Reopen(_) => Some(self.head.status.base()),
            Operation::Assign(_) | Operation::Unassign(_) => Some(self.head.assignee.base()),
            Operation::EditNote(_) | Operation::DeleteNote(_) => self.note_base,
            _ => None,
        }
    }

    fn inbox(&self) -> Scope {
        self.juniper.inbox()
    }

    fn parts(&self, kind: SecretKind) -> Scope {
        kind.scope(self.juniper.shop.inbox)
    }

    fn snapshot(&self, scope: Scope) -> Asked {
        let scope = scope.to_string().replace(':', "%3A").replace('/', "%2F");
        Asked::get(format!("/v1/scopes/{scope}/snapshot"))
    }

    fn sends(&self, shared: Option<SecretKind>) -> Operation {
        let title = |kind| match kind {
            SecretKind::Discount => "JUNIPER15",
            SecretKind::DraftOrder => "JUNIPER-7",
        };
        let part = |kind| SecretPart { kind, title: title(kind).to_owned(), body: String::new() };
        let (message, text) = (MessageId::new(&*self.juniper.env), "For you:".to_owned());
        Operation::SendMessage(SendMessage { conversation: self.id, message, text, secret: shared.map(part) })
    }

    fn edits(&self, message: MessageId) -> Operation {
        Operation::EditMessage(EditMessage { conversation: self.id, message, text: "Anew".to_owned() })
    }

    fn deletes(&self, message: MessageId) -> Operation {
        Operation::DeleteMessage(DeleteMessage { conversation: self.id, message })
    }

    fn cancels(&self) -> Operation {
        let (mutation, message) = (self.own_mutation, self.own[1]);
        Operation::Cancel(Cancel { conversation: self.id, mutation, message })
    }

    fn recovers(&self) -> Operation {
        let (message, text) = (MessageId::new(&*self.juniper.env), "Hello again".to_owned());
        let at = self.juniper.env.now();
        Operation::RecoverMessage(RecoverMessage { conversation: self.id, message, text, at })
    }

    fn notes(&self, note: NoteId) -> Operation {
        Operation::AddNote(AddNote { customer: self.head.customer, note, text: "Likes blue".to_owned() })
    }

    fn drafts(&self) -> Asked {
        let draft = json!({ "message": MessageId::new(&*self.juniper.env), "text": "Another thought" });
        Asked::put(format!("/v1/drafts/{}", self.id)).json(draft)
    }
}

fn sent(mutation: &Mutation) -> MessageId {
    match mutation.operation() {
        Ok(Operation::SendMessage(args)) => args.message,
        other => panic!("{other:?}"),
    }
}

/// What an answer to a request comes to.
fn said(answer: &Answered) -> String {
    if answer.status.is_success() {
        return "yes".to_owned();
    }
    match answer.problem() {
        (403, _) => "no".to_owned(),
        (404, _) => "not there".to_owned(),
        (410, _) => "removed".to_owned(),
        (status, kind) => format!("{status} {kind}"),
    }
}

/// What a result comes to.
fn became(result: MutationResult) -> String {
    match result.outcome {
        Outcome::Accepted if result.rows.is_empty() => "changes nothing".to_owned(),
        Outcome::Accepted => "yes".to_owned(),
        Outcome::Cancelled => "cancelled".to_owned(),
        Outcome::Refused(Refusal::NoPermission { needs }) => format!("needs {}", needs.as_str()),
        Outcome::Refused(
            Refusal::UnknownConversation | Refusal::UnknownCustomer | Refusal::UnknownMessage,
        ) => "not there".to_owned(),
        Outcome::Refused(Refusal::NotTheAuthor) => "not the author".to_owned(),
        Outcome::Refused(other) => other.code().to_owned(),
    }
}

#[tokio::test]
async fn who_may_do_what() {
    let mut columns = Vec::new();
    for (_, role) in ROLES {
        let mut scene = Scene::set(*role).await;
        let mut column = Vec::new();
        for (_, _, ask) in RIGHTS {
            column.push(scene.cell(ask).await);
        }
        columns.push(column);
    }
    let mut table = String::new();
    let mut line = |resource: &str, action: &str, cells: Vec<&str>| {
        write!(table, "{resource:<14} {action:<27}").unwrap();
        for (cell, (role, _)) in cells.iter().zip(ROLES) {
            write!(table, " {cell:<width$}", width = role.len().max(18)).unwrap();
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    };
    line("", "", ROLES.iter().map(|(name, _)| *name).collect());
    for (at, (resource, action, _)) in RIGHTS.iter().enumerate() {
        line(resource, action, columns.iter().map(|column| column[at].as_str()).collect());
    }
    insta::assert_snapshot!("who_may_do_what", table);
}

#[tokio::test]
async fn every_mutation_is_in_the_table() {
    let scene = Scene::set(Role::Owner).await;
    let asked: BTreeSet<&str> = RIGHTS
        .iter()
        .filter_map(|(_, _, ask)| match ask {
            Change(operation) => Some(operation(&scene).name()),
            _ => None,
        })
        .collect();
    assert_eq!(
        asked,
        Operation::NAMES.iter().copied().collect(),
        "a new mutation belongs into the table, too"
    );
}
