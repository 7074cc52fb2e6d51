//! Theo's phone: the real core in a folder of its own, over a network that only collects.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::types::ValueRef;
use shopbell_core::domain::env::{Env, FixedEnv};
use shopbell_core::domain::sync::{Problem, ProblemKind, PullRequest, PushRequest};
use shopbell_core::store::Store;
use shopbell_core::sync::{Answer, Call, Effect, Event, Lane, Network, Request, RequestError};
use shopbell_core::{
    App, AppOptions, ConversationId, InboxFilter, InboxQuery, Lang, SearchHitKind, SearchQuery, SearchView,
    Timestamp,
};
use tempfile::TempDir;

use super::{Juniper, lines};

/// The address that Theo signs in at.
pub const SERVER: &str = "https://inbox.juniper.example";

/// What the core wants from the network, in order.
#[derive(Default)]
pub struct Wire {
    state: Mutex<WireState>,
}

#[derive(Default)]
struct WireState {
    requests: Vec<Request>,
    live: Option<u64>,
    timers: BTreeMap<Lane, Timestamp>,
    /// Each effect in bytes, for whoever compares two runs.
    trace: Vec<String>,
}

impl Network for Wire {
    fn perform(&self, effect: Effect) {
        let mut state = self.state.lock().unwrap();
        match effect {
            Effect::Send(request) => {
                let token = request.token.as_ref().map_or("", |token| token.0.as_str());
                let body = request.call.body().unwrap_or_default();
                state.trace.push(format!("{} {token} {} {body}", request.id.0, request.call.path()));
                state.requests.push(request);
            }
            Effect::OpenLive { number, .. } => {
                state.trace.push(format!("live {number}"));
                state.live = Some(number);
            }
            Effect::CloseLive => {
                state.trace.push("live closed".to_owned());
                state.live = None;
            }
            Effect::SetTimer { id, at } => {
                state.trace.push(format!("timer {id:?} {}", at.millis()));
                state.timers.insert(id, at);
            }
            other => panic!("not of the network: {other:?}"),
        }
    }

    fn set_server(&self, address: &str) {
        self.state.lock().unwrap().trace.push(format!("server {address}"));
    }

    fn stop(&self) {
        self.state.lock().unwrap().trace.push("stopped".to_owned());
    }
}

/// A phone.
pub struct Phone {
    app: Option<App>,
    pub wire: Arc<Wire>,
    pub env: Arc<FixedEnv>,
    folder: TempDir,
}

impl Phone {
    /// A phone on which nobody has signed in.
    pub fn new(seed: u64) -> Phone {
        let env = Arc::new(FixedEnv::seeded(seed));
        let folder = tempfile::tempdir().unwrap();
        let wire = Arc::new(Wire::default());
        let app = open(folder.path(), &env, &wire);
        Phone { app: Some(app), wire, env, folder }
    }

    /// Theo's phone, signed in and syncing; nothing is answered yet.
    pub fn signed_in(juniper: &mut Juniper, seed: u64) -> Phone {
        let phone = Phone::new(seed);
        phone.sign_in(juniper);
        phone
    }

    /// Theo's phone with everything that the shop has.
    pub fn loaded(juniper: &mut Juniper, seed: u64) -> Phone {
        let phone = Phone::signed_in(juniper, seed);
        phone.settle(juniper);
        phone
    }

