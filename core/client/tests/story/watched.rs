//! Theo's phone with a screen for each window, while anything happens in the shop, on the phone and in between.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use shopbell_core::domain::env::Env;
use shopbell_core::domain::message::Delivery;
use shopbell_core::domain::mutation::Operation;
use shopbell_core::domain::mutation::add_note::AddNote;
use shopbell_core::domain::mutation::add_tag::AddTag;
use shopbell_core::domain::mutation::remove_tag::RemoveTag;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::secret::SecretKind;
use shopbell_core::domain::sync::Scope;
use shopbell_core::sync::{Event, Lane, RequestError};
use shopbell_core::{
    BulkAction, ChannelId, ConversationId, InboxCounts, InboxFilter, InboxQuery, InboxRow, InboxSort,
    MessageRow, MutationId, NoteId, StaffId, Status, Subscription, Tag,
};

use super::phone::answer_from;
use super::screen::Screen;
use super::{Juniper, Phone};

/// One thing that may happen.
#[derive(Clone, Debug)]
pub enum Happening {
    Writes(usize),
    ColleagueAnswers(usize),
    ColleagueStars(usize),
    ColleagueTags(usize, bool),
    ColleagueShares(usize),
    Begins,
    Sends(usize),
    Closes(usize),
    Reopens(usize),
    Reads(usize),
    MarksUnread(usize),
    Assigns(usize, bool),
    Unassigns(usize),
    Stars(usize),
    Unstars(usize),
    Tags(usize, bool),
    Untags(usize, bool),
    Notes(usize),
    Drafts(usize, bool),
    Bulk(usize),
    Undoes,
    Delivered,
    Pull,
    Push,
    PushRefused,
    PushLost,
    DraftArrives,
    Discards,
    LosesInbox,
    MaySeeDiscounts(bool),
    Reloads,
    Crash,
}

/// What may happen, in any order.
pub fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let which = || 0usize..6;
    let both = || (which(), any::<bool>());
    let one = prop_oneof![
        3 => which().prop_map(Happening::Writes),
        2 => which().prop_map(Happening::ColleagueAnswers),
        1 => which().prop_map(Happening::ColleagueStars),
        2 => both().prop_map(|(which, vip)| Happening::ColleagueTags(which, vip)),
        2 => which().prop_map(Happening::ColleagueShares),
        1 => Just(Happening::Begins),
        3 => which().prop_map(Happening::Sends),
        2 => which().prop_map(Happening::Closes),
        1 => which().prop_map(Happening::Reopens),
        2 => which().prop_map(Happening::Reads),
        1 => which().prop_map(Happening::MarksUnread),
        2 => both().prop_map(|(which, mina)| Happening::Assigns(which, mina)),
        1 => which().prop_map(Happening::Unassigns),
        2 => which().prop_map(Happening::Stars),
        1 => which().prop_map(Happening::Unstars),
        2 => both().prop_map(|(which, vip)| Happening::Tags(which, vip)),
        1 => both().prop_map(|(which, vip)| Happening::Untags(which, vip)),
        1 => which().prop_map(Happening::Notes),
        2 => both().prop_map(|(which, more)| Happening::Drafts(which, more)),
        1 => which().prop_map(Happening::Bulk),
        2 => Just(Happening::Undoes),
        1 => Just(Happening::Delivered),
        6 => Just(Happening::Pull),
        3 => Just(Happening::Push),
        1 => Just(Happening::PushRefused),
        1 => Just(Happening::PushLost),
        2 => Just(Happening::DraftArrives),
        1 => Just(Happening::Discards),
        1 => Just(Happening::LosesInbox),
        2 => any::<bool>().prop_map(Happening::MaySeeDiscounts),
        1 => Just(Happening::Reloads),
        1 => Just(Happening::Crash),
    ];
    proptest::collection::vec(one, 1..30)
}

/// The phone with a screen for each window, one for a conversation and one for the numbers.
pub struct Watched {
    pub juniper: Juniper,
    pub phone: Phone,
    pub second: ChannelId,
    conversations: Vec<ConversationId>,
    windows: Vec<(InboxQuery, Arc<Screen<InboxRow>>, Subscription)>,
    opened: Option<(Arc<Screen<MessageRow>>, Subscription)>,
    counts: Option<(Arc<Screen<InboxCounts>>, Subscription)>,
    last_change: Option<MutationId>,
}

