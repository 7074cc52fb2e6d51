//! Secret parts of messages: seen by those to whom their scope is granted, and by nobody else in any way.

use shopbell_domain::conversation::Base;
use shopbell_domain::ids::MessageId;
use shopbell_domain::mutation::Operation;
use shopbell_domain::mutation::delete_message::DeleteMessage;
use shopbell_domain::mutation::edit_message::EditMessage;
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::{Secret, SecretKind};
use shopbell_domain::staff::Permission;
use shopbell_domain::sync::{AlsoRows, Entity, HistoryAnswer, Outcome, Scope};
use shopbell_server::storage::{AttemptOutcome, Caller, Denied, History};

use super::world::{World, conversation, denied, sent, shown};

/// What only those who may see discounts ever read.
const TITLE: &str = "JUNIPER15";

impl World {
    fn discounts(&self) -> Scope {
        Scope::InboxDiscounts(self.inbox)
    }

    /// Ana asks, Mina shares a discount with her. The message's id.
    async fn a_shared_discount(&self) -> MessageId {
        self.writes("ana", "Is it ever cheaper?").await;
        let reply = self.shares("ana", "For you:", SecretKind::Discount, TITLE);
        assert_eq!(self.does(&self.mina, &reply).await, Outcome::Accepted);
        sent(&reply)
    }

    async fn read_history(&self, caller: &Caller) -> HistoryAnswer {
        let (conversation, before) = (conversation("ana"), None);
        let history = History { caller: caller.clone(), conversation, before, limit: 10 };
        self.storage.history(history).await.unwrap()
    }

    /// Everything that this person can get at, byte by byte.
    async fn everything(&self, caller: &Caller) -> String {
        let granted = self.pull(caller, &[], 1).await.granted;
        let mut all = String::new();
        for grant in granted {
            all += &shown(&self.all(caller, grant.scope).await);
            let mut position = None;
            loop {
                let page = self.page(caller, grant.scope, position).await.unwrap();
                all += &shown(&page.rows);
                match page.next {
                    Some(next) => position = Some(next),
                    None => break,
                }
            }
        }
        let history = self.read_history(caller).await;
        let found = self.try_search(caller, "juniper15 for you sunday", None, 10).await.unwrap();
        all + &shown(&history) + &shown(&found.rows) + &shown(&found.also)
    }
}

/// The messages whose parts these are, with the grant that they came under.
fn parts(also: &[AlsoRows]) -> Vec<(Scope, i64, MessageId)> {
    let of_scope = |rows: &AlsoRows| {
        let (scope, grant) = (rows.scope, rows.grant);
        let parts = rows.rows.iter().filter(|row| row.entity == Entity::Secret);
        parts.map(move |row| (scope, grant, MessageId(row.id))).collect::<Vec<_>>()
    };
    also.iter().flat_map(of_scope).collect()
}

pub async fn a_message_carries_a_stub_and_its_part_is_a_row_of_its_own(world: World) {
    world.writes("ana", "Is it ever cheaper?").await;
    let reply = world.shares("ana", "For you:", SecretKind::Discount, TITLE);
    world.push(&world.mina, std::slice::from_ref(&reply)).await;
    // The result names it and brings it along, whatever the limit.
    let device = Scope::Device(world.mina.device);
    let answer = world.pull(&world.mina, &[(device, 0)], 1).await;
    let brought: Vec<(Scope, Entity)> = answer
        .also
        .iter()
        .flat_map(|also| also.rows.iter().map(|row| (also.scope, row.entity)).collect::<Vec<_>>())
        .collect();
    let inbox = world.inbox_scope();
    assert_eq!(
        brought,
        [(inbox, Entity::Conversation), (inbox, Entity::Message), (world.discounts(), Entity::Secret)]
    );
    let rows = world.all(&world.mina, world.discounts()).await;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    let secret: Secret = row.read().unwrap();
    assert_eq!((row.entity, MessageId(row.id)), (Entity::Secret, sent(&reply)));
    assert_eq!((secret.conversation, secret.part.title.as_str()), (conversation("ana"), TITLE));
    assert!(world.all(&world.mina, Scope::InboxDraftOrders(world.inbox)).await.is_empty());

    let (_, message) = world.messages().await.remove(1);
    assert_eq!((message.text.as_str(), message.shared), ("For you:", Some(SecretKind::Discount)));
    let preview = world.head("ana").await.preview.unwrap();
    assert_eq!((preview.text.as_str(), preview.shared), ("For you:", Some(SecretKind::Discount)));
    let inbox = shown(&world.all(&world.mina, inbox).await);
    assert!(!inbox.contains(TITLE) && !inbox.contains("Sunday"), "{inbox}");
    // Theo sees that something was shared, and in no way what.
    let theos = world.everything(&world.theo).await;
    assert!(theos.contains("\"shared\":\"discount\""));
    assert!(!theos.contains(TITLE) && !theos.contains("Sunday"), "{theos}");
}

