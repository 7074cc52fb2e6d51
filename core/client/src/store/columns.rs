//! How ids stand in columns: as the 16 bytes of the UUID, each read back as the type that the caller names.

use rusqlite::{Result, Row};

use shopbell_domain::ids::{
    ChannelId, ConversationId, CustomerId, DeviceId, EpochId, InboxId, MessageId, MutationId, NoteId, ShopId,
    StaffId,
};
use uuid::Uuid;

/// An id that is stored as 16 bytes.
pub(crate) trait StoredId: Sized {
    fn from_bytes(bytes: [u8; 16]) -> Self;
}

macro_rules! stored_ids {
    ($($name:ident),+ $(,)?) => {$(
        impl StoredId for $name {
            fn from_bytes(bytes: [u8; 16]) -> Self {
                Self::from_slice(&bytes).expect("16 bytes are an id")
            }
        }
    )+};
}

stored_ids!(
    ChannelId,
    ConversationId,
    CustomerId,
    DeviceId,
    EpochId,
    InboxId,
    MessageId,
    MutationId,
    NoteId,
    ShopId,
    StaffId,
);

/// An id of whatever kind.
impl StoredId for Uuid {
    fn from_bytes(bytes: [u8; 16]) -> Self {
        Uuid::from_bytes(bytes)
    }
}

/// The id in a column.
pub(crate) fn id<T: StoredId>(row: &Row<'_>, column: &str) -> Result<T> {
    row.get(column).map(T::from_bytes)
}

/// The id in a column that may be null.
pub(crate) fn maybe_id<T: StoredId>(row: &Row<'_>, column: &str) -> Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(T::from_bytes))
}
