//! What cannot be read or will not do: a problem of the right kind, and nothing lost or changed.

use serde_json::{Value, json};
use shopbell_domain::customer::{Customer, TAGS_LIMIT};
use shopbell_domain::draft::{DRAFT_LIMIT_CHARS, Draft};
use shopbell_domain::ids::{ConversationId, EpochId, MessageId, NoteId, new_uuid};
use shopbell_domain::message::Message;
use shopbell_domain::mutation::add_note::AddNote;
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::note::{NOTE_LIMIT_CHARS, Note};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::search::QUERY_LIMIT_CHARS;
use shopbell_domain::sync::{
    BODY_LIMIT_BYTES, Entity, MutationResult, Outcome, PUSH_LIMIT_MUTATIONS, SYNC_BODY_LIMIT_BYTES, Scope,
    SearchAnswer,
};
use shopbell_domain::tag::{TAG_LIMIT_CHARS, Tag};
use shopbell_domain::text::TEXT_LIMIT_CHARS;

use crate::support::{Answered, Asked, Juniper, ORIGIN, of, the_conversation};

fn kind(status: u16, kind: &str) -> (u16, String) {
    (status, kind.to_owned())
}

#[tokio::test]
async fn what_is_not_json_or_not_the_right_json_is_malformed() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        br#"{"epoch":"\ud800","scopes":[],"limit":1}"#,
        br#"{"epoch":"not an id","scopes":[],"limit":1}"#,
        br#"{"epoch":7,"scopes":[],"limit":1,"device":7,"mutations":7}"#,
        b"{\"epoch\":\"\xed\xa0\x80\"}",
        br#"{"email":"a","password":"\udfff","device":{}}"#,
        br#"{"key":null}"#,
    ];
    for body in bodies {
        for path in ["/v1/pull", "/v1/push"] {
            let answer = theo.ask(Asked::post(path).bytes(body)).await;
            assert_eq!(answer.problem(), kind(422, "malformed"), "{path} {}", String::from_utf8_lossy(body));
        }
        for path in ["/v1/sessions", "/v1/sessions/refresh", "/chat/v1/sessions"] {
            let answer = juniper.ask(Asked::post(path).bytes(body)).await;
            assert_eq!(answer.problem(), kind(422, "malformed"), "{path} {}", String::from_utf8_lossy(body));
        }
    }
    // Deep nesting does not get anywhere either.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(theo.ask(Asked::post("/v1/pull").bytes(deep)).await.problem(), kind(422, "malformed"));
}

#[tokio::test]
async fn a_problem_never_repeats_what_was_sent() {
    let juniper = Juniper::open().await;
    let body = br#"{"email":"a@b.example","password":12345678901,"device":"my secret"}"#;
    let answer = juniper.ask(Asked::post("/v1/sessions").bytes(body.as_slice())).await;
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(answer.problem(), kind(422, "malformed"));
    assert!(!text.contains("12345678901") && !text.contains("my secret"), "{text}");
    assert!(answer.member("detail").as_str().unwrap().contains("line 1"));
}

#[tokio::test]
async fn what_is_too_large_says_the_limit() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    let spaces = |limit: usize| b" ".repeat(limit + 1);
    for (answer, limit) in [
        (theo.ask(Asked::post("/v1/pull").bytes(spaces(SYNC_BODY_LIMIT_BYTES))).await, SYNC_BODY_LIMIT_BYTES),
        (theo.ask(Asked::post("/v1/push").bytes(spaces(SYNC_BODY_LIMIT_BYTES))).await, SYNC_BODY_LIMIT_BYTES),
        (juniper.ask(Asked::post("/v1/sessions").bytes(spaces(BODY_LIMIT_BYTES))).await, BODY_LIMIT_BYTES),
        (ana.ask(Asked::post("/chat/v1/messages").bytes(spaces(BODY_LIMIT_BYTES))).await, BODY_LIMIT_BYTES),
    ] {
        assert_eq!(answer.problem(), kind(413, "too-large"));
        assert_eq!(answer.member("limit_bytes"), json!(limit));
    }
    // It is said by the length that was announced, before anything is read.
    let announced = Asked::post("/v1/pull").bytes("{}").header("content-length", "999999999");
    assert_eq!(theo.ask(announced).await.problem(), kind(413, "too-large"));
    // At the limit it is read.
    let mut body = theo.pull_body(&[], 1).to_string().into_bytes();
    body.resize(SYNC_BODY_LIMIT_BYTES, b' ');
    theo.ask(Asked::post("/v1/pull").bytes(body)).await.expect::<Value>(200);
}

