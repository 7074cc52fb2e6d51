//! How much of each scope is held: a cursor, or how far its loading has come. Both survive a crash, since they commit
//! together with the rows that they speak of (docs/sync.md 3).
//!
//! A scope that is loaded again keeps its rows meanwhile. Each page marks what it brought; when the last one is in, what
//! was held and is in none of them goes, but for what is newer than the first page ([`Write::end_load`]).

use rusqlite::Connection;

use shopbell_domain::ids::EpochId;
use shopbell_domain::sync::{Entity, Row, Scope};
use uuid::Uuid;

use super::columns::id;
use super::rows::entities;
use super::{StoreError, Write};

/// How many rows are swept at a time, so that their words are not all in memory at once.
const SWEEP_STEP_ROWS: usize = 500;

/// A scope that this device was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldScope {
    /// Which one.
    pub scope: Scope,
    /// Which granting of it.
    pub grant: i64,
    /// How much of it is held.
    pub state: ScopeState,
}

/// How much of a scope is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeState {
    /// Everything up to this `seq`.
    Held(i64),
    /// It is being loaded by snapshot.
    Loading {
        /// The `seq` to pull from once all pages are in; `None` before the first page.
        noted: Option<i64>,
        /// The next page's token; `None` for the first.
        page: Option<String>,
    },
}

impl ScopeState {
    /// How a scope begins: results and a person's own rows are pulled from the start, the rest comes by snapshot.
    pub(super) fn beginning(scope: Scope) -> ScopeState {
        match scope {
            Scope::Device(_) | Scope::User(_) => ScopeState::Held(0),
            _ => ScopeState::Loading { noted: None, page: None },
        }
    }

    /// How a scope begins again: by snapshot, since only that says what is gone. Results are no rows; they are pulled
    /// from the start.
    fn again(scope: Scope) -> ScopeState {
        match scope {
            Scope::Device(_) => ScopeState::Held(0),
            _ => ScopeState::Loading { noted: None, page: None },
        }
    }
}

/// All of them, in order. A scope that only a newer version knows is left out.
pub(crate) fn all(connection: &Connection) -> Result<Vec<HeldScope>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT scope, grant_number, cursor, noted, page FROM scope ORDER BY scope")?;
    let rows = statement.query_map([], |row| {
        let state = match row.get("cursor")? {
            Some(cursor) => ScopeState::Held(cursor),
            None => ScopeState::Loading { noted: row.get("noted")?, page: row.get("page")? },
        };
        Ok((row.get::<_, String>("scope")?, row.get("grant_number")?, state))
    })?;
    let mut scopes = Vec::new();
    for row in rows {
        let (scope, grant, state) = row?;
        if let Ok(scope) = scope.parse() {
            scopes.push(HeldScope { scope, grant, state });
        }
    }
    Ok(scopes)
}

/// One of them.
pub(crate) fn one(connection: &Connection, scope: Scope) -> Result<Option<HeldScope>, StoreError> {
    Ok(all(connection)?.into_iter().find(|held| held.scope == scope))
}

impl Write<'_> {
    /// A scope was granted: it is to be loaded.
    pub(crate) fn begin_scope(&mut self, scope: Scope, grant: i64) -> Result<(), StoreError> {
        self.execute("INSERT INTO scope (scope, grant_number) VALUES (?1, ?2)", (scope.to_string(), grant))?;
        self.forget_seen(scope)?;
        self.set_state(scope, &ScopeState::beginning(scope))
    }

    /// Everything of it up to `cursor` is held. Cursors never go back.
    pub(crate) fn hold_scope(&mut self, scope: Scope, cursor: i64) -> Result<(), StoreError> {
        self.set_state(scope, &ScopeState::Held(cursor))
    }

    /// Takes a page of it in and marks what it brought.
    pub(crate) fn load_page(
        &mut self,
        scope: Scope,
        rows: &[Row],
        epoch: EpochId,
        noted: i64,
        next: Option<String>,
    ) -> Result<(), StoreError> {
        for row in rows.iter().filter(|row| !row.ended) {
            self.prepare_cached("INSERT OR IGNORE INTO seen (scope, entity, id) VALUES (?1, ?2, ?3)")?
                .execute((scope.to_string(), row.entity.as_str(), row.id.as_bytes()))?;
            self.merge(scope, row, epoch, super::Origin::Beside)?;
        }
        match next {
            Some(page) => {
                self.set_state(scope, &ScopeState::Loading { noted: Some(noted), page: Some(page) })
            }
            None => self.end_load(scope, epoch, noted),
        }
    }

    /// It is loaded from the first page on; its rows stay until the last page is in.
    pub(crate) fn load_scope_again(&mut self, scope: Scope) -> Result<(), StoreError> {
        self.forget_seen(scope)?;
        self.set_state(scope, &ScopeState::again(scope))
    }

    /// Its rows are not what the server has, whatever their versions say: whatever comes replaces them.
    pub(crate) fn distrust_scope(&mut self, scope: Scope) -> Result<(), StoreError> {
        for entity in entities(scope) {
            self.execute(
                &format!("UPDATE {} SET ver = 0 WHERE scope = ?1", entity.as_str()),
                [scope.to_string()],
            )?;
        }
        Ok(())
    }

    pub(super) fn load_every_scope_again(&mut self) -> Result<(), StoreError> {
        all(self)?.into_iter().try_for_each(|held| self.load_scope_again(held.scope))
    }

    /// All pages are in. What none of them brought is gone on the server, unless it came since the first page: that is
    /// kept, for the pull from the noted `seq` says what became of it.
    fn end_load(&mut self, scope: Scope, epoch: EpochId, noted: i64) -> Result<(), StoreError> {
        for entity in entities(scope) {
            for part in self.not_seen(scope, *entity, epoch, noted)?.chunks(SWEEP_STEP_ROWS) {
                for gone in part {
                    if !self.is_being_brought_back(*entity, *gone)? {
                        self.delete_held(*entity, *gone)?;
                    }
                }
                self.index_what_changed()?;
                self.dropped.all = true;
            }
        }
        self.forget_seen(scope)?;
        self.hold_scope(scope, noted)
    }

    fn not_seen(
        &self,
        scope: Scope,
        entity: Entity,
        epoch: EpochId,
        noted: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        let table = entity.as_str();
        let mut statement = self.prepare_cached(&format!(
            "SELECT id FROM {table} WHERE scope = ?1 AND (epoch <> ?2 OR ver <= ?3) AND NOT EXISTS (
                 SELECT 1 FROM seen WHERE seen.scope = ?1 AND seen.entity = '{table}' AND seen.id = {table}.id)"
        ))?;
        let gone = statement.query_map((scope.to_string(), epoch.as_bytes(), noted), |row| id(row, "id"))?;
        Ok(gone.collect::<Result<_, _>>()?)
    }

    pub(super) fn forget_seen(&mut self, scope: Scope) -> Result<(), StoreError> {
        self.execute("DELETE FROM seen WHERE scope = ?1", [scope.to_string()])?;
        Ok(())
    }

    fn set_state(&mut self, scope: Scope, state: &ScopeState) -> Result<(), StoreError> {
        let (cursor, noted, page) = match state {
            ScopeState::Held(cursor) => (Some(*cursor), None, None),
            ScopeState::Loading { noted, page } => (None, *noted, page.as_deref()),
        };
        self.execute(
            "UPDATE scope SET cursor = ?2, noted = ?3, page = ?4 WHERE scope = ?1",
            (scope.to_string(), cursor, noted, page),
        )?;
        Ok(())
    }
}
