-- Who may ask, and what was answered to a request that may come twice.

-- A key is shown once and stored as the SHA-256 of its text; the holder is a person.
CREATE TABLE access_key (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    holder text NOT NULL,
    role text NOT NULL CHECK (role IN (
        'client', 'contracts', 'procurement', 'privacy', 'auditor', 'admin')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    CHECK (expires_at > created_at),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- Written in the transaction of the effect itself, so an answer is kept exactly when the effect is.
CREATE TABLE idempotency (
    actor text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    request_digest bytea NOT NULL,
    status integer,
    headers jsonb,
    body bytea,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (actor, method, path, key)
);
CREATE INDEX idempotency_expires_at ON idempotency (expires_at);