#[tokio::test]
async fn numbers_outside_their_range_are_malformed() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let ana = juniper.browser().await;
    ana.write("Hello").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let pull = |name: &str, value: Value| {
        let mut body = theo.pull_body(&[], 1);
        body[name] = value;
        Asked::post("/v1/pull").json(body)
    };
    let history = |query: &str| Asked::get(format!("/v1/conversations/{conversation}/messages?{query}"));
    for asked in [
        pull("limit", json!(0)),
        pull("limit", json!(1_001)),
        pull("limit", json!(-1)),
        pull("limit", json!(1.5)),
        pull("wait_ms", json!(25_001)),
        pull("scopes", json!([{ "scope": "shop", "cursor": -1 }])),
        pull("scopes", json!([{ "scope": "elsewhere", "cursor": 0 }])),
        history("limit=0"),
        history("limit=201"),
        history("before=soon"),
    ] {
        assert_eq!(theo.ask(asked).await.problem(), kind(422, "malformed"));
    }
    for path in ["events?after=-1", "events?after=0&wait_ms=25001", "events", "events?after=x"] {
        let answer = ana.ask(Asked::get(format!("/chat/v1/{path}"))).await;
        assert_eq!(answer.problem(), kind(422, "malformed"), "{path}");
    }
    let too_many = vec![theo.reply(conversation, "Hello"); 201];
    let answer = theo.ask(Asked::post("/v1/push").json(theo.push_body(&too_many))).await;
    assert_eq!(answer.problem(), kind(422, "malformed"));
    assert_eq!(theo.result(&too_many[0]).await, None);
}

#[tokio::test]
async fn no_search_is_too_strange() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    for number in 0..3 {
        juniper.browser().await.write(&format!("Blue scarf {number}")).await;
    }
    let inbox = juniper.inbox();
    for query in ["", "\0", "\"", "NEAR(", "* AND", "a:b", "🤷‍♀️", &"手".repeat(10_000), &"x ".repeat(10_000)]
    {
        let answer: SearchAnswer = theo.search(inbox, query, None).await.expect(200);
        assert_eq!((answer.rows.len(), answer.next), (0, None), "{query:?}");
    }
    // What is beyond the limit is left out.
    let long = format!("scarf {} green", " ".repeat(QUERY_LIMIT_CHARS));
    let page: SearchAnswer = theo.search(inbox, &long, None).await.expect(200);
    assert_eq!(page.rows.len(), 6);
    let next = page.next.unwrap();
    let rest: SearchAnswer = theo.search(inbox, &long, Some(&next)).await.expect(200);
    assert_eq!((rest.rows.len(), rest.next), (3, None));

    let forged = format!("{}{}", &next[..next.len() - 4], "AAAA");
    for page in ["", "x", &forged, theo.token()] {
        assert_eq!(theo.search(inbox, &long, Some(page)).await.problem(), kind(422, "malformed"));
    }
    assert_eq!(
        theo.search(inbox, "scarf", Some(&next)).await.problem(),
        kind(422, "malformed"),
        "another query"
    );
    assert_eq!(theo.search(Scope::Shop, "scarf", None).await.problem(), kind(422, "malformed"));
    for limit in [json!(0), json!(51), json!(-1), Value::Null] {
        let body =
            json!({ "epoch": theo.signed_in.session.epoch, "scope": inbox, "query": "blue", "limit": limit });
        assert_eq!(theo.ask(Asked::post("/v1/search").json(body)).await.problem(), kind(422, "malformed"));
    }
    let body = json!({ "epoch": EpochId::new(&*juniper.env), "scope": inbox, "query": "blue", "limit": 1 });
    let answer = theo.ask(Asked::post("/v1/search").json(body)).await;
    assert_eq!(answer.problem(), kind(409, "epoch-changed"));
}

#[tokio::test]
async fn fields_from_a_newer_app_are_passed_over() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let mut body = theo.pull_body(&[], 1);
    body["colour"] = json!({ "of": ["the", "phone"] });
    theo.ask(Asked::post("/v1/pull").json(body)).await.expect::<Value>(200);
    juniper.browser().await.write("Hello").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let reply = theo.reply(conversation, "Yes");
    let mut body = theo.push_body(std::slice::from_ref(&reply));
    body["mutations"][0]["mood"] = json!("good");
    body["mutations"][0]["args"]["mood"] = json!("good");
    theo.ask(Asked::post("/v1/push").json(body)).await.expect::<Value>(200);
    assert!(theo.result(&reply).await.is_some());
}

