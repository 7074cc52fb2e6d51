//! The exporter as a shell's build runs it.

use std::fs;
use std::process::{Command, Output};

#[test]
fn a_shells_build_gets_the_files_of_its_platform() {
    let to = tempfile::tempdir().unwrap();
    for (platform, files) in [
        ("apple", &["Localizable.xcstrings"][..]),
        (
            "android",
            &["res/values/strings.xml", "res/values-pl/strings.xml", "res/values-b+zh+Hant/strings.xml"],
        ),
    ] {
        let folder = to.path().join(platform);
        let exported = export(&[platform, folder.to_str().unwrap()]);
        assert!(exported.status.success(), "{exported:?}");
        for file in files {
            assert!(fs::metadata(folder.join(file)).unwrap().len() > 1_000, "{file}");
        }
    }
}

#[test]
fn what_cannot_be_understood_says_how_it_is_used() {
    for arguments in [&[][..], &["apple"], &["windows", "out"], &["apple", "out", "more"]] {
        let refused = export(arguments);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && said.contains("export-strings apple|android FOLDER"), "{said}");
    }
}

fn export(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_export-strings"));
    program.args(arguments).output().expect("cargo has built it")
}
