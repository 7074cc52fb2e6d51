//! What the rows that are held add up to, to be compared with what the server says (docs/sync.md 8).

use rusqlite::Connection;

use shopbell_domain::conversation::Ver;
use shopbell_domain::sync::{Checksum, Entity, Scope};

use super::StoreError;
use super::columns::id;
use super::rows::entities;

/// Of an inbox the open heads, as the server has them; of other scopes all rows.
pub(crate) fn checksum(from: &Connection, scope: Scope) -> Result<Checksum, StoreError> {
    let mut sum = Checksum::default();
    for entity in entities(scope) {
        let only = match (scope, entity) {
            (Scope::Inbox(_), Entity::Conversation) => "AND status = 'open'",
            (Scope::Inbox(_), _) => continue,
            _ => "",
        };
        let sql = format!("SELECT id, ver FROM {} WHERE scope = ?1 {only}", entity.as_str());
        let mut statement = from.prepare_cached(&sql)?;
        let mut rows = statement.query([scope.to_string()])?;
        while let Some(row) = rows.next()? {
            sum.add(*entity, id(row, "id")?, Ver(row.get("ver")?));
        }
    }
    Ok(sum)
}
