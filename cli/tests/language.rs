//! The program as it is started: in which language it speaks, and how it ends.

use std::process::{Command, Output};

#[test]
fn help_is_in_the_language_that_is_asked_for_before_that_of_the_environment() {
    let asked = shopbell(&["inbox", "--lang", "zh-TW", "--help"], "fr_FR.UTF-8");
    assert!(asked.status.success());
    assert!(text(&asked.stdout).contains("用法： shopbell inbox"), "{}", text(&asked.stdout));
    let wished = shopbell(&["--help"], "fr_FR.UTF-8");
    assert!(text(&wished.stdout).contains("Utilisation\u{a0}: shopbell"), "{}", text(&wished.stdout));
}

#[test]
fn a_command_that_is_not_there_is_a_usage_error_in_the_persons_language() {
    let refused = shopbell(&["inbocks"], "pl_PL.UTF-8");
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(text(&refused.stderr), "Nie ma tu polecenia „inbocks”.\nJak tego używać: shopbell --help\n");
    assert!(refused.stdout.is_empty());
}

#[test]
fn what_the_server_side_refuses_is_told_in_the_persons_language() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let refused = shopbell(&["admin", "--data", folder, "shop", "add", "--name", " "], "fr");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).starts_with("Un nom tient sur une ligne"), "{}", text(&refused.stderr));
}

#[test]
fn nothing_at_all_shows_the_help() {
    let shown = shopbell(&[], "en");
    assert_eq!(shown.status.code(), Some(2));
    assert!(text(&shown.stderr).contains("Commands:"), "{}", text(&shown.stderr));
}

fn shopbell(arguments: &[&str], language: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_shopbell"));
    program.args(arguments).env("SHOPBELL_LANG", language);
    program.output().expect("cargo has built it")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
