//! `list` and `counts`: which conversations, in which order, and how many.

use clap::ArgMatches;
use shopbell_core::{Env, InboxFilter, InboxQuery, InboxSort, SystemEnv, Tag, Timestamp};
use shopbell_l10n as words;

use super::{Session, choose, failure, json, show};
use crate::args::text;
use crate::failure::{Failure, USAGE};

impl Session {
    pub(super) async fn list(&self, args: &ArgMatches) -> Result<(), Failure> {
        self.refresh().await?;
        let query = self.query(args)?;
        let rows = self.app.inbox(&query).map_err(|error| failure(&self.terminal, &error))?;
        if self.json {
            self.terminal.json(&rows.iter().map(json::inbox_row).collect());
        } else {
            show::list(&self.terminal, &rows, query.filter);
        }
        Ok(())
    }

    pub(super) async fn counts(&self) -> Result<(), Failure> {
        self.refresh().await?;
        let said = |error| failure(&self.terminal, &error);
        let (counts, channels) = (self.app.counts().map_err(said)?, self.app.channels().map_err(said)?);
        if self.json {
            self.terminal.json(&json::counts(&counts, &channels));
        } else {
            show::counts(&self.terminal, &counts, &channels);
        }
        Ok(())
    }

    fn query(&self, args: &ArgMatches) -> Result<InboxQuery, Failure> {
        let typed = |name| args.get_one::<String>(name).map(String::as_str);
        let filter = match text(args, "filter") {
            "mine" => InboxFilter::Mine,
            "unassigned" => InboxFilter::Unassigned,
            "starred" => InboxFilter::Starred,
            "closed" => InboxFilter::Closed,
            "not-sent" => InboxFilter::NotSent,
            _ => InboxFilter::All,
        };
        let tag = typed("tag").map(Tag::new).transpose();
        let period = |name| typed(name).map(|ago| self.time(ago)).transpose();
        Ok(InboxQuery {
            filter,
            sort: match typed("sort") {
                Some("unread") => InboxSort::UnreadFirst,
                Some("newest") => InboxSort::Newest,
                Some("oldest") => InboxSort::Oldest,
                _ => InboxSort::usual(filter),
            },
            channel: typed("channel")
                .map(|name| choose::channel(&self.app, &self.terminal, name))
                .transpose()?,
            tag: tag.map_err(|error| failure(&self.terminal, &error.into()))?,
            agent: typed("agent").map(|who| choose::staff(&self.app, &self.terminal, who)).transpose()?,
            from: period("since")?,
            to: period("until")?,
            limit: args.get_one::<u32>("limit").copied().unwrap_or(50) as usize,
        })
    }

    /// A moment, as a person names it: `90m`, `12h` or `7d` ago.
    fn time(&self, ago: &str) -> Result<Timestamp, Failure> {
        let millis = ago_ms(ago)
            .ok_or_else(|| Failure::new(USAGE, words::inbox_bad_period(self.terminal.lang, ago)))?;
        Ok(SystemEnv.now().plus_ms(-millis))
    }
}

/// How long ago, in milliseconds.
fn ago_ms(ago: &str) -> Option<i64> {
    let unit_ms = match ago.chars().next_back()? {
        'm' => 60_000,
        'h' => 60 * 60_000,
        'd' => 24 * 60 * 60_000,
        _ => return None,
    };
    let number: u32 = ago[..ago.len() - 1].parse().ok()?;
    i64::from(number).checked_mul(unit_ms)
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
