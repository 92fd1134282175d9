import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Bytes } from '@serment/core/bytes';
import type { TestPractice } from '../../core/test/journal/practice-fixture.ts';
import {
  type AccountOwner,
  accountOf,
  findAccount,
  linkCard,
  offerTotp,
  readAccounts,
  refuseTaken,
  restoreAccounts,
  spendRecoveryCode,
  spendTotpStep,
  writePassword,
  writePhone,
  writeTotp,
} from '../src/sign-in/accounts.ts';
import type { CodeUse } from '../src/sign-in/codes.ts';
import { closeGate, passGate, readGate } from '../src/sign-in/gates.ts';
import { clearPinTries, countPinTry, findPin, writePin } from '../src/sign-in/pins.ts';
import type { Store } from '../src/store.ts';
import { rejects } from './rejects.ts';
import { openTestVault, type TestVault } from './test-vault.ts';

let vault: TestVault;
let store: Store;
let practice: TestPractice;
let stranger: TestPractice;
let own: AccountOwner & { account: Bytes };
let now = 1_900_000_000_000;
const filled = (sizeBytes: number, fill: number) => new Uint8Array(sizeBytes).fill(fill);
const password = (record: string) => ({
  ...{ record, sealedSecret: filled(3, 9), toMember: { generation: 1, sealed: filled(4, 1) } },
});
before(async () => {
  vault = await openTestVault();
  store = await vault.openAgain({ clock: () => now });
  practice = await vault.createPractice('sign-in', store);
  stranger = await vault.createPractice('sign-in-other', store);
  own = { account: filled(16, 6), practice: practice.practice, member: practice.founder };
});
after(() => vault.close());

describe('accounts', () => {
  it('are found by name or by member, belong to one member, and count their changes', async () => {
    const { database } = store;
    assert.equal(await findAccount(database, own.account), null);
    assert.equal(await accountOf(database, own), null);
    await writePassword(database, { ...own, ...password('first') });
    await writePassword(database, { ...own, ...password('second') });
    const found = await findAccount(database, own.account);
    assert.deepEqual(found, {
      ...{ ...own, ...password('second'), phone: null, totpSecret: null, totpOffered: null },
      ...{ recoveryCodes: [], card: null, passkeys: [] },
    });
    assert.deepEqual(await accountOf(database, own), found);
    assert.equal((await readAccounts(database)).sequence, 2);
    await refuseTaken(database, own);
  });

  it('refuse another member, another practice, and a second account of one member', async () => {
    const { database } = store;
    const foreign = { ...own, practice: stranger.practice, member: stranger.founder };
    await rejects(refuseTaken(database, { ...own, member: filled(16, 0) }), 'ACCOUNT_TAKEN');
    await rejects(refuseTaken(database, foreign), 'ACCOUNT_TAKEN');
    await rejects(refuseTaken(database, { ...own, account: filled(16, 7) }), 'ACCOUNT_TAKEN');
    await rejects(writePassword(database, { ...foreign, ...password('x') }), 'ACCOUNT_TAKEN');
    await rejects(writePassword(database, { ...own, account: filled(16, 7), ...password('x') }), 'ACCOUNT_TAKEN');
    assert.equal((await findAccount(database, own.account))?.record, 'second');
  });

  it('of one member set up on two devices at once are one', async () => {
    const owner = { practice: stranger.practice, member: stranger.founder };
    const made = [21, 22].map((fill) =>
      writePassword(store.database, { ...owner, account: filled(16, fill), ...password(`device ${fill}`) }),
    );
    const settled = await Promise.allSettled(made);
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
    const refused = settled.find(({ status }) => status === 'rejected');
    assert.equal(refused?.status === 'rejected' && refused.reason.code, 'ACCOUNT_TAKEN');
  });

  it('keep a number, an authenticator whose steps and codes serve once, and a card', async () => {
    const { database } = store;
    await writePhone(database, { ...own, phone: '+33639980042' });
    await offerTotp(database, { ...own, totpSecret: filled(20, 1) });
    assert.equal((await findAccount(database, own.account))?.totpSecret, null);
    const codes = [filled(32, 1), filled(32, 2)];
    await writeTotp(database, { ...own, totpSecret: filled(20, 1), recoveryCodes: codes, step: 100 });
    const serves: boolean[] = [];
    for (const step of [100, 101, 101, 99, 102]) serves.push(await spendTotpStep(database, { ...own, step }));
    assert.deepEqual(serves, [false, true, false, false, true]);
    const spent: boolean[] = [];
    for (const fill of [3, 2, 2]) spent.push(await spendRecoveryCode(database, { ...own, hash: filled(32, fill) }));
    assert.deepEqual(spent, [false, true, false]);
    const share = await linkCard(database, { ...own, card: { nationalId: '810001234567', share: filled(32, 4) } });
    assert.deepEqual(share, filled(32, 4));
    const again = await linkCard(database, { ...own, card: { nationalId: '810001234567', share: filled(32, 5) } });
    assert.deepEqual(again, filled(32, 4), 'the same person keeps the share that other devices sealed under');
    const account = await findAccount(database, own.account);
    assert.deepEqual(account?.recoveryCodes, [filled(32, 1)]);
    assert.equal(account?.phone, '+33639980042');
  });

  it('take a recovery code once, however many ask together', async () => {
    const asked = Array.from({ length: 8 }, () => spendRecoveryCode(store.database, { ...own, hash: filled(32, 1) }));
    assert.equal((await Promise.all(asked)).filter(Boolean).length, 1);
  });

  it('leave for copies sealed to the host, and come back whole', async () => {
    const captured = await store.capture.accounts();
    const sealed = await captured?.seal();
    assert.match(Buffer.from(sealed?.subarray(0, 21) ?? []).toString(), /^age-encryption.org\/v1/);
    const { accounts } = await readAccounts(store.database);
    const emptied = await openTestVault();
    await restoreAccounts(emptied.store.database, accounts);
    assert.deepEqual((await readAccounts(emptied.store.database)).accounts, accounts);
    await emptied.close();
  });
});