pub async fn the_customer_reads_all_of_it(world: World) {
    world.a_shared_discount().await;
    let order = world.shares("ana", "", SecretKind::DraftOrder, "Order 7");
    assert_eq!(world.does(&world.mina, &order).await, Outcome::Accepted);
    let outgoing = world.claim().await.unwrap();
    assert_eq!(outgoing.text, "For you:\nJUNIPER15\nUntil Sunday.");
    world.settle(&outgoing, AttemptOutcome::Sent).await;
    assert_eq!(world.claim().await.unwrap().text, "Order 7\nUntil Sunday.");
}

pub async fn a_snapshot_and_pulls_bring_every_part(world: World) {
    world.writes("ana", "Hello").await;
    let shares: Vec<_> = (0..30)
        .map(|number| {
            let kind = SecretKind::ALL[number % 2];
            world.shares("ana", "For you:", kind, &format!("No. {number}"))
        })
        .collect();
    world.push(&world.mina, &shares).await;
    for scope in [world.discounts(), Scope::InboxDraftOrders(world.inbox)] {
        let mut loaded: Vec<_> = world.page(&world.mina, scope, None).await.unwrap().rows;
        let mut pulled = world.all(&world.mina, scope).await;
        assert_eq!(pulled.len(), 15);
        for rows in [&mut loaded, &mut pulled] {
            rows.sort_by_key(|row| row.id);
        }
        assert_eq!(shown(&loaded), shown(&pulled));
        for (caller, why) in [
            (&world.theo, Denied::NoPermission),
            (&world.pia, Denied::NoPermission),
            (&world.noor, Denied::NotFound),
        ] {
            assert_eq!(denied(world.page(caller, scope, None).await), why);
            assert!(world.all(caller, scope).await.is_empty());
        }
    }
}

pub async fn history_and_search_bring_parts_beside_their_messages_by_grant(world: World) {
    let message = world.a_shared_discount().await;
    let parts_of = async |caller: &Caller| {
        let history = world.read_history(caller).await;
        let found = world.try_search(caller, "for you", None, 10).await.unwrap();
        assert!(found.rows.iter().any(|row| row.id == message.0));
        let (of_history, of_search) = (parts(&history.also), parts(&found.also));
        assert_eq!(of_history, of_search);
        of_history
    };
    assert_eq!(parts_of(&world.mina).await, [(world.discounts(), 1, message)]);
    assert_eq!(parts_of(&world.theo).await, []);
    world.set_permissions(&world.theo, &[Permission::Customers, Permission::Discounts]).await;
    assert_eq!(parts_of(&world.theo).await, [(world.discounts(), 1, message)]);
    world.set_permissions(&world.theo, &[Permission::Customers, Permission::DraftOrders]).await;
    assert_eq!(parts_of(&world.theo).await, []);
    world.set_permissions(&world.theo, &[Permission::Customers, Permission::Discounts]).await;
    assert_eq!(parts_of(&world.theo).await, [(world.discounts(), 2, message)]);
    // The inbox was never lost: its own number stayed.
    let history = world.read_history(&world.theo).await;
    let found = world.try_search(&world.theo, "for you", None, 10).await.unwrap();
    assert_eq!((history.grant, found.grant), (1, 1));
    // Whoever loses the customers loses what is shared with them, and gets both anew.
    world.set_permissions(&world.theo, &[Permission::Discounts]).await;
    world.set_permissions(&world.theo, &[Permission::Customers, Permission::Discounts]).await;
    assert_eq!(parts_of(&world.theo).await, [(world.discounts(), 3, message)]);
    let page = world.page(&world.theo, world.discounts(), None).await.unwrap();
    assert_eq!((world.read_history(&world.theo).await.grant, page.grant), (2, 3));
}

