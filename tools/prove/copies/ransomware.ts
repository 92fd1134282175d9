import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import { canonicalJson, parseJson } from '@serment/records/json-text';
import { isFields } from '@serment/records/page/element-text';
import { memoryCache } from '@serment/replica/cache';
import { enrolByKit } from '@serment/replica/device';
import { uploadDocument } from '@serment/replica/documents';
import { openDocument } from '@serment/replica/patient-documents';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { undoWrites, writesSince } from '@serment/replica/practice-rewind';
import { partsOfSave, type SaveRequest } from '@serment/replica/saving';
import { Transport } from '@serment/replica/transport';
import { vaultEvents } from '@serment/replica/vault';
import { makePatients } from '../../../bench/make-patients.ts';
import { Store } from '../../../packages/store/test/copy/s3-fixture.ts';
import { cephAdvice, isCephInstalled } from '../../ceph.ts';
import { done, serve } from '../installation.ts';
import type { Proof } from '../proof.ts';
import type { CopiesScene } from './scene.ts';

/** Of a practice: each record that a file shows, and each document's text, by what names it. */
type Content = ReadonlyMap<string, string>;

const copyMs = 300_000;
const noiseBytes = 300;

/**
 * A virus with a member's own session rewrites and deletes, the copy follows, then somebody with all rights of the host
 * destroys the live side and whatever of the copy its store lets go. Everything is as it was the minute before.
 */
export const ransomwareProof: Proof<CopiesScene> = {
  name: 'ransomware in the practice and at the host',
  bar: 'every record and document as of the minute before; no locked object gone; the journal tells of it',
  async run(scene) {
    if (!isCephInstalled()) return { figure: cephAdvice, holds: null };
    const store = await Store.start();
    const place = await store.place();
    const { bucket, endpoint, credentials, region, prefix } = place;
    const at = (name: string) => join(scene.folder, name);
    await writeFile(at('keys.json'), JSON.stringify(credentials), { mode: 0o600 });
    const nuage = { endpoint, region, bucket, prefix, credentials: { file: 'keys.json' } };
    await writeFile(at('copies.json'), JSON.stringify({ copies: { nuage } }));
    const copies = ['--copies', at('copies.json')];
    let server = await serve(at('data'), ...copies, '--host-key-out', at('host.key'));
    try {
      const wanted = scene.isQuick ? { patients: 60, whole: 20 } : { patients: 1_000, whole: 400 };
      const { kitText } = await makePatients(server.url, wanted, () => undefined);
      const doctor = await openDevice(server.url, kitText);
      await fileDocuments(doctor, scene.isQuick ? 5 : 50);
      const before = await contentOf(doctor);
      const since = (await lastReceivedAt(doctor)) + 1;
      const ruined = await ruin(server.url, kitText, scene.isQuick ? 300 : 5_000);
      await copied(server.url, kitText);
      await server.cut();
      // Disk rights on the live side, and the writer's own credentials at the bucket.
      await rm(at('data'), { recursive: true, force: true });
      const attacked = await store.destroy(place);

      const startedAt = performance.now();
      await done('restore', '--from', 'nuage', ...copies, '--data', at('again'), '--host-key', at('host.key'));
      server = await serve(at('again'), ...copies);
      await writeFile(at('kit.txt'), kitText, { mode: 0o600 });
      await done('practice', 'accept-restore', '--server', server.url, '--kit', at('kit.txt'));
      const restoredMs = performance.now() - startedAt;
      const back = await openDevice(server.url, kitText);
      const by = { kind: 'device' as const, id: ruined.author };
      const writes = await writesSince(back, { by, since, until: null });
      const chosen = writes.files.map(({ patient, records }) => ({ patient, ids: records.map(({ id }) => id) }));
      const undone = await undoWrites(back, writes, chosen);
      await back.outbox.flush();
      await back.sync();
      const undoneMs = performance.now() - startedAt - restoredMs;
      const differences = compare(before, await contentOf(back));
      const untold = await untoldOf(back, ruined.author);
      const seconds = (ms: number) => Math.round(ms / 100) / 10;
      return {
        figure:
          `${before.size - differences.length} of ${before.size} records and documents; ${ruined.records} rewritten and ` +
          `${ruined.deleted} documents deleted by the virus, ${undone.records} records of ${undone.files} files taken back; ` +
          `${attacked.asked} locked versions asked to be deleted and written over, ${attacked.gone} gone; ` +
          `restored in ${seconds(restoredMs)} s, taken back in ${seconds(undoneMs)} s`,
        holds:
          differences.length === 0 &&
          undone.left.length === 0 &&
          undone.records === ruined.records + ruined.deleted &&
          attacked.asked > 0 &&
          attacked.gone === 0 &&
          untold.length === 0,
        details: [...differences.slice(0, 10), ...untold, ...undone.left.slice(0, 5).map((one) => JSON.stringify(one))],
      };
    } finally {
      if (server.isRunning()) await server.stop();
    }
  },
};

