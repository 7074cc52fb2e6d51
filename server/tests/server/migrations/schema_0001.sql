-- A database as schema 1 left it: Juniper & Clay in the middle of a morning, and Kettle & Co, which has just begun.
-- Replies stand in every state of the outgoing queue. Passwords are "a long enough password", hashed cheaply.
-- It stays as it is; schema 2 and later are what a server makes of it.

PRAGMA foreign_keys = OFF;
PRAGMA user_version = 1;

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

INSERT INTO server (one, epoch) VALUES
    (1, x'019cadc69a807221aa56a46373f01489');
INSERT INTO shop (id, name, public_key, seq, customers, ver, created_at) VALUES
    (x'019cadc69a807b2d88717d29b579226a', 'Juniper & Clay', 'pk_e6b2dt5945vxcpf613f46d2jhbtaff2s', 44, 3, 1, 1772442000000),
    (x'019cadc69a807b3fab5a90462e282f0a', 'Kettle & Co', 'pk_g8vvyxnt52v9apzhfnrt1bd8kncpzqg2', 3, 0, 1, 1772442000000);
INSERT INTO shop_origin (shop, origin) VALUES
    (x'019cadc69a807b2d88717d29b579226a', 'https://juniper.example'),
    (x'019cadc69a807b3fab5a90462e282f0a', 'https://kettle.example');
INSERT INTO inbox (shop, id) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807e939cf684218b14a5b7'),
    (x'019cadc69a807b3fab5a90462e282f0a', x'019cadc69a80745382d6df8295a8b7e9');
INSERT INTO channel (shop, id, kind, name, inbox, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807ad0b21c6c547cf39072', 'web_chat', 'Juniper & Clay', x'019cadc69a807e939cf684218b14a5b7', 2),
    (x'019cadc69a807b3fab5a90462e282f0a', x'019cadc69a807b41b80a17a5025fef0d', 'web_chat', 'Kettle & Co', x'019cadc69a80745382d6df8295a8b7e9', 2);
INSERT INTO staff (shop, id, name, email, email_key, permissions, owner, password_hash, token_generation, removed_at, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a8078a08ca95a6ef56ab2be', 'Mina', 'mina@juniper.example', 'mina@juniper.example', '["full"]', 1, '$argon2id$v=19$m=8,t=1,p=1$K+U5nmcZLCdepnmAipg2+w$NP9JTELsbm6I/BJhOWMZgtIzCpcZZQKgx4FukC1Fs4c', 1, NULL, 3),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807040a9ca65edaa281408', 'Theo', 'theo@juniper.example', 'theo@juniper.example', '["chat","customers"]', 0, '$argon2id$v=19$m=8,t=1,p=1$WZZXXMHNi8CEkZsqXuvEHQ$2W0kb5LgTsK786C4xaG3+6TrFGwlaYc/6IWtQZ6zPJo', 1, NULL, 4),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807bb283fd2df17829a27f', 'Pia', 'pia@juniper.example', 'pia@juniper.example', '["products"]', 0, '$argon2id$v=19$m=8,t=1,p=1$YVdeeX6FbyZ/Zh7z2UXibg$xONNOKKVwEeGZTVcc93XyckG/PBup2mlVIWxtsAEhsc', 1, NULL, 43),
    (x'019cadc69a807b3fab5a90462e282f0a', x'019cadc69a807004881d4788e77b7d89', 'Noor', 'noor@juniper.example', 'noor@juniper.example', '["full"]', 1, '$argon2id$v=19$m=8,t=1,p=1$nzjrksYHr03uAZy2XEs71A$/Px7C9oWMHOsD5VmoTsS74K78hjvc/UZPzbsUyo+fe0', 1, NULL, 3),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807f2398a20815ddb8186e', 'Otto', 'otto@juniper.example', 'otto@juniper.example', '["products"]', 0, '$argon2id$v=19$m=8,t=1,p=1$9QLM9fG56tzb07otiLPCwA$5N0hDzqaDKi7WKkoo/3V9/amXGwEI/zA8rj8aDscI7U', 1, 1772442240000, 6);
INSERT INTO grants (shop, staff, scope, number) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807bb283fd2df17829a27f', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 2),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807bb283fd2df17829a27f', 'replies', 2);
INSERT INTO device (shop, id, staff, name, platform, created_at, removed_at) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a8079b4868f2ec84331ee8d', x'019cadc69a807040a9ca65edaa281408', 'Theo''s phone', 'cli', 1772442000000, NULL),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807687be7a47194ee3841d', x'019cadc69a8078a08ca95a6ef56ab2be', 'Mina''s phone', 'cli', 1772442000000, NULL);
INSERT INTO session (id, shop, staff, device, generation, acked, created_at, ended_at) VALUES
    (x'019cadc69a807ab3a684f59f0ccea532', x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 1, 0, 1772442000000, NULL),
    (x'019cadc69a807709a9e95d0975e1a118', x'019cadc69a807b2d88717d29b579226a', x'019cadc69a8078a08ca95a6ef56ab2be', x'019cadc69a807687be7a47194ee3841d', 1, 0, 1772442000000, NULL);
