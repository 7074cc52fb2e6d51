use std::sync::mpsc;

use super::*;

/// A listener that hands on what it hears.
fn heard<T: Send + 'static>() -> (impl Fn(T) + Send + 'static, mpsc::Receiver<T>) {
    let (hears, heard) = mpsc::channel();
    (
        move |item| {
            let _test_is_over = hears.send(item);
        },
        heard,
    )
}

#[test]
fn the_first_item_is_delivered_before_start_returns_and_the_rest_in_order() {
    let feed = Feed::new(0);
    feed.push(1, || 100);
    let (listener, heard) = heard();
    let _subscription = feed.delivery().start(listener).unwrap();
    assert_eq!(heard.try_recv(), Ok(0));
    feed.push(2, || 100);
    assert_eq!([heard.recv().unwrap(), heard.recv().unwrap()], [1, 2]);
}

#[test]
fn a_listener_that_is_too_slow_hears_everything_anew_once() {
    let feed = Feed::new(0);
    let (go_on, waits) = mpsc::channel::<()>();
    let (hears, heard) = mpsc::channel();
    let _subscription = feed
        .delivery()
        .start(move |item| {
            hears.send(item).unwrap();
            if item == 1 {
                waits.recv().unwrap();
            }
        })
        .unwrap();
    feed.push(1, || 0);
    assert_eq!([heard.recv().unwrap(), heard.recv().unwrap()], [0, 1]);
    for item in 2..200 {
        feed.push(item, || 1_000 + item);
    }
    go_on.send(()).unwrap();
    // 64 were waiting when the 65th came: they became one that says everything; so again, and the rest follows.
    let rest: Vec<i32> = (0..).map_while(|_| heard.recv().ok().filter(|item| *item != 199)).collect();
    assert!(rest.len() <= QUEUE_LIMIT_BATCHES, "{rest:?}");
    assert!(rest[0] > 1_000, "{rest:?}");
    assert!(rest[1..].windows(2).all(|pair| pair[1] == pair[0] + 1), "{rest:?}");
    assert_eq!(rest[1], rest[0] - 1_000 + 1);
}

#[test]
fn after_cancel_nothing_is_called() {
    let feed = Feed::new(0);
    let (listener, heard) = heard();
    let subscription = feed.delivery().start(listener).unwrap();
    subscription.cancel();
    feed.push(1, || 1);
    assert!(feed.is_cancelled());
    drop(subscription);
    assert_eq!(heard.iter().collect::<Vec<_>>(), [0], "the listener is gone with its thread");
}

#[test]
fn cancel_waits_for_a_call_that_is_under_way() {
    let feed = Arc::new(Feed::new(0));
    let (entered, inside) = mpsc::channel();
    let ended = Arc::new(Mutex::new(false));
    let subscription = feed
        .delivery()
        .start({
            let (feed, ended) = (Arc::clone(&feed), Arc::clone(&ended));
            move |item| {
                if item == 1 {
                    entered.send(()).unwrap();
                    while !feed.is_cancelled() {
                        thread::yield_now();
                    }
                    // It is cancelled and takes its time: the other thread would be long gone.
                    (0..1_000).for_each(|_| thread::yield_now());
                    *ended.lock().unwrap() = true;
                }
            }
        })
        .unwrap();
    feed.push(1, || 1);
    inside.recv().unwrap();
    subscription.cancel();
    assert!(*ended.lock().unwrap());
}

#[test]
fn a_listener_may_cancel_its_own_subscription() {
    let feed = Feed::new(0);
    let own: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let (hears, heard) = mpsc::channel();
    let subscription = feed
        .delivery()
        .start({
            let own = Arc::clone(&own);
            move |item| {
                if let Some(subscription) = own.lock().unwrap().as_ref() {
                    subscription.cancel();
                }
                hears.send(item).unwrap();
            }
        })
        .unwrap();
    *own.lock().unwrap() = Some(subscription);
    feed.push(1, || 1);
    feed.push(2, || 2);
    let items: Vec<i32> = heard.iter().collect();
    assert!(items == [0, 1] || items == [0], "{items:?}");
}

#[test]
fn a_listener_that_panics_is_called_again() {
    let feed = Feed::new(0);
    let (hears, heard) = mpsc::channel();
    let _subscription = feed
        .delivery()
        .start(move |item| {
            hears.send(item).unwrap();
            assert_ne!(item, 1, "the shell has a bug");
        })
        .unwrap();
    feed.push(1, || 1);
    feed.push(2, || 2);
    assert_eq!([heard.recv().unwrap(), heard.recv().unwrap(), heard.recv().unwrap()], [0, 1, 2]);
}

#[test]
fn dropping_either_end_ends_the_thread() {
    let feed = Feed::new(0);
    let (listener, heard) = heard();
    let subscription = feed.delivery().start(listener).unwrap();
    drop(feed);
    assert_eq!(heard.iter().count(), 1);
    drop(subscription);
}
