-- The phone's database. The same schema as the migrations in core/client/migrations make (a test compares them), with
-- what each column holds. Ids are the 16 bytes of a UUID; times are milliseconds since 1970-01-01 UTC.
--
-- Rows of the server carry `scope` (the set they were granted with), `ver` (the server's log `seq` of their last
-- change) and `epoch` (the history that `ver` belongs to). They merge by `ver`; a row of another epoch always loses.

CREATE TABLE profile (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    device BLOB NOT NULL, -- this database's id, made once, kept when the person signs in again
    server TEXT NOT NULL DEFAULT '', -- the server's address; empty before the first sign-in
    shop BLOB, -- the shop, once signed in
    shop_name TEXT NOT NULL DEFAULT '', -- its name when the person signed in
    staff BLOB, -- the person, once signed in
    staff_name TEXT NOT NULL DEFAULT '', -- their name when they signed in
    epoch BLOB, -- the server's history that cursors are of
    seen_at INTEGER NOT NULL DEFAULT 0, -- the newest server time on any row so far; what is not settled is shown after it
    shown_stale INTEGER NOT NULL DEFAULT 0, -- 1: `shown` and what follows from it must be made again before it is read
    backed_up INTEGER, -- the `seq` up to which a backup of the server holds everything; null: not known
    owes_end INTEGER NOT NULL DEFAULT 0 -- 1: the server is to be told once everything that a restore lost was brought back
) STRICT;

CREATE TABLE scope (
    scope TEXT NOT NULL PRIMARY KEY, -- `shop`, `inbox:<id>` …
    grant_number INTEGER NOT NULL, -- which granting of it; rows asked for under another are dropped
    cursor INTEGER, -- the `seq` up to which it is held; null while it is being loaded
    noted INTEGER, -- loading: the `seq` to pull from once all pages are in; null before the first page
    page TEXT -- loading: the next page's token; null for the first page
) STRICT, WITHOUT ROWID;

-- What the pages of a scope that is being loaded have brought so far: what they leave out goes at the end.
CREATE TABLE seen (
    scope TEXT NOT NULL, -- the scope that is being loaded
    entity TEXT NOT NULL, -- `message`, `customer` …
    id BLOB NOT NULL, -- which row
    PRIMARY KEY (scope, entity, id)
) STRICT, WITHOUT ROWID;

-- Conversations of whose newest messages some are missing; the server is asked for them.
CREATE TABLE newest_due (
    conversation BLOB NOT NULL PRIMARY KEY -- which one
) STRICT, WITHOUT ROWID;

-- When a person last looked at a conversation: such ones are not evicted for a while.
CREATE TABLE opened (
    conversation BLOB NOT NULL PRIMARY KEY, -- which one
    at INTEGER NOT NULL -- when, by this device's clock; noted once a day
) STRICT, WITHOUT ROWID;

-- Files of scopes that were lost.
CREATE TABLE file_to_delete (
    path TEXT NOT NULL PRIMARY KEY -- within the profile's folder
) STRICT, WITHOUT ROWID;

-- Whether words that were deleted may still be in free pages of this file.
CREATE TABLE scrub (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    pending INTEGER NOT NULL -- 0: no; 1: the database must be written anew; 2: it was, the log must be emptied
) STRICT;

