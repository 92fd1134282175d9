import { enrolByKit } from '@serment/replica/device';
import type { PatientRow } from '@serment/replica/directory';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { OpenDevice } from '@serment/replica/sign-in/account';
import { type DeviceRecord, newDeviceRecord } from '@serment/replica/sign-in/device-record';
import { FactorAsked, unlockByPassword } from '@serment/replica/sign-in/unlock';
import { Transport } from '@serment/replica/transport';
import { expose } from 'comlink';
import type { FileView } from '../../apps/web/src/file-view/view.ts';
import { indexedDbCache } from '../../apps/web/src/worker/indexed-db-cache.ts';
import { openLocalDatabase, storedDevices } from '../../apps/web/src/worker/local-database.ts';
import { shownFile } from '../../apps/web/src/worker/shown-file.ts';
import { type SealTimes, type SealWork, timeSealing } from '../seal-work.ts';

export interface UnlockTimes {
  /** Password to device key: OPAQUE with the server. */
  readonly keysMs: number;
  /** From there to the first answer of a search. */
  readonly searchableMs: number;
}

const database = openLocalDatabase({ onTaken: () => undefined, onEnded: () => undefined });
const cache = indexedDbCache(() => database);
const transport = new Transport({ baseUrl: globalThis.location.origin });
const opened: { practice: Practice | null } = { practice: null };

async function keep(record: DeviceRecord): Promise<void> {
  const { author, practice } = record;
  const known = { author, practice, name: '', person: null, isDemo: true };
  await (await database).put('devices', { ...known, record, usedAt: Date.now() });
}

/** The application's own engine, step by step, so that keys and opening are timed apart. */
const api = {
  /** Makes this browser a device of the practice and fills its cache. */
  async enrol(kitText: string, password: string): Promise<{ syncMs: number; patients: number }> {
    const enrolled = await enrolByKit({ transport, kitText, label: 'browser' });
    const startedAt = performance.now();
    const practice = await openPractice({ transport, cache, ...enrolled });
    const syncMs = performance.now() - startedAt;
    await practice.persist();
    const record = newDeviceRecord({ practice: enrolled.practice, author: practice.keyring.signer.author });
    const device = new OpenDevice({ practice, record, keep });
    await device.setPassword(password);
    const { localCode } = await device.sendPhoneCode({ number: '06 39 98 00 42', language: 'fr' });
    await device.confirmPhone(localCode ?? '');
    await device.openGate();
    const patients = practice.directory.size;
    await practice.lock();
    return { syncMs, patients };
  },

  async unlock(password: string, query: string): Promise<UnlockTimes> {
    const [device] = await storedDevices(await database);
    if (device === undefined) throw new RangeError('This browser is not enrolled');
    const startedAt = performance.now();
    const { record } = device;
    const unlocked = await unlockByPassword({ transport, record, keep }, password);
    if (unlocked instanceof FactorAsked) throw new RangeError('The gate is closed');
    const { seed } = unlocked;
    const keyedAt = performance.now();
    const bytes = record.practice.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    opened.practice = await openPractice({ transport, cache, practice: new Uint8Array(bytes), seed });
    opened.practice.search(query, 20);
    return { keysMs: keyedAt - startedAt, searchableMs: performance.now() - keyedAt };
  },

  async lock(): Promise<void> {
    await opened.practice?.lock();
    opened.practice = null;
  },

  async search(query: string): Promise<readonly PatientRow[]> {
    return practiceOf().search(query, 20);
  },

  /** Each query on its own, in the worker: what one keystroke costs there. */
  async searchTimes(queries: readonly string[]): Promise<number[]> {
    return queries.map((query) => {
      const startedAt = performance.now();
      practiceOf().search(query, 20);
      return performance.now() - startedAt;
    });
  },

  async openFile(patient: string): Promise<FileView> {
    const practice = practiceOf();
    return shownFile(practice, await practice.openPatient(patient), 'fr');
  },

  timeSealing: (work: SealWork): Promise<SealTimes> => timeSealing(work),
};

export type MeasuredApi = typeof api;

function practiceOf(): Practice {
  if (opened.practice === null) throw new RangeError('Nothing is unlocked');
  return opened.practice;
}

expose(api);
