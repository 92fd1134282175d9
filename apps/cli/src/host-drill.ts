import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import type { BodyOf } from '@serment/core/journal/body';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { parseEntry } from '@serment/core/journal/entry';
import { makeCertificate } from '@serment/replica/certificate/certificate';
import { certificatePdf } from '@serment/replica/certificate/certificate-pdf';
import type { CertificateLanguage } from '@serment/replica/certificate/certificate-words';
import { asHost, inPractice } from '@serment/store/database-scope';
import { type DrillQueue, openDrillQueue } from '@serment/store/drill-queue';
import type { HostKeys } from '@serment/store/host-keys';
import { readHead } from '@serment/store/journal/practice-state';
import { readEntries, readInclusionProof } from '@serment/store/journal/read';
import { asOwner, findOwnerUrl, type OwnerPlace } from '@serment/store/open-owner';
import type { Database } from '@serment/store/postgres/connect';
import { CliError, outputError } from './error.ts';
import type { Terminal } from './terminal.ts';

export interface HostDrill {
  readonly practice: Bytes;
  /** Number of its entry. */
  readonly index: number;
  readonly entry: Bytes;
  readonly drill: BodyOf<'drill'>;
}

export interface HostDrillOptions {
  readonly place: OwnerPlace;
  /** How the practice's id begins, in hexadecimal; null where the host has one alone. */
  readonly practice: string | null;
  /** Name of the copy. */
  readonly copy: string;
  readonly at: number | null;
}

/** How long a server that runs takes at most to look at the queue. */
const silentAfterMs = 60_000;

/**
 * Has the host's own server restore a copy, and waits for what it writes in the practice's journal; a code where it gave
 * that up. Throws PRACTICE_UNCLEAR, SERVER_SILENT when no server takes it up, and what opening the database throws.
 */
export async function askHostDrill(
  options: HostDrillOptions,
  terminal: Terminal,
): Promise<HostDrill | { code: string }> {
  const { place, copy, at } = options;
  const url = await findOwnerUrl(place);
  const practice = await asOwner({ databaseUrl: url }, (owner) => findPractice(owner, options.practice));
  const queue = await openDrillQueue({ databaseUrl: url, onError: () => undefined });
  try {
    const task = { practice: bytesToHex(practice), destination: copy, at, isAsked: true };
    const ended = await waitFor(queue, await queue.add(`asked ${randomUUID()}`, task), terminal);
    if ('code' in ended) return ended;
    return await asOwner({ databaseUrl: url }, (owner) => drillAt(owner, practice, ended.entry));
  } finally {
    await queue.stop();
  }
}

async function waitFor(
  queue: DrillQueue,
  id: string,
  terminal: Terminal,
): Promise<{ entry: number } | { code: string }> {
  const askedAt = Date.now();
  let hasRun = false;
  while (true) {
    const state = await queue.state(id);
    if (state === null) return { code: 'UNKNOWN' };
    if (state.state === 'done') return { entry: state.entry };
    if (state.state === 'given-up') return { code: state.code ?? 'UNKNOWN' };
    hasRun ||= state.state === 'running';
    if (!hasRun && Date.now() - askedAt > silentAfterMs && !(await queue.isBusy()))
      throw new CliError('SERVER_SILENT', 'No server of this host takes drills up', {
        hint: 'Start it with a copy (serment start --copy); what was asked for is run then.',
      });
    terminal.progress(state.state === 'running' ? 'Restoring' : 'Waiting for its turn', 0);
    await delay(500);
  }
}

async function findPractice(owner: Database, prefix: string | null): Promise<Bytes> {
  const rows = await asHost(owner, (sql) => sql<{ practice: Bytes }[]>`SELECT practice FROM serment.practices`);
  const found = rows.filter(({ practice }) => bytesToHex(practice).startsWith(prefix ?? ''));
  const [one] = found;
  if (one !== undefined && found.length === 1) return one.practice;
  throw new CliError('PRACTICE_UNCLEAR', one === undefined ? 'No such practice here' : 'There are several practices', {
    fields: { count: found.length },
    hint: 'Give --practice the beginning of its id, as the host’s console shows it.',
  });
}

async function drillAt(owner: Database, practice: Bytes, index: number): Promise<HostDrill> {
  const [entry] = await readEntries(owner, practice, { from: index, limit: 1 });
  const body = entry === undefined ? null : parseEntry(entry).header.body;
  if (entry === undefined || body?.kind !== 'drill') throw new RangeError('A drill that is done has its entry');
  return { practice, index, entry, drill: body };
}

/** Writes the certificate of a drill, as its host knows the practice. Throws OUTPUT_UNWRITABLE, CERTIFICATE_UNPROVEN. */
export async function writeHostCertificate(
  { practice, index, entry }: HostDrill,
  { place, keys, file, language }: { place: OwnerPlace; keys: HostKeys; file: string; language: CertificateLanguage },
): Promise<void> {
  const { signer } = keys;
  const { head, proof } = await asOwner({ databaseUrl: await findOwnerUrl(place) }, async (owner) => {
    const found = await inPractice(owner, practice, (sql) => readHead(sql, practice));
    if (found === null) throw new RangeError('A practice with a drill has a head');
    return { head: found, proof: await readInclusionProof(owner, practice, index, found.size) };
  });
  const { fence, size, root } = head;
  const note = await signCheckpoint({ practice, fence, size, root }, signer);
  const certificate = await makeCertificate(
    { entry, index, note, proof, hostAuthor: signer.author },
    {
      ...{ practiceName: null, isSameDisk: null, isRootRecomputed: false, madeAt: Date.now() },
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  );
  try {
    await writeFile(file, await certificatePdf(certificate, language));
  } catch (cause) {
    throw outputError(cause);
  }
}
