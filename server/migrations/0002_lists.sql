-- What lists are made of: stars, marks, tags, notes about customers, and drafts.

ALTER TABLE conversation ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marker ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'; -- a JSON list of words; read and written as a whole

CREATE TABLE note (
    shop BLOB NOT NULL,
    id BLOB NOT NULL,                       -- chosen by whoever wrote it
    customer BLOB NOT NULL,
    author BLOB NOT NULL,
    text TEXT NOT NULL,
    text_ver INTEGER NOT NULL DEFAULT 0,
    text_by BLOB,
    text_mutation BLOB,
    at INTEGER NOT NULL,
    edited_at INTEGER,
    conflicts_with BLOB,                    -- the note that this is another text of; it may be gone
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, customer) REFERENCES customer (shop, id)
) STRICT;
CREATE INDEX note_by_customer ON note (shop, customer, id);

CREATE TABLE draft (                        -- what a person has begun to write; the last one stands
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    conversation BLOB NOT NULL,
    message BLOB NOT NULL,                  -- the id that it will be sent under
    text TEXT NOT NULL,
    ver INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, staff, conversation),
    FOREIGN KEY (shop, staff) REFERENCES staff (shop, id),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
) STRICT;
CREATE INDEX draft_by_conversation ON draft (shop, conversation);
