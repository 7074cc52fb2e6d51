//! A phone: the real core in a folder of its own, over a network that only collects what it is asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shopbell_core::sync::{Call, Effect, Event, Lane, Network, Request, RequestError, RequestId};
use shopbell_core::{
    App, AppOptions, Author, ConversationId, DeviceId, InboxFilter, InboxQuery, Lang, MessageId, MessageKind,
    MessageRow, MessageState, MutationId, OutboxState, RowId, SyncState, Timestamp,
};
use shopbell_domain::env::{Env, FixedEnv};
use shopbell_domain::sync::DeviceInfo;
use shopbell_server::ManualEnv;

use super::network::Packet;
use super::{Person, Reply, Server};

/// The address that the core believes the server to be at.
const ADDRESS: &str = "https://inbox.juniper.example";

/// A phone.
pub struct Phone {
    /// Whose.
    pub person: Person,
    folder: PathBuf,
    env: Arc<PhoneEnv>,
    radio: Arc<Radio>,
    app: Option<App>,
    /// How often its process was started.
    process: u32,
    /// What has left and was not answered.
    under_way: BTreeMap<RequestId, Call>,
}

/// The world's clock, and randomness of the phone's own: what one phone does changes no id of another.
struct PhoneEnv {
    clock: Arc<ManualEnv>,
    /// By how much this phone's clock is wrong, in milliseconds.
    wrong_ms: AtomicI64,
    random: FixedEnv,
}

impl Env for PhoneEnv {
    fn now(&self) -> Timestamp {
        self.clock.now().plus_ms(self.wrong_ms.load(Ordering::Relaxed))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.random.fill_random(bytes);
    }
}

/// What the core wants from the network.
#[derive(Default)]
struct Radio(Mutex<Wanted>);

#[derive(Default)]
struct Wanted {
    requests: Vec<Request>,
    timers: BTreeMap<Lane, Timestamp>,
}

impl Radio {
    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Network for Radio {
    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Send(request) => self.lock().requests.push(request),
            Effect::SetTimer { id, at } => {
                self.lock().timers.insert(id, at);
            }
            // Pokes are only hints; here phones ask when a step says so.
            _ => {}
        }
    }

    fn set_server(&self, _address: &str) {}

    fn stop(&self) {}
}

impl Phone {
    pub(super) fn open(folder: PathBuf, person: Person, clock: &Arc<ManualEnv>, number: u64) -> Phone {
        let mut seed = [0; 8];
        clock.fill_random(&mut seed);
        let random = FixedEnv::seeded(u64::from_be_bytes(seed) ^ number);
        let env = Arc::new(PhoneEnv { clock: Arc::clone(clock), wrong_ms: AtomicI64::new(0), random });
        let mut phone = Phone {
            person,
            folder,
            env,
            radio: Arc::default(),
            app: None,
            process: 0,
            under_way: BTreeMap::new(),
        };
        phone.start();
        phone
    }

