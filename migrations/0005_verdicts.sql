-- What reassessment last recorded: time makes news, and each piece of it once.

-- One row per transfer that was on the register when it was last looked at. Verdicts are derived whenever they
-- are asked for; this says what was last said, so that a turn is told once. It answers for a day only while
-- facts, law and day are those of the row.
CREATE TABLE verdict_seen (
    transfer_id uuid PRIMARY KEY,
    sub_processor_id uuid NOT NULL REFERENCES sub_processor (id),
    verdict text NOT NULL,
    -- How a review is carefully read.
    conservative_verdict text,
    facts_digest bytea NOT NULL CHECK (octet_length(facts_digest) = 32),
    law_edition text NOT NULL,
    seen_on date NOT NULL,
    -- The first day of the verdict.
    since date NOT NULL
);

-- One row: for which day and under which law the whole register was last looked at.
CREATE TABLE reassessment (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seen_on date NOT NULL,
    law_edition text NOT NULL,
    at timestamptz NOT NULL
);