    /// The core.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("it is open except while it is being opened again")
    }

    /// The time by its clock.
    pub fn app_now(&self) -> Timestamp {
        self.env.now()
    }

    /// Where its database is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Theo signs in; whatever epoch the shop has now comes along.
    pub fn sign_in(&self, juniper: &mut Juniper) {
        let device = self.device();
        let answer = Box::new(juniper.sign_in_theo(device));
        self.app().take(Event::SignedIn { server: SERVER.to_owned(), answer });
        self.app().take(Event::Started);
    }

    /// The process dies and is started again. What was on its way to it is lost.
    pub fn crash(&mut self) {
        self.app = None;
        self.wire = Arc::new(Wire::default());
        self.app = Some(open(self.folder.path(), &self.env, &self.wire));
        self.app().take(Event::Started);
    }

    /// The process ends, something happens to its folder, and it is started again.
    pub fn closed(&mut self, work: impl FnOnce(&Path)) {
        self.app = None;
        work(self.folder.path());
        self.crash();
    }

    /// The database file is lost; the secrets are not.
    pub fn lose_database(&mut self) {
        self.app = None;
        for name in ["shopbell.db", "shopbell.db-wal", "shopbell.db-shm"] {
            let _absent = std::fs::remove_file(self.folder().join(name));
        }
        self.crash();
    }

    /// Lets go of what need not be kept when so many of the newest are, as it does by itself once a day. Answers
    /// whether there is more to let go, and how many went. The phone is started again.
    pub fn evicts(&mut self, keep: usize) -> (bool, i64) {
        let count = |folder: &Path| -> i64 {
            let database = rusqlite::Connection::open(folder.join("shopbell.db")).unwrap();
            database.query_row("SELECT count(*) FROM conversation", [], |row| row.get(0)).unwrap()
        };
        let (now, mut answer) = (self.env.now(), (false, 0));
        self.closed(|folder| {
            let before = count(folder);
            let mut store = Store::open(folder, None).unwrap();
            let (more, _) = store.write(|to| to.evict(keep, now)).unwrap();
            drop(store);
            answer = (more, before - count(folder));
        });
        answer
    }

    /// All requests that have not been taken, in order.
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.wire.state.lock().unwrap().requests)
    }

    /// The oldest request that has not been taken.
    pub fn take_next(&self) -> Option<Request> {
        let mut state = self.wire.state.lock().unwrap();
        (!state.requests.is_empty()).then(|| state.requests.remove(0))
    }

    /// Whether nothing was sent since it was last looked at.
    pub fn is_quiet(&self) -> bool {
        self.wire.state.lock().unwrap().requests.is_empty()
    }

    /// The oldest request of a kind that has not been taken.
    pub fn take(&self, kind: &str) -> Request {
        let mut state = self.wire.state.lock().unwrap();
        let place = state
            .requests
            .iter()
            .position(|request| kind_of(&request.call) == kind)
            .unwrap_or_else(|| panic!("no {kind} was sent: {:?}", state.requests));
        state.requests.remove(place)
    }

    /// Whether a request of a kind is under way and was not taken.
    pub fn wants(&self, kind: &str) -> bool {
        self.wire.state.lock().unwrap().requests.iter().any(|request| kind_of(&request.call) == kind)
    }

    /// The oldest pull that has not been taken.
    pub fn take_pull(&self) -> (Request, PullRequest) {
        let request = self.take("pull");
        match request.call.clone() {
            Call::Pull(pull) => (request, pull),
            other => panic!("{other:?}"),
        }
    }

    /// The oldest push that has not been taken.
    pub fn take_push(&self) -> (Request, PushRequest) {
        let request = self.take("push");
        match request.call.clone() {
            Call::Push(push) => (request, push),
            other => panic!("{other:?}"),
        }
    }

    /// A request is answered.
    pub fn answer(&self, request: &Request, answer: Answer) {
        self.app().take(Event::Answered { id: request.id, result: Ok(answer) });
    }

    /// A request is not answered.
    pub fn fail(&self, request: &Request, error: RequestError) {
        self.app().take(Event::Answered { id: request.id, result: Err(error) });
    }

    /// A request is answered with a no.
    pub fn refuse(&self, request: &Request, kind: ProblemKind) {
        self.fail(request, RequestError::Problem(Box::new(Problem::new(kind))));
    }

    /// A timer goes off, if it is set.
    pub fn fire(&self, lane: Lane) {
        let at = self.wire.state.lock().unwrap().timers.remove(&lane);
        assert!(at.is_some(), "no timer is set for {lane:?}");
        self.app().take(Event::TimerFired(lane));
    }

    /// When a timer is to go off, in milliseconds from now.
    pub fn timer_ms(&self, lane: Lane) -> Option<i64> {
        let at = self.wire.state.lock().unwrap().timers.get(&lane).copied();
        at.map(|at| at.since_ms(self.env.now()))
    }

    /// The number of the live connection that it wants.
    pub fn live(&self) -> Option<u64> {
        self.wire.state.lock().unwrap().live
    }

    /// Something changed: the server says so.
    pub fn poke(&self) {
        self.app().take(Event::LivePoked(self.live().expect("a live connection")));
    }

    /// Everything is answered from the script until nothing more is asked.
    pub fn settle(&self, juniper: &mut Juniper) {
        for _ in 0..200 {
            let requests = self.requests();
            if requests.is_empty() {
                return;
            }
            for request in requests {
                self.serve(juniper, &request);
            }
        }
        panic!("it does not come to rest");
    }

    /// A request is answered from the script; one of another history is told so.
    pub fn serve(&self, juniper: &mut Juniper, request: &Request) {
        let epoch = match &request.call {
            Call::Pull(pull) => pull.epoch,
            Call::Push(push) => push.epoch,
            Call::Search { request, .. } => request.epoch,
            _ => juniper.epoch,
        };
        if epoch == juniper.epoch {
            self.answer(request, answer_from(juniper, &request.call));
        } else {
            self.fail(request, other_epoch(juniper));
        }
    }

    /// The conversation as a person reads it.
    pub fn reads(&self, conversation: ConversationId) -> Vec<String> {
        lines(&self.app().conversation(conversation).unwrap().rows)
    }

    /// The list as a person reads it: name, last line, unread, star, tags.
    pub fn list(&self, filter: InboxFilter) -> Vec<String> {
        let rows = self.app().inbox(&InboxQuery::of(filter)).unwrap();
        rows.iter()
            .map(|row| {
                let mut line = format!("{}: {}", row.name, row.preview);
                for (count, word) in
                    [(row.unread, "unread"), (row.waiting, "waiting"), (row.not_sent, "not sent")]
                {
                    if count > 0 {
                        line.push_str(&format!(" ({count} {word})"));
                    }
                }
                if row.marked_unread {
                    line.push_str(" (marked unread)");
                }
                if row.starred {
                    line.push_str(" ★");
                }
                for tag in row.tags.iter() {
                    line.push_str(&format!(" #{}", tag.as_str()));
                }
                match &row.assignee {
                    Some(assignee) => format!("{line} → {}", assignee.name),
                    None => line,
                }
            })
            .collect()
    }

    /// Everything that the core wanted from the network, in bytes.
    pub fn trace(&self) -> Vec<String> {
        self.wire.state.lock().unwrap().trace.clone()
    }

    /// A second look at the database, beside the core.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder().join("shopbell.db")).unwrap()
    }

    /// Every row of every table, as text.
    pub fn dump(&self) -> Vec<String> {
        let database = self.database();
        let tables: Vec<String> = database
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%' AND name <> 'scrub' ORDER BY name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        tables.iter().flat_map(|table| dump_table(&database, table)).collect()
    }

    /// The table `shown` and what follows from it as they were kept up to date, and as they are made from scratch. Ends the phone.
    pub fn shown_from_scratch(mut self) -> (Vec<String>, Vec<String>) {
        self.app = None;
        let dump = |database| -> Vec<String> {
            ["shown", "shown_tag", "tally"].iter().flat_map(|table| dump_table(&database, table)).collect()
        };
        let kept = dump(self.database());
        let mut store = Store::open(self.folder(), None).unwrap();
        store.write(|to| to.recompute_everything()).unwrap();
        (kept, dump(self.database()))
    }

    /// What somebody who types this sees: a line a hit under a line a conversation, marks in brackets.
    pub fn finds(&self, typed: &str) -> Vec<String> {
        let query = SearchQuery { text: typed.to_owned(), channel: None, limit: 50 };
        let view = self.app().search(&query).unwrap();
        assert!(view.complete && !view.more);
        found(&view)
    }

    /// FTS5's own check of both indexes.
    pub fn check_index(&self) {
        for index in ["search_text", "search_name"] {
            let sql = format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')");
            self.database().execute(&sql, []).unwrap();
        }
    }

    /// SQLite's own check.
    pub fn integrity(&self) -> String {
        self.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
    }

    fn device(&self) -> shopbell_core::DeviceId {
        let bytes: Vec<u8> =
            self.database().query_row("SELECT device FROM profile", [], |row| row.get(0)).unwrap();
        shopbell_core::DeviceId::from_slice(&bytes).unwrap()
    }
}

