//! The shop's side of the story: rows with their `seq`, and answers read from them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shopbell_core::domain::channel::{Channel, ChannelKind};
use shopbell_core::domain::conversation::{Base, Conversation, Field as Value, ReadMarker, Status, Ver};
use shopbell_core::domain::customer::{Customer, Tags};
use shopbell_core::domain::draft::Draft;
use shopbell_core::domain::env::{Env, FixedEnv};
use shopbell_core::domain::ids::{
    ChannelId, ConversationId, CustomerId, DeviceId, EpochId, InboxId, MessageId, MutationId, NoteId, ShopId,
    StaffId,
};
use shopbell_core::domain::message::{Author, Delivery, Message, Preview, Revision};
use shopbell_core::domain::mutation::cancel::Cancel;
use shopbell_core::domain::mutation::recover_message::RecoverMessage;
use shopbell_core::domain::mutation::send_message::SendMessage;
use shopbell_core::domain::mutation::{CustomerSubject, Facts, Mutation, Operation, Subject, Target};
use shopbell_core::domain::note::Note;
use shopbell_core::domain::refusal::Refusal;
use shopbell_core::domain::search::{Field, Query};
use shopbell_core::domain::secret::{Secret, SecretKind, SecretPart};
use shopbell_core::domain::shop::Shop;
use shopbell_core::domain::staff::{Actor, Permission, Permissions, Staff};
use shopbell_core::domain::sync::{
    AlsoRows, Checksum, Entity, Grant, HistoryAnswer, MutationResult, Outcome, PullAnswer, PullRequest,
    PushAnswer, PushRequest, PutDraft, Refreshed, Row, RowRef, Scope, ScopeRows, SearchAnswer, SearchRequest,
    SignedIn, SignedInShop, SignedInStaff, SnapshotPage, Survives,
};
use shopbell_core::domain::text::preview;
use uuid::Uuid;

/// What the rows and results are, and what is granted.
pub struct Juniper {
    pub env: FixedEnv,
    pub shop: ShopId,
    pub mina: StaffId,
    pub theo: StaffId,
    pub inbox: InboxId,
    pub channel: ChannelId,
    pub epoch: EpochId,
    pub seq: i64,
    /// Every granted scope with its grant number.
    pub granted: BTreeMap<Scope, i64>,
    /// How many rows a snapshot page holds.
    pub page_rows: usize,
    /// Scopes whose cursors are said to be too old at the next pull.
    pub reload: Vec<Scope>,
    rows: BTreeMap<Scope, BTreeMap<(Entity, String), Row>>,
    customers: i64,
    /// What became of each mutation, so that the same one again gets the same result.
    results: BTreeMap<MutationId, MutationResult>,
    /// What is left of earlier histories.
    pub survives: Vec<Survives>,
    /// What the channel's provider was handed, in order.
    pub handed: Vec<MessageId>,
    /// Up to where a backup holds everything.
    pub backed_up: Option<i64>,
}

/// What a backup holds.
#[derive(Clone)]
pub struct Backup {
    epoch: EpochId,
    seq: i64,
    rows: BTreeMap<Scope, BTreeMap<(Entity, String), Row>>,
    results: BTreeMap<MutationId, MutationResult>,
    customers: i64,
    survives: Vec<Survives>,
}

impl Juniper {
    /// The shop with its people and its web chat; nobody has written yet.
    pub fn new(seed: u64) -> Juniper {
        let env = FixedEnv::seeded(seed);
        let mut juniper = Juniper {
            shop: ShopId::new(&env),
            mina: StaffId::new(&env),
            theo: StaffId::new(&env),
            inbox: InboxId::new(&env),
            channel: ChannelId::new(&env),
            epoch: EpochId::new(&env),
            env,
            seq: 0,
            granted: BTreeMap::new(),
            page_rows: 1_000,
            reload: Vec::new(),
            rows: BTreeMap::new(),
            customers: 0,
            results: BTreeMap::new(),
            survives: Vec::new(),
            handed: Vec::new(),
            backed_up: None,
        };
        let (shop, mina, theo, channel) = (juniper.shop, juniper.mina, juniper.theo, juniper.channel);
        juniper.put(Scope::Shop, Entity::Shop, shop.0, &Shop { name: "Juniper".into() });
        juniper.put(Scope::Shop, Entity::Staff, mina.0, &person("Mina", &[Permission::Full], true));
        let answers = [Permission::Chat, Permission::Customers];
        juniper.put(Scope::Shop, Entity::Staff, theo.0, &person("Theo", &answers, false));
        let chat = Channel {
            kind: ChannelKind::new(ChannelKind::WEB_CHAT),
            name: "Web chat".into(),
            inbox: juniper.inbox,
        };
        juniper.put(Scope::Shop, Entity::Channel, channel.0, &chat);
        juniper
    }

