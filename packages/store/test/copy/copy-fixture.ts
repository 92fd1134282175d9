import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Destination } from '../../src/copy/destination.ts';
import { folderDestination } from '../../src/copy/folder.ts';
import { type Publisher, startPublisher } from '../../src/copy/publisher.ts';
import { TestSource } from './test-source.ts';

/** A folder that disappears with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'serment-copy-test-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function startOn(source: TestSource, ...destinations: Destination[]): Publisher {
  return startPublisher({ source, destinations, signCheckpoint: source.sign, pollMs: 60_000 });
}

export interface MadeCopy {
  readonly source: TestSource;
  readonly practice: string;
  readonly folder: string;
  readonly stream: Uint8Array<ArrayBuffer>;
}

/** A practice with two full bundles, documents, a payload that is a blob, a draft, account data. */
export async function makeSource(source: TestSource): Promise<Pick<MadeCopy, 'practice' | 'stream'>> {
  const practice = await source.addPractice();
  const stream = source.journal(practice).random(16);
  await source.save(practice, 500, { stream });
  await source.save(practice, 2, { documents: true });
  await source.save(practice, 1, { payloadBytes: 70_000 });
  source.sequence = 3;
  source.draftsBySlot.set('ab'.repeat(16), { slot: 'ab'.repeat(16), revision: 2, draft: sampleDraft(2) });
  return { practice, stream };
}

/** A copy of a practice with two full bundles, three tails, documents, a payload that is a blob, a draft, account data. */
export async function makeCopy(): Promise<MadeCopy> {
  const source = new TestSource();
  const { practice, stream } = await makeSource(source);
  const folder = temporaryFolder();
  const publisher = startOn(source, folderDestination({ path: folder }));
  await publisher.settled();
  for (let round = 0; round < 3; round += 1) {
    await source.save(practice, 4, { stream, documents: round === 1 });
    await publisher.settled();
  }
  await publisher.stop();
  return { source, practice, folder, stream };
}

export function cloneFolder(folder: string): string {
  const clone = temporaryFolder();
  cpSync(folder, clone, { recursive: true });
  return clone;
}

/** A draft as sealing.md frames it, with bytes that stand for the sealed ones. */
export function sampleDraft(revision: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0x85, 0x01, 0x65, ...new TextEncoder().encode('admin'), 0x01, revision, 0x44, 1, 2, 3, 4]);
}

export function filesUnder(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { recursive: true })
    .map((name) => join(prefix, String(name)))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

export function flipBit(folder: string, name: string, at: number): void {
  const bytes = readFileSync(join(folder, name));
  const offset = at < 0 ? bytes.length + at : at;
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(join(folder, name), bytes);
}
