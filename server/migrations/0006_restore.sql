-- What a restore needs to know of earlier histories, what a phone that was away for long must load again, and who was
-- removed.

CREATE TABLE survives (                     -- what is left of this server's earlier histories, a line a shop
    place INTEGER PRIMARY KEY,              -- oldest first
    shop BLOB NOT NULL,
    epoch BLOB NOT NULL,
    seq INTEGER NOT NULL,                   -- the highest of that epoch that is still so
    UNIQUE (shop, epoch)
) STRICT;

ALTER TABLE server ADD COLUMN has_revocations INTEGER NOT NULL DEFAULT 0; -- 1: it was used with a revocation store
ALTER TABLE shop ADD COLUMN backed_up INTEGER NOT NULL DEFAULT 0; -- the seq up to which a backup holds everything

CREATE TABLE removed (                      -- devices and people, also those that a restore has lost; see the revocation store
    shop BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (shop, id)
) STRICT, WITHOUT ROWID;
INSERT INTO removed (shop, id) SELECT shop, id FROM staff WHERE removed_at IS NOT NULL
    UNION SELECT shop, id FROM device WHERE removed_at IS NOT NULL;

CREATE TABLE replayed (                     -- fields that were last set by a replay
    shop BLOB NOT NULL,
    id BLOB NOT NULL,                       -- the row's
    field TEXT NOT NULL,                    -- status, assignee, text
    mutation BLOB NOT NULL,                 -- the replay; while the field is by another one, this line says nothing
    seq INTEGER NOT NULL,                   -- of its result in the history that is gone
    PRIMARY KEY (shop, id, field)
) STRICT, WITHOUT ROWID;

ALTER TABLE message ADD COLUMN brought_by BLOB; -- the person whose phone brought it back; NULL: the customer's own channel
ALTER TABLE outgoing ADD COLUMN device BLOB; -- the writer's; states since: restored (a restore interrupted it), parked (until that device has replayed)
CREATE INDEX outgoing_parked ON outgoing (shop, device) WHERE state = 'parked';
CREATE INDEX outgoing_restored ON outgoing (shop, message) WHERE state = 'restored';

ALTER TABLE log ADD COLUMN ended_at INTEGER; -- when the sweep first saw that it had ended
CREATE INDEX log_ended ON log (shop, ended_at) WHERE ended = 1;

CREATE TABLE min_cursor (                   -- up to where ended entries of a scope's log were swept
    shop BLOB NOT NULL,
    scope TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (shop, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX mutation_by_age ON mutation (shop, at);