    /// The scope of the shop's one inbox.
    pub fn inbox_scope(&self) -> Scope {
        Scope::Inbox(self.inbox)
    }

    /// Theo signs in on this device: what it is granted.
    pub fn sign_in_theo(&mut self, device: DeviceId) -> SignedIn {
        for scope in [Scope::Shop, self.inbox_scope(), Scope::User(self.theo), Scope::Device(device)] {
            self.granted.entry(scope).or_insert(1);
        }
        SignedIn {
            shop: SignedInShop { id: self.shop, name: "Juniper".into() },
            staff: SignedInStaff { id: self.theo, name: "Theo".into() },
            session: self.tokens(1),
        }
    }

    /// The tokens of the `n`th refresh.
    pub fn tokens(&self, n: u32) -> Refreshed {
        Refreshed {
            epoch: self.epoch,
            access_token: format!("access {n}"),
            access_expires_at: self.env.now().plus_ms(900_000),
            refresh_token: format!("refresh {n}"),
        }
    }

    /// A row in its next version.
    pub fn put(&mut self, scope: Scope, entity: Entity, id: Uuid, body: &impl Serialize) {
        self.seq += 1;
        let row = Row::live(entity, id, Ver(self.seq), body);
        self.rows.entry(scope).or_default().insert((entity, id.to_string()), row);
    }

    /// The end of a row.
    pub fn end(&mut self, scope: Scope, entity: Entity, id: Uuid) {
        self.seq += 1;
        let row = Row::ended(entity, id, Ver(self.seq));
        self.rows.entry(scope).or_default().insert((entity, id.to_string()), row);
    }

    /// A row as it is now, unless it ended.
    pub fn get<T: DeserializeOwned>(&self, scope: Scope, entity: Entity, id: Uuid) -> Option<T> {
        let row = self.rows.get(&scope)?.get(&(entity, id.to_string()))?;
        (!row.ended).then(|| serde_json::from_str(row.body.as_ref().unwrap().get()).unwrap())
    }

    /// The shop opens another web chat.
    pub fn opens_channel(&mut self, name: &str) -> ChannelId {
        let id = ChannelId::new(&self.env);
        let chat = Channel {
            kind: ChannelKind::new(ChannelKind::WEB_CHAT),
            name: name.to_owned(),
            inbox: self.inbox,
        };
        self.put(Scope::Shop, Entity::Channel, id.0, &chat);
        id
    }

    /// A customer begins a conversation.
    pub fn begins(&mut self, name: &str) -> ConversationId {
        self.begins_on(self.channel, name)
    }

    /// A customer begins a conversation on this channel.
    pub fn begins_on(&mut self, channel: ChannelId, name: &str) -> ConversationId {
        self.customers += 1;
        let customer = CustomerId::new(&self.env);
        let who = Customer { name: Some(name.to_owned()), number: self.customers, tags: Tags::default() };
        self.put(self.inbox_scope(), Entity::Customer, customer.0, &who);
        self.comes_back(channel, customer)
    }

    /// A customer who is known begins another conversation.
    pub fn comes_back(&mut self, channel: ChannelId, customer: CustomerId) -> ConversationId {
        let id = ConversationId::new(&self.env);
        let head = Conversation::begin(customer, channel, self.env.now());
        self.put_head(id, head);
        id
    }

    /// Theo's other phone, or this one, has begun to write.
    pub fn stores_draft(&mut self, conversation: ConversationId, put: &PutDraft) {
        let user = Scope::User(self.theo);
        if self.get::<Message>(self.inbox_scope(), Entity::Message, put.message.0).is_some() {
            return; // it was sent
        }
        if put.text.is_empty() {
            if self.get::<Draft>(user, Entity::Draft, conversation.0).is_some() {
                self.end(user, Entity::Draft, conversation.0);
            }
            return;
        }
        let draft = Draft { conversation, message: put.message, text: put.text.clone() };
        self.put(user, Entity::Draft, conversation.0, &draft);
    }

