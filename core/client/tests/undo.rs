//! Taking changes back, and changing several conversations at once: all of it or nothing, and nothing of a colleague's.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use proptest::prelude::*;
use shopbell_core::domain::conversation::{Field, Status, Ver};
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::mutation::edit_note::EditNote;
use shopbell_core::sync::Event;
use shopbell_core::{
    App, BULK_LIMIT, BulkAction, ConversationId, CustomerView, Error, InboxFilter, InboxQuery, InboxRow,
    MutationId, NoteId,
};
use story::phone::answer_from;
use story::{Juniper, Phone, ana_asks};

fn row(app: &App, conversation: ConversationId) -> InboxRow {
    app.conversation(conversation).unwrap().head
}

/// What changes and undo may change, without when and by whom.
fn state(app: &App, conversation: ConversationId) -> (InboxRow, Vec<String>) {
    let CustomerView { notes, .. } = app.customer(conversation).unwrap();
    let mut texts: Vec<String> = notes.into_iter().map(|note| note.text).collect();
    texts.sort();
    (row(app, conversation), texts)
}

/// The server takes in what was handed to the network, and the phone hears of it.
fn settle_taken(juniper: &mut Juniper, phone: &Phone, push: &shopbell_core::sync::Request) {
    let answer = answer_from(juniper, &push.call);
    phone.answer(push, answer);
    phone.settle(juniper);
}

#[test]
fn what_never_left_is_dropped() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    let before = state(phone.app(), ana);
    let close = phone.app().close(ana).unwrap();
    let star = phone.app().star(ana).unwrap().unwrap();
    assert_eq!(phone.app().undo(&[close, star]).unwrap(), []);
    assert_eq!(state(phone.app(), ana), before);
    assert_eq!(phone.app().outbox().unwrap(), []);
    phone.app().start();
    assert!(!phone.wants("push"), "nothing of it is sent");
    phone.settle(&mut juniper);
    assert_eq!(state(phone.app(), ana), before);
    assert_eq!(phone.app().undo(&[close]), Err(Error::NotFound { id: close.to_string() }), "it is forgotten");
}

#[test]
fn what_is_on_its_way_is_taken_back_by_another_change() {
    let (mut juniper, phone, ana) = ana_asks();
    let close = phone.app().close(ana).unwrap();
    let (push, _) = phone.take_push();
    let undo = phone.app().undo(&[close]).unwrap();
    assert_eq!(undo.len(), 1);
    assert_eq!(row(phone.app(), ana).status, Status::Open);
    settle_taken(&mut juniper, &phone, &push);
    assert_eq!(juniper.head(ana).status.value, Status::Open);
    assert_eq!(phone.app().outbox().unwrap(), []);
    // And back again: an undo is a change like any other.
    assert_eq!(phone.app().undo(&undo).unwrap().len(), 1);
    phone.settle(&mut juniper);
    assert_eq!(juniper.head(ana).status.value, Status::Closed);
}

#[test]
fn what_is_settled_is_taken_back_also_after_a_crash() {
    let (mut juniper, mut phone, ana) = ana_asks();
    let assign = phone.app().assign(ana, juniper.mina).unwrap();
    let tag = phone.app().add_tag(ana, "VIP").unwrap().unwrap();
    phone.settle(&mut juniper);
    phone.crash();
    assert_eq!(phone.app().undo(&[assign, tag]).unwrap().len(), 2);
    phone.settle(&mut juniper);
    assert_eq!(juniper.head(ana).assignee.value, None);
    assert_eq!(phone.list(InboxFilter::All), ["Ana: Is the blue one back in stock? (1 unread)"]);
}

#[test]
fn what_a_colleague_changed_since_is_left_alone() {
    let (mut juniper, phone, ana) = ana_asks();
    let assign = phone.app().join(ana).unwrap();
    phone.settle(&mut juniper);
    let mut head = juniper.head(ana);
    head.assignee =
        Field { value: Some(juniper.mina), ver: Ver::PENDING, by: Some(juniper.mina), mutation: None };
    juniper.put_head(ana, head);
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().undo(&[assign]).unwrap(), [], "Mina took it meanwhile");
    assert_eq!(phone.app().outbox().unwrap(), []);

    let note = phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    let edit = phone.app().edit_note(ana, note, "Prefers red.").unwrap().unwrap();
    phone.settle(&mut juniper);
    let customer = juniper.head(ana).customer;
    let base = juniper.notes(customer)[&note].text.base();
    let theirs = EditNote { customer, note, text: "Prefers green.".to_owned() };
    juniper.changes_customer(juniper.mina, &Operation::EditNote(theirs), Some(base)).unwrap();
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().undo(&[edit]).unwrap(), [], "and edited that");
    assert_eq!(state(phone.app(), ana).1, ["Prefers green."]);
}

