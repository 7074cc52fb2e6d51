//! Whose database this is, and which history of which server it follows.

use rusqlite::{Connection, OptionalExtension};

use shopbell_domain::ids::{DeviceId, EpochId};

use super::columns::{id, maybe_id};
use super::{StoreError, Write};
use crate::account::{Account, AccountShop, StaffName};

/// The one row of `profile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// This database's id.
    pub device: DeviceId,
    /// Who is signed in; `None` before the first time.
    pub account: Option<Account>,
    /// The server's history that cursors are of; `None` before the first sign-in.
    pub epoch: Option<EpochId>,
}

impl Profile {
    /// The profile as it is stored; `None` in a database that was never used.
    pub(crate) fn read(connection: &Connection) -> Result<Option<Profile>, StoreError> {
        let read = |row: &rusqlite::Row<'_>| {
            let device = id(row, "device")?;
            let account = match (maybe_id(row, "shop")?, maybe_id(row, "staff")?) {
                (Some(shop), Some(staff)) => Some(Account {
                    server: row.get("server")?,
                    shop: AccountShop { id: shop, name: row.get("shop_name")? },
                    staff: StaffName { id: staff, name: row.get("staff_name")? },
                    device,
                }),
                _ => None,
            };
            Ok(Profile { device, account, epoch: maybe_id(row, "epoch")? })
        };
        let mut statement = connection.prepare_cached(
            "SELECT device, server, shop, shop_name, staff, staff_name, epoch FROM profile WHERE one = 1",
        )?;
        Ok(statement.query_row([], read).optional()?)
    }
}

impl Profile {
    /// Whether `shown` must be made again before anybody reads it.
    pub(super) fn shown_is_stale(connection: &Connection) -> Result<bool, StoreError> {
        Ok(connection.prepare_cached("SELECT 1 FROM profile WHERE shown_stale = 1")?.exists([])?)
    }
}

impl Write<'_> {
    /// Gives the database its id, unless it has one.
    pub(crate) fn begin_profile(&mut self, device: DeviceId) -> Result<(), StoreError> {
        self.execute("INSERT OR IGNORE INTO profile (one, device) VALUES (1, ?1)", [device.as_bytes()])?;
        Ok(())
    }

    /// Records who signed in.
    pub(crate) fn set_account(&mut self, account: &Account) -> Result<(), StoreError> {
        self.execute(
            "UPDATE profile SET server = ?1, shop = ?2, shop_name = ?3, staff = ?4, staff_name = ?5",
            (
                &account.server,
                account.shop.id.as_bytes(),
                &account.shop.name,
                account.staff.id.as_bytes(),
                &account.staff.name,
            ),
        )?;
        self.touched.names = true;
        Ok(())
    }

    /// The first history of the server that this database follows.
    pub(crate) fn begin_epoch(&mut self, epoch: EpochId) -> Result<(), StoreError> {
        self.execute("UPDATE profile SET epoch = ?1", [epoch.as_bytes()])?;
        Ok(())
    }
}
