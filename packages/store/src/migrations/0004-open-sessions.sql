-- Since when a session is open, and when it was last used, for the member whose it is (docs/format/wire.md, Session). Of
-- those that were open before, what is known is that they were now.
ALTER TABLE serment.sessions
  ADD COLUMN opened bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000)::bigint,
  ADD COLUMN used bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000)::bigint,
  -- Closed from elsewhere: it is kept until `expires`, so that whoever comes back with it is told.
  ADD COLUMN closed boolean NOT NULL DEFAULT false;