#[test]
fn only_the_newest_change_of_a_field_is_dropped() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    let mina = phone.app().assign(ana, juniper.mina).unwrap();
    let theo = phone.app().assign(ana, juniper.theo).unwrap();
    assert_eq!(phone.app().undo(&[mina]).unwrap(), [], "it is another one's by now");
    assert_eq!(row(phone.app(), ana).assignee.unwrap().id, juniper.theo);
    assert_eq!(phone.app().undo(&[theo]).unwrap(), []);
    assert_eq!(row(phone.app(), ana).assignee.unwrap().id, juniper.mina);
    phone.app().start();
    phone.settle(&mut juniper);
    assert_eq!(juniper.head(ana).assignee.value, Some(juniper.mina));
}

#[test]
fn a_note_is_taken_back_and_a_deleted_one_comes_back_under_another_id() {
    let (mut juniper, phone, ana) = ana_asks();
    let kept = phone.app().add_note(ana, "Prefers blue.").unwrap();
    phone.settle(&mut juniper);
    let delete = phone.app().delete_note(ana, kept).unwrap().unwrap();
    phone.settle(&mut juniper);
    let again = phone.app().undo(&[delete]).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(state(phone.app(), ana).1, ["Prefers blue."]);
    let ids: Vec<NoteId> = phone.app().customer(ana).unwrap().notes.iter().map(|note| note.id).collect();
    assert_ne!(ids, [kept]);
    assert_eq!(phone.app().undo(&[delete]).unwrap(), [], "it is there already");
    phone.app().undo(&again).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(state(phone.app(), ana).1, Vec::<String>::new());
}

#[test]
fn a_reply_that_the_customer_may_have_cannot_be_undone_and_then_nothing_is() {
    let (mut juniper, phone, ana) = ana_asks();
    phone.app().stop();
    let star = phone.app().star(ana).unwrap().unwrap();
    phone.app().send(ana, "Since today!").unwrap();
    let never_left = phone.app().outbox().unwrap()[1].id;
    assert_eq!(phone.app().undo(&[never_left]).unwrap(), []);
    assert_eq!(phone.app().outbox().unwrap().len(), 1, "it is gone");
    phone.app().send(ana, "Since yesterday!").unwrap();
    let reply = phone.app().outbox().unwrap()[1].id;
    phone.app().start();
    phone.settle(&mut juniper);
    juniper.hands_over();
    phone.poke();
    phone.settle(&mut juniper);
    assert_eq!(phone.app().undo(&[reply, star]), Err(Error::CannotUndo));
    assert!(row(phone.app(), ana).starred, "nothing was undone");
    let unknown = MutationId(uuid::Uuid::from_u128(77));
    assert_eq!(phone.app().undo(&[star, unknown]), Err(Error::NotFound { id: unknown.to_string() }));
}

#[test]
fn what_was_refused_needs_no_undoing() {
    let (mut juniper, phone, ana) = ana_asks();
    let close = phone.app().close(ana).unwrap();
    let (push, _) = phone.take_push();
    juniper.writes(ana, "And the red one?");
    settle_taken(&mut juniper, &phone, &push);
    assert_eq!(phone.app().undo(&[close]).unwrap(), []);
    assert_eq!(juniper.head(ana).status.value, Status::Open);
}

fn shop_of_three() -> (Juniper, Phone, Vec<ConversationId>) {
    let mut juniper = Juniper::new(1);
    let conversations = ["Ana", "Ben", "Cleo"]
        .map(|name| {
            let conversation = juniper.begins(name);
            juniper.writes(conversation, "Hello");
            conversation
        })
        .to_vec();
    let phone = Phone::loaded(&mut juniper, 2);
    (juniper, phone, conversations)
}

#[test]
fn several_are_changed_at_once_and_taken_back_at_once() {
    let (mut juniper, phone, all) = shop_of_three();
    let before: Vec<_> = all.iter().map(|id| state(phone.app(), *id)).collect();
    let actions = [
        BulkAction::Close,
        BulkAction::Star,
        BulkAction::MarkRead,
        BulkAction::Assign(juniper.mina),
        BulkAction::AddTag("VIP".to_owned()),
        BulkAction::MarkUnread,
        BulkAction::Unassign,
        BulkAction::Unstar,
        BulkAction::Reopen,
    ];
    for action in &actions {
        let done = phone.app().bulk(&all, action).unwrap();
        assert_eq!(done.len(), 3, "{action:?}");
        assert_eq!(phone.app().bulk(&all, action).unwrap(), [], "{action:?} changes nothing now");
        if matches!(action, BulkAction::Assign(_)) {
            phone.settle(&mut juniper);
        }
    }
    assert_eq!(phone.list(InboxFilter::All)[0], "Cleo: Hello (marked unread) #VIP");
    phone.settle(&mut juniper);
    assert_eq!(phone.list(InboxFilter::All)[0], "Cleo: Hello (marked unread) #VIP");

    let tagged: Vec<_> = all.iter().map(|id| state(phone.app(), *id)).collect();
    assert_ne!(tagged, before);
    let close = phone.app().bulk(&all, &BulkAction::Close).unwrap();
    assert_eq!(phone.list(InboxFilter::All), Vec::<String>::new());
    phone.app().undo(&close).unwrap();
    phone.settle(&mut juniper);
    assert_eq!(all.iter().map(|id| state(phone.app(), *id)).collect::<Vec<_>>(), tagged);
}

