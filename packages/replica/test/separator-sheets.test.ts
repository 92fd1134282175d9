import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { Directory, type PatientRow } from '../src/directory.ts';
import type { Keyring } from '../src/keyring.ts';
import { SeparatorSheets } from '../src/separator-sheets.ts';

const row = (id: string, more: Partial<PatientRow> = {}): PatientRow => ({
  ...{ id: `Patient/${id}`, family: 'Durand', birthFamily: null, given: 'Anna', birthDate: null, sex: 'female' },
  ...{ deceased: false, phones: [], identifiers: [], otherNames: [], replacedBy: null, changedAt: 0, conflict: false },
  ...more,
});

function sheetsOf(epochKey: number, rows: readonly PatientRow[]): SeparatorSheets {
  const directory = new Directory();
  for (const one of rows) directory.set(one);
  const keyring = { epochKey: () => new Uint8Array(32).fill(epochKey) } as unknown as Keyring;
  return new SeparatorSheets({ keyring, directory: () => directory, pause: async () => undefined });
}

describe('a separator sheet', () => {
  const sheets = sheetsOf(1, [row('anna'), row('bea')]);
  const anna = { of: { patient: 'Patient/anna' }, type: 'biology' } as const;

  it('names its patient and a kind where it was printed, and nobody elsewhere', async () => {
    const code = sheets.print(anna);
    assert.deepEqual(await sheets.read(code), { is: 'patient', patient: 'Patient/anna', type: 'biology' });
    assert.deepEqual(await sheetsOf(2, [row('anna')]).read(code), { is: 'other-practice' });
    assert.doesNotMatch(code, /anna|durand|biology/i);
    assert.throws(() => sheets.print({ of: { patient: 'Patient/nobody' }, type: null }), { code: 'PATIENT_UNKNOWN' });
  });

  it('says that the patient is the same, or is to be said', async () => {
    for (const is of ['same', 'ask'] as const)
      assert.deepEqual(await sheets.read(sheets.print({ of: is, type: null })), { is, type: null });
  });

  it('of a patient who is not known here, forged, or damaged, names nobody', async () => {
    assert.deepEqual(await sheetsOf(1, [row('bea')]).read(sheets.print(anna)), { is: 'unknown' });
    const code = sheets.print(anna);
    const bea = sheets.print({ of: { patient: 'Patient/bea' }, type: 'biology' });
    // One patient's subject with another one's check.
    const forged = code.slice(0, 40) + bea.slice(40);
    assert.deepEqual(await sheets.read(forged), { is: 'unknown' });
    const key = sheetKey(new Uint8Array(32).fill(1));
    assert.deepEqual(await sheets.read(sheetQr(key, { subject: 'practice', kind: '' })), { is: 'unknown' });
    for (const text of [`${code}0`, code.slice(0, -1), 'SERMENT-PAGE:', `SERMENT-PAGE:${'0'.repeat(100_000)}`])
      assert.deepEqual(await sheets.read(text), { is: 'damaged' }, text.slice(0, 80));
    for (const text of ['', 'https://example.org', 'SERMENT-KIT:0', '\u{1f4c4}'])
      assert.equal(await sheets.read(text), null, text);
  });

  it('of a file that was merged since names the one that goes on', async () => {
    const merged = sheetsOf(1, [row('anna', { replacedBy: 'Patient/bea' }), row('bea')]);
    assert.deepEqual(await merged.read(sheets.print(anna)), { is: 'patient', patient: 'Patient/bea', type: 'biology' });
  });

  it('finds one patient among twenty thousand, each printed apart', async () => {
    const many = sheetsOf(
      1,
      Array.from({ length: 20_000 }, (_, number) => row(`p${number}`)),
    );
    for (const number of [19_999, 0, 12_345]) {
      const code = many.print({ of: { patient: `Patient/p${number}` }, type: null });
      assert.deepEqual(await many.read(code), { is: 'patient', patient: `Patient/p${number}`, type: null });
    }
  });
});
