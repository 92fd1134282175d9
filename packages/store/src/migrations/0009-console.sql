-- What the host's console shows over time (docs/operations.md, The console): pseudonyms, names of copies and figures, seen
-- in the host's scope alone, and in no copy.

-- How large each practice was. `step` is how far apart such samples stand, in minutes: what is older is kept less often.
CREATE TABLE serment.size_samples (
  practice bytea NOT NULL CHECK (octet_length(practice) = 32),
  step smallint NOT NULL CHECK (step IN (5, 60, 1440)),
  at bigint NOT NULL,
  entries bigint NOT NULL,
  bytes bigint NOT NULL,
  -- Of those, what its documents weigh: a server that starts weighs the rest from there on.
  documents bigint NOT NULL,
  PRIMARY KEY (practice, step, at)
);
CREATE INDEX size_samples_by_age ON serment.size_samples (step, at);

-- How far behind each copy of it was, ms: the worst of the step.
CREATE TABLE serment.lag_samples (
  practice bytea NOT NULL CHECK (octet_length(practice) = 32),
  copy text NOT NULL CHECK (octet_length(copy) <= 256),
  step smallint NOT NULL CHECK (step IN (5, 60, 1440)),
  at bigint NOT NULL,
  lag bigint NOT NULL,
  PRIMARY KEY (practice, step, at, copy)
);
CREATE INDEX lag_samples_by_age ON serment.lag_samples (step, at);

-- Trial restorations, from when one is due until it had an answer. The journals hold the answers, signed; this tells the
-- host of all practices at once.
CREATE TABLE serment.drill_runs (
  run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The day on which its night began, as 2026-11-29.
  night text NOT NULL CHECK (night ~ '^\d{4}-\d{2}-\d{2}$'),
  practice bytea NOT NULL CHECK (octet_length(practice) = 32),
  copy text NOT NULL CHECK (octet_length(copy) <= 256),
  -- False for what a person asked for, and for the weekly one into the past: each stands here once it ended.
  is_planned boolean NOT NULL,
  due bigint NOT NULL,
  ended bigint,
  outcome text CHECK (outcome IN ('proven', 'failed', 'inconclusive')),
  code text CHECK (octet_length(code) <= 64),
  duration bigint,
  -- What the copy weighed of this practice.
  bytes bigint,
  CHECK ((ended IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX drill_runs_planned ON serment.drill_runs (practice, copy, night) WHERE is_planned;
CREATE INDEX drill_runs_by_night ON serment.drill_runs (night, copy);
CREATE INDEX drill_runs_by_practice ON serment.drill_runs (practice, due);

-- Practices that the host serves no more until it does again.
CREATE TABLE serment.suspensions (
  practice bytea PRIMARY KEY CHECK (octet_length(practice) = 32),
  since bigint NOT NULL
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['size_samples', 'lag_samples', 'drill_runs', 'suspensions'] LOOP
    EXECUTE format('ALTER TABLE serment.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY by_host ON serment.%I USING (current_setting(''serment.scope'', true) = ''host'')', name);
  END LOOP;
END $$;

-- How many there were, of all practices at once.
CREATE POLICY by_host ON serment.sign_in_alarms FOR SELECT USING (current_setting('serment.scope', true) = 'host');
