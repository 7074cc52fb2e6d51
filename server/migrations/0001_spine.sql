-- The first schema. Ids are 16 bytes, times are milliseconds since 1970-01-01 UTC, `ver` and `seq` are of the shop's
-- log. Every table starts with the shop, since a shop is the partition of everything.

CREATE TABLE server (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BLOB NOT NULL                     -- this server's history; a restore begins a new one
) STRICT;

CREATE TABLE shop (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,        -- what its pages embed
    seq INTEGER NOT NULL DEFAULT 0,         -- the highest seq of its log
    customers INTEGER NOT NULL DEFAULT 0,   -- how many there ever were, for "Visitor 12"
    ver INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE shop_origin (                  -- the web origins whose pages may embed the chat
    shop BLOB NOT NULL REFERENCES shop (id),
    origin TEXT NOT NULL,
    PRIMARY KEY (shop, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_origin_by_origin ON shop_origin (origin);

CREATE TABLE inbox (
    shop BLOB NOT NULL REFERENCES shop (id),
    id BLOB NOT NULL,
    PRIMARY KEY (shop, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    shop BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    inbox BLOB NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, inbox) REFERENCES inbox (shop, id)
) STRICT;
CREATE INDEX channel_by_inbox ON channel (shop, inbox);

CREATE TABLE staff (
    shop BLOB NOT NULL REFERENCES shop (id),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,                    -- as it was written
    email_key TEXT NOT NULL,                -- trimmed and case-folded: what signing in looks for
    permissions TEXT NOT NULL,              -- a JSON list of words
    owner INTEGER NOT NULL DEFAULT 0,
    password_hash TEXT NOT NULL,            -- a PHC string
    token_generation INTEGER NOT NULL DEFAULT 1, -- sessions of an earlier one have ended
    removed_at INTEGER,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id)
) STRICT;
CREATE UNIQUE INDEX staff_by_email ON staff (email_key, shop) WHERE removed_at IS NULL;

CREATE TABLE grants (                       -- scopes that were lost at least once; all others have number 1
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    scope TEXT NOT NULL,
    number INTEGER NOT NULL,                -- of the present grant, or of the next one when it is lost now
    PRIMARY KEY (shop, staff, scope),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    shop BLOB NOT NULL,
    id BLOB NOT NULL,
    staff BLOB NOT NULL,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id)
) STRICT;
CREATE INDEX device_by_staff ON device (shop, staff);

CREATE TABLE session (                      -- one row a refresh-token family
    id BLOB NOT NULL PRIMARY KEY,
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    device BLOB NOT NULL,
    generation INTEGER NOT NULL,            -- the person's token generation when they signed in
    acked INTEGER NOT NULL DEFAULT 0,       -- the newest counter that the device has shown
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    FOREIGN KEY (shop, device) REFERENCES device (shop, id)
) STRICT;
CREATE INDEX session_by_device ON session (shop, device);

CREATE TABLE customer (
    shop BLOB NOT NULL,
    id BLOB NOT NULL,
    inbox BLOB NOT NULL,
    name TEXT,
    number INTEGER NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, inbox) REFERENCES inbox (shop, id)
) STRICT;
CREATE INDEX customer_by_inbox ON customer (shop, inbox);

CREATE TABLE conversation (
    shop BLOB NOT NULL,
    id BLOB NOT NULL,
    inbox BLOB NOT NULL,
    customer BLOB NOT NULL,
    channel BLOB NOT NULL,
    address TEXT NOT NULL,                  -- what the channel's provider calls the customer; pinned at the beginning
    status TEXT NOT NULL,
    status_ver INTEGER NOT NULL DEFAULT 0,
    status_by BLOB,
    status_mutation BLOB,
    assignee BLOB,
    assignee_ver INTEGER NOT NULL DEFAULT 0,
    assignee_by BLOB,
    assignee_mutation BLOB,
    started_at INTEGER NOT NULL,
    activity_at INTEGER NOT NULL,
    last_mseq INTEGER NOT NULL DEFAULT 0,
    inbound_count INTEGER NOT NULL DEFAULT 0,
    last_inbound BLOB,
    preview TEXT,                           -- the newest message as the list shows it, JSON
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, customer) REFERENCES customer (shop, id),
    FOREIGN KEY (shop, channel) REFERENCES channel (shop, id)
) STRICT;
CREATE INDEX conversation_by_activity ON conversation (shop, inbox, activity_at DESC, id DESC);
CREATE INDEX conversation_open ON conversation (shop, inbox, activity_at DESC, id DESC) WHERE status = 'open';
CREATE INDEX conversation_by_customer ON conversation (shop, customer);
CREATE INDEX conversation_by_channel ON conversation (shop, channel);

