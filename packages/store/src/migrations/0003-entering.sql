-- What the server's gate asks for (docs/format/wire.md, Entering). An account is one member's.
ALTER TABLE serment.accounts
  ADD COLUMN generation integer NOT NULL CHECK (generation >= 1),
  ADD COLUMN to_member bytea NOT NULL,
  ADD COLUMN phone text,
  ADD COLUMN totp_secret bytea CHECK (octet_length(totp_secret) = 20),
  -- The last step of 30 seconds whose code served: none serves twice.
  ADD COLUMN totp_step bigint NOT NULL DEFAULT 0,
  -- Drawn and not yet confirmed by a code of it.
  ADD COLUMN totp_offered bytea CHECK (octet_length(totp_offered) = 20),
  -- Hashes of 32 bytes, one after the other.
  ADD COLUMN recovery_codes bytea NOT NULL DEFAULT '' CHECK (octet_length(recovery_codes) % 32 = 0),
  ADD COLUMN national_id text,
  ADD COLUMN card_share bytea CHECK (octet_length(card_share) = 32),
  ADD CHECK ((national_id IS NULL) = (card_share IS NULL)),
  ADD UNIQUE (practice, member);

-- Codes on their way, one for each login of an account, and one for a new number; `code_hash` is under a key that is not in the database.
CREATE TABLE serment.codes (
  practice bytea NOT NULL,
  account bytea NOT NULL CHECK (octet_length(account) = 16),
  purpose text NOT NULL CHECK (purpose IN ('enter', 'phone')),
  -- The login's name; empty for a number.
  login text NOT NULL,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  -- The number that the code confirms, when it is to become the account's.
  phone text,
  tries smallint NOT NULL DEFAULT 0,
  expires bigint NOT NULL,
  PRIMARY KEY (practice, account, purpose, login)
);

-- The gate of each device: which ticket it holds, and until when no second factor is asked.
CREATE TABLE serment.gates (
  practice bytea NOT NULL,
  account bytea NOT NULL CHECK (octet_length(account) = 16),
  author bytea NOT NULL CHECK (octet_length(author) = 32),
  ticket_hash bytea NOT NULL CHECK (octet_length(ticket_hash) = 32),
  last_ticket_hash bytea CHECK (octet_length(last_ticket_hash) = 32),
  open_until bigint NOT NULL,
  PRIMARY KEY (practice, account, author)
);

CREATE TABLE serment.pins (
  practice bytea NOT NULL,
  pin bytea NOT NULL CHECK (octet_length(pin) = 16),
  account bytea NOT NULL CHECK (octet_length(account) = 16),
  author bytea NOT NULL CHECK (octet_length(author) = 32),
  record text NOT NULL,
  sealed_secret bytea NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (practice, author),
  UNIQUE (pin)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['codes', 'gates', 'pins'] LOOP
    EXECUTE format('ALTER TABLE serment.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_practice ON serment.%I USING (practice = serment.current_practice())', name);
  END LOOP;
END $$;
CREATE POLICY by_pin ON serment.pins FOR SELECT
  USING (pin = decode(nullif(current_setting('serment.pin', true), ''), 'hex'));
