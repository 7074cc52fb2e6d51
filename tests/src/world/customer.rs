//! Customers: what they wrote, what of it is known to have arrived, and what they have before their eyes.
//!
//! By the web chat a customer's page does as the widget does: it posts until it is heard, looks for what is new, and
//! when the server's history is another one it asks for its session again and posts what it wrote. A provider posts
//! until it is heard, and knows nothing of histories.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shopbell_core::ConversationId;
use shopbell_core::sync::Method;
use shopbell_domain::env::Env;
use shopbell_domain::ids::{EpochId, MessageId, SessionId, hashed_uuid};
use shopbell_server::channel::{Incoming, chat_ids, receive};

use super::server::{Answered, ORIGIN};
use super::{Server, Way};

/// A customer.
pub struct Customer {
    /// Their first name.
    pub name: String,
    way: Way,
    browser: Option<Browser>,
    conversation: ConversationId,
    written: Vec<Written>,
    shown: Vec<MessageId>,
    /// The page is closed and will not be opened again; a provider never posts twice what was heard.
    pub(super) away: bool,
    /// A restore has lost where replies go, and they have not written since.
    pub(super) lost: bool,
}

struct Browser {
    session: SessionId,
    token: String,
    epoch: EpochId,
    /// The newest event that it has.
    after: i64,
}

struct Written {
    message: MessageId,
    text: String,
    heard: bool,
}

impl Customer {
    pub(super) fn new(name: &str, way: Way, server: &Server) -> Customer {
        let browser = (way == Way::WebChat).then(|| {
            let begin = json!({ "key": server.shop().public_key, "name": name });
            let begun = ask(server, Method::Post, "/chat/v1/sessions", None, Some(begin));
            Browser::begun(&begun)
        });
        let conversation = match &browser {
            Some(browser) => chat_ids(browser.session).1,
            None => {
                let channel = server.channel(way);
                let id = hashed_uuid(&[b"conversation", channel.as_bytes(), name.as_bytes()]);
                ConversationId(id)
            }
        };
        Customer {
            name: name.to_owned(),
            way,
            browser,
            conversation,
            written: Vec::new(),
            shown: Vec::new(),
            away: false,
            lost: false,
        }
    }

    /// Their conversation, begun or not.
    pub fn conversation(&self) -> ConversationId {
        self.conversation
    }

    /// The replies that they have, in the order in which they came; one that came twice stands there twice.
    pub fn has(&self, server: &Server) -> Vec<MessageId> {
        let provider = server.providers.iter().find(|provider| provider.way() == self.way);
        provider.map_or_else(|| self.shown.clone(), |provider| provider.arrived(&self.name))
    }

    /// What they wrote.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.written.iter().map(|written| written.text.as_str())
    }

    pub(super) fn write(&mut self) {
        let text = format!("{} asks {}", self.name, self.written.len() + 1);
        let id = hashed_uuid(&[self.name.as_bytes(), text.as_bytes()]);
        self.written.push(Written { message: MessageId(id), text, heard: false });
    }

    /// What of the customer's may be lost with a restore: nobody has it who would bring it again.
    pub(super) fn unheld(&self, held: &BTreeSet<String>) -> Vec<String> {
        let again = self.way == Way::WebChat && !self.away;
        let lost = self.written.iter().filter(|written| written.heard && !again);
        lost.map(|written| written.text.clone()).filter(|text| !held.contains(text)).collect()
    }

    /// The page is closed for good.
    pub fn go_away(&mut self) {
        self.away = true;
    }

    /// The page forgets what is known to have arrived.
    pub fn forget(&mut self) {
        self.written.retain(|written| !written.heard);
    }

    /// Posts the oldest that was not heard of. Answers whether there was one.
    pub(super) fn post(&mut self, server: &Server, env: &dyn Env, heard: bool) -> bool {
        if self.away {
            return false;
        }
        if self.way == Way::WebChat {
            self.look(server); // another history is found out by asking
        }
        let Some(at) = self.written.iter().position(|written| !written.heard) else {
            return false;
        };
        let (message, text) = (self.written[at].message, self.written[at].text.clone());
        match &self.browser {
            Some(browser) => {
                let body = json!({ "id": message, "text": text, "client_ts": env.now() });
                let answered =
                    ask(server, Method::Post, "/chat/v1/messages", Some(&browser.token), Some(body));
                assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
            }
            None => {
                let incoming = Incoming {
                    channel: server.channel(self.way),
                    event: message.to_string(),
                    customer: self.name.clone(),
                    name: Some(self.name.clone()),
                    text,
                };
                server.run(receive(&*server.storage(), env, incoming)).unwrap();
            }
        }
        self.written[at].heard = heard;
        self.lost = false;
        true
    }

    /// The page looks for what is new.
    pub(super) fn look(&mut self, server: &Server) {
        let Some(browser) = &mut self.browser else {
            return;
        };
        if self.away {
            return;
        }
        loop {
            let path = format!("/chat/v1/events?after={}", browser.after);
            let answered = ask(server, Method::Get, &path, Some(&browser.token), None);
            if answered.status == 401 {
                let again = json!({ "session": browser.session, "token": browser.token });
                let begin = json!({ "key": server.shop().public_key, "name": self.name, "again": again });
                let begun = ask(server, Method::Post, "/chat/v1/sessions", None, Some(begin));
                *browser = Browser { after: 0, ..Browser::begun(&begun) };
                self.written.iter_mut().for_each(|written| written.heard = false);
                continue;
            }
            let answer = answered.read();
            let epoch: EpochId = serde_json::from_value(answer["epoch"].clone()).unwrap();
            if epoch != browser.epoch {
                (browser.epoch, browser.after) = (epoch, 0);
                self.written.iter_mut().for_each(|written| written.heard = false);
                continue;
            }
            for event in answer["events"].as_array().unwrap() {
                let message = &event["message"];
                let id: MessageId = serde_json::from_value(message["id"].clone()).unwrap();
                if message["from"] == "staff" && !self.shown.contains(&id) {
                    self.shown.push(id);
                }
            }
            browser.after = answer["next"].as_i64().unwrap();
            if answer["more"] != true {
                return;
            }
        }
    }
}

impl Browser {
    fn begun(answered: &Answered) -> Browser {
        assert_eq!(answered.status, 201, "{}", String::from_utf8_lossy(&answered.body));
        let begun = answered.read();
        let read = |name: &str| begun[name].clone();
        Browser {
            session: serde_json::from_value(read("session")).unwrap(),
            token: serde_json::from_value(read("token")).unwrap(),
            epoch: serde_json::from_value(read("epoch")).unwrap(),
            after: 0,
        }
    }
}

impl Answered {
    fn read(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn ask(server: &Server, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answered {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("origin", ORIGIN)];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    server.ask(method, path, &headers, body.map(|body| body.to_string()))
}
