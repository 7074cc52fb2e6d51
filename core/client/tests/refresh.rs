//! The phone's half of docs/sync.md 25: whatever happens to a phone in the middle of a refresh, it is still signed in;
//! and when somebody else used a copy of its tokens, it keeps everything and asks to sign in again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod story;

use proptest::prelude::*;
use shopbell_core::domain::sync::ProblemKind;
use shopbell_core::sync::{Answer, Call, Event, Lane, Request, RequestError};
use shopbell_core::{ConversationId, SyncState};
use story::phone::answer_from;
use story::{Juniper, Phone};

const TEN_MINUTES_MS: i64 = 10 * 60 * 1_000;
/// How long an access token lives.
const ACCESS_MS: i64 = 15 * 60 * 1_000;

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The oldest request arrives at the server, and its answer at the phone.
    Answered,
    /// The oldest request arrives, its answer does not.
    AnswerLost,
    /// The oldest request never arrives.
    NeverArrives,
    /// The oldest request arrives; its answer comes long after the phone gave it up.
    AnswerLate,
    /// The system suspends the phone for ten minutes.
    Suspended,
    /// The process dies and is started again.
    Dies,
    /// The access token ends.
    TokenEnds,
    /// A timer goes off, if one is set.
    Timer,
    /// Somebody copies the tokens.
    Stolen,
    /// They refresh with what they have.
    ThiefRefreshes,
}

/// The session as the server keeps it: a refresh token older than the newest that was shown ends the family, any other
/// gives its successor, the same one each time.
struct Session {
    juniper: Juniper,
    newest_shown: u32,
    ended: bool,
    /// From when on each access token was good, by its number.
    given_at: Vec<i64>,
    now: i64,
}

impl Session {
    fn refresh(&mut self, number: u32) -> Result<u32, ProblemKind> {
        self.ended |= number < self.newest_shown;
        self.newest_shown = self.newest_shown.max(number);
        if self.ended {
            return Err(ProblemKind::SignInAgain);
        }
        let next = number + 1;
        self.given_at.resize(self.given_at.len().max(next as usize + 1), self.now);
        self.given_at[next as usize] = self.now;
        Ok(next)
    }

    fn lets_in(&self, access: u32) -> bool {
        !self.ended && self.now < self.given_at[access as usize] + ACCESS_MS
    }

    fn answer(&mut self, request: &Request) -> Result<Answer, ProblemKind> {
        if let Call::Refresh(asked) = &request.call {
            let next = self.refresh(number(&asked.refresh_token))?;
            return Ok(Answer::Refreshed(self.juniper.tokens(next)));
        }
        let access = number(&request.token.as_ref().expect("a request carries a token").0);
        if self.lets_in(access) {
            Ok(answer_from(&mut self.juniper, &request.call))
        } else {
            Err(ProblemKind::SignInAgain)
        }
    }
}

fn number(token: &str) -> u32 {
    token.split(' ').nth(1).unwrap().parse().unwrap()
}

