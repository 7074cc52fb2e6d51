//! `search`: names, tags, notes and messages; with `--older` also what only the server has.

use clap::ArgMatches;
use serde_json::{Value, json};
use shopbell_core::{ExcerptPart, SearchGroup, SearchHit, SearchHitKind, SearchQuery};
use shopbell_l10n as words;

use super::choose::short;
use super::{Session, choose, failure, json};
use crate::args::text;
use crate::failure::Failure;
use crate::terminal::{Terminal, harmless};

/// How many pages of older conversations one command fetches.
const OLDER_LIMIT_PAGES: usize = 10;

impl Session {
    pub(super) async fn search(&self, args: &ArgMatches) -> Result<(), Failure> {
        self.refresh().await?;
        let said = |error| failure(&self.terminal, &error);
        let typed: Vec<&str> =
            args.get_many::<String>("words").into_iter().flatten().map(String::as_str).collect();
        let text_typed = typed.join(" ");
        let more_older =
            if args.get_flag("older") { Some(self.fetch_older(&text_typed).await?) } else { None };
        let channel = args
            .contains_id("channel")
            .then(|| choose::channel(&self.app, &self.terminal, text(args, "channel")))
            .transpose()?;
        let limit = args.get_one::<u32>("limit").copied().unwrap_or(50) as usize;
        let view = self.app.search(&SearchQuery { text: text_typed, channel, limit }).map_err(said)?;
        if self.json {
            self.terminal.json(&json!({
                "groups": view.groups.iter().map(group_json).collect::<Vec<_>>(),
                "more": view.more,
                "complete": view.complete,
                "more_older": more_older,
            }));
            return Ok(());
        }
        let lang = self.terminal.lang;
        if view.groups.is_empty() {
            self.terminal.line(&words::inbox_search_empty(lang));
        }
        view.groups.iter().for_each(|group| show(&self.terminal, group));
        if view.more {
            self.terminal.aside(&words::inbox_search_more(lang));
        }
        if !view.complete {
            self.terminal.aside(&words::inbox_search_not_complete(lang));
        }
        match more_older {
            None => self.terminal.aside(&words::inbox_search_on_server(lang)),
            Some(true) => self.terminal.aside(&words::inbox_search_more_older(lang)),
            Some(false) => self.terminal.aside(&words::inbox_search_no_more_older(lang)),
        }
        Ok(())
    }

    /// Answers whether the server has still more.
    async fn fetch_older(&self, typed: &str) -> Result<bool, Failure> {
        self.app.start(); // questions are asked only while it syncs
        let mut page = None;
        for _ in 0..OLDER_LIMIT_PAGES {
            let brought = self.app.search_older(typed, page).await;
            page = brought.map_err(|error| failure(&self.terminal, &error))?.next;
            if page.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn show(terminal: &Terminal, group: &SearchGroup) {
    let row = &group.conversation;
    terminal.line(&format!("{}  {}", short(&row.id), harmless(&row.name)));
    for hit in &group.hits {
        terminal.line(&format!("  {}", line(hit)));
    }
}

/// A hit as a person reads it, with stars around what was looked for.
fn line(hit: &SearchHit) -> String {
    let part = |part: &ExcerptPart| {
        let text = harmless(&part.text);
        if part.marked { format!("*{text}*") } else { text }
    };
    let text: String = hit.excerpt.iter().map(part).collect();
    match hit.kind {
        SearchHitKind::Tag => format!("#{text}"),
        SearchHitKind::Note(_) => format!("✎ {text}"),
        SearchHitKind::Name | SearchHitKind::Message(_) => text,
    }
}

fn group_json(group: &SearchGroup) -> Value {
    json!({
        "conversation": json::inbox_row(&group.conversation),
        "hits": group.hits.iter().map(hit_json).collect::<Vec<_>>(),
    })
}

fn hit_json(hit: &SearchHit) -> Value {
    let (kind, id) = match hit.kind {
        SearchHitKind::Name => ("name", None),
        SearchHitKind::Tag => ("tag", None),
        SearchHitKind::Note(id) => ("note", Some(id.to_string())),
        SearchHitKind::Message(id) => ("message", Some(id.to_string())),
    };
    let excerpt = |part: &ExcerptPart| json!({ "text": part.text, "marked": part.marked });
    json!({
        "kind": kind,
        "id": id,
        "at": hit.at.millis(),
        "excerpt": hit.excerpt.iter().map(excerpt).collect::<Vec<_>>(),
    })
}
