//! Every door, with somebody at it who may not pass: without a token, with a forged one, without the permission, of
//! another shop. What a client *says* of itself never counts.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::env::Env as _;
use shopbell_domain::ids::{ConversationId, DeviceId, MessageId, MutationId, NoteId, SessionId};
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
use shopbell_domain::mutation::{Operation, Target};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::secret::{SecretKind, SecretPart};
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, Outcome, Row, Scope, ScopeCursor, SearchAnswer, SignedIn, SnapshotPage};

use crate::doors::{For, doors};
use crate::support::{Asked, Juniper, Phone, hire, sign_in, the_conversation};

/// Every mutation there is, about this conversation and its customer; the message is Theo's.
fn mutations(
    phone: &Phone,
    (conversation, head): &(ConversationId, Conversation),
    message: MessageId,
) -> Vec<Operation> {
    let (conversation, customer, seen) = (*conversation, head.customer, head.last_inbound.unwrap());
    let assignee = phone.me();
    let new = MessageId::new(&*phone.env);
    let (mutation, note) = (MutationId::new(&*phone.env), NoteId::new(&*phone.env));
    let (tag, text, at) = ("VIP".to_owned(), "Hello".to_owned(), phone.env.now());
    let part = |kind| Some(SecretPart { kind, title: "JUNIPER15".to_owned(), body: String::new() });
    let send = |secret| SendMessage { conversation, message: new, text: text.clone(), secret };
    let all = vec![
        Operation::SendMessage(send(None)),
        Operation::SendMessage(send(part(SecretKind::Discount))),
        Operation::SendMessage(send(part(SecretKind::DraftOrder))),
        Operation::EditMessage(EditMessage { conversation, message, text: text.clone() }),
        Operation::DeleteMessage(DeleteMessage { conversation, message }),
        Operation::RecoverMessage(RecoverMessage { conversation, message: new, text: text.clone(), at }),
        Operation::Cancel(Cancel { conversation, mutation, message }),
        Operation::Close(Close { conversation, seen: Some(seen) }),
        Operation::Reopen(Reopen { conversation }),
        Operation::MarkRead(MarkRead { conversation, message: seen }),
        Operation::Assign(Assign { conversation, assignee }),
        Operation::Unassign(Unassign { conversation }),
        Operation::MarkUnread(MarkUnread { conversation }),
        Operation::Star(Star { conversation }),
        Operation::Unstar(Unstar { conversation }),
        Operation::AddTag(AddTag { customer, tag: tag.clone() }),
        Operation::RemoveTag(RemoveTag { customer, tag }),
        Operation::AddNote(AddNote { customer, note, text: text.clone() }),
        Operation::EditNote(EditNote { customer, note, text }),
        Operation::DeleteNote(DeleteNote { customer, note }),
    ];
    let lied_about: BTreeSet<&str> = all.iter().map(Operation::name).collect();
    assert_eq!(lied_about, Operation::NAMES.iter().copied().collect(), "a new mutation belongs here, too");
    all
}

/// Theo answers Ana, and it waits. His message.
async fn a_reply(theo: &Phone, conversation: ConversationId) -> MessageId {
    let reply = theo.reply(conversation, "Yes");
    theo.push(std::slice::from_ref(&reply)).await;
    match reply.operation() {
        Ok(Operation::SendMessage(sent)) => sent.message,
        other => panic!("{other:?}"),
    }
}

/// Rows as they are shown, byte by byte.
fn shown(rows: &[Row]) -> String {
    serde_json::to_string(rows).unwrap()
}

async fn another_shops_phone(juniper: &Juniper) -> Phone {
    let admin = juniper.admin();
    let kettle = admin.create_shop("Kettle & Co", &[]).await.unwrap();
    hire(&admin, kettle.shop, "Noor", &[Permission::Full], false).await;
    juniper.phone("Noor").await
}

