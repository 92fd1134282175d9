import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { parseEnrolment } from '@serment/core/keys/enrolment';
import {
  encodeEnrolmentBegun,
  encodeEnrolmentTaken,
  encodeNewcomerStanding,
  encodeOpenerStanding,
  type OpenerShown,
  parseNewcomerRevealed,
  parseNewcomerStanding,
  parseOpenerStanding,
} from '@serment/core/wire/enrolment';
import { memoryCache } from '../src/cache.ts';
import { EnrolmentNewcomer } from '../src/enrolment-newcomer.ts';
import { EnrolmentOpener } from '../src/enrolment-opener.ts';
import type { Practice } from '../src/practice.ts';
import { Transport } from '../src/transport.ts';
import { vaultEvents } from '../src/vault.ts';
import { cborAnswer, Liar } from './liar.ts';
import { createTestPractice, openDevice, type TestPractice } from './practice-setup.ts';
import { type RunningServer, startRunningServer } from './running-server.ts';

let server: RunningServer;
let liar: Liar;
let made: TestPractice;
let doctor: Practice;
before(async () => {
  server = await startRunningServer();
  liar = await Liar.start(server.url);
  made = { ...(await createTestPractice(server.url)), url: liar.url };
  doctor = await openDevice(made, { cache: memoryCache() });
});
after(async () => {
  await doctor.lock();
  await liar.close();
  await server.remove();
});

const newcomer = (url = liar.url) => EnrolmentNewcomer.begin({ transport: new Transport({ baseUrl: url }) });
const flipped = (bytes: Bytes): Bytes => bytes.map((byte, place) => (place === 0 ? byte ^ 1 : byte)) as Bytes;
const alerts = async () => {
  await doctor.sync();
  const { events } = await vaultEvents(doctor, 50);
  return events.filter(({ body }) => body.kind === 'access' && body.what === 'device-different').length;
};

/** The host puts a device of its own in the place of the one that begins through it. */
async function substituted() {
  const evil = await newcomer(server.url);
  const { reference } = parseEnrolment(evil.reference);
  const name = new Uint8Array(16).fill(9);
  let shown: OpenerShown | null = null;
  let revealed: ReturnType<typeof parseNewcomerRevealed> | null = null;
  liar.lie(/^POST \/api\/enrolments$/, () =>
    cborAnswer(encodeEnrolmentBegun({ enrolment: name, reference, expires: evil.expires })),
  );
  liar.lie(new RegExp(`^GET /api/enrolments/${bytesToHex(name)}$`), () =>
    cborAnswer(encodeNewcomerStanding({ state: 'open', given: shown })),
  );
  liar.lie(new RegExp(`^PUT /api/enrolments/${bytesToHex(name)}$`), ({ body }) => {
    revealed = parseNewcomerRevealed(body);
    return { status: 204, type: '', body: new Uint8Array() };
  });
  return {
    evil,
    victim: await newcomer(),
    show(answer: OpenerShown) {
      shown = answer;
    },
    revealed: () => revealed,
  };
}

/** Changes what the new device is told. */
function tellNewcomer(change: (shown: OpenerShown) => OpenerShown): void {
  liar.lie(/^GET \/api\/enrolments\//, async ({ forward }) => {
    const { state, given } = parseNewcomerStanding((await forward()).body);
    return cborAnswer(encodeNewcomerStanding({ state, given: given === null ? null : change(given) }));
  });
}

