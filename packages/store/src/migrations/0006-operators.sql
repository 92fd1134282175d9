-- The host's operators (docs/security/operators.md): a schema of their own, which the role that serves practices cannot
-- enter, as theirs cannot enter that of practices. Where one role is all there is, row-level security tells them apart.
CREATE SCHEMA serment_operators;

-- One way in for each: a passkey, or a password with an authenticator. Only the schema's owner adds and removes rows.
CREATE TABLE serment_operators.operators (
  operator bytea PRIMARY KEY CHECK (octet_length(operator) = 16),
  name text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 128),
  -- The same for names that differ in their capitals alone.
  name_key text NOT NULL UNIQUE,
  created bigint NOT NULL,
  -- SHA-256 of a code of 125 random bits, which serves once.
  enrolment_hash bytea UNIQUE CHECK (octet_length(enrolment_hash) = 32),
  enrolment_expires bigint NOT NULL DEFAULT 0,
  credential bytea UNIQUE,
  public_key bytea,
  counter bigint NOT NULL DEFAULT 0,
  password_salt bytea CHECK (octet_length(password_salt) = 16),
  password_hash bytea CHECK (octet_length(password_hash) = 32),
  totp_secret bytea CHECK (octet_length(totp_secret) = 20),
  -- The last step of 30 seconds whose code served: none serves twice.
  totp_step bigint NOT NULL DEFAULT 0,
  CHECK ((credential IS NULL) = (public_key IS NULL)),
  CHECK ((password_salt IS NULL) = (password_hash IS NULL) AND (password_hash IS NULL) = (totp_secret IS NULL)),
  CHECK (credential IS NULL OR password_hash IS NULL)
);

CREATE TABLE serment_operators.sessions (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  operator bytea NOT NULL REFERENCES serment_operators.operators ON DELETE CASCADE,
  used bigint NOT NULL,
  expires bigint NOT NULL
);
CREATE INDEX sessions_by_operator ON serment_operators.sessions (operator);

ALTER TABLE serment_operators.operators ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE serment_operators.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_operators ON serment_operators.operators
  USING (current_setting('serment.scope', true) = 'operators');
CREATE POLICY of_operators ON serment_operators.sessions
  USING (current_setting('serment.scope', true) = 'operators');

-- When something at a practice's sign-in deserved a look: figures for the host, of which the journal tells the rest.
CREATE TABLE serment.sign_in_alarms (
  practice bytea NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  at bigint NOT NULL,
  PRIMARY KEY (practice, number)
);
ALTER TABLE serment.sign_in_alarms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_practice ON serment.sign_in_alarms USING (practice = serment.current_practice());
