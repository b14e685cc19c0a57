-- Whom we work for, what each was promised, and the record of what each was told.
--
-- As before: days are calendar days, periods half-open here and inclusive in JSON, moments are parameters.

-- A controller we work for. What it takes and was promised stands in its terms, by period.
CREATE TABLE client (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    reference text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL
);

-- Services and options taken, region, country, authorisation, notice and objection days, contacts:
-- last year's answer uses last year's row.
CREATE TABLE client_terms (
    client_id uuid NOT NULL REFERENCES client (id),
    valid daterange NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (client_id, valid WITHOUT OVERLAPS)
);

-- A client's documented instruction (Article 28(3)(a) GDPR), with what we had to flag back.
CREATE TABLE instruction (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    client_id uuid NOT NULL REFERENCES client (id),
    valid daterange NOT NULL CHECK (NOT isempty(valid)),
    document jsonb NOT NULL,
    flagged jsonb,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL
);
CREATE INDEX instruction_client ON instruction (client_id);

-- What a client itself decided: an optional use switched on or off, a sub-processor authorised or refused
-- under specific authorisation. Append-only: of one subject the last decision holds.
CREATE TABLE authorisation (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    client_id uuid NOT NULL REFERENCES client (id),
    -- Of a change without one: the whole change, whatever it is about.
    sub_processor_id uuid REFERENCES sub_processor (id),
    use_key text,
    change_id uuid REFERENCES change (id),
    state text NOT NULL CHECK (state IN ('authorised', 'refused')),
    effective_on date NOT NULL,
    reason text,
    -- The verdicts that the client was shown when it decided.
    seen jsonb,
    decided_at timestamptz NOT NULL,
    decided_by text NOT NULL,
    CHECK ((use_key IS NULL) <> (change_id IS NULL)),
    CHECK (use_key IS NULL OR sub_processor_id IS NOT NULL)
);
CREATE INDEX authorisation_client ON authorisation (client_id, sub_processor_id);

-- Per change and client, the contract's terms as they were when it was published. Whether it was given, and
-- until when the client may object, is written when the first receiving server accepts a delivery. Where the
-- client had been told already, by other means than ours, there is a day but no moment.
CREATE TABLE notice (
    change_id uuid NOT NULL REFERENCES change (id),
    client_id uuid NOT NULL REFERENCES client (id),
    owed text NOT NULL CHECK (owed IN ('full_period', 'at_once')),
    authorisation text NOT NULL CHECK (authorisation IN ('general', 'specific')),
    notice_days integer NOT NULL CHECK (notice_days >= 0),
    objection_days integer NOT NULL CHECK (objection_days >= 0),
    -- What the change means for this client: the parts and differences that touch it, as it is told.
    news jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    given_at timestamptz,
    -- The register's day of that moment, from which the objection period counts.
    given_on date,
    objection_until date,
    PRIMARY KEY (change_id, client_id),
    CHECK (given_at IS NULL OR given_on IS NOT NULL),
    CHECK ((given_on IS NULL) = (objection_until IS NULL))
);
CREATE INDEX notice_client ON notice (client_id);

