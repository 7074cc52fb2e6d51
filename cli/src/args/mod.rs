//! What can be typed after `shopbell`: each command, its arguments and its help, in one place.

mod inbox;

use clap::{Arg, ArgAction, ArgMatches, Command};
use shopbell_l10n::{self as words, Lang};

use crate::help;
use crate::language::OPTION;

/// The whole command line, with its help in `lang`.
pub fn command(lang: Lang) -> Command {
    let command = Command::new("shopbell")
        .version(env!("CARGO_PKG_VERSION"))
        .about(words::cli_about(lang))
        .after_help(words::cli_more(lang))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve(lang))
        .subcommand(demo(lang))
        .subcommand(admin(lang))
        .arg(language(lang))
        .subcommand(inbox::command(lang));
    help::in_language(command, lang)
}

/// A text that was typed; empty when it was left out.
pub fn text<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map_or("", String::as_str)
}

/// The texts that were typed for an argument that may stand several times.
pub fn many(args: &ArgMatches, name: &str) -> Vec<String> {
    args.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

fn serve(lang: Lang) -> Command {
    Command::new("serve")
        .about(words::help_serve(lang))
        .after_help(words::help_serve_more(lang))
        .arg(data(lang).required(true))
        .arg(listen(lang).default_value("127.0.0.1:8080"))
        .arg(Arg::new("public-url").long("public-url").value_name("URL").help(words::help_public_url(lang)))
        .arg(
            repeated("trusted-proxy", "ADDRESS")
                .value_parser(clap::value_parser!(std::net::IpAddr))
                .help(words::help_trusted_proxy(lang)),
        )
        .arg(Arg::new("demo-shop").long("demo-shop").value_name("KEY").help(words::help_demo_shop(lang)))
        .arg(switch("log-json").help(words::help_log_json(lang)))
}

fn demo(lang: Lang) -> Command {
    Command::new("demo")
        .about(words::help_demo(lang))
        .after_help(words::help_demo_more(lang))
        .arg(data(lang))
        .arg(listen(lang).default_value("127.0.0.1:8077"))
        .arg(switch("headless").help(words::help_headless(lang)))
}

fn admin(lang: Lang) -> Command {
    let shop = Command::new("shop")
        .about(words::help_admin_shop(lang))
        .subcommand_required(true)
        .subcommand(
            Command::new("add")
                .about(words::help_admin_shop_add(lang))
                .arg(name(lang).required(true))
                .arg(repeated("origin", "ORIGIN").help(words::help_origin(lang))),
        )
        .subcommand(Command::new("list").about(words::help_admin_shop_list(lang)));
    let channel = Command::new("channel")
        .about(words::help_admin_channel(lang))
        .subcommand_required(true)
        .arg(which_shop(lang).global(true))
        .subcommand(
            Command::new("add")
                .about(words::help_admin_channel_add(lang))
                .arg(name(lang).required(true).help(words::help_channel_name(lang))),
        )
        .subcommand(Command::new("list").about(words::help_admin_channel_list(lang)));
    let staff = Command::new("staff")
        .about(words::help_admin_staff(lang))
        .subcommand_required(true)
        .arg(which_shop(lang).global(true))
        .subcommand(
            Command::new("add")
                .about(words::help_admin_staff_add(lang))
                .arg(name(lang).required(true))
                .arg(email(lang).required(true))
                .arg(repeated("permission", "WORD").help(words::help_permission(lang)))
                .arg(switch("owner").help(words::help_owner(lang))),
        )
        .subcommand(Command::new("list").about(words::help_admin_staff_list(lang)))
        .subcommand(
            Command::new("permit")
                .about(words::help_admin_staff_permit(lang))
                .arg(email(lang).required(true))
                .arg(repeated("permission", "WORD").help(words::help_permission(lang))),
        )
        .subcommand(
            Command::new("password")
                .about(words::help_admin_staff_password(lang))
                .arg(email(lang).required(true)),
        )
        .subcommand(
            Command::new("remove")
                .about(words::help_admin_staff_remove(lang))
                .arg(email(lang).required(true)),
        );
    let device = Command::new("device")
        .about(words::help_admin_device(lang))
        .subcommand_required(true)
        .arg(which_shop(lang).global(true))
        .subcommand(Command::new("list").about(words::help_admin_device_list(lang)))
        .subcommand(
            Command::new("remove")
                .about(words::help_admin_device_remove(lang))
                .arg(Arg::new("device").value_name("ID").required(true).help(words::help_device(lang))),
        );
    let backup = Command::new("backup")
        .about(words::help_admin_backup(lang))
        .arg(file("file").required(true).help(words::help_backup_file(lang)));
    let restore = Command::new("restore")
        .about(words::help_admin_restore(lang))
        .arg(file("file").required(true).help(words::help_restore_file(lang)));
    Command::new("admin")
        .about(words::help_admin(lang))
        .subcommand_required(true)
        .arg(data(lang).global(true))
        .subcommand(shop)
        .subcommand(channel)
        .subcommand(staff)
        .subcommand(device)
        .subcommand(backup)
        .subcommand(restore)
}

fn file(name: &'static str) -> Arg {
    Arg::new(name).value_name("FILE").value_parser(clap::value_parser!(std::path::PathBuf))
}

/// Read by [`crate::language`] before the command line is understood; here for its help and for wrong values.
fn language(lang: Lang) -> Arg {
    Arg::new(OPTION)
        .long(OPTION)
        .global(true)
        .display_order(help::LAST)
        .value_name(Lang::all().map(Lang::tag).join("|"))
        .value_parser(|tag: &str| Lang::spoken(tag).ok_or("not spoken here"))
        .help(words::help_lang(lang))
}

fn data(lang: Lang) -> Arg {
    Arg::new("data")
        .long("data")
        .overrides_with("data") // a script's default gives way to what a person adds
        .value_name("DIR")
        .env("SHOPBELL_DATA")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(words::help_data(lang))
}

fn listen(lang: Lang) -> Arg {
    Arg::new("listen")
        .long("listen")
        .value_name("ADDRESS:PORT")
        .value_parser(clap::value_parser!(std::net::SocketAddr))
        .help(words::help_listen(lang))
}

fn name(lang: Lang) -> Arg {
    Arg::new("name").long("name").value_name("NAME").help(words::help_name(lang))
}

fn which_shop(lang: Lang) -> Arg {
    Arg::new("shop").long("shop").value_name("ID").help(words::help_shop(lang))
}

fn email(lang: Lang) -> Arg {
    Arg::new("email").long("email").value_name("ADDRESS").help(words::help_email(lang))
}

fn repeated(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).action(ArgAction::Append)
}

fn switch(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
