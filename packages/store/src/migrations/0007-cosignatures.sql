-- The newest note of each witness that a practice names (docs/format/witness.md): the witness gives it again, so that
-- neither a copy nor a restoration needs it.
CREATE TABLE serment.cosignatures (
  practice bytea NOT NULL,
  witness bytea NOT NULL CHECK (octet_length(witness) = 32),
  time bigint NOT NULL,
  note text NOT NULL CHECK (octet_length(note) <= 16384),
  PRIMARY KEY (practice, witness)
);
ALTER TABLE serment.cosignatures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_practice ON serment.cosignatures USING (practice = serment.current_practice());
