-- Full-text search. What is held already is indexed when the database is opened, a part after the other. What each
-- column holds: docs/schema.sql.

CREATE TABLE search_place (
    place INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search_name USING fts5(
    terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
CREATE VIRTUAL TABLE search_text USING fts5(
    terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
INSERT INTO search_name (search_name, rank) VALUES ('secure-delete', 1);
INSERT INTO search_text (search_text, rank) VALUES ('secure-delete', 1);

CREATE TABLE search_progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    rules INTEGER NOT NULL,
    kind INTEGER,
    after BLOB NOT NULL DEFAULT x''
) STRICT;

INSERT INTO search_progress (one, rules, kind) VALUES (1, 0, 0);
