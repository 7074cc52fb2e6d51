//! Every door, with somebody at it who may not pass: without a token, with a forged one, without the permission, of
//! another shop. What a client *says* of itself never counts.

use serde_json::{Value, json};
use shopbell_domain::conversation::{Base, Conversation};
use shopbell_domain::ids::{ConversationId, DeviceId, MessageId, NoteId, SessionId};
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::assign::Assign;
use shopbell_domain::mutation::close::Close;
use shopbell_domain::mutation::delete_note::DeleteNote;
use shopbell_domain::mutation::edit_note::EditNote;
use shopbell_domain::mutation::mark_read::MarkRead;
use shopbell_domain::mutation::mark_unread::MarkUnread;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::mutation::reopen::Reopen;
use shopbell_domain::mutation::send_message::SendMessage;
use shopbell_domain::mutation::star::Star;
use shopbell_domain::mutation::unassign::Unassign;
use shopbell_domain::mutation::unstar::Unstar;
use shopbell_domain::mutation::{Operation, Target};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, Outcome, Row, Scope, ScopeCursor, SearchAnswer, SignedIn, SnapshotPage};

use crate::support::{Asked, Juniper, Phone, hire, sign_in, the_conversation};

/// Every door that takes an access token.
fn doors(conversation: ConversationId, scope: &str) -> Vec<Asked> {
    vec![
        Asked::post("/v1/push").json(json!({})),
        Asked::post("/v1/pull").json(json!({})),
        Asked::get(format!("/v1/scopes/{scope}/snapshot")),
        Asked::get(format!("/v1/conversations/{conversation}/messages")),
        Asked::post("/v1/search").json(json!({})),
        Asked::put(format!("/v1/drafts/{conversation}")).json(json!({})),
        Asked::new("DELETE", "/v1/sessions/current"),
    ]
}

/// Every mutation there is, about this conversation and its customer.
fn mutations(phone: &Phone, (conversation, head): &(ConversationId, Conversation)) -> Vec<Operation> {
    let (conversation, customer, seen) = (*conversation, head.customer, head.last_inbound.unwrap());
    let assignee = phone.me();
    let message = MessageId::new(&*phone.env);
    let note = NoteId::new(&*phone.env);
    let (tag, text) = ("VIP".to_owned(), "Hello".to_owned());
    let all = vec![
        Operation::SendMessage(SendMessage { conversation, message, text: text.clone(), secret: None }),
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
    let mut names: Vec<&str> = all.iter().map(Operation::name).collect();
    names.sort();
    let mut known = Operation::NAMES.to_vec();
    known.sort();
    assert_eq!(names, known, "a new mutation belongs here, too");
    all
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
    let scope = juniper.inbox().to_string().replace(':', "%3A");
    let conversation = ConversationId::new(&*juniper.env);
    let mut forged = theo.token().to_owned();
    forged.replace_range(20..21, if forged.as_bytes()[20] == b'A' { "B" } else { "A" });
    let refresh = &theo.signed_in.session.refresh_token;
    for token in [None, Some(""), Some("x"), Some(&forged[..]), Some(&refresh[..]), Some(&ana.token[..])] {
        for door in doors(conversation, &scope) {
            let door = match token {
                Some(token) => door.token(token),
                None => door,
            };
            assert_eq!(juniper.ask(door).await.problem(), (401, "sign-in-again".into()), "{token:?}");
        }
    }
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
    let mina = juniper.phone("Mina").await;
    let before = mina.all(juniper.inbox()).await;
    let (conversation, head) = the_conversation(&before);
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
    for operation in mutations(&pia, &(conversation, head.clone())) {
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
    let mina = juniper.phone("Mina").await;
    let before = mina.all(juniper.inbox()).await;
    let (conversation, head) = the_conversation(&before);
    let before = shown(&before);
    let noor = another_shops_phone(&juniper).await;
    for scope in [juniper.inbox(), Scope::User(juniper.mina), Scope::Device(mina.device)] {
        assert_eq!(noor.snapshot(scope, None).await.problem(), (404, "not-found".into()), "{scope}");
        assert!(noor.all(scope).await.is_empty());
    }
    let history = Asked::get(format!("/v1/conversations/{conversation}/messages"));
    assert_eq!(noor.ask(history).await.problem(), (404, "not-found".into()));
    assert_eq!(noor.put_draft(conversation, "Hello").await.problem(), (404, "not-found".into()));
    assert_eq!(noor.search(juniper.inbox(), "Hello", None).await.problem(), (404, "not-found".into()));
    for operation in mutations(&noor, &(conversation, head.clone())) {
        let mutation = noor.mutation(&operation, Some(Base::Ver(head.status.ver)));
        noor.push(std::slice::from_ref(&mutation)).await;
        let refused = Outcome::Refused(match operation.target() {
            Target::Conversation(_) => Refusal::UnknownConversation,
            Target::Customer(_) => Refusal::UnknownCustomer,
        });
        assert_eq!(noor.outcome(&mutation).await, Some(refused), "{operation:?}");
    }
    assert_eq!(shown(&mina.all(juniper.inbox()).await), before);
    // A colleague of another shop cannot be given a conversation.
    let theo = juniper.phone("Theo").await;
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
        for door in [
            Asked::get("/chat/v1/events?after=0"),
            Asked::post("/chat/v1/messages").json(json!({ "id": id, "text": "x" })),
            Asked::post("/chat/v1/presence").json(json!({ "state": "here" })),
        ] {
            let answer = juniper.ask(door.token(token)).await;
            assert_eq!(answer.problem(), (401, "session-expired".into()));
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