    /// A colleague changes a customer or the notes about them, from elsewhere.
    pub fn changes_customer(
        &mut self,
        staff: StaffId,
        operation: &Operation,
        base: Option<Base>,
    ) -> Result<(), Refusal> {
        let mutation = Mutation::new(MutationId::new(&self.env), operation, base, self.env.now());
        self.apply_to_customer(staff, &mutation, operation).map(|_| ())
    }

    /// The notes about a customer.
    pub fn notes(&self, customer: CustomerId) -> BTreeMap<NoteId, Note> {
        let rows = self.rows[&self.inbox_scope()].values();
        rows.filter(|row| row.entity == Entity::Note && !row.ended)
            .map(|row| (NoteId(row.id), row.read::<Note>().unwrap()))
            .filter(|(_, note)| note.customer == customer)
            .collect()
    }

    /// The customer writes.
    pub fn writes(&mut self, conversation: ConversationId, text: &str) -> MessageId {
        self.env.advance_ms(1_000);
        let id = MessageId::new(&self.env);
        let mut head = self.head(conversation);
        let line = Preview::of(id, Author::Customer, preview(text));
        head.record_inbound(line, self.env.now());
        self.put_message(id, conversation, &head, Author::Customer, text);
        self.put_head(conversation, head);
        id
    }

    /// Somebody of the shop writes, from elsewhere.
    pub fn answers(&mut self, staff: StaffId, conversation: ConversationId, text: &str) -> MessageId {
        self.env.advance_ms(1_000);
        let id = MessageId::new(&self.env);
        self.record_answer(id, staff, conversation, text);
        id
    }

    /// Every conversation.
    pub fn conversations(&self) -> Vec<ConversationId> {
        let rows = self.rows[&self.inbox_scope()].values();
        let heads = rows.filter(|row| row.entity == Entity::Conversation && !row.ended);
        heads.map(|row| ConversationId(row.id)).collect()
    }

    /// Somebody of the shop shares something, from elsewhere.
    pub fn shares(
        &mut self,
        staff: StaffId,
        conversation: ConversationId,
        kind: SecretKind,
        title: &str,
        body: &str,
    ) -> MessageId {
        self.env.advance_ms(1_000);
        let id = MessageId::new(&self.env);
        let mut head = self.head(conversation);
        let preview = Preview { shared: Some(kind), ..Preview::of(id, Author::Staff(staff), String::new()) };
        head.record_outbound(preview, self.env.now());
        let message = Message {
            delivery: Some(Delivery::Queued),
            shared: Some(kind),
            ..Message::new(conversation, head.last_mseq, Author::Staff(staff), String::new(), self.env.now())
        };
        self.put(self.inbox_scope(), Entity::Message, id.0, &message);
        let part = SecretPart { kind, title: title.to_owned(), body: body.to_owned() };
        self.put(kind.scope(self.inbox), Entity::Secret, id.0, &Secret { conversation, part });
        self.put_head(conversation, head);
        id
    }

    /// A message changes otherwise.
    pub fn changes_message(&mut self, message: MessageId, change: impl FnOnce(&mut Message)) {
        let mut body: Message = self.get(self.inbox_scope(), Entity::Message, message.0).unwrap();
        change(&mut body);
        self.put(self.inbox_scope(), Entity::Message, message.0, &body);
    }

    /// A colleague closes a conversation, or opens it again.
    pub fn sets_status(&mut self, conversation: ConversationId, status: Status) {
        let mut head = self.head(conversation);
        head.status = Value::new(status);
        self.put_head(conversation, head);
    }

    /// Takes a row out without a trace, as a fault would.
    pub fn loses_row(&mut self, scope: Scope, entity: Entity, id: Uuid) {
        self.rows.get_mut(&scope).unwrap().remove(&(entity, id.to_string())).unwrap();
    }

    /// The head as the server has it.
    pub fn head(&self, conversation: ConversationId) -> Conversation {
        let row = &self.rows[&self.inbox_scope()][&(Entity::Conversation, conversation.0.to_string())];
        row.read().unwrap()
    }

