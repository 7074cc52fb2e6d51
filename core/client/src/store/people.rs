//! The shop's people, as rules and screens ask for them.

use rusqlite::{Connection, OptionalExtension, Row};

use shopbell_domain::ids::StaffId;
use shopbell_domain::staff::{ASSIGNEE_NEEDS, Actor, Permission, Permissions, Staff};

use super::columns::id;
use super::{Profile, StoreError};
use crate::account::StaffRow;

/// One person.
pub(super) fn person(connection: &Connection, staff: StaffId) -> Result<Option<Staff>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, email, permissions, owner FROM staff WHERE id = ?1")?;
    let found = statement.query_row([staff.as_bytes()], read).optional()?;
    Ok(found)
}

/// Whether the shop has this person.
pub(crate) fn is_staff(connection: &Connection, staff: StaffId) -> Result<bool, StoreError> {
    Ok(person(connection, staff)?.is_some())
}

/// Who makes the changes of this outbox. Until the people have been loaded everything is taken as allowed: the server
/// decides, and what a person did must be on the screen.
pub(crate) fn me(connection: &Connection) -> Result<Option<Actor>, StoreError> {
    let Some(account) = Profile::read(connection)?.and_then(|profile| profile.account) else {
        return Ok(None);
    };
    let permissions = match person(connection, account.staff.id)? {
        Some(me) => me.permissions,
        None => Permissions::of([Permission::Full]),
    };
    Ok(Some(Actor { staff: account.staff.id, permissions }))
}

/// All of them by name.
pub(crate) fn list(connection: &Connection) -> Result<Vec<StaffRow>, StoreError> {
    let me = Profile::read(connection)?.and_then(|profile| profile.account).map(|account| account.staff.id);
    let mut statement = connection
        .prepare_cached("SELECT id, name, email, permissions, owner FROM staff ORDER BY name, id")?;
    let rows = statement.query_map([], |row| Ok((id::<StaffId>(row, "id")?, read(row)?)))?;
    let mut people = Vec::new();
    for row in rows {
        let (id, staff) = row?;
        people.push(StaffRow {
            id,
            assignable: staff.permissions.allow_all(&ASSIGNEE_NEEDS),
            name: staff.name,
            email: staff.email,
            me: me == Some(id),
            owner: staff.owner,
        });
    }
    Ok(people)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Staff> {
    let permissions: String = row.get("permissions")?;
    Ok(Staff {
        name: row.get("name")?,
        email: row.get("email")?,
        // What cannot be read allows nothing.
        permissions: serde_json::from_str(&permissions).unwrap_or_default(),
        owner: row.get("owner")?,
    })
}
