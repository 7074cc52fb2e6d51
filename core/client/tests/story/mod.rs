//! Mina's shop Juniper, where Theo answers and Ana buys; Theo's phone, and what lies between them.
//!
//! [`Juniper`] is a script, not a server: it keeps rows that a test puts there and reads them out by cursor. What a
//! mutation does is decided by the test, with the domain's own rules. [`Phone`] is the real core over a network that
//! only collects what the core wants to send.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part of the story")]

pub mod juniper;
pub mod phone;
pub mod screen;
pub mod server;
pub mod watched;

pub use juniper::Juniper;
pub use phone::Phone;

/// Ana asked something, and Theo's phone has loaded it.
pub fn ana_asks() -> (Juniper, Phone, shopbell_core::ConversationId) {
    let mut juniper = Juniper::new(1);
    let ana = juniper.begins("Ana");
    juniper.writes(ana, "Is the blue one back in stock?");
    let phone = Phone::loaded(&mut juniper, 2);
    (juniper, phone, ana)
}

use shopbell_core::{MessageKind, MessageRow, MessageState};

/// Rows as a person would read them: `Ana: Hello`, `Me [waiting]: Yes!`, `(120 missing)`.
pub fn lines(rows: &[MessageRow]) -> Vec<String> {
    rows.iter()
        .map(|row| match &row.kind {
            MessageKind::Gap { missing } => format!("({missing} missing)"),
            MessageKind::Message {
                author,
                author_name,
                text,
                state,
                shared,
                edited,
                deleted,
                brought_by,
                ..
            } => {
                let who = match author {
                    shopbell_core::Author::Me => "Me",
                    _ => author_name,
                };
                let mut line = match state {
                    Some(state) => format!("{who} [{}]: {text}", word(state)),
                    None => format!("{who}: {text}"),
                };
                match shared.as_ref().map(|shared| (shared.kind.as_str(), &shared.words)) {
                    Some((kind, None)) => line.push_str(&format!("<{kind}>")),
                    Some((kind, Some(words))) => {
                        line.push_str(&format!("<{kind}: {} | {}>", words.title, words.body));
                    }
                    None => {}
                }
                line.push_str(if *edited { " (edited)" } else { "" });
                line.push_str(if *deleted { "(deleted)" } else { "" });
                match brought_by {
                    Some(name) => format!("{line} (by {name})"),
                    None => line,
                }
            }
        })
        .collect()
}

fn word(state: &MessageState) -> &str {
    match state {
        MessageState::Waiting => "waiting",
        MessageState::Cancelling => "cancelling",
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::SentBeforeRestore => "sent before the restore",
        MessageState::Unknown => "unknown",
        MessageState::NotSent { code, .. } => code,
    }
}

/// Runs a future until it waits for something; `None` when it does.
pub fn poll_once<T>(future: impl std::future::Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}