    /// The head changes otherwise.
    pub fn put_head(&mut self, conversation: ConversationId, mut head: Conversation) {
        head.stamp(Ver(self.seq + 1));
        self.put(self.inbox_scope(), Entity::Conversation, conversation.0, &head);
    }

    /// How far a message has come.
    pub fn delivered(&mut self, message: MessageId, delivery: Delivery) {
        let row = &self.rows[&self.inbox_scope()][&(Entity::Message, message.0.to_string())];
        let mut body: Message = row.read().unwrap();
        body.delivery = Some(delivery);
        self.put(self.inbox_scope(), Entity::Message, message.0, &body);
    }

    /// Everything that a restore brings back.
    pub fn backup(&self) -> Backup {
        Backup {
            epoch: self.epoch,
            seq: self.seq,
            rows: self.rows.clone(),
            results: self.results.clone(),
            customers: self.customers,
            survives: self.survives.clone(),
        }
    }

    /// The server is restored: another history begins. What waited to be handed to the channel may have been.
    pub fn restore(&mut self, backup: &Backup) {
        let backup = backup.clone();
        self.survives = backup.survives;
        self.survives.push(Survives { epoch: backup.epoch, seq: backup.seq });
        self.epoch = EpochId::new(&self.env);
        (self.seq, self.rows, self.results) = (backup.seq, backup.rows, backup.results);
        self.customers = backup.customers;
        for message in self.queued() {
            self.delivered(message, Delivery::Unknown);
        }
    }

    /// Whether there is such a conversation.
    pub fn has(&self, conversation: ConversationId) -> bool {
        self.get::<Conversation>(self.inbox_scope(), Entity::Conversation, conversation.0).is_some()
    }

    /// The channel's provider is handed what waits for it.
    pub fn hands_over(&mut self) {
        for message in self.queued() {
            self.handed.push(message);
            self.delivered(message, Delivery::Sent);
        }
    }

    fn queued(&self) -> Vec<MessageId> {
        let rows = self.rows.get(&self.inbox_scope()).into_iter().flat_map(BTreeMap::values);
        let mut queued: Vec<(i64, MessageId)> = rows
            .filter(|row| row.entity == Entity::Message && !row.ended)
            .filter_map(|row| {
                let message: Message = row.read().unwrap();
                (message.delivery == Some(Delivery::Queued)).then_some((message.mseq, MessageId(row.id)))
            })
            .collect();
        queued.sort();
        queued.into_iter().map(|(_, message)| message).collect()
    }

    /// The server takes a push in: each mutation by the domain's rules, at most once.
    pub fn takes(&mut self, push: &PushRequest) -> PushAnswer {
        let mut blocked = Vec::new();
        for mutation in &push.mutations {
            if let Some(result) = self.results.get(&mutation.mid).cloned() {
                self.put(Scope::Device(push.device), Entity::Result, mutation.mid.0, &result);
                continue;
            }
            let accepted =
                |mid| self.results.get(mid).is_some_and(|known| known.outcome == Outcome::Accepted);
            if !mutation.depends_on.iter().all(accepted) {
                blocked.push(mutation.mid);
                continue;
            }
            self.env.advance_ms(1_000);
            if let Ok(Operation::Cancel(cancel)) = mutation.operation() {
                match self.cancels(push.device, &cancel) {
                    Ok(rows) => self.result(push.device, mutation.mid, Outcome::Accepted, rows),
                    Err(refusal) => self.refuses(push.device, mutation.mid, refusal),
                }
                continue;
            }
            match self.apply(mutation) {
                Ok(rows) => self.result(push.device, mutation.mid, Outcome::Accepted, rows),
                Err(refusal) => self.refuses(push.device, mutation.mid, refusal),
            }
        }
        PushAnswer { epoch: self.epoch, blocked, faults: vec![], failed: None }
    }