async function openDevice(url: string, kitText: string): Promise<Practice> {
  const transport = new Transport({ baseUrl: url });
  const enrolled = await enrolByKit({ transport, kitText, label: 'script' });
  return openPractice({ transport, cache: memoryCache(), ...enrolled });
}

async function lastReceivedAt({ mirror }: Practice): Promise<number> {
  return (await mirror.entry(mirror.size - 1)).receivedAt;
}

async function fileDocuments(practice: Practice, count: number): Promise<void> {
  for (const [place, patient] of practice.directory.list(0, count).entries()) {
    const clear = new Blob([
      `Courrier ${place} de ${patient.family}, ${bytesToHex(practice.random(16))}\n`.repeat(500),
    ]);
    const document = await uploadDocument({ clear: clear.stream(), mediaType: 'text/plain' }, practice);
    const url = `urn:serment:document:${bytesToHex(document.blobId)}`;
    const resource = {
      ...{
        resourceType: 'DocumentReference',
        id: `courrier-${place}`,
        status: 'current',
        description: `Courrier ${place}`,
      },
      subject: { reference: patient.id },
      content: [{ attachment: { contentType: 'text/plain', url } }],
    };
    const records = [{ resource, change: 'create' as const, replaces: [] }];
    await practice.save({ patient: patient.id, records, documents: [document] });
  }
  await practice.outbox.flush();
  await practice.sync();
}

/** As a member sees it, every file read. */
async function contentOf(practice: Practice): Promise<Content> {
  const content = new Map<string, string>();
  for (const { id: patient } of practice.directory.list(0, Number.MAX_SAFE_INTEGER)) {
    const { records } = await practice.readPatient(patient);
    for (const { id, content: text, resource } of records) {
      if (resource === null || text === null) continue;
      content.set(`${patient} ${id}`, canonicalJson(parseJson(text)));
      const blobId = /"urn:serment:document:([0-9a-f]{32})"/.exec(text)?.[1];
      // An invented reference may lead to no document; one whose document went since is missed all the same.
      if (blobId === undefined || (await practice.documentKey(patient, blobId)) === null) continue;
      const { bytes } = await openDocument(practice, { patient, blobId });
      content.set(`${patient} ${id} document`, new TextDecoder().decode(bytes));
    }
  }
  return content;
}

/** A virus with a session of the doctor's: noise in so many records, and every document that it meets taken out. */
async function ruin(url: string, kitText: string, count: number) {
  const virus = await openDevice(url, kitText);
  let [records, deleted] = [0, 0];
  for (const { id: patient } of virus.directory.list(0, Number.MAX_SAFE_INTEGER)) {
    if (records >= count) break;
    const file = await virus.readPatient(patient);
    const changes = file.records.flatMap(({ id, type, resource, versions }): SaveRequest['records'] => {
      if (!isFields(resource) || records + deleted >= count) return [];
      const replaces = versions.map(({ version }) => version);
      if (type === 'DocumentReference') {
        deleted += 1;
        return [{ resource, change: 'entered-in-error', replaces }];
      }
      records += 1;
      const noise = { resourceType: type, id: id.slice(type.length + 1), text: bytesToHex(virus.random(noiseBytes)) };
      return [{ resource: noise, change: 'restore', replaces }];
    });
    // Its own program refuses it nothing: what was signed is written over too.
    const request = { patient, records: changes };
    if (changes.length > 0) await virus.saveParts(partsOfSave(request, virus.keyring, virus.random));
  }
  await virus.outbox.flush();
  await virus.sync();
  return { records, deleted, author: bytesToHex(virus.keyring.signer.author) };
}

/** Until the copy holds all that the host does: the virus has come there too. */
async function copied(url: string, kitText: string): Promise<void> {
  const device = await openDevice(url, kitText);
  const endsAt = performance.now() + copyMs;
  while (performance.now() < endsAt) {
    const copies = await device.transport.copies();
    if (copies.length > 0 && copies.every(({ size }) => size >= device.mirror.size)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The copy did not catch up');
}

function compare(before: Content, now: Content): string[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => before.get(name) !== now.get(name));
}

/** What the journal ought to tell, and does not: whose device it was, and that the vault was restored. */
async function untoldOf(practice: Practice, author: string): Promise<string[]> {
  const { events } = await vaultEvents(practice, 1_000);
  const told = {
    'the device that the virus used': events.some(({ body }) => body.kind === 'device' && body.author === author),
    'the restoration': events.some(({ body }) => body.kind === 'restore-ack'),
  };
  return Object.entries(told).flatMap(([what, isTold]) => (isTold ? [] : [`The journal does not tell ${what}`]));
}
