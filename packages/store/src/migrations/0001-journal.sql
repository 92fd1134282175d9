-- The journal and what stands beside it. `practice` is in every key; row-level security shows one practice at a time,
-- the one that the transaction names in `serment.practice`. Names written once are INSERT and SELECT only.

CREATE FUNCTION serment.current_practice() RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN decode(nullif(current_setting('serment.practice', true), ''), 'hex');

-- One row for each practice: the head, which every append moves with a compare-and-swap on `size`.
CREATE TABLE serment.practices (
  practice bytea PRIMARY KEY CHECK (octet_length(practice) = 32),
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  received_at bigint NOT NULL,
  fence integer NOT NULL CHECK (fence >= 1),
  restored_size bigint,
  restored_root bytea,
  restored_at bigint
) WITH (fillfactor = 50);

CREATE TABLE serment.entries (
  practice bytea NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  entry bytea NOT NULL CHECK (octet_length(entry) <= 32768),
  entry_id bytea NOT NULL CHECK (octet_length(entry_id) = 32),
  stream bytea NOT NULL CHECK (octet_length(stream) = 16),
  received_at bigint NOT NULL,
  PRIMARY KEY (practice, index),
  UNIQUE (practice, entry_id),
  UNIQUE (practice, stream, index)
);

-- Sealed payloads up to 64 KiB; a greater one is a blob under its hash.
CREATE TABLE serment.payloads (
  practice bytea NOT NULL,
  index bigint NOT NULL,
  payload bytea NOT NULL CHECK (octet_length(payload) <= 65536),
  PRIMARY KEY (practice, index)
);

-- Full hash tiles: 256 hashes of level 8 × `level`, and the root that they make.
CREATE TABLE serment.tiles (
  practice bytea NOT NULL,
  level smallint NOT NULL,
  number bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
  PRIMARY KEY (practice, level, number)
);

-- Sealed bytes do not compress: trying costs time on every insert.
ALTER TABLE serment.entries ALTER COLUMN entry SET STORAGE EXTERNAL;
ALTER TABLE serment.payloads ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE serment.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE serment.blobs (
  practice bytea NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  size bigint NOT NULL CHECK (size >= 1),
  stored_at bigint NOT NULL,
  PRIMARY KEY (practice, hash)
);

-- A projection of the journal: may be emptied at any time.
CREATE TABLE serment.governance (
  practice bytea PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL,
  state bytea NOT NULL
);

-- `fetch` entries that wait for a restored vault to be acknowledged.
CREATE TABLE serment.pending_fetches (
  practice bytea NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  body bytea NOT NULL,
  PRIMARY KEY (practice, number)
);

-- A removed draft keeps its row without its bytes: a slot never starts again.
CREATE TABLE serment.drafts (
  practice bytea NOT NULL,
  slot bytea NOT NULL CHECK (octet_length(slot) = 16),
  revision bigint NOT NULL CHECK (revision >= 1),
  draft bytea,
  updated bigint NOT NULL,
  PRIMARY KEY (practice, slot)
);

CREATE TABLE serment.uploads (
  practice bytea NOT NULL,
  upload bytea NOT NULL CHECK (octet_length(upload) = 16),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  size bigint NOT NULL CHECK (size >= 1),
  started_at bigint NOT NULL,
  PRIMARY KEY (practice, upload),
  UNIQUE (practice, hash, size)
);

CREATE TABLE serment.accounts (
  practice bytea NOT NULL,
  account bytea NOT NULL CHECK (octet_length(account) = 16),
  member bytea NOT NULL CHECK (octet_length(member) = 16),
  record text NOT NULL,
  sealed_secret bytea NOT NULL,
  PRIMARY KEY (practice, account),
  UNIQUE (account)
);

-- Grows with every change of an account, in the same transaction, so that copies know when to write account data again.
CREATE TABLE serment.account_state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL
);
INSERT INTO serment.account_state (sequence) VALUES (0);