#[tokio::test]
async fn a_newer_protocol_is_told_what_this_server_speaks() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    for (asked, expected) in [("1", 200), ("0", 200), ("2", 426), ("999", 426), ("new", 422)] {
        let pull = Asked::post("/v1/pull").json(theo.pull_body(&[], 1)).header("shopbell-protocol", asked);
        let answer = theo.ask(pull).await;
        assert_eq!(answer.status.as_u16(), expected, "{asked}");
        if expected == 426 {
            assert_eq!(
                (answer.problem().1.as_str(), answer.member("supported")),
                ("protocol-too-new", json!(1))
            );
        }
    }
    // Before anything else is looked at: a newer body may not even be readable.
    let newer = Asked::post("/v1/sessions").bytes("<xml/>").header("shopbell-protocol", "2");
    assert_eq!(juniper.ask(newer).await.problem(), kind(426, "protocol-too-new"));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let juniper = Juniper::open().await;
    for path in ["/", "/v1", "/v1/nothing", "/chat/v1/nothing", "/v2/pull", "/shop", "/v1/pull/more"] {
        let answer = juniper.ask(Asked::get(path)).await;
        assert_eq!(answer.problem(), kind(404, "not-found"), "{path}");
    }
    for (method, path) in [
        ("GET", "/v1/pull"),
        ("PUT", "/v1/sessions"),
        ("GET", "/v1/sessions/current"),
        ("POST", "/v1/drafts/x"),
        ("POST", "/healthz"),
        ("DELETE", "/widget.js"),
        ("GET", "/chat/v1/messages"),
        ("POST", "/chat/v1/events"),
    ] {
        let answer = juniper.ask(Asked::new(method, path)).await;
        assert_eq!(answer.problem(), kind(405, "method-not-allowed"), "{method} {path}");
    }
    let theo = juniper.phone("Theo").await;
    for path in ["/v1/conversations/x/messages", "/v1/scopes/x/snapshot", "/v1/scopes/inbox%3Ax/snapshot"] {
        assert_eq!(theo.ask(Asked::get(path)).await.problem(), kind(404, "not-found"), "{path}");
    }
    let answer = theo.ask(Asked::get("/v1/scopes/%ff/snapshot")).await;
    assert_eq!(answer.problem(), kind(404, "not-found"));
    for path in ["/v1/live", "/chat/v1/live"] {
        assert_eq!(juniper.ask(Asked::get(path)).await.problem(), kind(422, "malformed"), "{path}");
    }
}

#[tokio::test]
async fn a_forged_page_token_is_malformed() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    for number in 0..25 {
        juniper.browser().await.write(&format!("Hello {number}")).await;
    }
    let page: shopbell_domain::sync::SnapshotPage = theo.snapshot(juniper.inbox(), None).await.expect(200);
    let next = page.next.unwrap();
    let forged = format!("{}{}", &next[..next.len() - 4], "AAAA");
    for token in ["x", "", &forged, theo.token()] {
        let answer = theo.snapshot(juniper.inbox(), Some(token)).await;
        assert_eq!(answer.problem(), kind(422, "malformed"), "{token}");
    }
}

#[tokio::test]
async fn another_epoch_is_told_the_present_one() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    for path in ["/v1/pull", "/v1/push"] {
        let mut body = theo.pull_body(&[], 1);
        body["device"] = json!(theo.device);
        body["mutations"] = json!([]);
        body["epoch"] = json!(EpochId::new(&*juniper.env));
        let answer = theo.ask(Asked::post(path).json(body)).await;
        assert_eq!(answer.problem(), kind(409, "epoch-changed"));
        assert_eq!(answer.member("epoch"), json!(theo.signed_in.session.epoch));
    }
    let ahead = [shopbell_domain::sync::ScopeCursor { scope: juniper.inbox(), cursor: 1_000_000 }];
    let answer = theo.ask(Asked::post("/v1/pull").json(theo.pull_body(&ahead, 1))).await;
    assert_eq!(answer.problem(), kind(409, "epoch-changed"));
}

