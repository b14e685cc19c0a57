-- Imports of published lists: how far each is, and what people said about names that look alike.

-- Written beside the one transaction that an import is, so that others see how far it is. Whoever runs it
-- holds an advisory lock on its id for as long; a row that is running without that lock was interrupted.
CREATE TABLE import_run (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    commit boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    started_at timestamptz NOT NULL,
    started_by text NOT NULL,
    finished_at timestamptz,
    rows integer CHECK (rows >= 0),
    changes_planned integer CHECK (changes_planned >= 0),
    changes_made integer NOT NULL DEFAULT 0 CHECK (changes_made >= 0),
    report jsonb,
    problem jsonb,
    CHECK ((state = 'running') = (finished_at IS NULL))
);

-- Whether two names are one sub-processor's, as a person decided; `one` and `other` are as names are compared,
-- in the order of their letters, so that a pair is there once.
CREATE TABLE import_identity (
    one text NOT NULL,
    other text NOT NULL CHECK (one COLLATE "C" < other COLLATE "C"),
    same boolean NOT NULL,
    registered text NOT NULL,
    listed text NOT NULL,
    decided_at timestamptz NOT NULL,
    decided_by text NOT NULL,
    PRIMARY KEY (one, other)
);