CREATE TABLE serment.sessions (
  practice bytea NOT NULL,
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  author bytea NOT NULL CHECK (octet_length(author) = 32),
  nonce bytea NOT NULL CHECK (octet_length(nonce) = 32),
  expires bigint NOT NULL,
  PRIMARY KEY (practice, token_hash),
  UNIQUE (practice, nonce)
);
CREATE INDEX sessions_by_token ON serment.sessions (token_hash);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['practices', 'entries', 'payloads', 'tiles', 'blobs', 'governance', 'pending_fetches',
    'drafts', 'uploads', 'accounts', 'sessions'] LOOP
    EXECUTE format('ALTER TABLE serment.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_practice ON serment.%I USING (practice = serment.current_practice())', name);
  END LOOP;
END $$;

-- What is looked up before the practice is known, each by a value that the asker must already hold.
CREATE POLICY by_account ON serment.accounts FOR SELECT
  USING (account = decode(nullif(current_setting('serment.account', true), ''), 'hex'));
CREATE POLICY by_token ON serment.sessions FOR SELECT
  USING (token_hash = decode(nullif(current_setting('serment.token_hash', true), ''), 'hex'));
-- The copies follow every practice: the heads, without content.
CREATE POLICY by_host ON serment.practices FOR SELECT
  USING (current_setting('serment.scope', true) = 'host');
-- Account data of an installation is sealed to the host as a whole.
CREATE POLICY by_host ON serment.accounts FOR SELECT
  USING (current_setting('serment.scope', true) = 'host');
-- Sessions that ended are swept without asking whose they were.
CREATE POLICY ended_seen ON serment.sessions FOR SELECT
  USING (current_setting('serment.scope', true) = 'host');
CREATE POLICY ended_swept ON serment.sessions FOR DELETE
  USING (current_setting('serment.scope', true) = 'host');

-- Holds for every role, the owner's included; only dropping the trigger lifts it.
CREATE FUNCTION serment.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON serment.entries
  FOR EACH STATEMENT EXECUTE FUNCTION serment.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON serment.payloads
  FOR EACH STATEMENT EXECUTE FUNCTION serment.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON serment.tiles
  FOR EACH STATEMENT EXECUTE FUNCTION serment.refuse_change();

-- One statement, hence one transaction and one round trip, for all the entries of a group. False when the head has moved.
CREATE FUNCTION serment.append_group(
  p_practice bytea, p_size bigint, p_root bytea,
  p_entries bytea[], p_ids bytea[], p_streams bytea[], p_received bigint[], p_payloads bytea[],
  p_tile_levels smallint[], p_tile_numbers bigint[], p_tile_roots bytea[], p_tile_hashes bytea[]
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  p_count CONSTANT integer := cardinality(p_entries);
BEGIN
  PERFORM set_config('serment.practice', encode(p_practice, 'hex'), true);
  IF p_size = 0 THEN
    INSERT INTO serment.practices (practice, size, root, received_at, fence)
    VALUES (p_practice, 0, sha256(''), 0, 1) ON CONFLICT DO NOTHING;
  END IF;
  UPDATE serment.practices SET size = p_size + p_count, root = p_root, received_at = p_received[p_count]
  WHERE practice = p_practice AND size = p_size;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO serment.entries (practice, index, entry, entry_id, stream, received_at)
  SELECT p_practice, p_size + place - 1, entry, id, stream, received
  FROM unnest(p_entries, p_ids, p_streams, p_received) WITH ORDINALITY AS one (entry, id, stream, received, place);
  INSERT INTO serment.payloads (practice, index, payload)
  SELECT p_practice, p_size + place - 1, payload
  FROM unnest(p_payloads) WITH ORDINALITY AS one (payload, place) WHERE payload IS NOT NULL;
  IF cardinality(p_tile_levels) > 0 THEN
    INSERT INTO serment.tiles (practice, level, number, root, hashes)
    SELECT p_practice, level, number, root, hashes
    FROM unnest(p_tile_levels, p_tile_numbers, p_tile_roots, p_tile_hashes) AS one (level, number, root, hashes);
  END IF;
  RETURN true;
END $$;
