//! What can be typed after `shopbell inbox`.

use clap::{Arg, Command};
use shopbell_l10n::{self as words, Lang};

use super::{email, switch};

/// The command with everything below it.
pub(super) fn command(lang: Lang) -> Command {
    Command::new("inbox")
        .about(words::help_inbox(lang))
        .after_help(words::help_inbox_more(lang))
        .subcommand_required(true)
        .arg(
            Arg::new("profile")
                .long("profile")
                .global(true)
                .value_name("DIR")
                .env("SHOPBELL_PROFILE")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(words::help_profile(lang)),
        )
        .arg(switch("offline").global(true).help(words::help_offline(lang)))
        .arg(switch("json").global(true).help(words::help_json(lang)))
        .subcommand(login(lang))
        .subcommand(sign_out(lang))
        .subcommand(Command::new("accounts").about(words::help_accounts(lang)))
        .subcommand(
            Command::new("notices")
                .about(words::help_notices(lang))
                .arg(switch("dismiss").help(words::help_notices_dismiss(lang))),
        )
        .subcommand(list(lang))
        .subcommand(Command::new("counts").about(words::help_counts(lang)))
        .subcommand(search(lang))
        .subcommands(one(lang))
        .subcommands(several(lang))
        .subcommand(note(lang))
        .subcommand(sent(lang))
        .subcommand(
            Command::new("undo").about(words::help_undo(lang)).arg(
                Arg::new("change")
                    .value_name("CHANGE")
                    .required(true)
                    .num_args(1..)
                    .help(words::help_change(lang)),
            ),
        )
        .subcommand(outbox(lang))
        .subcommand(Command::new("unsent").about(words::help_unsent(lang)))
        .subcommand(Command::new("sync").about(words::help_sync(lang)))
        .subcommand(Command::new("watch").about(words::help_watch(lang)))
}

fn login(lang: Lang) -> Command {
    Command::new("login")
        .about(words::help_login(lang))
        .arg(
            Arg::new("server").long("server").value_name("URL").required(true).help(words::help_server(lang)),
        )
        .arg(email(lang).required(true))
        .arg(Arg::new("shop").long("shop").value_name("ID").help(words::help_login_shop(lang)))
}

fn sign_out(lang: Lang) -> Command {
    Command::new("sign-out")
        .about(words::help_sign_out(lang))
        .arg(switch("send").conflicts_with("delete-unsent").help(words::help_sign_out_send(lang)))
        .arg(switch("delete-unsent").help(words::help_sign_out_delete(lang)))
}

fn search(lang: Lang) -> Command {
    Command::new("search")
        .about(words::help_search(lang))
        .arg(
            Arg::new("words")
                .value_name("WORDS")
                .required(true)
                .num_args(1..)
                .help(words::help_search_words(lang)),
        )
        .arg(switch("older").help(words::help_search_older(lang)))
        .arg(Arg::new("channel").long("channel").value_name("NAME").help(words::help_channel(lang)))
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..=200))
                .default_value("50")
                .help(words::help_limit(lang)),
        )
}

fn list(lang: Lang) -> Command {
    Command::new("list")
        .about(words::help_list(lang))
        .arg(
            Arg::new("filter")
                .long("filter")
                .value_parser(["open", "mine", "unassigned", "starred", "closed", "not-sent"])
                .default_value("open")
                .help(words::help_filter(lang)),
        )
        .arg(
            Arg::new("sort")
                .long("sort")
                .value_parser(["unread", "newest", "oldest"])
                .help(words::help_sort(lang)),
        )
        .arg(Arg::new("channel").long("channel").value_name("NAME").help(words::help_channel(lang)))
        .arg(Arg::new("tag").long("tag").value_name("TAG").help(words::help_by_tag(lang)))
        .arg(Arg::new("agent").long("agent").value_name("WHO").help(words::help_agent(lang)))
        .arg(Arg::new("since").long("since").value_name("AGO").help(words::help_since(lang)))
        .arg(Arg::new("until").long("until").value_name("AGO").help(words::help_until(lang)))
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..=500))
                .default_value("50")
                .help(words::help_limit(lang)),
        )
}

