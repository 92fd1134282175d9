-- The journal and what stands beside it. `practice` is in every key; row-level security shows the practice that the
-- transaction names in `serment.practice`, and nothing when it names none. The journal itself is INSERT and SELECT only.

CREATE FUNCTION serment.current_practice() RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN decode(nullif(current_setting('serment.practice', true), ''), 'hex');

-- What the tables of every append are bounded by. The database reads a table's own checks anew for each statement (8 % of
-- its samples in a profile of one writer), and a domain's once for each connection.
CREATE DOMAIN serment.hash AS bytea CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN serment.stream AS bytea CHECK (octet_length(VALUE) = 16);
CREATE DOMAIN serment.entry AS bytea CHECK (octet_length(VALUE) <= 32768);
CREATE DOMAIN serment.payload AS bytea CHECK (octet_length(VALUE) <= 65536);
CREATE DOMAIN serment.tile AS bytea CHECK (octet_length(VALUE) = 8192);
CREATE DOMAIN serment.place AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN serment.fence AS integer CHECK (VALUE >= 1);

-- One row for each practice: the head, which every append moves with a compare-and-swap on `size` and `root`.
CREATE TABLE serment.practices (
  practice serment.hash PRIMARY KEY,
  size serment.place NOT NULL,
  root serment.hash NOT NULL,
  received_at bigint NOT NULL,
  fence serment.fence NOT NULL,
  restored_size bigint,
  restored_root bytea,
  restored_at bigint
) WITH (fillfactor = 50);

-- No statement can stand twice, since each names its author's last one: `entry_id` needs no index, whose places would be
-- random, and is looked up within its stream.
CREATE TABLE serment.entries (
  practice bytea NOT NULL,
  index serment.place NOT NULL,
  entry serment.entry NOT NULL,
  entry_id serment.hash NOT NULL,
  stream serment.stream NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (practice, index),
  UNIQUE (practice, stream, index)
);

-- Sealed payloads up to 64 KiB; a greater one is a blob under its hash.
CREATE TABLE serment.payloads (
  practice bytea NOT NULL,
  index bigint NOT NULL,
  payload serment.payload NOT NULL,
  PRIMARY KEY (practice, index)
);

-- Full hash tiles: 256 hashes of level 8 × `level`, and the root that they make.
CREATE TABLE serment.tiles (
  practice bytea NOT NULL,
  level smallint NOT NULL,
  number bigint NOT NULL,
  root serment.hash NOT NULL,
  hashes serment.tile NOT NULL,
  PRIMARY KEY (practice, level, number)
);

-- Sealed bytes do not compress: trying costs time on every insert.
ALTER TABLE serment.entries ALTER COLUMN entry SET STORAGE EXTERNAL;
ALTER TABLE serment.payloads ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE serment.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
-- A save stays in its row as long as a page holds it: kept apart, it costs two more rows and two index entries.
ALTER TABLE serment.entries SET (toast_tuple_target = 8160);
ALTER TABLE serment.payloads SET (toast_tuple_target = 8160);

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

-- Groups of several practices are appended together: the transaction names them all, and may do no more than append.
CREATE FUNCTION serment.is_appending(practice bytea) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN strpos(current_setting('serment.appending', true), encode(practice, 'hex')) > 0;
CREATE POLICY appending_seen ON serment.practices FOR SELECT USING (serment.is_appending(practice));
CREATE POLICY appending_made ON serment.practices FOR INSERT WITH CHECK (serment.is_appending(practice));
CREATE POLICY appending_moved ON serment.practices FOR UPDATE USING (serment.is_appending(practice));
CREATE POLICY appending ON serment.entries FOR INSERT WITH CHECK (serment.is_appending(practice));
CREATE POLICY appending ON serment.payloads FOR INSERT WITH CHECK (serment.is_appending(practice));
CREATE POLICY appending ON serment.tiles FOR INSERT WITH CHECK (serment.is_appending(practice));

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