#[tokio::test]
async fn nobody_passes_without_a_genuine_token() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    let conversation = ConversationId::new(&*juniper.env);
    let mut forged = theo.token().to_owned();
    forged.replace_range(20..21, if forged.as_bytes()[20] == b'A' { "B" } else { "A" });
    let refresh = &theo.signed_in.session.refresh_token;
    for token in [None, Some(""), Some("x"), Some(&forged[..]), Some(&refresh[..]), Some(&ana.token[..])] {
        for door in doors(For::Staff) {
            let ask = door.ask(conversation, juniper.inbox());
            let ask = match token {
                Some(token) => ask.token(token),
                None => ask,
            };
            let problem = juniper.ask(ask).await.problem();
            assert_eq!(problem, (401, "sign-in-again".into()), "{} {token:?}", door.route);
        }
    }
    let scope = juniper.inbox().to_string().replace(':', "%3A");
    // Nor in another dress: only a bearer token counts.
    let basic = Asked::get(format!("/v1/scopes/{scope}/snapshot")).header("authorization", theo.token());
    assert_eq!(juniper.ask(basic).await.problem(), (401, "sign-in-again".into()));
    let in_url = Asked::get(format!("/v1/scopes/{scope}/snapshot?access_token={}", theo.token()));
    assert_eq!(juniper.ask(in_url).await.problem(), (401, "sign-in-again".into()));
}

#[tokio::test]
async fn without_customers_there_is_no_inbox() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    ana.write("Hello").await;
    let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
    let (conversation, _) = the_conversation(&mina.all(juniper.inbox()).await);
    let message = a_reply(&theo, conversation).await;
    let before = mina.all(juniper.inbox()).await;
    let (_, head) = the_conversation(&before);
    let before = shown(&before);
    let pia = juniper.phone("Pia").await;
    assert!(pia.all(juniper.inbox()).await.is_empty());
    let answer = pia.pull(&[ScopeCursor { scope: juniper.inbox(), cursor: 0 }], 10).await;
    assert!(!answer.granted.iter().any(|grant| grant.scope == juniper.inbox()));
    assert_eq!(pia.snapshot(juniper.inbox(), None).await.problem(), (403, "no-permission".into()));
    let history = Asked::get(format!("/v1/conversations/{conversation}/messages"));
    assert_eq!(pia.ask(history).await.problem(), (404, "not-found".into()));
    assert_eq!(pia.put_draft(conversation, "Hello").await.problem(), (404, "not-found".into()));
    assert_eq!(pia.search(juniper.inbox(), "Hello", None).await.problem(), (403, "no-permission".into()));
    for operation in mutations(&pia, &(conversation, head.clone()), message) {
        let base = match operation {
            Operation::Assign(_) | Operation::Unassign(_) => head.assignee.base(),
            _ => head.status.base(),
        };
        let mutation = pia.mutation(&operation, Some(base));
        pia.push(std::slice::from_ref(&mutation)).await;
        let refused = Outcome::Refused(Refusal::NoPermission { needs: Permission::Customers });
        assert_eq!(pia.outcome(&mutation).await, Some(refused), "{operation:?}");
    }
    assert_eq!(shown(&mina.all(juniper.inbox()).await), before);
}