CREATE TABLE message (
    shop BLOB NOT NULL,
    id BLOB NOT NULL,                       -- chosen by whoever wrote it
    conversation BLOB NOT NULL,
    mseq INTEGER NOT NULL,                  -- 1, 2, 3 … in its conversation
    author BLOB,                            -- the person of the shop; NULL: the customer
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    inbound_number INTEGER,
    delivery TEXT,
    refused_by_channel TEXT,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    UNIQUE (shop, conversation, mseq),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
) STRICT;

CREATE TABLE read_marker (
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    conversation BLOB NOT NULL,
    count INTEGER NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, staff, conversation),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_marker_by_conversation ON read_marker (shop, conversation);

CREATE TABLE mutation (                     -- what was decided, once
    shop BLOB NOT NULL,
    mid BLOB NOT NULL,
    staff BLOB NOT NULL,
    device BLOB NOT NULL,
    name TEXT NOT NULL,
    v INTEGER NOT NULL,
    args TEXT NOT NULL,                     -- the bytes as they came
    base TEXT,                              -- JSON
    outcome TEXT NOT NULL,                  -- JSON, codes and ids only
    rows TEXT NOT NULL,                     -- JSON: the rows that it changed
    at INTEGER NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, mid)
) STRICT;

CREATE TABLE mutation_failure (             -- how often the server failed at a mutation
    shop BLOB NOT NULL,
    mid BLOB NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (shop, mid)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (                          -- latest-only: one entry a row and scope, at the row's newest seq
    shop BLOB NOT NULL,
    scope TEXT NOT NULL,
    entity TEXT NOT NULL,
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, scope, entity, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX log_by_seq ON log (shop, scope, seq);

CREATE TABLE outgoing (                     -- the queue to the channels, first in first out a conversation
    shop BLOB NOT NULL,
    message BLOB NOT NULL,
    conversation BLOB NOT NULL,
    position INTEGER NOT NULL,              -- the message's mseq
    state TEXT NOT NULL,                    -- queued, sending, sent, refused, unknown
    attempt BLOB,                           -- the attempt that is or was the last
    attempts INTEGER NOT NULL DEFAULT 0,
    answer_lost INTEGER NOT NULL DEFAULT 0, -- an attempt's answer was lost: it may have arrived already
    queued_at INTEGER NOT NULL,
    next_at INTEGER,                        -- not before this time; NULL: an earlier one of its conversation goes first
    PRIMARY KEY (shop, message),
    FOREIGN KEY (shop, message) REFERENCES message (shop, id)
) STRICT;
CREATE INDEX outgoing_due ON outgoing (next_at, shop, conversation) WHERE state = 'queued';
CREATE INDEX outgoing_line ON outgoing (shop, conversation, position) WHERE state IN ('queued', 'sending');
CREATE INDEX outgoing_sending ON outgoing (shop, conversation) WHERE state = 'sending';

CREATE TABLE inbound_event (                -- what providers already told, so that it counts once
    shop BLOB NOT NULL,
    channel BLOB NOT NULL,
    event TEXT NOT NULL,                    -- the provider's id
    message BLOB NOT NULL,
    PRIMARY KEY (shop, channel, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_session (                 -- a browser in a shop's web chat
    shop BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    channel BLOB NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,        -- SHA-256
    name TEXT,                              -- what the page says; nobody has checked it
    language TEXT,
    page_url TEXT,
    page_title TEXT,
    events INTEGER NOT NULL DEFAULT 0,      -- the n of its newest event
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,               -- the newest sign of life
    here INTEGER NOT NULL DEFAULT 1,        -- 0: the page said that it was left
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, channel) REFERENCES channel (shop, id)
) STRICT;

CREATE TABLE chat_event (                   -- what a browser is shown, n = 1, 2, 3 … a session
    shop BLOB NOT NULL,
    session BLOB NOT NULL,
    n INTEGER NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (shop, session, n),
    UNIQUE (shop, message),
    FOREIGN KEY (shop, message) REFERENCES message (shop, id)
) STRICT, WITHOUT ROWID;
