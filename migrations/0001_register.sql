-- The register: who processes what, where, and every published change that made it so.
--
-- Days are calendar days; periods are half-open daterange values here and inclusive from/until in JSON.
-- No statement asks a clock: every moment is a parameter.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- One row, updated first by every writing transaction: its row lock is the queue, so numbers come
-- out in commit order and a reader with a cursor never misses a late committer.
CREATE TABLE head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    change_no bigint NOT NULL CHECK (change_no >= 0),
    journal_no bigint NOT NULL CHECK (journal_no >= 0),
    digest bytea NOT NULL,
    at timestamptz NOT NULL,
    -- The date of the feed in whole seconds: another one after each publishing transaction, so that a
    -- reader who sends it back never misses what came within the same second.
    feed_at timestamptz
);
INSERT INTO head (change_no, journal_no, digest, at)
VALUES (0, 0, '\x', timestamptz '1970-01-01 00:00:00+00');

-- Whose register this is. `example` marks a demonstration register on every page and feed.
CREATE TABLE register (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text NOT NULL,
    example boolean NOT NULL
);
INSERT INTO register (name, example) VALUES ('Sub-processors', false);

-- A legal entity: ours (own), a vendor, a vendor's vendor. `document` is what it was created with;
-- what published changes made of it since stands in organisation_terms.
CREATE TABLE organisation (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    own boolean NOT NULL,
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL
);

-- An offering that clients take; it scopes uses and notices.
CREATE TABLE service (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    key text NOT NULL UNIQUE,
    name text NOT NULL,
    description text,
    created_at timestamptz NOT NULL
);

-- An organisation engaged for our services. What it does stands in its terms alone.
CREATE TABLE sub_processor (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL UNIQUE REFERENCES organisation (id),
    created_at timestamptz NOT NULL
);

CREATE TABLE change (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    kind text NOT NULL CHECK (kind IN (
        'added', 'removed', 'replaced', 'material_change', 'correction', 'withdrawal', 'postponement')),
    reason text NOT NULL,
    note text,
    about uuid REFERENCES change (id),
    drafted_at timestamptz NOT NULL,
    drafted_by text NOT NULL,
    drafted_by_holder text NOT NULL,
    number bigint UNIQUE,
    published_at timestamptz,
    published_by text,
    published_by_holder text,
    -- The day of the register on which it was published, for "late".
    published_on date,
    late boolean,
    already_told jsonb,
    accepted jsonb,
    -- What changed from what to what, frozen at publication: feeds and pages are functions of the rows.
    news jsonb,
    CHECK ((number IS NULL) = (published_at IS NULL)),
    CHECK ((number IS NULL) = (published_by IS NULL)),
    CHECK ((number IS NULL) = (news IS NULL))
);
CREATE INDEX change_about ON change (about) WHERE about IS NOT NULL;
-- A change is withdrawn once.
CREATE UNIQUE INDEX change_withdrawn ON change (about) WHERE kind = 'withdrawal' AND number IS NOT NULL;

CREATE TABLE change_part (
    change_id uuid NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    position integer NOT NULL,
    sub_processor_id uuid REFERENCES sub_processor (id),
    organisation_id uuid REFERENCES organisation (id),
    operation text NOT NULL CHECK (operation IN ('start', 'set', 'end', 'withdraw', 'postpone')),
    effective_on date NOT NULL CHECK (isfinite(effective_on)),
    patch jsonb NOT NULL,
    PRIMARY KEY (change_id, position),
    CHECK (num_nonnulls(sub_processor_id, organisation_id) = 1),
    UNIQUE NULLS NOT DISTINCT (change_id, sub_processor_id, organisation_id)
);
CREATE INDEX change_part_sub_processor ON change_part (sub_processor_id) WHERE sub_processor_id IS NOT NULL;
CREATE INDEX change_part_organisation ON change_part (organisation_id) WHERE organisation_id IS NOT NULL;

-- The fold of published changes. PostgreSQL itself keeps the periods of one subject from overlapping.
CREATE TABLE sub_processor_terms (
    sub_processor_id uuid NOT NULL REFERENCES sub_processor (id),
    valid daterange NOT NULL,
    document jsonb NOT NULL,
    changes bigint[] NOT NULL,
    PRIMARY KEY (sub_processor_id, valid WITHOUT OVERLAPS)
);

CREATE TABLE organisation_terms (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    valid daterange NOT NULL,
    document jsonb NOT NULL,
    changes bigint[] NOT NULL,
    PRIMARY KEY (organisation_id, valid WITHOUT OVERLAPS)
);

-- Append-only and hash-chained: payload_digest = sha256(salt || payload) and
-- digest = sha256(previous digest || header || payload_digest), so payload and salt can be purged
-- and the chain still verifies.
CREATE TABLE journal (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    operation text NOT NULL,
    noun text NOT NULL,
    noun_id text NOT NULL,
    payload bytea,
    salt bytea,
    payload_digest bytea NOT NULL,
    digest bytea NOT NULL,
    CHECK ((payload IS NULL) = (salt IS NULL))
);
