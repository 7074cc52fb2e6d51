-- The revocation store: what no restore rolls back. It stands beside the database, in a file of its own.

CREATE TABLE history (                      -- the database that it was last used with
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BLOB NOT NULL
) STRICT;

CREATE TABLE given (                        -- the highest seq of that epoch that anybody may have heard of
    shop BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE removed (                      -- devices and people
    shop BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (shop, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE taken_permission (             -- what a person may do no more
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (shop, staff, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE grant_number (                 -- of a person's scopes that were lost at least once
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    scope TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (shop, staff, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE password (                     -- of people who were given another one than they began with
    shop BLOB NOT NULL,
    staff BLOB NOT NULL,
    generation INTEGER NOT NULL,            -- sessions of an earlier one have ended
    hash TEXT NOT NULL,                     -- a PHC string
    PRIMARY KEY (shop, staff)
) STRICT, WITHOUT ROWID;

CREATE TABLE ended_session (                -- whoever holds its tokens is signed out, or has a copy of them
    id BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