-- Writes groups of entries, one for each practice, in one statement: one round trip, one commit. A group whose practice
-- is not at the size and root it stands on is left out, the others are written; the numbers of those written are returned.
-- The size alone does not tell: another server's entries may have brought the journal to the same one.
-- Each table is written once for all groups, which takes four tenths less time than once for each. The connection must plan with
-- neither hash nor merge joins nor sequential scans, and groups come in the order of their practices, so that two
-- servers wait for each other and never both.
-- All bytes come as one base64 text, which arrives sooner than arrays of bytea; `at` are places in it, from 1:
--   group: practice (32), root before (32), root after (32); entry: id (32), stream (16), entry, payload; tile: root (32), hashes (8192).
-- A payload's length is -1 when there is none.
CREATE FUNCTION serment.append_groups(
  p_bytes text,
  g_at integer[], g_size bigint[], g_count integer[], g_received bigint[],
  e_group integer[], e_index bigint[], e_received bigint[], e_at integer[], e_length integer[], e_payload integer[],
  t_group integer[], t_level smallint[], t_number bigint[], t_at integer[]
) RETURNS integer[]
LANGUAGE plpgsql AS $$
DECLARE
  bytes CONSTANT bytea := decode(p_bytes, 'base64');
  done integer[];
BEGIN
  PERFORM set_config('serment.appending', string_agg(encode(substring(bytes FROM at FOR 32), 'hex'), ' '), true)
  FROM unnest(g_at) AS at;
  IF 0 = ANY (g_size) THEN
    INSERT INTO serment.practices (practice, size, root, received_at, fence)
    SELECT substring(bytes FROM g_at[g] FOR 32), 0, sha256(''), 0, 1 FROM generate_subscripts(g_at, 1) AS g
    WHERE g_size[g] = 0 ON CONFLICT DO NOTHING;
  END IF;
  WITH moved AS (
    UPDATE serment.practices AS own
    SET size = g_size[g] + g_count[g], root = substring(bytes FROM g_at[g] + 64 FOR 32), received_at = g_received[g]
    FROM generate_subscripts(g_at, 1) AS g
    WHERE own.practice = substring(bytes FROM g_at[g] FOR 32) AND own.size = g_size[g]
      AND own.root = substring(bytes FROM g_at[g] + 32 FOR 32)
    RETURNING g
  )
  SELECT coalesce(array_agg(g), '{}') INTO done FROM moved;
  INSERT INTO serment.entries (practice, index, entry, entry_id, stream, received_at)
  SELECT substring(bytes FROM g_at[e_group[e]] FOR 32), e_index[e], substring(bytes FROM e_at[e] + 48 FOR e_length[e]),
    substring(bytes FROM e_at[e] FOR 32), substring(bytes FROM e_at[e] + 32 FOR 16), e_received[e]
  FROM generate_subscripts(e_at, 1) AS e WHERE e_group[e] = ANY (done);
  INSERT INTO serment.payloads (practice, index, payload)
  SELECT substring(bytes FROM g_at[e_group[e]] FOR 32), e_index[e],
    substring(bytes FROM e_at[e] + 48 + e_length[e] FOR e_payload[e])
  FROM generate_subscripts(e_at, 1) AS e WHERE e_payload[e] >= 0 AND e_group[e] = ANY (done);
  IF cardinality(t_at) > 0 THEN
    INSERT INTO serment.tiles (practice, level, number, root, hashes)
    SELECT substring(bytes FROM g_at[t_group[t]] FOR 32), t_level[t], t_number[t],
      substring(bytes FROM t_at[t] FOR 32), substring(bytes FROM t_at[t] + 32 FOR 8192)
    FROM generate_subscripts(t_at, 1) AS t WHERE t_group[t] = ANY (done);
  END IF;
  RETURN done;
END $$;

-- Writes one entry of one practice, which is what a person's save is: a fifth less time than as a group. False, with
-- nothing written, when the practice is not at that size and root.
CREATE FUNCTION serment.append_entry(
  p_practice bytea, p_size bigint, p_before bytea, p_root bytea, p_received bigint,
  p_id bytea, p_stream bytea, p_entry bytea, p_payload bytea
) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('serment.practice', encode(p_practice, 'hex'), true);
  UPDATE serment.practices SET size = p_size + 1, root = p_root, received_at = p_received
  WHERE practice = p_practice AND size = p_size AND root = p_before;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO serment.entries (practice, index, entry, entry_id, stream, received_at)
  VALUES (p_practice, p_size, p_entry, p_id, p_stream, p_received);
  IF p_payload IS NOT NULL THEN
    INSERT INTO serment.payloads (practice, index, payload) VALUES (p_practice, p_size, p_payload);
  END IF;
  RETURN true;
END $$;
