//! A reply from the keyboard to the customer, and everything that may happen in between: it is on disk before it is
//! shown, it stands in the conversation exactly once at every moment, and it is never lost.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use shopbell_core::domain::conversation::Base;
use shopbell_core::domain::ids::MutationId;
use shopbell_core::domain::message::Delivery;
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::sync::{Fault, FaultKind, PushAnswer};
use shopbell_core::sync::{Answer, RequestError};
use shopbell_core::{Error, InboxFilter, MessageId, OutboxState, Status};
use story::phone::answer_from;
use story::{Phone, ana_asks};

/// How often the message stands in the conversation, and whether it stands at its end.
fn times_shown(phone: &Phone, ana: shopbell_core::ConversationId, message: MessageId) -> usize {
    let id = message.to_string();
    phone.app().conversation(ana).unwrap().rows.iter().filter(|row| row.id.to_string() == id).count()
}

#[test]
fn a_reply_is_on_disk_before_it_is_shown() {
    let (_, mut phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    assert_eq!(phone.reads(ana), ["Ana: Is the blue one back in stock?", "Me [waiting]: Since today!"]);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: You: Since today! (1 unread) (1 waiting)"]);
    // The process dies at once: what was shown is still shown.
    phone.crash();
    assert_eq!(times_shown(&phone, ana, message), 1);
    assert_eq!(phone.app().status().waiting, 1);
}

#[test]
fn a_reply_stands_there_once_at_every_step_until_the_customer_has_it() {
    let (mut juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    let answer = juniper.takes(&push);
    // The row comes before the answer to the push, and before its result.
    let ben = juniper.begins("Ben");
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let mut part = juniper.pull(&asked);
    part.also.clear();
    part.scopes
        .iter_mut()
        .filter(|part| part.rows.iter().any(|row| row.entity.as_str() == "result"))
        .for_each(|part| {
            part.rows.clear();
            part.cursor = part.from;
            part.more = true;
        });
    phone.answer(&pull, Answer::Pull(part));
    assert_eq!(times_shown(&phone, ana, message), 1);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
    assert_eq!(phone.app().outbox().unwrap().len(), 1, "only a result settles");

    phone.answer(&request, Answer::Push(answer));
    assert_eq!(times_shown(&phone, ana, message), 1);
    phone.settle(&mut juniper);
    assert_eq!(times_shown(&phone, ana, message), 1);
    assert_eq!(phone.app().outbox().unwrap(), []);
    juniper.delivered(message, Delivery::Sent);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana), ["Ana: Is the blue one back in stock?", "Me [sent]: Since today!"]);
    assert!(phone.app().conversation(ben).is_ok());
}

#[test]
fn what_a_result_settles_is_there_in_the_same_answer_beyond_any_limit() {
    let (mut juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    let answer = juniper.takes(&push);
    phone.answer(&request, Answer::Push(answer));
    let (pull, asked) = phone.take_pull();
    // The inbox is so full that this answer brings none of its rows, only what the result names.
    let mut page = juniper.pull(&asked);
    for part in page.scopes.iter_mut().filter(|part| part.scope == juniper.inbox_scope()) {
        part.rows.clear();
        part.cursor = part.from;
        part.more = true;
    }
    phone.answer(&pull, Answer::Pull(page));
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(times_shown(&phone, ana, message), 1);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
}

#[test]
fn the_epoch_is_stored_before_a_reply_leaves_and_it_is_resent_byte_for_byte() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (_, first) = phone.take_push();
    let left: Option<Vec<u8>> =
        phone.database().query_row("SELECT left_epoch FROM outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(left.as_deref(), Some(juniper.epoch.as_bytes().as_slice()));
    // It arrived, but the process died before the answer came.
    juniper.takes(&first);
    phone.crash();
    let (again, second) = phone.take_push();
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&second).unwrap(),
        "the same bytes under the same id"
    );
    let answer = answer_from(&mut juniper, &again.call);
    phone.answer(&again, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana).len(), 2);
    assert_eq!(juniper.messages(ana).len(), 2, "taken in once");
}

#[test]
fn replies_leave_and_stand_in_the_order_in_which_they_were_written() {
    let (mut juniper, phone, ana) = ana_asks();
    // The phone's clock jumps back: it orders nothing.
    for (text, jump_ms) in [("One", 0), ("Two", -3_600_000), ("Three", 60_000)] {
        phone.env.advance_ms(jump_ms);
        phone.app().send(ana, text).unwrap();
    }
    let waiting = ["Me [waiting]: One", "Me [waiting]: Two", "Me [waiting]: Three"];
    assert_eq!(phone.reads(ana)[1..], waiting);
    assert_eq!(phone.list(InboxFilter::All)[0], "Ana: You: Three (1 unread) (3 waiting)");
    phone.settle(&mut juniper);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: One", "Me [sending]: Two", "Me [sending]: Three"]);
}

