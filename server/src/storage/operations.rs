//! What the operations of [`Storage`](super::Storage) take and give.
//!
//! The time and new ids come with each call: a storage has no clock and no randomness.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::ids::{
    AttemptId, ChannelId, ConversationId, CustomerId, DeviceId, InboxId, MessageId, SessionId, ShopId,
    StaffId,
};
use shopbell_domain::message::Author;
use shopbell_domain::mutation::Mutation;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{DeviceInfo, PullRequest, Scope};
use shopbell_domain::time::Timestamp;

/// What every channel kind can do, as far as storage needs it.
pub type Kinds = BTreeMap<ChannelKind, Capabilities>;

/// What a committed operation changed, for those who wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The scopes in which rows changed.
    pub scopes: BTreeSet<(ShopId, Scope)>,
    /// The web-chat sessions that have a new event.
    pub chats: BTreeSet<SessionId>,
    /// Whether something may be due in the outgoing queue.
    pub outgoing: bool,
    /// The highest `seq` of each shop in which rows changed.
    pub seqs: BTreeMap<ShopId, i64>,
    /// The permissions that were given: what was revoked of them is so no more.
    pub granted: BTreeSet<(ShopId, StaffId, Permission)>,
}

/// A shop to create, with its first inbox.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// Its id.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// The key of its first web chat.
    pub public_key: String,
    /// The web origins that may embed the chat.
    pub origins: Vec<String>,
    /// Its first inbox.
    pub inbox: InboxId,
    /// The time.
    pub now: Timestamp,
}

/// A channel to create.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// The shop.
    pub shop: ShopId,
    /// Its id.
    pub id: ChannelId,
    /// What kind of service it is.
    pub kind: ChannelKind,
    /// What the shop calls it.
    pub name: String,
    /// The inbox that its conversations go to.
    pub inbox: InboxId,
    /// The key that pages embed. For a web chat only; no two have the same.
    pub public_key: Option<String>,
}

/// A person to add to a shop.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// The shop.
    pub shop: ShopId,
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// The address that they sign in with, as it was written.
    pub email: String,
    /// Their password, hashed.
    pub password_hash: String,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether the shop is theirs.
    pub owner: bool,
}

/// A shop, for those who run the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopRecord {
    /// Its id.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// The key of its first web chat.
    pub public_key: String,
    /// The web origins that may embed the chat.
    pub origins: Vec<String>,
    /// Its inboxes.
    pub inboxes: Vec<InboxId>,
    /// Its channels.
    pub channels: Vec<ChannelRecord>,
}

/// A channel of a shop, for those who run the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRecord {
    /// Its id.
    pub id: ChannelId,
    /// What kind of service it is.
    pub kind: ChannelKind,
    /// What the shop calls it.
    pub name: String,
    /// The key that pages embed; a web chat's only.
    pub public_key: Option<String>,
}

/// A person of a shop, for those who run the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRecord {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether the shop is theirs.
    pub owner: bool,
}

/// A device that may sign in, for those who run the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// What it calls itself.
    pub name: String,
    /// What kind of device it is.
    pub platform: String,
}

/// Somebody who signs in with an address, in one shop.
#[derive(Clone, Debug)]
pub struct SignInCandidate {
    /// The shop.
    pub shop: ShopId,
    /// Its name.
    pub shop_name: String,
    /// The person.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// Their password, hashed.
    pub password_hash: String,
    /// Their token generation.
    pub generation: i64,
}

/// A session to record: somebody gave the right password.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id, which is that of its family of refresh tokens.
    pub id: SessionId,
    /// The shop.
    pub shop: ShopId,
    /// The person.
    pub staff: StaffId,
    /// The token generation under which the password was checked.
    pub generation: i64,
    /// The device.
    pub device: DeviceInfo,
    /// The time.
    pub now: Timestamp,
}

/// What an access token says: who it is, and under which generation it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The shop.
    pub shop: ShopId,
    /// The person.
    pub staff: StaffId,
    /// The device.
    pub device: DeviceId,
    /// The session.
    pub session: SessionId,
    /// The person's token generation.
    pub generation: i64,
}

/// Who asks, with what they may do at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The shop.
    pub shop: ShopId,
    /// The person.
    pub staff: StaffId,
    /// The device.
    pub device: DeviceId,
    /// The session.
    pub session: SessionId,
    /// What they may do. Operations read it again in their own transaction.
    pub permissions: Permissions,
}

