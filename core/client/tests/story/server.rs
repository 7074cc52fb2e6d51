//! The script behind a real socket: just enough HTTP/1.1 and WebSocket for the real runner.

use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::{SinkExt, StreamExt};
use shopbell_core::ShopId;
use shopbell_core::domain::ids::{DeviceId, StaffId};
use shopbell_core::domain::sync::live::CLOSE_TOKEN_ENDED;
use shopbell_core::domain::sync::problem::{PROBLEM_CONTENT_TYPE, ShopChoice};
use shopbell_core::domain::sync::{LiveFromPhone, LiveFromServer, Problem, ProblemKind, SignIn};
use shopbell_core::sync::Call;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::Juniper;
use super::phone::answer_from;

/// A server that ends when it is dropped.
pub struct Server {
    pub address: String,
    shared: Arc<Shared>,
    /// `None` once it is gone.
    runtime: Option<Runtime>,
}

struct Shared {
    juniper: Mutex<Juniper>,
    pokes: broadcast::Sender<Live>,
    /// What is answered to every request instead of the script.
    refusal: Mutex<Option<Problem>>,
    /// What is answered to whoever signs in, instead of Theo.
    staff: Mutex<Option<StaffId>>,
    /// How many sessions were ended by those who had them.
    signed_out: Mutex<usize>,
}

#[derive(Clone, Copy)]
enum Live {
    Poke,
    TokenEnded,
}

impl Server {
    /// Begins to listen on a port of its own.
    pub fn start(juniper: Juniper) -> Server {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            juniper: Mutex::new(juniper),
            pokes: broadcast::Sender::new(16),
            refusal: Mutex::new(None),
            staff: Mutex::new(None),
            signed_out: Mutex::new(0),
        });
        let accepting = Arc::clone(&shared);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&accepting)));
            }
        });
        Server { address, shared, runtime: Some(runtime) }
    }

    /// The script.
    pub fn juniper(&self) -> MutexGuard<'_, Juniper> {
        self.shared.juniper.lock().unwrap()
    }

    /// Every live connection hears that something changed.
    pub fn poke(&self) {
        let _listeners = self.shared.pokes.send(Live::Poke);
    }

    /// Every live connection hears that its token ended.
    pub fn end_tokens(&self) {
        let _listeners = self.shared.pokes.send(Live::TokenEnded);
    }

    /// From now on every request is answered with this.
    pub fn refuse(&self, problem: Option<Problem>) {
        *self.shared.refusal.lock().unwrap() = problem;
    }

    /// From now on whoever signs in is this person.
    pub fn signs_in_as(&self, staff: StaffId) {
        *self.shared.staff.lock().unwrap() = Some(staff);
    }

    /// How many sessions were ended by those who had them.
    pub fn signed_out(&self) -> usize {
        *self.shared.signed_out.lock().unwrap()
    }

    /// It is gone: connections break, nobody listens.
    pub fn gone(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.gone();
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut first = [0; 16];
    let Ok(count) = stream.peek(&mut first).await else {
        return;
    };
    if first[..count].starts_with(b"GET /v1/live") {
        serve_live(stream, &shared).await;
        return;
    }
    while let Some((path, token, body)) = read_request(&mut stream).await {
        let (status, kind, body) = answer(&shared, &path, token.as_deref(), &body);
        let head = format!(
            "HTTP/1.1 {status} Words\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn serve_live(stream: TcpStream, shared: &Shared) {
    let mut pokes = shared.pokes.subscribe();
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    let Some(Ok(Message::Text(hello))) = socket.next().await else {
        return;
    };
    let LiveFromPhone::Hello { token } = serde_json::from_str(&hello).unwrap();
    assert!(token.starts_with("access "));
    let mut frame = serde_json::to_string(&LiveFromServer::Ready).unwrap();
    loop {
        if socket.send(Message::text(frame)).await.is_err() {
            return;
        }
        match pokes.recv().await {
            Ok(Live::Poke) => {
                frame = serde_json::to_string(&LiveFromServer::Poke { scopes: vec![] }).unwrap()
            }
            Ok(Live::TokenEnded) => {
                let close = CloseFrame { code: CLOSE_TOKEN_ENDED.into(), reason: "".into() };
                let _gone = socket.send(Message::Close(Some(close))).await;
                return;
            }
            Err(_) => return,
        }
    }
}

/// Path, bearer token and body of the next request.
async fn read_request(stream: &mut TcpStream) -> Option<(String, Option<String>, String)> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break String::from_utf8(bytes.drain(..end + 4).collect()).unwrap();
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return None;
        }
    };
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let token = header("authorization").map(|value| value.trim_start_matches("Bearer ").to_owned());
    assert_eq!(header("shopbell-protocol").as_deref(), Some("1"));
    Some((path, token, String::from_utf8(bytes).unwrap()))
}

