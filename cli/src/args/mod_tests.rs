use super::*;

#[test]
fn the_command_line_is_sound() {
    command(Lang::En).debug_assert();
}

#[test]
fn every_command_says_what_it_does() {
    fn check(command: &Command, path: &str) {
        assert!(command.get_about().is_some(), "{path} has no words");
        for argument in command.get_arguments() {
            let id = argument.get_id();
            assert!(
                argument.get_help().is_some() || id == "help" || id == "version",
                "{path} {id} has no words"
            );
        }
        for inner in command.get_subcommands() {
            check(inner, &format!("{path} {}", inner.get_name()));
        }
    }
    check(&command(Lang::En), "shopbell");
}

#[test]
fn the_whole_help_is_in_the_persons_language() {
    fn help(command: &mut Command, told: &mut String) {
        told.push_str(&format!("{}\n----\n", command.render_help()));
        for inner in command.get_subcommands_mut() {
            help(inner, told);
        }
    }
    for lang in [Lang::Fr, Lang::Pl, Lang::ZhHant] {
        let mut told = String::new();
        let mut command = command(lang).term_width(100);
        command.build();
        help(&mut command, &mut told);
        let clap_said = ["Usage:", "Commands:", "[default", "[env:", "[possible", "Print help", "COMMAND"];
        assert!(clap_said.iter().all(|words| !told.contains(words)), "{told}");
        if lang == Lang::Pl {
            insta::assert_snapshot!(told);
        }
    }
}
