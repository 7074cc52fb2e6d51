//! What a problem says in the language that was asked for, and what stays the same in all.

use shopbell_domain::sync::ProblemKind;
use shopbell_l10n::Lang;

use crate::support::{Asked, Juniper};

#[tokio::test]
async fn a_problem_is_said_in_the_language_that_is_accepted() {
    let juniper = Juniper::open().await;
    for (accepted, tag, title) in [
        ("pl-PL, en;q=0.5", "pl", "Nie znaleziono"),
        ("de, fr;q=0.7", "fr", "Introuvable"),
        ("zh-HK", "zh-Hant", "找不到"),
        ("de", "en", "Not found"),
        (", ;q=", "en", "Not found"),
    ] {
        let answer = juniper.ask(Asked::get("/nothing").header("accept-language", accepted)).await;
        assert_eq!(answer.problem(), (404, "not-found".to_owned()));
        assert_eq!(answer.member("title"), title);
        assert_eq!(answer.headers["content-language"], tag);
        assert_eq!(answer.headers["vary"], "Accept-Language");
    }
}

#[tokio::test]
async fn members_and_detail_stay_as_they_are() {
    let juniper = Juniper::open().await;
    let theo = juniper.phone("Theo").await;
    let asked = || Asked::post("/v1/pull").bytes("{");
    let english = theo.ask(asked()).await;
    let polish = theo.ask(asked().header("accept-language", "pl")).await;
    assert_eq!(polish.member("title"), "Nie można odczytać żądania");
    assert_eq!(polish.member("detail"), english.member("detail"));
    assert_eq!(polish.problem(), english.problem());
}

#[test]
fn every_kind_of_problem_has_a_title_of_its_own_in_every_language() {
    for lang in Lang::all() {
        let mut titles: Vec<String> = ProblemKind::ALL.iter().map(|kind| kind.title(lang)).collect();
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), ProblemKind::ALL.len(), "{lang:?}");
    }
}
