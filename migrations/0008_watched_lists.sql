-- Lists and feeds that others publish, looked at again and again: what was last read, and what was found.

CREATE TABLE watched_list (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    -- Moves with every look and every claim to one.
    version integer NOT NULL DEFAULT 1,
    name text NOT NULL,
    -- An address, or the path of a file on the machine of whoever looks.
    source text NOT NULL,
    -- Of an address; none: it is a file.
    host text,
    -- Whose list it is; none: our own list, kept elsewhere.
    sub_processor_id uuid REFERENCES sub_processor (id),
    -- Which column a heading is, and which table is meant, where it is not known by itself.
    columns jsonb NOT NULL,
    table_name text,
    every_hours integer NOT NULL CHECK (every_hours BETWEEN 1 AND 720),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    removed_at timestamptz,
    -- From when on it may be asked for again.
    due_at timestamptz NOT NULL,
    -- Until when somebody is looking; nobody else asks the same host then.
    claimed_until timestamptz,
    etag text,
    last_modified text,
    state text NOT NULL CHECK (state IN ('new', 'unchanged', 'changed', 'failed')),
    message text,
    -- It lost so much that a person must say whether it is to be taken as it is.
    doubtful boolean NOT NULL DEFAULT false,
    -- Failures in a row, and when the first of them was.
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    asked_at timestamptz,
    read_at timestamptz,
    -- What it said when it was last read, in the form in which it is compared.
    reading jsonb,
    found_at timestamptz,
    found jsonb,
    -- The draft made for each difference, as long as that lasts or the draft waits.
    drafted jsonb NOT NULL DEFAULT '{}',
    -- The last looks, the newest first.
    looks jsonb NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX watched_list_source ON watched_list (source) WHERE removed_at IS NULL;
CREATE INDEX watched_list_due ON watched_list (due_at) WHERE removed_at IS NULL;

-- Hosts that ask to be left alone until then, whichever of their lists was asked for.
CREATE TABLE watched_host (
    host text PRIMARY KEY,
    not_before timestamptz NOT NULL
);
