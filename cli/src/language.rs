//! Which language the terminal speaks: what was asked for, else what the environment says, as POSIX has it.

use std::ffi::OsStr;

use shopbell_l10n::Lang;

/// The option that asks for a language. It is read before everything else: the help is in that language too.
pub const OPTION: &str = "lang";
/// The environment's wishes; the first that is not empty decides, even where it names a language not spoken here.
const VARIABLES: [&str; 4] = ["SHOPBELL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

/// The language for these arguments in this environment.
pub fn chosen<A: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = A>,
    variable: impl Fn(&str) -> Option<String>,
) -> Lang {
    let asked = asked(arguments).as_deref().and_then(Lang::spoken);
    let wished = || VARIABLES.iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
    asked.or_else(|| Lang::from_locale(&wished()?)).unwrap_or_default()
}

/// The value of `--lang`, the last one where there are several.
fn asked<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Option<String> {
    let mut found = None;
    let mut is_next = false;
    for argument in arguments {
        let Some(argument) = argument.as_ref().to_str() else { continue };
        match argument.strip_prefix("--").and_then(|rest| rest.strip_prefix(OPTION)) {
            _ if is_next => {
                found = Some(argument.to_owned());
                is_next = false;
            }
            Some("") => is_next = true,
            Some(rest) => found = rest.strip_prefix('=').map(str::to_owned).or(found),
            None if argument == "--" => break,
            None => {}
        }
    }
    found
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;
