//! What must hold: at every step, and once everything has come to rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use shopbell_core::{
    App, ConversationId, InboxFilter, InboxQuery, InboxRow, MessageId, MessageKind, MessageRow, MessageState,
    OutboxRow, OutboxState, Status,
};

use super::{Phone, Reply, World};

/// The most conversations that are compared.
const COMPARED_LIMIT: usize = 500;

/// Something that must never happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fails unless it holds.
fn must(holds: bool, why: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken(why())) }
}

impl World {
    /// What must hold at every step.
    ///
    /// # Errors
    /// What does not.
    pub fn check_step(&self) -> Result<(), Broken> {
        self.check_deliveries()?;
        let alive = self.phones.iter().enumerate().filter(|(_, phone)| !phone.is_removed());
        for (number, phone) in alive {
            for reply in self.replies.iter().filter(|reply| reply.phone == number && !reply.gone) {
                let forgotten = self.wiped.contains(&reply.message);
                if forgotten || phone.app().holds(reply.conversation) != Ok(true) {
                    continue;
                }
                let shown = phone.shows(reply.conversation, reply.message).len();
                // Of a closed conversation that was loaded again the messages are behind a hole, until they are asked for.
                if shown == 0 && phone.gap(reply.conversation).is_some() {
                    continue;
                }
                must(shown == 1, || {
                    format!("phone {number} shows its own reply \"{}\" {shown} times", reply.text)
                })?;
                let known = !reply.shared || !phone.holds_secrets() || phone.shows_shared(reply);
                must(known, || format!("phone {number} does not show what \"{}\" shares", reply.text))?;
            }
        }
        Ok(())
    }

    /// What must hold of what customers have.
    fn check_deliveries(&self) -> Result<(), Broken> {
        let written: BTreeMap<MessageId, (usize, &Reply)> =
            self.replies.iter().enumerate().map(|(rank, reply)| (reply.message, (rank, reply))).collect();
        for customer in &self.customers {
            let has = customer.has(&self.server);
            let once: BTreeSet<_> = has.iter().collect();
            must(once.len() == has.len(), || format!("{} has a reply twice", customer.name))?;
            let mut newest = BTreeMap::new();
            for (rank, reply) in has.iter().filter_map(|message| written.get(message)) {
                let before = newest.insert(reply.phone, *rank);
                must(before < Some(*rank), || {
                    format!("\"{}\" came to {} after a later one", reply.text, customer.name)
                })?;
            }
        }
        Ok(())
    }

    /// What must hold once everything has come to rest: everybody agrees, nothing is lost, nothing lies.
    ///
    /// # Errors
    /// What does not.
    pub fn check_rest(&mut self) -> Result<(), Broken> {
        for number in 0..self.phones.len() {
            self.fill_gaps(number);
        }
        self.check_step()?;
        let mut fresh = BTreeMap::new();
        for person in self.phones.iter().map(|phone| phone.person).collect::<BTreeSet<_>>() {
            let number = self.add_phone(person);
            self.sync(number);
            self.fill_gaps(number);
            fresh.extend(self.phones.pop().map(|phone| (person, phone)));
        }
        for number in 0..self.phones.len() {
            let phone = &self.phones[number];
            if phone.is_removed() {
                let left = phone.conversations().len() + phone.app().outbox().map_or(0, |rows| rows.len());
                must(left == 0, || format!("phone {number} was removed and holds data"))?;
                continue;
            }
            let fresh = &fresh[&phone.person];
            self.check_settled(number)?;
            check_scopes(number, phone, fresh)?;
            must_agree(number, phone, fresh)?;
        }
        let witness = fresh.values().find(|phone| !phone.conversations().is_empty());
        for (number, phone) in self.phones.iter().enumerate().filter(|(_, phone)| !phone.is_removed()) {
            for reply in self.replies.iter().filter(|reply| reply.phone == number) {
                self.check_reply(phone, reply)?;
            }
        }
        if let Some(witness) = witness {
            self.check_customers(witness)?;
        }
        for (person, fresh) in &fresh {
            let seen = self.seen.get(person).cloned().unwrap_or_default();
            check_marker(fresh, &seen)?;
        }
        Ok(())
    }