/// Every row of a table, as text.
pub fn dump_table(database: &rusqlite::Connection, table: &str) -> Vec<String> {
    let columns = database.prepare(&format!("SELECT * FROM {table}")).unwrap().column_count();
    let order: Vec<String> = (1..=columns.min(4)).map(|column| column.to_string()).collect();
    let sql = format!("SELECT * FROM {table} ORDER BY {}", order.join(", "));
    let mut statement = database.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let values: Result<Vec<String>, _> = (0..columns).map(|at| row.get_ref(at).map(as_text)).collect();
        Ok(format!("{table}: {}", values?.join(" ")))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn as_text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Null => "-".to_owned(),
    }
}

/// The no to a request of another history.
pub fn other_epoch(juniper: &Juniper) -> RequestError {
    let mut problem = Problem::new(ProblemKind::EpochChanged);
    problem.epoch = Some(juniper.epoch);
    problem.survives = juniper.survives.clone();
    RequestError::Problem(Box::new(problem))
}

/// What the script answers.
pub fn answer_from(juniper: &mut Juniper, call: &Call) -> Answer {
    match call {
        Call::Pull(pull) => {
            let answer = juniper.pull(pull);
            juniper.reload.clear();
            Answer::Pull(answer)
        }
        Call::Push(push) => Answer::Push(juniper.takes(push)),
        Call::Snapshot { scope, page } => Answer::Snapshot(juniper.snapshot(*scope, page.as_deref())),
        Call::History { conversation, before, limit } => {
            Answer::History(juniper.history(*conversation, *before, *limit))
        }
        Call::Search { request, .. } => Answer::Searched(juniper.search(request)),
        Call::Refresh(_) => Answer::Refreshed(juniper.tokens(2)),
        Call::Draft { conversation, put } => {
            juniper.stores_draft(*conversation, put);
            Answer::DraftStored
        }
    }
}

