//! Replies on their way to a provider that dedupes and to one that does not, when answers are lost and when the server
//! ends in the middle.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use shopbell_domain::channel::{Capabilities, ChannelKind};
use shopbell_domain::message::{Delivery, Message};
use shopbell_domain::sync::Entity;
use shopbell_server::channel::{Channel, Delivered, Incoming, receive};
use shopbell_server::outgoing::{DELIVERIES_LIMIT, DELIVERY_TIMEOUT_MS, Step};
use shopbell_server::storage::Outgoing;
use shopbell_server::{AppState, ManualEnv, app};
use tokio::sync::Semaphore;

use crate::support::{Juniper, config, of};

/// What a provider does when it is asked.
#[derive(Clone, Debug)]
enum Act {
    /// It takes the message and says so.
    Take,
    /// It takes the message and the answer is lost.
    TakeSilently,
    /// It does not take it, and says this.
    Say(Delivered),
    /// It never answers.
    Hang,
    /// Our own code fails at it.
    Panic,
}

/// A provider that follows a script; when that ends it takes everything. What arrived is what a customer has seen.
struct Provider {
    kind: &'static str,
    dedupes: bool,
    script: Mutex<VecDeque<Act>>,
    arrived: Mutex<Vec<(String, String)>>,
    /// A permit for each time that it was asked.
    asked: Semaphore,
}

impl Provider {
    fn new(kind: &'static str, dedupes: bool) -> Arc<Self> {
        Arc::new(Self {
            kind,
            dedupes,
            script: Mutex::default(),
            arrived: Mutex::default(),
            asked: Semaphore::new(0),
        })
    }

    fn will(&self, acts: impl IntoIterator<Item = Act>) {
        self.script.lock().unwrap().extend(acts);
    }

    fn take(&self, outgoing: &Outgoing) {
        let mut arrived = self.arrived.lock().unwrap();
        let is_known = arrived.iter().any(|(message, _)| *message == outgoing.message.to_string());
        if !(self.dedupes && is_known) {
            arrived.push((outgoing.message.to_string(), outgoing.text.clone()));
        }
    }

    /// Returns when it was asked this often.
    async fn was_asked(&self, times: usize) {
        self.asked.acquire_many(u32::try_from(times).unwrap()).await.unwrap().forget();
    }

    fn arrived(&self) -> Vec<String> {
        self.arrived.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }
}

#[async_trait]
impl Channel for Provider {
    fn kind(&self) -> ChannelKind {
        ChannelKind::new(self.kind)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { dedupes: self.dedupes, revises: false, text_limit_chars: 100 }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> Delivered {
        let act = self.script.lock().unwrap().pop_front().unwrap_or(Act::Take);
        self.asked.add_permits(1);
        match act {
            Act::Say(delivered) => delivered,
            Act::Take => {
                self.take(outgoing);
                Delivered::Accepted
            }
            Act::TakeSilently => {
                self.take(outgoing);
                Delivered::Lost
            }
            Act::Hang => std::future::pending().await,
            Act::Panic => panic!("on purpose"),
        }
    }
}

/// A shop with two providers' channels.
struct Story {
    juniper: Juniper,
    dedupes: Arc<Provider>,
    forgets: Arc<Provider>,
}

impl Story {
    async fn open() -> Self {
        let (dedupes, forgets) = (Provider::new("dedupes", true), Provider::new("forgets", false));
        let extra: Vec<Arc<dyn Channel>> = vec![dedupes.clone(), forgets.clone()];
        let juniper = Juniper::open_with(1, |config| config.extra_channels = extra).await;
        let admin = juniper.admin();
        for kind in ["dedupes", "forgets"] {
            admin.create_channel(juniper.shop.shop, juniper.shop.inbox, kind, kind).await.unwrap();
        }
        Self { juniper, dedupes, forgets }
    }