/// About one conversation.
fn one(lang: Lang) -> [Command; 3] {
    let about = |name: &'static str, about: String| Command::new(name).about(about).arg(conversation(lang));
    [
        about("show", words::help_show(lang)),
        about("send", words::help_send(lang))
            .arg(message(lang))
            .arg(shared("discount", words::help_send_discount(lang)).conflicts_with("draft-order"))
            .arg(shared("draft-order", words::help_send_draft_order(lang)))
            .arg(shared("details", words::help_send_details(lang))),
        about("draft", words::help_draft(lang))
            .arg(Arg::new("text").value_name("TEXT").help(words::help_draft_text(lang))),
    ]
}

/// About one conversation or several at once.
fn several(lang: Lang) -> Vec<Command> {
    let about = |name: &'static str, about: String| Command::new(name).about(about).arg(conversations(lang));
    let tag = || Arg::new("tag").value_name("TAG").required(true).help(words::help_tag_word(lang));
    vec![
        about("close", words::help_close(lang)),
        about("reopen", words::help_reopen(lang)),
        about("star", words::help_star(lang)),
        about("unstar", words::help_unstar(lang)),
        about("read", words::help_read(lang)),
        about("unread", words::help_unread(lang)),
        about("join", words::help_join(lang)),
        about("assign", words::help_assign(lang)).arg(
            Arg::new("assignee").value_name("WHOM").default_value("me").help(words::help_assignee(lang)),
        ),
        about("unassign", words::help_unassign(lang)),
        Command::new("tag")
            .about(words::help_tag(lang))
            .subcommand_required(true)
            .subcommand(about("add", words::help_tag_add(lang)).arg(tag()))
            .subcommand(
                Command::new("remove").about(words::help_tag_remove(lang)).arg(conversation(lang)).arg(tag()),
            ),
    ]
}

fn note(lang: Lang) -> Command {
    let about = |name: &'static str, about: String| Command::new(name).about(about).arg(conversation(lang));
    let note = || Arg::new("note").value_name("NOTE").required(true).help(words::help_note_id(lang));
    Command::new("note")
        .about(words::help_note(lang))
        .subcommand_required(true)
        .subcommand(about("list", words::help_note_list(lang)))
        .subcommand(about("add", words::help_note_add(lang)).arg(message(lang)))
        .subcommand(about("edit", words::help_note_edit(lang)).arg(note()).arg(message(lang)))
        .subcommand(about("delete", words::help_note_delete(lang)).arg(note()))
}

/// About a message that was sent.
fn sent(lang: Lang) -> Command {
    let about = |name: &'static str, about: String| {
        let message = Arg::new("message").value_name("MESSAGE").required(true);
        Command::new(name)
            .about(about)
            .arg(conversation(lang))
            .arg(message.help(words::help_message_id(lang)))
    };
    Command::new("message")
        .about(words::help_message(lang))
        .subcommand_required(true)
        .subcommand(about("edit", words::help_message_edit(lang)).arg(message(lang)))
        .subcommand(about("delete", words::help_message_delete(lang)))
        .subcommand(about("take-back", words::help_message_take_back(lang)))
}

/// What waits, and what can be done about what was not sent.
fn outbox(lang: Lang) -> Command {
    let about = |name: &'static str, about: String| {
        let entry = Arg::new("entry").value_name("ENTRY").required(true);
        Command::new(name).about(about).arg(entry.help(words::help_outbox_entry(lang)))
    };
    Command::new("outbox")
        .about(words::help_outbox(lang))
        .subcommand(about("retry", words::help_outbox_retry(lang)))
        .subcommand(about("edit", words::help_outbox_edit(lang)).arg(message(lang)))
        .subcommand(about("delete", words::help_outbox_delete(lang)))
}

fn shared(name: &'static str, help: String) -> Arg {
    Arg::new(name).long(name).value_name("TEXT").help(help)
}

fn conversation(lang: Lang) -> Arg {
    Arg::new("conversation").value_name("ID").required(true).help(words::help_conversation(lang))
}

fn conversations(lang: Lang) -> Arg {
    Arg::new("conversation")
        .value_name("ID[,ID…]")
        .required(true)
        .value_delimiter(',')
        .help(words::help_conversations(lang))
}

fn message(lang: Lang) -> Arg {
    Arg::new("text").value_name("TEXT").help(words::help_text(lang))
}