async fn post(juniper: &Juniper, text: &str) -> Answered {
    let ana = juniper.browser().await;
    ana.write_as(&MessageId::new(&*juniper.env).to_string(), text).await
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_says_the_limit_and_changes_nothing() {
    let juniper = Juniper::open().await;
    let long = "a".repeat(TEXT_LIMIT_CHARS + 1);
    let hundred_thousand = "я".repeat(30_000);
    for text in ["", " \n\t ", "\u{200b}\u{202e}", &long, &hundred_thousand] {
        let answer = post(&juniper, text).await;
        assert_eq!(answer.problem(), kind(422, "text-invalid"));
        assert_eq!(answer.member("limit_chars"), json!(TEXT_LIMIT_CHARS));
    }
    assert_eq!(post(&juniper, &"a".repeat(100_000)).await.problem(), kind(413, "too-large"));
    let mina = juniper.phone("Mina").await;
    assert!(mina.all(juniper.inbox()).await.is_empty());
    assert_eq!(post(&juniper, &"🦋".repeat(TEXT_LIMIT_CHARS)).await.status, 200);
}

#[tokio::test]
async fn a_tag_or_note_that_will_not_do_is_refused_and_the_rest_goes_on() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    let (conversation, head) = the_conversation(&theo.all(juniper.inbox()).await);
    let customer = head.customer;
    let tag = |tag: String| theo.mutation(&Operation::AddTag(AddTag { customer, tag }), None);
    let note = |text: String| {
        let note = NoteId::new(&*juniper.env);
        theo.mutation(&Operation::AddNote(AddNote { customer, note, text }), None)
    };
    let refusals = [
        (tag("a".repeat(500)), Refusal::TextTooLong { limit_chars: TAG_LIMIT_CHARS }),
        (tag(" \u{a0}\n\u{200b} ".to_owned()), Refusal::TextEmpty),
        (note("ż".repeat(20_000)), Refusal::TextTooLong { limit_chars: NOTE_LIMIT_CHARS }),
        (note("\t\r\n".to_owned()), Refusal::TextEmpty),
    ];
    let mut batch: Vec<Mutation> = refusals.iter().map(|(mutation, _)| mutation.clone()).collect();
    batch.push(theo.reply(conversation, "Yes"));
    theo.push(&batch).await;
    for (mutation, refusal) in refusals {
        let refused = theo.outcome(&mutation).await;
        assert_eq!(refused, Some(Outcome::Refused(refusal)), "{}", &mutation.args.get()[..60]);
    }
    // Five hundred of them: as many as there may be, in order, and each of the others hears why not.
    let many: Vec<Mutation> = (0..500).map(|number| tag(format!("  tag \t {number:03} "))).collect();
    for batch in many.chunks(PUSH_LIMIT_MUTATIONS) {
        theo.push(batch).await;
    }
    let results = of::<MutationResult>(&theo.all(Scope::Device(theo.device)).await, Entity::Result);
    let too_many = Outcome::Refused(Refusal::TooManyTags { limit: TAGS_LIMIT });
    assert_eq!(results.iter().filter(|(_, result)| result.outcome == too_many).count(), 500 - TAGS_LIMIT);
    let rows = theo.all(juniper.inbox()).await;
    let (_, ana) = of::<Customer>(&rows, Entity::Customer).remove(0);
    let tags: Vec<&str> = ana.tags.iter().map(Tag::as_str).collect();
    let expected: Vec<String> = (0..TAGS_LIMIT).map(|number| format!("tag {number:03}")).collect();
    assert_eq!(tags, expected);
    assert!(of::<Note>(&rows, Entity::Note).is_empty());
    assert_eq!(the_conversation(&rows).1.last_mseq, 2);
    // A note of a megabyte does not even fit into a request.
    let huge = theo.push_body(&[note("a".repeat(1024 * 1024))]);
    assert_eq!(theo.ask(Asked::post("/v1/push").json(huge)).await.problem(), kind(413, "too-large"));
}