    /// Everything that a person did was accepted, or stands under "Not sent", or waits for what stands there.
    fn check_settled(&self, number: usize) -> Result<(), Broken> {
        let outbox = self.phones[number].app().outbox().unwrap_or_default();
        let (refused, waiting): (Vec<&OutboxRow>, Vec<&OutboxRow>) =
            outbox.iter().partition(|row| matches!(row.state, OutboxState::NotSent { .. }));
        for row in waiting {
            let held_back = refused.iter().any(|refused| refused.conversation == row.conversation);
            must(held_back, || format!("phone {number}: {} never settles: {row:?}", row.name))?;
        }
        for closing in self.closings.iter().filter(|closing| closing.phone == number) {
            let before = self.replies.iter().take(closing.replies);
            let mut before = before.filter(|reply| {
                (reply.phone, reply.conversation) == (number, closing.conversation) && !reply.gone
            });
            let phone = &self.phones[number];
            let unsent = before.any(|reply| is_refused(&phone.shows(reply.conversation, reply.message)));
            let waits = outbox.iter().any(|row| row.id == closing.mutation);
            must(!unsent || waits, || {
                format!("phone {number} closed although a reply before it was refused")
            })?;
        }
        Ok(())
    }

    /// A reply is where its author sees it, and what is said of it is so.
    fn check_reply(&self, phone: &Phone, reply: &Reply) -> Result<(), Broken> {
        let customer = self.customers.iter().find(|customer| customer.conversation() == reply.conversation);
        let delivered = customer.is_some_and(|customer| customer.has(&self.server).contains(&reply.message));
        let shown = phone.shows(reply.conversation, reply.message);
        let listed = phone.app().outbox().unwrap_or_default().iter().any(|row| {
            row.conversation == Some(reply.conversation) && row.text.as_deref() == Some(&reply.text)
        });
        let sees = phone.app().holds(reply.conversation) == Ok(true);
        let text = &reply.text;
        match shown.first().cloned().flatten() {
            Some(MessageState::Sent | MessageState::SentBeforeRestore) => {
                must(delivered, || format!("\"{text}\" is said to be sent and is not"))
            }
            Some(MessageState::NotSent { .. }) => {
                must(!delivered, || format!("\"{text}\" is said not to be sent and was"))
            }
            Some(MessageState::Sending) if customer.is_some_and(|customer| customer.lost) => Ok(()),
            Some(MessageState::Sending | MessageState::Cancelling) => {
                Err(Broken(format!("\"{text}\" is on its way for ever")))
            }
            Some(MessageState::Unknown | MessageState::Waiting) => Ok(()),
            None if reply.gone && shown.is_empty() && !listed => {
                let excused = !sees || self.wiped.contains(&reply.message);
                must(!delivered || excused, || format!("\"{text}\" was taken back and was delivered"))
            }
            None if !shown.is_empty() => Ok(()),
            None => {
                let excused = !sees || self.wiped.contains(&reply.message);
                must(listed || excused, || format!("\"{text}\" is lost (delivered: {delivered})"))
            }
        }
    }

    /// Every customer's message is there once.
    fn check_customers(&self, witness: &Phone) -> Result<(), Broken> {
        for customer in &self.customers {
            let there = witness.customers_texts(customer.conversation());
            for text in customer.texts() {
                let times = there.iter().filter(|other| *other == text).count();
                let excused = times == 0 && (customer.away || self.forgotten.contains(text));
                must(times == 1 || excused, || format!("\"{text}\" of a customer is there {times} times"))?;
            }
        }
        Ok(())
    }
}

