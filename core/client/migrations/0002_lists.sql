-- What lists need: stars, tags, notes, drafts, what is marked unread, and how a change is taken back. Nothing leaves the
-- outbox or the journal. What each column holds: docs/schema.sql.

ALTER TABLE outbox RENAME COLUMN conversation TO target;
ALTER TABLE outbox ADD COLUMN inverse TEXT;
DROP INDEX outbox_conversation;
CREATE INDEX outbox_target ON outbox (target, position);
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;

ALTER TABLE journal RENAME COLUMN conversation TO target;
ALTER TABLE journal ADD COLUMN inverse TEXT;
CREATE INDEX journal_message ON journal (message) WHERE message IS NOT NULL;

ALTER TABLE customer ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversation ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marker ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;

CREATE TABLE note (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    customer BLOB NOT NULL,
    text TEXT NOT NULL,
    text_ver INTEGER NOT NULL,
    text_by BLOB,
    text_mutation BLOB,
    author BLOB NOT NULL,
    at INTEGER NOT NULL,
    edited_at INTEGER,
    conflicts_with BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX note_customer ON note (customer);

CREATE TABLE draft (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    ver INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    message BLOB NOT NULL,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE composer (
    conversation BLOB NOT NULL PRIMARY KEY,
    message BLOB NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

DROP TABLE shown;
CREATE TABLE shown (
    conversation BLOB NOT NULL PRIMARY KEY,
    customer BLOB NOT NULL,
    customer_name TEXT,
    customer_number INTEGER,
    tags TEXT NOT NULL DEFAULT '[]',
    channel BLOB NOT NULL,
    status TEXT NOT NULL,
    assignee BLOB,
    starred INTEGER NOT NULL,
    activity_at INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    marked_unread INTEGER NOT NULL,
    is_unread INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    not_sent INTEGER NOT NULL,
    preview_message BLOB,
    preview_author BLOB,
    preview_text TEXT NOT NULL DEFAULT '',
    draft_text TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_status ON shown (status, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_assignee ON shown (status, assignee, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_channel ON shown (status, channel, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_starred ON shown (is_unread, activity_at DESC, conversation) WHERE starred = 1;
CREATE INDEX shown_not_sent ON shown (is_unread, activity_at DESC, conversation) WHERE not_sent > 0;

CREATE TABLE shown_tag (
    conversation BLOB NOT NULL,
    tag TEXT NOT NULL,
    status TEXT NOT NULL,
    is_unread INTEGER NOT NULL,
    activity_at INTEGER NOT NULL,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_tag_status ON shown_tag (tag, status, is_unread, activity_at DESC, conversation);

CREATE TABLE tally (
    status TEXT NOT NULL,
    channel BLOB NOT NULL,
    assignee BLOB NOT NULL,
    is_unread INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    has_not_sent INTEGER NOT NULL,
    conversations INTEGER NOT NULL,
    PRIMARY KEY (status, channel, assignee, is_unread, starred, has_not_sent)
) STRICT, WITHOUT ROWID;

-- The version before passed over what it did not know. So what can carry it is asked for once more, and taken in though
-- its version did not rise; the table `shown` is made again when the database is opened.
UPDATE conversation SET ver = 0;
UPDATE customer SET ver = 0;
UPDATE read_marker SET ver = 0;
UPDATE scope SET cursor = NULL, noted = NULL, page = NULL WHERE scope LIKE 'inbox:%';
UPDATE scope SET cursor = 0 WHERE scope LIKE 'user:%';
ALTER TABLE profile ADD COLUMN shown_stale INTEGER NOT NULL DEFAULT 0;
UPDATE profile SET shown_stale = 1;