fn answer(shared: &Shared, path: &str, token: Option<&str>, body: &str) -> (u16, &'static str, String) {
    let mut juniper = shared.juniper.lock().unwrap();
    if let Some(problem) = shared.refusal.lock().unwrap().clone() {
        return refuse(problem);
    }
    if path == "/v1/sessions" {
        let ask: SignIn = serde_json::from_str(body).unwrap();
        return match (ask.password.as_str(), ask.shop) {
            ("correct horse", _) => {
                let mut signed_in = juniper.sign_in_theo(ask.device.id);
                signed_in.staff.id = shared.staff.lock().unwrap().unwrap_or(signed_in.staff.id);
                ok(201, &signed_in)
            }
            ("two shops", None) => {
                let mut problem = Problem::new(ProblemKind::ChooseShop);
                problem.shops = vec![ShopChoice { shop: juniper.shop, name: "Juniper".into() }];
                refuse(problem)
            }
            ("two shops", Some(shop)) => {
                assert_eq!(shop, ShopId(juniper.shop.0));
                ok(201, &juniper.sign_in_theo(DeviceId(ask.device.id.0)))
            }
            _ => refuse(Problem::new(ProblemKind::WrongPassword)),
        };
    }
    if path == "/v1/sessions/current" {
        assert!(token.is_some_and(|token| token.starts_with("access ")));
        *shared.signed_out.lock().unwrap() += 1;
        return (204, "application/json", String::new());
    }
    if path == "/v1/sessions/refresh" {
        return ok(200, &juniper.tokens(2));
    }
    assert!(token.is_some_and(|token| token.starts_with("access ")), "{path} without a token");
    let call = match path {
        "/v1/pull" => Call::Pull(serde_json::from_str(body).unwrap()),
        "/v1/push" => Call::Push(serde_json::from_str(body).unwrap()),
        "/v1/search" => Call::Search { number: 0, request: serde_json::from_str(body).unwrap() },
        path if path.starts_with("/v1/drafts/") => Call::Draft {
            conversation: path["/v1/drafts/".len()..].parse().unwrap(),
            put: serde_json::from_str(body).unwrap(),
        },
        path if path.starts_with("/v1/scopes/") => {
            let scope = path["/v1/scopes/".len()..].split("/snapshot").next().unwrap();
            let page = path.split("page=").nth(1).map(|page| page.replace("%40", "@"));
            Call::Snapshot { scope: scope.replace("%3A", ":").parse().unwrap(), page }
        }
        path => {
            let part = |name: &str| path.split(name).nth(1).unwrap().split(['&', '/', '?']).next().unwrap();
            Call::History {
                conversation: part("/v1/conversations/").parse().unwrap(),
                before: part("before=").parse().unwrap(),
                limit: part("limit=").parse().unwrap(),
            }
        }
    };
    use shopbell_core::sync::Answer;
    match answer_from(&mut juniper, &call) {
        Answer::Pull(answer) => ok(200, &answer),
        Answer::Push(answer) => ok(200, &answer),
        Answer::Snapshot(answer) => ok(200, &answer),
        Answer::History(answer) => ok(200, &answer),
        Answer::Refreshed(answer) => ok(200, &answer),
        Answer::Searched(answer) => ok(200, &answer),
        Answer::DraftStored => (204, "application/json", String::new()),
    }
}

fn ok(status: u16, body: &impl serde::Serialize) -> (u16, &'static str, String) {
    (status, "application/json", serde_json::to_string(body).unwrap())
}

fn refuse(problem: Problem) -> (u16, &'static str, String) {
    (problem.status, PROBLEM_CONTENT_TYPE, serde_json::to_string(&problem).unwrap())
}