INSERT INTO customer (shop, id, inbox, name, number, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'dab0331e565487e7be010cf3f1a4ee67', x'019cadc69a807e939cf684218b14a5b7', 'Ana', 1, 7),
    (x'019cadc69a807b2d88717d29b579226a', x'b6572448e15c897b817ed5fa1062f6e3', x'019cadc69a807e939cf684218b14a5b7', 'Ana', 2, 10),
    (x'019cadc69a807b2d88717d29b579226a', x'97a5636930698d149708f5d9ee894712', x'019cadc69a807e939cf684218b14a5b7', 'Ana', 3, 13);
INSERT INTO conversation (shop, id, inbox, customer, channel, address, status, status_ver, status_by, status_mutation, assignee, assignee_ver, assignee_by, assignee_mutation, started_at, activity_at, last_mseq, inbound_count, last_inbound, preview, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'bb04f26b02d8808190d94b8895175d5b', x'019cadc69a807e939cf684218b14a5b7', x'dab0331e565487e7be010cf3f1a4ee67', x'019cadc69a807ad0b21c6c547cf39072', '019cadc7-84e0-76c2-85fd-a72d22f2e53d', 'open', 8, NULL, NULL, NULL, 8, NULL, NULL, 1772442060000, 1772442240000, 4, 1, x'019cadc784e078d5860792c583dd2bcc', '{"message":"019cadca-4400-742d-b2cd-7d5a137c4561","author":{"staff":"019cadc6-9a80-7040-a9ca-65edaa281408"},"text":"Shall I keep one?"}', 36),
    (x'019cadc69a807b2d88717d29b579226a', x'53395e77a44f84479a11096cb275d824', x'019cadc69a807e939cf684218b14a5b7', x'b6572448e15c897b817ed5fa1062f6e3', x'019cadc69a807ad0b21c6c547cf39072', '019cadc8-6f40-7ee5-980e-79f7f9c809ea', 'closed', 23, x'019cadc69a807040a9ca65edaa281408', x'019cadc959a07100bc35d1e64eaed927', x'019cadc69a8078a08ca95a6ef56ab2be', 23, x'019cadc69a807040a9ca65edaa281408', x'019cadc959a07696b57a0721bc49f89f', 1772442120000, 1772442120000, 1, 1, x'019cadc86f407fbb8de5763bc4128b68', '{"message":"019cadc8-6f40-7fbb-8de5-763bc4128b68","author":"customer","text":"Where is my parcel?"}', 23),
    (x'019cadc69a807b2d88717d29b579226a', x'6fb989dab01189c6ab2591c5aba1887a', x'019cadc69a807e939cf684218b14a5b7', x'97a5636930698d149708f5d9ee894712', x'019cadc69a807ad0b21c6c547cf39072', '019cadc9-59a0-7dc4-b0c8-c5b5e759d54a', 'open', 14, NULL, NULL, NULL, 14, NULL, NULL, 1772442180000, 1772442180000, 3, 1, x'019cadc959a077b6bee25d9e949de3fa', '{"message":"019cadc9-59a0-7ae0-96be-c92b7afa334b","author":{"staff":"019cadc6-9a80-78a0-8ca9-5a6ef56ab2be"},"text":"In two days."}', 27);
