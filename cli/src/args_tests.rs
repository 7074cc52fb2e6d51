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