impl Watched {
    /// Three customers on two channels; Theo watches these windows.
    pub fn new(windows: impl Fn(&Juniper, ChannelId) -> Vec<InboxQuery>) -> Watched {
        let mut juniper = Juniper::new(1);
        let second = juniper.opens_channel(SECOND);
        let conversations: Vec<ConversationId> = [juniper.channel, second, juniper.channel]
            .into_iter()
            .zip(["Ana", "Ben", "Cleo"])
            .map(|(channel, name)| {
                let conversation = juniper.begins_on(channel, name);
                juniper.writes(conversation, "Hello");
                conversation
            })
            .collect();
        let phone = Phone::loaded(&mut juniper, 2);
        let queries = windows(&juniper, second);
        let mut watched = Watched {
            juniper,
            phone,
            second,
            conversations,
            windows: Vec::new(),
            opened: None,
            counts: None,
            last_change: None,
        };
        watched.watch(queries);
        watched
    }

    fn watch(&mut self, queries: Vec<InboxQuery>) {
        let app = self.phone.app();
        for query in queries {
            let screen = Screen::new();
            let subscription = app.subscribe_inbox(query.clone(), screen.clone()).unwrap();
            self.windows.push((query, screen, subscription));
        }
        let screen = Screen::new();
        let subscription = app.subscribe_conversation(self.conversations[0], screen.clone());
        self.opened = subscription.ok().map(|subscription| (screen, subscription));
        let screen = Screen::new();
        let subscription = app.subscribe_counts(screen.clone()).unwrap();
        self.counts = Some((screen, subscription));
    }

    /// Nobody watches any more.
    pub fn look_away(&mut self) {
        self.windows.clear();
        self.opened = None;
        self.counts = None;
    }

    /// It happens.
    pub fn happens(&mut self, happening: &Happening) {
        if let Happening::Crash = happening {
            let queries = self.windows.iter().map(|(query, _, _)| query.clone()).collect();
            self.look_away();
            self.phone.crash();
            self.watch(queries);
            return;
        }
        // What is not held cannot be changed; that is an answer, not a failure.
        if let Ok(Some(change)) = self.on_the_phone(happening) {
            self.last_change = Some(change);
        }
        self.in_the_shop(happening);
        self.in_between(happening);
    }

    fn on_the_phone(&mut self, happening: &Happening) -> Result<Option<MutationId>, shopbell_core::Error> {
        let which = |index: usize| self.conversations[index % self.conversations.len()];
        let app = self.phone.app();
        match *happening {
            Happening::Sends(index) => app.send(which(index), "Hello!").map(|_| None),
            Happening::Closes(index) => app.close(which(index)).map(Some),
            Happening::Reopens(index) => app.reopen(which(index)).map(Some),
            Happening::Reads(index) => app.mark_read(which(index)),
            Happening::MarksUnread(index) => app.mark_unread(which(index)),
            Happening::Assigns(index, mina) => {
                let assignee = if mina { self.juniper.mina } else { self.juniper.theo };
                app.assign(which(index), assignee).map(Some)
            }
            Happening::Unassigns(index) => app.unassign(which(index)).map(Some),
            Happening::Stars(index) => app.star(which(index)),
            Happening::Unstars(index) => app.unstar(which(index)),
            Happening::Tags(index, vip) => app.add_tag(which(index), tag(vip)),
            Happening::Untags(index, vip) => app.remove_tag(which(index), tag(vip)),
            Happening::Notes(index) => app.add_note(which(index), "Prefers blue.").map(|_| None),
            Happening::Drafts(index, more) => {
                app.set_draft(which(index), if more { "Since today" } else { "" }).map(|()| None)
            }
            Happening::Bulk(index) => {
                let action = match index {
                    0 => BulkAction::Close,
                    1 => BulkAction::Reopen,
                    2 => BulkAction::Star,
                    3 => BulkAction::MarkRead,
                    4 => BulkAction::AddTag(tag(true).to_owned()),
                    _ => BulkAction::Assign(self.juniper.theo),
                };
                app.bulk(&self.conversations, &action).map(|done| done.first().copied())
            }
            Happening::Undoes => match self.last_change {
                Some(change) => app.undo(&[change]).map(|done| done.first().copied()),
                None => Ok(None),
            },
            Happening::Discards => {
                let first = app.outbox().unwrap().first().map(|row| row.id);
                first.map_or(Ok(None), |id| app.delete_unsent(id).map(|()| None))
            }
            _ => Ok(None),
        }
    }

