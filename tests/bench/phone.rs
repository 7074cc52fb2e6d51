//! Theo's phone: the real core over a network that answers from the benchmark's shop.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use shopbell_core::domain::conversation::Ver;
use shopbell_core::domain::env::{Env, FixedEnv};
use shopbell_core::domain::ids::DeviceId;
use shopbell_core::domain::sync::{
    Entity, Grant, PullAnswer, Refreshed, Row, Scope, ScopeRows, SignedIn, SignedInShop, SignedInStaff,
    SnapshotPage,
};
use shopbell_core::sync::{Answer, Call, Effect, Event, Network, Request};
use shopbell_core::{App, AppOptions, Lang};

use crate::shop::{BenchShop, SEQ};

/// Conversations in a page of the first load.
const PAGE_CONVERSATIONS: u64 = 500;
/// How long access tokens last: longer than any benchmark.
const TOKEN_MS: i64 = 1_000_000_000_000;

/// The requests that were not answered yet.
#[derive(Default)]
struct Wire(Mutex<VecDeque<Request>>);

impl Network for Wire {
    fn perform(&self, effect: Effect) {
        if let Effect::Send(request) = effect
            && let Ok(mut requests) = self.0.lock()
        {
            requests.push_back(request);
        }
    }

    fn set_server(&self, _address: &str) {}

    fn stop(&self) {}
}

/// A phone whose requests are answered by hand.
pub struct Phone<'s> {
    pub app: App,
    wire: Arc<Wire>,
    shop: &'s BenchShop,
    conversations: u64,
    device: DeviceId,
}

impl<'s> Phone<'s> {
    pub fn open(folder: &Path, shop: &'s BenchShop, conversations: u64) -> Self {
        let env = Arc::new(FixedEnv::seeded(1));
        let wire = Arc::new(Wire::default());
        let options = AppOptions {
            folder: folder.to_owned(),
            device_name: "bench".to_owned(),
            platform: "bench".to_owned(),
            lang: Lang::En,
            offline: false,
            env: Arc::clone(&env) as _,
        };
        let app = App::open_with(options, None, Arc::clone(&wire) as _).expect("the folder is ours");
        Self { app, wire, shop, conversations, device: DeviceId::new(env.as_ref()) }
    }

    /// Theo signs in and everything is loaded; `progress` hears how many conversations are there.
    pub fn load(&self, mut progress: impl FnMut(u64)) {
        let answer = SignedIn {
            shop: SignedInShop { id: self.shop.shop, name: "Juniper & Clay".to_owned() },
            staff: SignedInStaff { id: self.shop.theo, name: "Theo".to_owned() },
            session: self.session(),
        };
        self.app
            .take(Event::SignedIn { server: "https://inbox.example".to_owned(), answer: Box::new(answer) });
        self.start();
        while let Some(request) = self.next() {
            if let Call::Snapshot { scope, page } = &request.call {
                if *scope == self.shop.inbox_scope() {
                    progress(first_of(page.as_deref()));
                }
                let page = self.page(*scope, page.as_deref());
                self.answer(&request, Answer::Snapshot(page));
            } else if let Call::Pull(pull) = &request.call {
                if pull.wait_ms > 0 {
                    return;
                }
                let scopes =
                    pull.scopes.iter().map(|asked| self.nothing_new(asked.scope, asked.cursor)).collect();
                self.answer(&request, Answer::Pull(self.pull_answer(scopes)));
            }
        }
    }

    pub fn start(&self) {
        self.app.take(Event::Started);
    }

    /// Asks for news, answers with these rows of the inbox, and returns when they are applied.
    pub fn apply(&self, rows: Vec<Row>) {
        self.app.take(Event::SyncNow);
        let request = loop {
            let request = self.next().expect("a pull is always under way");
            match request.call {
                Call::Pull(_) => break request,
                Call::Refresh(_) => self.answer(&request, Answer::Refreshed(self.session())),
                _ => {}
            }
        };
        let Call::Pull(pull) = &request.call else { return };
        let inbox = self.shop.inbox_scope();
        let cursor = rows.iter().map(|row| row.ver.0).max().unwrap_or(SEQ);
        let scopes = pull.scopes.iter().map(|asked| match asked.scope == inbox {
            true => ScopeRows { cursor, rows: rows.clone(), ..self.nothing_new(inbox, asked.cursor) },
            false => self.nothing_new(asked.scope, asked.cursor),
        });
        let answer = self.pull_answer(scopes.collect());
        self.answer(&request, Answer::Pull(answer));
    }

    fn next(&self) -> Option<Request> {
        self.wire.0.lock().ok()?.pop_front()
    }

    fn answer(&self, request: &Request, answer: Answer) {
        self.app.take(Event::Answered { id: request.id, result: Ok(answer) });
    }

    fn page(&self, scope: Scope, page: Option<&str>) -> SnapshotPage {
        let mut next = None;
        let rows = if scope == Scope::Shop {
            self.shop.shop_rows()
        } else if scope == self.shop.inbox_scope() {
            let first = first_of(page);
            let after = (first + PAGE_CONVERSATIONS).min(self.conversations);
            next = (after < self.conversations).then(|| after.to_string());
            (first..after).flat_map(|n| self.shop.conversation(n).rows()).collect()
        } else {
            Vec::new()
        };
        SnapshotPage { epoch: self.shop.epoch, scope, grant: 1, noted: SEQ, rows, next }
    }

    fn session(&self) -> Refreshed {
        Refreshed {
            epoch: self.shop.epoch,
            access_token: "access".to_owned(),
            access_expires_at: FixedEnv::seeded(1).now().plus_ms(TOKEN_MS),
            refresh_token: "refresh".to_owned(),
        }
    }

    fn nothing_new(&self, scope: Scope, cursor: i64) -> ScopeRows {
        ScopeRows { scope, grant: 1, from: cursor, cursor, more: false, rows: Vec::new(), checksum: None }
    }

    fn pull_answer(&self, scopes: Vec<ScopeRows>) -> PullAnswer {
        let all =
            [Scope::Shop, self.shop.inbox_scope(), Scope::User(self.shop.theo), Scope::Device(self.device)];
        let granted = all.into_iter().map(|scope| Grant { scope, grant: 1 }).collect();
        PullAnswer {
            epoch: self.shop.epoch,
            granted,
            scopes,
            also: Vec::new(),
            reload: Vec::new(),
            backed_up: None,
        }
    }
}

/// The rows of a change, in the version that it has.
pub fn change_rows(shop: &BenchShop, n: u64, change: i64) -> [Row; 2] {
    let (whole, id, message) = shop.change(n, change);
    [
        Row::live(Entity::Conversation, whole.id.0, Ver(change), &whole.head),
        Row::live(Entity::Message, id.0, Ver(change), &message),
    ]
}

fn first_of(page: Option<&str>) -> u64 {
    page.and_then(|page| page.parse().ok()).unwrap_or(0)
}
