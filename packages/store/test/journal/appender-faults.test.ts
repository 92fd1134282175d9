import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { sha256 } from '@serment/core/hash';
import type { TestSigner } from '../../../core/test/journal/signer.ts';
import { StoreError } from '../../src/error.ts';
import { Appender } from '../../src/journal/appender.ts';
import { checkSent } from '../../src/journal/check-sent.ts';
import { type Group, GroupWriter } from '../../src/journal/group-writer.ts';
import type { Database } from '../../src/postgres/connect.ts';
import { catchUp, openTestVault, recordsDraft, sent, type TestVault } from '../test-vault.ts';

let vault: TestVault;
before(async () => {
  vault = await openTestVault();
});
after(() => vault.close());

const payload = new Uint8Array(300).fill(6);
const payloadHash = sha256(payload);

/** The real writer, which loses the connection before or after the commit, or fails, when told to. */
class FaultyWriter extends GroupWriter {
  #count = 0;
  readonly #fault: (count: number) => 'before' | 'after' | 'fails' | null;

  constructor(database: Database, fault: (count: number) => 'before' | 'after' | 'fails' | null) {
    super(database);
    this.#fault = fault;
  }

  override async write(group: Group, onSent: () => void): Promise<boolean> {
    this.#count += 1;
    const fault = this.#fault(this.#count);
    if (fault === 'before') throw new StoreError('DATABASE_UNAVAILABLE', 'cut before');
    if (fault === 'fails') throw new StoreError('STORAGE_FULL', 'full');
    const isWritten = await super.write(group, onSent);
    if (fault === 'after') throw new StoreError('DATABASE_UNAVAILABLE', 'cut after');
    return isWritten;
  }
}

async function appendThrough(name: string, fault: ConstructorParameters<typeof FaultyWriter>[1]) {
  const { practice, devices } = await vault.createShared(name, 5);
  const { database, clock, hostKeys } = vault.store;
  const appender = new Appender(practice.practice, {
    ...{ database, clock, signer: hostKeys.signer, onCommit: () => undefined },
    writer: new FaultyWriter(vault.writer, fault),
  });
  const seen = practice.head();
  const acknowledged: string[] = [];
  const failures: string[] = [];
  await Promise.all(
    devices.map(async (signer) => {
      let prev = practice.state.authors.get(bytesToHex(signer.author))?.last ?? null;
      for (let count = 0; count < 10; count += 1) {
        const statement = await practice.statement(recordsDraft(practice, payloadHash, { signer, prev, seen }));
        const request = await checkSent([sent(statement, payload)]);
        for (let isAnswered = false; !isAnswered; ) {
          try {
            await appender.append(request);
            isAnswered = true;
          } catch (error) {
            assert.ok(error instanceof CodedError, String(error));
            failures.push(error.code);
          }
        }
        acknowledged.push(bytesToHex(statement.id));
        prev = statement.id;
      }
    }),
  );
  const from = practice.size;
  await catchUp(vault.store, practice);
  const stored = practice.entries.slice(from).map(({ id }) => bytesToHex(id));
  return { stored: stored.toSorted(), acknowledged: acknowledged.toSorted(), failures };
}

describe('an appender whose writes fail', () => {
  for (const [name, share] of [
    ['before', 0.3],
    ['after', 0.3],
    ['before', 0.6],
    ['after', 0.6],
  ] as const) {
    it(`takes every entry once when the connection is lost ${name} the commit, ${share} of the time`, async () => {
      const random = seeded(share * 10);
      const { stored, acknowledged, failures } = await appendThrough(`${name}-${share}`, () =>
        random() < share ? name : null,
      );
      assert.deepEqual(stored, acknowledged);
      assert.ok(failures.every((code) => code === 'DATABASE_UNAVAILABLE'));
    });
  }

  it('takes every entry once when writes are lost in long rows, and says that it is unavailable', async () => {
    const { stored, acknowledged, failures } = await appendThrough('rows', (count) =>
      count % 40 > 15 ? 'before' : null,
    );
    assert.deepEqual(stored, acknowledged);
    assert.ok(failures.every((code) => code === 'DATABASE_UNAVAILABLE'));
  });

  it('answers a full disk at once and goes on when there is room again', async () => {
    const { stored, acknowledged, failures } = await appendThrough('full', (count) =>
      count % 7 === 0 ? 'fails' : null,
    );
    assert.deepEqual(stored, acknowledged);
    assert.ok(failures.length > 0 && failures.every((code) => code === 'STORAGE_FULL'));
  });
});

describe('an appender that another server overtakes', () => {
  it('writes no group on a journal that has the size it expects and other entries', async () => {
    const { practice, devices } = await vault.createShared('overtaken', 3);
    const [first, second, third] = devices;
    assert.ok(first && second && third);
    const { database, clock, hostKeys } = vault.store;
    const seen = practice.head();
    const statement = (signer: TestSigner, prev: Bytes | null) =>
      practice.statement(recordsDraft(practice, payloadHash, { signer, prev, seen }));
    const lastOf = (signer: TestSigner) => practice.state.authors.get(bytesToHex(signer.author))?.last ?? null;
    const other = await statement(third, lastOf(third));
    const writer = new OvertakenWriter(vault.writer, async () => {
      await vault.store.append(practice.practice, [sent(other, payload)]);
    });
    const appender = new Appender(practice.practice, {
      ...{ database, clock, signer: hostKeys.signer, onCommit: () => undefined },
      writer,
    });
    const own = await Promise.all([first, second].map((signer) => statement(signer, lastOf(signer))));
    const appended = own.map(async (one, place) => {
      if (place === 1) await writer.holdsFirst;
      return appender.append(await checkSent([sent(one, payload)]));
    });
    await Promise.all(appended);
    assert.deepEqual(writer.outcomes.slice(0, 2), [false, false]);
    const from = practice.size;
    await catchUp(vault.store, practice);
    assert.deepEqual(
      practice.entries.slice(from).map(({ id }) => bytesToHex(id)),
      [other, ...own].map(({ id }) => bytesToHex(id)),
    );
  });
});

/** Lets the first two groups go only once both are planned and as many entries as the first has came from elsewhere. */
class OvertakenWriter extends GroupWriter {
  readonly outcomes: boolean[] = [];
  readonly #overtake: () => Promise<void>;
  readonly #first = Promise.withResolvers<void>();
  readonly #second = Promise.withResolvers<void>();
  readonly #overtaken: Promise<void>;
  #count = 0;

  constructor(database: Database, overtake: () => Promise<void>) {
    super(database);
    this.#overtake = overtake;
    this.#overtaken = this.#second.promise.then(() => this.#overtake());
  }

  get holdsFirst(): Promise<void> {
    return this.#first.promise;
  }

  override async write(group: Group, onSent: () => void): Promise<boolean> {
    this.#count += 1;
    if (this.#count === 1) this.#first.resolve();
    if (this.#count === 2) this.#second.resolve();
    await this.#overtaken;
    const isWritten = await super.write(group, onSent);
    this.outcomes.push(isWritten);
    return isWritten;
  }
}

/** Numbers from 0 to 1 that are the same on every run; a fault in step with the retries would never let one through. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
