-- What a scope's life needs: secret parts, marks of what a snapshot saw, what a loss leaves to be swept and scrubbed,
-- what keeps a conversation from eviction. What each column holds: docs/schema.sql.

ALTER TABLE message ADD COLUMN shared TEXT;
ALTER TABLE message ADD COLUMN revision_ver INTEGER;
ALTER TABLE message ADD COLUMN revision_mutation BLOB;
ALTER TABLE message ADD COLUMN revision_at INTEGER;
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN brought_by BLOB;

ALTER TABLE conversation ADD COLUMN preview_shared TEXT;
ALTER TABLE conversation ADD COLUMN preview_deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shown ADD COLUMN preview_shared TEXT;
ALTER TABLE shown ADD COLUMN preview_deleted INTEGER NOT NULL DEFAULT 0;

CREATE TABLE secret (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    conversation BLOB NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
    scope TEXT NOT NULL,
    entity TEXT NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (scope, entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE newest_due (
    conversation BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE opened (
    conversation BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE file_to_delete (
    path TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE scrub (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pending INTEGER NOT NULL
) STRICT;

INSERT INTO scrub (one, pending) VALUES (1, 0);

-- The version before passed over what it did not know: where something is shared, what was edited or deleted. So inboxes
-- are loaded again, and their rows taken in though their versions did not rise.
UPDATE conversation SET ver = 0;
UPDATE message SET ver = 0;
UPDATE scope SET cursor = NULL, noted = NULL, page = NULL WHERE scope LIKE 'inbox:%';
UPDATE profile SET shown_stale = 1;
