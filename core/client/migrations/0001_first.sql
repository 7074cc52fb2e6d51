-- The whole schema of the first version. What each column holds: docs/schema.sql.

CREATE TABLE profile (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    device BLOB NOT NULL,
    server TEXT NOT NULL DEFAULT '',
    shop BLOB,
    shop_name TEXT NOT NULL DEFAULT '',
    staff BLOB,
    staff_name TEXT NOT NULL DEFAULT '',
    epoch BLOB,
    seen_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE scope (
    scope TEXT NOT NULL PRIMARY KEY,
    grant_number INTEGER NOT NULL,
    cursor INTEGER,
    noted INTEGER,
    page TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE shop (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    permissions TEXT NOT NULL DEFAULT '[]',
    owner INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    inbox BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    name TEXT,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    customer BLOB NOT NULL,
    channel BLOB NOT NULL,
    status TEXT NOT NULL,
    status_ver INTEGER NOT NULL,
    status_by BLOB,
    status_mutation BLOB,
    assignee BLOB,
    assignee_ver INTEGER NOT NULL,
    assignee_by BLOB,
    assignee_mutation BLOB,
    started_at INTEGER NOT NULL,
    activity_at INTEGER NOT NULL,
    last_mseq INTEGER NOT NULL,
    inbound_count INTEGER NOT NULL,
    last_inbound BLOB,
    preview_message BLOB,
    preview_author BLOB,
    preview_text TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_customer ON conversation (customer);

CREATE TABLE message (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    conversation BLOB NOT NULL,
    mseq INTEGER NOT NULL,
    author BLOB,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    inbound_number INTEGER,
    delivery TEXT,
    refused_by_channel TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX message_place ON message (conversation, mseq);

CREATE TABLE read_marker (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    mid BLOB NOT NULL UNIQUE,
    conversation BLOB NOT NULL,
    message BLOB,
    name TEXT NOT NULL,
    v INTEGER NOT NULL,
    args BLOB NOT NULL,
    base TEXT,
    depends_on TEXT NOT NULL DEFAULT '[]',
    client_ts INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    left_epoch BLOB,
    fault TEXT
) STRICT;

CREATE INDEX outbox_conversation ON outbox (conversation, position);

CREATE TABLE journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    mid BLOB NOT NULL UNIQUE,
    conversation BLOB NOT NULL,
    message BLOB,
    name TEXT NOT NULL,
    v INTEGER NOT NULL,
    args BLOB NOT NULL,
    base TEXT,
    client_ts INTEGER NOT NULL,
    refusal TEXT,
    listed INTEGER NOT NULL DEFAULT 0,
    seq INTEGER,
    epoch BLOB NOT NULL,
    settled_at INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_listed ON journal (conversation, position) WHERE listed = 1;

CREATE TABLE shown (
    conversation BLOB NOT NULL PRIMARY KEY,
    customer_name TEXT,
    customer_number INTEGER,
    channel BLOB NOT NULL,
    status TEXT NOT NULL,
    assignee BLOB,
    activity_at INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    not_sent INTEGER NOT NULL,
    preview_message BLOB,
    preview_author BLOB,
    preview_text TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_activity ON shown (status, activity_at DESC, conversation);
CREATE INDEX shown_assignee ON shown (status, assignee, activity_at DESC, conversation);