INSERT INTO message (shop, id, conversation, mseq, author, text, at, inbound_number, delivery, refused_by_channel, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc784e078d5860792c583dd2bcc', x'bb04f26b02d8808190d94b8895175d5b', 1, NULL, 'Is it blue?', 1772442060000, 1, NULL, NULL, 9),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc86f407fbb8de5763bc4128b68', x'53395e77a44f84479a11096cb275d824', 1, NULL, 'Where is my parcel?', 1772442120000, 1, NULL, NULL, 12),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a077b6bee25d9e949de3fa', x'6fb989dab01189c6ab2591c5aba1887a', 1, NULL, 'Do you ship to Poland?', 1772442180000, 1, NULL, NULL, 15),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07185941daf13c14d2365', x'bb04f26b02d8808190d94b8895175d5b', 2, x'019cadc69a807040a9ca65edaa281408', 'It is.', 1772442180000, NULL, 'sent', NULL, 22),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a0711e96597c1e6ab63887', x'6fb989dab01189c6ab2591c5aba1887a', 2, x'019cadc69a8078a08ca95a6ef56ab2be', 'We do.', 1772442180000, NULL, 'unknown', NULL, 33),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07ae096bec92b7afa334b', x'6fb989dab01189c6ab2591c5aba1887a', 3, x'019cadc69a8078a08ca95a6ef56ab2be', 'In two days.', 1772442180000, NULL, 'refused', 'blocked', 35),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca44007044af362de8216e8003', x'bb04f26b02d8808190d94b8895175d5b', 3, x'019cadc69a807040a9ca65edaa281408', 'And light.', 1772442240000, NULL, 'sending', NULL, 41),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca4400742db2cd7d5a137c4561', x'bb04f26b02d8808190d94b8895175d5b', 4, x'019cadc69a807040a9ca65edaa281408', 'Shall I keep one?', 1772442240000, NULL, 'queued', NULL, 39);
INSERT INTO read_marker (shop, staff, conversation, count, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807040a9ca65edaa281408', x'bb04f26b02d8808190d94b8895175d5b', 1, 19);
INSERT INTO mutation (shop, mid, staff, device, name, v, args, base, outcome, rows, at, ver) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07a6589055449d9cd9a18', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'send_message', 1, '{"conversation":"bb04f26b-02d8-8081-90d9-4b8895175d5b","message":"019cadc9-59a0-7185-941d-af13c14d2365","text":"It is."}', 'null', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"bb04f26b-02d8-8081-90d9-4b8895175d5b"},{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"message","id":"019cadc9-59a0-7185-941d-af13c14d2365"}]', 1772442180000, 18),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07c63812c9518e6fa4550', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'mark_read', 1, '{"conversation":"bb04f26b-02d8-8081-90d9-4b8895175d5b","message":"019cadc7-84e0-78d5-8607-92c583dd2bcc"}', 'null', '"accepted"', '[{"scope":"user:019cadc6-9a80-7040-a9ca-65edaa281408","entity":"read_marker","id":"bb04f26b-02d8-8081-90d9-4b8895175d5b"}]', 1772442180000, 20),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07696b57a0721bc49f89f', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'assign', 1, '{"assignee":"019cadc6-9a80-78a0-8ca9-5a6ef56ab2be","conversation":"53395e77-a44f-8447-9a11-096cb275d824"}', '{"ver":11}', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"53395e77-a44f-8447-9a11-096cb275d824"}]', 1772442180000, 24),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07100bc35d1e64eaed927', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'close', 1, '{"conversation":"53395e77-a44f-8447-9a11-096cb275d824","seen":"019cadc8-6f40-7fbb-8de5-763bc4128b68"}', '{"ver":11}', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"53395e77-a44f-8447-9a11-096cb275d824"}]', 1772442180000, 25),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07ebb9e6390ffe977d78c', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'send_message', 1, '{"conversation":"53395e77-a44f-8447-9a11-096cb275d824","message":"019cadc9-59a0-794c-bd17-899ea08b1598","text":"  "}', 'null', '{"refused":{"code":"text_empty"}}', '[]', 1772442180000, 26),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a0727593530f2f57271dc9', x'019cadc69a8078a08ca95a6ef56ab2be', x'019cadc69a807687be7a47194ee3841d', 'send_message', 1, '{"conversation":"6fb989da-b011-89c6-ab25-91c5aba1887a","message":"019cadc9-59a0-711e-9659-7c1e6ab63887","text":"We do."}', 'null', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"6fb989da-b011-89c6-ab25-91c5aba1887a"},{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"message","id":"019cadc9-59a0-711e-9659-7c1e6ab63887"}]', 1772442180000, 29),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a073798f39b876707bca6c', x'019cadc69a8078a08ca95a6ef56ab2be', x'019cadc69a807687be7a47194ee3841d', 'send_message', 1, '{"conversation":"6fb989da-b011-89c6-ab25-91c5aba1887a","message":"019cadc9-59a0-7ae0-96be-c92b7afa334b","text":"In two days."}', 'null', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"6fb989da-b011-89c6-ab25-91c5aba1887a"},{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"message","id":"019cadc9-59a0-7ae0-96be-c92b7afa334b"}]', 1772442180000, 31),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca440074c5aa78a730052adf98', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'send_message', 1, '{"conversation":"bb04f26b-02d8-8081-90d9-4b8895175d5b","message":"019cadca-4400-7044-af36-2de8216e8003","text":"And light."}', 'null', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"bb04f26b-02d8-8081-90d9-4b8895175d5b"},{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"message","id":"019cadca-4400-7044-af36-2de8216e8003"}]', 1772442240000, 38),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca4400767d8b754b6ec9c1630b', x'019cadc69a807040a9ca65edaa281408', x'019cadc69a8079b4868f2ec84331ee8d', 'send_message', 1, '{"conversation":"bb04f26b-02d8-8081-90d9-4b8895175d5b","message":"019cadca-4400-742d-b2cd-7d5a137c4561","text":"Shall I keep one?"}', 'null', '"accepted"', '[{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"conversation","id":"bb04f26b-02d8-8081-90d9-4b8895175d5b"},{"scope":"inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7","entity":"message","id":"019cadca-4400-742d-b2cd-7d5a137c4561"}]', 1772442240000, 40);
INSERT INTO mutation_failure (shop, mid, count) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07100bc35d1e64eaed927', 1);
INSERT INTO log (shop, scope, entity, id, seq, ended) VALUES
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-7687-be7a-47194ee3841d', 'result', x'019cadc959a0727593530f2f57271dc9', 29, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-7687-be7a-47194ee3841d', 'result', x'019cadc959a073798f39b876707bca6c', 31, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadc959a07100bc35d1e64eaed927', 25, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadc959a07696b57a0721bc49f89f', 24, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadc959a07a6589055449d9cd9a18', 18, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadc959a07c63812c9518e6fa4550', 20, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadc959a07ebb9e6390ffe977d78c', 26, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadca440074c5aa78a730052adf98', 38, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'device:019cadc6-9a80-79b4-868f-2ec84331ee8d', 'result', x'019cadca4400767d8b754b6ec9c1630b', 40, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'conversation', x'53395e77a44f84479a11096cb275d824', 23, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'conversation', x'6fb989dab01189c6ab2591c5aba1887a', 27, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'conversation', x'bb04f26b02d8808190d94b8895175d5b', 36, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'customer', x'97a5636930698d149708f5d9ee894712', 13, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'customer', x'b6572448e15c897b817ed5fa1062f6e3', 10, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'customer', x'dab0331e565487e7be010cf3f1a4ee67', 7, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc784e078d5860792c583dd2bcc', 9, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc86f407fbb8de5763bc4128b68', 12, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc959a0711e96597c1e6ab63887', 33, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc959a07185941daf13c14d2365', 22, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc959a077b6bee25d9e949de3fa', 15, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadc959a07ae096bec92b7afa334b', 35, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadca44007044af362de8216e8003', 41, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'inbox:019cadc6-9a80-7e93-9cf6-84218b14a5b7', 'message', x'019cadca4400742db2cd7d5a137c4561', 39, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'channel', x'019cadc69a807ad0b21c6c547cf39072', 2, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'shop', x'019cadc69a807b2d88717d29b579226a', 1, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'staff', x'019cadc69a807040a9ca65edaa281408', 4, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'staff', x'019cadc69a8078a08ca95a6ef56ab2be', 3, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'staff', x'019cadc69a807bb283fd2df17829a27f', 43, 0),
    (x'019cadc69a807b2d88717d29b579226a', 'shop', 'staff', x'019cadc69a807f2398a20815ddb8186e', 44, 1),
    (x'019cadc69a807b2d88717d29b579226a', 'user:019cadc6-9a80-7040-a9ca-65edaa281408', 'read_marker', x'bb04f26b02d8808190d94b8895175d5b', 19, 0),
    (x'019cadc69a807b3fab5a90462e282f0a', 'shop', 'channel', x'019cadc69a807b41b80a17a5025fef0d', 2, 0),
    (x'019cadc69a807b3fab5a90462e282f0a', 'shop', 'shop', x'019cadc69a807b3fab5a90462e282f0a', 1, 0),
    (x'019cadc69a807b3fab5a90462e282f0a', 'shop', 'staff', x'019cadc69a807004881d4788e77b7d89', 3, 0);
