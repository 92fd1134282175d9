import { type Bytes, equalBytes } from '@serment/core/bytes';
import { type DraftListed, type DraftWrite, draftCompartment, maxDrafts } from '@serment/core/wire/draft';
import { inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

/** Whose drafts are read or written. */
export interface DraftMember {
  /** 16 bytes. */
  readonly member: Bytes;
  /** Whether who asks holds the current key of a compartment. */
  readonly holds: (compartment: string) => boolean;
}

/** The member's slots that hold a draft, and those that a restoration left without a member. */
export async function listDrafts(database: Database, practice: Bytes, { member }: DraftMember): Promise<DraftListed[]> {
  const rows = await inPractice(
    database,
    practice,
    (sql) => sql<DraftListed[]>`
      SELECT slot, revision, updated FROM serment.drafts
      WHERE practice = ${practice} AND (member = ${member} OR member IS NULL) AND draft IS NOT NULL
      ORDER BY member NULLS LAST, slot LIMIT ${maxDrafts}`,
  );
  return rows.map(({ slot, revision, updated }) => ({ slot, revision, updated }));
}

/** What a slot holds; null when it holds nothing, or is another member's. */
export async function readDraft(
  database: Database,
  practice: Bytes,
  slot: Bytes,
  { member }: DraftMember,
): Promise<Bytes | null> {
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<{ draft: Bytes | null }[]>`
      SELECT draft FROM serment.drafts
      WHERE practice = ${practice} AND slot = ${slot} AND (member = ${member} OR member IS NULL)`,
  );
  return row?.draft ?? null;
}

export interface OwnDraftWrite extends DraftWrite, DraftMember {
  /** Milliseconds since 1970. */
  readonly updated: number;
  /** False for whoever writes in the member's place: only a slot that stands is then written in. */
  readonly mayBegin: boolean;
}

/**
 * Replaces a slot's revision; the slot is then the member's. Throws DRAFT_STALE when another revision stands,
 * DRAFT_FORBIDDEN for a compartment that the member does not hold or a slot that is another's, DRAFTS_TOO_MANY.
 */
export async function writeDraft(
  database: Database,
  practice: Bytes,
  slot: Bytes,
  { replaced, draft, compartment, updated, member, holds, mayBegin }: OwnDraftWrite,
): Promise<void> {
  if (!holds(compartment)) throw forbidden();
  const revision = replaced + 1;
  await inPractice(database, practice, async (sql) => {
    const [standing] = await sql<{ revision: number; draft: Bytes | null; member: Bytes | null }[]>`
      SELECT revision, draft, member FROM serment.drafts WHERE practice = ${practice} AND slot = ${slot} FOR UPDATE`;
    if (standing === undefined) {
      if (replaced > 0 || !mayBegin) throw stale();
      const [held] = await sql<{ count: number }[]>`
        SELECT count(*) AS count FROM serment.drafts WHERE practice = ${practice} AND member = ${member}`;
      if ((held?.count ?? 0) >= maxDrafts) throw tooMany();
      const added = await sql`
        INSERT INTO serment.drafts (practice, slot, revision, draft, updated, member)
        VALUES (${practice}, ${slot}, ${revision}, ${draft}, ${updated}, ${member})
        ON CONFLICT DO NOTHING RETURNING slot`;
      if (added.length === 0) throw stale();
      return;
    }
    const isOwn = standing.member !== null && equalBytes(standing.member, member);
    const isOrphan = standing.member === null && (standing.draft === null || holds(draftCompartment(standing.draft)));
    if (!(isOwn || isOrphan)) throw forbidden();
    if (standing.revision !== replaced) throw stale();
    await sql`
      UPDATE serment.drafts SET revision = ${revision}, draft = ${draft}, updated = ${updated}, member = ${member}
      WHERE practice = ${practice} AND slot = ${slot}`;
  });
}

function stale(): StoreError {
  return new StoreError('DRAFT_STALE', 'Another revision of this draft stands');
}

function forbidden(): StoreError {
  return new StoreError('DRAFT_FORBIDDEN', 'This slot is not the member’s, or its compartment is not held');
}

function tooMany(): StoreError {
  return new StoreError('DRAFTS_TOO_MANY', 'The member keeps too many drafts', { fields: { maxDrafts } });
}
