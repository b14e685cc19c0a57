-- Lists and feeds that others publish, looked at again and again: what was last read, and what was found.

CREATE TABLE watched_list (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    -- An address, or the path of a file on the machine of whoever looks.
    source text NOT NULL,
    -- Whose list it is; none: our own list, kept elsewhere.
    sub_processor_id uuid REFERENCES sub_processor (id),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    removed_at timestamptz,
    -- From when on it may be asked for again; who looks moves it on first, so that others look elsewhere.
    due_at timestamptz NOT NULL,
    -- Until when its server asks to be left alone.
    wait_until timestamptz,
    etag text,
    last_modified text,
    state text NOT NULL CHECK (state IN ('new', 'unchanged', 'changed', 'failed')),
    message text,
    asked_at timestamptz,
    read_at timestamptz,
    -- What it said when it was last read, in the form in which it is compared.
    reading jsonb,
    found_at timestamptz,
    found jsonb
);
CREATE UNIQUE INDEX watched_list_source ON watched_list (source) WHERE removed_at IS NULL;
CREATE INDEX watched_list_due ON watched_list (due_at) WHERE removed_at IS NULL;