    fn cancels(&mut self, device: DeviceId, cancel: &Cancel) -> Result<Vec<RowRef>, Refusal> {
        let scope = self.inbox_scope();
        let named = RowRef { scope, entity: Entity::Message, id: cancel.message.0 };
        match self.results.get(&cancel.mutation).map(|known| known.outcome.clone()) {
            None => {
                self.result(device, cancel.mutation, Outcome::Cancelled, vec![]);
                Ok(vec![])
            }
            Some(Outcome::Accepted) if self.queued().contains(&cancel.message) => {
                let sent: Message = self.get(scope, Entity::Message, cancel.message.0).unwrap();
                self.end(scope, Entity::Message, cancel.message.0);
                // Its place is kept, so that there is no hole.
                let place = MessageId::new(&self.env);
                let revision = Some(Revision::made(cancel.mutation, self.env.now()));
                let kept = Message { text: String::new(), delivery: None, deleted: true, revision, ..sent };
                self.put(scope, Entity::Message, place.0, &kept);
                let rows = vec![named, RowRef { id: place.0, ..named }];
                self.result(device, cancel.mutation, Outcome::Cancelled, rows.clone());
                Ok(rows)
            }
            Some(Outcome::Accepted) => Err(Refusal::AlreadySent),
            Some(_) => Ok(vec![]),
        }
    }

    /// Whether the server has decided on a mutation.
    pub fn knows(&self, mid: MutationId) -> bool {
        self.results.contains_key(&mid)
    }

    /// What became of a mutation, before it comes.
    pub fn outcome(&mut self, device: DeviceId, mid: MutationId, outcome: Outcome) {
        self.result(device, mid, outcome, vec![]);
    }

    /// The server refuses a mutation.
    pub fn refuses(&mut self, device: DeviceId, mid: MutationId, refusal: Refusal) {
        self.result(device, mid, Outcome::Refused(refusal), vec![]);
    }

    /// What a pull brings.
    pub fn pull(&self, request: &PullRequest) -> PullAnswer {
        let mut left = request.limit;
        let mut scopes = Vec::new();
        let mut also: BTreeMap<Scope, Vec<Row>> = BTreeMap::new();
        for asked in &request.scopes {
            let Some(grant) = self.granted.get(&asked.scope) else {
                continue;
            };
            let mut rows: Vec<Row> = self.after(asked.scope, asked.cursor);
            let more = rows.len() > left;
            rows.truncate(left);
            left -= rows.len();
            let cursor = if more { rows.last().map_or(asked.cursor, |row| row.ver.0) } else { self.seq };
            for row in rows.iter().filter(|row| row.entity == Entity::Result) {
                for named in row.read::<MutationResult>().unwrap().rows {
                    let present = &self.rows[&named.scope][&(named.entity, named.id.to_string())];
                    also.entry(named.scope).or_default().push(present.clone());
                }
            }
            scopes.push(ScopeRows {
                scope: asked.scope,
                grant: *grant,
                from: asked.cursor,
                cursor,
                more,
                rows,
                checksum: (request.checksums && !more).then(|| self.checksum(asked.scope)).flatten(),
            });
        }
        PullAnswer {
            epoch: self.epoch,
            granted: self
                .granted
                .iter()
                .map(|(scope, grant)| Grant { scope: *scope, grant: *grant })
                .collect(),
            scopes,
            reload: self.reload.clone(),
            backed_up: self.backed_up,
            also: also
                .into_iter()
                .filter(|(scope, _)| self.granted.contains_key(scope))
                .map(|(scope, rows)| AlsoRows { scope, grant: self.granted[&scope], rows })
                .collect(),
        }
    }

    /// A page of a scope: `page` is how many rows came before it and the `seq` noted at the first.
    pub fn snapshot(&self, scope: Scope, page: Option<&str>) -> SnapshotPage {
        let (skip, noted) = match page.and_then(|page| page.split_once('@')) {
            Some((skip, noted)) => (skip.parse().unwrap(), noted.parse().unwrap()),
            None => (0, self.seq),
        };
        let rows = self.rows.get(&scope).map(|rows| rows.values().filter(|row| !row.ended).cloned());
        let all: Vec<Row> = rows.map(Iterator::collect).unwrap_or_default();
        let next = (skip + self.page_rows < all.len()).then(|| format!("{}@{noted}", skip + self.page_rows));
        let rows = all.into_iter().skip(skip).take(self.page_rows).collect();
        SnapshotPage { epoch: self.epoch, scope, grant: self.granted[&scope], noted, rows, next }
    }

