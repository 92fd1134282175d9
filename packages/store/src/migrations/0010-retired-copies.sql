-- Copies that the host writes no more, by the name that the file of --copies gives each (docs/operations.md, The console).
-- What they hold stays where it is.
CREATE TABLE serment.retired_copies (
  copy text PRIMARY KEY CHECK (octet_length(copy) BETWEEN 1 AND 256),
  since bigint NOT NULL,
  -- Name of the operator who did it.
  retired_by text NOT NULL CHECK (octet_length(retired_by) BETWEEN 1 AND 128)
);
ALTER TABLE serment.retired_copies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY by_host ON serment.retired_copies USING (current_setting('serment.scope', true) = 'host');