    fn in_the_shop(&mut self, happening: &Happening) {
        let which = |index: usize| self.conversations[index % self.conversations.len()];
        match *happening {
            Happening::Writes(index) => {
                self.juniper.writes(which(index), "One more thing");
            }
            Happening::ColleagueAnswers(index) => {
                self.juniper.answers(self.juniper.mina, which(index), "Let me see");
            }
            Happening::ColleagueStars(index) => {
                let mut head = self.juniper.head(which(index));
                head.starred = !head.starred;
                self.juniper.put_head(which(index), head);
            }
            Happening::ColleagueTags(index, vip) => {
                let customer = self.juniper.head(which(index)).customer;
                let tag = tag(vip).to_uppercase();
                let operation = match vip {
                    true => Operation::AddTag(AddTag { customer, tag }),
                    false => Operation::RemoveTag(RemoveTag { customer, tag }),
                };
                self.juniper.changes_customer(self.juniper.mina, &operation, None).unwrap();
                let note = NoteId::new(&self.juniper.env);
                let text = "Lives in Lyon.".to_owned();
                let operation = Operation::AddNote(AddNote { customer, note, text });
                self.juniper.changes_customer(self.juniper.mina, &operation, None).unwrap();
            }
            Happening::ColleagueShares(index) => {
                let mina = self.juniper.mina;
                self.juniper.shares(mina, which(index), SecretKind::Discount, "WINTER20", "Until Sunday");
            }
            Happening::MaySeeDiscounts(may) => {
                let scope = SecretKind::Discount.scope(self.juniper.inbox);
                if may {
                    self.juniper.granted.entry(scope).or_insert(self.juniper.seq);
                } else {
                    self.juniper.granted.remove(&scope);
                }
            }
            Happening::Reloads => {
                self.juniper.reload = vec![self.juniper.inbox_scope(), Scope::User(self.juniper.theo)];
            }
            Happening::Begins => {
                let conversation = self.juniper.begins_on(self.second, "Dora");
                self.juniper.writes(conversation, "Hello there");
                self.conversations.push(conversation);
            }
            Happening::Delivered => {
                let messages = self.juniper.messages(self.conversations[0]);
                let own =
                    messages.iter().rev().find(|row| row.body.as_ref().unwrap().get().contains("queued"));
                if let Some(row) = own {
                    self.juniper.delivered(shopbell_core::MessageId(row.id), Delivery::Sent);
                }
            }
            Happening::LosesInbox => {
                let scope = self.juniper.inbox_scope();
                let grant = self.juniper.granted[&scope];
                self.juniper.granted.insert(scope, grant + 1);
            }
            _ => {}
        }
    }

    fn in_between(&mut self, happening: &Happening) {
        match happening {
            Happening::Pull => {
                self.phone.app().take(Event::TimerFired(Lane::Pull));
                self.answer("pull");
            }
            Happening::Push => self.answer("push"),
            Happening::PushRefused if self.phone.wants("push") => {
                let (request, push) = self.phone.take_push();
                for mutation in &push.mutations {
                    self.juniper.refuses(push.device, mutation.mid, Refusal::Internal);
                }
                let answer = answer_from(&mut self.juniper, &request.call);
                self.phone.answer(&request, answer);
            }
            Happening::PushLost if self.phone.wants("push") => {
                let (request, push) = self.phone.take_push();
                self.juniper.takes(&push);
                self.phone.fail(&request, RequestError::Unreachable);
                self.phone.fire(Lane::Push);
            }
            Happening::DraftArrives => {
                self.phone.env.advance_ms(5_000);
                if self.phone.timer_ms(Lane::Draft).is_some_and(|left| left <= 0) {
                    self.phone.fire(Lane::Draft);
                }
                self.answer("draft");
            }
            _ => {}
        }
    }

    fn answer(&mut self, kind: &str) {
        if self.phone.wants(kind) {
            let request = self.phone.take(kind);
            let answer = answer_from(&mut self.juniper, &request.call);
            self.phone.answer(&request, answer);
        }
        for kind in ["snapshot", "history"] {
            while self.phone.wants(kind) {
                let request = self.phone.take(kind);
                let answer = answer_from(&mut self.juniper, &request.call);
                self.phone.answer(&request, answer);
            }
        }
    }

    /// The steps applied = the list asked again = what a person would pick from all rows by hand, and so the numbers.
    pub fn check(&self) -> Result<(), String> {
        let app = self.phone.app();
        let by_hand = self.by_hand();
        for (query, screen, _) in &self.windows {
            let asked = app.inbox(query).unwrap();
            let picked = by_hand.pick(query);
            if asked != picked {
                return Err(format!("{query:?} lists {asked:?}\ninstead of {picked:?}"));
            }
            screen.comes_to(&asked)?;
        }
        if let Some((screen, _)) = &self.opened {
            let rows = app.conversation(self.conversations[0]).map(|view| view.rows);
            // What is not held any more has no messages of the server; own replies stay where they are listed.
            if let Ok(rows) = rows {
                screen.comes_to(&rows)?;
            }
        }
        let counts = app.counts().unwrap();
        self.check_counts(&counts, &by_hand)?;
        match &self.counts {
            Some((screen, _)) => screen.comes_to(&[counts]),
            None => Ok(()),
        }
    }

