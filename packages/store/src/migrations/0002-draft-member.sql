-- Whose slot it is: nobody else writes in it. Null after a restoration, until a member writes in it again.
ALTER TABLE serment.drafts ADD COLUMN member bytea CHECK (octet_length(member) = 16);
CREATE INDEX drafts_by_member ON serment.drafts (practice, member);
