// Makes vectors/journal.json, tree.json, checkpoint.json, authorize.json and witness.json: node vectors/make/journal.ts
// Keys come from hashed names and Ed25519 is deterministic, so that making them again gives the same bytes.
import { writeFileSync } from 'node:fs';
import { makeAuthorize } from './authorize.ts';
import { makeCheckpoint } from './checkpoint.ts';
import { makeEntries } from './entries.ts';
import { makeHeads } from './heads.ts';
import { makeJournals, makePayloads } from './journals.ts';
import { makeRereads } from './rereads.ts';
import { makeTree } from './tree.ts';
import { makeWitness } from './witness.ts';

/** The text of each file, by its name. */
export async function makeJournalVectors(): Promise<Map<string, string>> {
  const journal = {
    about: 'docs/format/journal.md. Findings are [number of the entry, code, detail]; a detail of null stands for any.',
    ...(await makeEntries()),
    payloads: await makePayloads(),
    heads: makeHeads(),
    rereads: makeRereads(),
    ...(await makeJournals()),
  };
  const files = {
    journal,
    tree: await makeTree(),
    checkpoint: await makeCheckpoint(),
    authorize: await makeAuthorize(),
    witness: await makeWitness(),
  };
  return new Map(Object.entries(files).map(([name, value]) => [`${name}.json`, `${JSON.stringify(value, null, 1)}\n`]));
}

if (import.meta.main)
  for (const [name, text] of await makeJournalVectors()) writeFileSync(new URL(`../${name}`, import.meta.url), text);