describe('codes', () => {
  const use = (purpose: 'enter' | 'phone' = 'enter', subject = 'login'): CodeUse => ({ ...own, purpose, subject });
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('are six digits, and right once, however they are spaced', async () => {
    const { code, expires } = await store.codes.make(use(), null);
    assert.match(code, /^\d{6}$/);
    assert.equal(expires, now + 300_000);
    await store.codes.confirm(use(), ` ${code.slice(0, 3)} ${code.slice(3)}`);
    await rejects(store.codes.confirm(use(), code), 'CODE_EXPIRED');
  });

  it('serve one use: not another login, purpose, account or practice', async () => {
    const { code } = await store.codes.make(use(), null);
    const other = await store.codes.make(use('enter', 'another'), null);
    if (other.code !== code) await rejects(store.codes.confirm(use('enter', 'another'), code), 'CODE_WRONG');
    await rejects(store.codes.confirm(use('enter', 'a third'), code), 'CODE_EXPIRED');
    await rejects(store.codes.confirm(use('phone'), code), 'CODE_EXPIRED');
    await rejects(store.codes.confirm({ ...use(), account: filled(16, 1) }, code), 'CODE_EXPIRED');
    await rejects(store.codes.confirm({ ...use(), practice: stranger.practice }, code), 'CODE_EXPIRED');
    await store.codes.confirm(use(), code);
  });

  it('are spent after five tries, also tries at the same moment, and late after five minutes', async () => {
    const { code } = await store.codes.make(use(), null);
    const tries = Array.from({ length: 20 }, () => store.codes.confirm(use(), wrong(code)));
    const answers = (await Promise.allSettled(tries)).map((one) =>
      one.status === 'rejected' ? one.reason.code : 'right',
    );
    assert.equal(answers.filter((answer) => answer === 'CODE_WRONG').length, 4);
    assert.equal(answers.filter((answer) => answer === 'CODE_SPENT').length, 16);
    await rejects(store.codes.confirm(use(), code), 'CODE_SPENT');
    const next = await store.codes.make(use(), null);
    now += 300_001;
    await rejects(store.codes.confirm(use(), next.code), 'CODE_EXPIRED');
  });

  it('are one at a time for a number, and nothing else is one', async () => {
    const first = await store.codes.make(use('phone', '+33639980042'), '+33639980042');
    const second = await store.codes.make(use('phone', '+33639980043'), '+33639980043');
    assert.equal(await store.codes.awaited(own), '+33639980043');
    await rejects(store.codes.confirm(use('phone', '+33639980042'), first.code), 'CODE_WRONG');
    await store.codes.confirm(use('phone', '+33639980043'), second.code);
    await store.codes.make(use('phone', '+33639980043'), '+33639980043');
    const left: unknown[] = [];
    for (const text of ['', '12345', '1234567', '１２３４５６'])
      left.push((await rejects(store.codes.confirm(use('phone', '+33639980043'), text), 'CODE_WRONG')).fields.left);
    assert.ok(left.every((count) => typeof count === 'number' && count < 5));
  });
});

