import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { Body } from '@serment/core/journal/body';
import { folderPlace } from '@serment/store/copy/places';
import { asOwner } from '@serment/store/open-owner';
import { addOperator } from '@serment/store/operator-list';
import type { Operator } from '@serment/store/operators';
import type { Store } from '@serment/store/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { startCopies } from '../../../apps/server/src/jobs/copies.ts';
import { makeApp, makeConsole, signIn } from '../../../apps/server/test/test-app.ts';
import type { TestMember, TestPractice } from '../../../packages/core/test/journal/practice-fixture.ts';
import { signerFromSeed, type TestSigner } from '../../../packages/core/test/journal/signer.ts';
import { catchUp, openTestVault, sent } from '../../../packages/store/test/test-vault.ts';
import { root } from '../../web-build.ts';

/** A token, and in which scheme it is shown. */
export interface Credential {
  readonly scheme: 'Bearer' | 'Operator';
  readonly token: Bytes;
}

/** How much is tried: all, a part of all (`--quick`), or of that part a share that changes from one thing to the next. */
export type Extent = 'whole' | 'quick' | 'share';

/** A server with a practice to be attacked, and its clock, which attackers do not wait for. */
export interface AccessScene {
  readonly app: FastifyInstance;
  /** The host's console, on a listener of its own. */
  readonly operators: FastifyInstance;
  readonly store: Store;
  readonly extent: Extent;
  /** The practice that is attacked, and its doctor's session. */
  readonly victim: TestPractice;
  /** Another practice here, whose doctor attacks. */
  readonly stranger: TestPractice;
  /** Sessions of others, by what they are; null is nobody's. Opened anew when the clock ran past them. */
  credentials(): Promise<ReadonlyMap<string, Credential | null>>;
  ownToken(): Promise<Bytes>;
  /** What names the victim's session, once it is open. */
  ownSession(): Bytes;
  /** Moves the clock of the server, in milliseconds. */
  wait(ms: number): void;
  now(): number;
  /** Resolves once the victim's copy holds all of its journal. */
  copied(): Promise<void>;
  close(): Promise<void>;
}

/** The copy of all practices. */
export const copyName = 'copie';
const copyMs = 30_000;
/** The account of the victim's doctor: a member has one. */
export const account: Bytes = new Uint8Array(16).fill(1);
/** Opened anew before they end: a quarter of an hour without use ends an operator's session. */
const sessionMs = 10 * 60_000;

interface Opened {
  readonly at: number;
  readonly strangers: Bytes;
  readonly colleagues: Bytes;
  readonly desks: Bytes;
  readonly own: Bytes;
  readonly operators: Bytes;
}

export async function makeAccessScene(extent: Extent): Promise<AccessScene> {
  const vault = await openTestVault();
  let now = Date.now();
  const sms = { isLocal: true, send: async () => undefined };
  const cardOrigin = 'https://carte.example.fr';
  const store = await vault.openAgain({ clock: () => now });
  const copies = await startCopies({
    ...{ store, dataDir: vault.folder, copies: [folderPlace(join(vault.folder, copyName))] },
    ...{ formatDir: join(root, 'docs/format'), log: pino({ level: 'silent' }) },
  });
  const app = await makeApp(store, { clock: () => now, sms, cardOrigin, copies });
  const operators = await makeConsole(store, { clock: () => now, copies });
  const stranger = await vault.createPractice('stranger', store);
  const { practice: victim, devices } = await vault.createShared('victim', 4, store);
  const [temp, desk] = [await addDesk(store, victim), await addDesk(store, victim)];
  const [, colleague, revoked, stopped] = devices as [TestSigner, TestSigner, TestSigner, TestSigner];
  const ended = new Map([
    ['a revoked device', await signIn(app, victim, revoked)],
    ['a stopped device', await signIn(app, victim, stopped)],
    ['a member out of term', await signIn(app, victim, temp.device)],
  ]);
  await govern(store, victim, victim.revokeBody(revoked.author));
  await govern(store, victim, victim.freezeBody(stopped.author));
  await govern(store, victim, { kind: 'term', member: temp.member, from: null, until: 1 });
  const operator = await enrolOperator(vault.postgres.url, store, now);
  let opened: Opened | null = null;
  const sessions = async () => {
    if (opened !== null && now - opened.at < sessionMs) return opened;
    const strangers = await signIn(app, stranger);
    const colleagues = await signIn(app, victim, colleague);
    const desks = await signIn(app, victim, desk.device);
    const { token: operators } = await store.operators.open(operator);
    opened = { at: now, strangers, colleagues, desks, own: await signIn(app, victim), operators };
    return opened;
  };
  return {
    ...{ app, operators, store, extent, victim, stranger },
    async credentials() {
      const { strangers, colleagues, desks, own, operators } = await sessions();
      const bearer = (token: Bytes) => ({ scheme: 'Bearer' as const, token });
      return new Map<string, Credential | null>([
        ['nobody', null],
        ['a made-up token', bearer(new Uint8Array(32).fill(7))],
        ['another practice’s doctor', bearer(strangers)],
        ['another member', bearer(colleagues)],
        ['a secretary', bearer(desks)],
        ...[...ended].map(([who, token]) => [who, bearer(token)] as const),
        // Each side's session, shown as each side shows it.
        ['an operator', { scheme: 'Operator', token: operators }],
        ['an operator, as a member', bearer(operators)],
        ['the doctor, as an operator', { scheme: 'Operator', token: own }],
        ['a made-up operator', { scheme: 'Operator', token: new Uint8Array(32).fill(7) }],
      ]);
    },
    ownToken: async () => (await sessions()).own,
    ownSession: () => sha256(opened?.own ?? new Uint8Array()),
    wait(ms) {
      now += ms;
    },
    now: () => now,
    async copied() {
      const isThere = () => (copies.status(bytesToHex(victim.practice))[0]?.size ?? 0) >= victim.size;
      for (const end = Date.now() + copyMs; !isThere(); await sleep(20))
        if (Date.now() > end) throw new Error('The copy never came');
    },
    async close() {
      await app.close();
      await operators.close();
      await copies.stop();
      await vault.close();
    },
  };
}

/** One who has a way in. */
async function enrolOperator(databaseUrl: string, store: Store, now: number): Promise<Operator> {
  const { code } = await asOwner({ databaseUrl }, (owner) => addOperator(owner, 'Camille Roux', now));
  const passkey = { credential: new Uint8Array(16).fill(1), publicKey: new Uint8Array(77).fill(2), counter: 0 };
  const operator = await store.operators.enrol(code, passkey);
  if (operator === null) throw new Error('The operator was not enrolled');
  return operator;
}

/** A member of the front desk: doctors have no term. */
async function addDesk(store: Store, practice: TestPractice): Promise<TestMember> {
  const member = practice.random(16);
  const device = await signerFromSeed(practice.random(32));
  await govern(store, practice, practice.memberBody(member, 'desk'));
  await govern(store, practice, await practice.deviceBody(member, device));
  await govern(store, practice, practice.grantBody('admin', member));
  return { member, device };
}

async function govern(store: Store, practice: TestPractice, body: Body): Promise<void> {
  const statement = await practice.statement({ signer: practice.device, body });
  await store.append(practice.practice, [sent(statement)]);
  await catchUp(store, practice);
}