CREATE TABLE shop (
    id BLOB NOT NULL PRIMARY KEY, -- its id
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    name TEXT NOT NULL -- what customers know it by
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id BLOB NOT NULL PRIMARY KEY, -- the person's id
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    name TEXT NOT NULL, -- what colleagues know them by
    email TEXT NOT NULL, -- the address they sign in with
    permissions TEXT NOT NULL DEFAULT '[]', -- a JSON list of the permissions that are on
    owner INTEGER NOT NULL DEFAULT 0 -- 1: the shop is theirs
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id BLOB NOT NULL PRIMARY KEY, -- its id
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    kind TEXT NOT NULL, -- `web_chat` …
    name TEXT NOT NULL, -- what the shop calls it
    inbox BLOB NOT NULL -- the inbox that its conversations go to
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    id BLOB NOT NULL PRIMARY KEY, -- their id
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    name TEXT, -- what they call themselves; null when they did not say
    number INTEGER NOT NULL, -- a number within the shop, for those without a name
    tags TEXT NOT NULL DEFAULT '[]' -- what the shop calls them, as a JSON list
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id BLOB NOT NULL PRIMARY KEY, -- its id
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    customer BLOB NOT NULL, -- who wrote
    channel BLOB NOT NULL, -- where
    status TEXT NOT NULL, -- `open` or `closed`
    status_ver INTEGER NOT NULL, -- the `seq` of the status's last change
    status_by BLOB, -- who made it; null for the customer
    status_mutation BLOB, -- the mutation that made it
    assignee BLOB, -- who answers it; null for nobody
    assignee_ver INTEGER NOT NULL, -- the `seq` of the assignee's last change
    assignee_by BLOB, -- who made it
    assignee_mutation BLOB, -- the mutation that made it
    started_at INTEGER NOT NULL, -- when the first message came
    activity_at INTEGER NOT NULL, -- when the newest message came
    last_mseq INTEGER NOT NULL, -- the `mseq` of the newest message
    inbound_count INTEGER NOT NULL, -- how many messages the customer wrote
    last_inbound BLOB, -- the customer's newest message
    preview_message BLOB, -- the message of the list's last line; null when there is none
    preview_author BLOB, -- who of the shop wrote it; null for the customer
    preview_text TEXT NOT NULL DEFAULT '', -- one line of it
    starred INTEGER NOT NULL DEFAULT 0, -- 1: somebody wants to follow it up; all staff see it
    preview_shared TEXT, -- what is shared in that message: `discount`, `draft_order`; null: nothing
    preview_deleted INTEGER NOT NULL DEFAULT 0 -- 1: that message was deleted
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_customer ON conversation (customer);

CREATE TABLE message (
    id BLOB NOT NULL PRIMARY KEY, -- its id, chosen by whoever wrote it
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    conversation BLOB NOT NULL, -- the conversation it stands in
    mseq INTEGER NOT NULL, -- its place there: 1, 2, 3 … given by the server
    author BLOB, -- who of the shop wrote it; null for the customer
    text TEXT NOT NULL, -- what it says
    at INTEGER NOT NULL, -- when the server stored it
    inbound_number INTEGER, -- the customer's messages: how many of theirs up to this one
    delivery TEXT, -- messages to the customer: `queued`, `sending`, `unknown`, `refused`, `sent`, `sent_before_restore`
    refused_by_channel TEXT, -- why the channel refused it, as a code
    shared TEXT, -- what is shared in it: `discount`, `draft_order`; null: nothing
    revision_ver INTEGER, -- the `seq` of its last edit or its deletion; null: it stands as it was sent
    revision_mutation BLOB, -- the mutation that made it
    revision_at INTEGER, -- when
    deleted INTEGER NOT NULL DEFAULT 0, -- 1: its words are gone, its place is kept
    brought_by BLOB -- whose phone brought it back to a server that had lost it; null: nobody's
) STRICT, WITHOUT ROWID;

CREATE INDEX message_place ON message (conversation, mseq);

-- The secret parts of messages, in scopes of their own.
CREATE TABLE secret (
    id BLOB NOT NULL PRIMARY KEY, -- the message, held or not
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    conversation BLOB NOT NULL, -- the conversation that the message stands in
    kind TEXT NOT NULL, -- `discount` or `draft_order`
    title TEXT NOT NULL, -- one line
    body TEXT NOT NULL -- what else there is to say; may be empty
) STRICT, WITHOUT ROWID;

CREATE TABLE read_marker (
    id BLOB NOT NULL PRIMARY KEY, -- the conversation
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    count INTEGER NOT NULL, -- how many of the customer's messages this person has read
    marked_unread INTEGER NOT NULL DEFAULT 0 -- 1: the person wants to come back to it
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    id BLOB NOT NULL PRIMARY KEY, -- its id, chosen by whoever wrote it
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    customer BLOB NOT NULL, -- about whom
    text TEXT NOT NULL, -- what it says
    text_ver INTEGER NOT NULL, -- the `seq` of the text's last change
    text_by BLOB, -- who made it
    text_mutation BLOB, -- the mutation that made it
    author BLOB NOT NULL, -- who began the note
    at INTEGER NOT NULL, -- when the server stored it
    edited_at INTEGER, -- when its text was last changed; null: never
    conflicts_with BLOB -- the note that a colleague changed while this edit of it was made; null: none
) STRICT, WITHOUT ROWID;

CREATE INDEX note_customer ON note (customer);

-- What this person has begun to write, as the server has it.
CREATE TABLE draft (
    id BLOB NOT NULL PRIMARY KEY, -- the conversation
    scope TEXT NOT NULL, -- the scope it came with
    ver INTEGER NOT NULL, -- the server's `seq` of its last change
    epoch BLOB NOT NULL, -- the history that `ver` is of
    message BLOB NOT NULL, -- the id that the message will have
    text TEXT NOT NULL -- what is written so far
) STRICT, WITHOUT ROWID;

-- What was written on this phone and may not be in `draft` yet; it stands before that.
CREATE TABLE composer (
    conversation BLOB NOT NULL PRIMARY KEY, -- where it is to go
    message BLOB NOT NULL, -- the id that the message will have
    text TEXT NOT NULL, -- what is written so far; empty: the draft is taken away
    state TEXT NOT NULL -- `unsent`; `sent`: the server has it, its row is on the way; `kept`: the server does not take it
) STRICT, WITHOUT ROWID;

-- What people did here and the server has not settled. It has no foreign keys: nothing that happens to other rows may
-- touch it.
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they are sent: that in which they were made, with replays and cancels before them
    mid BLOB NOT NULL UNIQUE, -- the mutation's id
    target BLOB NOT NULL, -- the conversation or the customer that it is about
    message BLOB, -- a reply's message id
    name TEXT NOT NULL, -- `send_message`, `close` …
    v INTEGER NOT NULL, -- the operation's version
    args BLOB NOT NULL, -- its arguments, resent exactly as they were first stored
    base TEXT, -- what the person was looking at, as JSON
    depends_on TEXT NOT NULL DEFAULT '[]', -- mutations that must have been accepted before, as a JSON list
    client_ts INTEGER NOT NULL, -- when it was made, by this device's clock; it orders nothing
    shown_at INTEGER NOT NULL, -- just after the newest server time that was known then: where the list shows it
    left_epoch BLOB, -- the epoch under which it was first handed to the network; null: it never left
    fault TEXT, -- set aside: the fault of this program that the server named
    inverse TEXT, -- what takes it back, as JSON: `{"name", "args"}`; null: nothing does
    cancelled_by BLOB, -- the mutation that is sent instead, to take this one back
    replay TEXT, -- how it was settled before the server was restored, as JSON: `{"epoch", "seq", "seen_sent"}`; null: it was not
    origin TEXT -- where its conversation came from, as JSON, for a server that has lost it
) STRICT;