    /// A page of a conversation's messages, newest first.
    pub fn history(&self, conversation: ConversationId, before: i64, limit: usize) -> HistoryAnswer {
        let mut rows = self.messages(conversation);
        rows.retain(|row| row.read::<Message>().unwrap().mseq < before);
        rows.reverse();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let scope = self.inbox_scope();
        HistoryAnswer {
            epoch: self.epoch,
            scope,
            grant: self.granted[&scope],
            seq: self.seq,
            also: self.secrets_of(&rows),
            rows,
            more,
        }
    }

    /// What is shared with those who may see it, in messages among these rows.
    fn secrets_of(&self, rows: &[Row]) -> Vec<AlsoRows> {
        let scopes = self.granted.iter().filter(|(scope, _)| self.is_secret(**scope));
        let parts = scopes.map(|(scope, grant)| {
            let held = self.rows.get(scope);
            let part = |row: &Row| held?.get(&(Entity::Secret, row.id.to_string())).cloned();
            AlsoRows { scope: *scope, grant: *grant, rows: rows.iter().filter_map(part).collect() }
        });
        parts.filter(|part| !part.rows.is_empty()).collect()
    }

    fn is_secret(&self, scope: Scope) -> bool {
        SecretKind::ALL.iter().any(|kind| kind.scope(self.inbox) == scope)
    }

    /// What a scope adds up to.
    fn checksum(&self, scope: Scope) -> Option<Checksum> {
        if matches!(scope, Scope::Device(_)) {
            return None;
        }
        let mut sum = Checksum::default();
        for row in self.rows.get(&scope).into_iter().flat_map(BTreeMap::values).filter(|row| !row.ended) {
            let counts = match (scope, row.entity) {
                (Scope::Inbox(_), Entity::Conversation) => {
                    row.read::<Conversation>().unwrap().status.value == Status::Open
                }
                (Scope::Inbox(_), _) => false,
                _ => true,
            };
            if counts {
                sum.add(row.entity, row.id, row.ver);
            }
        }
        Some(sum)
    }

    /// A page of what matches, newest first: `page` is how many conversations came before it. Only what was said, and
    /// no names, is looked through.
    pub fn search(&self, request: &SearchRequest) -> SearchAnswer {
        let query = Query::parse(&request.query);
        let rows =
            self.rows[&request.scope].values().filter(|row| row.entity == Entity::Message && !row.ended);
        let mut matching: BTreeMap<ConversationId, Vec<Row>> = BTreeMap::new();
        for row in rows {
            let message: Message = row.read().unwrap();
            let secret = self.secrets_of(std::slice::from_ref(row)).pop().map(|part| part.rows[0].clone());
            let secret = secret.map(|row| row.read::<Secret>().unwrap().part);
            let is_shared = secret.is_some_and(|part| query.matches(&part.told(""), Field::Text));
            if query.matches(&message.text, Field::Text) || is_shared {
                matching.entry(message.conversation).or_default().push(row.clone());
            }
        }
        let mut found: Vec<(ConversationId, Vec<Row>)> = matching.into_iter().collect();
        found.sort_by_key(|(conversation, _)| std::cmp::Reverse(self.head(*conversation).activity_at));
        let skip: usize = request.page.as_deref().map_or(0, |page| page.parse().unwrap());
        let limit = request.limit.min(self.page_rows);
        let next = (skip + limit < found.len()).then(|| (skip + limit).to_string());
        let mut rows = Vec::new();
        for (conversation, messages) in found.into_iter().skip(skip).take(limit) {
            let customer = self.head(conversation).customer;
            for (entity, id) in [(Entity::Customer, customer.0), (Entity::Conversation, conversation.0)] {
                rows.push(self.rows[&request.scope][&(entity, id.to_string())].clone());
            }
            rows.extend(messages);
        }
        let (epoch, scope, grant) = (self.epoch, request.scope, self.granted[&request.scope]);
        let also = self.secrets_of(&rows);
        SearchAnswer { epoch, scope, grant, seq: self.seq, rows, next, also }
    }

    /// The newest message of all.
    pub fn last_message(&self) -> MessageId {
        let rows = self.rows[&self.inbox_scope()].values().filter(|row| row.entity == Entity::Message);
        MessageId(rows.max_by_key(|row| row.ver).unwrap().id)
    }