#[tokio::test]
async fn another_shops_ids_are_not_there() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
    let (conversation, _) = the_conversation(&mina.all(juniper.inbox()).await);
    let message = a_reply(&theo, conversation).await;
    let before = mina.all(juniper.inbox()).await;
    let (_, head) = the_conversation(&before);
    let before = shown(&before);
    let noor = another_shops_phone(&juniper).await;
    let [discounts, draft_orders] = SecretKind::ALL.map(|kind| kind.scope(juniper.shop.inbox));
    let mine = [Scope::User(juniper.mina), Scope::Device(mina.device)];
    for scope in [juniper.inbox(), discounts, draft_orders].into_iter().chain(mine) {
        assert_eq!(noor.snapshot(scope, None).await.problem(), (404, "not-found".into()), "{scope}");
        assert!(noor.all(scope).await.is_empty());
    }
    let history = Asked::get(format!("/v1/conversations/{conversation}/messages"));
    assert_eq!(noor.ask(history).await.problem(), (404, "not-found".into()));
    assert_eq!(noor.put_draft(conversation, "Hello").await.problem(), (404, "not-found".into()));
    assert_eq!(noor.search(juniper.inbox(), "Hello", None).await.problem(), (404, "not-found".into()));
    for operation in mutations(&noor, &(conversation, head.clone()), message) {
        let mutation = noor.mutation(&operation, Some(Base::Ver(head.status.ver)));
        noor.push(std::slice::from_ref(&mutation)).await;
        let expected = match (&operation, operation.target()) {
            // It spends an id of her own shop, and nothing else.
            (Operation::Cancel(_), _) => Outcome::Accepted,
            (_, Target::Conversation(_)) => Outcome::Refused(Refusal::UnknownConversation),
            (_, Target::Customer(_)) => Outcome::Refused(Refusal::UnknownCustomer),
        };
        let result = noor.result(&mutation).await.unwrap();
        assert_eq!((result.outcome, result.rows), (expected, Vec::new()), "{operation:?}");
    }
    assert_eq!(shown(&mina.all(juniper.inbox()).await), before);
    // A colleague of another shop cannot be given a conversation.
    let assign = theo.assign(&(conversation, head), noor.me());
    theo.push(std::slice::from_ref(&assign)).await;
    assert_eq!(theo.outcome(&assign).await, Some(Outcome::Refused(Refusal::UnknownStaff)));
}

#[tokio::test]
async fn a_phone_speaks_only_for_itself() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let mut body = theo.push_body(&[theo.reply(conversation, "As Mina")]);
    body["device"] = json!(mina.device);
    let answer = theo.ask(Asked::post("/v1/push").json(body)).await;
    assert_eq!(answer.problem(), (403, "no-permission".into()));
    for scope in [Scope::User(juniper.mina), Scope::Device(mina.device)] {
        assert_eq!(theo.snapshot(scope, None).await.problem(), (403, "no-permission".into()), "{scope}");
        assert!(theo.all(scope).await.is_empty());
    }
    // A page of a snapshot is for the one who began it.
    for number in 0..25 {
        let text = format!("Hello {number}");
        juniper.browser().await.write(&text).await;
    }
    let page: SnapshotPage = mina.snapshot(juniper.inbox(), None).await.expect(200);
    let next = page.next.unwrap();
    assert_eq!(theo.snapshot(juniper.inbox(), Some(&next)).await.problem(), (422, "malformed".into()));
    assert_eq!(mina.snapshot(Scope::Shop, Some(&next)).await.problem(), (422, "malformed".into()));
    mina.snapshot(juniper.inbox(), Some(&next)).await.expect::<SnapshotPage>(200);
    // So is one of a search.
    let page: SearchAnswer = mina.search(juniper.inbox(), "hello", None).await.expect(200);
    let next = page.next.unwrap();
    assert_eq!(theo.search(juniper.inbox(), "hello", Some(&next)).await.problem(), (422, "malformed".into()));
}

