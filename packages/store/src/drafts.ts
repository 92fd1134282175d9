import type { Bytes } from '@serment/core/bytes';
import { type DraftListed, type DraftWrite, maxDrafts } from '@serment/core/wire/draft';
import { inPractice } from './database-scope.ts';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

/** Slots of a practice that hold a draft. */
export async function listDrafts(database: Database, practice: Bytes): Promise<DraftListed[]> {
  const rows = await inPractice(
    database,
    practice,
    (sql) => sql<DraftListed[]>`
      SELECT slot, revision, updated FROM serment.drafts WHERE practice = ${practice} AND draft IS NOT NULL ORDER BY slot`,
  );
  return rows.map(({ slot, revision, updated }) => ({ slot, revision, updated }));
}

/** What a slot holds; null when it holds nothing. */
export async function readDraft(database: Database, practice: Bytes, slot: Bytes): Promise<Bytes | null> {
  const [row] = await inPractice(
    database,
    practice,
    (sql) => sql<{ draft: Bytes | null }[]>`
      SELECT draft FROM serment.drafts WHERE practice = ${practice} AND slot = ${slot}`,
  );
  return row?.draft ?? null;
}

/** Replaces a slot's revision. Throws DRAFT_STALE when another one stands, DRAFTS_TOO_MANY. */
export async function writeDraft(
  database: Database,
  practice: Bytes,
  slot: Bytes,
  { replaced, draft, updated }: DraftWrite & { readonly updated: number },
): Promise<void> {
  const revision = replaced + 1;
  await inPractice(database, practice, async (sql) => {
    const written =
      replaced === 0
        ? await sql`
          INSERT INTO serment.drafts (practice, slot, revision, draft, updated)
          SELECT ${practice}, ${slot}, ${revision}, ${draft}, ${updated}
          WHERE (SELECT count(*) FROM serment.drafts WHERE practice = ${practice} AND draft IS NOT NULL) < ${maxDrafts}
          ON CONFLICT DO NOTHING RETURNING slot`
        : await sql`
          UPDATE serment.drafts SET revision = ${revision}, draft = ${draft}, updated = ${updated}
          WHERE practice = ${practice} AND slot = ${slot} AND revision = ${replaced} AND draft IS NOT NULL RETURNING slot`;
    if (written.length > 0) return;
    const [standing] = await sql`SELECT FROM serment.drafts WHERE practice = ${practice} AND slot = ${slot}`;
    if (standing !== undefined || replaced > 0) throw stale();
    throw new StoreError('DRAFTS_TOO_MANY', 'The practice keeps too many drafts', { fields: { maxDrafts } });
  });
}

/** Empties a slot, for good. Throws DRAFT_STALE when another revision stands. */
export async function removeDraft(
  database: Database,
  practice: Bytes,
  slot: Bytes,
  { revision, updated }: { readonly revision: number; readonly updated: number },
): Promise<void> {
  await inPractice(database, practice, async (sql) => {
    const removed = await sql`
      UPDATE serment.drafts SET draft = NULL, updated = ${updated}
      WHERE practice = ${practice} AND slot = ${slot} AND revision = ${revision} RETURNING slot`;
    if (removed.length > 0) return;
    const [standing] = await sql`
      SELECT FROM serment.drafts WHERE practice = ${practice} AND slot = ${slot} AND draft IS NOT NULL`;
    if (standing !== undefined) throw stale();
  });
}

function stale(): StoreError {
  return new StoreError('DRAFT_STALE', 'Another revision of this draft stands');
}