    /// The rows of a conversation's messages, oldest first.
    pub fn messages(&self, conversation: ConversationId) -> Vec<Row> {
        let mut rows: Vec<Row> = self.rows[&self.inbox_scope()]
            .values()
            .filter(|row| row.entity == Entity::Message && !row.ended)
            .filter(|row| row.read::<Message>().unwrap().conversation == conversation)
            .cloned()
            .collect();
        rows.sort_by_key(|row| row.read::<Message>().unwrap().mseq);
        rows
    }

    /// Takes rows out of a scope's log, as if they had been left to history.
    pub fn forget_in_snapshot(&mut self, rows: &[Row]) {
        let scope = self.inbox_scope();
        let log = self.rows.get_mut(&scope).unwrap();
        for row in rows {
            log.remove(&(row.entity, row.id.to_string()));
        }
    }

    /// Puts rows back that were taken out.
    pub fn remember(&mut self, rows: &[Row]) {
        let scope = self.inbox_scope();
        let log = self.rows.get_mut(&scope).unwrap();
        for row in rows {
            log.insert((row.entity, row.id.to_string()), row.clone());
        }
    }

    fn after(&self, scope: Scope, cursor: i64) -> Vec<Row> {
        let mut rows: Vec<Row> = self
            .rows
            .get(&scope)
            .map(|rows| rows.values().filter(|row| row.ver.0 > cursor).cloned().collect())
            .unwrap_or_default();
        rows.sort_by_key(|row| row.ver);
        rows
    }

    fn apply(&mut self, mutation: &Mutation) -> Result<Vec<RowRef>, Refusal> {
        let operation = mutation.operation()?;
        let Target::Conversation(conversation) = operation.target() else {
            return self.apply_to_customer(self.theo, mutation, &operation);
        };
        let scope = self.inbox_scope();
        let user = Scope::User(self.theo);
        let marker = self.get(user, Entity::ReadMarker, conversation.0);
        let marker = marker.unwrap_or_else(|| ReadMarker::new(conversation));
        if self.get::<Conversation>(scope, Entity::Conversation, conversation.0).is_none() {
            self.makes_again(conversation, mutation)?;
        }
        let message = operation.own_message().and_then(|id| self.get(scope, Entity::Message, id.0));
        let mut subject = Subject { head: self.head(conversation), marker, message };
        if let Operation::SendMessage(SendMessage { message, .. })
        | Operation::RecoverMessage(RecoverMessage { message, .. }) = &operation
            && self.get::<Message>(scope, Entity::Message, message.0).is_some()
        {
            let again = mutation.replay.is_some() || matches!(operation, Operation::RecoverMessage(_));
            return if again { Ok(vec![]) } else { Err(Refusal::AlreadySent) };
        }
        let seen_number = operation.seen_message().and_then(|message| {
            let row = self.rows[&scope].get(&(Entity::Message, message.0.to_string()))?;
            row.read::<Message>().unwrap().inbound_number
        });
        let named = operation.named_staff();
        let facts = Facts {
            named_staff: named.map(|_| person("Theo", &[Permission::Chat, Permission::Customers], false)),
            seen_number,
            ..self.facts(self.theo, mutation)
        };
        let added = operation.apply(&facts, &mut subject)?;
        let mut rows = vec![RowRef { scope, entity: Entity::Conversation, id: conversation.0 }];
        if let (Some(id), Some(mut message)) = (operation.own_message(), subject.message.take()) {
            message.stamp(Ver(self.seq + 1));
            self.put(scope, Entity::Message, id.0, &message);
            rows.push(RowRef { scope, entity: Entity::Message, id: id.0 });
        }
        if let Some(message) = added {
            self.put_message(message.id, conversation, &subject.head, message.author, &message.text);
            match (mutation.replay, mutation.attempted_epoch) {
                (Some(replay), _) if replay.seen_sent => {
                    self.delivered(message.id, Delivery::SentBeforeRestore);
                }
                (Some(_), _) | (_, Some(_)) if message.author != Author::Customer => {
                    self.delivered(message.id, Delivery::Unknown);
                }
                _ => {}
            }
            rows.push(RowRef { scope, entity: Entity::Message, id: message.id.0 });
            let draft: Option<Draft> = self.get(user, Entity::Draft, conversation.0);
            if draft.is_some_and(|draft| draft.message == message.id) {
                self.end(user, Entity::Draft, conversation.0);
            }
        }
        if matches!(operation, Operation::MarkRead(_) | Operation::MarkUnread(_)) {
            self.put(user, Entity::ReadMarker, conversation.0, &subject.marker);
            rows.push(RowRef { scope: user, entity: Entity::ReadMarker, id: conversation.0 });
        }
        self.put_head(conversation, subject.head);
        Ok(rows)
    }