fn refresh_token(phone: &Phone) -> Option<u32> {
    let secrets = std::fs::read_to_string(phone.folder().join("secrets.json")).unwrap();
    let place = secrets.find("refresh ")?;
    let digits: String =
        secrets[place + "refresh ".len()..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

struct Run {
    session: Session,
    phone: Phone,
    ana: ConversationId,
    late: Vec<(Request, Result<Answer, ProblemKind>)>,
    thief: Option<u32>,
}

impl Run {
    fn begin() -> Run {
        let mut juniper = Juniper::new(1);
        let ana = juniper.begins("Ana");
        juniper.writes(ana, "Is the blue one back in stock?");
        let phone = Phone::loaded(&mut juniper, 2);
        phone.app().send(ana, "Since today!").unwrap();
        let session = Session { juniper, newest_shown: 0, ended: false, given_at: vec![0, 0], now: 0 };
        Run { session, phone, ana, late: Vec::new(), thief: None }
    }

    fn pass(&mut self, millis: i64) {
        self.session.now += millis;
        self.phone.env.advance_ms(millis);
    }

    fn deliver(&self, request: &Request, answer: Result<Answer, ProblemKind>) {
        match answer {
            Ok(answer) => self.phone.answer(request, answer),
            Err(kind) => self.phone.refuse(request, kind),
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Answered => {
                if let Some(request) = self.phone.take_next() {
                    let answer = self.session.answer(&request);
                    self.deliver(&request, answer);
                }
            }
            Step::AnswerLost | Step::NeverArrives | Step::AnswerLate => {
                let Some(request) = self.phone.take_next() else { return };
                if !matches!(step, Step::NeverArrives) {
                    let answer = self.session.answer(&request);
                    if matches!(step, Step::AnswerLate) {
                        self.late.push((request.clone(), answer));
                    }
                }
                self.phone.fail(&request, RequestError::Unreachable);
            }
            Step::Suspended => {
                self.phone.app().take(Event::Paused);
                self.phone.app().take(Event::GaveUp);
                self.phone.requests(); // what was on its way is lost with the sockets
                self.pass(TEN_MINUTES_MS);
                self.phone.app().take(Event::Resumed);
            }
            Step::Dies => {
                self.late.clear();
                self.phone.crash();
            }
            Step::TokenEnds => {
                self.pass(ACCESS_MS);
                self.phone.app().take(Event::SyncNow);
            }
            Step::Timer => {
                for (request, answer) in std::mem::take(&mut self.late) {
                    self.deliver(&request, answer); // long given up: it says nothing new
                }
                for lane in [Lane::Refresh, Lane::Pull, Lane::Push] {
                    if self.phone.timer_ms(lane).is_some() {
                        self.phone.fire(lane);
                    }
                }
            }
            Step::Stolen => self.thief = refresh_token(&self.phone),
            Step::ThiefRefreshes => {
                if let Some(next) = self.thief.and_then(|token| self.session.refresh(token).ok()) {
                    self.thief = Some(next);
                }
            }
        }
    }

    /// Everything is answered from now on.
    fn comes_to_rest(&mut self) {
        for _ in 0..200 {
            self.step(Step::Timer);
            self.phone.app().take(Event::SyncNow);
            while let Some(request) = self.phone.take_next() {
                let answer = self.session.answer(&request);
                self.deliver(&request, answer);
            }
            let state = self.phone.app().status().state;
            if matches!(state, SyncState::UpToDate | SyncState::SignInAgain) {
                return;
            }
        }
        panic!("it does not come to rest: {:?}", self.phone.app().status());
    }
}

fn own_steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Answered),
        2 => Just(Step::AnswerLost),
        1 => Just(Step::NeverArrives),
        1 => Just(Step::AnswerLate),
        2 => Just(Step::Suspended),
        2 => Just(Step::Dies),
        2 => Just(Step::TokenEnds),
        2 => Just(Step::Timer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_phone_is_still_signed_in_whatever_happens_to_it(steps in proptest::collection::vec(own_steps(), 1..30)) {
        let mut run = Run::begin();
        for step in steps {
            run.step(step);
            prop_assert!(!run.session.ended, "the phone itself showed an old token at {step:?}");
        }
        run.comes_to_rest();
        prop_assert_eq!(run.phone.app().status().state, SyncState::UpToDate);
        prop_assert_eq!(run.session.juniper.messages(run.ana).len(), 2, "sent, and once");
        prop_assert_eq!(run.phone.app().outbox().unwrap(), vec![]);
    }

    #[test]
    fn a_copied_token_ends_the_session_and_everything_is_kept(
        steps in proptest::collection::vec(
            prop_oneof![4 => own_steps(), 1 => Just(Step::Stolen), 2 => Just(Step::ThiefRefreshes)], 1..30
        )
    ) {
        let mut run = Run::begin();
        for step in steps {
            run.step(step);
        }
        // The phone goes on, then the copy is shown once more: whoever shows the older token ends the session for both.
        for _ in 0..3 {
            run.step(Step::TokenEnds);
            run.comes_to_rest();
        }
        run.step(Step::ThiefRefreshes);
        run.step(Step::TokenEnds);
        run.comes_to_rest();
        let state = run.phone.app().status().state;
        prop_assert_eq!(state == SyncState::SignInAgain, run.session.ended);
        if run.thief.is_some() {
            prop_assert!(run.session.ended);
        }
        let reads = run.phone.reads(run.ana);
        prop_assert_eq!(reads.len(), 2, "everything is kept: {:?}", reads);
        if run.session.ended {
            run.phone.app().send(run.ana, "And the red one too").unwrap();
            let before = run.phone.app().account();
            run.phone.sign_in(&mut run.session.juniper);
            prop_assert_eq!(run.phone.app().account(), before, "the device id too");
        }
    }
}

/// Each place in a refresh at which the system can suspend a phone or end its process.
#[test]
fn a_phone_suspended_for_ten_minutes_at_any_step_of_a_refresh_is_still_signed_in() {
    use Step::{AnswerLost, Answered, Dies, Suspended, TokenEnds};
    for pause in [Suspended, Dies] {
        for script in [
            vec![TokenEnds, pause],                       // before the server says that it ended
            vec![TokenEnds, Answered, pause],             // the refresh is on its way
            vec![TokenEnds, Answered, AnswerLost, pause], // its answer is on its way
            vec![TokenEnds, Answered, Answered, pause],   // it is on disk and was not used
            vec![TokenEnds, Answered, Answered, Answered, pause], // it was used
            vec![TokenEnds, Answered, AnswerLost, pause, pause, pause], // and again, and again
        ] {
            let mut run = Run::begin();
            for step in &script {
                run.step(*step);
            }
            run.comes_to_rest();
            assert!(!run.session.ended, "{script:?}");
            assert_eq!(run.phone.app().status().state, SyncState::UpToDate, "{script:?}");
            assert_eq!(run.session.juniper.messages(run.ana).len(), 2, "{script:?}");
        }
    }
}