describe('gates', () => {
  const device = (fill = 1) => ({ practice: own.practice, account: own.account, author: filled(32, fill) });
  const ticket = (fill: number) => filled(32, fill);

  it('open for sixteen hours, and know the ticket that a device was given last', async () => {
    const { database } = store;
    assert.deepEqual(await readGate(database, device(), { ticket: ticket(1), next: ticket(2) }), {
      ticket: 'first',
      openUntil: 0,
    });
    const openUntil = await passGate(database, device(), { ticket: ticket(1), next: ticket(2), opensAt: now });
    assert.equal(openUntil, now + 16 * 3_600_000);
    assert.deepEqual(await readGate(database, device(), { ticket: ticket(2), next: null }), {
      ticket: 'right',
      openUntil,
    });
    assert.equal(await passGate(database, device(), { ticket: ticket(2), next: ticket(3), opensAt: null }), openUntil);
  });

  it('take the ticket before with the one that stands as next: an answer was lost', async () => {
    const { database } = store;
    assert.equal((await readGate(database, device(), { ticket: ticket(2), next: ticket(3) })).ticket, 'right');
    assert.equal((await readGate(database, device(), { ticket: ticket(2), next: ticket(9) })).ticket, 'reused');
  });

  it('take it too when the lost answer was to an opening that showed no ticket, the first one included', async () => {
    const { database } = store;
    const open = (next: Bytes) => passGate(database, device(3), { ticket: null, next, opensAt: now });
    const verdict = async (shown: Bytes, next: Bytes | null) =>
      (await readGate(database, device(3), { ticket: shown, next })).ticket;
    await open(ticket(11));
    assert.equal(await verdict(ticket(10), ticket(11)), 'right');
    assert.equal(await verdict(ticket(10), ticket(9)), 'reused');
    assert.equal(await verdict(ticket(10), null), 'reused');
    await open(ticket(12));
    // Asked for again: the answer to the same opening was lost twice.
    await open(ticket(12));
    assert.equal(await verdict(ticket(11), ticket(12)), 'right');
    assert.equal(await verdict(ticket(11), null), 'right');
    assert.equal(await verdict(ticket(11), ticket(9)), 'reused');
    assert.equal(await verdict(ticket(10), ticket(12)), 'reused');
  });

  it('call an older ticket, or one of nowhere, reused, and close', async () => {
    const { database } = store;
    for (const fill of [1, 77]) {
      const gate = await readGate(database, device(), { ticket: ticket(fill), next: ticket(3) });
      assert.deepEqual(gate, { ticket: 'reused', openUntil: 0 });
    }
    await closeGate(database, device());
    assert.equal((await readGate(database, device(), { ticket: ticket(3), next: null })).openUntil, 0);
    assert.equal((await readGate(database, device(2), { ticket: ticket(3), next: null })).ticket, 'first');
  });
});

describe('PINs', () => {
  const pin = () => ({ ...own, author: filled(32, 1), pin: filled(16, 3), record: 'r', sealedSecret: filled(2, 2) });

  it('are one for each device, and found by name', async () => {
    const { database } = store;
    await writePin(database, pin());
    await writePin(database, { ...pin(), pin: filled(16, 4) });
    assert.equal(await findPin(database, filled(16, 3)), null);
    assert.equal((await findPin(database, filled(16, 4)))?.record, 'r');
    await rejects(writePin(database, { ...pin(), author: filled(32, 2), pin: filled(16, 4) }), 'ACCOUNT_TAKEN');
  });

  it('have five tries, counted anew by a right one, and are gone after them', async () => {
    const { database } = store;
    await writePin(database, pin());
    assert.deepEqual([await countPinTry(database, pin()), await countPinTry(database, pin())], [4, 3]);
    await clearPinTries(database, pin());
    const together = await Promise.all(Array.from({ length: 12 }, () => countPinTry(database, pin())));
    assert.deepEqual(together.filter((left) => left !== null).sort(), [0, 1, 2, 3, 4]);
    assert.equal(await findPin(database, pin().pin), null);
  });
});