    /// A conversation that a restore has lost is there again, when what is brought back says where it came from.
    fn makes_again(&mut self, id: ConversationId, mutation: &Mutation) -> Result<(), Refusal> {
        let Some(origin) = &mutation.origin else {
            return Err(Refusal::UnknownConversation);
        };
        let scope = self.inbox_scope();
        if self.get::<Customer>(scope, Entity::Customer, origin.customer.0).is_none() {
            self.customers += 1;
            let who = Customer { name: origin.name.clone(), number: self.customers, tags: Tags::default() };
            self.put(scope, Entity::Customer, origin.customer.0, &who);
        }
        self.put_head(id, Conversation::begin(origin.customer, origin.channel, origin.started_at));
        Ok(())
    }

    fn apply_to_customer(
        &mut self,
        staff: StaffId,
        mutation: &Mutation,
        operation: &Operation,
    ) -> Result<Vec<RowRef>, Refusal> {
        let Target::Customer(customer) = operation.target() else {
            panic!("{operation:?} is not about a customer");
        };
        let scope = self.inbox_scope();
        let held = self.get(scope, Entity::Customer, customer.0).ok_or(Refusal::UnknownCustomer)?;
        let before = CustomerSubject::new(held, self.notes(customer));
        let mut after = before.clone();
        operation.apply_to_customer(&self.facts(staff, mutation), &mut after)?;
        let mut rows = vec![RowRef { scope, entity: Entity::Customer, id: customer.0 }];
        if after.customer != before.customer {
            self.put(scope, Entity::Customer, customer.0, &after.customer);
        }
        for id in before.notes.keys().filter(|id| !after.notes.contains_key(id)) {
            self.end(scope, Entity::Note, id.0);
            rows.push(RowRef { scope, entity: Entity::Note, id: id.0 });
        }
        for (id, note) in &after.notes {
            if before.notes.get(id) != Some(note) {
                let mut note = note.clone();
                note.stamp(Ver(self.seq + 1));
                self.put(scope, Entity::Note, id.0, &note);
                rows.push(RowRef { scope, entity: Entity::Note, id: id.0 });
            }
        }
        Ok(rows)
    }

    fn facts(&self, staff: StaffId, mutation: &Mutation) -> Facts {
        Facts {
            actor: Actor { staff, permissions: Permissions::of([Permission::Customers]) },
            mid: mutation.mid,
            base: mutation.base,
            now: self.env.now(),
            named_staff: None,
            seen_number: None,
            text_limit_chars: 5_000,
            channel_revises: true,
        }
    }

    fn result(&mut self, device: DeviceId, mid: MutationId, outcome: Outcome, rows: Vec<RowRef>) {
        let result = MutationResult { mid, outcome, rows };
        self.put(Scope::Device(device), Entity::Result, mid.0, &result);
        self.results.insert(mid, result);
    }

    fn record_answer(&mut self, id: MessageId, staff: StaffId, conversation: ConversationId, text: &str) {
        let mut head = self.head(conversation);
        let line = Preview::of(id, Author::Staff(staff), preview(text));
        head.record_outbound(line, self.env.now());
        self.put_message(id, conversation, &head, Author::Staff(staff), text);
        self.put_head(conversation, head);
    }

    fn put_message(
        &mut self,
        id: MessageId,
        conversation: ConversationId,
        head: &Conversation,
        author: Author,
        text: &str,
    ) {
        let from_customer = author == Author::Customer;
        let message = Message {
            inbound_number: from_customer.then_some(head.inbound_count),
            delivery: (!from_customer).then_some(Delivery::Queued),
            ..Message::new(conversation, head.last_mseq, author, text.to_owned(), self.env.now())
        };
        self.put(self.inbox_scope(), Entity::Message, id.0, &message);
    }
}

/// A person of the shop.
pub fn person(name: &str, permissions: &[Permission], owner: bool) -> Staff {
    Staff {
        name: name.to_owned(),
        email: format!("{}@juniper.example", name.to_lowercase()),
        permissions: Permissions::of(permissions.iter().copied()),
        owner,
    }
}
