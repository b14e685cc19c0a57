-- The row of the journal that received an objection, so that its receipt can be shown again.

ALTER TABLE objection ADD COLUMN journal_number bigint;
