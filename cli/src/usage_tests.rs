use super::*;
use crate::args;

fn told(lang: Lang, typed: &str) -> String {
    let typed: Vec<String> = typed.split(' ').map(str::to_owned).collect();
    let error = args::command(lang).try_get_matches_from(&typed).unwrap_err();
    explain(&error, &args::command(lang), &typed[1..], lang)
}

#[test]
fn a_slip_is_told_in_the_persons_language_and_with_the_way_on() {
    insta::assert_snapshot!(
        [
            "shopbell inbox lsit",
            "shopbell inbox list --fliter mine",
            "shopbell inbox list --filter nobody",
            "shopbell inbox list --limit many",
            "shopbell inbox list --limit",
            "shopbell inbox list --limit 1 --limit 2",
            "shopbell inbox close",
            "shopbell admin --data shops staff --shop x",
            "shopbell serve --data a --listen here",
            "shopbell --lang de demo",
        ]
        .map(|typed| format!("$ {typed}\n{}\n", told(Lang::Pl, typed)))
        .join("\n")
    );
}