CREATE INDEX outbox_target ON outbox (target, position);
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;

-- What was settled, with what became of it.
CREATE TABLE journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were settled
    mid BLOB NOT NULL UNIQUE, -- the mutation's id
    target BLOB NOT NULL, -- the conversation or the customer that it was about
    message BLOB, -- a reply's message id
    name TEXT NOT NULL, -- `send_message`, `close` …
    v INTEGER NOT NULL, -- the operation's version
    args BLOB NOT NULL, -- its arguments
    base TEXT, -- what the person was looking at, as JSON
    client_ts INTEGER NOT NULL, -- when it was made, by this device's clock
    refusal TEXT, -- why it was refused, as JSON; null: it was accepted
    listed INTEGER NOT NULL DEFAULT 0, -- 1: it stands under "Not sent"
    seq INTEGER, -- the server's `seq` of the result; null: it was refused here
    epoch BLOB NOT NULL, -- the history that the result belongs to
    settled_at INTEGER NOT NULL, -- the newest server time that was known when the result came; for its age only
    inverse TEXT, -- what takes it back, as JSON: `{"name", "args"}`; null: nothing does
    place INTEGER, -- its `position` in the outbox, where it goes when it is sent again; null: of an older version
    cancelled INTEGER NOT NULL DEFAULT 0 -- 1: it was taken back before anything came of it
) STRICT;

CREATE INDEX journal_listed ON journal (target, position) WHERE listed = 1;
CREATE INDEX journal_message ON journal (message) WHERE message IS NOT NULL;

