-- The order of what is not sent, what is taken back, and what is brought to a restored server. Nothing leaves the outbox
-- or the journal. What each column holds: docs/schema.sql.

ALTER TABLE outbox ADD COLUMN cancelled_by BLOB;
ALTER TABLE outbox ADD COLUMN replay TEXT;
ALTER TABLE outbox ADD COLUMN origin TEXT;
ALTER TABLE journal ADD COLUMN place INTEGER;
ALTER TABLE journal ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profile ADD COLUMN backed_up INTEGER;
ALTER TABLE profile ADD COLUMN owes_end INTEGER NOT NULL DEFAULT 0;
