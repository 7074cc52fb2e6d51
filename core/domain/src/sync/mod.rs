//! What phones and the server tell each other. The page that explains it to others is `docs/protocol.md`.
//!
//! Only shapes stand here; what must hold is in `docs/sync.md`. A field that this version does not know is ignored
//! when read; a message of a newer *protocol* is answered with what to do.

pub mod checksum;
pub mod draft;
pub mod live;
pub mod problem;
pub mod pull;
pub mod push;
pub mod result;
pub mod row;
pub mod scope;
pub mod search;
pub mod session;
pub mod snapshot;

pub use checksum::Checksum;
pub use draft::PutDraft;
pub use live::{LiveFromPhone, LiveFromServer};
pub use problem::{Problem, ProblemKind, Survives};
pub use pull::{AlsoRows, Grant, PullAnswer, PullRequest, ScopeCursor, ScopeRows};
pub use push::{Fault, FaultKind, PushAnswer, PushRequest};
pub use result::{MutationResult, Outcome, RowRef};
pub use row::{Entity, Row};
pub use scope::Scope;
pub use search::{SearchAnswer, SearchRequest};
pub use session::{DeviceInfo, Refresh, Refreshed, SignIn, SignedIn, SignedInShop, SignedInStaff};
pub use snapshot::{HistoryAnswer, SnapshotPage};

/// The version of this protocol. It rises only when an older phone could do harm.
pub const PROTOCOL: u32 = 1;
/// The header that carries it.
pub const PROTOCOL_HEADER: &str = "shopbell-protocol";
/// The largest body of a pull or a push, in bytes.
pub const SYNC_BODY_LIMIT_BYTES: usize = 1024 * 1024;
/// The largest body of a draft, in bytes: JSON may write a character with twelve (`\ud83d\ude00`).
pub const DRAFT_BODY_LIMIT_BYTES: usize = 256 * 1024;
/// The largest body of any other request, in bytes.
pub const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// The most rows that one pull may ask for.
pub const PULL_LIMIT_ROWS: usize = 1_000;
/// The longest that a pull may wait for news, in milliseconds.
pub const PULL_WAIT_LIMIT_MS: u64 = 25_000;
/// The most mutations in one push.
pub const PUSH_LIMIT_MUTATIONS: usize = 200;
/// The most messages in one page of history.
pub const HISTORY_LIMIT_ROWS: usize = 200;
/// How many of the newest messages of an open conversation a snapshot brings.
pub const SNAPSHOT_MESSAGES: usize = 50;
/// The most conversations in one page of search.
pub const SEARCH_LIMIT_CONVERSATIONS: usize = 50;