-- A channel of a client, or of the public (no client). Empty filter arrays mean everything.
CREATE TABLE subscription (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    client_id uuid REFERENCES client (id),
    channel text NOT NULL CHECK (channel IN ('email', 'webhook', 'feed')),
    -- Contract notices can be moved to another channel, never switched off; news can.
    purpose text NOT NULL CHECK (purpose IN ('contract', 'news')),
    address text,
    -- SHA-256 of a private feed's token; the token itself is shown once.
    token_digest bytea UNIQUE CHECK (octet_length(token_digest) = 32),
    -- A webhook's secrets sign every attempt, so they are kept as they are; the former one signs too until its day.
    secret text,
    former_secret text,
    former_secret_until timestamptz,
    services text[] NOT NULL DEFAULT '{}',
    countries text[] NOT NULL DEFAULT '{}',
    categories text[] NOT NULL DEFAULT '{}',
    kinds text[] NOT NULL DEFAULT '{}',
    state text NOT NULL CHECK (state IN ('pending', 'confirmed', 'suspended', 'ended')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    confirmed_at timestamptz,
    -- How a colleague knows that the address is the client's, where no link was opened to confirm it.
    declaration text,
    suspended_at timestamptz,
    suspended_reason text,
    ended_at timestamptz,
    CHECK ((channel = 'feed') = (address IS NULL)),
    CHECK (purpose = 'news' OR client_id IS NOT NULL)
);
CREATE INDEX subscription_client ON subscription (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX subscription_news ON subscription (id) WHERE purpose = 'news' AND state = 'confirmed';
-- Of the public, one subscription an address.
CREATE UNIQUE INDEX subscription_public ON subscription (lower(address))
    WHERE client_id IS NULL AND channel = 'email' AND state <> 'ended';

-- One row per change, subscription and occasion, made in the transaction that publishes. Confirmations,
-- receipts and warnings about a suspended channel are deliveries of no change; outcomes may be several.
CREATE TABLE delivery (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    change_id uuid REFERENCES change (id),
    client_id uuid REFERENCES client (id),
    subscription_id uuid NOT NULL REFERENCES subscription (id),
    -- That of its subscription, or mail where somebody else is written to.
    channel text NOT NULL CHECK (channel IN ('email', 'webhook')),
    occasion text NOT NULL CHECK (occasion IN (
        'announcement', 'reminder', 'outcome', 'confirmation', 'receipt', 'suspension')),
    -- Who is written to instead of the subscription's own address, such as a contact of the client.
    address text,
    -- What a delivery of no change, or an outcome, says; the text of an announcement follows from its change.
    content jsonb,
    state text NOT NULL CHECK (state IN (
        'pending', 'sent', 'delivered', 'acknowledged', 'failed', 'suppressed')),
    made_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    -- A worker's lease; past it another worker may claim the row, and sends under the same id.
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    -- The attempts before the last replay, with which the pauses begin anew.
    replayed_after integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    ended_at timestamptz,
    last_status text,
    message_id text
);
CREATE UNIQUE INDEX delivery_once ON delivery (change_id, subscription_id, occasion)
    WHERE occasion IN ('announcement', 'reminder');
-- Clients come before the public, however many of the latter wait.
CREATE INDEX delivery_due ON delivery (channel, (client_id IS NULL), due_at) WHERE state = 'pending';
CREATE INDEX delivery_failed ON delivery (id) WHERE state = 'failed';
CREATE INDEX delivery_change ON delivery (change_id, id);
CREATE INDEX delivery_subscription ON delivery (subscription_id, id);
CREATE INDEX delivery_client ON delivery (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX delivery_message ON delivery (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE delivery_attempt (
    delivery_id uuid NOT NULL REFERENCES delivery (id),
    number integer NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    status text,
    detail text,
    PRIMARY KEY (delivery_id, number)
);

-- A link in a mail: good for one purpose, for a time, and known by its digest only.
CREATE TABLE link_token (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    purpose text NOT NULL CHECK (purpose IN ('confirm', 'unsubscribe', 'object', 'acknowledge')),
    subscription_id uuid NOT NULL REFERENCES subscription (id),
    change_id uuid REFERENCES change (id),
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX link_token_expires_at ON link_token (expires_at);

-- A client's objection to a change; of one client and change one at a time is open.
CREATE TABLE objection (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    version integer NOT NULL DEFAULT 1,
    change_id uuid NOT NULL REFERENCES change (id),
    client_id uuid NOT NULL REFERENCES client (id),
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN (
        'open', 'retracted', 'withdrawn', 'alternative_offered', 'rejected', 'terminated')),
    -- Privacy goes on against an open or upheld objection only by a decision of its own, with its reason; from
    -- its day on the change binds the client. Until then the client's list is folded without the change.
    decision jsonb,
    decided_on date,
    made_at timestamptz NOT NULL,
    made_on date NOT NULL,
    made_by text NOT NULL,
    resolved_at timestamptz,
    -- The register's day of that moment: after a rejection or retraction the change binds the client from then on.
    resolved_on date,
    resolved_by text,
    resolution text,
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    CHECK ((resolved_at IS NULL) = (resolved_on IS NULL)),
    CHECK ((decision IS NULL) = (decided_on IS NULL))
);
CREATE UNIQUE INDEX objection_open ON objection (change_id, client_id) WHERE state = 'open';
CREATE INDEX objection_client ON objection (client_id);

-- A key of the role `client` is one client's; one of the role `contracts` is of one client, or of all.
ALTER TABLE access_key ADD COLUMN client_id uuid REFERENCES client (id);
ALTER TABLE access_key ADD CONSTRAINT access_key_client
    CHECK ((role <> 'client' OR client_id IS NOT NULL) AND (client_id IS NULL OR role IN ('client', 'contracts')));

-- Why a change could not wait for its notice, and whether one person drafted and published it.
ALTER TABLE change ADD COLUMN emergency text;
ALTER TABLE change ADD COLUMN published_alone boolean NOT NULL DEFAULT false;
