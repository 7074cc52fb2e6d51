-- Parts of messages that only some may see, edits and deletions of what was sent, and web-chat events that keep their
-- place when their message changes.

ALTER TABLE message ADD COLUMN shared TEXT;              -- discount, draft_order: what only some may see, if there is any
ALTER TABLE message ADD COLUMN revision_ver INTEGER;     -- of its last edit or deletion; NULL: it stands as it was sent
ALTER TABLE message ADD COLUMN revision_mutation BLOB;
ALTER TABLE message ADD COLUMN revised_at INTEGER;
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0; -- 1: its words are gone, its place is kept

CREATE TABLE secret (                       -- what is shared in a message and only some may see
    shop BLOB NOT NULL,
    id BLOB NOT NULL,                       -- the message's
    kind TEXT NOT NULL,                     -- as in message.shared: it names the scope
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, id) REFERENCES message (shop, id)
) STRICT;

-- A message that changes moves to a new n, and is shown where it was.
ALTER TABLE chat_event ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
UPDATE chat_event SET place = n;

-- From now on: mutation.args is empty for one that was cancelled before any packet of it came.