-- The list as it is shown: the server's heads with the outbox replayed over them. It follows from the other tables and
-- is brought up to date in each transaction that touches them.
CREATE TABLE shown (
    conversation BLOB NOT NULL PRIMARY KEY, -- which conversation
    customer BLOB NOT NULL, -- who wrote
    customer_name TEXT, -- what the customer calls themselves
    customer_number INTEGER, -- their number; null while the customer is not held
    tags TEXT NOT NULL DEFAULT '[]', -- their tags in order, as a JSON list
    channel BLOB NOT NULL, -- where they wrote
    status TEXT NOT NULL, -- `open` or `closed`
    assignee BLOB, -- who answers it
    starred INTEGER NOT NULL, -- 1: to follow up
    activity_at INTEGER NOT NULL, -- what the list is sorted by
    unread INTEGER NOT NULL, -- how many of the customer's messages this person has not read
    marked_unread INTEGER NOT NULL, -- 1: the person wants to come back to it
    is_unread INTEGER NOT NULL, -- 1: for one reason or the other it counts as unread
    waiting INTEGER NOT NULL, -- how many replies are not settled
    not_sent INTEGER NOT NULL, -- how many replies stand under "Not sent"
    preview_message BLOB, -- the message of the last line; null when there is none
    preview_author BLOB, -- who of the shop wrote it; null for the customer
    preview_text TEXT NOT NULL DEFAULT '', -- one line of it
    draft_text TEXT NOT NULL DEFAULT '', -- one line of what this person has begun to write; empty: nothing
    preview_shared TEXT, -- what is shared in that message; its words are looked up in `secret`
    preview_deleted INTEGER NOT NULL DEFAULT 0 -- 1: that message was deleted
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_status ON shown (status, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_assignee ON shown (status, assignee, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_channel ON shown (status, channel, is_unread, activity_at DESC, conversation);
CREATE INDEX shown_starred ON shown (is_unread, activity_at DESC, conversation) WHERE starred = 1;
CREATE INDEX shown_not_sent ON shown (is_unread, activity_at DESC, conversation) WHERE not_sent > 0;

-- The tags of what is shown, with what the list of a tag is cut and sorted by.
CREATE TABLE shown_tag (
    conversation BLOB NOT NULL, -- which conversation
    tag TEXT NOT NULL, -- the tag in lower case
    status TEXT NOT NULL, -- as in `shown`
    is_unread INTEGER NOT NULL, -- as in `shown`
    activity_at INTEGER NOT NULL, -- as in `shown`
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_tag_status ON shown_tag (tag, status, is_unread, activity_at DESC, conversation);

-- How many conversations of each kind are shown. Kinds without any have no row.
CREATE TABLE tally (
    status TEXT NOT NULL, -- as in `shown`
    channel BLOB NOT NULL, -- as in `shown`
    assignee BLOB NOT NULL, -- as in `shown`; empty for nobody
    is_unread INTEGER NOT NULL, -- as in `shown`
    starred INTEGER NOT NULL, -- as in `shown`
    has_not_sent INTEGER NOT NULL, -- 1: replies in them stand under "Not sent"
    conversations INTEGER NOT NULL, -- how many
    PRIMARY KEY (status, channel, assignee, is_unread, starred, has_not_sent)
) STRICT, WITHOUT ROWID;

-- What is searched, in the order of time: which text stands at which place of the index. It follows from the other tables
-- and is brought up to date in each transaction that changes a text.
CREATE TABLE search_place (
    place INTEGER PRIMARY KEY, -- 256 for each millisecond since 1970-01-01 UTC; a text takes the first free one of its time
    kind INTEGER NOT NULL, -- 0: a message; 1: a note; 2: a conversation's names, which are its customer's name and tags; 3: a secret part
    id BLOB NOT NULL -- of the message, the note or the conversation
) STRICT;

-- The index: the terms of each text, by its place. The texts themselves are in their own tables. A term that is deleted
-- leaves nothing behind (`secure-delete`, set when the tables are made).
CREATE VIRTUAL TABLE search_name USING fts5(
    terms, -- of a conversation's names
    content = '', -- the text itself is not kept a second time
    columnsize = 0, -- nor how long it is: nothing is ranked
    detail = none, -- nor where in it a term stands: the text decides
    tokenize = 'ascii' -- terms are separated by spaces
);
CREATE VIRTUAL TABLE search_text USING fts5(
    terms, -- of a message or a note
    content = '', -- the text itself is not kept a second time
    columnsize = 0, -- nor how long it is: nothing is ranked
    detail = none, -- nor where in it a term stands: the text decides
    tokenize = 'ascii' -- terms are separated by spaces
);

-- How far what is held is indexed.
CREATE TABLE search_progress (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    rules INTEGER NOT NULL, -- the rules by which terms were made; others than the app's: it is made anew
    kind INTEGER, -- the kind that is being indexed, as in `search_place`; null when all is
    after BLOB NOT NULL DEFAULT x'' -- the id up to which that kind is
) STRICT;