#[tokio::test]
async fn what_is_shared_with_some_is_not_there_for_others() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let (mina, theo) = (juniper.phone("Mina").await, juniper.phone("Theo").await);
    let head = the_conversation(&mina.all(juniper.inbox()).await);
    let shared = mutations(&mina, &head, MessageId::new(&*juniper.env)).swap_remove(1);
    let shared = mina.mutation(&shared, None);
    mina.push(std::slice::from_ref(&shared)).await;
    assert_eq!(mina.outcome(&shared).await, Some(Outcome::Accepted));
    let discounts = SecretKind::Discount.scope(juniper.shop.inbox);
    assert_eq!(mina.all(discounts).await.len(), 1);
    // Whatever Theo asks for, in whatever words.
    assert!(theo.all(discounts).await.is_empty());
    assert_eq!(theo.snapshot(discounts, None).await.problem(), (403, "no-permission".into()));
    let history = theo.ask(Asked::get(format!("/v1/conversations/{}/messages", head.0))).await;
    let found = theo.search(juniper.inbox(), "JUNIPER15", None).await;
    let beside = theo.search(juniper.inbox(), "Hello", None).await;
    let pulled = theo.ask(Asked::post("/v1/pull").json(theo.pull_body(&[], 10))).await;
    for answer in [&history, &found, &beside, &pulled] {
        assert_eq!(answer.status, 200);
        assert!(!String::from_utf8_lossy(&answer.body).contains("JUNIPER15"));
    }
    let page: SearchAnswer = found.expect(200);
    assert_eq!((page.rows.len(), page.also.len(), page.next), (0, 0, None));
    assert_eq!(beside.expect::<SearchAnswer>(200).also.len(), 0);
    // Only an inbox is searched: a scope of parts is not, granted or not.
    for phone in [&mina, &theo] {
        let answer = phone.search(discounts, "JUNIPER15", None).await;
        assert_eq!(answer.problem(), (422, "malformed".into()));
    }
    let found: SearchAnswer = mina.search(juniper.inbox(), "JUNIPER15", None).await.expect(200);
    assert_eq!((found.also[0].scope, found.also[0].grant, found.also[0].rows.len()), (discounts, 1, 1));
    // With discounts alone there is no inbox, so nothing in it either.
    let only = Permissions::of([Permission::Discounts]);
    juniper.admin().set_permissions(juniper.shop.shop, juniper.theo, only).await.unwrap();
    assert!(theo.all(discounts).await.is_empty());
    assert_eq!(theo.snapshot(discounts, None).await.problem(), (403, "no-permission".into()));
}

#[tokio::test]
async fn a_page_that_was_not_given_opens_nothing() {
    let juniper = Juniper::open().await;
    for number in 0..25 {
        juniper.browser().await.write(&format!("Hello {number}")).await;
    }
    let theo = juniper.phone("Theo").await;
    let page: SnapshotPage = theo.snapshot(juniper.inbox(), None).await.expect(200);
    let of_snapshot = page.next.unwrap();
    let page: SearchAnswer = theo.search(juniper.inbox(), "hello", None).await.expect(200);
    let of_search = page.next.unwrap();
    let forge = |token: &str, at: usize| {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut forged = token.to_owned();
        forged.replace_range(at..=at, other);
        forged
    };
    let last = of_snapshot.len().min(of_search.len()) - 2;
    for at in [0, last / 2, last] {
        let answer = theo.snapshot(juniper.inbox(), Some(&forge(&of_snapshot, at))).await;
        assert_eq!(answer.problem(), (422, "malformed".into()));
        let answer = theo.search(juniper.inbox(), "hello", Some(&forge(&of_search, at))).await;
        assert_eq!(answer.problem(), (422, "malformed".into()));
    }
    // One door's page is none of the other's, an access token is no page, and a page is for one search.
    for other in [&of_search[..], theo.token()] {
        assert_eq!(theo.snapshot(juniper.inbox(), Some(other)).await.problem(), (422, "malformed".into()));
    }
    for (query, other) in [("hello", &of_snapshot), ("hello 1", &of_search)] {
        let answer = theo.search(juniper.inbox(), query, Some(other)).await;
        assert_eq!(answer.problem(), (422, "malformed".into()));
    }
    // A genuine one opens nothing any more once the permission is gone; given back, pages carry the new number.
    let set = async |permissions: &[Permission]| {
        let permissions = Permissions::of(permissions.iter().copied());
        juniper.admin().set_permissions(juniper.shop.shop, juniper.theo, permissions).await.unwrap();
    };
    set(&[Permission::Chat]).await;
    let answer = theo.snapshot(juniper.inbox(), Some(&of_snapshot)).await;
    assert_eq!(answer.problem(), (403, "no-permission".into()));
    let answer = theo.search(juniper.inbox(), "hello", Some(&of_search)).await;
    assert_eq!(answer.problem(), (403, "no-permission".into()));
    set(&[Permission::Customers]).await;
    let page: SnapshotPage = theo.snapshot(juniper.inbox(), Some(&of_snapshot)).await.expect(200);
    let found: SearchAnswer = theo.search(juniper.inbox(), "hello", Some(&of_search)).await.expect(200);
    assert_eq!((page.grant, found.grant), (2, 2));
}