    fn check_counts(&self, counts: &InboxCounts, by_hand: &ByHand) -> Result<(), String> {
        let listed = |filter, channel| {
            let query = InboxQuery { channel, limit: usize::MAX, ..InboxQuery::of(filter) };
            by_hand.pick(&query)
        };
        let number = |rows: usize| u64::try_from(rows).unwrap();
        let count = |filter| number(listed(filter, None).len());
        let unread = |rows: Vec<InboxRow>| number(rows.iter().filter(|row| row.is_unread()).count());
        let mut expected = InboxCounts {
            all: count(InboxFilter::All),
            unread: unread(listed(InboxFilter::All, None)),
            mine: count(InboxFilter::Mine),
            unassigned: count(InboxFilter::Unassigned),
            starred: count(InboxFilter::Starred),
            closed: count(InboxFilter::Closed),
            not_sent: count(InboxFilter::NotSent),
            channels: counts.channels.clone(),
        };
        for channel in &mut expected.channels {
            let open = listed(InboxFilter::All, Some(channel.channel));
            channel.open = number(open.len());
            channel.unread = unread(open);
        }
        let tabs: Vec<ChannelId> = self.phone.app().channels().unwrap().iter().map(|row| row.id).collect();
        let counted: Vec<ChannelId> = counts.channels.iter().map(|channel| channel.channel).collect();
        if *counts == expected && counted == tabs {
            return Ok(());
        }
        Err(format!("counts {counts:?}\ninstead of {expected:?}"))
    }

    /// Every conversation that is held.
    fn by_hand(&self) -> ByHand {
        let heads = self.conversations.iter().map(|id| self.phone.app().conversation(*id));
        let names = self.phone.app().channels().unwrap().into_iter().map(|row| (row.id, row.name)).collect();
        let all = heads.filter_map(|view| view.ok().map(|view| view.head)).collect();
        ByHand { all, me: self.juniper.theo, names }
    }
}

const SECOND: &str = "The other web chat";

fn tag(vip: bool) -> &'static str {
    if vip { "VIP" } else { "wholesale" }
}

/// Every filter in every order, and each way to narrow one.
pub fn every_window(juniper: &Juniper, second: ChannelId) -> Vec<InboxQuery> {
    let mut windows = Vec::new();
    for filter in InboxFilter::ALL {
        windows.extend(InboxSort::ALL.map(|sort| InboxQuery { sort, ..InboxQuery::of(filter) }));
        let tag = Some(Tag::new("vip").unwrap());
        windows.push(InboxQuery { tag: tag.clone(), ..InboxQuery::of(filter) });
        windows.push(InboxQuery {
            tag,
            channel: Some(second),
            sort: InboxSort::Oldest,
            ..InboxQuery::of(filter)
        });
        windows.push(InboxQuery { channel: Some(juniper.channel), limit: 1, ..InboxQuery::of(filter) });
        windows.push(InboxQuery {
            agent: Some(juniper.theo),
            sort: InboxSort::UnreadFirst,
            ..InboxQuery::of(filter)
        });
    }
    let now = juniper.env.now();
    windows.push(InboxQuery { from: Some(now), limit: 2, ..InboxQuery::of(InboxFilter::All) });
    windows.push(InboxQuery { to: Some(now), ..InboxQuery::of(InboxFilter::Closed) });
    windows
}

/// What a person would pick by hand.
struct ByHand {
    all: Vec<InboxRow>,
    me: StaffId,
    names: BTreeMap<ChannelId, String>,
}

impl ByHand {
    fn pick(&self, query: &InboxQuery) -> Vec<InboxRow> {
        let assignee = |row: &InboxRow| row.assignee.as_ref().map(|assignee| assignee.id);
        let mut rows: Vec<InboxRow> = self
            .all
            .iter()
            .filter(|row| match query.filter {
                InboxFilter::All => row.status == Status::Open,
                InboxFilter::Mine => row.status == Status::Open && assignee(row) == Some(self.me),
                InboxFilter::Unassigned => row.status == Status::Open && assignee(row).is_none(),
                InboxFilter::Starred => row.starred,
                InboxFilter::Closed => row.status == Status::Closed,
                InboxFilter::NotSent => row.not_sent > 0,
            })
            .filter(|row| query.channel.is_none_or(|channel| row.channel == self.names[&channel]))
            .filter(|row| query.tag.as_ref().is_none_or(|tag| row.tags.contains(tag)))
            .filter(|row| query.agent.is_none_or(|agent| assignee(row) == Some(agent)))
            .filter(|row| {
                query.from.is_none_or(|from| row.at >= from) && query.to.is_none_or(|to| row.at < to)
            })
            .cloned()
            .collect();
        rows.sort_by(|one, other| other.at.cmp(&one.at).then(one.id.cmp(&other.id)));
        match query.sort {
            InboxSort::UnreadFirst => rows.sort_by_key(|row| !row.is_unread()),
            InboxSort::Newest => {}
            InboxSort::Oldest => rows.reverse(),
        }
        rows.truncate(query.limit);
        rows
    }
}