#[test]
fn a_wrong_clock_puts_no_conversation_in_the_wrong_place() {
    const YEAR_MS: i64 = 365 * 86_400_000;
    for wrong_by_ms in [-YEAR_MS, YEAR_MS] {
        let (mut juniper, phone, ana) = ana_asks();
        let ben = juniper.begins("Ben");
        juniper.writes(ben, "Do you ship to Norway?");
        phone.poke();
        phone.settle(&mut juniper);
        phone.env.advance_ms(wrong_by_ms);
        phone.app().send(ana, "Since today!").unwrap();
        let names =
            || phone.list(InboxFilter::All).iter().map(|line| line[..3].to_owned()).collect::<Vec<_>>();
        assert_eq!(names(), ["Ana", "Ben"], "the reply is newer than all that is known");
        juniper.writes(ben, "Hello?");
        phone.poke();
        let (pull, asked) = phone.take_pull();
        phone.answer(&pull, Answer::Pull(juniper.pull(&asked)));
        assert_eq!(names(), ["Ben", "Ana"], "Ben's message came after it");
    }
}

#[test]
fn what_was_refused_is_kept_with_its_text_and_why() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::TextTooLong { limit_chars: 5 });
    let accepted = PushAnswer { epoch: juniper.epoch, blocked: vec![], faults: vec![], failed: None };
    phone.answer(&request, Answer::Push(accepted));
    phone.settle(&mut juniper);
    phone.crash();
    assert_eq!(phone.reads(ana)[1], "Me [text_too_long]: Since today!");
    assert_eq!(times_shown(&phone, ana, message), 1);
    // Its effect is reverted: the last line is Ana's again.
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock? (1 unread) (1 not sent)"]);
    let outbox = phone.app().outbox().unwrap();
    assert_eq!(outbox[0].text.as_deref(), Some("Since today!"));
    insta::assert_debug_snapshot!(outbox[0].state, @r#"
    NotSent {
        code: "text_too_long",
        reason: "The text is longer than 5 characters. Shorten it, then send again.",
    }
    "#);
    phone.app().delete_unsent(outbox[0].id).unwrap();
    assert_eq!(phone.reads(ana).len(), 1);
    assert_eq!(
        phone.app().delete_unsent(outbox[0].id),
        Err(Error::NotFound { id: outbox[0].id.to_string() })
    );
}

#[test]
fn a_refused_reply_whose_message_is_there_stands_there_once() {
    let (mut juniper, phone, ana) = ana_asks();
    let message = phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    juniper.takes(&push);
    juniper.refuses(push.device, push.mutations[0].mid, Refusal::AlreadySent);
    let accepted = PushAnswer { epoch: juniper.epoch, blocked: vec![], faults: vec![], failed: None };
    phone.answer(&request, Answer::Push(accepted));
    phone.settle(&mut juniper);
    assert_eq!(times_shown(&phone, ana, message), 1);
    assert_eq!(phone.reads(ana)[1], "Me [sending]: Since today!");
}

#[test]
fn a_reply_that_the_server_has_is_not_the_last_line_when_ana_wrote_since() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (_, push) = phone.take_push(); // it arrives, its answer hangs
    juniper.takes(&push);
    juniper.writes(ana, "And the red one?");
    phone.poke();
    let (pull, asked) = phone.take_pull();
    let mut page = juniper.pull(&asked);
    page.scopes.retain(|part| part.scope == juniper.inbox_scope()); // the result is on the next page
    page.also.clear();
    phone.answer(&pull, Answer::Pull(page));
    assert_eq!(phone.app().outbox().unwrap().len(), 1);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: And the red one? (2 unread) (1 waiting)"]);
    assert_eq!(phone.reads(ana)[1..], ["Me [sending]: Since today!", "Ana: And the red one?"]);
}

#[test]
fn a_fault_of_the_program_is_set_aside_and_not_called_not_sent() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (request, push) = phone.take_push();
    let fault = Fault { mid: push.mutations[0].mid, kind: FaultKind::ArgsDiffer };
    let answer = PushAnswer { epoch: juniper.epoch, blocked: vec![], faults: vec![fault], failed: None };
    phone.answer(&request, Answer::Push(answer));
    phone.settle(&mut juniper);
    assert!(!phone.wants("push"), "it is not sent again");
    assert_eq!(phone.reads(ana)[1], "Me [unknown]: Since today!");
    assert_eq!(phone.app().outbox().unwrap()[0].state, OutboxState::SetAside);
    assert_eq!((phone.app().status().waiting, phone.app().status().not_sent), (0, 0));
    // It holds nothing else back.
    phone.app().send(ana, "And the red one too").unwrap();
    let (_, push) = phone.take_push();
    assert_eq!(push.mutations.len(), 1);
}

#[test]
fn a_result_that_comes_twice_settles_once() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (_, push) = phone.take_push();
    juniper.takes(&push);
    juniper.takes(&push); // the same again: the first result, logged anew
    phone.poke();
    phone.settle(&mut juniper);
    let journal: i64 =
        phone.database().query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap();
    assert_eq!(journal, 1);
    assert_eq!(phone.reads(ana).len(), 2);
}