#[tokio::test]
async fn a_permission_taken_away_and_given_counts_from_the_next_request_on() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    assert!(!theo.all(juniper.inbox()).await.is_empty());
    let set = async |permissions: &[Permission]| {
        let permissions = Permissions::of(permissions.iter().copied());
        juniper.admin().set_permissions(juniper.shop.shop, juniper.theo, permissions).await.unwrap();
    };
    set(&[Permission::Chat]).await;
    assert!(theo.all(juniper.inbox()).await.is_empty());
    assert_eq!(theo.snapshot(juniper.inbox(), None).await.problem(), (403, "no-permission".into()));
    set(&[Permission::Chat, Permission::Customers]).await;
    let page: SnapshotPage = theo.snapshot(juniper.inbox(), None).await.expect(200);
    assert_eq!(page.grant, 2);
    // Colleagues hear of it by the person's row.
    let staff = theo.all(Scope::Shop).await;
    let me = staff.iter().filter(|row| row.entity == Entity::Staff && row.id == juniper.theo.0);
    assert_eq!(me.count(), 1);
}

#[tokio::test]
async fn a_browser_sees_its_own_conversation_only() {
    let juniper = Juniper::open().await;
    let (ana, bo) = (juniper.browser().await, juniper.browser().await);
    let id = ana.write("My address is 7 Mill Lane").await;
    assert!(bo.shown().await.is_empty());
    // Another's message id is taken: it neither shows nor changes anything.
    assert_eq!(bo.write_as(&id, "Mine").await.problem(), (422, "malformed".into()));
    assert_eq!((ana.shown().await.len(), bo.shown().await.len()), (1, 0));
    for token in ["", "x", juniper.phone("Theo").await.token()] {
        for door in doors(For::Browser) {
            let ask = door.ask(ConversationId::new(&*juniper.env), Scope::Shop).token(token);
            assert_eq!(juniper.ask(ask).await.problem(), (401, "session-expired".into()), "{}", door.route);
        }
    }
    // The public id of a session is no secret and opens nothing.
    let answer = juniper.ask(Asked::get("/chat/v1/events?after=0").token(&ana.session)).await;
    assert_eq!(answer.problem(), (401, "session-expired".into()));
}

#[tokio::test]
async fn a_signed_in_persons_words_do_not_choose_the_shop() {
    let juniper = Juniper::open().await;
    let noor = another_shops_phone(&juniper).await;
    let mut body = sign_in("Noor", DeviceId::new(&*juniper.env));
    body["shop"] = json!(juniper.shop.shop);
    let answer = juniper.ask(Asked::post("/v1/sessions").json(&body)).await;
    assert_eq!(answer.problem(), (401, "wrong-password".into()));
    body["shop"] = json!(SessionId::new(&*juniper.env));
    let answer = juniper.ask(Asked::post("/v1/sessions").json(&body)).await;
    assert_eq!(answer.problem(), (401, "wrong-password".into()));
    body["shop"] = Value::Null;
    let again: SignedIn = juniper.ask(Asked::post("/v1/sessions").json(&body)).await.expect(201);
    assert_eq!(again.shop.id, noor.signed_in.shop.id);
}
