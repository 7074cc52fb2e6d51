//! Drafts: the last value that a person's devices gave, one a conversation (docs/sync.md, "Who wins").

use rusqlite::{Connection, OptionalExtension, params};
use shopbell_domain::conversation::Ver;
use shopbell_domain::draft::Draft;
use shopbell_domain::ids::{ConversationId, MessageId, ShopId, StaffId};

use super::changes::Changed;
use super::columns::id;
use super::group::Tx;
use super::{messages, standing};
use crate::storage::{Caller, OperationError};

/// One draft.
pub(super) const ONE_SQL: &str =
    "SELECT ver, message, text FROM draft WHERE shop = ?1 AND staff = ?2 AND conversation = ?3";

/// Takes one away if it stands under a message id.
pub(super) const END_SQL: &str =
    "DELETE FROM draft WHERE shop = ?1 AND staff = ?2 AND conversation = ?3 AND message = ?4";

/// Stores what a person has begun to write. One whose message is there already came late: it was sent meanwhile, and
/// brings back nothing.
pub(super) fn put(tx: &mut Tx<'_>, caller: &Caller, draft: &Draft) -> Result<(), OperationError> {
    standing::grant_of(tx.conn, caller, draft.conversation)?;
    let (shop, staff) = (caller.shop, caller.staff);
    if messages::is_known(tx.conn, shop, draft.message)? {
        return Ok(());
    }
    let before = load(tx.conn, shop, staff, draft.conversation)?.map(|(_, before)| before);
    let row = Changed::Draft(staff, draft.conversation);
    if draft.text.is_empty() {
        if let Some(before) = before {
            end(tx, shop, staff, draft.conversation, before.message)?;
        }
    } else if before.as_ref() != Some(draft) {
        tx.conn
            .prepare_cached(
                "INSERT INTO draft (shop, staff, conversation, message, text) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (shop, staff, conversation)
                 DO UPDATE SET message = excluded.message, text = excluded.text",
            )?
            .execute(params![
                shop.as_bytes(),
                staff.as_bytes(),
                draft.conversation.as_bytes(),
                draft.message.as_bytes(),
                draft.text
            ])?;
        tx.changes.touch(shop, row);
    }
    Ok(())
}

/// The draft of a person in a conversation, with its row's version.
pub(super) fn load(
    conn: &Connection,
    shop: ShopId,
    staff: StaffId,
    conversation: ConversationId,
) -> rusqlite::Result<Option<(Ver, Draft)>> {
    conn.prepare_cached(ONE_SQL)?
        .query_row(params![shop.as_bytes(), staff.as_bytes(), conversation.as_bytes()], |row| {
            let draft = Draft { conversation, message: id(row, 1, MessageId)?, text: row.get(2)? };
            Ok((Ver(row.get(0)?), draft))
        })
        .optional()
}

/// Takes away a draft that stands under this message id. Whether there was one.
pub(super) fn end(
    tx: &mut Tx<'_>,
    shop: ShopId,
    staff: StaffId,
    conversation: ConversationId,
    message: MessageId,
) -> rusqlite::Result<bool> {
    let ended = tx.conn.prepare_cached(END_SQL)?.execute(params![
        shop.as_bytes(),
        staff.as_bytes(),
        conversation.as_bytes(),
        message.as_bytes()
    ])?;
    if ended > 0 {
        tx.changes.end(shop, Changed::Draft(staff, conversation));
    }
    Ok(ended > 0)
}

/// Gives a draft that changed the version of its change.
pub(super) fn stamp(
    conn: &Connection,
    shop: ShopId,
    staff: StaffId,
    conversation: ConversationId,
    ver: Ver,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE draft SET ver = ?4 WHERE shop = ?1 AND staff = ?2 AND conversation = ?3")?
        .execute(params![shop.as_bytes(), staff.as_bytes(), conversation.as_bytes(), ver.0])?;
    Ok(())
}
