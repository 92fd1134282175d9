import type { Bytes } from '@serment/core/bytes';
import { parseEntry } from '@serment/core/journal/entry';
import { hostStream } from '@serment/core/journal/header';
import type { TracedAct } from '@serment/core/wire/console';
import { inPractice } from '../database-scope.ts';
import type { Database } from '../postgres/connect.ts';

/** How far back acts are looked for, among what else the host wrote. */
const lookedAt = 3000;

/** What operators did to a practice, as its journal tells it among the last entries of the host: newest first. */
export async function listActs(database: Database, practice: Bytes, limit: number): Promise<TracedAct[]> {
  const rows = await inPractice(
    database,
    practice,
    (sql) => sql<{ entry: Bytes }[]>`
      SELECT entry FROM serment.entries WHERE practice = ${practice} AND stream = ${hostStream}
      ORDER BY index DESC LIMIT ${lookedAt}`,
  );
  const acts: TracedAct[] = [];
  for (const { entry } of rows) {
    const { header, receivedAt } = parseEntry(entry);
    if (header.body.kind !== 'operator') continue;
    const { action, detail } = header.body;
    acts.push({ at: receivedAt, action, detail });
    if (acts.length === limit) break;
  }
  return acts;
}