/// A genuine refresh token was shown.
#[derive(Clone, Copy, Debug)]
pub struct ShownRefreshToken {
    /// The family.
    pub session: SessionId,
    /// Its place in the family.
    pub counter: i64,
    /// The time.
    pub now: Timestamp,
}

/// What a shown refresh token gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshedSession {
    /// The successor to hand out, and who it is for.
    Successor {
        /// Who it is for.
        credential: Credential,
        /// The successor's place in the family.
        counter: i64,
    },
    /// An older token than the newest one shown: somebody has a copy. The family has ended.
    Revoked,
}

/// `push`: a device's mutations.
#[derive(Clone, Debug)]
pub struct Push {
    /// Who pushes.
    pub caller: Caller,
    /// The epoch that the device believes in.
    pub epoch: shopbell_domain::ids::EpochId,
    /// The mutations, oldest first.
    pub mutations: Vec<Mutation>,
    /// What channels can do.
    pub kinds: std::sync::Arc<Kinds>,
    /// The time.
    pub now: Timestamp,
}

/// `pull`: what changed since the cursors.
#[derive(Clone, Debug)]
pub struct Pull {
    /// Who pulls.
    pub caller: Caller,
    /// The request, its limits checked.
    pub request: PullRequest,
}

/// `snapshot`: one page of a scope.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Who loads.
    pub caller: Caller,
    /// Which scope.
    pub scope: Scope,
    /// Where the page before ended; `None` for the first.
    pub position: Option<SnapshotPosition>,
    /// The time.
    pub now: Timestamp,
}

/// Where a page of a snapshot ended. The caller keeps it between pages and gives it back unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPosition {
    /// The scope's `seq` before the first page was read.
    pub noted: i64,
    /// When the first page was read: the window of closed conversations counts from there.
    pub begun_at: Timestamp,
    /// How many conversations the pages so far brought.
    pub brought: u64,
    /// Where to go on.
    pub next: SnapshotNext,
}

/// Where the next page of a snapshot begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SnapshotNext {
    /// A small scope: rows whose change came after this `seq`.
    Rows(i64),
    /// Conversations whose last activity came before this one's.
    Newest(Timestamp, ConversationId),
    /// The same, but only open ones: the window of closed ones is passed.
    Open(Timestamp, ConversationId),
    /// Conversations that changed while the pages were read, after this `seq`: their place moved up, past the pages.
    Moved(i64),
}

/// A page of a snapshot.
#[derive(Clone, Debug)]
pub struct SnapshotRead {
    /// The scope's grant number.
    pub grant: i64,
    /// The scope's `seq` before the first page was read.
    pub noted: i64,
    /// The rows.
    pub rows: Vec<shopbell_domain::sync::Row>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<SnapshotPosition>,
}

/// `history`: older messages of a conversation.
#[derive(Clone, Debug)]
pub struct History {
    /// Who reads.
    pub caller: Caller,
    /// The conversation.
    pub conversation: ConversationId,
    /// Only messages with a lower `mseq`; `None` for the newest.
    pub before: Option<i64>,
    /// The most messages to bring.
    pub limit: usize,
}

/// `search`: what matches in an inbox.
#[derive(Clone, Debug)]
pub struct Search {
    /// Who searches.
    pub caller: Caller,
    /// The epoch that the device believes in.
    pub epoch: shopbell_domain::ids::EpochId,
    /// Where.
    pub inbox: InboxId,
    /// What the person typed.
    pub query: String,
    /// Where the page before ended; `None` for the first. The caller gives it back unchanged.
    pub before: Option<i64>,
    /// The most conversations to bring.
    pub limit: usize,
}

/// A page of what matches.
#[derive(Clone, Debug)]
pub struct SearchRead {
    /// The inbox's grant number.
    pub grant: i64,
    /// The inbox's `seq` at which this was read.
    pub seq: i64,
    /// The rows: what matches, after the head and the customer of its conversation.
    pub rows: Vec<shopbell_domain::sync::Row>,
    /// The secret parts of the messages among them that this person may see.
    pub also: Vec<shopbell_domain::sync::AlsoRows>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<i64>,
}

/// A shop as one of its web chats knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatShop {
    /// Its id.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
    /// The web chat whose key was shown.
    pub channel: ChannelId,
    /// The web origins that may embed the chat.
    pub origins: Vec<String>,
}