pub async fn a_part_is_found_by_those_who_may_see_it_and_nobody_else(mut world: World) {
    let message = world.a_shared_discount().await;
    for customer in ["bo", "cy"] {
        world.writes(customer, "Hello").await;
        let reply = world.shares(customer, "", SecretKind::DraftOrder, "Order of juniper15");
        world.push(&world.mina, &[reply]).await;
    }
    world.crash();
    // One conversation a page: how many pages there are tells how much was found.
    let found = async |caller: &Caller, query: &str| {
        let (mut before, mut pages, mut rows) = (None, 0, Vec::new());
        loop {
            let page = world.try_search(caller, query, before, 1).await.unwrap();
            pages += 1;
            rows.extend(page.rows.iter().filter(|row| row.entity == Entity::Message).map(|row| row.id));
            match page.next {
                Some(next) => before = Some(next),
                None => return (pages, rows),
            }
        }
    };
    assert_eq!(found(&world.mina, "juniper15").await.1.len(), 3);
    assert_eq!(found(&world.mina, "junip").await.1.len(), 3);
    assert_eq!(found(&world.mina, "until sunday").await.1.len(), 3);
    world.set_permissions(&world.theo, &[Permission::Customers]).await;
    assert_eq!(found(&world.theo, "juniper15").await, (1, Vec::new()));
    assert_eq!(found(&world.theo, "sunday").await, (1, Vec::new()));
    world.set_permissions(&world.theo, &[Permission::Customers, Permission::Discounts]).await;
    assert_eq!(found(&world.theo, "juniper15").await.1, [message.0]);
    assert_eq!(denied(world.try_search(&world.pia, "juniper15", None, 1).await), Denied::NoPermission);
    // What is gone is not found.
    let delete = DeleteMessage { conversation: conversation("ana"), message };
    let delete = world.mutation(&Operation::DeleteMessage(delete), None);
    assert_eq!(world.does(&world.mina, &delete).await, Outcome::Accepted);
    assert_eq!(found(&world.theo, "juniper15").await, (1, Vec::new()));
    assert_eq!(found(&world.mina, "juniper15").await.1.len(), 2);
}

pub async fn sharing_takes_its_permission_and_leaves_nothing_when_refused(world: World) {
    world.writes("ana", "Hello").await;
    let before = shown(&world.all(&world.mina, world.inbox_scope()).await);
    for (permissions, kind, needs) in [
        (&[Permission::Customers][..], SecretKind::Discount, Permission::Discounts),
        (&[Permission::Customers, Permission::Discounts], SecretKind::DraftOrder, Permission::DraftOrders),
        (&[Permission::Discounts, Permission::DraftOrders], SecretKind::Discount, Permission::Customers),
    ] {
        world.set_permissions(&world.theo, permissions).await;
        let reply = world.shares("ana", "For you:", kind, TITLE);
        let refused = Outcome::Refused(Refusal::NoPermission { needs });
        assert_eq!(world.does(&world.theo, &reply).await, refused);
    }
    for title in ["", " \u{200b} "] {
        let reply = world.shares("ana", "For you:", SecretKind::Discount, title);
        assert_eq!(world.does(&world.mina, &reply).await, Outcome::Refused(Refusal::TextEmpty));
    }
    assert_eq!(shown(&world.all(&world.mina, world.inbox_scope()).await), before);
    assert!(world.all(&world.mina, world.discounts()).await.is_empty());
    assert_eq!(world.claim().await, None);
}

pub async fn parts_of_one_shop_stay_there(world: World) {
    let message = world.a_shared_discount().await;
    let kettle = world.kettle_writes("Hello").await;
    world.set_permissions(&world.theo, &[Permission::Full]).await;
    let noors = [Permission::Full];
    let permissions = shopbell_domain::staff::Permissions::of(noors);
    world.storage.set_permissions(world.noor.shop, world.noor.staff, permissions).await.unwrap();
    let history =
        History { caller: world.noor.clone(), conversation: conversation("ana"), before: None, limit: 10 };
    // The other shop's conversation has the same id, as it may.
    let answer = world.storage.history(history).await.unwrap();
    assert_eq!((answer.scope, parts(&answer.also)), (Scope::Inbox(kettle), Vec::new()));
    assert!(!shown(&answer).contains(TITLE));
    let edit = EditMessage { conversation: conversation("ana"), message, text: "Mine".to_owned() };
    let edit = world.mutation(&Operation::EditMessage(edit), None);
    assert_eq!(world.does(&world.noor, &edit).await, Outcome::Refused(Refusal::UnknownMessage));
}

pub async fn the_longest_part_and_no_longer(world: World) {
    world.writes("ana", "Hello").await;
    // 200 characters go out by this channel: text, title, "Until Sunday." and two line breaks.
    let text = |chars: usize| "x".repeat(chars);
    let too_long = world.shares("ana", &text(177), SecretKind::Discount, TITLE);
    let refused = Outcome::Refused(Refusal::TextTooLong { limit_chars: 200 });
    assert_eq!(world.does(&world.mina, &too_long).await, refused);
    let reply = world.shares("ana", &text(176), SecretKind::Discount, TITLE);
    assert_eq!(world.does(&world.mina, &reply).await, Outcome::Accepted);
    // The same when the text is edited: what is shared stays below it.
    let edit = |chars: usize, base: Option<Base>| {
        let (conversation, message) = (conversation("ana"), sent(&reply));
        world
            .mutation(&Operation::EditMessage(EditMessage { conversation, message, text: text(chars) }), base)
    };
    let refused = Outcome::Refused(Refusal::TextTooLong { limit_chars: 176 });
    assert_eq!(world.does(&world.mina, &edit(177, None)).await, refused);
    assert_eq!(world.does(&world.mina, &edit(175, None)).await, Outcome::Accepted);
    assert_eq!(world.claim().await.unwrap().text.chars().count(), 199);
}