#[tokio::test]
async fn a_draft_that_will_not_do_says_why_and_changes_nothing() {
    let juniper = Juniper::open().await;
    juniper.browser().await.write("Hello").await;
    let theo = juniper.phone("Theo").await;
    let (conversation, _) = the_conversation(&theo.all(juniper.inbox()).await);
    let drafts = async || of::<Draft>(&theo.all(Scope::User(theo.me())).await, Entity::Draft);
    // Every character that there can be, as long as JSON can write it.
    let longest = "🦋".repeat(DRAFT_LIMIT_CHARS);
    let (first, second) = ("\\ud83e", "\\udd8b");
    let escaped = longest.replace('🦋', &format!("{first}{second}"));
    let body = format!(r#"{{"message":"{}","text":"{escaped}"}}"#, new_uuid(&*juniper.env));
    let put = |path: String, body: String| theo.ask(Asked::put(path).bytes(body));
    let path = format!("/v1/drafts/{conversation}");
    assert_eq!(put(path.clone(), body).await.status, 204);
    assert_eq!(drafts().await[0].1.text, longest);

    let too_long = theo.put_draft(conversation, &"a".repeat(DRAFT_LIMIT_CHARS + 1)).await;
    assert_eq!(too_long.problem(), kind(422, "text-invalid"));
    assert_eq!(too_long.member("limit_chars"), json!(DRAFT_LIMIT_CHARS));
    let too_large = theo.put_draft(conversation, &"a".repeat(1024 * 1024)).await;
    assert_eq!(too_large.problem(), kind(413, "too-large"));
    for body in
        ["", "{}", r#"{"message":"x","text":""}"#, r#"{"text":""}"#, r#"{"message":null,"text":"\ud83e"}"#]
    {
        assert_eq!(put(path.clone(), body.to_owned()).await.problem(), kind(422, "malformed"), "{body}");
    }
    let gone = theo.put_draft(ConversationId::new(&*juniper.env), "Hello").await;
    assert_eq!(gone.problem(), kind(404, "not-found"));
    let no_id = json!({ "message": new_uuid(&*juniper.env), "text": "Hello" }).to_string();
    assert_eq!(put("/v1/drafts/x".to_owned(), no_id).await.problem(), kind(404, "not-found"));
    let (_, draft) = drafts().await.remove(0);
    assert_eq!((draft.conversation, draft.text), (conversation, longest));
}

#[tokio::test]
async fn nul_and_direction_marks_are_kept_from_doing_harm() {
    let juniper = Juniper::open().await;
    let ana = juniper.browser().await;
    ana.write("a\0b \u{202e}evil\u{202c} c\r\nd").await;
    let rows = juniper.phone("Mina").await.all(juniper.inbox()).await;
    let (_, message) = of::<Message>(&rows, Entity::Message).remove(0);
    assert_eq!(message.text, "a\u{fffd}b \u{202e}evil\u{202c} c\nd");
    // A list shows it in one line, in which nothing is turned around.
    assert_eq!(the_conversation(&rows).1.preview.unwrap().text, "a\u{fffd}b evil c d");
    let lone = format!(r#"{{"id":"{}","text":"\ud83e"}}"#, new_uuid(&*juniper.env));
    let answer = ana.ask(Asked::post("/chat/v1/messages").bytes(lone)).await;
    assert_eq!(answer.problem(), kind(422, "malformed"));
    assert_eq!(ana.shown().await.len(), 1);
}

#[tokio::test]
async fn a_wrong_key_or_page_is_told_apart() {
    let juniper = Juniper::open().await;
    let key = &juniper.shop.public_key;
    let ask = async |key: &str, origin: &str| {
        let begin = Asked::post("/chat/v1/sessions").json(json!({ "key": key })).header("origin", origin);
        let look = Asked::get(format!("/chat/v1/shop?key={key}")).header("origin", origin);
        let (begin, look) = (juniper.ask(begin).await, juniper.ask(look).await);
        assert_eq!(begin.status.is_success(), look.status.is_success());
        if begin.status.is_success() {
            (begin.status.as_u16(), String::new())
        } else {
            assert_eq!(begin.problem(), look.problem());
            begin.problem()
        }
    };
    assert_eq!(ask(key, ORIGIN).await.0, 201);
    assert_eq!(ask("pk_unknown", ORIGIN).await, kind(404, "unknown-shop-key"));
    for origin in ["https://evil.example", "null", "http://juniper.example", "https://juniper.example.evil"] {
        assert_eq!(ask(key, origin).await, kind(403, "origin-not-allowed"), "{origin}");
    }
    // The page of another shop of this server is not this shop's.
    let kettle = ["https://kettle.example".to_owned()];
    juniper.admin().create_shop("Kettle & Co", &kettle).await.unwrap();
    assert_eq!(ask(key, "https://kettle.example").await, kind(403, "origin-not-allowed"));
    let ana = juniper.browser().await;
    let stolen =
        Asked::get("/chat/v1/events?after=0").token(&ana.token).header("origin", "https://kettle.example");
    assert_eq!(juniper.ask(stolen).await.problem(), kind(403, "origin-not-allowed"));
}
