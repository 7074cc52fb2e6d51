//! How much of each scope is held: a cursor, or how far its loading has come. Both survive a crash, since they commit
//! together with the rows that they speak of (docs/sync.md 3).

use rusqlite::Connection;

use shopbell_domain::sync::Scope;

use super::{StoreError, Write};

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
    fn beginning(scope: Scope) -> ScopeState {
        match scope {
            Scope::Device(_) | Scope::User(_) => ScopeState::Held(0),
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
        self.set_state(scope, &ScopeState::beginning(scope))
    }

    /// Everything of it up to `cursor` is held. Cursors never go back.
    pub(crate) fn hold_scope(&mut self, scope: Scope, cursor: i64) -> Result<(), StoreError> {
        self.set_state(scope, &ScopeState::Held(cursor))
    }

    /// Another page of it is in.
    pub(crate) fn load_scope(
        &mut self,
        scope: Scope,
        noted: Option<i64>,
        page: Option<String>,
    ) -> Result<(), StoreError> {
        self.set_state(scope, &ScopeState::Loading { noted, page })
    }

    /// It is not granted any more: it goes with all its rows. The outbox stays.
    pub(crate) fn end_scope(&mut self, scope: Scope) -> Result<(), StoreError> {
        self.delete_rows(scope)?;
        self.execute("DELETE FROM scope WHERE scope = ?1", [scope.to_string()])?;
        Ok(())
    }

    pub(super) fn load_every_scope_again(&mut self) -> Result<(), StoreError> {
        for held in all(self)? {
            self.set_state(held.scope, &ScopeState::beginning(held.scope))?;
        }
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