#[test]
fn an_unknown_conversation_among_them_changes_nothing() {
    let (_juniper, phone, all) = shop_of_three();
    let unknown = ConversationId(uuid::Uuid::from_u128(77));
    let with_unknown = [all[0], all[1], unknown];
    for action in [BulkAction::Close, BulkAction::AddTag("VIP".to_owned())] {
        assert_eq!(
            phone.app().bulk(&with_unknown, &action),
            Err(Error::NotFound { id: unknown.to_string() })
        );
    }
    let nobody = shopbell_core::StaffId(unknown.0);
    assert_eq!(
        phone.app().bulk(&all, &BulkAction::Assign(nobody)),
        Err(Error::NotFound { id: unknown.to_string() })
    );
    assert_eq!(phone.app().bulk(&all, &BulkAction::AddTag(" ".to_owned())), Err(Error::TextEmpty));
    assert_eq!(phone.app().outbox().unwrap(), []);
    assert!(phone.is_quiet());

    let too_many = vec![all[0]; BULK_LIMIT + 1];
    assert_eq!(
        phone.app().bulk(&too_many, &BulkAction::Star),
        Err(Error::TooManyAtOnce { limit: BULK_LIMIT })
    );
    assert_eq!(phone.app().bulk(&too_many[1..], &BulkAction::Star).unwrap().len(), 1, "once each");
}

#[test]
fn nobody_who_is_not_signed_in_changes_anything() {
    let phone = Phone::new(1);
    let app = phone.app();
    let ana = ConversationId(uuid::Uuid::from_u128(1));
    assert_eq!(app.star(ana), Err(Error::NotSignedIn));
    assert_eq!(app.join(ana), Err(Error::NotSignedIn));
    assert_eq!(app.add_note(ana, "Hello"), Err(Error::NotSignedIn));
    assert_eq!(app.set_draft(ana, "Hello"), Err(Error::NotSignedIn));
    assert_eq!(app.bulk(&[ana], &BulkAction::Star), Err(Error::NotSignedIn));
    assert_eq!(app.undo(&[MutationId(ana.0)]), Err(Error::NotSignedIn));
}

/// A change of the kinds that can be undone, but for the deleting of a note, which comes back as another one.
fn change(app: &App, ana: ConversationId, mina: shopbell_core::StaffId, what: u8) -> Option<MutationId> {
    let note = app.customer(ana).unwrap().notes.first().map(|note| note.id);
    let added = |_: NoteId| app.outbox().unwrap().last().map(|row| row.id);
    match (what, note) {
        (0, _) => app.close(ana).ok(),
        (1, _) => app.reopen(ana).ok(),
        (2, _) => app.assign(ana, mina).ok(),
        (3, _) => app.unassign(ana).ok(),
        (4, _) => app.join(ana).ok(),
        (5, _) => app.star(ana).unwrap(),
        (6, _) => app.unstar(ana).unwrap(),
        (7, _) => app.add_tag(ana, "VIP").unwrap(),
        (8, _) => app.remove_tag(ana, "vip").unwrap(),
        (9, Some(note)) => app.edit_note(ana, note, "Prefers red.").unwrap(),
        (10, Some(note)) => app.edit_note(ana, note, "Prefers green.").unwrap(),
        _ => app.add_note(ana, "Prefers blue.").ok().and_then(added),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// However far each change has come, undoing all of them gives what was there before; here and on the server.
    #[test]
    fn undoing_everything_is_as_if_nothing_was_done(
        changes in proptest::collection::vec((0u8..12, 0u8..4), 1..12),
    ) {
        let (mut juniper, mut phone, ana) = ana_asks();
        phone.app().add_note(ana, "Lives in Lyon.").unwrap();
        phone.settle(&mut juniper);
        let before = state(phone.app(), ana);
        let mut done = Vec::new();
        let mut on_the_way = None;
        for (what, then) in &changes {
            done.extend(change(phone.app(), ana, juniper.mina, *what));
            match then {
                0 if on_the_way.is_none() && phone.wants("push") => on_the_way = Some(phone.take("push")),
                1 => {
                    if let Some(push) = on_the_way.take() {
                        settle_taken(&mut juniper, &phone, &push);
                    }
                    phone.settle(&mut juniper);
                }
                2 if on_the_way.is_none() => phone.crash(),
                _ => {}
            }
        }
        phone.app().undo(&done).unwrap();
        prop_assert_eq!(&state(phone.app(), ana), &before);
        if let Some(push) = on_the_way {
            settle_taken(&mut juniper, &phone, &push);
        }
        phone.app().take(Event::GaveUp);
        phone.app().take(Event::SyncNow);
        phone.settle(&mut juniper);
        prop_assert_eq!(&state(phone.app(), ana), &before);
        prop_assert_eq!(phone.app().outbox().unwrap(), vec![]);
        let fresh = Phone::loaded(&mut juniper, 99);
        prop_assert_eq!(&state(fresh.app(), ana), &before);
        prop_assert_eq!(fresh.app().inbox(&InboxQuery::of(InboxFilter::All)).unwrap().len(), 1);
    }
}
