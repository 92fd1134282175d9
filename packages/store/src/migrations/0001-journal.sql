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
-- random, and is looked up within its stream. `payload` is the sealed one up to 64 KiB; a greater one is a blob under its
-- hash. A table of its own for payloads would cost each save a row and an index entry more.
CREATE TABLE serment.entries (
  practice bytea NOT NULL,
  index serment.place NOT NULL,
  entry_id serment.hash NOT NULL,
  stream serment.stream NOT NULL,
  received_at bigint NOT NULL,
  entry serment.entry NOT NULL,
  payload serment.payload,
  PRIMARY KEY (practice, index),
  UNIQUE (practice, stream, index)
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
ALTER TABLE serment.entries ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE serment.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
-- A save stays in its row as long as a page holds it: kept apart, it costs two more rows and two index entries.
ALTER TABLE serment.entries SET (toast_tuple_target = 8160);

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
  FOREACH name IN ARRAY ARRAY['practices', 'entries', 'tiles', 'blobs', 'governance', 'pending_fetches',
    'drafts', 'uploads', 'accounts', 'sessions'] LOOP
    EXECUTE format('ALTER TABLE serment.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_practice ON serment.%I USING (practice = serment.current_practice())', name);
  END LOOP;
END $$;

-- The connection that appends serves every practice, and may do no more than append: it adds and moves heads, and reads
-- no entry.
CREATE FUNCTION serment.is_appending() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('serment.scope', true) = 'append';
CREATE POLICY appending_seen ON serment.practices FOR SELECT USING (serment.is_appending());
CREATE POLICY appending_made ON serment.practices FOR INSERT WITH CHECK (serment.is_appending());
CREATE POLICY appending_moved ON serment.practices FOR UPDATE USING (serment.is_appending());
CREATE POLICY appending ON serment.entries FOR INSERT WITH CHECK (serment.is_appending());
CREATE POLICY appending ON serment.tiles FOR INSERT WITH CHECK (serment.is_appending());

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
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON serment.tiles
  FOR EACH STATEMENT EXECUTE FUNCTION serment.refuse_change();

-- So many bytes from a place on, counted from 1; inlined where it is called.
CREATE FUNCTION serment.part(bytes bytea, place bigint, length bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substring(bytes FROM place::integer FOR length::integer);

-- Writes groups of entries, one for each practice, in one statement: one round trip, one commit. A group whose practice
-- is not at the size and root it stands on is left out, the others are written; the numbers of those written are returned.
-- The size alone does not tell: another server's entries may have brought the journal to the same one.
-- Each table is written once for all groups, which takes four tenths less time than once for each. The connection must plan with
-- neither hash nor merge joins nor sequential scans, and groups come in the order of their practices, so that two
-- servers wait for each other and never both.
-- All bytes come as one base64 text, which arrives sooner than arrays of bytea, and all numbers as three tables, whose
-- rows hold places in these bytes, from 1:
--   groups: place of practice (32), root before (32) and root after (32); size before; number of entries; time received
--   entries: number of the group, from 1; index; time received; place of id (32), stream (16), entry and payload; length
--     of the entry; length of the payload, -1 when there is none
--   tiles: number of the group; level; number; place of root (32) and hashes (8192)
CREATE FUNCTION serment.append_groups(p_bytes text, groups bigint[], entries bigint[], tiles bigint[])
RETURNS integer[]
LANGUAGE plpgsql AS $$
DECLARE
  bytes CONSTANT bytea := decode(p_bytes, 'base64');
  done integer[];
BEGIN
  IF EXISTS (SELECT FROM generate_subscripts(groups, 1) AS g WHERE groups[g][2] = 0) THEN
    INSERT INTO serment.practices (practice, size, root, received_at, fence)
    SELECT serment.part(bytes, groups[g][1], 32), 0, sha256(''), 0, 1 FROM generate_subscripts(groups, 1) AS g
    WHERE groups[g][2] = 0 ON CONFLICT DO NOTHING;
  END IF;
  WITH moved AS (
    UPDATE serment.practices AS own
    SET size = groups[g][2] + groups[g][3], root = serment.part(bytes, groups[g][1] + 64, 32), received_at = groups[g][4]
    FROM generate_subscripts(groups, 1) AS g
    WHERE own.practice = serment.part(bytes, groups[g][1], 32) AND own.size = groups[g][2]
      AND own.root = serment.part(bytes, groups[g][1] + 32, 32)
    RETURNING g
  )
  SELECT coalesce(array_agg(g), '{}') INTO done FROM moved;
  INSERT INTO serment.entries (practice, index, entry_id, stream, received_at, entry, payload)
  SELECT serment.part(bytes, groups[entries[e][1]][1], 32), entries[e][2], serment.part(bytes, entries[e][4], 32),
    serment.part(bytes, entries[e][4] + 32, 16), entries[e][3], serment.part(bytes, entries[e][4] + 48, entries[e][5]),
    CASE WHEN entries[e][6] >= 0 THEN serment.part(bytes, entries[e][4] + 48 + entries[e][5], entries[e][6]) END
  FROM generate_subscripts(entries, 1) AS e WHERE entries[e][1] = ANY (done);
  IF cardinality(tiles) > 0 THEN
    INSERT INTO serment.tiles (practice, level, number, root, hashes)
    SELECT serment.part(bytes, groups[tiles[t][1]][1], 32), tiles[t][2], tiles[t][3],
      serment.part(bytes, tiles[t][4], 32), serment.part(bytes, tiles[t][4] + 32, 8192)
    FROM generate_subscripts(tiles, 1) AS t WHERE tiles[t][1] = ANY (done);
  END IF;
  RETURN done;
END $$;
