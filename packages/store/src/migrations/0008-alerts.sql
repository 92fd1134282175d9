-- What is wrong at this host and who was told of it (docs/operations.md, Alerts). Figures, names of copies and pseudonyms
-- of practices, seen in the host's scope alone, and in no copy. Nothing is deleted but samples of disks, and
-- figures of what is usual, that grew old.

-- One row for a cause and what it is about, from when it was raised until it is over; it serves again for what comes
-- back soon after.
CREATE TABLE serment.alerts (
  alert bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cause text NOT NULL CHECK (cause ~ '^[a-z-]{1,32}$'),
  -- Name of a copy, of a channel, of what is served; a practice's or a device's pseudonym.
  subject text NOT NULL CHECK (octet_length(subject) <= 256),
  -- Those that it concerns, 32 bytes each, the first 1024; none for the installation as a whole.
  practices bytea NOT NULL CHECK (octet_length(practices) % 32 = 0),
  practice_count integer NOT NULL CHECK (practice_count >= 0),
  since bigint NOT NULL,
  code text CHECK (octet_length(code) <= 64),
  at bigint,
  -- Number of the entry by which the practice's journal tells of it.
  entry bigint,
  -- How often it was raised.
  times integer NOT NULL DEFAULT 1,
  raised bigint NOT NULL,
  seen bigint NOT NULL,
  cleared bigint,
  acknowledged bigint,
  acknowledged_by text CHECK (octet_length(acknowledged_by) BETWEEN 1 AND 128),
  -- How many practices were concerned when people were last told.
  told_count integer NOT NULL DEFAULT 0,
  CHECK ((acknowledged IS NULL) = (acknowledged_by IS NULL))
);
CREATE UNIQUE INDEX alerts_open ON serment.alerts (cause, subject) WHERE cleared IS NULL;
CREATE INDEX alerts_cleared ON serment.alerts (cause, subject, cleared) WHERE cleared IS NOT NULL;

-- What each channel is to say: written with the state that calls for it, and sent afterwards.
CREATE TABLE serment.alert_notices (
  notice bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert bigint NOT NULL REFERENCES serment.alerts,
  channel text NOT NULL CHECK (octet_length(channel) <= 256),
  event text NOT NULL CHECK (event IN ('raised', 'escalated', 'repeated', 'grown', 'over')),
  -- Of the raisings of its alert.
  times integer NOT NULL,
  -- Of the escalation.
  step integer NOT NULL,
  at bigint NOT NULL,
  -- When a message that says it was taken by the channel.
  sent bigint
);
CREATE INDEX alert_notices_waiting ON serment.alert_notices (channel, notice) WHERE sent IS NULL;
CREATE INDEX alert_notices_sent ON serment.alert_notices (channel, sent) WHERE sent IS NOT NULL;
CREATE INDEX alert_notices_by_alert ON serment.alert_notices (alert);

-- Until when a channel waits: for its answer, or after a failure.
CREATE TABLE serment.alert_channels (
  channel text PRIMARY KEY CHECK (octet_length(channel) <= 256),
  failures integer NOT NULL DEFAULT 0,
  failing_since bigint,
  code text CHECK (octet_length(code) <= 64),
  next bigint NOT NULL
);

-- What each copy of each practice last proved: the journal tells drills too, and nothing but this verifications.
CREATE TABLE serment.proofs (
  practice bytea NOT NULL CHECK (octet_length(practice) = 32),
  copy text NOT NULL CHECK (octet_length(copy) <= 256),
  -- When it was first asked of that copy.
  since bigint NOT NULL,
  restored_at bigint,
  restore_failed text CHECK (octet_length(restore_failed) <= 64),
  restore_failed_at bigint,
  verified_at bigint,
  findings bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (practice, copy)
);

CREATE TABLE serment.disk_samples (
  disk text NOT NULL CHECK (octet_length(disk) <= 256),
  at bigint NOT NULL,
  free bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (disk, at)
);

-- The most that an author of a practice did in one hour of a day (days since 1970): what is usual there.
CREATE TABLE serment.activity (
  practice bytea NOT NULL CHECK (octet_length(practice) = 32),
  act text NOT NULL CHECK (act ~ '^[a-z-]{1,32}$'),
  day integer NOT NULL,
  author bytea NOT NULL CHECK (octet_length(author) = 32),
  most integer NOT NULL CHECK (most > 0),
  PRIMARY KEY (practice, act, day, author)
);
CREATE INDEX activity_by_day ON serment.activity (day);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['alerts', 'alert_notices', 'alert_channels', 'proofs', 'disk_samples',
    'activity'] LOOP
    EXECUTE format('ALTER TABLE serment.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY by_host ON serment.%I USING (current_setting(''serment.scope'', true) = ''host'')', name);
  END LOOP;
END $$;

-- Whether each witness goes on: when it last signed, of all practices at once.
CREATE POLICY by_host ON serment.cosignatures FOR SELECT USING (current_setting('serment.scope', true) = 'host');