/// What was found, as a person sees it.
pub fn found(view: &SearchView) -> Vec<String> {
    let mut lines = Vec::new();
    for group in &view.groups {
        lines.push(group.conversation.name.clone());
        for hit in &group.hits {
            let line: String = hit
                .excerpt
                .iter()
                .map(|part| if part.marked { format!("[{}]", part.text) } else { part.text.clone() })
                .collect();
            let kind = match hit.kind {
                SearchHitKind::Name => "name",
                SearchHitKind::Tag => "tag",
                SearchHitKind::Note(_) => "note",
                SearchHitKind::Message(_) => "message",
            };
            lines.push(format!("  {kind}: {line}"));
        }
    }
    lines
}

fn kind_of(call: &Call) -> &'static str {
    match call {
        Call::Pull(_) => "pull",
        Call::Push(_) => "push",
        Call::Snapshot { .. } => "snapshot",
        Call::History { .. } => "history",
        Call::Search { .. } => "search",
        Call::Refresh(_) => "refresh",
        Call::Draft { .. } => "draft",
    }
}

fn open(folder: &Path, env: &Arc<FixedEnv>, wire: &Arc<Wire>) -> App {
    let options = AppOptions {
        folder: folder.to_owned(),
        device_name: "Theo's phone".to_owned(),
        platform: "test".to_owned(),
        lang: Lang::En,
        offline: false,
        env: Arc::clone(env) as _,
    };
    App::open_with(options, None, Arc::clone(wire) as _).unwrap()
}
