//! Every door of the server, with whom it opens for. A route that is not here fails the build; so does a mutation that
//! nobody lies about (`permissions.rs`) or that the table of rights leaves out (`permission_table.rs`).

use std::collections::BTreeSet;

use serde_json::json;
use shopbell_domain::ids::ConversationId;
use shopbell_domain::sync::Scope;

use crate::support::{Asked, Juniper};

/// Whom a door opens for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Staff, by an access token.
    Staff,
    /// A browser, by its session's secret.
    Browser,
    /// Whoever says who they are in the first frame: `live.rs` is about them.
    Socket,
    /// Everyone: it gives a session for what it is shown, or what everyone may see.
    Everyone,
}

/// A door, its method and path as the router has them.
pub struct Door {
    pub route: &'static str,
    pub is_for: For,
}

impl Door {
    /// A request that gets as far as the question who it is.
    pub fn ask(&self, conversation: ConversationId, scope: Scope) -> Asked {
        let (method, path) = self.route.split_once(' ').unwrap();
        let id = conversation.to_string();
        let scope = scope.to_string().replace(':', "%3A").replace('/', "%2F");
        let path = path.replace("{scope}", &scope).replace("{id}", &id).replace("{conversation}", &id);
        let asked = match self.route {
            "GET /chat/v1/events" => Asked::get(format!("{path}?after=0")),
            _ => Asked::new(method, path),
        };
        if method == "GET" { asked } else { asked.json(json!({})) }
    }
}

pub const DOORS: &[Door] = &[
    Door { route: "POST /v1/sessions", is_for: For::Everyone },
    Door { route: "POST /v1/sessions/refresh", is_for: For::Everyone },
    Door { route: "DELETE /v1/sessions/current", is_for: For::Staff },
    Door { route: "POST /v1/push", is_for: For::Staff },
    Door { route: "POST /v1/pull", is_for: For::Staff },
    Door { route: "POST /v1/search", is_for: For::Staff },
    Door { route: "PUT /v1/drafts/{conversation}", is_for: For::Staff },
    Door { route: "GET /v1/scopes/{scope}/snapshot", is_for: For::Staff },
    Door { route: "GET /v1/conversations/{id}/messages", is_for: For::Staff },
    Door { route: "GET /v1/live", is_for: For::Socket },
    Door { route: "GET /chat/v1/shop", is_for: For::Everyone },
    Door { route: "POST /chat/v1/sessions", is_for: For::Everyone },
    Door { route: "GET /chat/v1/events", is_for: For::Browser },
    Door { route: "POST /chat/v1/messages", is_for: For::Browser },
    Door { route: "POST /chat/v1/presence", is_for: For::Browser },
    Door { route: "GET /chat/v1/live", is_for: For::Socket },
    Door { route: "GET /v1/openapi.json", is_for: For::Everyone },
    Door { route: "GET /healthz", is_for: For::Everyone },
    Door { route: "GET /widget.js", is_for: For::Everyone },
    Door { route: "GET /widget/{file}", is_for: For::Everyone },
    Door { route: "GET /favicon.ico", is_for: For::Everyone },
    Door { route: "GET /shop/", is_for: For::Everyone },
    Door { route: "GET /shop/kettle", is_for: For::Everyone },
    Door { route: "GET /shop/shop.css", is_for: For::Everyone },
];

/// The doors that open for these.
pub fn doors(is_for: For) -> impl Iterator<Item = &'static Door> {
    DOORS.iter().filter(move |door| door.is_for == is_for)
}

#[test]
fn every_door_is_listed() {
    let listed: BTreeSet<String> = DOORS.iter().map(|door| door.route.to_owned()).collect();
    assert_eq!(listed.len(), DOORS.len());
    let open = shopbell_server::doors().into_iter();
    let open: BTreeSet<String> =
        open.map(|(method, path)| format!("{} {path}", method.to_uppercase())).collect();
    assert_eq!(open, listed, "a new door belongs here, too");
}

#[tokio::test]
async fn a_socket_tells_nothing_before_it_is_told_who_it_is() {
    let juniper = Juniper::open().await;
    for door in doors(For::Socket) {
        let ask = door.ask(ConversationId::new(&*juniper.env), Scope::Shop);
        assert_eq!(juniper.ask(ask).await.problem(), (422, "malformed".into()), "{}", door.route);
    }
}