INSERT INTO outgoing (shop, message, conversation, position, state, attempt, attempts, answer_lost, queued_at, next_at) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07185941daf13c14d2365', x'bb04f26b02d8808190d94b8895175d5b', 2, 'sent', x'019cadc959a0700d94441783224799f0', 1, 0, 1772442180000, 1772442180000),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a0711e96597c1e6ab63887', x'6fb989dab01189c6ab2591c5aba1887a', 2, 'unknown', x'019cadc959a075399bc45577a807ee60', 1, 1, 1772442180000, 1772442180000),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07ae096bec92b7afa334b', x'6fb989dab01189c6ab2591c5aba1887a', 3, 'refused', x'019cadc959a0752db9d09a4e692f94d1', 1, 0, 1772442180000, 1772442180000),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca44007044af362de8216e8003', x'bb04f26b02d8808190d94b8895175d5b', 3, 'sending', x'019cadca44007557a70b9a0ef9faaec0', 1, 0, 1772442240000, 1772442240000),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadca4400742db2cd7d5a137c4561', x'bb04f26b02d8808190d94b8895175d5b', 4, 'queued', NULL, 0, 0, 1772442240000, NULL);
INSERT INTO inbound_event (shop, channel, event, message) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807ad0b21c6c547cf39072', '019cadc7-84e0-76c2-85fd-a72d22f2e53d/019cadc7-84e0-78d5-8607-92c583dd2bcc', x'019cadc784e078d5860792c583dd2bcc'),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807ad0b21c6c547cf39072', '019cadc8-6f40-7ee5-980e-79f7f9c809ea/019cadc8-6f40-7fbb-8de5-763bc4128b68', x'019cadc86f407fbb8de5763bc4128b68'),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc69a807ad0b21c6c547cf39072', '019cadc9-59a0-7dc4-b0c8-c5b5e759d54a/019cadc9-59a0-77b6-bee2-5d9e949de3fa', x'019cadc959a077b6bee25d9e949de3fa');
INSERT INTO chat_session (shop, id, channel, token_hash, name, language, page_url, page_title, events, created_at, seen_at, here) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc784e076c285fda72d22f2e53d', x'019cadc69a807ad0b21c6c547cf39072', x'3493f13c9b787bebfa9a46f75715369a8393f112f45e7e463a5b42168277126d', 'Ana', NULL, NULL, NULL, 2, 1772442060000, 1772442060000, 1),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc86f407ee5980e79f7f9c809ea', x'019cadc69a807ad0b21c6c547cf39072', x'6392adee18f1ca2940b78ac71c1767e39e0935605285a33a7c52919b162a5bb1', 'Ana', NULL, NULL, NULL, 1, 1772442120000, 1772442120000, 1),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07dc4b0c8c5b5e759d54a', x'019cadc69a807ad0b21c6c547cf39072', x'd046f7bb7f4167f5e8dcd4c76fd122aa42b42ad728c0b15fc9576602be65d455', 'Ana', NULL, NULL, NULL, 1, 1772442180000, 1772442180000, 1);
INSERT INTO chat_event (shop, session, n, message) VALUES
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc784e076c285fda72d22f2e53d', 1, x'019cadc784e078d5860792c583dd2bcc'),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc784e076c285fda72d22f2e53d', 2, x'019cadc959a07185941daf13c14d2365'),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc86f407ee5980e79f7f9c809ea', 1, x'019cadc86f407fbb8de5763bc4128b68'),
    (x'019cadc69a807b2d88717d29b579226a', x'019cadc959a07dc4b0c8c5b5e759d54a', 1, x'019cadc959a077b6bee25d9e949de3fa');
