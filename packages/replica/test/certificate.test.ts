import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import { inclusionProof } from '@serment/core/journal/proof';
import { makePractice, type TestPractice } from '../../core/test/journal/practice-fixture.ts';
import { type Certificate, makeCertificate } from '../src/certificate/certificate.ts';
import { certificatePdf } from '../src/certificate/certificate-pdf.ts';
import { certificateText } from '../src/certificate/certificate-words.ts';
import { checkScript } from '../src/certificate/check-script.ts';

const words = { signed: 'signed', included: 'included', says: 'says' };
const context = {
  practiceName: 'Cabinet des Tilleuls',
  isSameDisk: false,
  isRootRecomputed: true,
  madeAt: 1_790_000_000_000,
  timeZone: 'Europe/Paris',
};
const facts = { entries: 318_402, blobs: 8911, bytes: 41_200_000_000, clinical: 1204, billing: 3 };

async function drilled(codes: readonly string[] = []): Promise<{ practice: TestPractice; index: number }> {
  const practice = await makePractice();
  for (let save = 0; save < 5; save += 1) await practice.appendRecords();
  const { size, root } = practice.head();
  const drill = { destination: 'Strasbourg', size, root, startedAt: 1_790_000_000_000, durationMs: 348_000, ...facts };
  await practice.append({
    signer: practice.host,
    body: {
      ...{ kind: 'drill', ...drill, at: null, findings: codes.length, codes },
      outcome: codes.length === 0 ? 'proven' : 'failed',
    },
  });
  const index = practice.size - 1;
  for (let save = 0; save < 9; save += 1) await practice.appendRecords();
  return { practice, index };
}

async function certified({ practice, index }: { practice: TestPractice; index: number }): Promise<Certificate> {
  const { size, root } = practice.head();
  return makeCertificate(
    {
      entry: practice.entries[index]?.bytes ?? new Uint8Array(0),
      index,
      note: await signCheckpoint({ practice: practice.practice, fence: 1, size, root }, practice.host),
      proof: await inclusionProof(index, size, practice.reader),
      hostAuthor: practice.host.author,
    },
    context,
  );
}

/** What a shell answers to the script, in a folder of its own. */
function run(script: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'serment-certificate-'));
  try {
    return execFileSync('sh', ['-c', `{ ${script.join('\n')}\n} 2>&1 || true`], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('anyone checks a certificate with openssl and a shell, and one that was changed does not pass', async () => {
  const drill = await drilled();
  const certificate = await certified(drill);
  const said = run(checkScript(certificate, words));
  assert.match(said, /Signature Verified Successfully/);
  assert.match(said, new RegExp(`entry ${drill.index}: included`));
  assert.match(said, /^proven$/m);
  const entry = certificate.entry.with(-70, (certificate.entry.at(-70) ?? 0) ^ 1);
  assert.doesNotMatch(run(checkScript({ ...certificate, entry }, words)), /included$/m);
  const note = certificate.note.replace(`\n${certificate.size}\n`, `\n${certificate.size + 1}\n`);
  assert.doesNotMatch(run(checkScript({ ...certificate, note }, words)), /Verified Successfully/);
});

test('no certificate is made of what does not stand in the journal', async () => {
  const { practice, index } = await drilled();
  const right = await certified({ practice, index });
  const refused = (change: Partial<Certificate>) =>
    assert.rejects(makeCertificate({ ...right, ...change }, context), { code: 'CERTIFICATE_UNPROVEN' });
  await refused({ index: index - 1 });
  await refused({ proof: right.proof.slice(1) });
  await refused({ hostAuthor: practice.device.author });
  await refused({ entry: practice.entries[0]?.bytes ?? right.entry });
});

test('it says in words what was proven, by whom, and what is not', async () => {
  const certificate = await certified(await drilled());
  const french = certificateText(certificate, 'fr');
  assert.equal(french.title, 'Cabinet des Tilleuls : restauré depuis sa copie, sans différence.');
  const said = french.rows
    .map((row) => row.join(' : '))
    .join('\n')
    .replaceAll(/\s/g, ' ')
    .replaceAll('\u202f', ' ');
  assert.match(said, /5 min 48 s/);
  assert.match(said, /41,2 Go/);
  assert.match(said, /Attestée par l’hébergeur : aucun témoin/);
  assert.match(said, /il a recalculé la même racine/);
  assert.match(said, /1 204 flux de dossiers, 3 flux de facturation, 8 911 documents/);
  const host = certificateText({ ...certificate, isRootRecomputed: false, isSameDisk: true, practiceName: null }, 'en');
  const english = host.rows.map((row) => row.join(': ')).join('\n');
  assert.match(host.title, /^Practice [0-9a-f]{16}: restored/);
  assert.match(english, /Attested by the host/);
  assert.match(english, /on the same disk as the vault/);
  assert.doesNotMatch(english, /the same root/);
  const failed = certificateText(await certified(await drilled(['BLOB_MISSING'])), 'fr');
  assert.match(failed.title, /la copie n’a pas tout rendu/);
  assert.ok(failed.rows.some(([, value]) => value.includes('BLOB_MISSING')));
});

test('it is a PDF of two pages, whatever the names are', async () => {
  const certificate = await certified(await drilled());
  for (const practiceName of ['Cabinet des Tilleuls', `Łódź 診療所 ${'x'.repeat(300)}`, null]) {
    const bytes = await certificatePdf({ ...certificate, practiceName }, practiceName === null ? 'en' : 'fr');
    assert.equal(new TextDecoder('latin1').decode(bytes.subarray(0, 5)), '%PDF-');
    assert.ok(bytes.length < 200_000, `${bytes.length} bytes`);
  }
});