/// What counts as read was seen.
fn check_marker(fresh: &Phone, seen: &BTreeSet<String>) -> Result<(), Broken> {
    let name = fresh.person.name();
    for conversation in fresh.conversations() {
        let Ok(view) = fresh.app().conversation(conversation) else {
            continue;
        };
        let texts = fresh.customers_texts(conversation);
        let read = texts.len().saturating_sub(usize::try_from(view.head.unread).unwrap_or(usize::MAX));
        // What a restore brought back stands behind what came since: the marker counts up to what was seen.
        if let Some(newest) = read.checked_sub(1).and_then(|at| texts.get(at)) {
            must(seen.contains(newest), || format!("\"{newest}\" counts as read by {name}, never seen"))?;
        }
    }
    Ok(())
}

/// Rows are held only of scopes that the person may see.
fn check_scopes(number: usize, phone: &Phone, fresh: &Phone) -> Result<(), Broken> {
    let granted = scopes(fresh, |table| table == "scope");
    for scope in scopes(phone, |_| true) {
        let may = granted.contains(&scope) || scope.starts_with("device:");
        must(may, || format!("phone {number} holds rows of {scope} without permission"))?;
    }
    Ok(())
}

/// The scopes that rows of these tables name.
fn scopes(phone: &Phone, which: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let database = phone.database();
    let mut tables = database
        .prepare(
            "SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c ON c.name = 'scope' \
             WHERE t.type = 'table' ORDER BY t.name",
        )
        .unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut scopes = BTreeSet::new();
    for table in tables.iter().filter(|table| which(table)) {
        let mut rows = database.prepare(&format!("SELECT DISTINCT scope FROM {table}")).unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        scopes.extend(rows.collect::<Result<Vec<_>, _>>().unwrap());
    }
    scopes
}

/// A phone shows what one shows that was loaded just now, but for what it has not sent.
fn must_agree(number: usize, phone: &Phone, fresh: &Phone) -> Result<(), Broken> {
    let unsettled: BTreeSet<ConversationId> = phone.unsettled().into_iter().collect();
    let (phone, fresh) = (everything(phone.app(), &unsettled), everything(fresh.app(), &unsettled));
    let differs = phone.iter().zip(&fresh).find(|(one, other)| one != other);
    must(phone.len() == fresh.len() && differs.is_none(), || {
        let (one, other) = differs.map_or_else(
            || (format!("{} lines", phone.len()), format!("{} lines", fresh.len())),
            |(one, other)| (one.clone(), other.clone()),
        );
        format!("phone {number} does not show what a fresh one shows\n  phone: {one}\n  fresh: {other}")
    })
}

/// All that a phone shows of what the server has: each list, and each conversation in it with its customer. Left out are
/// refused replies, and what is `unsettled`.
pub fn everything(app: &App, unsettled: &BTreeSet<ConversationId>) -> Vec<String> {
    let mut shown = Vec::new();
    for filter in InboxFilter::ALL.into_iter().filter(|filter| *filter != InboxFilter::NotSent) {
        let query = InboxQuery { limit: COMPARED_LIMIT, ..InboxQuery::of(filter) };
        let rows = app.inbox(&query).unwrap_or_default();
        for head in rows.into_iter().filter(|row| !unsettled.contains(&row.id)) {
            let rows = app.conversation(head.id).map(|view| view.rows).unwrap_or_default();
            let rows: Vec<MessageRow> = rows.into_iter().filter(|row| !is_own_affair(row)).collect();
            let customer = app.customer(head.id).map(|mut view| {
                view.conversations.iter_mut().for_each(|row| row.not_sent = 0);
                view
            });
            let head = InboxRow { not_sent: 0, ..head };
            shown.push(format!("{filter:?} {head:?} {rows:?} {customer:?}"));
        }
    }
    shown
}

/// Whether a row stands on this phone only.
fn is_own_affair(row: &MessageRow) -> bool {
    let MessageKind::Message { state, .. } = &row.kind else {
        return false;
    };
    matches!(state, Some(MessageState::NotSent { .. }))
}

fn is_refused(shown: &[Option<MessageState>]) -> bool {
    shown.iter().any(|state| matches!(state, Some(MessageState::NotSent { .. })))
}

/// Whether a phone shows a conversation as closed.
pub fn is_closed(app: &App, conversation: ConversationId) -> bool {
    app.conversation(conversation).is_ok_and(|view| view.head.status == Status::Closed)
}