describe('a host that stands between a new device and an open one', () => {
  it('cannot give its own device’s keys without the codes being different', async () => {
    const { evil, victim, show, revealed } = await substituted();
    const opener = await EnrolmentOpener.begin(doctor, victim.reference);
    const there = await evil.look();
    const here = await opener.look();
    if (there.step !== 'compare' || here.step !== 'compare') return assert.fail();
    // The open device shows the code of the host's device; the host tells the victim all that the open one said.
    assert.equal(here.code, there.code);
    const { practice, keyring } = doctor;
    show({
      ...{ practice, member: keyring.member, author: keyring.signer.author },
      ...{ nonce: new Uint8Array(32).fill(5), tag: null },
    });
    const seen = await victim.look();
    if (seen.step !== 'compare') return assert.fail();
    assert.ok(revealed() !== null);
    assert.notEqual(seen.code, here.code);
    const before = await alerts();
    await opener.end('different');
    assert.equal(await alerts(), before + 1);
    await assert.rejects(evil.look(), { code: 'ENROLMENT_DIFFERENT' });
    await assert.rejects(opener.approve(), { code: 'ENROLMENT_DIFFERENT' });
    liar.repent();
  });

  it('is found out by the QR code without any comparison', async () => {
    const { victim } = await substituted();
    const { size } = doctor.mirror;
    const before = await alerts();
    await assert.rejects(EnrolmentOpener.begin(doctor, victim.qr), { code: 'ENROLMENT_FORGED' });
    assert.equal(await alerts(), before + 1);
    assert.equal(doctor.mirror.size, size + 1);
    liar.repent();
  });

  it('cannot bring the new device into another practice, to another member, or before another device', async () => {
    const parts = ['practice', 'member', 'author', 'nonce'] as const;
    for (const part of parts) {
      const device = await newcomer();
      tellNewcomer((shown) => ({ ...shown, [part]: flipped(shown[part]) }));
      const opener = await EnrolmentOpener.begin(doctor, device.reference);
      const seen = await device.look();
      if (seen.step !== 'compare') return assert.fail();
      // The proof that the new device gives is for what it was told: the open one does not even show a code then.
      const here = await opener.look().catch((error: { code: string }) => error.code);
      const isSame = typeof here !== 'string' && here.step === 'compare' && here.code === seen.code;
      assert.equal(isSame, false, part);
      if (part === 'practice' || part === 'member') assert.equal(here, 'ENROLMENT_FORGED');
      liar.repent();
    }
  });

  it('cannot do so to one whose QR code was read, nor make it believe that it was', async () => {
    for (const part of ['practice', 'member', 'author', 'nonce', 'tag'] as const) {
      const device = await newcomer();
      tellNewcomer((shown) => ({ ...shown, [part]: flipped(shown[part] ?? new Uint8Array(32)) }));
      await EnrolmentOpener.begin(doctor, device.qr);
      await assert.rejects(device.look(), { code: 'ENROLMENT_FORGED' }, part);
      liar.repent();
    }
    const typed = await newcomer();
    tellNewcomer((shown) => ({ ...shown, tag: new Uint8Array(32) }));
    await EnrolmentOpener.begin(doctor, typed.reference);
    await assert.rejects(typed.look(), { code: 'ENROLMENT_FORGED' });
    liar.repent();
  });

  it('can leave the tag out, and the new device then asks for the comparison', async () => {
    const device = await newcomer();
    tellNewcomer((shown) => ({ ...shown, tag: null }));
    const opener = await EnrolmentOpener.begin(doctor, device.qr);
    const seen = await device.look();
    const here = await opener.look();
    if (seen.step !== 'compare' || here.step !== 'compare') return assert.fail();
    assert.deepEqual([seen.isProven, seen.code], [false, here.code]);
    await opener.approve();
    assert.equal((await device.look()).step, 'compare');
    liar.repent();
  });

  it('cannot give another answer, or other keys, after the first', async () => {
    const device = await newcomer();
    const opener = await EnrolmentOpener.begin(doctor, device.reference);
    await device.look();
    await opener.look();
    tellNewcomer((shown) => ({ ...shown, nonce: flipped(shown.nonce) }));
    await assert.rejects(device.look(), { code: 'ENROLMENT_FORGED' });
    liar.repent();
    const other = await newcomer();
    const opening = await EnrolmentOpener.begin(doctor, other.reference);
    await other.look();
    await opening.look();
    liar.lie(/^GET \/api\/practices\/\w+\/enrolments\//, async ({ forward }) => {
      const { state, given } = parseOpenerStanding((await forward()).body);
      const changed = given === null ? null : { ...given, proof: flipped(given.proof) };
      return cborAnswer(encodeOpenerStanding({ state, given: changed }));
    });
    await assert.rejects(opening.look(), { code: 'ENROLMENT_FORGED' });
    await assert.rejects(opening.approve());
    liar.repent();
  });

  it('cannot change what was revealed, or what it was committed to', async () => {
    for (const part of ['author', 'recipient', 'nonce', 'proof'] as const) {
      const device = await newcomer();
      liar.lie(/^GET \/api\/practices\/\w+\/enrolments\//, async ({ forward }) => {
        const { state, given } = parseOpenerStanding((await forward()).body);
        const changed = given === null ? null : { ...given, [part]: flipped(given[part]) };
        return cborAnswer(encodeOpenerStanding({ state, given: changed }));
      });
      const opener = await EnrolmentOpener.begin(doctor, device.reference);
      await device.look();
      await assert.rejects(opener.look(), { code: 'ENROLMENT_FORGED' }, part);
      await assert.rejects(opener.approve(), { code: 'ENROLMENT_FORGED' }, part);
      liar.repent();
    }
    const device = await newcomer();
    liar.lie(/^POST \/api\/practices\/\w+\/enrolments\/\w+$/, () =>
      cborAnswer(encodeEnrolmentTaken({ commitment: new Uint8Array(32).fill(1), expires: device.expires })),
    );
    const opener = await EnrolmentOpener.begin(doctor, device.reference).catch(() => null);
    liar.repent();
    // The host never was asked for the enrolment in truth: the answer is refused, or what is revealed does not fit.
    assert.equal(opener, null);
  });

  it('convinces neither of what the journal does not say', async () => {
    const device = await newcomer();
    const opener = await EnrolmentOpener.begin(doctor, device.reference);
    await device.look();
    await opener.look();
    liar.lie(/^GET \/api\/enrolments\//, async ({ forward }) => {
      const { given } = parseNewcomerStanding((await forward()).body);
      return cborAnswer(encodeNewcomerStanding({ state: 'added', given }));
    });
    liar.lie(/^GET \/api\/practices\/\w+\/enrolments\//, async ({ forward }) => {
      const { given } = parseOpenerStanding((await forward()).body);
      return cborAnswer(encodeOpenerStanding({ state: 'added', given }));
    });
    assert.equal((await opener.look()).step, 'compare');
    assert.equal((await device.look()).step, 'compare');
    device.agree();
    assert.equal((await device.look()).step, 'added');
    await assert.rejects(device.enter());
    await opener.approve();
    assert.equal((await opener.look()).step, 'added');
    await device.enter();
    liar.repent();
  });
});