    /// The core.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("it is open but for a moment")
    }

    /// Its clock is wrong by so many milliseconds from now on.
    pub fn set_clock_wrong(&self, by_ms: i64) {
        self.env.wrong_ms.store(by_ms, Ordering::Relaxed);
    }

    /// Where its database is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A second look at the database, beside the core.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.join("shopbell.db")).unwrap()
    }

    pub(super) fn sign_in(&self, server: &Server) {
        let id = self.device();
        let name = format!("{}'s phone", self.person.name());
        let device = DeviceInfo { id, name, platform: "test".to_owned() };
        let answer = Box::new(server.sign_in(self.person, device));
        self.app().take(Event::SignedIn { server: ADDRESS.to_owned(), answer });
    }

    pub(super) fn device(&self) -> DeviceId {
        let device = |row: &rusqlite::Row<'_>| row.get::<_, Vec<u8>>(0);
        let bytes = self.database().query_row("SELECT device FROM profile", [], device).unwrap();
        DeviceId::from_slice(&bytes).unwrap()
    }

    /// The process dies and is started again; what was on its way to it is nobody's.
    pub(super) fn crash(&mut self) {
        self.app = None;
        self.start();
    }

    fn start(&mut self) {
        self.process += 1;
        self.under_way.clear();
        self.radio = Arc::default();
        let options = AppOptions {
            folder: self.folder.clone(),
            device_name: format!("{}'s phone", self.person.name()),
            platform: "test".to_owned(),
            lang: Lang::En,
            offline: false,
            env: Arc::clone(&self.env) as _,
        };
        let app = App::open_with(options, None, Arc::clone(&self.radio) as _).unwrap();
        app.take(Event::NetworkDown);
        app.take(Event::Started);
        self.app = Some(app);
    }

    /// What it wants to send.
    pub(super) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.radio.lock().requests)
    }

    /// A request leaves.
    pub(super) fn packet(&mut self, number: usize, request: Request) -> Packet {
        self.under_way.insert(request.id, request.call.clone());
        Packet { phone: number, process: self.process, request, answer: None }
    }

    /// An answer arrives.
    pub(super) fn receive(&mut self, packet: Packet) {
        if packet.process != self.process {
            return;
        }
        let id = packet.request.id;
        self.under_way.remove(&id);
        if let Some(result) = packet.answer {
            self.app().take(Event::Answered { id, result });
        }
    }

    /// A request finds nobody.
    pub(super) fn fail(&self, id: RequestId) {
        self.app().take(Event::Answered { id, result: Err(RequestError::Unreachable) });
    }

    /// What is still under way of these is not waited for any longer; an answer comes too late.
    pub(super) fn time_out(&mut self, which: impl Fn(&Call) -> bool) {
        let late: Vec<_> = self.under_way.iter().filter(|(_, call)| which(call)).map(|(id, _)| *id).collect();
        for id in late {
            self.under_way.remove(&id);
            self.fail(id);
        }
    }

    /// The next timer that goes off within this time, and when, in milliseconds from now; it is taken.
    pub(super) fn next_timer(&self, within_ms: i64) -> Option<(Lane, i64)> {
        let now = self.env.now();
        let mut wanted = self.radio.lock();
        let next = wanted.timers.iter().min_by_key(|(_, at)| **at).map(|(lane, at)| (*lane, *at))?;
        let wait_ms = next.1.since_ms(now).max(0);
        (wait_ms <= within_ms).then(|| {
            wanted.timers.remove(&next.0);
            (next.0, wait_ms)
        })
    }

    /// Whether it was removed and has deleted everything: it no longer knows whose it was.
    pub fn is_removed(&self) -> bool {
        self.app().account().is_none()
    }

    /// Whether its session has ended.
    pub(super) fn is_asked_to_sign_in(&self) -> bool {
        self.app().status().state == SyncState::SignInAgain
    }

    /// The conversations in which something of this phone's waits.
    pub(super) fn unsettled(&self) -> Vec<ConversationId> {
        let rows = self.app().outbox().unwrap_or_default().into_iter();
        let waits = rows.filter(|row| !matches!(row.state, OutboxState::NotSent { .. }));
        waits.filter_map(|row| row.conversation).collect()
    }

    /// Every conversation that it lists.
    pub fn conversations(&self) -> Vec<ConversationId> {
        let mut ids = Vec::new();
        for filter in [InboxFilter::All, InboxFilter::Closed] {
            let query = InboxQuery { limit: 500, ..InboxQuery::of(filter) };
            ids.extend(self.app().inbox(&query).unwrap().into_iter().map(|row| row.id));
        }
        ids
    }

    /// The rows of a conversation; none when it is not held.
    pub fn rows(&self, conversation: ConversationId) -> Vec<MessageRow> {
        self.app().conversation(conversation).map(|view| view.rows).unwrap_or_default()
    }

    /// The `mseq` after a hole that a conversation shows.
    pub(super) fn gap(&self, conversation: ConversationId) -> Option<i64> {
        self.rows(conversation).into_iter().find_map(|row| match row.id {
            RowId::Gap { before } => Some(before),
            RowId::Message(_) => None,
        })
    }

    /// How often a message is shown, and how far it has come.
    pub fn shows(&self, conversation: ConversationId, message: MessageId) -> Vec<Option<MessageState>> {
        let rows = self.rows(conversation).into_iter();
        rows.filter(|row| row.id == RowId::Message(message))
            .filter_map(|row| match row.kind {
                MessageKind::Message { deleted: true, .. } => Some(None), // it says nothing any more
                MessageKind::Message { state, .. } => Some(state),
                MessageKind::Gap { .. } => None,
            })
            .collect()
    }

    /// Whether it shows what a reply shares.
    pub(super) fn shows_shared(&self, reply: &Reply) -> bool {
        self.rows(reply.conversation).iter().any(|row| match &row.kind {
            MessageKind::Message { shared: Some(shared), .. } => {
                row.id == RowId::Message(reply.message) && shared.words.is_some()
            }
            _ => false,
        })
    }

    /// Whether the inbox is held up to a cursor, and so are secret parts.
    pub(super) fn holds_secrets(&self) -> bool {
        let sql = "SELECT count(*) > 1 AND count(*) = count(cursor) FROM scope WHERE scope LIKE 'inbox:%'";
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The customer's messages of a conversation that are on the screen, in order.
    pub fn customers_texts(&self, conversation: ConversationId) -> Vec<String> {
        let rows = self.rows(conversation).into_iter();
        rows.filter_map(|row| match row.kind {
            MessageKind::Message { author: Author::Customer, text, .. } => Some(text),
            _ => None,
        })
        .collect()
    }

    /// All customers' messages that it holds.
    pub(super) fn all_customers_texts(&self) -> Vec<String> {
        self.conversations().into_iter().flat_map(|id| self.customers_texts(id)).collect()
    }

    /// The message of a mutation under "Not sent".
    pub(super) fn message_of(&self, mutation: MutationId) -> Option<MessageId> {
        let database = self.database();
        let bytes: Option<Vec<u8>> = database
            .query_row("SELECT message FROM journal WHERE mid = ?1", [mutation.as_bytes()], |row| row.get(0))
            .ok()?;
        MessageId::from_slice(&bytes?).ok()
    }

    /// Whether the reply is in the outbox or the journal, so that a restored server would hear of it again.
    pub(super) fn remembers(&self, message: MessageId) -> bool {
        let count: i64 = self
            .database()
            .query_row(
                "SELECT (SELECT count(*) FROM outbox WHERE message = ?1) + (SELECT count(*) FROM journal WHERE message = ?1)",
                [message.as_bytes()],
                |row| row.get(0),
            )
            .unwrap();
        count > 0
    }

    /// The refused changes, oldest first.
    pub fn not_sent(&self) -> Vec<MutationId> {
        let rows = self.app().outbox().unwrap().into_iter();
        rows.filter(|row| matches!(row.state, OutboxState::NotSent { .. })).map(|row| row.id).collect()
    }
}