#[test]
fn assign_and_unassign_made_offline_name_each_other() {
    let (mut juniper, phone, ana) = ana_asks();
    let first = phone.app().assign(ana, juniper.theo).unwrap();
    let (request, _) = phone.take_push();
    phone.fail(&request, RequestError::Unreachable);
    assert_eq!(phone.list(InboxFilter::Mine).len(), 1);
    phone.app().unassign(ana).unwrap();
    assert_eq!(phone.list(InboxFilter::Unassigned).len(), 1);
    phone.fire(shopbell_core::sync::Lane::Push);
    let (request, push) = phone.take_push();
    assert_eq!(push.mutations[1].base, Some(Base::Mutation(first)));
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert_eq!(phone.list(InboxFilter::Unassigned).len(), 1);
}

#[test]
fn a_close_carries_the_newest_message_that_was_on_the_screen() {
    let (mut juniper, phone, ana) = ana_asks();
    let seen = juniper.head(ana).last_inbound;
    phone.app().close(ana).unwrap();
    assert_eq!(phone.app().conversation(ana).unwrap().head.status, Status::Closed);
    let (request, push) = phone.take_push();
    let Ok(Operation::Close(close)) = push.mutations[0].operation() else { panic!("{push:?}") };
    assert_eq!(close.seen, seen);
    // Ana writes before it arrives.
    juniper.writes(ana, "And the red one?");
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    let head = phone.app().conversation(ana).unwrap().head;
    assert_eq!((head.status, head.unread), (Status::Open, 2));
    let OutboxState::NotSent { reason, .. } = &phone.app().outbox().unwrap()[0].state else { panic!() };
    assert_eq!(reason, "Ana wrote since. Read it, then close again.");
}

#[test]
fn what_was_read_is_read_at_once_and_nothing_unread_sends_nothing() {
    let (mut juniper, phone, ana) = ana_asks();
    juniper.writes(ana, "Hello?");
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().conversation(ana).unwrap().head.unread, 2);
    assert!(phone.app().mark_read(ana).unwrap().is_some());
    assert_eq!(phone.app().conversation(ana).unwrap().head.unread, 0);
    assert_eq!(phone.app().mark_read(ana), Ok(None));
    phone.settle(&mut juniper);
    assert_eq!(phone.app().conversation(ana).unwrap().head.unread, 0);
    assert_eq!(phone.app().outbox().unwrap(), []);
    juniper.writes(ana, "?");
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().conversation(ana).unwrap().head.unread, 1);
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is_stored() {
    let (juniper, phone, ana) = ana_asks();
    let app = phone.app();
    assert_eq!(app.send(ana, " \n\u{200b}"), Err(Error::TextEmpty));
    assert_eq!(app.send(ana, &"x".repeat(100_000)), Err(Error::TextTooLong { limit: 5_000 }));
    let nowhere = shopbell_core::ConversationId(juniper.shop.0);
    let not_found = Error::NotFound { id: nowhere.to_string() };
    assert_eq!(app.send(nowhere, "Hello"), Err(not_found.clone()));
    assert_eq!(app.close(nowhere), Err(not_found.clone()));
    assert_eq!(app.conversation(nowhere).err(), Some(not_found.clone()));
    let nobody = shopbell_core::StaffId(juniper.shop.0);
    assert_eq!(app.assign(ana, nobody), Err(not_found));
    assert_eq!(app.outbox().unwrap(), []);
    let stranger = Phone::new(9);
    assert_eq!(stranger.app().send(ana, "Hello"), Err(Error::NotSignedIn));
}

#[test]
fn characters_of_all_kinds_arrive_as_they_were_written() {
    let (mut juniper, phone, ana) = ana_asks();
    let text = "\u{202e}abc\u{0}\r\n👩🏽‍🚀 \u{301}ñ \"'\\";
    phone.app().send(ana, text).unwrap();
    let (request, push) = phone.take_push();
    let Ok(Operation::SendMessage(send)) = push.mutations[0].operation() else { panic!("{push:?}") };
    assert_eq!(send.text, text);
    let answer = answer_from(&mut juniper, &request.call);
    phone.answer(&request, answer);
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap(), []);
}

#[test]
fn the_settled_are_remembered_and_the_oldest_forgotten() {
    let (mut juniper, mut phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    phone.settle(&mut juniper);
    let count = |phone: &Phone| -> i64 {
        phone.database().query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap()
    };
    for (days, left) in [(29, 1), (2, 0)] {
        phone.env.advance_ms(days * 86_400_000);
        juniper.env.advance_ms(days * 86_400_000);
        juniper.writes(ana, "Hello again");
        phone.poke();
        phone.settle(&mut juniper);
        phone.crash();
        phone.settle(&mut juniper);
        assert_eq!(count(&phone), left);
    }
}

#[test]
fn an_unknown_result_changes_nothing() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().send(ana, "Since today!").unwrap();
    let (_, push) = phone.take_push();
    let stranger = MutationId::new(&juniper.env);
    juniper.refuses(push.device, stranger, Refusal::Internal);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().outbox().unwrap().len(), 1);
    assert_eq!(phone.reads(ana)[1], "Me [waiting]: Since today!");
}
