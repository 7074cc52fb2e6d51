//! What people do on their phones, and what customers do.

use shopbell_core::{ConversationId, MessageId, MutationId};
use shopbell_domain::secret::{SecretKind, SecretPart};

use super::{Closing, Reply, STEP_MS, World};

impl World {
    /// Somebody replies. `None` when the phone does not hold the conversation.
    pub fn reply(&mut self, phone: usize, conversation: ConversationId, text: &str) -> Option<MessageId> {
        self.step(format!("{phone} replies {text}"));
        let message = self.phones[phone].app().send(conversation, text).ok()?;
        let text = text.to_owned();
        self.replies.push(Reply { phone, conversation, message, text, gone: false, shared: false });
        Some(message)
    }

    /// Somebody closes. `None` when the phone does not hold the conversation.
    pub fn close(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} closes"));
        self.looked_at(phone, conversation);
        let mutation = self.phones[phone].app().close(conversation).ok()?;
        let replies = self.replies.len();
        self.closings.push(Closing { phone, conversation, mutation, replies });
        Some(mutation)
    }

    /// Somebody opens a conversation again.
    pub fn reopen(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} reopens"));
        self.phones[phone].app().reopen(conversation).ok()
    }

    /// Somebody has read what is on the screen.
    pub fn read(&mut self, phone: usize, conversation: ConversationId) -> Option<MutationId> {
        self.step(format!("{phone} reads"));
        self.looked_at(phone, conversation);
        self.phones[phone].app().mark_read(conversation).ok().flatten()
    }

    /// Somebody replies with a discount. `None` when the phone does not hold the conversation, or they may not.
    pub fn share(&mut self, phone: usize, conversation: ConversationId, text: &str) -> Option<MessageId> {
        self.step(format!("{phone} shares {text}"));
        let (kind, title) = (SecretKind::Discount, format!("Code for {text}"));
        let secret = SecretPart { kind, title, body: String::new() };
        let message = self.phones[phone].app().share(conversation, text, &secret).ok()?;
        let text = text.to_owned();
        self.replies.push(Reply { phone, conversation, message, text, gone: false, shared: true });
        Some(message)
    }

    /// Somebody takes a reply back that was just sent. Answers whether that could still be asked for.
    pub fn take_back(&mut self, phone: usize, message: MessageId) -> bool {
        self.step(format!("{phone} takes back"));
        let asked = self.phones[phone].app().take_back(message).is_ok();
        self.unwanted(message, asked);
        asked
    }

    /// Somebody deletes a reply that was sent.
    pub fn delete(&mut self, phone: usize, conversation: ConversationId, message: MessageId) -> bool {
        self.step(format!("{phone} deletes"));
        let asked = self.phones[phone].app().delete_message(conversation, message).is_ok();
        self.unwanted(message, asked);
        asked
    }

    /// Somebody sends a refused change again.
    pub fn retry(&mut self, phone: usize, mutation: MutationId) -> bool {
        self.step(format!("{phone} retries"));
        self.phones[phone].app().retry(mutation).is_ok()
    }

    /// Somebody takes a refused change off the list.
    pub fn delete_unsent(&mut self, phone: usize, mutation: MutationId) {
        self.step(format!("{phone} deletes what was refused"));
        let message = self.phones[phone].message_of(mutation);
        self.phones[phone].app().delete_unsent(mutation).unwrap();
        if let Some(message) = message {
            self.unwanted(message, true);
        }
    }

    fn unwanted(&mut self, message: MessageId, gone: bool) {
        for reply in self.replies.iter_mut().filter(|reply| reply.message == message) {
            reply.gone |= gone;
        }
    }

    /// The replies written on a phone, oldest first.
    pub fn replies(&self, phone: usize) -> Vec<(ConversationId, MessageId)> {
        let own = self.replies.iter().filter(|reply| reply.phone == phone);
        own.map(|reply| (reply.conversation, reply.message)).collect()
    }

    fn looked_at(&mut self, phone: usize, conversation: ConversationId) {
        let phone = &self.phones[phone];
        let texts = phone.customers_texts(conversation);
        self.seen.entry(phone.person).or_default().extend(texts);
    }

    /// A customer writes and posts; `heard` says whether they hear that it arrived.
    pub fn writes(&mut self, customer: usize, heard: bool) {
        self.step(format!("customer {customer} writes, heard: {heard}"));
        self.customers[customer].write();
        self.customers[customer].post(&self.server, &*self.env, heard);
    }

    /// A customer's page or provider tries again whatever was not heard of, and looks for what is new. Answers
    /// whether it did anything.
    pub fn customer_again(&mut self, customer: usize) -> bool {
        self.wait_ms(STEP_MS);
        let posted = self.customers[customer].post(&self.server, &*self.env, true);
        self.customers[customer].look(&self.server);
        posted
    }
}
