-- Full-text search. Filled when the server opens the database: what is searched how is in core/domain/src/search.

CREATE TABLE search_place (                 -- which text stands at which place of the index; a newer one has a higher place
    place INTEGER PRIMARY KEY,
    shop BLOB NOT NULL,
    entity TEXT NOT NULL,                   -- message, note; conversation: its customer's name and tags
    id BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_place_by_id ON search_place (shop, entity, id);

CREATE VIRTUAL TABLE search USING fts5(     -- rowid: the place. Terms only; the texts are in their own tables
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

ALTER TABLE server ADD COLUMN search_rules INTEGER NOT NULL DEFAULT 0; -- by which rules it is filled; 0: not wholly
