-- Passkeys that serve as second factors, in CBOR as a copy holds them (docs/format/copy.md, Account data): none at first.
ALTER TABLE serment.accounts ADD COLUMN passkeys bytea NOT NULL DEFAULT '\x80';
