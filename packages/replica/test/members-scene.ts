import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { Role } from '@serment/core/journal/body';
import { holdersOf } from '@serment/core/journal/checks';
import { newSeed } from '@serment/core/keys/seed';
import { seedToSigner } from '@serment/core/keys/signing';
import { memoryCache } from '../src/cache.ts';
import { govern } from '../src/governance-batch.ts';
import { inviteMember } from '../src/invitation.ts';
import { acceptInvitation } from '../src/invitation-acceptance.ts';
import { holderBody } from '../src/key-bodies.ts';
import { renewKeys } from '../src/key-renewal.ts';
import { Keyring } from '../src/keyring.ts';
import type { Term } from '../src/members.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { Network } from './network.ts';
import { create, createTestPractice, note, openDevice, patient, settle, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

export const names = { family: 'Martin', given: 'Léa' } as const;

/** Invites a member and accepts in its name on another device. Gives its member and that device's seed. */
export async function addMember(
  doctor: Practice,
  role: Role,
  term: Term | null = null,
): Promise<{ member: string; seed: Bytes }> {
  const { linkText, code, member } = await inviteMember(doctor, { role, name: names, term });
  const transport = new Transport({ baseUrl: doctor.transport.baseUrl });
  const { seed } = await acceptInvitation({ transport, linkText, code, label: 'browser' });
  await transport.closeSession();
  await doctor.sync();
  return { member, seed };
}

/** Where a line is cut: before the nth request that writes is sent, or once its answer is on its way. */
export interface Cut {
  readonly request: number;
  readonly at: 'sending' | 'answer';
}

/** A line that is cut for good at that request. */
export class CutNetwork extends Network {
  #left: number;
  readonly #at: Cut['at'];
  wasCut = false;

  constructor({ request, at }: Cut) {
    super();
    this.#left = request;
    this.#at = at;
  }

  readonly fetchCut: typeof globalThis.fetch = async (input, init) => {
    const isWrite = init?.method === 'POST' && /\/entries$/.test(new URL(String(input)).pathname);
    if (isWrite) this.#left -= 1;
    if (!isWrite || this.#left !== 0) return this.fetch(input, init);
    this.wasCut = true;
    if (this.#at === 'answer') await (await globalThis.fetch(input, init)).body?.cancel();
    this.isUp = false;
    throw new TypeError('network cut');
  };
}

/** Does `work` on a device of the doctor whose line is cut there; false when it was done before any cut. */
export async function cutShort(
  made: TestPractice,
  cut: Cut,
  work: (doctor: Practice) => Promise<unknown>,
): Promise<boolean> {
  const network = new CutNetwork(cut);
  const doctor = await openDevice(made, { cache: memoryCache(), fetch: network.fetchCut });
  const failure = await work(doctor).then(
    () => null,
    (error: unknown) => error,
  );
  await doctor.lock().catch(() => undefined);
  if (!network.wasCut) assert.equal(failure, null);
  else assert.equal((failure as { code?: string }).code, 'UNREACHABLE');
  return network.wasCut;
}

export interface Scene {
  readonly made: TestPractice;
  readonly doctor: Practice;
  /** A substitute's two devices. */
  readonly member: string;
  readonly first: Practice;
  readonly second: Practice;
  readonly seeds: readonly [first: Bytes, second: Bytes];
}

/** Devices to lock once a test has done with them. */
export const opened: Practice[] = [];

/** Opens a device that holds nothing yet. */
export async function open(made: TestPractice, seed: Bytes): Promise<Practice> {
  const device = await openDevice(made, { seed, cache: memoryCache() });
  opened.push(device);
  return device;
}

/** A practice with a note, its doctor, and a substitute with two devices. */
export async function makeScene(url: string): Promise<Scene> {
  const made = await createTestPractice(url);
  const doctor = await open(made, made.seed);
  await create(doctor, 'anna', patient('anna', 'Durand'), note('one', 'anna', 'Avant'));
  await settle(doctor);
  const { member, seed } = await addMember(doctor, 'substitute');
  await renewKeys(doctor);
  const first = await open(made, seed);
  const other = newSeed();
  const { generation } = first.mirror.governance.members.get(member) ?? assert.fail();
  const owner = { scope: made.practice, member: hexToBytes(member), generation };
  const body = await holderBody({ ...owner, memberSeed: first.keyring.memberSeed(generation) }, other);
  await govern(first, async (batch) => {
    if (batch.entries.length === 0 && !first.mirror.governance.authors.has(bytesToHex(body.author)))
      await batch.add(first.keyring.signer, { kind: 'device', label: 'browser', ...body });
  });
  const second = await open(made, other);
  await doctor.sync();
  return { made, doctor, member, first, second, seeds: [seed, other] };
}

/** A server for the tests of a file: it ends after them, and what was opened on it. */
export function serveMembers(): { readonly url: string } {
  let server: RunningServer | null = null;
  before(async () => {
    server = await startRunningServer();
  });
  after(async () => {
    await lockAll();
    await server?.remove();
  });
  return {
    get url() {
      return server?.url ?? assert.fail('The server is not started yet');
    },
  };
}

export async function lockAll(): Promise<void> {
  for (const device of opened.splice(0)) await device.lock().catch(() => undefined);
}

export const authorOf = ({ keyring }: Practice) => keyring.signer.author;
/** For what the host says of an author's session. */
export const refusedAs = (code: string) => (error: { code?: string; fields?: { server?: unknown } }) =>
  error.code === code || error.fields?.server === code;

/** The last epochs that a device opens which was revoked, in a journal that somebody else gives it. */
export async function keysLeft(seed: Bytes, { mirror }: Practice): Promise<Map<string, number>> {
  const { author } = await seedToSigner(seed);
  const known = mirror.governance.authors.get(bytesToHex(author)) ?? assert.fail();
  const authors = new Map(mirror.governance.authors).set(bytesToHex(author), { ...known, revokedAt: null });
  const keyring = await Keyring.open(seed, { ...mirror.governance, authors });
  return new Map(keyring.compartments().map((name) => [name, keyring.currentEpoch(name).epoch]));
}

/** The current epochs. */
export const epochs = ({ mirror }: Practice) =>
  new Map([...mirror.governance.compartments.values()].map(({ name, number }) => [name, number]));

/** Nothing is left to be drawn, and each member opens what its role admits. */
export async function assertRenewed({ doctor, member }: Scene): Promise<void> {
  const before = doctor.mirror.size;
  await renewKeys(doctor);
  assert.equal(doctor.mirror.size, before);
  const { compartments, grants, members } = doctor.mirror.governance;
  const generation = members.get(member)?.generation;
  for (const name of ['admin', 'clinical', 'billing']) {
    const number = compartments.get(name)?.number;
    const isGranted = grants
      .get(member)
      ?.some((grant) => grant.compartment === name && grant.number === number && grant.generation === generation);
    assert.equal(isGranted, holdersOf(doctor.mirror.governance, member).length > 0, name);
  }
  assert.deepEqual(doctor.status().findings, []);
}