    /// A customer writes by a channel and Theo answers.
    async fn answer(&self, kind: &str, customer: &str, replies: &[&str]) {
        let storage = &*self.juniper.state.storage;
        let shop = storage.shops().await.unwrap().remove(0);
        let channel = shop.channels.iter().find(|channel| channel.kind.as_str() == kind).unwrap().id;
        let incoming = Incoming {
            channel,
            event: format!("hello from {customer}"),
            customer: customer.to_owned(),
            name: Some(customer.to_owned()),
            text: format!("Hello from {customer}"),
        };
        let hello = receive(storage, &*self.juniper.env, incoming).await.unwrap();
        let theo = self.juniper.phone("Theo").await;
        let messages = of::<Message>(&theo.all(self.juniper.inbox()).await, Entity::Message);
        let (_, hello) = messages.into_iter().find(|(id, _)| *id == hello.0).unwrap();
        let replies: Vec<_> = replies.iter().map(|text| theo.reply(hello.conversation, text)).collect();
        theo.push(&replies).await;
    }

    /// Works until nothing is due any more; a timer that a step waits for passes.
    async fn work(&self) {
        while self.juniper.state.outgoing_worker().step().await.unwrap() == Step::Handed {}
    }

    /// Works on and on, the clock moved to whenever something is due.
    async fn work_for_ever(&self) {
        while let Step::Idle(Some(at)) = self.idle().await {
            let wait_ms = at.since_ms(shopbell_domain::env::Env::now(&*self.juniper.env));
            self.juniper.env.advance_ms(wait_ms);
        }
    }

    async fn idle(&self) -> Step {
        loop {
            match self.juniper.state.outgoing_worker().step().await.unwrap() {
                Step::Handed => {}
                idle => return idle,
            }
        }
    }

    async fn deliveries(&self) -> Vec<(String, Delivery, Option<String>)> {
        let mina = self.juniper.phone("Mina").await;
        let messages = of::<Message>(&mina.all(self.juniper.inbox()).await, Entity::Message);
        let replies = messages
            .into_iter()
            .filter_map(|(_, message)| Some((message.text, message.delivery?, message.refused_by_channel)));
        let mut replies: Vec<_> = replies.collect();
        replies.sort_by(|one, other| one.0.cmp(&other.0));
        replies
    }

    async fn delivery(&self, text: &str) -> Delivery {
        self.deliveries().await.into_iter().find(|(of, ..)| of == text).unwrap().1
    }