/// A web-chat session to begin.
#[derive(Clone, Debug)]
pub struct NewChat {
    /// Its public id.
    pub session: SessionId,
    /// SHA-256 of its secret token.
    pub token_hash: [u8; 32],
    /// The shop.
    pub shop: ShopId,
    /// The channel.
    pub channel: ChannelId,
    /// What the page calls the customer.
    pub name: Option<String>,
    /// The browser's language.
    pub language: Option<String>,
    /// The page.
    pub page: Option<Page>,
    /// The time.
    pub now: Timestamp,
}

/// A page of a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
}

/// A browser that showed a genuine token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatCaller {
    /// The shop.
    pub shop: ShopId,
    /// The session.
    pub session: SessionId,
    /// The channel.
    pub channel: ChannelId,
    /// What the page calls the customer.
    pub name: Option<String>,
    /// The web origins that may embed the shop's chat.
    pub origins: Vec<String>,
}

/// A sign of life of a browser.
#[derive(Clone, Debug)]
pub struct Presence {
    /// Whose.
    pub caller: ChatCaller,
    /// Whether the page is looked at; `false`: it was left.
    pub here: bool,
    /// The page.
    pub page: Option<Page>,
    /// The time.
    pub now: Timestamp,
}

/// A message as the web chat shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatEvent {
    /// Its number in the session: rises with each event. That of a message that changes is a new one.
    pub n: i64,
    /// The `n` that it had first: where it is shown.
    pub place: i64,
    /// The message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// The name of the person of the shop who wrote it.
    pub name: Option<String>,
    /// What it says, with what is shared in it.
    pub text: String,
    /// When the server stored it.
    pub at: Timestamp,
    /// Whether it was sent with another text.
    pub edited: bool,
    /// Whether it was deleted: it says nothing any more.
    pub deleted: bool,
}

/// A page of a browser's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatEvents {
    /// The events, oldest first.
    pub events: Vec<ChatEvent>,
    /// Whether there are more.
    pub more: bool,
}

/// A customer's message, from whatever channel.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// The channel that it came by.
    pub channel: ChannelId,
    /// The provider's id of the event. The same one again changes nothing.
    pub event: String,
    /// What the provider calls the customer: where replies go.
    pub address: String,
    /// What the provider says the customer's name is.
    pub name: Option<String>,
    /// The message's id.
    pub message: MessageId,
    /// What it says, as it is stored (`text::message_text`).
    pub text: String,
    /// The customer, if this is their first message on this channel.
    pub customer: CustomerId,
    /// The conversation, if this is their first message on this channel.
    pub conversation: ConversationId,
    /// The browser that it came from, for the web chat.
    pub chat: Option<SessionId>,
    /// The time.
    pub now: Timestamp,
}

/// A customer's message was recorded, now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboundRecorded {
    /// The message.
    pub message: MessageId,
    /// Its place among the browser's events, for the web chat.
    pub n: Option<i64>,
}

/// A message on its way to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The shop.
    pub shop: ShopId,
    /// The channel.
    pub channel: ChannelId,
    /// What kind of channel it is.
    pub kind: ChannelKind,
    /// The conversation.
    pub conversation: ConversationId,
    /// What the provider calls the customer.
    pub address: String,
    /// The message; the key by which providers dedupe.
    pub message: MessageId,
    /// What it says, with what is shared in it.
    pub text: String,
    /// This attempt.
    pub attempt: AttemptId,
    /// How many attempts there were, this one among them.
    pub attempts: u32,
    /// When the message was stored.
    pub queued_at: Timestamp,
    /// Whether the answer to an earlier attempt was lost, so that the message may have arrived already.
    pub answer_lost: bool,
}

/// What the outgoing queue has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// This message, whose attempt is now durable: hand it over.
    Message(Box<Outgoing>),
    /// Nothing is due before this time; `None`: nothing waits at all.
    Nothing(Option<Timestamp>),
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The shop.
    pub shop: ShopId,
    /// The message.
    pub message: MessageId,
    /// The attempt. Another one than the present one changes nothing.
    pub attempt: AttemptId,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

/// What came of an attempt to hand a message to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The provider has it.
    Sent,
    /// The provider will not have it.
    Refused {
        /// Why, as a code.
        code: String,
    },
    /// Nobody knows whether the provider has it, and asking again could send it twice.
    Unknown,
    /// Again, not before this time.
    Later {
        /// Not before this time.
        at: Timestamp,
        /// Whether the answer was lost, so that the provider may have it already.
        answer_lost: bool,
    },
}
