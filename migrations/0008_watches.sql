-- Watched lists: pages and feeds that are read again and again, and what was found each time.

CREATE TABLE watch (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    -- Whose list it is: then what it names is engaged by that one. Null: our own list, kept elsewhere.
    sub_processor_id uuid REFERENCES sub_processor,
    name text NOT NULL,
    -- An address of the web, or the path of a file, which only the operator of the machine names.
    source text NOT NULL,
    options jsonb NOT NULL,
    interval_hours integer NOT NULL CHECK (interval_hours BETWEEN 1 AND 8760),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    ended_at timestamptz,
    -- What was found last, to ask only for what is new and to compare with.
    etag text,
    last_modified text,
    digest bytea,
    memory jsonb,
    looked_at timestamptz,
    read_at timestamptz,
    due_at timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since timestamptz,
    problem text,
    CHECK ((failures = 0) = (failing_since IS NULL))
);

CREATE UNIQUE INDEX watch_once ON watch (source, sub_processor_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;

CREATE INDEX watch_due ON watch (due_at) WHERE ended_at IS NULL;

CREATE TABLE watch_reading (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    watch_id uuid NOT NULL REFERENCES watch,
    at timestamptz NOT NULL,
    read_by text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('read', 'unchanged', 'unreadable', 'failed', 'postponed')),
    announced integer NOT NULL DEFAULT 0 CHECK (announced >= 0),
    report jsonb NOT NULL
);

CREATE INDEX watch_reading_newest ON watch_reading (watch_id, id);

-- How each host wants to be asked: its robots.txt, and before when it is not asked again.
CREATE TABLE watch_host (
    host text PRIMARY KEY,
    robots text,
    robots_at timestamptz,
    open_at timestamptz,
    refusals integer NOT NULL DEFAULT 0 CHECK (refusals >= 0)
);