    /// The process ends at this moment and another one starts.
    async fn crash(self) -> Self {
        let Story { juniper, dedupes, forgets } = self;
        let Juniper { env, state, router, shop, mina, theo, pia, dir } = juniper;
        drop((state, router));
        let mut config = config(dir.path());
        config.extra_channels = vec![dedupes.clone(), forgets.clone()];
        let state = AppState::open(config, env.clone()).await.unwrap();
        let router = app(state.clone());
        let juniper = Juniper { env, state, router, shop, mina, theo, pia, dir };
        Self { juniper, dedupes, forgets }
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_again_only_where_the_provider_dedupes() {
    let story = Story::open().await;
    for provider in [&story.dedupes, &story.forgets] {
        provider.will([Act::TakeSilently]);
        story.answer(provider.kind, provider.kind, &[provider.kind]).await;
    }
    story.work_for_ever().await;
    assert_eq!(story.delivery("dedupes").await, Delivery::Sent);
    assert_eq!(story.delivery("forgets").await, Delivery::Unknown);
    // Both arrived, neither twice.
    assert_eq!(story.dedupes.arrived(), ["dedupes"]);
    assert_eq!(story.forgets.arrived(), ["forgets"]);
}

#[tokio::test]
async fn a_crash_in_the_middle_never_sends_twice_and_never_forgets() {
    for takes in [true, false] {
        let story = Story::open().await;
        for provider in [&story.dedupes, &story.forgets] {
            story.answer(provider.kind, provider.kind, &[provider.kind, "more"]).await;
            provider.will([Act::Hang]);
        }
        for _ in 0..2 {
            // The provider was called, and no answer is recorded.
            let worker = story.juniper.state.outgoing_worker();
            assert!(Box::pin(worker.step()).as_mut().now_or_never().is_none());
        }
        if takes {
            for provider in [&story.dedupes, &story.forgets] {
                let id = message_id(&story, provider.kind).await;
                provider.arrived.lock().unwrap().push((id, provider.kind.to_owned()));
            }
        }
        let story = story.crash().await;
        story.work_for_ever().await;
        assert_eq!(story.delivery("dedupes").await, Delivery::Sent);
        assert_eq!(story.delivery("forgets").await, Delivery::Unknown);
        assert_eq!(story.dedupes.arrived(), ["dedupes", "more"]);
        let forgets: &[&str] = if takes { &["forgets", "more"] } else { &["more"] };
        assert_eq!(story.forgets.arrived(), forgets);
    }
}

async fn message_id(story: &Story, text: &str) -> String {
    let mina = story.juniper.phone("Mina").await;
    let messages = of::<Message>(&mina.all(story.juniper.inbox()).await, Entity::Message);
    messages.into_iter().find(|(_, message)| message.text == text).unwrap().0.to_string()
}

#[tokio::test]
async fn what_a_provider_refuses_says_why_and_the_next_goes() {
    let story = Story::open().await;
    story.forgets.will([Act::Say(Delivered::Refused { code: "window_closed".to_owned() })]);
    story.answer("forgets", "ana", &["a refused one", "the next one"]).await;
    story.work().await;
    assert_eq!(
        story.deliveries().await,
        [
            ("a refused one".to_owned(), Delivery::Refused, Some("window_closed".to_owned())),
            ("the next one".to_owned(), Delivery::Sent, None),
        ]
    );
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_later_and_holds_up_nobody_else() {
    let story = Story::open().await;
    story.forgets.will(std::iter::repeat_n(Act::Say(Delivered::Retry { after_ms: None }), 4));
    story.answer("forgets", "ana", &["a waits", "b waits behind it"]).await;
    story.answer("dedupes", "bo", &["c goes"]).await;
    story.work().await;
    assert_eq!(story.dedupes.arrived(), ["c goes"]);
    assert!(story.forgets.arrived().is_empty());
    assert_eq!(story.delivery("a waits").await, Delivery::Sending);
    assert_eq!(story.delivery("b waits behind it").await, Delivery::Queued);
    let mut waits = Vec::new();
    while let Step::Idle(Some(at)) = story.idle().await {
        let wait_ms = at.since_ms(shopbell_domain::env::Env::now(&*story.juniper.env));
        waits.push(wait_ms);
        story.juniper.env.advance_ms(wait_ms);
    }
    // Each wait is between half and the whole of a doubling time.
    assert_eq!(waits.len(), 4);
    for (wait_ms, whole) in waits.iter().zip([1_000, 2_000, 4_000, 8_000]) {
        assert!((whole / 2..=whole).contains(wait_ms), "{waits:?}");
    }
    assert_eq!(story.forgets.arrived(), ["a waits", "b waits behind it"]);
}

#[tokio::test]
async fn a_provider_says_when_to_come_back() {
    let story = Story::open().await;
    story.dedupes.will([Act::Say(Delivered::Retry { after_ms: Some(90_000) })]);
    story.answer("dedupes", "ana", &["later"]).await;
    story.work().await;
    story.juniper.env.advance_ms(89_999);
    story.work().await;
    assert!(story.dedupes.arrived().is_empty());
    story.juniper.env.advance_ms(1);
    story.work().await;
    assert_eq!(story.dedupes.arrived(), ["later"]);
}

#[tokio::test]
async fn what_a_provider_never_takes_is_given_up() {
    let story = Story::open().await;
    story.dedupes.will(std::iter::repeat_n(Act::Say(Delivered::Retry { after_ms: None }), 10_000));
    story.forgets.will(std::iter::repeat_n(Act::Say(Delivered::Retry { after_ms: None }), 10_000));
    story.answer("forgets", "ana", &["never taken"]).await;
    story.work_for_ever().await;
    assert_eq!(
        story.deliveries().await,
        [("never taken".to_owned(), Delivery::Refused, Some("gave_up".to_owned()))]
    );
    // One whose answer was lost once may have arrived: nobody says that it did not.
    story.dedupes.script.lock().unwrap().push_front(Act::TakeSilently);
    story.answer("dedupes", "bo", &["once taken"]).await;
    story.work_for_ever().await;
    assert_eq!(story.delivery("once taken").await, Delivery::Unknown);
}

#[tokio::test]
async fn a_channel_that_hangs_or_panics_has_lost_its_answer() {
    let story = Story::open().await;
    story.forgets.will([Act::Panic, Act::Hang]);
    story.answer("forgets", "ana", &["a panics", "b hangs", "c goes"]).await;
    let worker = story.juniper.state.outgoing_worker();
    assert_eq!(worker.step().await.unwrap(), Step::Handed);
    let mut hangs = Box::pin(worker.step());
    assert!(hangs.as_mut().now_or_never().is_none());
    story.juniper.env.advance_ms(i64::try_from(DELIVERY_TIMEOUT_MS).unwrap());
    assert_eq!(hangs.await.unwrap(), Step::Handed);
    story.work().await;
    for (text, delivery) in
        [("a panics", Delivery::Unknown), ("b hangs", Delivery::Unknown), ("c goes", Delivery::Sent)]
    {
        assert_eq!(story.delivery(text).await, delivery);
    }
}

#[tokio::test]
async fn the_worker_goes_on_beside_providers_that_hang_and_settles_before_it_ends() {
    let story = Story::open().await;
    let hanging = DELIVERIES_LIMIT - 1;
    story.dedupes.will(std::iter::repeat_n(Act::Hang, hanging));
    for number in 0..hanging {
        story.answer("dedupes", &format!("customer {number}"), &["hangs"]).await;
    }
    let state = story.juniper.state.clone();
    let running = tokio::spawn(state.outgoing_worker().run(state.stopping()));
    story.dedupes.was_asked(hanging).await;
    story.answer("forgets", "ana", &["goes all the same"]).await;
    story.forgets.was_asked(1).await;
    state.stop();
    // Those under way are given their time, and what came of them is recorded.
    while !running.is_finished() {
        story.juniper.env.advance_ms(i64::try_from(DELIVERY_TIMEOUT_MS).unwrap());
        tokio::task::yield_now().await;
    }
    running.await.unwrap();
    assert_eq!(story.forgets.arrived(), ["goes all the same"]);
    assert_eq!(story.delivery("goes all the same").await, Delivery::Sent);
    story.work_for_ever().await;
    assert_eq!(story.dedupes.arrived(), vec!["hangs"; hanging]);
}

#[tokio::test]
async fn a_reply_is_no_longer_than_its_channel_takes() {
    let story = Story::open().await;
    story.answer("forgets", "ana", &[&"a".repeat(101), "short enough"]).await;
    story.work().await;
    assert_eq!(story.forgets.arrived(), ["short enough"]);
}

#[tokio::test]
async fn a_reply_to_a_channel_that_is_not_built_in_any_more_waits() {
    let story = Story::open().await;
    story.answer("forgets", "ana", &["waits"]).await;
    let Story { juniper, forgets, .. } = story;
    let Juniper { env, state, router, dir, .. } = juniper;
    drop((state, router));
    let state = AppState::open(config(dir.path()), env.clone()).await.unwrap();
    assert_eq!(state.outgoing_worker().step().await.unwrap(), Step::Handed);
    assert!(matches!(state.outgoing_worker().step().await.unwrap(), Step::Idle(Some(_))));
    drop(state);
    env.advance_ms(1_000);
    let mut config = config(dir.path());
    config.extra_channels = vec![forgets.clone()];
    let state = AppState::open(config, env as Arc<ManualEnv>).await.unwrap();
    assert_eq!(state.outgoing_worker().step().await.unwrap(), Step::Handed);
    assert_eq!(forgets.arrived(), ["waits"]);
}
