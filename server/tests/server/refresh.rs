//! docs/sync.md 25, whatever happens between a phone, the network, the server and somebody who copied a token.

use proptest::prelude::*;
use serde_json::json;
use shopbell_domain::sync::Refreshed;
use shopbell_server::{AppState, app};

use crate::support::{Asked, Juniper, config};

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The phone refreshes and writes the answer down.
    Refresh,
    /// The phone refreshes; the answer is lost, or the phone is suspended before it is on disk.
    RefreshLost,
    /// Time passes.
    Wait,
    /// The server ends without warning and starts again.
    Restart,
    /// Somebody copies what the phone has on disk.
    Steal,
    /// They refresh with their copy and keep what they get.
    ThiefRefresh,
}

/// A holder of a token and the number of refreshes that it stands for.
#[derive(Clone)]
struct Holder {
    token: String,
    number: u32,
}

fn steps(with_thief: bool) -> impl Strategy<Value = Vec<Step>> {
    let own = prop_oneof![
        3 => Just(Step::Refresh),
        3 => Just(Step::RefreshLost),
        1 => Just(Step::Wait),
        1 => Just(Step::Restart)
    ];
    let all = prop_oneof![4 => own.clone(), 1 => Just(Step::Steal), 2 => Just(Step::ThiefRefresh)];
    let one = if with_thief { all.boxed() } else { own.boxed() };
    proptest::collection::vec(one, 1..24)
}

async fn show(juniper: &Juniper, token: &str) -> Option<String> {
    let body = json!({ "refresh_token": token });
    let answer = juniper.ask(Asked::post("/v1/sessions/refresh").json(body)).await;
    if answer.status == 401 {
        assert_eq!(answer.problem().1, "sign-in-again");
        return None;
    }
    Some(answer.expect::<Refreshed>(200).refresh_token)
}

async fn run(steps: Vec<Step>) {
    let mut juniper = Juniper::open().await;
    let token = juniper.phone("Theo").await.signed_in.session.refresh_token;
    let mut phone = Holder { token, number: 0 };
    let mut thief: Option<Holder> = None;
    // The newest token that anybody showed, and whether the session has ended. This is the whole statement: a token
    // older than the newest shown ends the session, any other gives its successor, the same one each time.
    let (mut newest_shown, mut has_ended) = (0, false);
    for step in steps {
        let holder = match step {
            Step::Wait => {
                juniper.env.advance_ms(3_600_000);
                continue;
            }
            Step::Restart => {
                juniper = restart(juniper).await;
                continue;
            }
            Step::Steal => {
                thief = Some(phone.clone());
                continue;
            }
            Step::Refresh | Step::RefreshLost => &mut phone,
            Step::ThiefRefresh => match &mut thief {
                Some(thief) => thief,
                None => continue,
            },
        };
        let answer = show(&juniper, &holder.token).await;
        has_ended |= holder.number < newest_shown;
        newest_shown = newest_shown.max(holder.number);
        assert_eq!(answer.is_none(), has_ended, "{step:?} with {}, {newest_shown} shown", holder.number);
        if let (Some(token), false) = (answer, matches!(step, Step::RefreshLost)) {
            *holder = Holder { token, number: holder.number + 1 };
        }
    }
    // Once it has ended it stays so, for everybody.
    if has_ended {
        for holder in [Some(phone), thief].into_iter().flatten() {
            assert_eq!(show(&juniper, &holder.token).await, None);
        }
    }
}

async fn restart(juniper: Juniper) -> Juniper {
    let Juniper { env, state, router, shop, mina, theo, pia, dir } = juniper;
    drop((state, router));
    let state = AppState::open(config(dir.path()), env.clone()).await.unwrap();
    let router = app(state.clone());
    Juniper { env, state, router, shop, mina, theo, pia, dir }
}

fn block_on(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Without a thief nothing that happens to a phone signs it out.
    #[test]
    fn a_phone_is_never_signed_out_by_what_happens_to_it(steps in steps(false)) {
        block_on(run(steps));
    }

    /// With one, both are signed out as soon as an older token is shown.
    #[test]
    fn a_copied_token_ends_the_session_when_both_are_used(steps in steps(true)) {
        block_on(run(steps));
    }
}
